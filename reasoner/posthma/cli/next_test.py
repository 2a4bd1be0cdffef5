"""``posthma next-test``: what to find out next."""

from __future__ import annotations

import click

from posthma.cli import common


@click.command("next-test")
@common.record
@common.at
@common.jurisdiction
@common.choose
@common.as_of
@common.without_source
@common.form("text", "json")
def command(
    record: str,
    at: str | None,
    jurisdiction: str | None,
    choose: tuple[str, ...],
    as_of: str | None,
    without_source: str | None,
    form: str,
) -> int:
    """Rank the missing findings by the options that they settle, whichever way they come out.

    Examinations that are due come first. What can be given while they run stands at the end.

    \b
    Example:
      posthma next-test kb/cases/patient-4/record.ttl
    """
    from posthma.decide.case import Case
    from posthma.decide.nexttest import what_next
    from posthma.report import supposition
    from posthma.report.layout import terminal_page

    case = Case.open(common.load(as_of, without_source), record, **common.question(at, jurisdiction, choose))
    found = what_next(case)
    about = {"date": case.asked.date, "knowledge": case.kb.knowledge.version}
    if form == "json":
        common.write(supposition.to_json("posthma-next-test/1", found, **about))
    else:
        common.write(supposition.next_test(found, terminal_page(), **about))
    return 0
