"""A closed graph: what was asserted, what follows, what contradicts, and why.

`close` closes any RDF graph under OWL 2 RL. `posthma.engine` makes the same kind of object for a patient
record, by our rules and the ontology.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthma.blank import relabel
from posthma.errors import SyntaxRecordError, UsageError
from posthma.saturation import OwlLogic, add_axiomatic, note_ill_typed
from posthma.store import SAME_TOKEN, Store, without_collector
from posthma.terms import RDF, Fact, Terms, Triple

if TYPE_CHECKING:
    from posthma.proof import Proof, Sources

RDF_TYPE = f"<{RDF}type>"
BASE = "https://w3id.org/posthma/record/"
"""What relative IRIs of a file are resolved against, so that no answer holds a path of this machine."""
FORMATS = {".ttl": "TURTLE", ".nt": "N_TRIPLES", ".rdf": "RDF_XML", ".owl": "RDF_XML", ".xml": "RDF_XML", ".n3": "N3",
           ".nq": "N_QUADS", ".trig": "TRIG", ".jsonld": "JSON_LD", ".json": "JSON_LD"}  # fmt: skip


@dataclass(frozen=True)
class Contradiction:
    """Facts that cannot hold together.

    Attributes:
        rule: The rule that forbids them.
        premises: The facts, as triples.
        says: One sentence.
    """

    rule: str
    premises: tuple[Triple, ...]
    says: str


class Closure:
    """The closure of a graph with one derivation for each inferred fact.

    Equal values are one fact: ``x p "1.50"^^xsd:decimal`` is in a closure that holds ``x p "1.5"^^xsd:decimal``.
    """

    def __init__(
        self,
        store: Store,
        asserted: Iterable[Triple],
        again: Callable[[], Closure] | None = None,
        sources: Sources | None = None,
        change: Callable[[tuple[Triple, ...]], Closure] | None = None,
    ) -> None:
        self.store = store
        self.terms = store.terms
        asserted = tuple(asserted)
        self.asserted: set[Triple] = set(asserted)
        """The triples given, in the lexical form given."""
        self._again = again
        self._change = change
        self._given = tuple(asserted)
        self._sources = sources
        self._full: Closure | None = None

    @property
    def sources(self) -> Sources:
        """What proofs of this closure cite and how they name things."""
        if self._sources is None:
            from posthma.proof import Sources

            self._sources = Sources()
        return self._sources

    def with_all_derivations(self) -> Closure:
        """Return this closure made again with every derivation of every fact kept."""
        if self.store.alternatives is not None or self._again is None:
            return self
        if self._full is None:
            self._full = self._again()
        return self._full

    def __contains__(self, triple: Triple) -> bool:
        fact = self.find(triple)
        return fact is not None and (fact in self.store or self._reflexive(fact))

    def __len__(self) -> int:
        return len(self.store.log)

    @property
    def inferred(self) -> set[Triple]:
        """Every inferred triple that RDF can write: no literal subjects, no blank predicates, nothing axiomatic.

        Left out, though ``in`` and `proof` know it: ``x owl:sameAs x`` of every term (eq-ref).
        """
        return set(self.iter_inferred())

    def iter_inferred(self) -> Iterator[Triple]:
        """Yield the inferred triples in the order of their derivation."""
        terms, derivations = self.terms, self.store.derivations
        for fact in self.store.log:
            derivation = derivations[fact]
            if derivation is not None and (derivation[1] or derivation[0].axioms):
                triple = terms.triple(fact)
                if triple[0][0] != '"' and triple[1][0] == "<" and not triple[1].startswith("<path:"):
                    yield triple

    @property
    def contradictions(self) -> list[Contradiction]:
        """Every contradiction found, in the order found."""
        found = []
        for rule, premises in self.store.contradictions:
            axioms = [a for a in rule.axioms if not premises and not isinstance(a[2], tuple)]
            triples = tuple(self.terms.triple(f) for f in (*premises, *axioms))
            found.append(Contradiction(rule.id, triples, _not_both(triples, self.sources.label)))
        return found

    def with_facts(self, triples: Iterable[Triple]) -> Closure:
        """Return the closure of what is asserted here and more; this one stays as it is.

        Strata that the new facts do not touch are taken over with their derivations.
        """
        return self._changed(dict.fromkeys([*self._given, *triples]))

    def without_facts(self, triples: Iterable[Triple]) -> Closure:
        """Return the closure of what is asserted here but for some triples; this one stays as it is.

        Raises:
            KeyError: A triple is not asserted here.
        """
        gone = set(triples)
        if not gone <= self.asserted:
            raise KeyError(next(iter(gone - self.asserted)))
        return self._changed(dict.fromkeys(t for t in self._given if t not in gone))

    def _changed(self, triples: Iterable[Triple]) -> Closure:
        if self._change is None:
            raise TypeError("a closure with all derivations cannot be changed; change the one it was made from")
        return self._change(tuple(triples))

    def refutation(self, number: int = 0) -> Proof:
        """Return the proof of contradiction ``number`` of `contradictions`; its last step concludes `CONTRADICTION`.

        Raises:
            IndexError: There are not so many.
        """
        from posthma.proof import refute

        return refute(self, number)

    def find(self, triple: Triple) -> Fact | None:
        """Return a triple as integers, or None when one of its terms was never seen."""
        numbers = [self.terms.find(token) for token in triple]
        if None in numbers:
            if numbers[2] is None and triple[2][0] == '"' and None not in numbers[:2]:
                return self.terms.fact(triple)  # perhaps the same value in another lexical form
            return None
        s, p, o = numbers
        assert s is not None
        assert p is not None
        assert o is not None
        return (s, p, self.terms.same_value(o))

    def _reflexive(self, fact: Fact) -> bool:
        s, p, o = fact
        if s != o or p != self.terms.find(SAME_TOKEN):
            return False
        # what eq-ref concludes of any term mentions owl:sameAs itself
        return any(s in f or s == p for f in self.store.match(None, None, None))

    def match(self, s: str | None = None, p: str | None = None, o: str | None = None) -> Iterator[Triple]:
        """Yield the triples that fit a pattern, knowledge included; None stands for any term."""
        numbers = [None if token is None else self.terms.find(token) for token in (s, p, o)]
        if any(n is None and token is not None for n, token in zip(numbers, (s, p, o), strict=True)):
            return
        wanted = numbers[2] if numbers[2] is None else self.terms.same_value(numbers[2])
        for fact in self.store.match(numbers[0], numbers[1], wanted):
            yield self.terms.triple(fact)

    def objects(self, s: str, p: str) -> Iterator[str]:
        """Yield the objects of ``s p ?``, knowledge included."""
        subject, predicate = self.terms.find(s), self.terms.find(p)
        if subject is not None and predicate is not None:
            yield from map(self.terms.name, self.store.objects(predicate, subject))

    def proof(self, triple: Triple, mode: str = "one", limit: int = 10) -> Proof | list[Proof]:
        """Return why a triple holds.

        Args:
            triple: Three tokens.
            mode: ``one`` (the derivation kept), ``shortest`` (fewest steps) or ``all`` (up to ``limit``, a list).
            limit: The most proofs for ``all``.

        Raises:
            ProofError: The triple does not hold.
        """
        from posthma.proof import prove  # proofs are asked for seldom

        found: Proof | list[Proof] = prove(self, triple, mode, limit)
        return found


def _not_both(triples: tuple[Triple, ...], label: Callable[[str], str]) -> str:
    """Say what cannot be: one thing of two classes, two relations of the same two things, or facts together."""
    if len(triples) == 2 and triples[0][0] == triples[1][0]:
        (s, p, o), (_, q, other) = triples
        if p == q == RDF_TYPE:
            return f"{label(s)} cannot be both “{label(o)}” and “{label(other)}”"
        if o == other:
            return f"{label(s)} cannot be both “{label(p)}” and “{label(q)}” {label(o)}"
    return f"{' and '.join(' '.join(map(label, triple)) for triple in triples)}: not both"


def close(source: Any, *, derivations: str = "one", limit: int = 20_000_000) -> Closure:
    """Close a graph under OWL 2 RL.

    Args:
        source: An `rdflib.Graph`, a path or paths of RDF files, or triples of N-Triples tokens.
        derivations: ``one`` keeps the first derivation of each fact, ``all`` every one. Proofs that need more than
            was kept make the closure again.
        limit: The most facts to hold.

    Raises:
        LimitError: More facts than ``limit`` would follow.
        SyntaxRecordError: A file cannot be parsed.

    >>> a, b, c, x = (f"<http://example.org/{n}>" for n in "abcx")
    >>> sub, typ = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    >>> closed = close([(a, sub, b), (b, sub, c), (x, typ, a)])
    >>> (x, typ, c) in closed
    True
    """
    return close_triples(list(_triples(source)), derivations == "all", limit)


@without_collector
def close_triples(triples: list[Triple], keep_all: bool, limit: int) -> Closure:
    """Close triples that have been read already; see `close`."""
    store = Store(Terms(), limit=limit, keep_all=keep_all)
    add_axiomatic(store)
    for triple in triples:
        store.state(triple)
    note_ill_typed(store)
    OwlLogic(store).saturate()
    return Closure(
        store,
        triples,
        again=lambda: close_triples(triples, True, limit),
        change=lambda changed: close_triples(list(changed), keep_all, limit),
    )


def _triples(source: Any) -> Iterator[Triple]:
    if isinstance(source, (str, Path)):
        yield from relabel(read_triples(Path(source)))
        return
    if hasattr(source, "serialize") and hasattr(source, "triples"):
        from posthma.rules.sparql import token_of_rdflib

        for s, p, o in source:
            yield (token_of_rdflib(s), token_of_rdflib(p), token_of_rdflib(o))
        return
    for number, item in enumerate(source):
        if isinstance(item, (str, Path)):
            yield from relabel(read_triples(Path(item)), f"b{number}-" if number else "b")
        else:
            yield item


def read_triples(path: Path) -> Iterator[Triple]:
    """Yield the triples of an RDF file as tokens; named graphs are merged.

    Raises:
        UsageError: The file is missing or its ending names no RDF format.
        SyntaxRecordError: It cannot be parsed.
    """
    import pyoxigraph

    name = FORMATS.get(path.suffix.lower())
    if name is None:
        raise UsageError(
            str(path), f"the ending {path.suffix or '(none)'} names no RDF format", f"use one of {', '.join(FORMATS)}"
        )
    if not path.is_file():
        raise UsageError(str(path), "there is no such file", "check the path")
    try:
        for quad in pyoxigraph.parse(path=str(path), format=getattr(pyoxigraph.RdfFormat, name), base_iri=BASE):
            yield (str(quad.subject), str(quad.predicate), str(quad.object))
    except (SyntaxError, ValueError) as error:
        raise SyntaxRecordError(str(path), str(error), "mend the syntax at that place") from error
