"""Partial evaluation: what a rule asks of the knowledge is answered once, when the program is compiled.

A body atom that only knowledge can match is replaced by each of its matches, and what was matched is kept as
the rule's axioms, so that proofs can cite it. Expressions over constants are computed. What may also be
matched by a patient's facts stays; at run time it is looked up in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from posthma.rules.expressions import ExprError, compile_expr, truth
from posthma.rules.form import Atom, Body, Expr, Rule, expr_variables, rename_body, rename_rule
from posthma.store import Store
from posthma.terms import Fact, token_of

PATH_RULE = Rule("path", (), Body())
"""Marks facts that stand for a walk along a property path; proofs show the walk instead."""


@dataclass
class Closed:
    """What no patient fact can ever match: predicates, and classes of ``rdf:type``.

    A record whose closure holds such a key after all is not answered from the specialised rules.
    """

    type: int
    predicates: set[int] = field(default_factory=set)
    classes: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    """Predicates and classes that some rule was resolved by; only these make a record need a full closure."""
    subjects_with: set[int] = field(default_factory=set)
    """Predicates that were resolved for a knowledge subject."""

    def covers(self, atom: Atom) -> bool:
        """Say whether only knowledge can match an atom."""
        s, p, o = atom
        if p == self.type:
            return o in self.classes or s >= 0
        return p in self.predicates or s >= 0


def patient_keys(rules: Iterable[Rule], record_keys: set[tuple[int, int]], type_: int) -> set[tuple[int, int]]:
    """Return every key that a patient's facts can have: what records hold and what follows from it.

    A key is ``(predicate, class)`` for ``rdf:type`` and ``(predicate, -1)`` for the rest.
    """
    found = set(record_keys)
    by_body: dict[tuple[int, int], list[Rule]] = defaultdict(list)
    for rule in rules:
        for s, p, o in rule.body.atoms:
            by_body[key_of((s, p, o), type_)].append(rule)
    agenda = list(found)
    any_type = (type_, -1)
    while agenda:
        key = agenda.pop()
        for rule in [*by_body[key], *(by_body[any_type] if key[0] == type_ else ())]:
            for atom in rule.head:
                head = key_of(atom, type_)
                if head not in found:
                    found.add(head)
                    agenda.append(head)
    return found


def key_of(atom: Atom, type_: int) -> tuple[int, int]:
    """Return the dependency node of an atom: predicate and class; -1 stands for any class or none."""
    _, p, o = atom
    return (p, o if p == type_ and o >= 0 else -1)


def specialise(rule: Rule, knowledge: Store, closed: Closed) -> Iterator[Rule]:
    """Yield the instances of a rule that the knowledge allows and that still ask something of a patient."""
    folded = fold(rule, knowledge)
    if folded is None:
        return
    atoms = folded.body.atoms
    best, index = None, -1
    for i, (s, p, o) in enumerate(atoms):
        if p >= 0 and closed.covers((s, p, o)):
            cost = (s < 0) + (o < 0)
            if best is None or cost < best:
                best, index = cost, i
    if index < 0:
        if atoms or folded.body.aggregate is not None:
            yield folded
        return
    s, p, o = atoms[index]
    if s >= 0 and p not in closed.predicates:
        closed.subjects_with.add(p)
    else:
        closed.used.add(o if p == closed.type else p)
    rest = replace(folded, body=replace(folded.body, atoms=atoms[:index] + atoms[index + 1 :]))
    for fact in list(knowledge.match(s if s >= 0 else None, p, o if o >= 0 else None)):
        env = _unify((s, o), (fact[0], fact[2]))
        if env is not None:
            yield from specialise(rename_rule(rest, env, _axioms(fact, knowledge)), knowledge, closed)


def _axioms(fact: Fact, knowledge: Store) -> list[Fact]:
    """Return what to cite for a knowledge fact: itself, or the walk that a path stands for."""
    derivation = knowledge.derivations.get(fact)
    return list(derivation[1]) if derivation is not None and derivation[0] is PATH_RULE else [fact]


def _unify(pattern: tuple[int, int], terms: tuple[int, int]) -> dict[int, int] | None:
    env: dict[int, int] = {}
    for variable, term in zip(pattern, terms, strict=True):
        if variable < 0 and env.setdefault(variable, term) != term:
            return None
    return env


def fold(rule: Rule, knowledge: Store) -> Rule | None:
    """Compute what is constant; None when the rule can never fire."""
    while rule.body.binds or rule.body.guards:
        body = rule.body
        can_bind = body.variables()
        env: dict[int, int] = {}
        binds = []
        for variable, expr in body.binds:
            known = _constant(expr, can_bind)
            if known is None or env:
                binds.append((variable, expr))
                continue
            try:
                token = token_of(compile_expr(known)([], knowledge.terms))
            except ExprError:
                continue  # the variable stays unbound
            env[variable] = knowledge.terms.same_value(knowledge.terms.id(token))
        guards = []
        for guard in body.guards:
            known = _constant(guard, can_bind)
            if known is None:
                guards.append(guard)
                continue
            try:
                if not truth(compile_expr(known)([], knowledge.terms)):
                    return None
            except ExprError:
                return None
        if len(binds) == len(body.binds) and len(guards) == len(body.guards):
            break
        rule = replace(rule, body=replace(body, binds=tuple(binds), guards=tuple(guards)))
        if env:
            rule = rename_rule(rule, env)
    usable = rule.body.variables()
    if any(t < 0 and t not in usable for atom in rule.head for t in atom):
        kept = tuple(a for a in rule.head if all(t >= 0 or t in usable for t in a))
        if not kept:
            return None
        rule = replace(rule, head=kept)
    return rule


def _constant(expr: Expr, can_bind: set[int]) -> Expr | None:
    """Return an expression without variables (unbindable ones marked so), or None when it has some."""
    if expr_variables(expr) & can_bind:
        return None
    return _mark_unbound(expr)


def _mark_unbound(expr: Expr) -> Expr:
    if expr[0] == "var":
        return ("unbound",)
    if expr[0] in ("const", "value"):
        return expr
    return (expr[0], *(_mark_unbound(part) if isinstance(part, tuple) else part for part in expr[1:]))


def fill_paths(paths: dict[int, tuple[Any, ...]], knowledge: Store) -> set[int]:
    """Enter every walk along a starred path as a fact of its own predicate.

    Args:
        paths: Predicate standing for the path -> the path; see `sparql.walk_of`.
        knowledge: Where to walk and what to fill.

    Returns:
        The predicates walked over; a record that holds one of them needs a full closure.
    """
    walked: set[int] = set()

    def step(path: tuple[Any, ...]) -> dict[int, dict[int, tuple[Fact, ...]]]:
        kind, *parts = path
        found: dict[int, dict[int, tuple[Fact, ...]]] = defaultdict(dict)
        if kind == "iri":
            p = knowledge.terms.id(parts[0])
            walked.add(p)
            for s, o in knowledge.pairs(p):
                found[s][o] = ((s, p, o),)
            return found
        if kind == "inverse":
            for s, objects in step(parts[0]).items():
                for o, why in objects.items():
                    found[o][s] = why
            return found
        if kind == "either":
            for part in parts:
                for s, objects in step(part).items():
                    found[s] = {**objects, **found[s]}
            return found
        if kind == "sequence":
            result = step(parts[0])
            for part in parts[1:]:
                result = _compose(result, step(part))
            return result
        return step(parts[0]) if kind == "maybe" else _transitive(step(parts[0]))

    for predicate, path in paths.items():
        for s, objects in step(path).items():
            for o, why in objects.items():
                knowledge.add((s, predicate, o), (PATH_RULE, why))
    return walked


def _compose(
    first: dict[int, dict[int, tuple[Fact, ...]]], second: dict[int, dict[int, tuple[Fact, ...]]]
) -> dict[int, dict[int, tuple[Fact, ...]]]:
    found: dict[int, dict[int, tuple[Fact, ...]]] = defaultdict(dict)
    for s, middles in first.items():
        for m, why in middles.items():
            for o, more in second.get(m, {}).items():
                found[s].setdefault(o, why + more)
    return found


def _transitive(relation: dict[int, dict[int, tuple[Fact, ...]]]) -> dict[int, dict[int, tuple[Fact, ...]]]:
    found: dict[int, dict[int, tuple[Fact, ...]]] = {}
    for start in relation:
        reached: dict[int, tuple[Fact, ...]] = {}
        frontier = dict(relation[start])
        while frontier:
            reached |= frontier
            following: dict[int, tuple[Fact, ...]] = {}
            for middle, why in frontier.items():
                for o, more in relation.get(middle, {}).items():
                    if o not in reached:
                        following.setdefault(o, why + more)
            frontier = following
        found[start] = reached
    return found


def unfold(rules: Sequence[Rule], auxiliary: set[int]) -> list[Rule]:
    """Resolve away auxiliary predicates, so that what they carry step by step becomes one n-ary step.

    Source: the union refutation of the pattern book, whose list cells must not appear in proofs.
    """
    if not auxiliary:
        return list(rules)
    defined: dict[tuple[int, int], list[Rule]] = defaultdict(list)
    for rule in rules:
        for _, p, o in rule.head:
            if p in auxiliary:
                defined[(p, o)].append(rule)
    cache: dict[tuple[int, int], list[Rule]] = {}

    def flat(rule: Rule) -> list[Rule]:
        for i, (s, p, o) in enumerate(rule.body.atoms):
            if p not in auxiliary:
                continue
            rest = rule.body.atoms[:i] + rule.body.atoms[i + 1 :]
            found = []
            for definition in resolved((p, o)):
                inner = _fresh_body(definition, rule, s)
                atoms = tuple(dict.fromkeys(rest + inner.atoms))
                body = replace(
                    rule.body, atoms=atoms, binds=rule.body.binds + inner.binds, guards=rule.body.guards + inner.guards
                )
                axioms = tuple(dict.fromkeys(rule.axioms + definition.axioms))
                found += flat(replace(rule, body=body, axioms=axioms))
            return found
        return [rule]

    def resolved(key: tuple[int, int]) -> list[Rule]:
        if key not in cache:
            cache[key] = []  # a circle adds nothing
            cache[key] = [r for d in defined.get(key, ()) for r in flat(d)]
        return cache[key]

    kept = [rule for rule in rules if not all(p in auxiliary for _, p, _ in rule.head) or not rule.head]
    return [r for rule in kept for r in flat(rule)]


def _fresh_body(definition: Rule, user: Rule, subject: int) -> Body:
    """Return a definition's body with its head's subject replaced and its other variables renamed apart."""
    taken = min([0, *user.body.mentioned(), *(t for a in user.head for t in a)])
    env = {v: taken - 1 - i for i, v in enumerate(sorted(definition.body.mentioned(), reverse=True))}
    head_subject = definition.head[0][0]
    if head_subject < 0:
        env[head_subject] = subject
    return rename_body(definition.body, env)
