"""``posthma fragile``: conclusions that hang on one thing."""

from __future__ import annotations

import click

from posthma.cli import common


@click.command("fragile")
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
    """List conclusions that hang on one publication or document, one disputed reading, or one value close to a limit.

    Without a publication its evidence statements are gone, without a document all that it says. How close is close is
    the project's choice: kb/policies/margins.ttl.

    \b
    Example:
      posthma fragile kb/cases/patient-3/record.ttl
    """
    from posthma.decide.case import Case
    from posthma.decide.robust import fragile
    from posthma.report import grounds, supposition
    from posthma.report.layout import terminal_page

    case = Case.open(common.load(as_of, without_source), record, **common.question(at, jurisdiction, choose))
    found = fragile(case)
    about = {"date": case.asked.date, "knowledge": case.kb.knowledge.version}
    if form == "json":
        common.write(supposition.to_json("posthma-fragile/1", found, **about))
    else:
        common.write(grounds.fragile(found, terminal_page(), **about))
    return 0
