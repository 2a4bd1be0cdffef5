"""The first oracle: owlrl, and the exact list of what it does otherwise.

`INCOMPARABLE` names what is taken out of both closures before they are compared. `FAULTS` are errors of owlrl 7.6.2
that tests assert as such, so that a mended owlrl is noticed; the generators leave out the inputs that would trip over
them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator

import rdflib
from owlrl.OWLRL import OWLRL_Semantics
from tests.owl.graphs import DIFFERENT, OWL, RDF, RDFS, SAME, TYPE, XSD, Triple, is_literal, ntriples

_MESSAGES = {
    "eq-diff1": "'sameAs' and 'differentFrom' cannot be used",
    "eq-diff2": "'sameAs' and 'AllDifferent' cannot be used",  # eq-diff3 has the same message
    "prp-irp": "Irreflexive property used",
    "prp-asyp": "Erroneous usage of asymmetric property",
    "prp-pdw": "Erroneous usage of disjoint properties",
    "prp-adp": "Disjoint properties in an 'AllDisjointProperties'",
    "prp-npa1": "Negative (object) property assertion violated",
    "prp-npa2": "Negative (datatype) property assertion violated",
    "cls-nothing2": " is defined of type 'Nothing'",
    "cls-com": "Violation of complementarity",
    "cls-maxc1": "Erroneous usage of maximum cardinality",
    "cls-maxqc1": "Erroneous usage of maximum qualified cardinality",  # cls-maxqc2 has the same message
    "cax-dw": "Disjoint classes ",  # cax-adc has the same message
    "dt-not-type": "Lexical value of the literal",
}
SAME_MESSAGE = {"eq-diff3": "eq-diff2", "cls-maxqc2": "cls-maxqc1", "cax-adc": "cax-dw"}
"""Rules whose message cannot be told from that of another rule."""

INCOMPARABLE: dict[str, str] = {
    "literal subject": "generalised triples, which RDF cannot write; owlrl keeps some of them, the engine none",
    "reflexive equality": "x owl:sameAs x (eq-ref) says nothing; the engine answers it without storing it",
    "datatype vocabulary": "owlrl declares other datatypes than the map of OWL 2 RL and states which are disjoint",
    "type of a value": "owlrl types a literal by its datatype alone, not by its value (dt-type2)",
}

FAULTS: dict[str, str] = {
    "prp-key": "compares all key properties but the last: a key of one property makes every two instances equal",
    "eq-diff2": "pairs with the last member of an owl:AllDifferent are not looked at",
    "eq-diff3": "as eq-diff2, for owl:distinctMembers",
    "prp-adp": "pairs with the last member of an owl:AllDisjointProperties are not looked at",
    "dt-eq": "equal values with different lexical forms are not recognised: 1.50 and 1.5",
    "dt-diff": "two different values of a functional property are no contradiction",
    "dt-not-type": "a value outside its data range is found only for some pairs of datatypes",
    "dt-type2": "a value is typed by its datatype alone: 5 is no xsd:byte",
}


@contextlib.contextmanager
def _lexical_forms_kept() -> Iterator[None]:
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def close(facts: Iterable[Triple]) -> tuple[set[Triple], set[str]]:
    """Return owlrl's closure of a graph and the rules that its messages name."""
    with _lexical_forms_kept():
        graph = rdflib.Graph().parse(data=ntriples(facts), format="nt", bnode_context=_Labels())
        semantics = OWLRL_Semantics(graph, False, False, False)
        semantics.closure()
        closed = {(_token(s), _token(p), _token(o)) for s, p, o in graph}
    found = set()
    for message in semantics.error_messages:
        found |= {rule for rule, text in _MESSAGES.items() if text in message}

    return {t for t in closed if not any("daml.org" in term for term in t)}, found  # error nodes


class _Labels(dict):  # type: ignore[type-arg]
    """Keeps the labels of blank nodes as they stand in the file."""

    def __missing__(self, label: str) -> rdflib.BNode:
        return rdflib.BNode(label)

    def __contains__(self, label: object) -> bool:
        return True

    def get(self, label: str, default: object = None) -> rdflib.BNode:  # type: ignore[override]
        return rdflib.BNode(label)


_STRING = re.compile(re.escape(f"^^<{XSD}string>") + "$")


def _token(term: rdflib.term.Node) -> str:
    return _STRING.sub("", term.n3())


def comparable(closed: Iterable[Triple]) -> set[Triple]:
    """Return a closure without the triples that `INCOMPARABLE` names."""
    return {t for t in closed if not _incomparable(t)}


def _incomparable(triple: Triple) -> bool:
    s, p, o = triple
    return (
        is_literal(s)
        or (p == SAME and (s == o or is_literal(o)))
        or (p == DIFFERENT and is_literal(o))
        or _is_datatype(s)
        or (p == TYPE and o == f"<{RDFS}Datatype>")
    )


def _is_datatype(token: str) -> bool:
    return token.startswith(
        (f"<{XSD}", f"<{RDF}PlainLiteral", f"<{RDF}XMLLiteral", f"<{RDF}HTML", f"<{RDF}langString", f"<{RDFS}Literal")
    )


def named(rules: Iterable[str]) -> set[str]:
    """Return rule names as far as owlrl's messages tell them apart."""
    return {SAME_MESSAGE.get(rule, rule) for rule in rules}


VOCABULARY = (OWL, RDF, RDFS, XSD)
