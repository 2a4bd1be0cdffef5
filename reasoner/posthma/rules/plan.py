"""Join plans: in which order a rule's atoms are matched, its values computed and its conditions tested.

A plan knows a rule's form but not its constants: rules that differ in constants alone share it, and with it the
source that `source` writes for it. Each step binds one variable, by every atom that can decide on it at once;
values are computed and conditions tested as soon as their variables are known, absences come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any, NamedTuple

from posthma.rules.expressions import compile_expr
from posthma.rules.form import Atom, Body, Expr, expr_variables
from posthma.rules.values import binder, tester
from posthma.store import Store

LARGEST = 300
"""The most parts of an expression that other expressions were put into."""
BY_TERM = ("bound", "same-term", "other-term", "in-datatype", "not-in-datatype", "different-values")

Below = tuple[int, int, int]
"""Where the base below has facts of an atom's predicate: parameters for its facts by subject, by object, and all."""


class Pattern(NamedTuple):
    """An atom whose constants are parameters (zero and above); variables stay below zero, ``p`` is a parameter."""

    s: int
    p: int
    o: int
    below: Below | None


class Value(NamedTuple):
    """A computed value or, without a variable, a condition: its inputs and the parameter that computes it."""

    variable: int | None
    inputs: tuple[int, ...]
    function: int


class Shape(NamedTuple):
    """A body without its constants; equal shapes run the same source."""

    atoms: tuple[Pattern, ...]
    values: tuple[Value, ...]
    absences: tuple[Shape, ...]


class Step(NamedTuple):
    """One step of a plan.

    ``kind`` is ``member`` (atoms known as a whole), ``bind`` (atoms that decide on ``variable``), ``pairs`` (an atom
    of which nothing is known), ``value``, ``test`` or ``absent``; ``known`` are the variables bound before it.
    """

    kind: str
    known: frozenset[int]
    variable: int = 0
    atoms: tuple[Pattern, ...] = ()
    value: Value | None = None
    inner: Shape | None = None


class Parameters:
    """Collects what a shape leaves open: constants, functions of expressions, indexes of the base.

    Args:
        base: The finished store below, which never changes; None when there is none.
    """

    def __init__(self, base: Store | None) -> None:
        self.base = base
        self.given: list[Any] = []
        self._below: dict[int, Below | None] = {}

    def add(self, value: Any) -> int:
        """Return the number of a new parameter."""
        self.given.append(value)
        return len(self.given) - 1

    def term(self, term: int) -> int:
        """Return a variable as it is, a constant as a parameter."""
        return term if term < 0 else self.add(term)

    def pattern(self, atom: Atom) -> Pattern:
        """Return an atom without its constants."""
        s, p, o = atom
        return Pattern(self.term(s), self.add(p), self.term(o), self._facts_below(p))

    def shape(self, body: Body, known: Iterable[int] = (), needed: Iterable[int] = ()) -> Shape:
        """Return a body without its constants.

        Args:
            body: What to match; its aggregate is left to the caller.
            known: Variables that are bound before.
            needed: Variables that are read after.
        """
        can_bind = {*known, *body.variables()}
        atoms = tuple(self.pattern(atom) for atom in body.atoms)
        binds = _fused(body, set(needed))
        values = [self.value(expr, can_bind, variable) for variable, expr in binds]
        values += [self.value(expr, can_bind) for expr in body.guards]
        return Shape(atoms, tuple(values), tuple(self.shape(inner, can_bind) for inner in body.absences))

    def value(self, expr: Expr, can_bind: set[int], variable: int | None = None) -> Value:
        """Return an expression as a parameter that computes a variable, or tests when there is none."""
        inputs = tuple(sorted(expr_variables(expr) & can_bind))
        compute = compile_expr(numbered(expr, inputs))
        made = tester(compute) if variable is None else binder(compute, len(inputs))
        return Value(variable, inputs, self.add(made))

    def _facts_below(self, p: int) -> Below | None:
        if p not in self._below:
            self._below[p] = None
            if self.base is not None:
                self.base.unpack(p)
                if p in self.base.out:
                    parts = (self.base.out[p], self.base.inn[p], self.base.derivations)
                    self._below[p] = (self.add(parts[0]), self.add(parts[1]), self.add(parts[2]))
        return self._below[p]


def numbered(expr: Expr, inputs: Sequence[int]) -> Expr:
    """Return an expression whose variables are places in ``inputs``; any other is ``unbound``."""
    if expr[0] == "var":
        return ("var", inputs.index(expr[1])) if expr[1] in inputs else ("unbound",)
    if expr[0] in ("const", "value"):
        return expr
    return (expr[0], *(numbered(part, inputs) if isinstance(part, tuple) else part for part in expr[1:]))


def _fused(body: Body, needed: set[int]) -> list[tuple[int, Expr]]:
    """Compute a value that only serves other values inside them: what one term gives is remembered as a whole."""
    kept = needed | {t for atom in body.atoms for t in atom}
    kept |= {v for guard in body.guards for v in expr_variables(guard)}
    kept |= {v for inner in body.absences for v in inner.mentioned()}
    kept |= {v for _, expr in body.binds for v in _named(expr)}
    binds = list(body.binds)
    for variable, _ in body.binds:
        if variable in kept:
            continue
        expr = next(e for v, e in binds if v == variable)
        later = [(v, _put(e, variable, expr)) for v, e in binds if v != variable]
        if all(_size(e) <= LARGEST for _, e in later):
            binds = later
    return binds


def _named(expr: Expr) -> set[int]:
    """Return the variables that an operator takes as terms, not as values."""
    if expr[0] in ("var", "const", "value"):
        return set()
    parts = [part for part in expr[1:] if isinstance(part, tuple)]
    own = {part[1] for part in parts if part[0] == "var"} if expr[0] in BY_TERM else set()
    return own.union(*map(_named, parts))


def _put(expr: Expr, variable: int, by: Expr) -> Expr:
    if expr[0] == "var":
        return by if expr[1] == variable else expr
    if expr[0] in ("const", "value"):
        return expr
    return (expr[0], *(_put(part, variable, by) if isinstance(part, tuple) else part for part in expr[1:]))


def _size(expr: Expr) -> int:
    if expr[0] in ("var", "const", "value"):
        return 1
    return 1 + sum(_size(part) for part in expr[1:] if isinstance(part, tuple))


def steps(shape: Shape, bound: Iterable[int], skip: int | None = None) -> list[Step]:
    """Return the steps that match a shape.

    Args:
        shape: What to match.
        bound: Variables that have a value already.
        skip: The atom that is matched already.
    """
    known, found = set(bound), list[Step]()
    left = [a for i, a in enumerate(shape.atoms) if i != skip]
    values = list(shape.values)

    def compute(final: bool = False) -> None:
        moved = True
        while moved:
            ready = [v for v in values if final or known.issuperset(v.inputs)]
            moved = bool(ready)
            for value in ready:
                values.remove(value)
                found.append(Step("test" if value.variable is None else "value", frozenset(known), value=value))
                if value.variable is not None:
                    known.add(value.variable)
                    break

    compute()
    while left:
        best = min(left, key=lambda atom: (_unknown(atom, known), left.index(atom)))
        open_ = {t for t in (best.s, best.o) if t < 0} - known
        if len(open_) == 1 and best.s != best.o:
            variable = open_.pop()
            atoms = tuple(a for a in left if _decides(a, variable, known))
            found.append(Step("bind", frozenset(known), variable, atoms))
        else:
            atoms = (best,)
            found.append(Step("pairs" if open_ else "member", frozenset(known), atoms=atoms))
        left = [a for a in left if a not in atoms]
        known |= {t for a in atoms for t in (a.s, a.o) if t < 0}
        compute()
    compute(final=True)
    return found + [Step("absent", frozenset(known), inner=inner) for inner in shape.absences]


def _unknown(atom: Pattern, known: Set[int]) -> int:
    """Return how much of an atom is open: 0 nothing, 1 the object, 2 the subject, 3 both."""
    return 2 * (atom.s < 0 and atom.s not in known) + (atom.o < 0 and atom.o not in known)


def _decides(atom: Pattern, variable: int, known: Set[int]) -> bool:
    """Say whether a variable is all that is open in an atom."""
    s, o = atom.s, atom.o
    return (s == variable and o != variable and (o >= 0 or o in known)) or (
        o == variable and s != variable and (s >= 0 or s in known)
    )
