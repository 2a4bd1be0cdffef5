"""The one rule form: head, body, guards, absences, aggregate.

OWL axioms (`rules.owl`) and CONSTRUCT files (`rules.sparql`) both end here, and `closure` runs nothing else.
A term of a pattern is an integer: zero and above a constant of the `Terms` table, below zero a variable
(variable ``n`` of a rule is ``-1 - n``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Atom = tuple[int, int, int]
Expr = tuple[Any, ...]
"""A tree: ``("var", v)``, ``("const", term)``, ``("value", python value)`` or ``(operator, *arguments)``."""


@dataclass(frozen=True, slots=True)
class Body:
    """A conjunction: atoms to match, values to compute, conditions to test, things that must be absent."""

    atoms: tuple[Atom, ...] = ()
    binds: tuple[tuple[int, Expr], ...] = ()
    guards: tuple[Expr, ...] = ()
    absences: tuple[Body, ...] = ()
    aggregate: Aggregate | None = None

    def variables(self) -> set[int]:
        """Return the variables that this conjunction binds."""
        found = {t for atom in self.atoms for t in atom if t < 0} | {v for v, _ in self.binds}
        return found | (self.aggregate.exported() if self.aggregate else set())

    def mentioned(self) -> set[int]:
        """Return every variable that occurs anywhere, absences and guards included."""
        found = self.variables()
        for expr in [*self.guards, *(e for _, e in self.binds)]:
            found |= expr_variables(expr)
        for inner in self.absences:
            found |= inner.mentioned()
        if self.aggregate is not None:
            found |= {v for inner in self.aggregate.bodies for v in inner.mentioned()}
        return found


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A grouped count, sum, minimum or maximum over bodies of its own (several stand for a union).

    ``outputs`` holds ``(function, distinct, expression, variable)``; ``group`` the variables that name a group.
    """

    bodies: tuple[Body, ...]
    group: tuple[int, ...]
    outputs: tuple[tuple[str, bool, Expr, int], ...]
    distinct_rows: tuple[int, ...] | None = None

    def exported(self) -> set[int]:
        """Return the variables that the rest of the rule may use."""
        return {*self.group, *(v for *_, v in self.outputs)}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when the body holds, so does the head.

    Attributes:
        id: The permanent name (``cax-sco``, ``R-FIND-003``).
        head: Atoms to conclude; empty for a contradiction.
        body: What must hold.
        axioms: Knowledge that was used up when the rule was specialised, as facts or ``(s, p, (members...))``.
        names: Variable -> its name in the source, and constants that replaced a variable, for sentences.
    """

    id: str
    head: tuple[Atom, ...]
    body: Body
    axioms: tuple[Any, ...] = ()
    names: tuple[tuple[str, int], ...] = ()
    layer: str = field(default="logic", compare=False)


def expr_variables(expr: Expr) -> set[int]:
    """Return the variables of an expression."""
    if expr[0] == "var":
        return {expr[1]}
    if expr[0] in ("const", "value"):
        return set()
    return {v for part in expr[1:] if isinstance(part, tuple) for v in expr_variables(part)}


def rename_atom(atom: Atom, env: dict[int, int]) -> Atom:
    """Replace the variables of an atom."""
    s, p, o = atom
    return (env.get(s, s), env.get(p, p), env.get(o, o))


def rename_expr(expr: Expr, env: dict[int, int]) -> Expr:
    """Replace the variables of an expression; a variable that became a constant turns into one."""
    if expr[0] == "var":
        variable: int = expr[1]
        to = env.get(variable, variable)
        return ("var", to) if to < 0 else ("const", to)
    if expr[0] in ("const", "value"):
        return expr
    return (expr[0], *(rename_expr(part, env) if isinstance(part, tuple) else part for part in expr[1:]))


def _renamed(variables: tuple[int, ...] | None, env: dict[int, int]) -> tuple[int, ...] | None:
    return None if variables is None else tuple(env.get(v, v) for v in variables)


def rename_body(body: Body, env: dict[int, int]) -> Body:
    """Replace variables throughout a body."""
    if not env:
        return body
    aggregate = body.aggregate
    if aggregate is not None:
        aggregate = replace(
            aggregate,
            bodies=tuple(rename_body(b, env) for b in aggregate.bodies),
            group=tuple(env.get(v, v) for v in aggregate.group),
            outputs=tuple((f, d, rename_expr(e, env), env.get(v, v)) for f, d, e, v in aggregate.outputs),
            distinct_rows=_renamed(aggregate.distinct_rows, env),
        )
    return Body(
        tuple(rename_atom(a, env) for a in body.atoms),
        tuple((env.get(v, v), rename_expr(e, env)) for v, e in body.binds),
        tuple(rename_expr(g, env) for g in body.guards),
        tuple(rename_body(a, env) for a in body.absences),
        aggregate,
    )


def rename_rule(rule: Rule, env: dict[int, int], axioms: Iterable[Any] = ()) -> Rule:
    """Replace variables of a rule by constants, remembering the knowledge that justified it."""
    return replace(
        rule,
        head=tuple(rename_atom(a, env) for a in rule.head),
        body=rename_body(rule.body, env),
        axioms=rule.axioms + tuple(axioms),
        names=tuple((n, env.get(t, t)) for n, t in rule.names),
    )


def iter_bodies(body: Body) -> Iterator[tuple[Body, bool]]:
    """Yield a body and those inside it, each with True when absence or grouping stands around it."""
    yield body, False
    for inner in body.absences:
        for deeper, _ in iter_bodies(inner):
            yield deeper, True
    if body.aggregate is not None:
        for inner in body.aggregate.bodies:
            for deeper, _ in iter_bodies(inner):
                yield deeper, True


def move_rule(rule: Rule, to: Sequence[int]) -> Rule:
    """Return a rule whose constants are looked up in ``to``: the same rule over another table of terms."""
    return replace(
        rule,
        head=tuple(_moved(a, to) for a in rule.head),
        body=_move_body(rule.body, to),
        names=tuple((n, to[t] if t >= 0 else t) for n, t in rule.names),
    )


def _moved(atom: Atom, to: Sequence[int]) -> Atom:
    s, p, o = atom
    return (to[s] if s >= 0 else s, to[p] if p >= 0 else p, to[o] if o >= 0 else o)


def _move_body(body: Body, to: Sequence[int]) -> Body:
    aggregate = body.aggregate
    if aggregate is not None:
        outputs = tuple((f, d, _move_expr(e, to), v) for f, d, e, v in aggregate.outputs)
        aggregate = replace(aggregate, bodies=tuple(_move_body(b, to) for b in aggregate.bodies), outputs=outputs)
    return Body(
        tuple(_moved(a, to) for a in body.atoms),
        tuple((v, _move_expr(e, to)) for v, e in body.binds),
        tuple(_move_expr(g, to) for g in body.guards),
        tuple(_move_body(a, to) for a in body.absences),
        aggregate,
    )


def _move_expr(expr: Expr, to: Sequence[int]) -> Expr:
    if expr[0] == "const":
        return ("const", to[expr[1]])
    if expr[0] in ("var", "value"):
        return expr
    return (expr[0], *(_move_expr(part, to) if isinstance(part, tuple) else part for part in expr[1:]))
