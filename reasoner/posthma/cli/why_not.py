"""``posthma why-not``: what stands against an option, and what would turn it."""

from __future__ import annotations

import click

from posthma.cli import common


@click.command("why-not")
@common.record
@click.argument("option")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many sets of findings at most."
)
@common.at
@common.jurisdiction
@common.choose
@common.as_of
@common.without_source
@common.form("text", "json")
def command(
    record: str,
    option: str,
    limit: int,
    at: str | None,
    jurisdiction: str | None,
    choose: tuple[str, ...],
    as_of: str | None,
    without_source: str | None,
    form: str,
) -> int:
    """Say why OPTION does not apply, and which smallest sets of findings would make it apply.

    For advice against a therapy the sets are those that would lift it. What examinations can show stands apart from
    what cannot change.

    \b
    Examples:
      posthma why-not kb/cases/patient-4/record.ttl option-transplantation
      posthma why-not kb/cases/patient-3/record.ttl kb:option-cpx351
    """
    from posthma.decide.case import Case
    from posthma.decide.whynot import why_not
    from posthma.report import supposition
    from posthma.report.layout import terminal_page

    case = Case.open(common.load(as_of, without_source), record, **common.question(at, jurisdiction, choose))
    found = why_not(case, option, limit)
    about = {"date": case.asked.date, "knowledge": case.kb.knowledge.version}
    if form == "json":
        common.write(supposition.to_json("posthma-why-not/1", found, **about))
    else:
        common.write(supposition.why_not(found, terminal_page(), **about))
    return 0
