"""``posthma why``: what an option rests on."""

from __future__ import annotations

import click

from posthma.cli import common


@click.command("why")
@common.record
@click.argument("option")
@common.at
@common.jurisdiction
@common.choose
@common.as_of
@common.without_source
@common.form("text", "json")
def command(
    record: str,
    option: str,
    at: str | None,
    jurisdiction: str | None,
    choose: tuple[str, ...],
    as_of: str | None,
    without_source: str | None,
    form: str,
) -> int:
    """Show the criteria of OPTION with their values, what each rests on and how old that is, and the evidence.

    The proof of each value is shown by posthma explain --option.

    \b
    Example:
      posthma why kb/cases/patient-4/record.ttl option-enasidenib-trial
    """
    from posthma.decide.case import Case
    from posthma.decide.ledger import why
    from posthma.report import grounds, supposition
    from posthma.report.layout import terminal_page

    case = Case.open(common.load(as_of, without_source), record, **common.question(at, jurisdiction, choose))
    found = why(case, option)
    about = {"date": case.asked.date, "knowledge": case.kb.knowledge.version}
    if form == "json":
        common.write(supposition.to_json("posthma-why/1", found, **about))
    else:
        common.write(grounds.why(found, terminal_page(), **about))
    return 0
