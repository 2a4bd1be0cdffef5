"""``posthma explain``: the proof of what was concluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from posthma.cli import common

if TYPE_CHECKING:
    from posthma.decide.answer import Answer, CriterionNode
    from posthma.terms import Triple


@click.command("explain")
@common.record
@click.option("--option", metavar="IRI", help="Prove the criteria of this option, met and not met.")
@click.option(
    "--class", "klass", metavar="IRI", help="Prove that the patient's situation is, or fails to be, of a class."
)
@click.option("--fact", metavar="'S P O'", help="Prove one fact: three CURIEs or IRIs, `a` for rdf:type.")
@click.option(
    "--proof", type=click.Choice(["one", "shortest", "all"]), default="one", show_default=True, help="Which proofs."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many with --proof all.")
@common.at
@common.jurisdiction
@common.as_of
@common.without_source
@common.form("text", "json", "ttl")
def command(
    record: str,
    option: str | None,
    klass: str | None,
    fact: str | None,
    proof: str,
    limit: int,
    at: str | None,
    jurisdiction: str | None,
    as_of: str | None,
    without_source: str | None,
    form: str,
) -> int:
    """Prove what was concluded about a patient, from the lines of the record and of the sources.

    Without --option, --class or --fact the verdict on failure is proven.

    \b
    Example:
      posthma explain kb/cases/patient-4/record.ttl
    """
    from posthma.errors import ProofError

    base = common.load(as_of, without_source)
    asked = common.question(at, jurisdiction)
    closure = base.close(record, **asked)
    if fact:
        goals = [_fact(fact)]
    else:
        answer = base.assess(record, **asked)
        if klass:
            goals = _class(klass, answer)
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
        made = closure.proof(goal, mode=proof, limit=limit)
        proofs += made if isinstance(made, list) else [made]
    if form == "json":
        import json

        whole = [made.to_dict() for made in proofs]
        common.write(json.dumps(whole[0] if len(whole) == 1 else whole, ensure_ascii=False, indent=1) + "\n")
        return 0
    from posthma.report import proof as report
    from posthma.report.layout import terminal_page

    texts = [
        report.as_turtle(made) if form == "ttl" else report.as_text(made, terminal_page(), closure.sources.label)
        for made in proofs
    ]
    common.write("\n".join(texts))
    return 0


def _fact(text: str) -> Triple:
    from posthma.errors import UsageError
    from posthma.vocab import RDF, expand

    parts = text.split(None, 2)
    if len(parts) != 3:
        raise UsageError("--fact", f"{text!r} is not three terms", "write 'SUBJECT PREDICATE OBJECT'")
    s, p, o = parts
    return expand(s), RDF.type if p == "a" else expand(p), o if o.startswith('"') else expand(o)


def _class(text: str, answer: Answer) -> list[Triple]:
    from posthma.vocab import RDF, P, expand

    situation, klass = expand(answer.situation), expand(text)
    return [(situation, RDF.type, klass), (situation, P.fails, klass)]


def _option(text: str, answer: Answer) -> list[Triple]:
    import difflib

    from posthma.errors import UsageError
    from posthma.vocab import curie, expand

    wanted = expand(text)
    for verdict in answer.options:
        if expand(verdict.iri) == wanted:
            return [
                *([verdict.triple] if verdict.triple else []),
                *(_proven(verdict.criteria) if verdict.criteria else []),
            ]
    names = [curie(expand(verdict.iri)) for verdict in answer.options]
    close = difflib.get_close_matches(text, names, n=1)
    raise UsageError(
        "--option", f"{text} is no option of this answer", f"did you mean {close[0]}?" if close else "see recommend"
    )


def _proven(node: CriterionNode) -> list[Triple]:
    """Return the topmost criteria that have a proof: the whole when it is decided, else its decided parts."""
    if node.triple:
        return [node.triple]
    return [triple for child in node.children for triple in _proven(child)]
