"""Proofs of the real engine over the real knowledge: all accepted, their mutations not."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from tests.check.mutations import MUTATIONS

import posthma
import posthma.check
from posthma import resources

RECORDS = sorted(path for path in resources.path("kb/cases").glob("*/record.ttl"))
CELLS = ("R-REF-003", "R-REF-004")
CLOSING = "R-REF-005"
FAILS_ALL = "<https://w3id.org/posthma/ontology/failsAll>"
MAX_MUTANTS = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A copy of the knowledge, so that engine and checker read the same bytes whatever is edited meanwhile."""
    folder = tmp_path_factory.mktemp("home")
    for name in resources.FOLDERS:
        shutil.copytree(resources.path(name), folder / name)
    return folder


@pytest.fixture(scope="module")
def kb(home):
    return posthma.load(root=home)


@pytest.fixture(scope="module")
def closures(kb):
    return {record: kb.close(record) for record in RECORDS}


@pytest.fixture(scope="module")
def check(home):
    return partial(posthma.check.check, knowledge_dir=home)


def proofs(closure, step):
    """Every ``step``-th conclusion with its proof as JSON data, marks on list cells left aside."""
    concluded = sorted(fact for fact in closure.inferred if fact[1] != FAILS_ALL)
    for fact in concluded[::step]:
        yield fact, json.loads(closure.proof(fact).to_json())


def test_records_are_found():
    assert len(RECORDS) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.parent.name)
def test_proofs_of_a_case_are_accepted(record, closures, check):
    seen = 0
    for fact, proof in proofs(closures[record], 9):
        verdict = check(proof, record)
        assert verdict.accepted, verdict.to_text()
        assert verdict.claim == fact
        seen += 1
    assert seen >= 40


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.parent.name)
def test_refuted_unions_are_one_step(record, closures, check):
    """No list cell appears in a proof, and the one step of a refuted union is accepted."""
    every = [proof for _, proof in proofs(closures[record], 1)]
    assert not any(step.get("rule") in CELLS for proof in every for step in proof["steps"])
    unions = [proof for proof in every if proof["steps"][-1].get("rule") == CLOSING]
    assert unions
    assert [check(proof, record).outcome for proof in unions[:5]] == ["accepted"] * min(5, len(unions))


@pytest.mark.slow
@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.parent.name)
def test_mutated_proofs_of_a_case_are_rejected(record, closures, check):
    """The longest proofs of the sample, every kind of mutation, at places spread over the proof."""
    sample = [proof for _, proof in proofs(closures[record], 23)]
    proof = max((data for data in sample if len(data["steps"]) <= 60), key=lambda data: len(data["steps"]))
    assert check(proof, record).accepted
    assert len(proof["steps"]) >= 15
    for mutation in MUTATIONS:
        mutants = list(mutation(proof))
        for what, mutant in mutants[:: max(1, len(mutants) // MAX_MUTANTS)]:
            assert check(mutant, record).outcome == "rejected", f"{mutation.__name__}: {what}"


def test_a_question_asked_on_the_command_line(kb, check):
    record = RECORDS[-1]
    closure = kb.close(record, at="2017-03-01")
    seen = 0
    for _, proof in proofs(closure, 25):
        if any(step["kind"] == "question" for step in proof["steps"]):
            verdict = check(proof, record)
            assert verdict.accepted, verdict.to_text()
            assert verdict.question
            seen += 1
    assert seen >= 5


def test_a_proof_for_one_patient_is_none_for_another(closures, check):
    fact, proof = next(proofs(closures[RECORDS[0]], 40))
    assert check(proof, RECORDS[0]).accepted, fact
    assert check(proof, RECORDS[1]).outcome == "rejected"


def test_sources_are_read_as_the_engine_reads_them(kb, home):
    from posthma.check.sources import read_knowledge, read_record

    knowledge = read_knowledge(home)
    assert knowledge.sha256 == kb.knowledge.sha256
    assert set(knowledge.files) == set(kb.knowledge.triples)
    for record in RECORDS:
        assert set(read_record(Path(record)).files) == set(kb.read(record).triples)
