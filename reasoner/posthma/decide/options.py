"""What each option comes to for a situation: status, criteria, evidence, duties and safety notes."""

from __future__ import annotations

from posthma.decide.answer import OptionVerdict
from posthma.decide.citations import advice, document, evidence_item, side
from posthma.decide.criteria import Judge, failed_leaves, unknown_leaves
from posthma.decide.guidance import Guidance
from posthma.decide.labels import known_labels, label_status
from posthma.vocab import RDFS, P, plain_iri

STATUS_OF = {"met": P.statusWhenMet, "not met": P.statusWhenNotMet, "unknown": P.statusWhenUnknown}


def verdict(guidance: Guidance, judge: Judge, option: str, jurisdiction: str) -> OptionVerdict:
    """Return an option's verdict; the status is its stance's entry for the value of its population."""
    population, stance = guidance.one(option, P.forPopulation), guidance.one(option, P.stance)
    node = judge.node(population)
    status = guidance.one(stance, STATUS_OF[node.value])
    ledger: dict[str, list[object]] = {"for": [], "against": [], "context": []}
    for statement in guidance.objects(option, P.evidence):
        ledger[side(guidance, statement)].append(evidence_item(guidance, judge, statement))
    interventions = guidance.objects(option, P.intervention)
    trial = guidance.one(option, P.withinTrial)
    return OptionVerdict(
        iri=plain_iri(option), label=guidance.text(option, RDFS.label), status=guidance.label(status),  # type: ignore[arg-type]
        stance=guidance.label(stance), strength=guidance.text(option, P.strength),
        intervention=" + ".join(guidance.label(i) for i in interventions),
        trial=(guidance.text(trial, P.nctId) or guidance.label(trial)) if trial else "",
        label_status=label_status(guidance, judge, interventions, jurisdiction),
        labels=known_labels(guidance, judge, option, interventions, jurisdiction), situation=plain_iri(judge.situation),
        evidence_for=tuple(ledger["for"]), evidence_against=tuple(ledger["against"]),  # type: ignore[arg-type]
        evidence_context=tuple(ledger["context"]),  # type: ignore[arg-type]
        criteria=node, missing=tuple(unknown_leaves(node)), failed=tuple(failed_leaves(node)),
        safety=tuple(advice(guidance, judge, note) for i in interventions for note in guidance.safety.get(i, ())),
        citations=document(guidance, option), triple=judge.triple(population),
    )  # fmt: skip
