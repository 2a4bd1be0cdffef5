"""The question put to a record: which patient, on which date, in which jurisdiction.

A record may hold several questions. One is asked at a time: each is a situation of its own, and the others are
left out of the closure. A question may choose definitions and windows (kb/choices.ttl); what the call chooses stands
before what the record's question does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posthma.errors import RecordError, UsageError
from posthma.terms import XSD, Triple, literal_parts
from posthma.vocab import KB, RDF, P, curie

DATES = (P.date, P.latest, P.endDate)
WINDOWS = (P.attributionWindowDays, P.reassessmentWindowDays)
CHOOSING = (P.chooses, *WINDOWS)
"""The properties by which a question chooses."""


@dataclass(frozen=True)
class Asked:
    """A record's facts with exactly one question.

    Attributes:
        triples: The facts, other questions left out, sorted: no conclusion hangs on the order in a file.
        question: Token of the question, which is the situation.
        patient: Token of the patient.
        date: ISO date.
        jurisdiction: Token of the jurisdiction.
        added: Tokens of a question that the call added; empty when the record asked it.
        choices: What the question chooses, as property and value; what is not there is taken by default.
    """

    triples: tuple[Triple, ...]
    question: str
    patient: str
    date: str
    jurisdiction: str
    added: frozenset[str]
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Chosen:
    """One choice of the call.

    Attributes:
        property: By which a question makes it.
        value: The alternative or the number of days; empty for the default, whatever the record's question says.
        instead_of: Alternatives that it stands before.
    """

    property: str
    value: str
    instead_of: frozenset[str]


def ask(
    triples: tuple[Triple, ...], at: str | None = None, jurisdiction: str | None = None, choices: Sequence[Chosen] = ()
) -> Asked:
    """Choose or add the question.

    Args:
        triples: A sound record's facts.
        at: ISO date; the record's last question when None, or its last event when it asks nothing.
        jurisdiction: Local name of a jurisdiction; that of the question when None.
        choices: Definitions and windows that the call chooses.

    Raises:
        RecordError: The record has no date to ask about.
        UsageError: The jurisdiction is unknown.
    """
    said: dict[str, dict[str, list[str]]] = {}
    for s, p, o in triples:
        said.setdefault(s, {}).setdefault(p, []).append(o)
    questions = {s: f for s, f in said.items() if P.Question in f.get(RDF.type, ())}
    patient = next((s for s, f in said.items() if P.Patient in f.get(RDF.type, ())), "")
    by_date = sorted((_date(f[P.date][0]), s) for s, f in questions.items() if P.date in f)
    chosen = next((s for day, s in reversed(by_date) if at is None or day == at), "")
    wanted = _jurisdiction(jurisdiction) if jurisdiction else ""
    own = questions.get(chosen, {}).get(P.jurisdiction, [""])[0]
    rest = tuple(sorted(t for t in triples if t[0] not in questions or t[0] == chosen))
    before = [(prop, value) for prop in CHOOSING for value in questions.get(chosen, {}).get(prop, ())]
    choosing = _overlaid(before, choices)
    if chosen and own and wanted in ("", own) and choosing == sorted(before):
        return Asked(
            rest, chosen, patient, _date(questions[chosen][P.date][0]), own, frozenset(), tuple(choosing)
        )  # fmt: skip
    day = at or (_date(questions[chosen][P.date][0]) if chosen else _last_event(said, patient))
    others = {f[P.jurisdiction][0] for f in questions.values() if P.jurisdiction in f}
    place = wanted or own or (others.pop() if len(others) == 1 else KB.otherJurisdiction)
    name = place.rpartition("/")[2][:-1]
    question = "/".join((f"{patient[:-1]}/asked/{day}/{name}", *map(_name, choosing))) + ">"
    added = (
        (question, RDF.type, P.Question),
        (question, P.about, patient),
        (question, P.date, f'"{day}"^^<{XSD}date>'),
        (question, P.jurisdiction, place),
        *((question, prop, value) for prop, value in choosing),
    )
    kept = tuple(sorted(t for t in triples if t[0] not in questions))
    return Asked(kept + added, question, patient, day, place, frozenset([question]), tuple(choosing))


def _name(chosen: tuple[str, str]) -> str:
    """Return a choice as a part of a question's name."""
    prop, value = chosen
    return f"{prop.rpartition('/')[2][:-1]}-{_date(value)}" if prop in WINDOWS else value.rpartition("/")[2][:-1]


def _overlaid(said: Sequence[tuple[str, str]], choices: Sequence[Chosen]) -> list[tuple[str, str]]:
    """Return what a question chooses, sorted, once the call has put its choices before the question's own."""
    kept = dict.fromkeys(said)
    for choice in choices:
        kept = {
            (prop, value): None
            for prop, value in kept
            if prop != choice.property or (prop == P.chooses and value not in choice.instead_of)
        }
        if choice.value:
            kept[(choice.property, choice.value)] = None
    return sorted(kept)


def _date(token: str) -> str:
    return literal_parts(token)[0]


def _jurisdiction(name: str) -> str:
    for known in (KB.EU, KB.US, KB.otherJurisdiction):
        if curie(known).rpartition(":")[2] == name:
            return known
    raise UsageError("--jurisdiction", f"{name!r} is not known", "use EU, US or other")


def _last_event(said: dict[str, dict[str, list[str]]], patient: str) -> str:
    events = said.get(patient, {}).get(P.event, [])
    days = [_date(day) for event in events for p in DATES for day in said.get(event, {}).get(p, ())]
    if not days:
        raise RecordError(
            patient or "record",
            "no question and no dated event: nothing to decide about",
            "add a p:Question with p:date, or ask with --at",
        )
    return max(days)
