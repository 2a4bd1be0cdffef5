"""What of a closure is compared: the facts that RDF can write and that the input gave reason for."""

from __future__ import annotations

from collections.abc import Iterable

from tests.differential.values import DATATYPES, ILL_FORMED, value
from tests.owl.graphs import OWL, RDFS, SAME, TYPE, Triple, is_literal

import posthma

NOT_COMPARED: dict[str, str] = {
    "literal as subject or predicate": "generalised triples, which RDF cannot write; the engine does not hand them out",
    "blank predicate": "generalised triples as well",
    "x owl:sameAs x": "eq-ref says nothing of x; the engine answers it when asked and does not store it",
    "axioms without premises": "cls-thing, cls-nothing1, prp-ap and dt-type1 are true of every graph, also of none",
    "the lexical form of a value": "1.50 and 1.5 are one fact to the engine and two to the oracles; values are compared",
}
"""What is taken out of both closures, with the reason. Nothing else is."""

NOT_COMPARED_OF_RECORDS: dict[str, str] = {
    "blank nodes": "rdflib labels them anew; what an anonymous class says shows in the named classes around it",
    "facts about knowledge alone": "the knowledge is closed once; the generated ontologies hold how ontologies are closed",
}
"""What is taken out besides when records are compared."""

_AXIOMATIC = (
    {(f"<{OWL}{name}>", TYPE, f"<{OWL}Class>") for name in ("Thing", "Nothing")}
    | {
        (f"<{RDFS}{name}>", TYPE, f"<{OWL}AnnotationProperty>")
        for name in ("label", "comment", "seeAlso", "isDefinedBy")
    }
    | {
        (f"<{OWL}{name}>", TYPE, f"<{OWL}AnnotationProperty>")
        for name in ("deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith")
    }
)


def by_value(token: str) -> str:
    """Return a literal as its value, any other term as it is."""
    if not is_literal(token):
        return token
    found = value(token)
    return token if found is None or found == ILL_FORMED else repr(found)


def comparable(closed: Iterable[Triple]) -> set[tuple[str, str, str]]:
    """Return the triples of a closure that are compared; see `NOT_COMPARED`."""
    return {
        (s, p, by_value(o))
        for s, p, o in closed
        if not (is_literal(s) or not p.startswith("<"))
        and not (p == SAME and s == o)
        and (s, p, o) not in _AXIOMATIC
        and not (p == TYPE and o == f"<{RDFS}Datatype>" and s in DATATYPES)
    }


def ours(facts: Iterable[Triple]) -> tuple[set[Triple], set[str]]:
    """Close with our engine: its triples and the rules that contradict."""
    closure = posthma.close(sorted(facts))
    return closure.asserted | closure.inferred, {c.rule for c in closure.contradictions}


def about(records: tuple[Triple, ...], facts: set[Triple]) -> set[Triple]:
    """Return the facts that speak of a record's own things, and of what rules made of these."""
    own = tuple({s[:-1] for s, _, _ in records})
    return {t for t in facts if (t[0].startswith(own) or t[2].startswith(own)) and not any(x[:2] == "_:" for x in t)}


def difference(one: Iterable[Triple], other: Iterable[Triple]) -> str:
    """Say in words what one closure holds and the other does not; empty when nothing."""
    a, b = comparable(one), comparable(other)
    lines = [f"only ours: {' '.join(t)}" for t in sorted(a - b)] + [
        f"only theirs: {' '.join(t)}" for t in sorted(b - a)
    ]
    return "\n".join(lines)
