"""What each option comes to for a situation: status, criteria, evidence, duties and safety notes."""

from __future__ import annotations

from typing import NamedTuple, cast

from posthma.decide.answer import EvidenceItem, OptionVerdict, Status
from posthma.decide.citations import advice, document, evidence_item, side
from posthma.decide.criteria import failed_leaves, unknown_leaves
from posthma.decide.guidance import Guidance, remembered
from posthma.decide.labels import known_labels
from posthma.decide.outlook import Outlook
from posthma.vocab import RDFS, P, plain_iri


def verdict(outlook: Outlook, option: str, jurisdiction: str, order_reason: str = "") -> OptionVerdict:
    """Return an option's verdict: its status by the outlook, with criteria, evidence and all that comes with it."""
    guidance, judge = outlook.guidance, outlook.judge(option)
    outline = _outline(guidance, option)
    node, status = judge.node(outline.population), outlook.statuses.get(option) or outlook.status(option)
    labels = known_labels(guidance, judge, option, outline.interventions, jurisdiction)
    ledger: dict[str, list[EvidenceItem]] = {"for": [], "against": [], "context": []}
    for statement, where in outline.statements:
        ledger[where].append(evidence_item(guidance, judge, statement))
    return OptionVerdict(
        iri=outline.iri, label=outline.label, status=cast("Status", status),
        stance=outline.stance, strength=outline.strength, intervention=outline.intervention, trial=outline.trial,
        label_status="; ".join([claim.text for claim in labels]), labels=labels,
        situation=plain_iri(judge.situation),
        evidence_for=tuple(ledger["for"]), evidence_against=tuple(ledger["against"]),
        evidence_context=tuple(ledger["context"]),
        criteria=node, missing=tuple(unknown_leaves(node)), failed=tuple(failed_leaves(node)),
        safety=tuple(advice(guidance, judge, note) for note in outline.notes),
        citations=document(guidance, option), order_reason=order_reason, triple=judge.triple(outline.population),
    )  # fmt: skip


class _Outline(NamedTuple):
    """What no patient changes of an option."""

    iri: str
    label: str
    population: str
    stance: str
    strength: str
    interventions: list[str]
    intervention: str
    trial: str
    statements: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@remembered
def _outline(guidance: Guidance, option: str) -> _Outline:
    interventions, trial = guidance.objects(option, P.intervention), guidance.one(option, P.withinTrial)
    return _Outline(
        plain_iri(option), guidance.text(option, RDFS.label), guidance.one(option, P.forPopulation),
        guidance.label(guidance.one(option, P.stance)), guidance.text(option, P.strength), interventions,
        " + ".join(map(guidance.label, interventions)),
        (guidance.text(trial, P.nctId) or guidance.label(trial)) if trial else "",
        tuple((statement, side(guidance, statement)) for statement in guidance.objects(option, P.evidence)),
        tuple(note for i in interventions for note in guidance.safety.get(i, ())),
    )  # fmt: skip
