"""posthma check: exit codes, forms, messages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.check import tiny

from posthma import cli
from posthma.check.material import read_material
from posthma.cli.check import command
from posthma.errors import ProofError


@pytest.fixture
def world(tmp_path):
    knowledge = tiny.write(tmp_path / "knowledge")
    record = tiny.write_record(tmp_path / "record.ttl")
    proof = tmp_path / "proof.json"
    proof.write_text(json.dumps(tiny.wild().proof(read_material(knowledge).knowledge.sha256, record)), encoding="utf-8")
    return proof, record, knowledge


def run(*args):
    return CliRunner().invoke(command, [str(arg) for arg in args], standalone_mode=False)


def test_accepted(world):
    proof, record, knowledge = world
    result = run(proof, "--record", record, "--knowledge", knowledge)
    assert result.return_value == 0
    assert result.output.startswith("accepted: ")


def test_unchecked_without_record(world):
    proof, _, knowledge = world
    result = run(proof, "--knowledge", knowledge)
    assert result.return_value == 1
    assert "unchecked: expected a record to look the fact up in" in result.output


def test_rejected_names_step_expected_and_found(world):
    proof, record, knowledge = world
    data = json.loads(proof.read_text(encoding="utf-8"))
    data["steps"][-1]["rule"] = "cls-int2"
    proof.write_text(json.dumps(data), encoding="utf-8")
    result = run(proof, "--record", record, "--knowledge", knowledge, "--format", "json")
    assert result.return_value == 1
    told = json.loads(result.output)
    assert told["verdict"] == "rejected"
    assert [finding["step"] for finding in told["findings"]] == [len(data["steps"])]
    assert told["findings"][0]["expected"].startswith("an instance of cls-int2: ?c owl:intersectionOf ?L")


def test_a_file_with_several_proofs(world):
    proof, record, knowledge = world
    data = json.loads(proof.read_text(encoding="utf-8"))
    proof.write_text(json.dumps([data, {**data, "goal": 1}]), encoding="utf-8")
    result = run(proof, "--record", record, "--knowledge", knowledge)
    assert result.return_value == 0
    assert result.output.count("accepted: ") == 2
    proof.write_text(json.dumps([data, {**data, "goal": 0}]), encoding="utf-8")
    assert run(proof, "--record", record, "--knowledge", knowledge).return_value == 1


@pytest.mark.parametrize("text", ["", "[]", "[3]", "no json", "[" * 100_000])
def test_what_is_no_proof_is_an_error(world, text):
    proof, record, knowledge = world
    proof.write_text(text, encoding="utf-8")
    error = run(proof, "--record", record, "--knowledge", knowledge).exception
    assert isinstance(error, ProofError)
    assert error.exit_code == 1
    assert "proof.json" in str(error)


def test_wrong_use_ends_with_2(world):
    proof, record, _ = world
    assert cli.run(["check", str(proof), "--record", str(record) + ".missing"]) == 2
    assert cli.run(["check", "--record", str(record)]) == 2
