"""Short Turtle snippets as sets of N-Triples tokens, the engine's own form of a triple."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph

Triple = tuple[str, str, str]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "http://example.org/"

PREFIXES = f"""
@prefix : <{EX}> .
@prefix owl: <{OWL}> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <{RDFS}> .
@prefix xsd: <{XSD}> .
"""

TYPE = f"<{RDF}type>"
SAME = f"<{OWL}sameAs>"
DIFFERENT = f"<{OWL}differentFrom>"


def triples(turtle: str) -> set[Triple]:
    """Parse a snippet that leaves out the usual prefixes; literals keep their lexical form.

    >>> triples(":a :p '01'^^xsd:integer .")
    {('<http://example.org/a>', '<http://example.org/p>', '"01"^^<http://www.w3.org/2001/XMLSchema#integer>')}
    """
    parsed = pyoxigraph.parse((PREFIXES + turtle).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in parsed}


def ntriples(facts: Iterable[Triple]) -> str:
    """Write triples as a sorted N-Triples document."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(facts))


def is_literal(token: str) -> bool:
    """Say whether a token is a literal."""
    return token.startswith('"')


def lists(facts: Iterable[Triple]) -> dict[str, list[str]]:
    """Return the members of every well-formed RDF list, keyed by each of its nodes.

    A node with two firsts or two rests, and a list that runs in a circle, is no list.
    """
    first: dict[str, list[str]] = {}
    rest: dict[str, list[str]] = {}
    for s, p, o in facts:
        if p == f"<{RDF}first>":
            first.setdefault(s, []).append(o)
        elif p == f"<{RDF}rest>":
            rest.setdefault(s, []).append(o)
    found: dict[str, list[str]] = {}
    for head in first:
        members: list[str] = []
        node, seen = head, set()
        while node != f"<{RDF}nil>" and node not in seen and len(first.get(node, ())) == len(rest.get(node, ())) == 1:
            seen.add(node)
            members.append(first[node][0])
            node = rest[node][0]
        if node == f"<{RDF}nil>":
            found[head] = members
    return found
