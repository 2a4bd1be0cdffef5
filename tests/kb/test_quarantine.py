"""Quarantined figures never select or order an option: without them every answer has the same options in the same order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.kb.graphs import ROOT

from posthma.engine import KnowledgeBase
from posthma.knowledge import read_knowledge
from posthma.vocab import P

pytestmark = pytest.mark.slow

CASES = sorted((ROOT / "kb" / "cases").glob("patient-*/record.ttl"))
FIGURES = {P.value, P.valueLow, P.valueHigh, P.ciLow, P.ciHigh, P.direction}


def quarantined(knowledge):
    return {s for s, p, _ in knowledge.triples if p == P.quarantined}


def without(knowledge, statements):
    """Return the knowledge without statements, and without what points at them."""

    def kept(triples):
        return tuple(t for t in triples if t[0] not in statements and t[2] not in statements)

    by_file = {file: kept(triples) for file, triples in knowledge.by_file.items()}
    mark = f"{knowledge.fingerprint} without"
    return replace(knowledge, triples=kept(knowledge.triples), by_file=by_file, fingerprint=mark)


@pytest.fixture(scope="module")
def bases():
    whole = read_knowledge()
    assert len(quarantined(whole)) == 7
    return KnowledgeBase(whole), KnowledgeBase(without(whole, quarantined(whole)), cache=False)


def options(answer):
    return [(o.iri, o.status, o.order_reason) for o in answer.options]


def ledgers(answer):
    return {
        item.iri for o in answer.options for item in (*o.evidence_for, *o.evidence_against, *o.evidence_context)
    }  # fmt: skip


def test_there_are_cases():
    assert len(CASES) == 4


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_without_quarantined_statements_status_and_order_of_options_stay(case, bases):
    whole, less = (base.assess(case) for base in bases)
    assert options(whole) == options(less)
    assert whole.failure == less.failure


def test_what_was_taken_out_is_shown_by_the_answers(bases):
    """Otherwise the test above would hold for want of matter."""
    names = {f"<{iri}>" for case in CASES for iri in ledgers(bases[0].assess(case))}
    assert len(quarantined(bases[0].knowledge) & names) >= 3
    left = {f"<{iri}>" for case in CASES for iri in ledgers(bases[1].assess(case))}
    assert not quarantined(bases[0].knowledge) & left


def test_no_key_of_a_policy_reads_evidence():
    """What orders is said of options alone."""
    for s, p, o in read_knowledge().triples:
        assert not (p == P.compares and o in FIGURES | {P.evidence, P.quarantined}), s
