"""Patient 4 in three forms: the record in Turtle, a Phenopacket, FHIR resources; one assessment.

What must come out is read from kb/cases/patient-4/expected.toml, which was written from the article.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import posthma
from posthma.intake.any import import_any, recognise
from posthma.intake.build import NOT_UNDERSTOOD
from posthma.turtle import write_turtle

HERE = Path(__file__).parent
CASE = HERE.parents[1] / "kb" / "cases" / "patient-4"
FORMS = {"fhir/patient-4.json": None, "fhir/patient-4.ndjson": None, "phenopacket/patient-4.json": True}


@pytest.fixture(scope="module")
def knowledge():
    return posthma.load()


def assessment(knowledge, path):
    answer = knowledge.assess(path, at="2017-04-24", jurisdiction="EU")
    failure = (answer.failure.gate, answer.failure.kind, answer.failure.certainty)
    return failure, {option.iri.rsplit("/", 1)[-1]: option.status for option in answer.options}


def imported(name, folder, lines_complete):
    (patient,) = import_any(HERE / name, lines_complete=lines_complete)
    path = folder / "record.ttl"
    path.write_text(write_turtle(patient.triples), encoding="utf-8")
    return patient, path


@pytest.mark.parametrize("name", FORMS)
def test_the_assessment_is_that_of_the_record(knowledge, name, tmp_path):
    patient, path = imported(name, tmp_path, FORMS[name])
    failure, statuses = assessment(knowledge, path)
    assert (failure, statuses) == assessment(knowledge, CASE / "record.ttl")
    assert "provisional secondary resistance" in failure[1]
    expected = tomllib.loads((CASE / "expected.toml").read_text(encoding="utf-8"))["question"][0]["options"]
    for status in ("applicable", "advised_against", "not_applicable", "undetermined"):
        assert {statuses[f"option-{option}"] for option in expected[status]} == {status.replace("_", " ")}
    assert patient.counts[NOT_UNDERSTOOD] == 0


def test_without_the_word_that_all_lines_are_there_intolerance_stays_open(knowledge, tmp_path):
    """A Phenopacket cannot say that it holds every line: only the option that asks for "no other line" changes."""
    _, path = imported("phenopacket/patient-4.json", tmp_path, None)
    whole = assessment(knowledge, CASE / "record.ttl")[1]
    part = assessment(knowledge, path)[1]
    assert {option for option in whole if part[option] != whole[option]} == {"option-switch-intolerance"}
    assert part["option-switch-intolerance"] == "undetermined"


@pytest.mark.parametrize("name", FORMS)
def test_the_same_facts_stand_in_each(name, tmp_path):
    """Values, dates and variants are those of the record, whatever units the form uses (39,000 /uL, 68 g/L)."""
    _, path = imported(name, tmp_path, FORMS[name])
    assert measured(path) == measured(CASE / "record.ttl")


def measured(path):
    from posthma.intake.rdf import read_record

    nodes = {}
    for s, p, o in read_record(path).triples:
        nodes.setdefault(s, {})[p.rstrip(">").rsplit("/", 1)[-1]] = o
    rows = {(n["analyte"], n["date"], n["low"], n["high"], n["unit"]) for n in nodes.values() if "analyte" in n}
    assert len(rows) == 11
    return rows | {(n["found"], n["date"]) for n in nodes.values() if "found" in n}


def test_a_record_in_turtle_comes_back_as_it_is():
    (patient,) = import_any(CASE / "record.ttl")
    assert recognise(CASE / "record.ttl") == "record"
    assert len(patient.items) == len(patient.triples) == patient.counts["used"]
    assert all(item.place.startswith("record.ttl:") for item in patient.items)
