"""Equal terms: the OWL 2 RL rules eq-sym, eq-trans and eq-rep, beside the strata of `closure`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from posthma.errors import LimitError
from posthma.rules.form import Body, Rule
from posthma.store import SAME_TOKEN, Store
from posthma.terms import OWL, Fact, literal_value

if TYPE_CHECKING:
    from posthma.closure import Stratum

EQ_RULES = {n: Rule(n, (), Body()) for n in ("eq-sym", "eq-trans", "eq-rep-s", "eq-rep-p", "eq-rep-o")}
"""The equality rules have a variable predicate; `Equality` applies them, these carry their names."""
DT_DIFF = Rule("dt-diff", (), Body())


class NeedsFullClosureError(Exception):
    """The record says something about the knowledge itself; only a closure of both together is right."""


class Equality:
    """The rules eq-sym, eq-trans and eq-rep, applied to the facts that mention equal terms.

    Equality on a term of the base raises `NeedsFullClosureError`: the base itself would have to change.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.same = store.terms.id(SAME_TOKEN)
        self.different = store.terms.id(f"<{OWL}differentFrom>")
        self.active = False
        self.by_term: dict[int, list[Fact]] = defaultdict(list)
        self.valued: list[int] = []
        """Literals that something equals."""
        self.mark = 0

    def saturate(self, stratum: Stratum, mark: int, limit_equal: int = 200) -> int:
        """Run a stratum and the equality rules together to their fixpoint."""
        store = self.store
        while True:
            mark = stratum.saturate(store, mark)
            if not self.active and not store.out.get(self.same):
                return mark
            self.active = True
            if not self._apply(limit_equal) and mark == len(store.log):
                return mark

    def _apply(self, limit_equal: int) -> bool:
        """Apply the rules to all facts not yet seen; say whether anything new followed."""
        store, same = self.store, self.same
        before = len(store.log)
        while self.mark < len(store.log):
            fact = store.log[self.mark]
            self.mark += 1
            for term in dict.fromkeys(fact):
                if term not in self.by_term:
                    self._tell_apart(term, self.valued)
                self.by_term[term].append(fact)
            s, p, o = fact
            if p == same and o not in self.valued and self._is_literal(o):
                self.valued.append(o)
                self._tell_apart(o, list(self.by_term))
            if p == same and s != o:
                self._equal(s, o, fact, limit_equal)
            for term, position, rule in ((s, 0, "eq-rep-s"), (p, 1, "eq-rep-p"), (o, 2, "eq-rep-o")):
                for other in list(store.out.get(same, {}).get(term, ())):
                    if other != term:
                        self._replace(fact, position, other, rule)
        return len(store.log) > before

    def _is_literal(self, term: int) -> bool:
        return self.store.terms.name(term)[0] == '"'

    def _tell_apart(self, literal: int, others: Iterable[int]) -> None:
        """Conclude which literals have other values (dt-diff); only those that something equals can matter."""
        if not others or not self._is_literal(literal):
            return
        name = self.store.terms.name
        value = literal_value(name(literal))
        for other in others:
            if other != literal and self._is_literal(other):
                theirs = literal_value(name(other))
                if value and theirs and "?" not in (value[0], theirs[0]) and value != theirs:
                    self.store.add((literal, self.different, other), (DT_DIFF, ()))
                    self.store.add((other, self.different, literal), (DT_DIFF, ()))

    def _equal(self, x: int, y: int, fact: Fact, limit_equal: int) -> None:
        store, same = self.store, self.same
        low = store.base.terms if store.base is not None else None
        if low is not None and (x < len(low) or y < len(low)):
            raise NeedsFullClosureError
        store.add((y, same, x), (EQ_RULES["eq-sym"], (fact,)))
        equal = list(store.out[same].get(y, ()))
        if len(equal) > limit_equal:
            fact_ = f"more than {limit_equal} terms are equal to one another"
            raise LimitError(
                "closure", fact_, "look for an owl:sameAs, a functional property or a maximal cardinality of 1"
            )
        for z in equal:
            if z != x:
                store.add((x, same, z), (EQ_RULES["eq-trans"], (fact, (y, same, z))))
        for position, rule in ((0, "eq-rep-s"), (1, "eq-rep-p"), (2, "eq-rep-o")):
            for other in list(self.by_term.get(x, ())):
                if other[position] == x:
                    self._replace(other, position, y, rule)

    def _replace(self, fact: Fact, position: int, by: int, rule: str) -> None:
        new = list(fact)
        equality = (fact[position], self.same, by)
        new[position] = by
        if new[0] != new[2] or new[1] != self.same:
            self.store.add((new[0], new[1], new[2]), (EQ_RULES[rule], (equality, fact)))
