"""Join plans: a rule and the atom that woke it, turned into a chain of Python closures.

Every step finds the next atom's matches in the store's indexes, writes them into the match and calls the
step after it; the last one enters the conclusion. Values are computed and conditions tested as soon as
their variables are known, absences and the conclusion come last.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from posthma.rules.expressions import UNBOUND, Env, Evaluator, ExprError, compile_expr, truth
from posthma.rules.form import Atom, Body, Expr, Rule, expr_variables
from posthma.store import Premises, Store
from posthma.terms import Fact, token_of

Step = Callable[[Store, Env], None]
_EMPTY: dict[int, list[int]] = {}
REMEMBERED = 5_000
"""So many results of one computed value are kept: dates and gaps recur from record to record."""


class Slots:
    """Numbers the terms of one rule: variables and constants alike get a place in the match."""

    def __init__(self) -> None:
        self.of: dict[int, int] = {}
        self.template: Env = []
        self.group_facts: list[Fact] = []
        """The facts that made the group at hand; they are premises of what a grouping rule concludes."""

    def __getitem__(self, term: int) -> int:
        found = self.of.get(term)
        if found is None:
            found = self.of[term] = len(self.template)
            self.template.append(term if term >= 0 else UNBOUND)
        return found

    def expr(self, expr: Expr, bound: set[int] | None = None) -> Expr:
        """Return an expression whose variables are slots; one that nothing can bind is ``unbound``."""
        if expr[0] == "var":
            if bound is not None and expr[1] not in bound:
                return ("unbound",)
            return ("var", self[expr[1]])
        if expr[0] in ("const", "value"):
            return expr
        return (expr[0], *(self.expr(part, bound) if isinstance(part, tuple) else part for part in expr[1:]))


def build(rule: Rule, woken_by: int | None) -> Callable[[Store, int, int], None]:
    """Return a function that applies a rule.

    Args:
        rule: The rule.
        woken_by: The body atom that a new fact matches, or None to match the whole body.

    Returns:
        A function of the store and the new fact's subject and object (ignored when ``woken_by`` is None).
    """
    slots = Slots()
    body = rule.body
    first = body.atoms[woken_by] if woken_by is not None else None
    bound = {t for t in first if t < 0} if first else set()
    aggregate = body.aggregate
    if aggregate is not None:
        bound |= aggregate.exported()
    last = _conclude(rule, slots)
    chain = _ordered(body, bound, woken_by)
    step = _chain(chain, body, bound, slots, last)
    if aggregate is not None:
        return _grouped(rule, slots, step)
    template = slots.template
    if first is None:
        return lambda store, s, o: step(store, template.copy())
    return _wake(first, slots, step)


def _wake(first: Atom, slots: Slots, step: Step) -> Callable[[Store, int, int], None]:
    s_slot, o_slot = slots[first[0]], slots[first[2]]
    template = slots.template
    s_free, o_free = first[0] < 0, first[2] < 0
    if s_free and not o_free:
        constant = first[2]

        def by_object(store: Store, s: int, o: int) -> None:
            if o == constant:
                env = template.copy()
                env[s_slot] = s
                step(store, env)

        return by_object
    same = s_free and first[0] == first[2]

    def by_both(store: Store, s: int, o: int) -> None:
        if (s_free or template[s_slot] == s) and (o_free or template[o_slot] == o) and (not same or s == o):
            env = template.copy()
            env[s_slot] = s
            env[o_slot] = o
            step(store, env)

    return by_both


def _ordered(body: Body, bound: set[int], skip: int | None) -> list[Atom]:
    """Order the atoms so that each has as much known as possible when its turn comes."""
    known, left = set(bound), [i for i in range(len(body.atoms)) if i != skip]
    order: list[int] = []
    while left:
        _spread(known, body)

        costs = {i: (_unknown(body.atoms[i], known), i) for i in left}
        best = min(left, key=costs.__getitem__)
        left.remove(best)
        order.append(best)
        known |= {t for t in body.atoms[best] if t < 0}
    return [body.atoms[i] for i in order]


def _unknown(atom: Atom, known: Set[int]) -> int:
    """Return how much of an atom is open: 0 nothing, 1 the object, 2 the subject, 3 both."""
    s, _, o = atom
    return 2 * (s < 0 and s not in known) + (o < 0 and o not in known)


def _spread(known: set[int], body: Body) -> None:
    """Add the variables that can be computed from known ones."""
    for variable, expr in body.binds:
        if expr_variables(expr) <= known:
            known.add(variable)


def _chain(chain: list[Atom], body: Body, bound: set[int], slots: Slots, last: Step) -> Step:
    """Link atoms, bindings and guards into one chain that ends in ``last``."""
    known = set(bound)
    binds, guards = list(body.binds), list(body.guards)
    can_bind = bound | body.variables()
    makers: list[Callable[[Step], Step]] = []

    def ready(final: bool = False) -> None:
        moved = True
        while moved:
            moved = False
            for item in list(binds):
                if final or expr_variables(item[1]) & can_bind <= known:
                    binds.remove(item)
                    makers.append(_bind_step(item[0], item[1], slots, can_bind))
                    known.add(item[0])
                    moved = True
            for guard in list(guards):
                if final or expr_variables(guard) & can_bind <= known:
                    guards.remove(guard)
                    makers.append(_guard_step(guard, slots, can_bind))

    ready()
    for atom in chain:
        makers.append(_atom_step(atom, known, slots))
        known |= {t for t in atom if t < 0}
        ready()
    ready(final=True)
    for inner in body.absences:
        makers.append(_absent_step(inner, known, slots))
    step = last
    for make in reversed(makers):
        step = make(step)
    return step


def _bind_step(variable: int, expr: Expr, slots: Slots, can_bind: set[int]) -> Callable[[Step], Step]:
    numbered = slots.expr(expr, can_bind)
    slot, compute = slots[variable], compile_expr(numbered)
    inputs = sorted(expr_variables(numbered)) if expr_variables(expr) else []
    known: dict[tuple[str, ...], str] = {}

    def make(following: Step) -> Step:
        def step(store: Store, env: Env) -> None:
            terms = store.terms
            try:
                key = tuple([terms.name(env[i]) if env[i] >= 0 else "" for i in inputs])
                token = known.get(key)
                if token is None:
                    if len(known) >= REMEMBERED:
                        known.clear()
                    token = known[key] = token_of(compute(env, terms))
                env[slot] = terms.same_value(terms.id(token))
            except ExprError:
                env[slot] = UNBOUND
            following(store, env)

        return step

    return make


def _guard_step(guard: Expr, slots: Slots, can_bind: set[int]) -> Callable[[Step], Step]:
    test = compile_expr(slots.expr(guard, can_bind))

    def make(following: Step) -> Step:
        def step(store: Store, env: Env) -> None:
            try:
                passed = truth(test(env, store.terms))
            except ExprError:
                return
            if passed:
                following(store, env)

        return step

    return make


def _atom_step(atom: Atom, known: set[int], slots: Slots) -> Callable[[Step], Step]:
    s, p, o = atom
    s_slot, o_slot = slots[s], slots[o]
    s_known, o_known = s >= 0 or s in known, o >= 0 or o in known
    if s_known and o_known:
        return lambda following: _member(s_slot, p, o_slot, following)
    if s_known:
        return lambda following: _forward(s_slot, p, o_slot, following)
    if o_known:
        return lambda following: _backward(s_slot, p, o_slot, following)
    return lambda following: _everything(s_slot, p, o_slot, s == o, following)


def _member(s_slot: int, p: int, o_slot: int, following: Step) -> Step:
    def step(store: Store, env: Env) -> None:
        fact = (env[s_slot], p, env[o_slot])
        if fact in store.derivations or (store.base is not None and fact in store.base.derivations):
            following(store, env)

    return step


def _forward(s_slot: int, p: int, o_slot: int, following: Step) -> Step:
    def step(store: Store, env: Env) -> None:
        s = env[s_slot]
        here = store.out.get(p, _EMPTY).get(s)
        if here:
            for o in here[:]:
                env[o_slot] = o
                following(store, env)
        if store.base is not None:
            for o in store.base.out.get(p, _EMPTY).get(s, ()):
                env[o_slot] = o
                following(store, env)

    return step


def _backward(s_slot: int, p: int, o_slot: int, following: Step) -> Step:
    def step(store: Store, env: Env) -> None:
        o = env[o_slot]
        here = store.inn.get(p, _EMPTY).get(o)
        if here:
            for s in here[:]:
                env[s_slot] = s
                following(store, env)
        if store.base is not None:
            for s in store.base.inn.get(p, _EMPTY).get(o, ()):
                env[s_slot] = s
                following(store, env)

    return step


def _everything(s_slot: int, p: int, o_slot: int, same: bool, following: Step) -> Step:
    def step(store: Store, env: Env) -> None:
        for s, o in list(store.pairs(p)):
            if not same or s == o:
                env[s_slot] = s
                env[o_slot] = o
                following(store, env)

    return step


class _FoundError(Exception):
    """Ends the search inside an absence at its first match."""


def _found(store: Store, env: Env) -> None:
    raise _FoundError


def _absent_step(inner: Body, known: set[int], slots: Slots) -> Callable[[Step], Step]:
    """Pass on the match when the inner body has none; inner variables start unbound."""
    search = _chain(_ordered(inner, known, None), inner, known, slots, _found)

    def make(following: Step) -> Step:
        def step(store: Store, env: Env) -> None:
            try:
                search(store, env.copy())
            except _FoundError:
                return
            following(store, env)

        return step

    return make


def _conclude(rule: Rule, slots: Slots) -> Step:
    body_slots = [(slots[s], p, slots[o]) for s, p, o in rule.body.atoms] if not _silent(rule) else []
    head_slots = [(slots[s], slots[p], slots[o]) for s, p, o in rule.head]

    group = slots.group_facts

    def premises(env: Env) -> Premises:
        return (*group, *[(env[s], p, env[o]) for s, p, o in body_slots])

    if not head_slots:

        def refute(store: Store, env: Env) -> None:
            store.contradict((rule, premises(env)))

        return refute

    if len(head_slots) == 1:
        hs, hp, ho = head_slots[0]

        def conclude_one(store: Store, env: Env) -> None:
            fact = (env[hs], env[hp], env[ho])
            if (fact in store.derivations and store.alternatives is None) or UNBOUND in fact:
                return
            store.add(fact, (rule, premises(env)))

        return conclude_one

    def conclude(store: Store, env: Env) -> None:
        for s, p, o in head_slots:
            fact = (env[s], env[p], env[o])
            if UNBOUND in fact:
                continue
            if fact in store.derivations and store.alternatives is None:
                continue
            store.add(fact, (rule, premises(env)))

    return conclude


def _silent(rule: Rule) -> bool:
    """Rules about literals alone have no premises: what wakes them is only the literal's being there."""
    return rule.id in ("dt-type2", "dt-diff")


def _grouped(rule: Rule, slots: Slots, outer: Step) -> Callable[[Store, int, int], None]:
    """Match the inner bodies, group their rows, and run the outer chain once for each group."""
    aggregate = rule.body.aggregate
    assert aggregate is not None
    inner = Slots()
    rows: list[tuple[Env, list[Fact]]] = []
    collectors = [_collector(body, inner, rows) for body in aggregate.bodies]
    wanted = [inner[v] for v in aggregate.group]
    targets = [slots[v] for v in aggregate.group]
    keep = [inner[v] for v in aggregate.distinct_rows] if aggregate.distinct_rows is not None else None
    can_bind = {v for body in aggregate.bodies for v in body.variables()}
    outputs: list[tuple[str, bool, Evaluator, int]] = [
        (function, distinct, compile_expr(inner.expr(expr, can_bind)), slots[v])
        for function, distinct, expr, v in aggregate.outputs
    ]
    template, inner_template, group_facts = slots.template, inner.template, slots.group_facts

    def run(store: Store, s: int, o: int) -> None:
        rows.clear()
        for collect in collectors:
            collect(store, inner_template.copy())
        chosen = rows
        if keep is not None:
            unique: dict[tuple[int, ...], tuple[Env, list[Fact]]] = {}
            for row in rows:
                unique.setdefault(tuple([row[0][slot] for slot in keep]), row)
            chosen = list(unique.values())
        groups: dict[tuple[int, ...], list[tuple[Env, list[Fact]]]] = {} if wanted else {(): []}
        for row in chosen:
            groups.setdefault(tuple([row[0][slot] for slot in wanted]), []).append(row)
        for key, members in groups.items():
            env = template.copy()
            for slot, term in zip(targets, key, strict=True):
                env[slot] = term
            telling: dict[Fact, None] = {}
            try:
                for function, distinct, compute, slot in outputs:
                    value, witnesses = _aggregate(function, distinct, compute, members, store)
                    env[slot] = store.terms.same_value(store.terms.id(token_of(value)))
                    telling |= dict.fromkeys(fact for _, facts in witnesses for fact in facts)
            except ExprError:
                continue
            group_facts[:] = telling
            outer(store, env)
        group_facts.clear()

    return run


def _collector(body: Body, slots: Slots, rows: list[tuple[Env, list[Fact]]]) -> Step:
    """Return a step that notes every match of a body with the facts it rests on."""
    atoms = [(slots[s], p, slots[o]) for s, p, o in body.atoms]

    def note(store: Store, env: Env) -> None:
        rows.append((env.copy(), [(env[s], p, env[o]) for s, p, o in atoms]))

    return _chain(_ordered(body, set(), None), body, set(), slots, note)


def _aggregate(
    function: str, distinct: bool, compute: Evaluator, members: list[tuple[Env, list[Fact]]], store: Store
) -> tuple[Any, list[tuple[Env, list[Fact]]]]:
    """Return an aggregate's value and the rows it rests on: one at the extreme, or all that were counted."""
    values: list[Any] = []
    counted: list[tuple[Env, list[Fact]]] = []
    for row in members:
        try:
            value = compute(row[0], store.terms)
        except ExprError:
            if function != "count":
                raise
            continue
        if not (distinct and value in values):
            values.append(value)
            counted.append(row)
    if function == "count":
        return len(values), counted
    if function == "sum":
        return sum(values), counted
    if not values:
        raise ExprError("nothing to compare")
    best = min(values) if function == "min" else max(values)
    return best, [counted[values.index(best)]]
