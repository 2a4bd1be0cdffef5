"""Failure of hypomethylating therapy: gate, kind and certainty, each with its reasons and assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthma.closed import Closure
from posthma.decide.answer import Claim, FailureSummary
from posthma.decide.citations import document
from posthma.decide.criteria import Judge
from posthma.decide.guidance import RDF_TYPE, Guidance
from posthma.terms import literal_parts
from posthma.vocab import KB, P

if TYPE_CHECKING:
    from posthma.decide.outlook import Outlook

UNDETERMINED = "cannot be determined"
"""The gate when none holds."""


def summarise(outlook: Outlook) -> FailureSummary:
    """Return what is concluded about failure in a situation; the classes shown are data (kb/policies/).

    Where the record contradicts itself about it, the verdict is that it cannot be determined, and why.
    """
    closure, guidance, judge = outlook.closure, outlook.guidance, outlook.whole
    if outlook.unsettling:
        return _unsettled(outlook)
    gate, kinds, certainty = verdict(outlook)
    views = sorted(o for _, _, o in closure.match(judge.situation, P.view))
    sentences: list[Claim] = []
    remarks = [c for c in guidance.shown.get(KB.partRemark, ()) if judge.value(c) == "met"]
    for cls in [*(kinds or [c for c in (gate,) if c]), *remarks]:
        sentences += _reasons(closure, guidance, cls, views) or [
            Claim(
                _about_latest(closure, guidance, judge.situation, cls) if cls in remarks else guidance.label(cls),
                (judge.situation, RDF_TYPE, cls),
                document(guidance, cls),
            )
        ]
    definition = _definition(closure, guidance, judge.situation)
    shown = [c for c in (gate, *kinds, certainty) if c]
    verdicts = [Claim(guidance.label(c), (judge.situation, RDF_TYPE, c), document(guidance, c)) for c in shown]
    if not gate:
        verdicts.insert(0, Claim(UNDETERMINED, (judge.situation, P.showsNone, KB.partGate)))
    return FailureSummary(
        gate=guidance.label(gate) if gate else UNDETERMINED,
        kind=", ".join(guidance.label(c) for c in kinds),
        certainty=guidance.label(certainty) if certainty else "",
        definition=guidance.label(definition) if definition else "",
        sentences=tuple(dict.fromkeys(sentences)),
        assumptions=tuple(_assumptions(closure, guidance, views)),
        verdicts=tuple(verdicts),
    )


def _unsettled(outlook: Outlook) -> FailureSummary:
    clashes = outlook.unsettling
    said = [f"the record contradicts itself: {clash.text} ({', '.join(clash.places)})" for clash in clashes]
    definition = _definition(outlook.closure, outlook.guidance, outlook.whole.situation)
    return FailureSummary(
        gate=UNDETERMINED,
        definition=outlook.guidance.label(definition) if definition else "",
        sentences=tuple(Claim(text, clash.premises[0]) for text, clash in zip(said, clashes, strict=True)),
        verdicts=(Claim(UNDETERMINED, clashes[0].premises[0]),),
    )


def verdict(outlook: Outlook) -> tuple[str, list[str], str]:
    """Return gate, kinds and certainty of failure, as tokens; what does not hold or is not settled is empty."""
    guidance, judge = outlook.guidance, outlook.whole
    if outlook.unsettling:
        return "", [], ""
    kinds = [c for c in guidance.shown.get(KB.partKind, ()) if judge.value(c) == "met"]
    return first_met(guidance, judge, KB.partGate), kinds, first_met(guidance, judge, KB.partCertainty)


def _definition(closure: Closure, guidance: Guidance, situation: str) -> str:
    """Return the definition of overt leukaemia that a situation takes."""
    known = (o for _, _, o in closure.match(situation, P.takes))
    return next((o for o in known if P.Definition in guidance.objects(o, RDF_TYPE)), "")


def first_met(guidance: Guidance, judge: Judge, part: str) -> str:
    """Return the first class of a part that holds, or an empty string."""
    return next((c for c in guidance.shown.get(part, ()) if judge.value(c) == "met"), "")


def _about_latest(closure: Closure, guidance: Guidance, situation: str, cls: str) -> str:
    """Say a remark of the line that it speaks of, the one that began last."""
    views = sorted(o for _, _, o in closure.match(situation, P.latestView))
    lines = "; ".join(line_name(closure, guidance, view) for view in views)
    return f"{lines}: {guidance.label(cls)}" if lines else guidance.label(cls)


def _reasons(closure: Closure, guidance: Guidance, cls: str, views: list[str]) -> list[Claim]:
    """Say which lines carry a verdict, and by which findings."""
    found = []
    for line_class in guidance.objects(cls, P.liftedFrom):
        for view in views:
            triple = (view, RDF_TYPE, line_class)
            if triple not in closure:
                continue
            reasons = [guidance.label(leaf) for leaf in _carrying(closure, guidance, line_class, view)]
            text = f"{line_name(closure, guidance, view)}: {guidance.label(line_class)}"
            found.append(
                Claim(f"{text} ({', '.join(reasons)})" if reasons else text, triple, document(guidance, line_class))
            )
    return found


def _carrying(closure: Closure, guidance: Guidance, cls: str, view: str) -> list[str]:
    """Return the findings of a line by which a verdict holds: every part that holds, down to the findings."""
    found: dict[str, None] = {}
    agenda = [cls]
    while agenda:
        current = agenda.pop(0)
        _, members = guidance.definitions.get(current, ("", ()))
        if not members and current != cls:
            found[current] = None
        agenda += [m for m in members if (view, RDF_TYPE, m) in closure]
    return list(found)


def line_name(closure: Closure, guidance: Guidance, view: str) -> str:
    """Return a therapy line's agents with what the record gives of its length and dates."""
    line = next((o for _, _, o in closure.match(view, P.ofLine)), "")
    agents = " + ".join(sorted(guidance.label(o) for _, _, o in closure.match(line, P.agent)))
    said = {}
    for p in (P.cycles, P.months, P.date, P.endDate):
        values = [literal_parts(o)[0] for _, _, o in closure.match(line, p)]
        said[p] = values[0] if values else ""
    length = f"{said[P.cycles]} cycles" if said[P.cycles] else f"{said[P.months]} months" if said[P.months] else ""
    dates = " to ".join(d for d in (said[P.date], said[P.endDate]) if d)
    return ", ".join(part for part in (agents, length, dates) if part)


def _assumptions(closure: Closure, guidance: Guidance, views: list[str]) -> list[Claim]:
    found: dict[str, Claim] = {}
    for view in views:
        for _, _, assumption in closure.match(view, P.assumes):
            text = f"{guidance.label(assumption)}: {guidance.text(assumption, SKOS_DEFINITION)}"
            found.setdefault(assumption, Claim(text, (view, P.assumes, assumption), document(guidance, assumption)))
    return list(found.values())


SKOS_DEFINITION = "<http://www.w3.org/2004/02/skos/core#definition>"
