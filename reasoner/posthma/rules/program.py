"""A compiled program: the closed knowledge and the specialised rules of every layer.

Compiling closes ontology and knowledge base under OWL 2 RL, reads the CONSTRUCT files, answers what they ask of
the knowledge, and stratifies each layer. Running it on a record closes the record's facts alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from posthma.closure import Before, Stratum, run_layers
from posthma.equality import NeedsFullClosureError
from posthma.errors import RuleError
from posthma.rules.files import Parsed, RuleText, Walk
from posthma.rules.form import Rule, move_rule
from posthma.rules.owl import Names, schema_classes, schema_predicates
from posthma.rules.specialise import Closed, fill_paths, patient_keys, specialise, unfold
from posthma.rules.strata import MINTED, Key, check_layers, heads, stratify
from posthma.saturation import OwlLogic, add_axiomatic, note_ill_typed
from posthma.store import Store, without_collector
from posthma.terms import Terms, Triple

LOGIC = "logic"
SCHEMA_ONLY = ("scm-",)
KNOWLEDGE_FACTS = 50_000_000
"""The most facts of closed knowledge; beyond, something is wrong with it."""
FACTS_PER_TRIPLE, FACTS_AT_LEAST = 400, 200_000
"""A record may give so many facts for each of its triples, and always so many; beyond, it explodes."""


class Run(NamedTuple):
    """A closed record: its store, and what a run on nearly the same facts may start from."""

    store: Store
    before: Before | None


class Program:
    """Rules in strata, layer by layer, over a closed knowledge store.

    Args:
        base: The closed knowledge.
        order: The declared layers; one that stands twice runs twice.
        strata: The strata of each layer.
        closed: What only knowledge may hold; see `Closed`.
        whole: Gives the asserted knowledge, the rule files and the stratum of each rule id, for a full closure.
    """

    def __init__(
        self,
        base: Store,
        order: tuple[str, ...],
        strata: dict[str, list[Stratum]],
        closed: Closed,
        whole: Callable[[], tuple[Sequence[Triple], Sequence[RuleText], dict[str, int]]],
    ) -> None:
        self.base, self.order, self.strata, self.closed = base, order, strata, closed
        self.whole = whole
        self._layers = [(name, strata.get(name, [])) for name in order]
        names = Names(base.terms)
        self._watched = (closed.predicates & closed.used) | schema_predicates(names)
        self._watched_classes = (closed.classes & closed.used) | schema_classes(names)
        self._type = names.type

    def run(self, triples: Iterable[Triple], keep_all: bool = False) -> Store:
        """Close a record's facts on top of the knowledge; see `start`."""
        return self.start(triples, keep_all).store

    @without_collector
    def start(self, triples: Iterable[Triple], keep_all: bool = False, before: Before | None = None) -> Run:
        """Close a record's facts on top of the knowledge.

        Args:
            triples: The record's facts.
            keep_all: Keep every derivation of each fact.
            before: A run on nearly the same facts to start from.

        Returns:
            The store that holds the facts, and the run for a later one to start from.

        Raises:
            LimitError: The record explodes.
        """
        facts = list(triples)
        terms = before.store.terms if before is not None else Terms(self.base.terms)
        store = Store(terms, self.base, max(FACTS_AT_LEAST, FACTS_PER_TRIPLE * len(facts)), keep_all)
        try:
            for triple in facts:
                store.state(triple)
            self._refuse_knowledge(store, 0)
            note_ill_typed(store)
            ends = run_layers(store, self._layers, LOGIC, before)
            self._refuse_knowledge(store, len(facts))
        except NeedsFullClosureError:
            return Run(self.run_full(facts, keep_all), None)
        return Run(store, None if keep_all else Before(store, ends))

    def _refuse_knowledge(self, store: Store, since: int) -> None:
        """Raise `NeedsFullClosureError` when a fact speaks about what the rules took for settled."""
        known, type_ = len(self.base.terms), self._type
        asserted = since == 0
        for s, p, o in store.log[since:]:
            if p in self._watched or (p == type_ and o in self._watched_classes):
                raise NeedsFullClosureError
            if s < known and (asserted or p in self.closed.subjects_with) and store.terms.name(s)[0] != '"':
                raise NeedsFullClosureError

    @without_collector
    def run_full(self, triples: Iterable[Triple], keep_all: bool = False) -> Store:
        """Close knowledge and record together, unspecialised: slow, and right whatever the record says."""
        facts = list(triples)
        knowledge, sources, levels = self.whole()
        store = Store(Terms(), None, max(5_000_000, FACTS_PER_TRIPLE * len(facts)), keep_all)
        add_axiomatic(store)
        for triple in [*knowledge, *facts]:
            store.state(triple)
        note_ill_typed(store)
        logic = OwlLogic(store)
        logic.saturate()
        rules, paths = _placed(parse_all(sources), store.terms)
        fill_paths(paths, store)
        for name in self.order:
            if name == LOGIC:
                logic.saturate()
            for group in _by_level([r for r in rules if r.layer == name], levels):
                Stratum(group, name).saturate(store, 0)
        return store


def parse_all(sources: Sequence[RuleText]) -> list[Parsed]:
    """Return the rules of rule files, each parsed by rdflib.

    Raises:
        RuleError: A query is broken or outside the fragment.
    """
    from posthma.rules.sparql import parse  # a cached program needs no rdflib

    return [parse(source) for source in sources]


def _placed(files: Iterable[Parsed], terms: Terms) -> tuple[list[Rule], dict[int, Walk]]:
    """Return the rules of parsed files over one table of terms, and the walks that they take."""
    rules: list[Rule] = []
    paths: dict[int, Walk] = {}
    for file in files:
        to = [terms.same_value(terms.id(token)) for token in file.tokens]
        rules += [move_rule(rule, to) for rule in file.rules]
        paths |= {terms.id(token): walk for token, walk in file.paths}
    return rules, paths


def compile_program(
    knowledge: Sequence[Triple],
    sources: Sequence[RuleText],
    order: tuple[str, ...],
    record_keys: Iterable[str],
    parsed: Callable[[Sequence[RuleText]], list[Parsed]] = parse_all,
) -> Program:
    """Compile knowledge and rule files.

    Args:
        knowledge: Asserted triples of ontology and knowledge base.
        sources: The rule files.
        order: The declared layers; ``logic`` is OWL 2 RL.
        record_keys: IRIs of predicates and classes that a record may hold.
        parsed: Gives the rules of the files.

    Raises:
        RuleError: A rule is outside the fragment, its layer is not declared, or absence runs in a circle.
    """
    for source in sources:
        if source.layer not in order or source.layer == LOGIC:
            raise RuleError(source.path, f"layer {source.layer!r} is not declared", "see queries/rules/layers.toml")
    return _compile(knowledge, sources, order, record_keys, parsed(sources))


@without_collector
def _compile(
    knowledge: Sequence[Triple],
    sources: Sequence[RuleText],
    order: tuple[str, ...],
    record_keys: Iterable[str],
    files: Iterable[Parsed],
) -> Program:
    store = Store(Terms(), limit=KNOWLEDGE_FACTS)
    add_axiomatic(store)
    for triple in knowledge:
        store.state(triple)
    note_ill_typed(store)
    logic = OwlLogic(store)
    logic.saturate()
    generic, paths = _placed(files, store.terms)
    auxiliary = {store.terms.id(f"<{iri}>") for source in sources for iri in source.auxiliary.split()}
    walked = fill_paths(paths, store)
    owl = [r for r in logic.rules + logic.stratum.rules if not r.id.startswith(SCHEMA_ONLY) and r.body.atoms]
    owl = list(dict.fromkeys(owl))
    type_ = logic.names.type
    keys = _record_keys(record_keys, store.terms, type_)
    closed = _closed(store, [*owl, *generic], keys, type_, walked | set(paths))
    instances = _specialise_all(generic, store, closed, type_)
    minted = {c for r in [*owl, *instances] for p, c, kind in heads(r) if p == type_ and kind == MINTED}
    record = {c for p, c in keys if p == type_} - minted
    strata, levels = _stratify_all(order, owl, instances, auxiliary, store.terms, type_, record)
    impossible = (type_, logic.names.Nothing)  # a member of owl:Nothing is a contradiction, whatever else follows
    flat = {
        name: [r for group in groups for r in group if all(a[1:] != impossible for a in r.body.atoms)]
        for name, groups in strata.items()
    }
    check_layers(order, flat, type_, record, _shower(store.terms))
    _close_knowledge(store, order, generic, levels, logic)
    again = {name for name in order if name == LOGIC or order.count(name) > 1}
    built = {name: [Stratum(rules, name, name in again) for rules in groups] for name, groups in strata.items()}
    return Program(store, tuple(order), built, closed, lambda: (knowledge, sources, levels))


def _record_keys(iris: Iterable[str], terms: Terms, type_: int) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for iri in iris:
        number = terms.find(f"<{iri}>")
        if number is not None:
            found |= {(number, -1), (type_, number)}
    return found


def _closed(store: Store, rules: Sequence[Rule], record: set[tuple[int, int]], type_: int, walked: set[int]) -> Closed:
    """Find what only knowledge can hold: what it holds and neither records nor rules can add to."""
    reachable = patient_keys(rules, record, type_)
    predicates = {p for p in store.out if (p, -1) not in reachable and p != type_} | walked
    classes = {c for c in store.inn.get(type_, ()) if (type_, c) not in reachable}
    return Closed(type_, predicates, classes, set(walked))


def _specialise_all(generic: Sequence[Rule], store: Store, closed: Closed, type_: int) -> list[Rule]:
    """Specialise every rule; a class that turns out to be concluded is no longer closed, and all start again."""
    while True:
        instances = list(dict.fromkeys(i for rule in generic for i in specialise(rule, store, closed)))
        concluded = {(p, o if p == type_ else -1) for rule in instances for p, o, _ in heads(rule)}
        wrong = {c for c in closed.classes if (type_, c) in concluded}
        wrong_predicates = {p for p in closed.predicates if (p, -1) in concluded}
        if not wrong and not wrong_predicates:
            return instances
        closed.classes -= wrong
        closed.predicates -= wrong_predicates


def _stratify_all(
    order: Sequence[str],
    owl: list[Rule],
    instances: list[Rule],
    auxiliary: set[int],
    terms: Terms,
    type_: int,
    record: set[int],
) -> tuple[dict[str, list[list[Rule]]], dict[str, int]]:
    strata: dict[str, list[list[Rule]]] = {LOGIC: [owl]}
    levels: dict[str, int] = {}
    for name in dict.fromkeys(order):
        if name == LOGIC:
            continue
        mine = [r for r in instances if r.layer == name]
        for level, group in enumerate(stratify(mine, type_, _shower(terms), record)):
            for rule in group:
                levels[rule.id] = max(level, levels.get(rule.id, 0))
        strata[name] = stratify(unfold(mine, auxiliary), type_, _shower(terms), record)
        if order.count(name) > 1:
            _refuse_absence(name, mine)
    return strata, levels


def _shower(terms: Terms) -> Callable[[Key], str]:
    return lambda key: " ".join(terms.name(n)[1:-1].rpartition("/")[2] for n in key[:2] if n >= 0)


def _refuse_absence(name: str, rules: list[Rule]) -> None:
    for rule in rules:
        if rule.body.absences or rule.body.aggregate is not None:
            fact = f"it has an absence or a grouping, and its layer {name!r} runs more than once"
            raise RuleError(rule.id, fact, "move it to a layer that runs once")


def _by_level(rules: Sequence[Rule], levels: dict[str, int]) -> list[list[Rule]]:
    groups: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[levels.get(rule.id, 0)].append(rule)
    return [groups[level] for level in sorted(groups)]


def _close_knowledge(
    store: Store, order: Sequence[str], generic: Sequence[Rule], levels: dict[str, int], logic: OwlLogic
) -> None:
    """Run the rules on the knowledge alone, so that patients find complete knowledge below them."""
    size = len(store.log)
    for name in order:
        if name == LOGIC and len(store.log) > size:
            logic.saturate()
        for group in _by_level([r for r in generic if r.layer == name], levels):
            Stratum(group, name).saturate(store, 0)
