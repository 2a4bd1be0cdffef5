"""Facts with their derivations, indexed for joins.

A `Store` may lie on a base that it never changes: the closed knowledge below, one patient above.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar

from posthma.errors import LimitError
from posthma.rules.form import Rule
from posthma.terms import OWL, Fact, Terms, Triple

Given = ParamSpec("Given")
Made = TypeVar("Made")
Premises = tuple[Fact, ...]
Derivation = tuple[Rule, Premises]
Index = dict[int, dict[int, list[int]]]
_NONE: dict[int, list[int]] = {}

SAME_TOKEN = f"<{OWL}sameAs>"


def without_collector(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Run a function with Python's cycle collector off: facts and rules form no cycles, it would only look at them."""

    @wraps(function)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        on = gc.isenabled()
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            if on:
                gc.enable()

    return run


class Store:
    """A set of facts; each is asserted (derivation None) or keeps the derivation that produced it first.

    Args:
        terms: The table that names the integers.
        base: A finished store to read from as well.
        limit: The most facts this store may hold; a record that would explode stops here.
        keep_all: Keep every derivation, not only the first.
    """

    __slots__ = (
        "about_base",
        "alternatives",
        "base",
        "contradictions",
        "derivations",
        "inn",
        "limit",
        "load_why",
        "log",
        "low",
        "out",
        "packed",
        "terms",
        "written",
    )

    def __init__(self, terms: Terms, base: Store | None = None, limit: int = 2_000_000, keep_all: bool = False) -> None:
        self.terms = terms
        self.base = base
        self.low = len(base.terms) if base is not None else 0
        """Terms below this number are the base's."""
        self.about_base = False
        """Whether some fact here has a subject of the base that is no literal."""
        self.limit = limit
        self.derivations: dict[Fact, Derivation | None] = {}
        self.log: list[Fact] = []
        self.out: Index = {}
        self.inn: Index = {}
        self.written: dict[Fact, int] = {}
        """Asserted fact -> its object as written, where that is another form of the same value."""
        self.packed: dict[int, list[int]] = {}
        """Predicate -> subject, object, subject, object ... of facts that are not indexed yet (cached knowledge)."""
        self.load_why: Callable[[], dict[Fact, Derivation]] | None = None
        """Gives the derivations of cached knowledge, which are read when a proof first asks."""
        self.contradictions: dict[Derivation, None] = {}
        self.alternatives: dict[Fact, dict[Derivation, None]] | None = {} if keep_all else None

    def __contains__(self, fact: Fact) -> bool:
        return fact in self.derivations or (self.base is not None and fact in self.base.derivations)

    def add(self, fact: Fact, derivation: Derivation | None) -> None:
        """Enter a fact unless it is known.

        Raises:
            LimitError: The store is full.
        """
        derivations, base = self.derivations, self.base
        if fact in derivations or (base is not None and fact in base.derivations):
            if self.alternatives is not None and derivation is not None:
                self.alternatives.setdefault(fact, {})[derivation] = None
            return
        derivations[fact] = derivation
        log = self.log
        log.append(fact)
        s, p, o = fact
        if s < self.low and self.terms.name(s)[0] != '"':
            self.about_base = True
        by_subject = self.out.get(p)
        if by_subject is None:
            self.out[p] = {s: [o]}
            self.inn[p] = {o: [s]}
        else:
            here = by_subject.get(s)
            if here is None:
                by_subject[s] = [o]
            else:
                here.append(o)
            by_object = self.inn[p]
            here = by_object.get(o)
            if here is None:
                by_object[o] = [s]
            else:
                here.append(s)
        if len(log) > self.limit:
            raise LimitError(
                "closure",
                f"more than {self.limit} facts would follow",
                "look for self-referential chains or equal terms",
            )

    def state(self, triple: Triple) -> None:
        """Enter an asserted triple."""
        fact = self.terms.fact(triple)
        written = self.terms.id(triple[2])
        if written != fact[2] and fact not in self.derivations:
            self.written[fact] = written
        self.add(fact, None)

    def contradict(self, derivation: Derivation) -> None:
        """Note a contradiction; equal ones are kept once."""
        self.contradictions[derivation] = None

    def derivation(self, fact: Fact) -> Derivation | None:
        """Return the derivation kept for a fact; None when it is asserted.

        Raises:
            KeyError: The fact is unknown.
        """
        if fact in self.derivations:
            if self.load_why is not None:
                why, self.load_why = self.load_why, None
                self.derivations.update(why())
            return self.derivations[fact]
        if self.base is not None:
            return self.base.derivation(fact)
        raise KeyError(fact)

    def unpack(self, p: int) -> None:
        """Index the facts of a predicate that came packed."""
        flat = self.packed.pop(p, None)
        if flat is None:
            return
        out: dict[int, list[int]] = {}
        inn: dict[int, list[int]] = {}
        pairs = iter(flat)
        for s, o in zip(pairs, pairs, strict=True):
            out.setdefault(s, []).append(o)
            inn.setdefault(o, []).append(s)
        self.out[p], self.inn[p] = out, inn

    def objects(self, p: int, s: int) -> Iterator[int]:
        """Yield the objects of ``s p ?``, here and in the base."""
        if p in self.packed:
            self.unpack(p)
        yield from self.out.get(p, _NONE).get(s, ())
        if self.base is not None:
            yield from self.base.objects(p, s)

    def subjects(self, p: int, o: int) -> Iterator[int]:
        """Yield the subjects of ``? p o``, here and in the base."""
        if p in self.packed:
            self.unpack(p)
        yield from self.inn.get(p, _NONE).get(o, ())
        if self.base is not None:
            yield from self.base.subjects(p, o)

    def pairs(self, p: int) -> Iterator[tuple[int, int]]:
        """Yield subject and object of every fact with a predicate, here and in the base."""
        if p in self.packed:
            self.unpack(p)
        for s, objects in self.out.get(p, _NONE).items():
            for o in objects:
                yield s, o
        if self.base is not None:
            yield from self.base.pairs(p)

    def match(self, s: int | None, p: int | None, o: int | None) -> Iterator[Fact]:
        """Yield the facts that fit a pattern, None being any term."""
        if p is None:
            facts: Iterable[Fact] = self.log if self.base is None else [*self.log, *self.base.log]
            yield from (f for f in facts if s in (None, f[0]) and o in (None, f[2]))
        elif s is not None and o is not None:
            if (s, p, o) in self:
                yield (s, p, o)
        elif s is not None:
            yield from ((s, p, x) for x in self.objects(p, s))
        elif o is not None:
            yield from ((x, p, o) for x in self.subjects(p, o))
        else:
            yield from ((x, p, y) for x, y in self.pairs(p))
