"""``posthma explain``: the proof of what was concluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from posthma.cli import common, output

if TYPE_CHECKING:
    from posthma.closed import Closure
    from posthma.decide.answer import Answer, CriterionNode
    from posthma.engine import KnowledgeBase
    from posthma.proof import Proof
    from posthma.terms import Triple


@common.verb("explain")
@common.record
@click.option("--option", metavar="OPTION", help="Prove the criteria of this option, met and not met.")
@click.option(
    "--class", "klass", metavar="CLASS", help="Prove that the patient's situation is, or fails to be, of a class."
)
@click.option("--fact", metavar="'S P O'", help="Prove one fact: three CURIEs or IRIs, `a` for rdf:type.")
@click.option("--every", is_flag=True, help="Prove every statement of the answer, all in one proof.")
@click.option(
    "--mode", type=click.Choice(["one", "shortest", "all"]), default="one", show_default=True, help="Which proofs."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many with --mode all.")
@common.asking
@common.form("text", "json", "ttl", "svg")
@output.option
def command(
    record: str,
    option: str | None,
    klass: str | None,
    fact: str | None,
    every: bool,
    mode: str,
    limit: int,
    asked: common.Asked,
    form: str,
    file: str | None,
) -> int:
    """Prove what was concluded about a patient, from the lines of the record and of the sources.

    Without --option, --class or --fact the verdict on failure is proven. An option or class is named by its IRI, by its
    CURIE or by the name alone. The form svg draws each proof: the conclusion on the left, the record on the right.
    With --every there is one proof of all that the answer says, statuses that rest on something open among it.

    \b
    Examples:
      posthma explain kb/cases/patient-4/record.ttl
      posthma explain kb/cases/patient-4/record.ttl --option option-cpx351 --mode shortest
      posthma explain kb/cases/patient-4/record.ttl --class p:Idh2Mutated --format svg
      posthma explain kb/cases/patient-4/record.ttl --every --format json -o proofs.json
    """
    from posthma.errors import ProofError, UsageError

    chosen = [name for name, given in {"--option": option, "--class": klass, "--fact": fact}.items() if given]
    if len(chosen) > 1:
        raise UsageError(chosen[1], f"{chosen[0]} asks for another proof", "give one of them")
    question = asked.question()
    base = asked.load()
    if every:
        if chosen or form == "svg":
            raise UsageError("--every", "it proves the whole answer", "leave the other choices out; svg is not drawn")
        output.put(_whole(base, record, question, form, file is not None), file)
        return 0
    known = _known(klass, base) if klass else ""
    closure = base.tell(record, **question) if fact else base.close(record, **question)
    if fact:
        goals = [_fact(fact)]
    else:
        answer = base.assess(record, **question)
        if known:
            goals = _class(known, answer)
        elif option:
            goals = _option(option, answer)
        else:
            goals = [claim.triple for claim in answer.failure.sentences if claim.triple]
    goals = [goal for goal in dict.fromkeys(goals) if goal in closure]
    if not goals:
        raise ProofError(
            record, "nothing of the kind was concluded", "ask with --option, --class or --fact; see recommend"
        )
    proofs = []
    for goal in goals:
        made = closure.proof(goal, mode=mode, limit=limit)
        proofs += made if isinstance(made, list) else [made]
    output.put(_written(proofs, closure, form, file is not None), file)
    return 0


def _written(proofs: list[Proof], closure: Closure, form: str, to_file: bool) -> str:
    label = closure.sources.label
    if form == "json":
        import json

        whole = [made.to_dict() for made in proofs]
        return json.dumps(whole[0] if len(whole) == 1 else whole, ensure_ascii=False, indent=1) + "\n"
    if form == "svg":
        from posthma.report import drawings, svg

        return svg.stack([drawings.proof(made, label) for made in proofs])
    from posthma.report import layout
    from posthma.report import proof as report

    if form == "ttl":
        return "\n".join(map(report.as_turtle, proofs))
    pages = [layout.Page() if to_file else layout.terminal_page() for _ in proofs]
    return "\n".join(report.as_text(made, page, label) for made, page in zip(proofs, pages, strict=True))


def _whole(base: KnowledgeBase, record: str, asked: common.Asking, form: str, to_file: bool) -> str:
    """Return one proof of every statement of an answer; as text each statement first, then the steps."""
    from posthma.report import layout
    from posthma.report import proof as report
    from posthma.report.book import Book, as_text
    from posthma.report.statements import clashes, goals, statements

    closure = base.tell(record, **asked)
    found = statements(base.assess(record, **asked), closure)
    book = Book(closure, goals(found), clashes(found))
    if form == "json":
        return book.whole().to_json()
    if form == "ttl":
        return report.as_turtle(book.whole())
    page = layout.Page() if to_file else layout.terminal_page()
    return as_text(found, book, page)


def _fact(text: str) -> Triple:
    from posthma.errors import UsageError
    from posthma.vocab import RDF, expand

    parts = text.split(None, 2)
    if len(parts) != 3:
        raise UsageError("--fact", f"{text!r} is not three terms", "write 'SUBJECT PREDICATE OBJECT'")
    s, p, o = parts
    return expand(s), RDF.type if p == "a" else expand(p), o if o.startswith('"') else expand(o)


def _known(text: str, base: KnowledgeBase) -> str:
    """Return the class that the text names; one of which nothing is said is refused, as no proof would say less."""
    from posthma.errors import UsageError
    from posthma.spelling import nearest
    from posthma.vocab import curie, expand

    klass = expand(text if ":" in text else f"p:{text}")
    if klass not in base.guidance.said:
        hint = nearest(klass, base.guidance.said)
        raise UsageError(
            "--class",
            f"there is no {curie(klass)}",
            f"did you mean {hint}?" if hint else "see ontology/ for what there is",
        )
    return klass


def _class(klass: str, answer: Answer) -> list[Triple]:
    from posthma.vocab import RDF, P, expand

    situation = expand(answer.situation)
    return [(situation, RDF.type, klass), (situation, P.fails, klass)]


def _option(text: str, answer: Answer) -> list[Triple]:
    import difflib

    from posthma.errors import UsageError
    from posthma.vocab import curie, expand

    wanted = expand(text if ":" in text else f"kb:{text}")
    for verdict in answer.options:
        if expand(verdict.iri) == wanted:
            return [
                *([verdict.triple] if verdict.triple else []),
                *(_proven(verdict.criteria) if verdict.criteria else []),
            ]
    names = [curie(expand(verdict.iri)) for verdict in answer.options]
    close = difflib.get_close_matches(text if ":" in text else f"kb:{text}", names, n=1)
    raise UsageError(
        "--option", f"{text} is no option of this answer", f"did you mean {close[0]}?" if close else "see recommend"
    )


def _proven(node: CriterionNode) -> list[Triple]:
    """Return the topmost criteria that have a proof: the whole when it is decided, else its decided parts."""
    if node.triple:
        return [node.triple]
    return [triple for child in node.children for triple in _proven(child)]
