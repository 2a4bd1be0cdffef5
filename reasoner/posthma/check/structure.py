"""The form of a proof: ids in order, premises before conclusions, nothing missing, nothing unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from posthma.check.terms import Triple, canonical, is_literal
from posthma.check.verdict import REJECTED, Finding, Verdict

FORMAT = "posthma-proof/1"
KINDS = {
    "record": {"id", "kind", "triple"},
    "question": {"id", "kind", "triple"},
    "knowledge": {"id", "kind", "triple", "place"},
    "rule": {"id", "kind", "triple", "rule", "premises"},
}
"""The kinds of step, with the keys that each must have."""
MAX_QUESTION = 16
"""The most triples of a question: its four, and what it chooses."""
MAX_STEPS = 50_000
MAX_PREMISES = 2_000
MAX_TOKEN = 200_000


@dataclass(frozen=True)
class Absence:
    """One absence that a step rests on: the pattern as the rule writes it, and what licenses it."""

    pattern: str
    licence: str


@dataclass(frozen=True)
class Step:
    """One step of a proof, its terms in canonical form; see `KINDS` for what each kind must say."""

    id: int
    kind: str
    triple: Triple
    place: str = ""
    document: str = ""
    rule: str = ""
    premises: tuple[int, ...] = ()
    substitution: tuple[tuple[str, str], ...] = ()
    absences: tuple[Absence, ...] = ()
    aggregates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """A proof of sound form; ``question`` holds what the call asked, whether or not a step rests on it."""

    goal: int
    steps: dict[int, Step]
    knowledge_sha256: str
    record_sha256: str
    question: tuple[Triple, ...] = ()


class _FormError(Exception):
    """A step or the proof has not the form it must have."""

    def __init__(self, step: int, expected: str, found: object) -> None:
        text = str(found)
        self.finding = Finding(step, REJECTED, expected, text if len(text) <= 200 else f"{text[:197]}...")
        super().__init__(str(self.finding))


def read_proof(data: Mapping[str, Any]) -> Proof | Verdict:
    """Read a proof from JSON data; a proof that has not the right form comes back as a rejecting verdict."""
    listed = data.get("steps")
    try:
        if data.get("format") != FORMAT:
            raise _FormError(0, f"the format {FORMAT}", data.get("format"))
        if not isinstance(listed, list) or not 0 < len(listed) <= MAX_STEPS:
            raise _FormError(0, f"a list of 1 to {MAX_STEPS} steps", type(listed).__name__ if listed else "no steps")
        steps: dict[int, Step] = {}
        for number, raw in enumerate(listed, start=1):
            steps[number] = _step(number, raw)
        goal = data.get("goal")
        if not isinstance(goal, int) or isinstance(goal, bool) or goal not in steps:
            raise _FormError(0, "the id of a step as goal", goal)
        asked = [step.triple for step in steps.values() if step.kind == "question"]
        asked += [_triple(0, raw, False) for raw in _question(data)]
        return Proof(goal, steps, _hash(data, "knowledge"), _hash(data, "record"), tuple(dict.fromkeys(asked)))
    except _FormError as error:
        return Verdict(None, len(listed) if isinstance(listed, list) else 0, (error.finding,))


def _hash(data: Mapping[str, Any], key: str) -> str:
    part = data.get(key)
    if part is None:
        return ""
    found = part.get("sha256") if isinstance(part, Mapping) else part
    if not isinstance(part, Mapping) or not (found is None or isinstance(found, str)):
        raise _FormError(0, f"an object with sha256 under {key}", part)
    return found or ""


def _question(data: Mapping[str, Any]) -> list[object]:
    found = data.get("question") or []
    if not isinstance(found, list) or len(found) > MAX_QUESTION:
        raise _FormError(0, f"a question of at most {MAX_QUESTION} triples", found)
    return found


def _step(number: int, raw: object) -> Step:
    if not isinstance(raw, Mapping):
        raise _FormError(number, "a step as an object", raw)
    if not isinstance(raw.get("kind"), str) or raw["kind"] not in KINDS:
        raise _FormError(number, f"a step of kind {', '.join(KINDS)}", raw.get("kind"))
    missing = sorted(KINDS[raw["kind"]] - raw.keys())
    if missing:
        raise _FormError(number, f"the keys {', '.join(missing)}", "a step without them")
    if raw["id"] != number or isinstance(raw["id"], bool):
        raise _FormError(number, f"the id {number}, counting from 1", raw["id"])
    rule = raw["kind"] == "rule"
    return Step(
        number,
        raw["kind"],
        _triple(number, raw["triple"], rule),
        _text(number, raw, "place"),
        _text(number, raw, "document"),
        _text(number, raw, "rule"),
        _premises(number, raw["premises"]) if rule else (),
        _substitution(number, raw.get("substitution") or {}),
        _absences(number, raw.get("absences") or []),
        _aggregates(number, raw.get("aggregates") or []),
    )


def _triple(number: int, raw: object, concluded: bool) -> Triple:
    if not isinstance(raw, list) or len(raw) != 3 or not all(isinstance(term, str) for term in raw):
        raise _FormError(number, "a triple of three terms", raw)
    if any(len(term) > MAX_TOKEN for term in raw):
        raise _FormError(number, f"terms of at most {MAX_TOKEN} characters", "a longer one")
    try:
        subject, predicate, obj = (canonical(term) for term in raw)
    except ValueError as error:
        raise _FormError(number, "N-Triples terms", error) from error
    if not predicate.startswith("<") and not concluded:
        raise _FormError(number, "an IRI as predicate", predicate)
    if subject.startswith("(") or predicate.startswith("(") or (is_literal(subject) and not concluded):
        raise _FormError(number, "an IRI or blank node as subject", subject)
    return subject, predicate, obj


def _text(number: int, raw: Mapping[str, Any], key: str) -> str:
    found = raw.get(key) or ""
    if not isinstance(found, str):
        raise _FormError(number, f"a text as {key}", found)
    return found


def _premises(number: int, raw: object) -> tuple[int, ...]:
    if not isinstance(raw, list) or len(raw) > MAX_PREMISES:
        raise _FormError(number, f"a list of at most {MAX_PREMISES} premises", raw)
    for premise in raw:
        if not isinstance(premise, int) or isinstance(premise, bool) or not 0 < premise < number:
            raise _FormError(number, "premises among the earlier steps", premise)
    return tuple(raw)


def _substitution(number: int, raw: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(raw, Mapping) or not all(isinstance(text, str) for pair in raw.items() for text in pair):
        raise _FormError(number, "a substitution of names by terms", raw)
    try:
        return tuple((name, canonical(term)) for name, term in raw.items())
    except ValueError as error:
        raise _FormError(number, "a substitution by N-Triples terms", error) from error


def _absences(number: int, raw: object) -> tuple[Absence, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, Mapping) for item in raw):
        raise _FormError(number, "a list of absences", raw)
    return tuple(Absence(_text(number, item, "pattern"), _text(number, item, "licence")) for item in raw)


def _aggregates(number: int, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise _FormError(number, "a list of aggregates", raw)
    return tuple(raw)
