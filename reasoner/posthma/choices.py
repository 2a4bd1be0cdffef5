"""Which derivations a proof takes: the cheapest of each fact, or every choice in turn."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from posthma.closed import Closure
from posthma.proof import Builder, Proof, Sources, make
from posthma.store import Derivation
from posthma.terms import Fact


def _derivations(closure: Closure, fact: Fact) -> list[Derivation | None]:
    """Return every derivation of a fact; None first when it is asserted."""
    store = closure.store
    found: dict[Any, None] = {store.derivation(fact): None}
    for holder in (store, store.base):
        if holder is not None and holder.alternatives:
            found |= dict.fromkeys(holder.alternatives.get(fact, ()))
    return list(found)


@dataclass
class _Pending:
    """A derivation whose premises are not all settled yet."""

    fact: Fact
    derivation: Derivation | None
    missing: int
    cost: int = 1


def cheapest(closure: Closure, sources: Sources) -> dict[Fact, Derivation | None]:
    """Choose for every fact the derivation with the smallest tree (Knuth's generalisation of Dijkstra)."""
    builder = Builder(closure, sources, closure.store.derivation)
    waiting: dict[Any, list[_Pending]] = {}
    heap: list[tuple[int, int, Any, Derivation | None]] = []
    count = itertools.count()
    for fact in closure.store.match(None, None, None):
        for derivation in _derivations(closure, fact):
            premises = [] if derivation is None else builder.premises(derivation)
            entry = _Pending(fact, derivation, len(premises))
            for premise in premises:
                waiting.setdefault(premise, []).append(entry)
                if isinstance(premise[2], tuple):
                    heapq.heappush(heap, (1, next(count), premise, None))
            if not premises:
                heapq.heappush(heap, (1, next(count), fact, derivation))
    best: dict[Any, Derivation | None] = {}
    while heap:
        cost, _, fact, derivation = heapq.heappop(heap)
        if fact in best:
            continue
        best[fact] = derivation
        for entry in waiting.get(fact, ()):
            entry.cost += cost
            entry.missing -= 1
            if entry.missing == 0 and entry.fact not in best:
                heapq.heappush(heap, (entry.cost, next(count), entry.fact, entry.derivation))
    return best


def every(closure: Closure, sources: Sources, goal: Fact) -> Iterator[Proof]:
    """Yield proofs that differ in at least one derivation, without circles."""
    builder = Builder(closure, sources, closure.store.derivation)

    def choices(
        facts: Iterable[Any], chosen: dict[Any, Derivation | None], above: frozenset[Any]
    ) -> Iterator[dict[Any, Any]]:
        pending = [f for f in facts if f not in chosen]
        if not pending:
            yield chosen
            return
        fact = pending[0]
        if isinstance(fact[2], tuple):
            yield from choices(pending[1:], {**chosen, fact: None}, above)
            return
        for derivation in _derivations(closure, fact):
            premises = [] if derivation is None else builder.premises(derivation)
            if any(p in above or p == fact for p in premises):
                continue
            for deeper in choices(premises, {**chosen, fact: derivation}, above | {fact}):
                yield from choices(pending[1:], deeper, above)

    seen: set[str] = set()
    for chosen in choices([goal], {}, frozenset()):
        try:
            proof = make(closure, sources, goal, chosen.__getitem__)
        except (KeyError, RecursionError):
            continue
        text = proof.to_json()
        if text not in seen and _acyclic(proof):
            seen.add(text)
            yield proof


def _acyclic(proof: Proof) -> bool:
    return all(p < s.id for s in proof.steps for p in s.premises)
