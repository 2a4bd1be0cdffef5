"""The compiled engine against the reference (rdflib, owlrl, the rules as they stand): the same facts on every case.

The tests take the knowledge that bears on a patient; ``POSTHMA_DIFFERENTIAL`` asks for all of it.
"""

from __future__ import annotations

import os
import re

import pytest
from tests.benchmarks.inputs import case_records
from tests.differential import compare
from tests.owl.graphs import OWL, RDF, RDFS, TYPE, Triple

import posthma
from posthma.engine import layers

reference = pytest.importorskip("posthma.reference", reason="the reference engine is not there")

WHOLE = bool(os.environ.get("POSTHMA_DIFFERENTIAL"))


def bearing(kb: posthma.KnowledgeBase) -> list[Triple]:
    """Return the knowledge that a rule or OWL can read: no labels, no evidence, no publications."""
    text = "\n".join(rule.text for rule in kb.rules)
    read = {f"<https://w3id.org/posthma/ontology/{name}>" for name in re.findall(r"\bp:([A-Za-z][\w-]*)", text)}
    standard = (f"<{OWL}", f"<{RDF}", f"<{RDFS}")
    return [t for t in kb.knowledge.triples if t[1] in read or (t[1].startswith(standard) and not t[2].startswith('"'))]


@pytest.mark.slow
def test_all_cases_in_one_graph_give_the_same_facts():
    kb = posthma.load()
    records = tuple(dict.fromkeys(t for record in case_records().values() for t in record))
    knowledge = list(kb.knowledge.triples) if WHOLE else bearing(kb)
    graph = reference.close(records, knowledge, kb.rules, layers(kb.knowledge.root))
    theirs = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph}
    closure = kb.close(records)
    ours = closure.asserted | closure.inferred
    assert len(compare.about(records, ours)) > len(records)
    assert compare.difference(compare.about(records, ours), compare.about(records, theirs)) == ""


def test_cases_together_conclude_what_they_conclude_alone():
    """Records that share a graph do not speak of each other."""
    kb = posthma.load()
    alone = [kb.close(record) for record in case_records().values()]
    together = kb.close(tuple(dict.fromkeys(t for record in case_records().values() for t in record)))
    assert together.inferred == set().union(*(c.inferred for c in alone))


def test_the_knowledge_that_bears_on_a_patient_is_a_part_of_the_whole():
    kb = posthma.load()
    part = set(bearing(kb))
    assert part < set(kb.knowledge.triples)
    assert {t for t in kb.knowledge.triples if t[1] == f"<{OWL}intersectionOf>"} <= part
    assert not any(t[1] == f"<{RDFS}label>" for t in part)


def test_facts_about_a_record_are_told_from_those_about_knowledge():
    record = (("<http://example.org/r>", TYPE, "<http://example.org/C>"),)
    facts = {
        ("<http://example.org/r>", TYPE, "<http://example.org/D>"),
        ("<http://example.org/r/view>", TYPE, "<http://example.org/D>"),
        ("<http://example.org/r>", TYPE, "_:class"),
        ("<http://example.org/C>", TYPE, "<http://example.org/D>"),
    }
    assert {s for s, _, _ in compare.about(record, facts)} == {"<http://example.org/r>", "<http://example.org/r/view>"}
    assert len(compare.about(record, facts)) == 2
