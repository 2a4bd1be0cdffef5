"""The verbs that explain, suppose and replay, as a person calls them."""

from __future__ import annotations

import json

import pytest

PATIENT_2 = "kb/cases/patient-2/record.ttl"
PATIENT_4 = "kb/cases/patient-4/record.ttl"


def test_what_if_shows_the_flip_and_its_reason(posthma):
    done = posthma("what-if", PATIENT_4, "--set", "kb:idh2=absent")
    assert done.returncode == 0, done.stderr
    assert "a supposition, not a finding" in done.stdout
    assert "enasidenib within NCT02577406: applicable -> not applicable" in done.stdout
    assert "because   IDH2 mutated: met -> not met" in done.stdout


def test_what_if_as_json_holds_both_answers(posthma):
    done = posthma("what-if", PATIENT_4, "--set", "kb:marrowBlasts=12", "--unset", "kb:idh2", "--format", "json")
    found = json.loads(done.stdout)
    assert found["format"] == "posthma-what-if/1"
    assert found["changes"] == ["kb:marrowBlasts=12", "kb:idh2=unset"]
    statuses = [{o["iri"]: o["status"] for o in found[side]["options"]} for side in ("before", "after")]
    differing = {iri for iri in statuses[0] if statuses[0][iri] != statuses[1][iri]}
    assert differing == {flip["iri"] for flip in found["options"]}
    assert differing


def test_why_not_lists_the_sets(posthma):
    done = posthma("why-not", PATIENT_2, "option-transplantation")
    assert done.returncode == 0, done.stderr
    assert "fit; matched sibling found" in " ".join(done.stdout.split())
    found = json.loads(posthma("why-not", PATIENT_2, "option-transplantation", "--limit", "2", "--format", "json").stdout)
    assert (found["format"], found["goal"], len(found["sets"]), found["complete"]) == ("posthma-why-not/1", "applicable", 2, False)


def test_next_test_says_reassess_first_in_its_first_line(posthma):
    done = posthma("next-test", PATIENT_2)
    assert done.stdout.startswith("Reassess first: ")
    assert "WHILE THAT IS UNDER WAY" in done.stdout
    found = json.loads(posthma("next-test", PATIENT_2, "--format", "json").stdout)
    assert found["format"] == "posthma-next-test/1"
    assert found["tests"][0]["due"]


def test_why_shows_places_ages_and_evidence(posthma):
    done = posthma("why", PATIENT_4, "option-enasidenib-trial")
    text = " ".join(done.stdout.split())
    assert "IDH2 mutated: met (2017-04-18, 6 days old; record.ttl:" in text
    assert "EVIDENCE FOR" in text
    assert json.loads(posthma("why", PATIENT_4, "option-esa", "--format", "json").stdout)["option"]["criteria"]["value"] == "not met"


def test_fragile_names_the_limit(posthma):
    done = posthma("fragile", "kb/cases/patient-3/record.ttl")
    text = " ".join(done.stdout.split())
    assert "marrow blasts 20 (record.ttl:" in text
    assert "CPX-351: not applicable -> applicable" in text


def test_a_receipt_is_written_and_replayed(posthma, tmp_path):
    file = tmp_path / "receipt.json"
    assert posthma("replay", file, "--record", PATIENT_4, "--write").returncode == 0
    same = posthma("replay", file, "--record", PATIENT_4)
    assert (same.returncode, same.stdout) == (0, "the same bytes\n")
    shown = posthma("replay", file, "--record", PATIENT_4, "--show")
    assert shown.stdout == posthma("recommend", PATIENT_4, "--format", "json").stdout
    other = posthma("replay", file, "--record", PATIENT_2)
    assert other.returncode == 1
    assert other.stdout == "the report differs\n"
    assert "record: sha256 was " in other.stderr
    assert "answer: the report differs in " in other.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["what-if", PATIENT_4], "PH-100 what-if: nothing is supposed; give --set"),
        (["what-if", PATIENT_4, "--set", "kb:idh9=found"], "no term of the knowledge base"),
        (["what-if", PATIENT_4, "--set", "p:HmaNotFailed=met"], "refuted by the therapy lines"),
        (["why-not", PATIENT_4, "option-nothing"], "it is no option of the knowledge base"),
        (["why", PATIENT_4, "kb:option-esaa"], "did you mean kb:option-esa?"),
        (["replay", "absent.json", "--record", PATIENT_4], "it cannot be read"),
        (["replay", "x.json", "--record", PATIENT_4, "--at", "2017-01-01"], "puts the question of its receipt"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(args, words, posthma):
    done = posthma(*args)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_out_of_scope_is_said_and_ends_with_1(posthma):
    done = posthma("next-test", "tests/bad-input/no-hypomethylating-agent-given/input.ttl")
    assert done.returncode == 1
    assert "PH-220" in done.stderr
