"""Ontology and knowledge base keep to OWL 2 RL with the one stated exception."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from tests.ontology.profile import faults

from posthma.knowledge import read_knowledge

PREFIXES = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def triples(turtle):
    quads = ox.parse((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return [(str(q.subject), str(q.predicate), str(q.object)) for q in quads]


def test_ontology_and_knowledge_keep_to_the_profile():
    knowledge = read_knowledge()
    assert len(knowledge.triples) > 10_000
    assert list(faults(knowledge.triples)) == []


GOOD = {
    "existential below": "[] a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :A ; rdfs:subClassOf :B .",
    "the exception": ":A owl:unionOf ( :B :C ) .",
    "intersection": ":A owl:intersectionOf ( :B :C ) .",
    "universal above": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] .",
    "at most one": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .",
    "a datatype of the map": ":p rdfs:range xsd:decimal .",
}
BAD = {
    "existential above": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
    "existential as equivalence": ":A owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
    "anonymous union above": ":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ] .",
    "enumeration above": ":A rdfs:subClassOf [ owl:oneOf ( :a :b ) ] .",
    "universal below": "[] a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :A ; rdfs:subClassOf :B .",
    "at least one": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] .",
    "at most two": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 2 ] .",
    "complement": ":A owl:complementOf :B .",
    "key": ":A owl:hasKey ( :p ) .",
    "reflexive": ":p a owl:ReflexiveProperty .",
    "self": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ] .",
    "date in an axiom": ":p rdfs:range xsd:date .",
    "two operators": ":A owl:unionOf ( :B :C ) ; owl:intersectionOf ( :B :D ) .",
    "a property of two kinds": ":p a owl:ObjectProperty , owl:DatatypeProperty .",
    "disjoint union": ":A owl:disjointUnionOf ( :B :C ) .",
}


@pytest.mark.parametrize("turtle", GOOD.values(), ids=GOOD)
def test_what_the_profile_allows_passes(turtle):
    assert list(faults(triples(turtle))) == []


@pytest.mark.parametrize("turtle", BAD.values(), ids=BAD)
def test_what_the_profile_forbids_is_named(turtle):
    assert list(faults(triples(turtle)))
