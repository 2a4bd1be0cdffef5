"""A proof as indented sentences and as PROV-O Turtle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from posthma.proof import CONTRADICTION, Proof, Step
from posthma.report.layout import Page
from posthma.terms import Triple, escape, iri
from posthma.turtle import write_turtle
from posthma.vocab import OWL, PREFIXES, RDF, RDFS

_SAME = re.compile(r"\b(\d+) to \1\b")  # an interval of one number
_PROV = PREFIXES["prov"]
_SAID = {  # how a triple of the ontology reads
    RDF.type: "is of the kind",
    RDFS.subClassOf: "is a kind of",
    RDFS.subPropertyOf: "is a kind of",
    OWL.intersectionOf: "is all of",
    OWL.unionOf: "is any of",
    OWL.disjointWith: "excludes",
    OWL.someValuesFrom: "means some",
    OWL.onProperty: "speaks of",
}


def as_text(proof: Proof, page: Page, label: Callable[[str], str]) -> str:
    """Write the conclusion and, indented below each sentence, what it rests on; a step once shown is referred to."""
    steps = {step.id: step for step in proof.steps}
    telling = tell(proof.steps, label)
    shown: set[int] = set()
    stack = [(telling.shown[proof.goal], 0)]
    while stack:
        number, depth = stack.pop()
        step = steps[number]
        again = number in shown and step.kind == "rule"
        shown.add(number)
        text = f"{telling.sentences[number]} [{origin(step)}]{' (shown above)' if again else ''}"
        page.text(text, indent=2 * depth, bullet=f"{number}.")
        if not again:
            stack += [(premise, depth + 1) for premise in reversed(telling.premises(step))]
    return str(page)


@dataclass(frozen=True)
class Telling:
    """The steps of a proof as a reader sees them: what one rule concludes at once, in one sentence, is one step.

    A rule with several heads makes a step for each, with the same premises; the JSON and the checker have them all.

    Attributes:
        shown: Step -> the step that shows it, itself or the first of its kind.
        sentences: Step that is shown -> what it says.
    """

    shown: dict[int, int]
    sentences: dict[int, str]

    def premises(self, step: Step) -> tuple[int, ...]:
        """Return what a step rests on, each step that is shown once."""
        return tuple(dict.fromkeys(self.shown[premise] for premise in step.premises))


def tell(steps: Iterable[Step], label: Callable[[str], str]) -> Telling:
    """Return how to show steps, given premises before conclusions."""
    telling = Telling({}, {})
    first: dict[tuple[str, str, tuple[int, ...]], int] = {}
    for step in steps:
        sentence, number = said(step, label), step.id
        if step.kind == "rule":
            number = first.setdefault((step.rule, sentence, telling.premises(step)), number)
        telling.shown[step.id] = number
        if number == step.id:
            telling.sentences[number] = sentence
    return telling


def as_list(steps: Sequence[Step], telling: Telling, page: Page) -> None:
    """Write the steps one below the other, each with the numbers of those that it rests on."""
    for step in steps:
        if step.id in telling.sentences:
            rests = f" <- {', '.join(map(str, telling.premises(step)))}" if step.premises else ""
            page.text(f"{telling.sentences[step.id]} [{origin(step)}]{rests}", bullet=f"{step.id}.")


def said(step: Step, label: Callable[[str], str]) -> str:
    """Return what a step holds, as a sentence; a value that the rule's own sentence leaves out is added."""
    s, p, o = step.triple
    if step.triple == CONTRADICTION:
        return step.says
    if step.rule.startswith("R-") and step.says:
        value = label(o) if o.startswith('"') else ""
        told = _SAME.sub(r"\1", step.says)
        return told if value in ("", "true", "false") or value in told else f"{told} ({label(p)} {value})"
    members = o[1:-1].split(" ") if o.startswith("(") else [o]
    if p == RDF.type and step.kind == "rule":
        return f"{label(s)}: {label(o)}"
    named = ", ".join(map(label, members))
    if p not in _SAID and step.kind != "rule":
        return f"{label(s).rstrip('.')}: {label(p)} {named}"
    return f"{label(s)} {_SAID.get(p) or label(p)} {named}"


def origin(step: Step) -> str:
    """Return where a leaf stands, or the rule of a step with what it found absent and what it counted."""
    if step.kind != "rule":
        return f"{step.kind}, {step.place}" if step.kind in ("record", "knowledge") else step.place
    absent = (dict(absence) for absence in step.absences)
    remarks = [f"rule {step.rule}", *(f"absent: {a.get('licence') or a.get('pattern', '')}" for a in absent)]
    return "; ".join([*remarks, *(f"counted: {aggregate}" for aggregate in step.aggregates)])


def as_turtle(proof: Proof) -> str:
    """Return the proof as PROV-O: each step an entity, each application of a rule an activity."""
    base = "urn:posthma:proof:"
    triples: list[Triple] = []

    def link(s: str, p: str, o: str) -> None:
        triples.append((iri(s), iri(p), iri(o)))

    def say(s: str, p: str, text: str) -> None:
        triples.append((iri(s), iri(p), f'"{escape(text)}"'))

    for step in proof.steps:
        node = f"{base}step-{step.id}"
        link(node, RDF.type[1:-1], _PROV + "Entity")
        say(node, _PROV + "value", " ".join(step.triple))
        if step.says:
            say(node, RDFS.label[1:-1], step.says)
        if step.kind != "rule":
            say(node, _PROV + "atLocation", step.place)
            if step.document:
                link(node, _PROV + "hadPrimarySource", step.document.strip("<>"))
            continue
        activity = f"{base}application-{step.id}"
        link(activity, RDF.type[1:-1], _PROV + "Activity")
        link(activity, _PROV + "used", PREFIXES["rule"] + step.rule)
        link(node, _PROV + "wasGeneratedBy", activity)
        for premise in step.premises:
            link(activity, _PROV + "used", f"{base}step-{premise}")
            link(node, _PROV + "wasDerivedFrom", f"{base}step-{premise}")
    return write_turtle(triples)
