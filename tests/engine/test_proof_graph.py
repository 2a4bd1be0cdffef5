"""A proof as a networkx graph: one node a step, one edge from each premise to what rests on it."""

from __future__ import annotations

import networkx as nx
import pytest

import posthma
from posthma.errors import PosthmaError
from posthma.terms import OWL, RDF, RDFS

A, B, C, X = (f"<http://example.org/{n}>" for n in "abcx")
SUB, TYPE = f"<{RDFS}subClassOf>", f"<{RDF}type>"


def test_the_graph_of_a_proof_has_its_steps_and_their_premises():
    proof = posthma.close([(A, SUB, B), (B, SUB, C), (X, TYPE, A)]).proof((X, TYPE, C), "shortest")
    graph = proof.to_networkx()
    assert nx.is_directed_acyclic_graph(graph)
    assert set(graph.nodes) == {step.id for step in proof.steps}
    assert set(graph.edges) == {(premise, step.id) for step in proof.steps for premise in step.premises}
    assert [n for n in graph if graph.out_degree(n) == 0] == [proof.goal]
    given = {(A, SUB, B), (B, SUB, C), (X, TYPE, A)}
    leaves = {step.triple for step in proof.steps if graph.in_degree(step.id) == 0}
    assert leaves <= given
    assert (X, TYPE, A) in leaves


def test_what_does_not_follow_has_no_graph():
    with pytest.raises(PosthmaError):
        posthma.close([(A, SUB, B), (X, TYPE, A)]).proof((X, TYPE, f"<{OWL}Nothing>"))
