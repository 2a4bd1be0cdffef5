"""Why: the criteria of one option with what each rests on in the record, its dates, and the evidence on both sides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from posthma.decide.answer import CriterionNode, OptionVerdict
from posthma.errors import UsageError
from posthma.terms import Triple
from posthma.vocab import P, plain_iri

if TYPE_CHECKING:
    from posthma.decide.case import Case
    from posthma.proof import Proof

TELLING = (
    P.found, P.notFound, P.disease, P.low, P.high, P.response, P.group, P.wants, P.stopReason, P.cycles, P.analyte,
)  # fmt: skip
"""The fact of an event whose place a reader wants to see, best first."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a decided finding rests on in the record.

    Attributes:
        iri: The finding.
        places: Where the facts stand.
        latest: The latest date among the events it rests on; empty when it rests on none.
        days: How many days before the decision that was.
    """

    iri: str
    places: tuple[str, ...]
    latest: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """An option's verdict with the grounds of its findings."""

    option: OptionVerdict
    grounds: tuple[Ground, ...]


def why(case: Case, name: str) -> Why:
    """Return why an option comes to what it comes to.

    Raises:
        UsageError: There is no such option, or nothing is recommended.
    """
    option = plain_iri(case.option(name))
    verdict = next((v for v in case.answer.options if v.iri == option), None)
    if verdict is None or verdict.criteria is None:
        raise UsageError(name, "this answer says nothing of it", "see posthma recommend")
    grounds: dict[str, Ground] = {}
    for node in _findings(verdict.criteria):
        if node.triple is not None and node.iri not in grounds:
            grounds[node.iri] = ground(case, node, node.triple)
    return Why(verdict, tuple(grounds.values()))


def _findings(node: CriterionNode) -> list[CriterionNode]:
    return [node] if not node.children else [leaf for child in node.children for leaf in _findings(child)]


def ground(case: Case, node: CriterionNode, triple: Triple) -> Ground:
    """Return the places and the age of the record facts that prove a conclusion."""
    closure = case.now.closure
    proof = cast("Proof", closure.proof(triple))
    events = {o for _, _, o in closure.match(case.asked.question, P.sees)}
    places: dict[str, tuple[int, str]] = {}
    for step in (step for step in proof.leaves() if step.kind == "record"):
        event, predicate, _ = step.triple
        if event in events:
            rank = TELLING.index(predicate) if predicate in TELLING else len(TELLING)
            places[event] = min(places.get(event, (99, "")), (rank, step.place))
    latest = node.finding_date
    days = (dt.date.fromisoformat(case.asked.date) - dt.date.fromisoformat(latest)).days if latest else None
    best = min((rank for rank, _ in places.values()), default=0)
    telling = {place for rank, place in places.values() if rank < len(TELLING) or best == len(TELLING)}
    return Ground(node.iri, tuple(sorted(telling, key=by_line)), latest, days)


def by_line(place: str) -> tuple[str, int, str]:
    """Return a key that puts the places of one file in the order of its lines."""
    name, _, line = place.partition(":")
    return name, int(line) if line.isdigit() else 0, line
