"""The facts of a record, made again layer by layer, for steps that speak of absence or count.

Slow and plain on purpose: every rule file runs as it stands through SPARQL, OWL by the unspecialised table. A layer's
result is a set of facts that gives itself again when its rules are run on it. Rules that speak of absence or count are
asked about the last guess of that set, until the guess holds; for layers without a cycle through absence, which are
the only ones allowed, that is the one result which stratified evaluation gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from posthma.check.chain import MAX_FACTS, Chainer
from posthma.check.sources import store
from posthma.check.sparql import LOGIC, Row, SparqlRule, as_stored, construct, rows
from posthma.check.terms import Triple
from posthma.errors import LimitError, RuleError

MAX_ROUNDS = 60


@dataclass
class Replay:
    """What a record makes true.

    Attributes:
        layer_of: Every fact as a store writes it, with the index of the layer that made it; -1 for what was given.
    """

    layer_of: dict[Triple, int]
    _graphs: dict[int, ox.Store] = field(default_factory=dict, repr=False)
    _rows: dict[tuple[str, int], frozenset[Row]] = field(default_factory=dict, repr=False)

    def holds(self, triple: Triple, before: int) -> bool:
        """Tell whether a fact is there once the layer with index ``before`` is done."""
        stored = as_stored([triple])
        return bool(stored) and all(self.layer_of.get(fact, before + 1) <= before for fact in stored)

    def rows(self, rule: SparqlRule, layer: int) -> frozenset[Row]:
        """Return every way in which a rule is satisfied once the layer with this index is done."""
        if layer not in self._graphs:
            self._graphs[layer] = store(fact for fact, made in self.layer_of.items() if made <= layer)
        if (rule.name, layer) not in self._rows:
            self._rows[rule.name, layer] = rows(rule.text, self._graphs[layer])
        return self._rows[rule.name, layer]


def replay(knowledge: Chainer, given: Iterable[Triple], rules: Iterable[SparqlRule], layers: Sequence[str]) -> Replay:
    """Close the facts of one record over closed knowledge, layer by layer.

    Args:
        knowledge: The knowledge, closed; it is not changed.
        given: The triples of the record and the question, with their lists.
        rules: All rules of queries/rules/.
        layers: The order of the layers.

    Raises:
        LimitError: There are too many facts.
        RuleError: A layer has no result of its own: its rules deny what they conclude.
    """
    chainer = knowledge.copy()
    new = set(given)
    graph = store(triple for triple in chainer.facts | new if not triple[2].startswith("("))
    done = Replay(dict.fromkeys(construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", graph), -1))
    by_layer: dict[str, list[SparqlRule]] = {}
    for rule in rules:
        by_layer.setdefault(rule.layer, []).append(rule)
    for index, layer in enumerate(layers):
        if layer == LOGIC:
            added = chainer.add(new)
            made = as_stored(triple for triple in added if not triple[2].startswith("("))
            new = set()
        else:
            made = _layer(layer, by_layer.get(layer, []), graph)
            new |= made
        fresh = {triple for triple in made if triple not in done.layer_of}
        store(fresh, graph)
        done.layer_of.update(dict.fromkeys(fresh, index))
    return done


def _layer(name: str, rules: list[SparqlRule], graph: ox.Store) -> set[Triple]:
    """Return what the rules of a layer add to a graph, which is left as it was."""
    plain = [rule for rule in rules if rule.monotone]
    others = [rule for rule in rules if not rule.monotone]
    attempt = _Attempt(graph)
    try:
        attempt.grow(plain, set())
        said: dict[str, set[Triple]] = {}
        only_grew = True
        for _ in range(MAX_ROUNDS):
            said = {rule.name: set(construct(rule.text, graph)) for rule in others}
            before = attempt.made
            attempt.reset()
            attempt.grow(plain, {triple for triples in said.values() for triple in triples})
            if attempt.made == before:
                break
            only_grew = only_grew and before <= attempt.made
        else:
            raise RuleError(f"layer {name}", f"no result after {MAX_ROUNDS} rounds", "look for a cycle through absence")
        result = attempt.made
        if not only_grew and _founded(attempt, plain, others, said) != result:
            raise RuleError(f"layer {name}", "facts that rest on themselves", "look for a cycle through absence")
        return set(result)
    finally:
        attempt.reset()


def _founded(
    attempt: _Attempt, plain: list[SparqlRule], others: list[SparqlRule], said: dict[str, set[Triple]]
) -> frozenset[Triple]:
    """Build a layer's result up again from nothing, by conclusions that hold both on the way and at its end."""
    attempt.reset()
    attempt.grow(plain, set())
    while True:
        before = attempt.made
        now = {triple for rule in others for triple in construct(rule.text, attempt.graph) if triple in said[rule.name]}
        attempt.grow(plain, now)
        if attempt.made == before:
            return before


class _Attempt:
    """Facts put into a graph on trial."""

    def __init__(self, graph: ox.Store) -> None:
        self.graph = graph
        self._quads: set[ox.Quad] = set()
        self.made: frozenset[Triple] = frozenset()

    def reset(self) -> None:
        """Take all facts on trial out again."""
        for quad in self._quads:
            self.graph.remove(quad)
        self._quads, self.made = set(), frozenset()

    def grow(self, rules: list[SparqlRule], start: set[Triple]) -> None:
        """Add facts, then what the rules make of them, until nothing is new."""
        new = start
        while True:
            fresh = {quad for quad in store(new) if quad not in self.graph}
            self.graph.extend(fresh)
            self._quads |= fresh
            if len(self._quads) > MAX_FACTS:
                raise LimitError("replay", f"more than {MAX_FACTS} facts", "check a proof over a smaller record")
            new = {triple for rule in rules for triple in construct(rule.text, self.graph)}
            new = {triple for triple in new if triple not in self.made}
            self.made |= frozenset(new | start)
            if not fresh and not new:
                return
