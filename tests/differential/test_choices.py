"""Both engines give the same facts when the question chooses: rules as they stand against the compiled program."""

from __future__ import annotations

import pytest
from tests.cases.failure_table import records
from tests.differential import compare
from tests.differential.test_reference import bearing
from tests.owl.graphs import Triple

import posthma
from posthma.engine import layers
from posthma.vocab import KB, P

reference = pytest.importorskip("posthma.reference", reason="the reference engine is not there")

DAYS = "^^<http://www.w3.org/2001/XMLSchema#integer>"
CHOSEN = {
    "blasts-20.0": (P.chooses, f"<{KB.BASE}aml-who>"),
    "stable-5": (P.chooses, f"<{KB.BASE}exposure-6>"),
    "stable-4": (P.chooses, f"<{KB.BASE}exposure-4>"),
    "aml-after-window": (P.attributionWindowDays, f'"91"{DAYS}'),
    "gene-test-43-days-before-end": (P.reassessmentWindowDays, f'"43"{DAYS}'),
}


def chosen_records() -> list[tuple[Triple, ...]]:
    found = {record.name: record for record in records() if record.name in CHOSEN}
    return [(*found[name].triples, (found[name].question, *choice)) for name, choice in CHOSEN.items()]


@pytest.mark.slow
def test_chosen_records_in_one_graph_give_the_same_facts() -> None:
    kb = posthma.load()
    given = tuple(dict.fromkeys(t for record in chosen_records() for t in record))
    graph = reference.close(given, bearing(kb), kb.rules, layers(kb.knowledge.root))
    theirs = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph}
    closure = kb.close(given)
    ours = closure.asserted | closure.inferred
    assert sum(t[1] == P.takes for t in ours) == 2 * 3 * len(CHOSEN)  # three definitions, in the situation and its twin
    assert compare.difference(compare.about(given, ours), compare.about(given, theirs)) == ""
