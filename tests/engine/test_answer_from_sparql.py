"""The same answer from SPARQL alone: one query over the inferred graph, in two SPARQL engines."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import Graph

import posthma
from posthma.knowledge import parse_tokens

CASES = [1, 2, 3, 4]


@pytest.fixture(scope="module")
def kb():
    return posthma.load(cache=False)


def inferred_graph(kb, record):
    closure = kb.close(record)
    return [*kb.knowledge.triples, *closure.asserted, *closure.inferred]


@pytest.mark.parametrize("case", CASES)
def test_one_query_lists_what_assess_lists(kb, case):
    """Options, statuses and citations of the query are those of the answer, in pyoxigraph and in rdflib."""
    record = kb.knowledge.root / f"kb/cases/patient-{case}/record.ttl"
    answer = kb.assess(record)
    expected = {
        (option.iri, option.status)
        for option in answer.options
        if option.status in ("applicable", "within trials only", "advised against")
    }
    cited = {
        (option.iri, citation.iri)
        for option in answer.options
        if (option.iri, option.status) in expected
        for citation in (
            *option.citations,
            *(
                c
                for e in (*option.evidence_for, *option.evidence_against, *option.evidence_context)
                for c in e.citations
            ),
        )
    }
    text = (kb.knowledge.root / "queries/answers/applicable.rq").read_text(encoding="utf-8")
    triples = inferred_graph(kb, record)
    store = ox.Store()
    store.bulk_extend(parse_tokens(triples))
    rows = [[term.value for term in row] for row in store.query(text)]
    assert {(option, kb.knowledge.label(f"<{status}>")) for _, option, _, status, _, _ in rows} == expected
    assert {(option, cited) for _, option, _, _, cited, _ in rows} == cited
    graph = Graph()
    graph.parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples if s[0] != '"'), format="nt")
    assert sorted([str(term) for term in row] for row in graph.query(text)) == sorted(rows)
