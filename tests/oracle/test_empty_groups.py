"""GROUP BY over nothing: SPARQL gives no group, rdflib one without values; the reference does as SPARQL says."""

from __future__ import annotations

from rdflib import Graph, URIRef

from posthma.reference import apply_rule
from posthma.rules.files import RuleText

QUERY = """PREFIX e: <https://example.org/>
CONSTRUCT { ?v e:last ?x } WHERE { { SELECT ?v (MAX(?d) AS ?n) { ?v e:seen ?d } GROUP BY ?v } ?v e:at ?n ; e:in ?x }"""
COUNT = """PREFIX e: <https://example.org/>
CONSTRUCT { e:all e:number ?n } WHERE { { SELECT (COUNT(?d) AS ?n) { ?v e:seen ?d } } }"""


def rule(text: str) -> RuleText:
    return RuleText("R-X", "t", "l", "s", "s", "none", "", text, "x.rq")


def graph(turtle: str) -> Graph:
    return Graph().parse(data=f"@prefix e: <https://example.org/> . {turtle}", format="turtle")


def test_no_row_makes_no_group():
    found = graph("e:a e:at 3 ; e:in e:x .")
    assert list(found.query(QUERY)), "rdflib was mended: the reference need not correct it any more"
    assert apply_rule(found, rule(QUERY)) == []


def test_rows_make_their_groups():
    found = graph("e:a e:at 3 ; e:in e:x ; e:seen 2, 3 . e:b e:at 3 ; e:in e:x ; e:seen 2 .")
    new = apply_rule(found, rule(QUERY))
    assert [s for s, _, _ in new] == [URIRef("https://example.org/a")]


def test_a_count_without_groups_is_nought():
    assert [str(o) for _, _, o in apply_rule(graph("e:a e:at 3 ."), rule(COUNT))] == ["0"]
