"""Computed values and conditions of a match: SPARQL's errors become an unbound variable and a failed test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posthma.rules.expressions import UNBOUND, Evaluator, ExprError, truth
from posthma.terms import Terms, token_of

Binder = Callable[[Sequence[int], Terms], int]
Tester = Callable[[Sequence[int], Terms], bool]
REMEMBERED = 5_000
"""So many results of one computed value are kept: dates and gaps recur from record to record."""


def binder(compute: Evaluator, size: int) -> Binder:
    """Return a function from the terms of ``size`` inputs to the computed term; `UNBOUND` on an error."""
    known: dict[tuple[str, ...], str] = {}

    def bind(inputs: Sequence[int], terms: Terms) -> int:
        name = terms.name
        key = tuple([name(term) if term >= 0 else "" for term in inputs])
        token = known.get(key)
        if token is None:
            try:
                token = token_of(compute(inputs, terms))
            except ExprError:
                return UNBOUND
            if len(known) >= REMEMBERED:
                known.clear()
            known[key] = token
        return terms.same_value(terms.id(token))

    return bind


def tester(test: Evaluator) -> Tester:
    """Return a function that says whether a condition holds for the terms of its inputs."""

    def holds(inputs: Sequence[int], terms: Terms) -> bool:
        try:
            found = test(inputs, terms)
            return found if found.__class__ is bool else truth(found)
        except ExprError:
            return False

    return holds
