"""Semi-naive forward chaining: run rules to their fixpoint and keep why each fact holds.

A store's log is the agenda. Each fact that a stratum has not yet seen wakes the rules that mention it, and what
they conclude is appended to the same log. So a stratum has reached its fixpoint when it has read the log to its
end, and a layer that comes again starts where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from posthma.equality import Equality
from posthma.rules.form import Rule, iter_bodies
from posthma.rules.run import build
from posthma.rules.strata import KeyIndex, heads
from posthma.store import Store
from posthma.terms import Fact

SUBJECT, OBJECT = -1, -2
Direct = tuple[int, int, int, Rule]
"""Subject, predicate and object to conclude, where -1 and -2 are those of the new fact; and the rule."""
Tables = tuple[Sequence[int], Sequence[tuple[int, int, Sequence[tuple[int, int, int, int]], Sequence[tuple[int, int]]]]]
"""A stratum as numbers: rules matched as a whole; and by predicate and object direct rules and woken ones."""


class _Wake:
    """A rule that a new fact wakes at one of its atoms (-1: none, it runs as a whole); planned at the first call."""

    __slots__ = ("index", "rule", "run")

    def __init__(self, rule: Rule, index: int) -> None:
        self.rule, self.index = rule, index
        self.run: Callable[[Store, int, int], None] = self._first

    def _first(self, store: Store, s: int, o: int) -> None:
        self.run = build(self.rule, self.index if self.index >= 0 else None, store.base)
        self.run(store, s, o)


class _Interest:
    """What the rules of a stratum do with a new fact: conclude from it directly, or look for the rest of a body."""

    __slots__ = ("direct", "wakes")

    def __init__(self) -> None:
        self.direct: list[Direct] = []
        self.wakes: list[_Wake] = []


class Stratum:
    """Rules that reach their fixpoint together; nothing they must find absent is concluded here.

    Args:
        rules: The rules.
        name: The layer's name.
        again: The stratum will meet facts that came after its first run (a layer that runs more than once, or one
            whose axioms grow); every atom can then wake its rule. Otherwise a rule is matched once as a whole, and
            only atoms that rules of this very stratum conclude wake it again.
    """

    def __init__(self, rules: Iterable[Rule] = (), name: str = "", again: bool = False) -> None:
        self.name, self.again = name, again
        self.rules: list[Rule] = []
        self.whole: list[tuple[Rule, _Wake]] = []
        self._seeds: dict[int, dict[int, list[int]]] | None = None
        self._always: list[int] = []
        self._read: set[tuple[int, int]] | None = None
        self._interests: dict[int, dict[int, _Interest]] = {}
        """Predicate -> object, -1 for any -> what to do."""
        rules = list(rules)
        self._concluded = KeyIndex(key for rule in rules for key in heads(rule))
        for rule in rules:
            self.add(rule)

    def add(self, rule: Rule) -> None:
        """Take in one rule."""
        self.rules.append(rule)
        self._seeds = None
        body = rule.body
        grouped = body.aggregate is not None
        if grouped or not body.atoms or not self.again:
            self.whole.append((rule, _Wake(rule, -1)))
        if grouped:
            return
        direct = _direct(rule)
        for index, (_, p, o) in enumerate(body.atoms):
            if not self.again and not self._concluded.overlapping((p, o if o >= 0 else -1, 0)):
                continue
            if direct is not None:
                self._interest(p, o).direct.append(direct)
            else:
                self._interest(p, o).wakes.append(_Wake(rule, index))

    def _interest(self, p: int, o: int) -> _Interest:
        return self._interests.setdefault(p, {-1: _Interest()}).setdefault(max(o, -1), _Interest())

    @classmethod
    def restore(cls, name: str, again: bool, tables: Tables, rules: Sequence[Rule]) -> Stratum:
        """Return a stratum from its tables; see `tables`."""
        found = cls((), name, again)
        whole, interests = tables
        used = set(whole)
        found.whole = [(rules[r], _Wake(rules[r], -1)) for r in whole]
        for p, o, direct, wakes in interests:
            interest = found._interest(p, o)
            interest.direct = [(hs, hp, ho, rules[r]) for hs, hp, ho, r in direct]
            interest.wakes = [_Wake(rules[r], index) for r, index in wakes]
            used.update(d[3] for d in direct)
            used.update(r for r, _ in wakes)
        found.rules = [rules[r] for r in sorted(used)]
        return found

    def tables(self, number: Callable[[Rule], int]) -> Tables:
        """Return this stratum as plain numbers; ``number`` gives a rule its own."""
        return (
            [number(rule) for rule, _ in self.whole],
            [
                (p, o, [(*d[:3], number(d[3])) for d in i.direct], [(number(w.rule), w.index) for w in i.wakes])
                for p, by_object in self._interests.items()
                for o, i in by_object.items()
            ],
        )

    def reads(self, fact: Fact) -> bool:
        """Say whether some rule may match a fact, be it to find it absent or to count it."""
        if self._read is None:
            atoms = (a for rule in self.rules for body, _ in iter_bodies(rule.body) for a in body.atoms)
            self._read = {(p, o if o >= 0 else -1) for _, p, o in atoms}
        return (fact[1], fact[2]) in self._read or (fact[1], -1) in self._read

    def saturate(self, store: Store, mark: int = 0) -> int:
        """Run to the fixpoint.

        Args:
            store: Where to match and to conclude.
            mark: How far this stratum has read the store's log before.

        Returns:
            How far the log has been read: its length.
        """
        if not self.again:
            mark = len(store.log)
        self._match_whole(store)
        log, add, known = store.log, store.add, store.derivations
        keep_all = store.alternatives is not None
        interests = self._interests.get
        while mark < len(log):
            fact = log[mark]
            mark += 1
            s, p, o = fact
            by_object = interests(p)
            if by_object is None:
                continue
            every = by_object[-1]
            for hs, hp, ho, rule in every.direct:
                new = (
                    s if hs == SUBJECT else o if hs == OBJECT else hs,
                    hp,
                    o if ho == OBJECT else s if ho == SUBJECT else ho,
                )
                if new not in known or keep_all:
                    add(new, (rule, (fact,)))
            for wake in every.wakes:
                wake.run(store, s, o)
            one = by_object.get(o)
            if one is not None:
                for hs, hp, ho, rule in one.direct:
                    new = (s if hs == SUBJECT else hs, hp, s if ho == SUBJECT else ho)
                    if new not in known or keep_all:
                        add(new, (rule, (fact,)))
                for wake in one.wakes:
                    wake.run(store, s, o)
        return mark

    def _match_whole(self, store: Store) -> None:
        """Match rules as a whole, in their order, passing over those whose rarest atom has no fact."""
        if self._seeds is None:
            self._plant(store)
        assert self._seeds is not None
        if store.about_base:
            chosen = list(range(len(self.whole)))
        else:
            inn, chosen = store.inn, self._always.copy()
            for p, by_object in self._seeds.items():
                here = inn.get(p)
                if here:
                    chosen += by_object.get(-1, ())
                    few, many = (here, by_object) if len(here) < len(by_object) else (by_object, here)
                    for o in few:
                        if o in many and o >= 0:
                            chosen += by_object[o]
            chosen.sort()
        whole = self.whole
        for index in chosen:
            whole[index][1].run(store, 0, 0)

    def _plant(self, store: Store) -> None:
        """Sort the rules that are matched as a whole by the atom that decides soonest; see `_seed`."""
        self._seeds, self._always = {}, []
        for index, (rule, _) in enumerate(self.whole):
            seed = _seed(rule, store.base)
            if seed is None:
                self._always.append(index)
            else:
                self._seeds.setdefault(seed[0], {}).setdefault(seed[1], []).append(index)


def _seed(rule: Rule, base: Store | None) -> tuple[int, int] | None:
    """Return predicate and object (-1 for any) of the atom that decides soonest that a rule does not fire.

    The base can match an atom too, but not one about a subject of which another atom says what the base says of
    none: there only facts of the record are left, as long as none of these is about a subject of the base.
    None: the rule must be tried whatever a record holds.
    """
    if rule.body.aggregate is not None:
        return None
    atoms = [(s, (p, max(o, -1))) for s, p, o in rule.body.atoms]
    mine = {(s, key) for s, key in atoms if base is None or not _has(base, key)}
    new = {s for s, _ in mine if s < 0}
    keys = [key for s, key in atoms if s in new or (s, key) in mine]
    if not keys:
        return None
    constant = [key for key in keys if key[1] >= 0]
    rare = [key for key in constant if key[0] != constant[0][0]]
    return (rare or constant or keys)[-1]


def _has(base: Store, key: tuple[int, int]) -> bool:
    """Say whether a store has a fact of a predicate and, unless it is -1, an object."""
    base.unpack(key[0])
    here = base.inn.get(key[0], {})
    return key[1] in here or (key[1] < 0 and bool(here))


def _direct(rule: Rule) -> Direct | None:
    """Return a one-atom rule in the short form, or None when it does not have one."""
    body = rule.body
    if len(body.atoms) != 1 or len(rule.head) != 1 or body.guards or body.binds or body.absences:
        return None
    s, _, o = body.atoms[0]
    hs, hp, ho = rule.head[0]
    if s >= 0 or s == o or hp < 0:
        return None
    code = {s: SUBJECT}
    if o < 0:
        code[o] = OBJECT
    for term in (hs, ho):
        if term < 0 and term not in code:
            return None
    return (code.get(hs, hs), hp, code.get(ho, ho), rule)


Layers = Sequence[tuple[str, Sequence[Stratum]]]


def run_layers(store: Store, layers: Layers, logic: str = "logic", before: Before | None = None) -> list[int]:
    """Run declared layers in order, each to its fixpoint; a layer that comes again goes on where it stopped.

    Args:
        store: Holds the asserted facts.
        layers: Name and strata of each layer.
        logic: The layer that equality belongs to.
        before: A run on nearly the same facts; what its first strata concluded is taken over while it cannot differ.

    Returns:
        The length of the log before each stratum and at the end.
    """
    equality = Equality(store)
    marks: dict[int, int] = {}
    ends = [len(store.log)]
    steps = [(name, stratum) for name, strata in layers for stratum in strata]
    taken = before.take_over(store, steps) if before is not None else 0
    for number, (name, stratum) in enumerate(steps):
        if before is not None and number < taken:
            before.copy(store, number)
        elif name == logic:
            marks[id(stratum)] = equality.saturate(stratum, marks.get(id(stratum), 0))
        else:
            marks[id(stratum)] = stratum.saturate(store, marks.get(id(stratum), 0))
        ends.append(len(store.log))
    return ends


class Before:
    """An earlier run that a new one may start from.

    Args:
        store: What it concluded.
        ends: The length of its log before each stratum and at the end; see `run_layers`.
    """

    def __init__(self, store: Store, ends: Sequence[int]) -> None:
        self.store, self.ends = store, ends

    def take_over(self, store: Store, steps: Sequence[tuple[str, Stratum]]) -> int:
        """Return how many of the first strata conclude the same from a store's asserted facts as they did before."""
        changed = set(self.store.log[: self.ends[0]]).symmetric_difference(store.log)
        for number, (_, stratum) in enumerate(steps):
            if stratum.again or any(stratum.reads(f) for f in changed):
                return number
        return len(steps)

    def copy(self, store: Store, number: int) -> None:
        """Enter what a stratum concluded before, with its derivations."""
        for fact in self.store.log[self.ends[number] : self.ends[number + 1]]:
            store.add(fact, self.store.derivations[fact])
