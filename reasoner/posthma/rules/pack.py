"""Rules as plain numbers and strings, as they lie in the cache, and back."""

from __future__ import annotations

from typing import Any

from posthma.rules.form import Aggregate, Body, Rule
from posthma.terms import python_value, token_of

Raw = tuple[Any, ...]


class PackedRule:
    """A rule as it lies in the cache; it becomes a `Rule` when something is first asked of it."""

    __slots__ = ("_raw", "_rule")

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._rule: Rule | None = None

    @property
    def id(self) -> str:
        """The rule's id, without unpacking the rest."""
        found: str = self._raw[0]
        return found

    def __getattr__(self, name: str) -> Any:
        if self._rule is None:
            self._rule = rule_of(self._raw)
        return getattr(self._rule, name)


def raw_of(rule: Rule) -> Raw:
    """Return a rule as numbers, strings and tuples of them."""
    return (rule.id, rule.head, _raw_body(rule.body), rule.axioms, rule.names, rule.layer)


def _raw_body(body: Body) -> Raw:
    aggregate = body.aggregate
    grouping = None
    if aggregate is not None:
        outputs = tuple((f, d, _raw_expr(e), v) for f, d, e, v in aggregate.outputs)
        grouping = (tuple(_raw_body(b) for b in aggregate.bodies), aggregate.group, outputs, aggregate.distinct_rows)
    binds = tuple((v, _raw_expr(e)) for v, e in body.binds)
    guards = tuple(_raw_expr(g) for g in body.guards)
    return (body.atoms, binds, guards, tuple(_raw_body(b) for b in body.absences), grouping)


def _raw_expr(expr: Raw) -> Raw:
    if expr[0] == "value":
        return ("token", token_of(expr[1]))
    return tuple(_raw_expr(part) if isinstance(part, tuple) else part for part in expr)


def rule_of(raw: Raw) -> Rule:
    """Return the rule that `raw_of` wrote."""
    name, head, body, axioms, names, layer = raw
    return Rule(name, head, _body_of(body), axioms, names, layer)


def _body_of(raw: Raw) -> Body:
    atoms, binds, guards, absences, grouping = raw
    aggregate = None
    if grouping is not None:
        bodies, group, outputs, distinct_rows = grouping
        read = tuple((f, d, _expr_of(e), v) for f, d, e, v in outputs)
        aggregate = Aggregate(tuple(_body_of(b) for b in bodies), group, read, distinct_rows)
    return Body(
        atoms,
        tuple((v, _expr_of(e)) for v, e in binds),
        tuple(_expr_of(g) for g in guards),
        tuple(_body_of(b) for b in absences),
        aggregate,
    )


def _expr_of(raw: Raw) -> Raw:
    if raw[0] == "token":
        return ("value", python_value(raw[1]))
    return tuple(_expr_of(part) if isinstance(part, tuple) else part for part in raw)
