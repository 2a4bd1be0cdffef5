"""``posthma what-if``: what would come out otherwise."""

from __future__ import annotations

import click

from posthma.cli import common, output


@common.verb("what-if")
@common.record
@click.option(
    "--set",
    "sets",
    metavar="TERM=VALUE",
    multiple=True,
    help="Suppose a finding (p:Fit=met), a target (kb:idh2=absent) or a value (kb:marrowBlasts=12, =5-9, '<5').",
)
@click.option("--unset", "unsets", metavar="TERM", multiple=True, help="Suppose that the record is silent about this.")
@common.asking
@common.form("text", "json")
@output.option
def command(
    record: str,
    sets: tuple[str, ...],
    unsets: tuple[str, ...],
    asked: common.Asked,
    form: str,
    file: str | None,
) -> int:
    """Change a record in thought and show what flips, side by side, each flip with its reason.

    What is supposed is dated on the decision date and replaces results of that day; nothing is written to the record.

    \b
    Examples:
      posthma what-if kb/cases/patient-4/record.ttl --set kb:idh2=absent
      posthma what-if kb/cases/patient-3/record.ttl --set kb:marrowBlasts=22 --unset kb:idh1
    """
    from posthma.decide.changes import parse_set, parse_unset
    from posthma.decide.whatif import what_if
    from posthma.errors import UsageError
    from posthma.report import supposition

    if not sets and not unsets:
        raise UsageError("what-if", "nothing is supposed", "give --set TERM=VALUE or --unset TERM")
    case = asked.case(record)
    guidance = case.kb.guidance
    changes = [parse_set(text, guidance) for text in sets] + [parse_unset(text, guidance) for text in unsets]
    found = what_if(case, changes)
    output.put_found("posthma-what-if/1", found, supposition.what_if, form, file)
    return 0
