"""Generated ontologies and data inside the OWL 2 RL grammar.

A draw is a list of axioms and assertions in a small vocabulary, so that they meet. `DIALECTS` say which
constructs an oracle can be asked about: owlrl only those that it treats as the profile does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st
from tests.owl.graphs import EX, OWL, RDF, RDFS, SAME, TYPE, XSD, Triple

Axiom = tuple[str, ...] | tuple[object, ...]

CLASSES = [f"<{EX}C{i}>" for i in range(7)]
PROPERTIES = [f"<{EX}p{i}>" for i in range(5)]
DATA_PROPERTIES = [f"<{EX}d{i}>" for i in range(2)]
INDIVIDUALS = [f"<{EX}a{i}>" for i in range(6)]
PLAIN = [f'"{n}"^^<{XSD}integer>' for n in (1, 2)] + [f'"1.5"^^<{XSD}decimal>']
DISGUISED = [
    *PLAIN,
    f'"01"^^<{XSD}integer>',
    f'"1"^^<{XSD}byte>',
    f'"1.50"^^<{XSD}decimal>',
    f'"2.0"^^<{XSD}decimal>',
    f'"1"^^<{XSD}double>',
    '"1"',
    '"eins"@de',
    f'"1"^^<{XSD}boolean>',
    f'"true"^^<{XSD}boolean>',
]
DATATYPES = [f"<{XSD}{n}>" for n in ("integer", "decimal", "string", "byte", "positiveInteger", "boolean")]
THING = f"<{OWL}Thing>"


@dataclass(frozen=True)
class Dialect:
    """What a generated ontology may contain.

    Args:
        literals: The literals of the data.
        datatypes: Data ranges of existentials.
        keys: Whether owl:hasKey occurs.
        values: Whether constructs occur that compare values or check data ranges.
        padded: Whether the last member of AllDifferent and AllDisjointProperties is one that nothing speaks of.
        named_values: Whether individuals are equal to literals.
        declared: Whether every class, class expression and property is declared, so that all are below themselves.
    """

    literals: list[str] = field(default_factory=lambda: DISGUISED)
    datatypes: list[str] = field(default_factory=lambda: DATATYPES)
    keys: bool = True
    values: bool = True
    padded: bool = False
    declared: bool = False
    named_values: bool = False


DIALECTS = {
    "full": Dialect(),
    "values": Dialect(named_values=True),
    "owlrl": Dialect(
        literals=PLAIN,
        datatypes=[f"<{XSD}integer>", f"<{XSD}decimal>"],
        keys=False,
        values=False,
        padded=True,
        declared=True,
    ),
}


class Graph:
    """Collects triples and names the nodes of class expressions and lists."""

    def __init__(self, blank: bool = False) -> None:
        self.triples: set[Triple] = set()
        self._numbers = count()
        self._blank = blank

    def node(self) -> str:
        number = next(self._numbers)
        return f"_:n{number}" if self._blank else f"<{EX}n{number}>"

    def add(self, s: str, p: str, o: str) -> str:
        self.triples.add((s, p, o))
        return s

    def owl(self, s: str, name: str, o: str) -> str:
        return self.add(s, f"<{OWL}{name}>", o)

    def declare(self) -> None:
        """Declare whatever stands where a class or a property stands."""
        expressions = {f"<{OWL}{n}>" for n in ("intersectionOf", "unionOf", "oneOf", "complementOf", "onProperty")}
        found = {s for s, p, _ in self.triples if p in expressions}
        for kind, terms in (
            ("Class", {*CLASSES, *found}),
            ("ObjectProperty", {*PROPERTIES, *(s for s, p, _ in self.triples if p == f"<{OWL}inverseOf>")}),
            ("DatatypeProperty", set(DATA_PROPERTIES)),
        ):
            for term in sorted(terms):
                self.add(term, TYPE, f"<{OWL}{kind}>")

    def list(self, members: Iterable[str]) -> str:
        head = f"<{RDF}nil>"
        for member in reversed(list(members)):
            node = self.node()
            self.add(node, f"<{RDF}first>", member)
            self.add(node, f"<{RDF}rest>", head)
            head = node
        return head

    def restriction(self, p: str, **parts: str) -> str:
        node = self.node()
        self.owl(node, "onProperty", p)
        for name, value in parts.items():
            self.owl(node, name, value)
        return node


Part = Callable[[Graph], str]
"""Something that writes itself into a graph and returns its node."""


def _const(token: str) -> Part:
    return lambda g: token


def _number(n: int) -> str:
    return f'"{n}"^^<{XSD}nonNegativeInteger>'


def _one_of(members: list[str], low: int, high: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(members), min_size=low, max_size=high, unique=True)


def subclass_side(d: Dialect) -> st.SearchStrategy[Part]:
    """Class expressions that may stand below: named, and, or, some, value, one of."""
    p, c, a = st.sampled_from(PROPERTIES), st.sampled_from(CLASSES), st.sampled_from(INDIVIDUALS)
    dp, lit, dt = st.sampled_from(DATA_PROPERTIES), st.sampled_from(d.literals), st.sampled_from(d.datatypes)
    leaf = st.one_of(
        c.map(_const),
        c.map(_const),
        st.tuples(p, a).map(lambda x: lambda g: g.restriction(x[0], hasValue=x[1])),
        st.tuples(dp, lit).map(lambda x: lambda g: g.restriction(x[0], hasValue=x[1])),
        st.tuples(dp, dt).map(lambda x: lambda g: g.restriction(x[0], someValuesFrom=x[1])),
        p.map(lambda x: lambda g: g.restriction(x, someValuesFrom=THING)),
        _one_of(INDIVIDUALS, 1, 3).map(lambda x: lambda g: g.owl(g.node(), "oneOf", g.list(x))),
    )

    def inner(part: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
        many = st.lists(part, min_size=1, max_size=3)
        return st.one_of(
            many.map(lambda x: lambda g: g.owl(g.node(), "intersectionOf", g.list([m(g) for m in x]))),
            many.map(lambda x: lambda g: g.owl(g.node(), "unionOf", g.list([m(g) for m in x]))),
            st.tuples(p, part).map(lambda x: lambda g: g.restriction(x[0], someValuesFrom=x[1](g))),
        )

    return st.recursive(leaf, inner, max_leaves=4)


def superclass_side(d: Dialect) -> st.SearchStrategy[Part]:
    """Class expressions that may stand above: named, and, all, value, at most 0 or 1, not."""
    p, c, a = st.sampled_from(PROPERTIES), st.sampled_from(CLASSES), st.sampled_from(INDIVIDUALS)
    number = st.sampled_from([0, 1, 1]).map(_number)
    on = st.one_of(c, st.just(THING))
    choices: list[st.SearchStrategy[Part]] = [
        c.map(_const),
        c.map(_const),
        st.tuples(p, a).map(lambda x: lambda g: g.restriction(x[0], hasValue=x[1])),
        st.tuples(p, number).map(lambda x: lambda g: g.restriction(x[0], maxCardinality=x[1])),
        st.tuples(p, number, on).map(
            lambda x: lambda g: g.restriction(x[0], maxQualifiedCardinality=x[1], onClass=x[2])
        ),
        c.map(lambda x: lambda g: g.owl(g.node(), "complementOf", x)),
    ]
    if d.values:
        dp, lit, dt = st.sampled_from(DATA_PROPERTIES), st.sampled_from(d.literals), st.sampled_from(d.datatypes)
        choices += [
            st.tuples(dp, lit).map(lambda x: lambda g: g.restriction(x[0], hasValue=x[1])),
            st.tuples(dp, dt).map(lambda x: lambda g: g.restriction(x[0], allValuesFrom=x[1])),
            st.tuples(dp, number).map(lambda x: lambda g: g.restriction(x[0], maxCardinality=x[1])),
        ]

    def inner(part: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
        many = st.lists(part, min_size=1, max_size=2)
        return st.one_of(
            many.map(lambda x: lambda g: g.owl(g.node(), "intersectionOf", g.list([m(g) for m in x]))),
            st.tuples(p, part).map(lambda x: lambda g: g.restriction(x[0], allValuesFrom=x[1](g))),
        )

    return st.recursive(st.one_of(*choices), inner, max_leaves=3)


def _members(kind: str, padded: bool) -> Callable[[list[str]], Part]:
    """Write an n-ary axiom; a padded one ends with a member that nothing else mentions."""

    def write(members: list[str]) -> Part:
        def part(g: Graph) -> str:
            node = g.add(g.node(), TYPE, f"<{OWL}{kind}>")
            return g.owl(node, "members", g.list([*members, g.node()] if padded else members))

        return part

    return write


def axioms(d: Dialect) -> st.SearchStrategy[Part]:
    """One axiom about classes or properties."""
    p, c = st.sampled_from(PROPERTIES), st.sampled_from(CLASSES)
    sub, sup = subclass_side(d), superclass_side(d)
    step = st.one_of(p.map(_const), p.map(lambda x: lambda g: g.owl(g.node(), "inverseOf", x)))
    kinds = ["Functional", "InverseFunctional", "Irreflexive", "Symmetric", "Asymmetric", "Transitive"]
    rdfs = {name: f"<{RDFS}{name}>" for name in ("subClassOf", "subPropertyOf", "domain", "range")}
    choices: list[st.SearchStrategy[Part]] = [
        *[st.tuples(sub, sup).map(lambda x: lambda g: g.add(x[0](g), rdfs["subClassOf"], x[1](g)))] * 4,
        st.tuples(c, sub).map(lambda x: lambda g: g.owl(x[0], "equivalentClass", x[1](g))),
        st.tuples(c, st.lists(c, min_size=1, max_size=3)).map(
            lambda x: lambda g: g.owl(x[0], "intersectionOf", g.list(x[1]))
        ),
        st.tuples(c, st.lists(c, min_size=1, max_size=3)).map(lambda x: lambda g: g.owl(x[0], "unionOf", g.list(x[1]))),
        st.tuples(c, c).map(lambda x: lambda g: g.owl(x[0], "disjointWith", x[1])),
        _one_of(CLASSES, 2, 4).map(_members("AllDisjointClasses", False)),
        _one_of(PROPERTIES, 2, 3).map(_members("AllDisjointProperties", d.padded)),
        st.tuples(p, p).map(lambda x: lambda g: g.owl(x[0], "propertyDisjointWith", x[1])),
        st.tuples(p, c).map(lambda x: lambda g: g.add(x[0], rdfs["domain"], x[1])),
        st.tuples(p, sup).map(lambda x: lambda g: g.add(x[0], rdfs["range"], x[1](g))),
        st.tuples(p, p).map(lambda x: lambda g: g.add(x[0], rdfs["subPropertyOf"], x[1])),
        st.tuples(p, p).map(lambda x: lambda g: g.owl(x[0], "equivalentProperty", x[1])),
        st.tuples(p, p).map(lambda x: lambda g: g.owl(x[0], "inverseOf", x[1])),
        st.tuples(p, st.sampled_from(kinds)).map(lambda x: lambda g: g.add(x[0], TYPE, f"<{OWL}{x[1]}Property>")),
        st.tuples(p, st.lists(step, min_size=2, max_size=4)).map(
            lambda x: lambda g: g.owl(x[0], "propertyChainAxiom", g.list([s(g) for s in x[1]]))
        ),
        c.map(lambda x: lambda g: g.add(x, TYPE, f"<{OWL}Class>")),
        p.map(lambda x: lambda g: g.add(x, TYPE, f"<{OWL}ObjectProperty>")),
        st.sampled_from(DATA_PROPERTIES).map(lambda x: lambda g: g.add(x, TYPE, f"<{OWL}DatatypeProperty>")),
    ]
    if d.keys:
        key = _one_of(PROPERTIES + DATA_PROPERTIES, 1, 3)
        choices.append(st.tuples(c, key).map(lambda x: lambda g: g.owl(x[0], "hasKey", g.list(x[1]))))
    if d.values:
        dp = st.sampled_from(DATA_PROPERTIES)
        choices.append(dp.map(lambda x: lambda g: g.add(x, TYPE, f"<{OWL}FunctionalProperty>")))
        choices.append(
            st.tuples(dp, st.sampled_from(d.datatypes)).map(lambda x: lambda g: g.add(x[0], rdfs["range"], x[1]))
        )
    return st.one_of(*choices)


def assertions(d: Dialect) -> st.SearchStrategy[Part]:
    """One assertion about individuals; now and then one that makes terms equal or different."""
    p, c, a = st.sampled_from(PROPERTIES), st.sampled_from(CLASSES), st.sampled_from(INDIVIDUALS)
    dp, lit = st.sampled_from(DATA_PROPERTIES), st.sampled_from(d.literals)
    usual: list[st.SearchStrategy[Part]] = [
        st.tuples(a, c).map(lambda x: lambda g: g.add(x[0], TYPE, x[1])),
        st.tuples(a, p, a).map(lambda x: lambda g: g.add(*x)),
        st.tuples(a, p, a).map(lambda x: lambda g: g.add(*x)),
        st.tuples(a, dp, lit).map(lambda x: lambda g: g.add(*x)),
    ]

    def negative(x: tuple[str, str, str]) -> Part:
        def part(g: Graph) -> str:
            node = g.owl(g.node(), "sourceIndividual", x[0])
            g.owl(node, "assertionProperty", x[1])
            return g.owl(node, "targetIndividual", x[2])

        return part

    rare: list[st.SearchStrategy[Part]] = [
        st.tuples(a, a).map(lambda x: lambda g: g.add(x[0], SAME, x[1])),
        st.tuples(a, a).map(lambda x: lambda g: g.owl(x[0], "differentFrom", x[1])),
        st.tuples(a, p, a).map(negative),
        _one_of(INDIVIDUALS, 2, 4).map(_members("AllDifferent", d.padded)),
        st.tuples(p, p).map(lambda x: lambda g: g.add(x[0], SAME, x[1])),
        st.tuples(c, c).map(lambda x: lambda g: g.add(x[0], SAME, x[1])),
    ]
    if d.named_values:
        rare += [st.tuples(a, lit).map(lambda x: lambda g: g.add(x[0], SAME, x[1]))] * 4
    return st.one_of(*usual * 3, *rare)


@st.composite
def ontologies(draw: st.DrawFn, dialect: str = "full", size: int = 10, blank: bool = False) -> frozenset[Triple]:
    """Draw an ontology with data.

    Args:
        draw: Given by hypothesis.
        dialect: Key of `DIALECTS`.
        size: The most axioms, and the most assertions.
        blank: Whether class expressions and lists are blank nodes rather than named ones.
    """
    d = DIALECTS[dialect]
    graph = Graph(blank)
    for part in draw(st.lists(axioms(d), min_size=1, max_size=size)):
        part(graph)
    for part in draw(st.lists(assertions(d), min_size=1, max_size=size)):
        part(graph)
    if d.declared:
        graph.declare()
    return frozenset(graph.triples)
