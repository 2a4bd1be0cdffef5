"""Queries that can be called by name are checked as rules are: header, SPARQL, names."""

from __future__ import annotations

import pytest

QUERY = """\
# title: Who is sick?
# param: who (IRI) a situation
PREFIX p: <https://w3id.org/posthma/ontology/>
SELECT ?who
WHERE { ?who a p:Sick }
"""
FILE = "queries/competency/CQ-001.rq"


def test_a_sound_query_is_clean(house):
    house.write(FILE, QUERY)
    assert house.told() == []


@pytest.mark.parametrize(
    ("old", "new", "place", "code", "fact"),
    [
        ("p:Sick", "p:Sik", ":5", "unknown-name", "p:Sik is described nowhere"),
        ("# param: who", "# param: when", "", "query-header", "'when'"),
        ("?who a p:Sick", "?who b p:Sick", ":5", "query-syntax", "not SPARQL"),
        ("?who a p:Sick", "SERVICE <http://example.org/> { ?who a p:Sick }", "", "query-header", "SERVICE"),
    ],
)
def test_a_fault_of_a_query_is_told_with_its_place(house, old, new, place, code, fact):
    house.write(FILE, QUERY.replace(old, new))
    (finding,) = house.findings()
    assert (finding.place, finding.severity, finding.code) == (FILE + place, "violation", code)
    assert fact in finding.fact
    assert finding.remedy


def test_what_is_not_filled_in_is_told_once(house):
    house.add("kb:crit-new a owl:Class ; rdfs:label \"new\"@en ; owl:intersectionOf ( p:Sick p:TODO ) .\n")
    assert [(f.code, f.fact) for f in house.findings()] == [("unfinished", "a member of a list is not filled in")]
