"""Proofs written by hand are accepted, and none of their mutations is."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.check import tiny
from tests.check.mutations import MUTATIONS

from posthma.check import check
from posthma.check.material import read_material

PAIRS = [(name, mutation) for name in tiny.GOOD for mutation in MUTATIONS]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    record = tiny.write_record(folder / "record.ttl", tiny.RECORD + tiny.EXTRA_RECORD)
    return tiny.write(folder / "knowledge"), record


def good(name, world):
    knowledge, record = world
    return tiny.GOOD[name]().proof(read_material(knowledge).knowledge.sha256, record)


@pytest.mark.parametrize("name", tiny.GOOD)
def test_good_proof_is_accepted(name, world):
    knowledge, record = world
    proof = good(name, world)
    verdict = check(proof, record, knowledge)
    assert verdict.accepted, verdict.to_text()
    assert list(verdict.claim) == proof["steps"][-1]["triple"]


@pytest.mark.parametrize(("name", "mutation"), PAIRS, ids=[f"{name}-{mutation.__name__}" for name, mutation in PAIRS])
def test_mutated_proof_is_rejected(name, mutation, world):
    knowledge, record = world
    proof = good(name, world)
    wrongly = [what for what, mutant in mutation(proof) if check(mutant, record, knowledge).outcome != "rejected"]
    assert wrongly == []


def test_each_mutation_finds_a_place(world):
    """A mutation that changes nothing would prove nothing."""
    found: Counter[str] = Counter()
    for name in tiny.GOOD:
        proof = good(name, world)
        for mutation in MUTATIONS:
            for _, mutant in mutation(proof):
                assert json.dumps(mutant) != json.dumps(proof)
                found[mutation.__name__] += 1
    assert all(found[mutation.__name__] >= 5 for mutation in MUTATIONS), found
