"""``posthma why-not``: what stands against an option, and what would turn it."""

from __future__ import annotations

import click

from posthma.cli import common, output


@common.verb("why-not")
@common.record
@click.argument("option")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many sets of findings at most."
)
@common.asking
@common.form("text", "json")
@output.option
def command(record: str, option: str, limit: int, asked: common.Asked, form: str, file: str | None) -> int:
    """Say why OPTION does not apply, and which smallest sets of findings would make it apply.

    For advice against a therapy the sets are those that would lift it. What examinations can show stands apart from
    what cannot change.

    \b
    Examples:
      posthma why-not kb/cases/patient-4/record.ttl option-transplantation
      posthma why-not kb/cases/patient-3/record.ttl kb:option-cpx351
    """
    from posthma.decide.whynot import why_not
    from posthma.report import supposition

    case = asked.case(record)
    found = why_not(case, option, limit)
    output.put_found("posthma-why-not/1", found, supposition.why_not, form, file, case)
    return 0
