"""One patient, one date, one answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from posthma.closed import Closure
from posthma.decide.answer import Advice, Answer, Claim, Reported
from posthma.decide.choices import made
from posthma.decide.citations import advice
from posthma.decide.contradictions import contested, discordances
from posthma.decide.criteria import Judge
from posthma.decide.dates import Dates
from posthma.decide.failure import summarise
from posthma.decide.guidance import RDF_TYPE, Guidance, Policy
from posthma.decide.options import verdict
from posthma.decide.order import in_order
from posthma.decide.outlook import look
from posthma.decide.unseen import unseen
from posthma.question import Asked
from posthma.terms import literal_parts
from posthma.vocab import KB, P, curie, plain_iri

if TYPE_CHECKING:
    from posthma.engine import KnowledgeBase
    from posthma.intake.rdf import Record


def assess(kb: KnowledgeBase, record: Record, asked: Asked, closure: Closure, policy: Policy | None = None) -> Answer:
    """Return the answer for a question about a sound record.

    Args:
        kb: The knowledge base.
        record: The record.
        asked: The question.
        closure: The record closed with that question.
        policy: The order of options; that of the knowledge base when None.
    """
    guidance = kb.guidance
    outlook = look(closure, guidance, asked, record, Dates(closure, asked.question, asked.date))
    whole, now = outlook.whole, outlook.fresh
    due, standing = _due(guidance, whole, now)
    policy = policy or guidance.policy()
    ordered = in_order(outlook.statuses, guidance, policy, whole)
    return Answer(
        record_path=record.path, record_sha=record.sha256, patient=plain_iri(asked.patient),
        situation=plain_iri(asked.question),
        date=asked.date, jurisdiction=guidance.label(asked.jurisdiction), knowledge_version=kb.knowledge.version,
        knowledge_sha=kb.knowledge.sha256, failure=summarise(outlook),
        patient_summary=_patient(closure, guidance, asked), disease_state=_state(closure, guidance, whole, record),
        first=() if outlook.withheld else tuple(due),
        options=tuple(verdict(outlook, option, asked.jurisdiction, reason) for option, reason in ordered),
        counselling=() if outlook.withheld else (*standing, *_met(guidance, whole, guidance.counselling)),
        reported=_reported(closure, guidance, whole, record), contradictions=outlook.contradictions,
        notices=(
            *_notices(asked), *discordances(closure, guidance, asked.question, record),
            *contested(closure, guidance, asked.question, record), *unseen(closure, asked, record),
        ),
        out_of_scope=outlook.scope, order_policy=policy.label,
        order_policy_file=policy.file, order_policy_sha=policy.sha256,
        as_of=kb.knowledge.as_of, without_source=kb.knowledge.without_source,
        constructed_dates=any(p == P.constructedDate for _, p, _ in record.triples), choices=made(asked, guidance),
    )  # fmt: skip


def _met(guidance: Guidance, judge: Judge, items: list[str]) -> list[Advice]:
    return [
        advice(guidance, judge, item) for item in items if judge.value(guidance.one(item, P.forPopulation)) == "met"
    ]


def _due(guidance: Guidance, whole: Judge, now: Judge) -> tuple[list[Advice], list[Advice]]:
    """Return the duties that hold: those with a question still open, and those that no finding settles.

    A duty is open while a finding that it asks about is unknown since reassessment began; of its examinations those are
    named that settle such a finding, or all when none is known to.
    """
    due, standing = [], []
    for duty in guidance.duties:
        if whole.value(guidance.one(duty, P.forPopulation)) != "met":
            continue
        found, asked = advice(guidance, whole, duty), guidance.objects(duty, P.asksAbout)
        waiting = [finding for finding in asked if now.value(finding) == "unknown"]
        if waiting:
            settling = {guidance.decided_by(leaf) for finding in waiting for leaf in guidance.leaves(finding)}
            tests = [t for t in guidance.objects(duty, P.asksFor) if t in settling] or guidance.objects(duty, P.asksFor)
            due.append(replace(found, asks_for=tuple(guidance.label(t) for t in tests)))
        elif not asked:
            standing.append(found)
    return due, standing


def _patient(closure: Closure, guidance: Guidance, asked: Asked) -> tuple[Claim, ...]:
    claims = []
    for predicate in (P.sex,):
        for triple in closure.match(asked.patient, predicate):
            claims.append(Claim(guidance.label(triple[2]), triple))
    seen = closure.objects(asked.question, P.sees)
    diseases = [(event, P.disease, disease) for event in seen for disease in closure.objects(event, P.disease)]
    dated = sorted((next(closure.objects(t[0], P.date), ""), t) for t in diseases)
    return (*claims, *(Claim(guidance.label(t[2]), t) for _, t in dated))


def _state(closure: Closure, guidance: Guidance, judge: Judge, record: Record) -> tuple[Claim, ...]:
    """Return current values, then the findings that hold."""
    claims = []
    for _, _, event in closure.match(judge.situation, P.current):
        claims.append((_value(closure, guidance, event), (judge.situation, P.current, event)))
    measured = [Claim(text, triple, place=record.place(_anchor(closure, triple[2]))) for text, triple in sorted(claims)]
    holding = [c for c in guidance.shown.get(KB.partDiseaseState, ()) if judge.value(c) == "met"]
    return (*measured, *(_finding(guidance, judge, c) for c in holding))


def _finding(guidance: Guidance, judge: Judge, cls: str) -> Claim:
    triple = (judge.situation, RDF_TYPE, cls)
    return Claim(guidance.label(cls), triple, date=judge.dates.latest(triple) if judge.dates else "")


def _anchor(closure: Closure, event: str) -> tuple[str, str, str]:
    return next(closure.match(event, P.analyte))


def _value(closure: Closure, guidance: Guidance, event: str) -> str:
    """Return a measurement as ``analyte low to high unit (date)``, in the reported form where there is one."""
    one = {p: next(closure.objects(event, p), "") for p in (P.analyte, P.low, P.high, P.unit, P.date, P.reported)}
    texts = {p: literal_parts(o)[0] if o.startswith('"') else guidance.label(o) for p, o in one.items() if o}
    low, high = texts.get(P.low, ""), texts.get(P.high, "")
    figure = (
        low if low == high else f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    )
    for predicate, sign in ((P.highExclusive, "<"), (P.lowExclusive, ">")):
        if any(o.startswith('"true"') for o in closure.objects(event, predicate)):
            figure = f"{sign} {high if sign == '<' else low}"
    unit = guidance.unit(one[P.unit]) if one[P.unit] else ""
    return f"{texts.get(P.analyte, '')} {figure} {unit} ({texts.get(P.date, 'no date')})".replace("  ", " ")


def _reported(closure: Closure, guidance: Guidance, judge: Judge, record: Record) -> tuple[Reported, ...]:
    found = []
    for event in sorted(closure.objects(judge.situation, P.sees)):
        for stated in closure.objects(event, P.states):
            triple, cls = (event, P.states, stated), guidance.one(stated, P.comparedWith)
            value = judge.value(cls) if cls else "unknown"
            words = {"met": "holds here too", "not met": "does not hold here", "unknown": "cannot be decided here"}[
                value
            ]
            concluded = f"{guidance.label(cls)}: {words}" if cls else "not compared"
            agrees = None if value == "unknown" else value == "met"
            fact = (judge.triple(cls) or (judge.situation, P.leavesOpen, cls)) if cls else triple
            found.append(Reported(guidance.label(triple[2]), concluded, agrees, record.place(triple), fact))
    return tuple(found)


def _chosen(value: str) -> str:
    return f"choice {curie(value)}" if value.startswith("<") else f"window of {literal_parts(value)[0]} days"


def _notices(asked: Asked) -> tuple[Claim, ...]:
    if asked.added:
        what = ", ".join(
            [f"date {asked.date}", f"jurisdiction {curie(asked.jurisdiction)}", *(_chosen(v) for _, v in asked.choices)]
        )
        date = next(t for t in asked.triples if t[0] == asked.question and t[1] == P.date)
        return (Claim(f"The question ({what}) was put by the call, not by the record.", date),)
    return ()
