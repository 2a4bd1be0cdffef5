"""OWL 2 RL to the fixpoint on one store: axioms make rules, rules may make axioms, until neither does."""

from __future__ import annotations

from posthma.closure import Stratum
from posthma.equality import Equality
from posthma.rules.form import Body, Rule
from posthma.rules.owl import AXIOMATIC, Axioms, Names, schema_classes, schema_predicates, schema_rules
from posthma.rules.run import build
from posthma.store import Store
from posthma.terms import literal_value

ILL_TYPED = Rule("dt-not-type", (), Body())
RERUN_BELOW = 100
"""So many new rules are matched one by one against the store; more, and the whole log is read again."""


class OwlLogic:
    """The OWL 2 RL rules of a store's axioms, closed under the axioms that they conclude.

    Args:
        store: Holds axioms and data; both may be concluded.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.names = Names(store.terms)
        self.stratum = Stratum(schema_rules(self.names), "logic", again=True)
        self.rules: list[Rule] = []
        self._seen: set[Rule] = set()
        self._schema = (schema_predicates(self.names), schema_classes(self.names))
        self._equality = Equality(store)
        self.mark = 0

    def saturate(self) -> None:
        """Run to the fixpoint; may be called again after facts were added."""
        first = not self._seen
        read = 0
        if first:
            self._axioms_first()
        while True:
            if first or self._axioms_changed(read):
                read = len(self.store.log)
                self._specialise(first)
                first = False
            self.mark = self._equality.saturate(self.stratum, self.mark)
            if read == len(self.store.log) or not self._axioms_changed(read):
                return

    def _axioms_first(self) -> None:
        """Close the axioms among themselves before any data is read, so that most rules are made only once."""
        while True:
            self._equality.saturate(self.stratum, 0)
            size = len(self.store.log)
            for rule in Axioms(self.store, self.names).schema_lists():
                if rule not in self._seen:
                    self._seen.add(rule)
                    build(rule, None)(self.store, 0, 0)
            if size == len(self.store.log):
                return

    def _axioms_changed(self, since: int) -> bool:
        predicates, classes = self._schema
        type_ = self.names.type
        return any(p in predicates or (p == type_ and o in classes) for _, p, o in self.store.log[since:])

    def _specialise(self, first: bool) -> None:
        axioms = Axioms(self.store, self.names)
        fresh = []
        for rule in [*axioms.schema_lists(), *axioms.rules()]:
            if rule not in self._seen:
                self._seen.add(rule)
                self.stratum.add(rule)
                if rule.head[:1] and not rule.body.atoms:
                    build(rule, None)(self.store, 0, 0)
                fresh.append(rule)
        self.rules += [r for r in fresh if r.body.atoms]
        if first or len(fresh) >= RERUN_BELOW:
            self.mark = 0
        else:
            for rule in fresh:
                build(rule, None)(self.store, 0, 0)


def add_axiomatic(store: Store) -> None:
    """Enter the triples that OWL 2 RL holds of every graph (cls-thing, cls-nothing1, prp-ap, dt-type1)."""
    for name, s, p, o in AXIOMATIC:
        store.add(store.terms.fact((s, p, o)), (Rule(name, (), Body()), ()))


def note_ill_typed(store: Store) -> None:
    """Note every asserted literal whose lexical form is not one of its datatype (dt-not-type)."""
    bad: dict[int, bool] = {}
    for fact in store.log:
        o = fact[2]
        if o not in bad:
            token = store.terms.name(o)
            bad[o] = token[0] == '"' and token[-1] != '"' and literal_value(token) is None
        if bad[o] and store.derivations[fact] is None:
            store.contradict((ILL_TYPED, (fact,)))
