"""A plain forward chainer for the OWL 2 RL table, for the replay of a record.

It runs the rows as they stand, unspecialised, fact by fact. Left out are rows that can add nothing a rule of ours
reads: reflexive ones (eq-ref, scm-cls, scm-op, scm-dp), axiomatic ones, those on literals as such, and contradictions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from posthma.check.owl import Bindings, Pattern, bind, rules
from posthma.check.terms import CONTRADICTION, SAME, TYPE, Triple, members
from posthma.errors import LimitError

MAX_FACTS = 500_000
LEFT_OUT = frozenset({"eq-ref", "scm-cls", "scm-op", "scm-dp", "cls-thing", "cls-nothing1"})


@dataclass(frozen=True)
class _Trigger:
    """A rule seen from one premise: the pattern that a new fact matches, the others in joining order, the heads."""

    pattern: Pattern
    others: tuple[Pattern, ...]
    heads: tuple[Pattern, ...]


class Chainer:
    """Facts that are closed under OWL 2 RL as they are added."""

    def __init__(self) -> None:
        self.facts: set[Triple] = set()
        self._index: dict[tuple[str, str, str], list[Triple]] = {}
        self._triggers: dict[tuple[str, str], list[_Trigger]] = {}
        for name, rule in rules().items():
            if name not in LEFT_OUT and rule.conclusions != (CONTRADICTION,) and rule.listed is None:
                self._compile(rule.premises, rule.conclusions)

    def copy(self) -> Chainer:
        """Return a chainer with the same facts and rules that grows on its own."""
        other = Chainer.__new__(Chainer)
        other.facts = set(self.facts)
        other._index = {key: list(found) for key, found in self._index.items()}
        other._triggers = {key: list(found) for key, found in self._triggers.items()}
        return other

    def add(self, new: Iterable[Triple]) -> set[Triple]:
        """Add facts and everything that follows; return all that was not there before.

        Raises:
            LimitError: The closure passes `MAX_FACTS`.
        """
        waiting: list[Triple] = []
        fresh = sorted(set(new) - self.facts)
        for triple in fresh:
            self._store(triple)
        for triple in fresh:
            waiting += self._unroll(triple)
        waiting += fresh
        added = set(fresh)
        while waiting:
            for conclusion in list(self._fire(waiting.pop())):
                if conclusion not in self.facts:
                    self._store(conclusion)
                    added.add(conclusion)
                    waiting.append(conclusion)
        return added

    def _store(self, triple: Triple) -> None:
        if len(self.facts) >= MAX_FACTS:
            raise LimitError("replay", f"more than {MAX_FACTS} facts", "check a proof over a smaller record")
        self.facts.add(triple)
        subject, predicate, obj = triple
        for key in (
            ("", predicate, ""), (subject, predicate, ""), ("", predicate, obj), (subject, "", ""), ("", "", obj),
        ):  # fmt: skip
            self._index.setdefault(key, []).append(triple)

    def _unroll(self, axiom: Triple) -> Iterator[Triple]:
        """Make plain rules of a list axiom; yield the facts that they may fire on already."""
        if not axiom[2].startswith("("):
            return
        items = members(axiom[2])
        for name, rule in rules().items():
            if rule.listed is None or rule.conclusions == (CONTRADICTION,) or name in LEFT_OUT or not items:
                continue
            known = bind(rule.premises[rule.listed], axiom, {})
            if known is None:
                continue
            for body, heads in rule.unrolled(items):
                filled = tuple(_fill(pattern, known) for pattern in body)
                conclusions = tuple(_fill(head, known) for head in heads)
                if filled:
                    self._compile(filled, conclusions)
                    yield from self._lookup(filled[0])
                else:
                    for head in conclusions:
                        if head not in self.facts:
                            self._store(head)
                            yield head

    def _compile(self, body: tuple[Pattern, ...], heads: tuple[Pattern, ...]) -> None:
        for place, pattern in enumerate(body):
            bound = {term for term in pattern if term[0] == "?"}
            left = [other for at, other in enumerate(body) if at != place]
            order: list[Pattern] = []
            while left:
                best = max(left, key=lambda other: sum(term[0] != "?" or term in bound for term in other))
                left.remove(best)
                order.append(best)
                bound |= {term for term in best if term[0] == "?"}
            predicate, obj = pattern[1], pattern[2]
            key = ("" if predicate[0] == "?" else predicate, obj if predicate == TYPE and obj[0] != "?" else "")
            self._triggers.setdefault(key, []).append(_Trigger(pattern, tuple(order), heads))

    def _fire(self, fact: Triple) -> Iterator[Triple]:
        keys = {("", ""), (fact[1], ""), (fact[1], fact[2] if fact[1] == TYPE else "")}
        for key in keys:
            for trigger in self._triggers.get(key, ()):
                known = bind(trigger.pattern, fact, {})
                if known is not None:
                    for found in self._join(trigger.others, 0, known):
                        for head in trigger.heads:
                            subject, predicate, obj = _fill(head, found)
                            if predicate != SAME or subject != obj:
                                yield subject, predicate, obj

    def _join(self, patterns: tuple[Pattern, ...], at: int, known: Bindings) -> Iterator[Bindings]:
        if at == len(patterns):
            yield known
            return
        for triple in list(self._lookup(_fill(patterns[at], known))):
            found = bind(patterns[at], triple, known)
            if found is not None:
                yield from self._join(patterns, at + 1, found)

    def _lookup(self, pattern: Pattern) -> Iterable[Triple]:
        subject, predicate, obj = ("" if term[0] in "?01" else term for term in pattern)
        if subject and predicate and obj:
            return ((subject, predicate, obj),) if (subject, predicate, obj) in self.facts else ()
        if predicate:
            return self._index.get((subject, predicate, obj), ())
        if subject or obj:
            return self._index.get((subject, "", "") if subject else ("", "", obj), ())
        return tuple(self.facts)


def _fill(pattern: Pattern, known: Bindings) -> Triple:
    subject, predicate, obj = (known.get(term, term) for term in pattern)
    return subject, predicate, obj
