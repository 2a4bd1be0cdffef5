"""``posthma recommend``: the assessment of one patient."""

from __future__ import annotations

import click

from posthma.cli import common


@click.command("recommend")
@common.record
@common.at
@common.jurisdiction
@common.as_of
@common.without_source
@common.form("text", "json", "ttl")
def command(
    record: str, at: str | None, jurisdiction: str | None, as_of: str | None, without_source: str | None, form: str
) -> int:
    """Assess one patient: failure of therapy, options with evidence, what is missing, what is ruled out.

    RECORD is a Turtle (.ttl), N-Triples (.nt) or JSON-LD (.jsonld) file. Ends with 1 when it cannot be assessed.

    \b
    Example:
      posthma recommend kb/cases/patient-4/record.ttl
    """
    from posthma.intake.rdf import read_record
    from posthma.validation import refuse, validate

    asked = common.question(at, jurisdiction)
    read = read_record(record)
    base = common.load(as_of, without_source)
    findings = validate(read, base.knowledge)
    refuse(read, findings)
    for finding in findings:  # no violation is left
        common.warn(str(finding))
    answer = base.assess(read, **asked)
    if answer.out_of_scope:
        from posthma.errors import ScopeError

        raise ScopeError(record, answer.out_of_scope, "nothing is recommended; see the README on what is in scope")
    if form == "json":
        from posthma.report.json_ import render as render_json

        common.write(render_json(answer))
    elif form == "ttl":
        from posthma.report.turtle import render as render_turtle

        common.write(render_turtle(answer))
    else:
        from posthma.report.layout import terminal_page
        from posthma.report.text import render

        common.write(render(answer, terminal_page()))
    withheld = any(contradiction.withholds for contradiction in answer.contradictions)
    return int(withheld)
