"""The OWL 2 RL/RDF rules, specialised: each axiom of a graph becomes the rules that it makes possible.

`axiom_rules` reads axioms (a subclass, a domain, a chain, a list of members) out of a store and yields
rules whose bodies hold only what is left to match. `schema_rules` are the rules of table 9 that work on
axioms alone, plus those that need no axiom. A rule keeps the name that the profile gives it.

Equality (eq-sym, eq-trans, eq-rep) has variable predicates and lives in `closure.Equality`; eq-ref is
true of every term and is answered by `proof` without being stored.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 4 to 9.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from posthma.rules.form import Atom, Body, Expr, Rule
from posthma.store import Store
from posthma.terms import DATATYPES, OWL, RDF, RDFS, Fact, Terms, python_value

X, Y, Z, W = -1, -2, -3, -4
ListAxiom = tuple[int, int, tuple[int, ...]]
Found = Iterator[Rule]
MAX_VARIANTS = 64
"""So many readings of one list are taken when equality gave its cells more than one content."""

_OWL = """
AllDifferent AllDisjointClasses AllDisjointProperties AnnotationProperty AsymmetricProperty Class
DatatypeProperty FunctionalProperty InverseFunctionalProperty IrreflexiveProperty NamedIndividual Nothing
ObjectProperty Ontology SymmetricProperty Thing TransitiveProperty allValuesFrom assertionProperty
complementOf differentFrom disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasValue
intersectionOf inverseOf maxCardinality maxQualifiedCardinality members onClass onProperty oneOf
propertyChainAxiom propertyDisjointWith sameAs someValuesFrom sourceIndividual targetIndividual targetValue
unionOf Restriction
""".split()  # noqa: SIM905, a list of 50 names is read more easily as text


class Names:
    """The integers of the RDF, RDFS and OWL terms that the rules mention."""

    def __init__(self, terms: Terms) -> None:
        for name in _OWL:
            setattr(self, name, terms.id(f"<{OWL}{name}>"))
        for name in ("type", "first", "rest", "nil"):
            setattr(self, name, terms.id(f"<{RDF}{name}>"))
        for name in ("subClassOf", "subPropertyOf", "domain", "range", "Datatype"):
            setattr(self, name, terms.id(f"<{RDFS}{name}>"))

    def __getattr__(self, name: str) -> int:
        raise AttributeError(name)


def schema_predicates(names: Names) -> set[int]:
    """Return the predicates that only axioms use; a record that holds one needs a full closure."""
    n = names
    return {
        n.subClassOf, n.subPropertyOf, n.domain, n.range, n.first, n.rest, n.allValuesFrom, n.complementOf,
        n.disjointWith, n.equivalentClass, n.equivalentProperty, n.hasKey, n.hasValue, n.intersectionOf, n.inverseOf,
        n.maxCardinality, n.maxQualifiedCardinality, n.onClass, n.onProperty, n.oneOf, n.propertyChainAxiom,
        n.propertyDisjointWith, n.someValuesFrom, n.unionOf, n.members, n.distinctMembers, n.assertionProperty,
        n.sourceIndividual, n.targetIndividual, n.targetValue,
    }  # fmt: skip


def schema_classes(names: Names) -> set[int]:
    """Return the classes whose members are axioms: typing something so changes which rules there are."""
    n = names
    return {
        n.Class, n.ObjectProperty, n.DatatypeProperty, n.AllDifferent, n.AllDisjointClasses, n.AllDisjointProperties,
        n.AsymmetricProperty, n.FunctionalProperty, n.InverseFunctionalProperty, n.IrreflexiveProperty,
        n.SymmetricProperty, n.TransitiveProperty, n.Datatype, n.Restriction,
    }  # fmt: skip


def _rule(
    name: str, head: Atom | None, body: Iterable[Atom], axioms: Iterable[Fact | ListAxiom], guards: Iterable[Expr] = ()
) -> Rule:
    heads = () if head is None else (head,)
    return Rule(
        name, heads, Body(tuple(body), guards=tuple(guards)), tuple(axioms), (("x", X), ("y", Y), ("z", Z), ("w", W))
    )


_DISTINCT: Expr = ("other-term", ("var", Y), ("var", Z))


class Axioms:
    """One pass over a store's axioms; each method yields the specialised rules of one kind of axiom."""

    def __init__(self, store: Store, names: Names) -> None:
        self.store, self.n = store, names
        self.terms = store.terms

    def variants(self, head: int, seen: frozenset[int] = frozenset()) -> Iterator[tuple[int, ...]]:
        """Yield the members of an RDF list; more than once when equality gave a cell more than one content."""
        if head == self.n.nil:
            yield ()
        elif head not in seen:
            rests = list(self.store.objects(self.n.rest, head))
            for first in list(self.store.objects(self.n.first, head)):
                for rest in rests:
                    for members in self.variants(rest, seen | {head}):
                        yield (first, *members)

    def lists(self, predicate: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield subject and members of every list-valued axiom with a predicate; broken lists are no axioms."""
        for s, head in list(self.store.pairs(predicate)):
            for members in itertools.islice(self.variants(head), MAX_VARIANTS):
                yield s, members

    def typed(self, cls: int) -> list[int]:
        """Return the members of a class."""
        return list(self.store.subjects(self.n.type, cls))

    def _pairs(self, predicate: int) -> list[tuple[int, int]]:
        return list(self.store.pairs(predicate))

    def _is_number(self, term: int, wanted: int) -> bool:
        token = self.terms.name(term)
        if token[0] != '"':
            return False
        try:
            return bool(python_value(token) == wanted)
        except ValueError:
            return False

    # --- table 4: equality ---------------------------------------------------------------------------------

    def all_different(self) -> Found:
        """Yield eq-diff2 and eq-diff3."""
        n = self.n
        for predicate, name in ((n.members, "eq-diff2"), (n.distinctMembers, "eq-diff3")):
            for x, members in self.lists(predicate):
                typed: Fact = (x, n.type, n.AllDifferent)
                if typed not in self.store:
                    continue
                for i, a in enumerate(members):
                    for b in members[i + 1 :]:
                        body = [(a, n.sameAs, b)] if a != b else []
                        yield _rule(name, None, body, [typed, (x, predicate, members)])

    # --- table 5: properties -------------------------------------------------------------------------------

    def properties(self) -> Found:
        """Yield the rules of domains, ranges and characteristics of properties."""
        t, n = self.n.type, self.n
        for p, c in self._pairs(n.domain):
            yield _rule("prp-dom", (X, t, c), [(X, p, Y)], [(p, n.domain, c)])
        for p, c in self._pairs(n.range):
            yield _rule("prp-rng", (Y, t, c), [(X, p, Y)], [(p, n.range, c)])
        kinds: list[tuple[int, str, Atom | None, list[Atom], list[Expr]]] = []
        for p in self.typed(n.FunctionalProperty):
            yield _rule("prp-fp", (Y, n.sameAs, Z), [(X, p, Y), (X, p, Z)], [(p, t, n.FunctionalProperty)], [_DISTINCT])
        for p in self.typed(n.InverseFunctionalProperty):
            axiom = (p, t, n.InverseFunctionalProperty)
            yield _rule("prp-ifp", (Y, n.sameAs, Z), [(Y, p, X), (Z, p, X)], [axiom], [_DISTINCT])
        kinds += [(p, "prp-irp", None, [(X, p, X)], []) for p in self.typed(n.IrreflexiveProperty)]
        kinds += [(p, "prp-symp", (Y, p, X), [(X, p, Y)], []) for p in self.typed(n.SymmetricProperty)]
        kinds += [(p, "prp-asyp", None, [(X, p, Y), (Y, p, X)], []) for p in self.typed(n.AsymmetricProperty)]
        kinds += [(p, "prp-trp", (X, p, Z), [(X, p, Y), (Y, p, Z)], []) for p in self.typed(n.TransitiveProperty)]
        class_of = {
            "prp-irp": n.IrreflexiveProperty, "prp-symp": n.SymmetricProperty,
            "prp-asyp": n.AsymmetricProperty, "prp-trp": n.TransitiveProperty,
        }  # fmt: skip
        for p, name, head, body, guards in kinds:
            yield _rule(name, head, body, [(p, t, class_of[name])], guards)

    def property_pairs(self) -> Found:
        """Yield the rules that tie two properties: sub, equivalent, disjoint, inverse."""
        n = self.n
        for p, q in self._pairs(n.subPropertyOf):
            if p != q:
                yield _rule("prp-spo1", (X, q, Y), [(X, p, Y)], [(p, n.subPropertyOf, q)])
        for p, q in self._pairs(n.equivalentProperty):
            if p != q:
                yield _rule("prp-eqp1", (X, q, Y), [(X, p, Y)], [(p, n.equivalentProperty, q)])
                yield _rule("prp-eqp2", (X, p, Y), [(X, q, Y)], [(p, n.equivalentProperty, q)])
        for p, q in self._pairs(n.propertyDisjointWith):
            yield _rule("prp-pdw", None, [(X, p, Y), (X, q, Y)], [(p, n.propertyDisjointWith, q)])
        for p, q in self._pairs(n.inverseOf):
            yield _rule("prp-inv1", (Y, q, X), [(X, p, Y)], [(p, n.inverseOf, q)])
            yield _rule("prp-inv2", (Y, p, X), [(X, q, Y)], [(p, n.inverseOf, q)])
        for x, members in self.lists(n.members):
            typed: Fact = (x, n.type, n.AllDisjointProperties)
            if typed in self.store:
                for i, p in enumerate(members):
                    for q in members[i + 1 :]:
                        yield _rule("prp-adp", None, [(X, p, Y), (X, q, Y)], [typed, (x, n.members, members)])

    def chains_and_keys(self) -> Found:
        """Yield prp-spo2 and prp-key."""
        n = self.n
        for p, members in self.lists(n.propertyChainAxiom):
            if members:
                body = [(-1 - i, q, -2 - i) for i, q in enumerate(members)]
                yield _rule("prp-spo2", (-1, p, -1 - len(members)), body, [(p, n.propertyChainAxiom, members)])
        for c, keys in self.lists(n.hasKey):
            if keys:
                atoms: list[Atom] = [(X, n.type, c), (Y, n.type, c)]
                for i, p in enumerate(keys):
                    atoms += [(X, p, -3 - i), (Y, p, -3 - i)]
                guard: Expr = ("other-term", ("var", X), ("var", Y))
                yield _rule("prp-key", (X, n.sameAs, Y), atoms, [(c, n.hasKey, keys)], [guard])

    def negative_assertions(self) -> Found:
        """Yield prp-npa1 and prp-npa2."""
        n = self.n
        for target, name in ((n.targetIndividual, "prp-npa1"), (n.targetValue, "prp-npa2")):
            for x, o in self._pairs(target):
                for s in self.store.objects(n.sourceIndividual, x):
                    for p in self.store.objects(n.assertionProperty, x):
                        axioms = [(x, n.sourceIndividual, s), (x, n.assertionProperty, p), (x, target, o)]
                        yield _rule(name, None, [(s, p, o)], axioms)

    # --- table 6: classes ----------------------------------------------------------------------------------

    def class_expressions(self) -> Found:
        """Yield the rules of intersections, unions, complements and enumerations."""
        t, n = self.n.type, self.n
        for c, members in self.lists(n.intersectionOf):
            axiom: list[Fact | ListAxiom] = [(c, n.intersectionOf, members)]
            if members:
                yield _rule("cls-int1", (X, t, c), [(X, t, m) for m in members], axiom)
            for m in members:
                yield _rule("cls-int2", (X, t, m), [(X, t, c)], axiom)
        for c, members in self.lists(n.unionOf):
            for m in members:
                yield _rule("cls-uni", (X, t, c), [(X, t, m)], [(c, n.unionOf, members)])
        for c, d in self._pairs(n.complementOf):
            yield _rule("cls-com", None, [(X, t, c), (X, t, d)], [(c, n.complementOf, d)])
        for c, members in self.lists(n.oneOf):
            for m in members:
                yield _rule("cls-oo", (m, t, c), [], [(c, n.oneOf, members)])

    def restrictions(self) -> Found:
        """Yield the rules of property restrictions."""
        t, n = self.n.type, self.n
        on: dict[int, list[int]] = {}
        for c, p in self._pairs(n.onProperty):
            on.setdefault(c, []).append(p)
        for c, y in self._pairs(n.someValuesFrom):
            for p in on.get(c, ()):
                axioms = [(c, n.someValuesFrom, y), (c, n.onProperty, p)]
                if y == n.Thing:
                    yield _rule("cls-svf2", (X, t, c), [(X, p, Y)], axioms)
                else:
                    yield _rule("cls-svf1", (X, t, c), [(X, p, Y), (Y, t, y)], axioms)
        for c, y in self._pairs(n.allValuesFrom):
            for p in on.get(c, ()):
                yield _rule(
                    "cls-avf", (Y, t, y), [(X, t, c), (X, p, Y)], [(c, n.allValuesFrom, y), (c, n.onProperty, p)]
                )
        for c, y in self._pairs(n.hasValue):
            for p in on.get(c, ()):
                axioms = [(c, n.hasValue, y), (c, n.onProperty, p)]
                yield _rule("cls-hv1", (X, p, y), [(X, t, c)], axioms)
                yield _rule("cls-hv2", (X, t, c), [(X, p, y)], axioms)
        yield from self._cardinalities(on)

    def _cardinalities(self, on: dict[int, list[int]]) -> Found:
        t, n = self.n.type, self.n
        for c, k in self._pairs(n.maxCardinality):
            for p in on.get(c, ()):
                axioms = [(c, n.maxCardinality, k), (c, n.onProperty, p)]
                if self._is_number(k, 0):
                    yield _rule("cls-maxc1", None, [(X, t, c), (X, p, Y)], axioms)
                elif self._is_number(k, 1):
                    yield _rule("cls-maxc2", (Y, n.sameAs, Z), [(X, t, c), (X, p, Y), (X, p, Z)], axioms, [_DISTINCT])
        for c, k in self._pairs(n.maxQualifiedCardinality):
            for p in on.get(c, ()):
                for d in list(self.store.objects(n.onClass, c)):
                    axioms = [(c, n.maxQualifiedCardinality, k), (c, n.onProperty, p), (c, n.onClass, d)]
                    thing = d == n.Thing
                    some: list[Atom] = [(X, t, c), (X, p, Y), *([] if thing else [(Y, t, d)])]
                    if self._is_number(k, 0):
                        yield _rule("cls-maxqc2" if thing else "cls-maxqc1", None, some, axioms)
                    elif self._is_number(k, 1):
                        both = [*some, (X, p, Z), *([] if thing else [(Z, t, d)])]
                        name = "cls-maxqc4" if thing else "cls-maxqc3"
                        yield _rule(name, (Y, n.sameAs, Z), both, axioms, [_DISTINCT])

    # --- table 7: class axioms -----------------------------------------------------------------------------

    def class_axioms(self) -> Found:
        """Yield cax-sco, cax-eqc, cax-dw and cax-adc."""
        t, n = self.n.type, self.n
        for c, d in self._pairs(n.subClassOf):
            if c != d:
                yield _rule("cax-sco", (X, t, d), [(X, t, c)], [(c, n.subClassOf, d)])
        for c, d in self._pairs(n.equivalentClass):
            if c != d:
                yield _rule("cax-eqc1", (X, t, d), [(X, t, c)], [(c, n.equivalentClass, d)])
                yield _rule("cax-eqc2", (X, t, c), [(X, t, d)], [(c, n.equivalentClass, d)])
        for c, d in self._pairs(n.disjointWith):
            yield _rule("cax-dw", None, [(X, t, c), (X, t, d)], [(c, n.disjointWith, d)])
        for x, members in self.lists(n.members):
            typed: Fact = (x, t, n.AllDisjointClasses)
            if typed in self.store:
                for i, c in enumerate(members):
                    for d in members[i + 1 :]:
                        yield _rule("cax-adc", None, [(X, t, c), (X, t, d)], [typed, (x, n.members, members)])

    # --- table 8: datatypes --------------------------------------------------------------------------------

    def datatypes(self) -> Found:
        """Yield dt-type2 where a rule looks at a literal's datatype, and dt-not-type for each such datatype."""
        t, n = self.n.type, self.n
        named = [n.someValuesFrom, n.allValuesFrom, n.onClass, n.range, n.subClassOf, n.equivalentClass, n.complementOf]
        mentioned = {t for predicate in named for pair in self._pairs(predicate) for t in pair}
        mentioned |= set(self.store.inn.get(t, ()))
        mentioned |= {m for predicate in (n.intersectionOf, n.unionOf) for _, ms in self.lists(predicate) for m in ms}
        used = {y: iri for y in mentioned if (iri := self.terms.name(y)[1:-1]) in DATATYPES}
        asked = {
            p
            for predicate in (n.someValuesFrom, n.onClass)
            for c, _ in self._pairs(predicate)
            for p in self.store.objects(n.onProperty, c)
        }
        for iri in sorted(DATATYPES):  # an individual that equals a literal has the literal's types
            y = self.terms.id(f"<{iri}>")
            yield _rule("dt-type2", (Y, t, y), [(X, n.sameAs, Y)], [], [("in-datatype", ("var", Y), iri)])
        for p in sorted(asked) if used else ():
            for y, iri in used.items():
                yield _rule("dt-type2", (Y, t, y), [(X, p, Y)], [], [("in-datatype", ("var", Y), iri)])
        for y, iri in used.items():
            yield _rule("dt-not-type", None, [(X, t, y)], [], [("not-in-datatype", ("var", X), iri)])

    # --- table 9: the list rules of the schema ------------------------------------------------------------

    def schema_lists(self) -> Found:
        """Yield scm-int and scm-uni, which conclude axioms from lists."""
        n = self.n
        for c, members in self.lists(n.intersectionOf):
            for m in members:
                yield _rule("scm-int", (c, n.subClassOf, m), [], [(c, n.intersectionOf, members)])
        for c, members in self.lists(n.unionOf):
            for m in members:
                yield _rule("scm-uni", (m, n.subClassOf, c), [], [(c, n.unionOf, members)])

    def rules(self) -> Found:
        """Yield every rule that the store's axioms make possible."""
        parts: list[Callable[[], Found]] = [
            self.all_different, self.properties, self.property_pairs, self.chains_and_keys, self.negative_assertions,
            self.class_expressions, self.restrictions, self.class_axioms, self.datatypes,
        ]  # fmt: skip
        for part in parts:
            yield from part()


def schema_rules(names: Names) -> list[Rule]:
    """Return the rules that need no axiom, and those of table 9 that join axioms with axioms."""
    n, t = names, names.type
    sco, spo, eqc, eqp = n.subClassOf, n.subPropertyOf, n.equivalentClass, n.equivalentProperty

    def r(name: str, head: Atom | None, *body: Atom) -> Rule:
        return _rule(name, head, body, ())

    both: tuple[Expr, Expr] = (("var", X), ("var", Y))
    rules = [
        r("scm-cls", (X, sco, X), (X, t, n.Class)), r("scm-cls", (X, eqc, X), (X, t, n.Class)),
        r("scm-cls", (X, sco, n.Thing), (X, t, n.Class)), r("scm-cls", (n.Nothing, sco, X), (X, t, n.Class)),
        r("scm-sco", (X, sco, Z), (X, sco, Y), (Y, sco, Z)),
        r("scm-eqc1", (X, sco, Y), (X, eqc, Y)), r("scm-eqc1", (Y, sco, X), (X, eqc, Y)),
        r("scm-eqc2", (X, eqc, Y), (X, sco, Y), (Y, sco, X)),
        r("scm-op", (X, spo, X), (X, t, n.ObjectProperty)), r("scm-op", (X, eqp, X), (X, t, n.ObjectProperty)),
        r("scm-dp", (X, spo, X), (X, t, n.DatatypeProperty)), r("scm-dp", (X, eqp, X), (X, t, n.DatatypeProperty)),
        r("scm-spo", (X, spo, Z), (X, spo, Y), (Y, spo, Z)),
        r("scm-eqp1", (X, spo, Y), (X, eqp, Y)), r("scm-eqp1", (Y, spo, X), (X, eqp, Y)),
        r("scm-eqp2", (X, eqp, Y), (X, spo, Y), (Y, spo, X)),
        r("scm-dom1", (X, n.domain, Z), (X, n.domain, Y), (Y, sco, Z)),
        r("scm-dom2", (X, n.domain, Z), (Y, n.domain, Z), (X, spo, Y)),
        r("scm-rng1", (X, n.range, Z), (X, n.range, Y), (Y, sco, Z)),
        r("scm-rng2", (X, n.range, Z), (Y, n.range, Z), (X, spo, Y)),
        r("cls-nothing2", None, (X, t, n.Nothing)),
        r("eq-diff1", None, (X, n.sameAs, Y), (X, n.differentFrom, Y)),
        r("eq-ref", (X, n.sameAs, X), (X, n.differentFrom, X)),
        _rule("dt-diff", (X, n.differentFrom, Y), [(X, n.sameAs, Y)], (), [("different-values", *both)]),
    ]  # fmt: skip
    some, every, on, value = n.someValuesFrom, n.allValuesFrom, n.onProperty, n.hasValue
    c1, c2, y1, y2, p1, p2 = -1, -2, -3, -4, -5, -6
    rules += [
        r("scm-hv", (c1, sco, c2), (c1, value, y1), (c1, on, p1), (p1, spo, p2), (c2, on, p2), (c2, value, y1)),
        r("scm-svf1", (c1, sco, c2), (c1, some, y1), (c1, on, p1), (y1, sco, y2), (c2, some, y2), (c2, on, p1)),
        r("scm-svf2", (c1, sco, c2), (c1, some, y1), (c1, on, p1), (p1, spo, p2), (c2, on, p2), (c2, some, y1)),
        r("scm-avf1", (c1, sco, c2), (c1, every, y1), (c1, on, p1), (y1, sco, y2), (c2, every, y2), (c2, on, p1)),
        r("scm-avf2", (c2, sco, c1), (c1, every, y1), (c1, on, p1), (p1, spo, p2), (c2, on, p2), (c2, every, y1)),
    ]
    return rules


AXIOMATIC: tuple[tuple[str, str, str, str], ...] = (
    ("cls-thing", f"<{OWL}Thing>", f"<{RDF}type>", f"<{OWL}Class>"),
    ("cls-nothing1", f"<{OWL}Nothing>", f"<{RDF}type>", f"<{OWL}Class>"),
    *(
        ("prp-ap", f"<{space}{name}>", f"<{RDF}type>", f"<{OWL}AnnotationProperty>")
        for space, names in (
            (RDFS, "label comment seeAlso isDefinedBy"),
            (OWL, "deprecated versionInfo priorVersion backwardCompatibleWith incompatibleWith"),
        )
        for name in names.split()
    ),
    *(("dt-type1", f"<{name}>", f"<{RDF}type>", f"<{RDFS}Datatype>") for name in sorted(DATATYPES)),
)
"""Rules without premises, as (rule, subject, predicate, object)."""
