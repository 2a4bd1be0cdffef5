"""A proof as indented sentences and as PROV-O Turtle."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox

from posthma.proof import Proof, Step
from posthma.report.layout import Page
from posthma.vocab import PREFIXES, RDF

_PROV, _RDFS = PREFIXES["prov"], PREFIXES["rdfs"]


def as_text(proof: Proof, page: Page, label: Callable[[str], str]) -> str:
    """Write the conclusion and, indented below each sentence, what it rests on; a step once shown is referred to."""
    steps = {step.id: step for step in proof.steps}
    shown: set[int] = set()
    stack = [(proof.goal, 0)]
    while stack:
        number, depth = stack.pop()
        step = steps[number]
        again = number in shown and step.kind == "rule"
        shown.add(number)
        page.text(_sentence(step, label) + (" (shown above)" if again else ""), indent=2 * depth, bullet=f"{number}.")
        if not again:
            stack += [(premise, depth + 1) for premise in reversed(step.premises)]
    return str(page)


def _sentence(step: Step, label: Callable[[str], str]) -> str:
    s, p, o = step.triple
    text = step.says or f"{label(s)} {'is a' if p == RDF.type else label(p)} {label(o)}"
    if step.kind != "rule":
        kind = "record, " if step.kind == "record" else "knowledge, " if step.kind == "knowledge" else ""
        return f"{text} [{kind}{step.place}]"
    remarks = [f"rule {step.rule}"]
    remarks += [
        f"absent: {dict(absence).get('licence') or dict(absence).get('pattern', '')}" for absence in step.absences
    ]
    remarks += [f"counted: {aggregate}" for aggregate in step.aggregates]
    return f"{text} [{'; '.join(remarks)}]"


def as_turtle(proof: Proof) -> str:
    """Return the proof as PROV-O: each step an entity, each application of a rule an activity."""
    base = "urn:posthma:proof:"
    quads: list[ox.Quad] = []

    def add(s: str, p: str, o: ox.NamedNode | ox.Literal) -> None:
        quads.append(ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o))

    for step in proof.steps:
        node = f"{base}step-{step.id}"
        add(node, RDF.type[1:-1], ox.NamedNode(_PROV + "Entity"))
        add(node, _PROV + "value", ox.Literal(" ".join(step.triple)))
        if step.says:
            add(node, _RDFS + "label", ox.Literal(step.says))
        if step.kind != "rule":
            add(node, _PROV + "atLocation", ox.Literal(step.place))
            if step.document:
                add(node, _PROV + "hadPrimarySource", ox.NamedNode(step.document.strip("<>")))
            continue
        activity = f"{base}application-{step.id}"
        add(activity, RDF.type[1:-1], ox.NamedNode(_PROV + "Activity"))
        add(activity, _PROV + "used", ox.NamedNode(PREFIXES["rule"] + step.rule))
        add(node, _PROV + "wasGeneratedBy", ox.NamedNode(activity))
        for premise in step.premises:
            add(activity, _PROV + "used", ox.NamedNode(f"{base}step-{premise}"))
            add(node, _PROV + "wasDerivedFrom", ox.NamedNode(f"{base}step-{premise}"))
    return (ox.serialize(quads, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()
