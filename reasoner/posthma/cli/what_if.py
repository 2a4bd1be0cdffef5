"""``posthma what-if``: what would come out otherwise."""

from __future__ import annotations

import click

from posthma.cli import common


@click.command("what-if")
@common.record
@click.option(
    "--set",
    "sets",
    metavar="TERM=VALUE",
    multiple=True,
    help="Suppose a finding (p:Fit=met), a target (kb:idh2=absent) or a value (kb:marrowBlasts=12, =5-9, '<5').",
)
@click.option("--unset", "unsets", metavar="TERM", multiple=True, help="Suppose that the record is silent about this.")
@common.at
@common.jurisdiction
@common.choose
@common.as_of
@common.without_source
@common.form("text", "json")
def command(
    record: str,
    sets: tuple[str, ...],
    unsets: tuple[str, ...],
    at: str | None,
    jurisdiction: str | None,
    choose: tuple[str, ...],
    as_of: str | None,
    without_source: str | None,
    form: str,
) -> int:
    """Change a record in thought and show what flips, side by side, each flip with its reason.

    What is supposed is dated on the decision date and replaces results of that day; nothing is written to the record.

    \b
    Examples:
      posthma what-if kb/cases/patient-4/record.ttl --set kb:idh2=absent
      posthma what-if kb/cases/patient-3/record.ttl --set kb:marrowBlasts=22 --unset kb:idh1
    """
    from posthma.decide.case import Case
    from posthma.decide.changes import parse_set, parse_unset
    from posthma.decide.whatif import what_if
    from posthma.errors import UsageError
    from posthma.report import supposition
    from posthma.report.layout import terminal_page

    if not sets and not unsets:
        raise UsageError("what-if", "nothing is supposed", "give --set TERM=VALUE or --unset TERM")
    base = common.load(as_of, without_source)
    case = Case.open(base, record, **common.question(at, jurisdiction, choose))
    changes = [parse_set(text, base.guidance) for text in sets] + [parse_unset(text, base.guidance) for text in unsets]
    found = what_if(case, changes)
    if form == "json":
        common.write(supposition.to_json("posthma-what-if/1", found))
    else:
        common.write(supposition.what_if(found, terminal_page()))
    return 0
