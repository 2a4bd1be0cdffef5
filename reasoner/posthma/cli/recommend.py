"""``posthma recommend``: the assessment of one patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from posthma.cli import common, output

if TYPE_CHECKING:
    from posthma.decide.answer import Answer
    from posthma.engine import KnowledgeBase
    from posthma.intake.rdf import Record


@common.verb("recommend")
@common.record
@common.asking
@common.policy
@common.form("text", "json", "ttl", "md", "html")
@click.option(
    "--compare/--no-compare",
    default=True,
    help="Tell which other choices would change the answer; each takes as long as one more closure. Default: yes.",
)
@click.option("--full", is_flag=True, help="Show all evidence, places in the record and reasons of the order.")
@click.option("--receipt", metavar="FILE", help="Write a receipt too, by which posthma replay repeats the answer.")
@output.option
def command(
    record: str,
    asked: common.Asked,
    policy: str | None,
    form: str,
    compare: bool,
    full: bool,
    receipt: str | None,
    file: str | None,
) -> int:
    """Assess one patient: failure of therapy, options with evidence, what is missing, what is ruled out.

    RECORD is a Turtle (.ttl), N-Triples (.nt) or JSON-LD (.jsonld) file. Ends with 1 when it cannot be assessed. The
    forms json and ttl are always whole; html is one file with every proof in it, and --full unfolds them.

    \b
    Examples:
      posthma recommend kb/cases/patient-4/record.ttl
      posthma recommend kb/cases/patient-4/record.ttl --full
      posthma recommend kb/cases/patient-3/record.ttl --choose aml=who
      posthma recommend kb/cases/patient-4/record.ttl --format html
    """
    from posthma.intake.rdf import read_record
    from posthma.validation import refuse, validate

    question = asked.question()
    read = read_record(record)
    base = asked.load()
    findings = validate(read, base.knowledge)
    refuse(read, findings)
    for finding in findings:  # no violation is left
        common.warn(str(finding))
    answer = base.assess(read, **question, compare=compare, policy=policy)
    if answer.out_of_scope:
        from posthma.errors import ScopeError

        raise ScopeError(record, answer.out_of_scope, "nothing is recommended; see the README on what is in scope")
    if receipt:
        from posthma import receipt as receipts

        output.put(receipts.write(receipts.make(answer, base, read)), receipt, "--receipt")
    if form == "html":
        output.put(_html(answer, base, read, question, full), file)
    else:
        output.put(_plain(answer, form, full, file is not None), file)
    withheld = any(contradiction.withholds for contradiction in answer.contradictions)
    return int(withheld)


def _plain(answer: Answer, form: str, full: bool, to_file: bool) -> str:
    if form == "json":
        from posthma.report import json_

        return json_.render(answer)
    if form == "ttl":
        from posthma.report import turtle

        return turtle.render(answer)
    if form == "md":
        from posthma.report import markdown

        return markdown.render(answer, full=full)
    from posthma.report import layout, text

    return text.render(answer, layout.Page() if to_file else layout.terminal_page(), full=full)


def _html(answer: Answer, base: KnowledgeBase, record: Record, asked: common.Asking, full: bool) -> str:
    from posthma.report.book import Book, goals
    from posthma.report.html import render

    return render(answer, Book(base.tell(record, **asked), goals(answer), answer.contradictions), full=full)
