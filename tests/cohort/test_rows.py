"""A row of a cohort says what the whole answer says, and a quick yes is what the whole validation says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from tests.benchmarks.cohort import rows as generated
from tests.benchmarks.cohort import write

from posthma.cohort import Input, Settings, Unit
from posthma.cohort.assess import Assessor
from posthma.cohort.sound import Soundness
from posthma.errors import PosthmaError
from posthma.intake.columns import Columns
from posthma.intake.rdf import parse_record, read_record
from posthma.intake.table import import_table
from posthma.turtle import write_turtle
from posthma.validation import validate

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "kb/cases").glob("*/record.ttl"))
FIXTURES = sorted([
    *CASES, *(ROOT / "tests/shapes/record").glob("*/*.ttl"), *(ROOT / "tests/bad-input").glob("*/input.*"),
])  # fmt: skip


def leaves(node):
    """The unknown findings of a criterion, by examination."""
    if node.value != "unknown":
        return set()
    if not node.children:
        return {node.decided_by or node.label}
    return set().union(*(leaves(child) for child in node.children))


def agrees(row, answer, statuses):
    counts = Counter(option.status for option in answer.options)
    assert {status: row[column] for status, column in statuses.items()} == {s: counts[s] for s in statuses}
    assert (row["date"], row["jurisdiction"]) == (answer.date, answer.jurisdiction)
    assert (row["gate"], row["certainty"]) == (answer.failure.gate, answer.failure.certainty)
    assert ", ".join(row["kind"]) == answer.failure.kind
    assert row["out_of_scope"] == answer.out_of_scope
    assert sorted(row["applicable"]) == sorted(o.label for o in answer.options if o.status == "applicable")
    assert set(row["missing_tests"]) == set().union(*(leaves(option.criteria) for option in answer.options), set())
    assert row["contradictions"] == [found.text for found in answer.contradictions]
    assert row["knowledge_version"] == answer.knowledge_version


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_a_row_says_what_the_answer_says(case, kb, assessor):
    (outcome,) = assessor.outcomes(Unit(0, case.name, file=str(case)))
    agrees(outcome.row, kb.assess(case), assessor.rows.statuses)


def test_cases_were_found():
    assert len(CASES) >= 4
    assert len(FIXTURES) > 40


def test_rows_of_a_table_say_what_the_answer_to_the_imported_record_says(kb, assessor, tmp_path):
    write(tmp_path / "t.csv", generated(12))
    imported = list(import_table(tmp_path / "t.csv", Columns()))
    outcomes = [outcome for unit in Input(tmp_path / "t.csv", Columns()) for outcome in assessor.outcomes(unit)]
    assert len({outcome.row["gate"] for outcome in outcomes}) > 1
    for made, outcome in zip(imported, outcomes, strict=True):
        answer = kb.assess(parse_record(write_turtle(made.triples).encode(), "r.ttl"))
        agrees(outcome.row, answer, assessor.rows.statuses)
        assert outcome.row["patient"] == made.patient


def test_contradictory_facts_withhold_the_options(kb, assessor):
    """One test that finds a gene and does not find it."""
    text = CASES[3].read_text() + (
        "\n<https://w3id.org/posthma/case/patient-4/patient> p:event <urn:x:test> .\n<urn:x:test> a p:GeneTest ; "
        'p:date "2017-04-01"^^xsd:date ; p:panel kb:panelNotStated ; p:conclusive true ; p:found kb:idh1 ; p:notFound kb:idh1 .\n'
    )
    record = parse_record(text.encode(), "r.ttl")
    if assessor.sound.violations(record):
        pytest.skip("the shapes refuse the contradiction before the reasoner sees it")
    answer = kb.assess(record)
    assert answer.contradictions
    row = assessor._assessed(record)
    agrees(row, answer, assessor.rows.statuses)
    assert row["options_applicable"] == 0


def test_mutations_are_those_of_the_record(assessor):
    found = {case.parent.name: assessor.outcomes(Unit(0, case.name, file=str(case)))[0].row for case in CASES}
    assert found["patient-1"]["mutations"] == ["ASXL1"]
    assert found["patient-4"]["mutations"] == ["IDH2"]
    assert found["patient-3"]["mutations"] == []
    assert found["patient-3"]["tested_genes"] == ["IDH1", "IDH2"]


@pytest.mark.parametrize("file", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_quick_yes_is_what_the_whole_validation_says(file, kb):
    try:
        record = read_record(file)
    except PosthmaError:
        return
    sound = Soundness(kb.knowledge)
    bars = [finding for finding in validate(record, kb.knowledge) if finding.severity == "violation"]
    quick = sound._terms_fit(record) and sound._shapes_hold(record)
    if bars:
        assert not quick
    assert sound.violations(record) == bars


def test_the_quick_yes_is_given(kb):
    """Otherwise the test above would hold for a gate that never opens."""
    sound = Soundness(kb.knowledge)
    records = [read_record(case) for case in CASES]
    assert all(sound._terms_fit(record) and sound._shapes_hold(record) for record in records)
    patient = next(t for t in records[0].triples if t[2].endswith("/Patient>"))
    rest = tuple(t for t in records[0].triples if t != patient)
    assert not sound._terms_fit(replace(records[0], triples=rest))


def test_what_is_asked_reaches_every_patient(kb):
    asked = Assessor(kb, Settings(at="2016-01-01", jurisdiction="US"))
    row = asked.outcomes(Unit(0, "record.ttl", file=str(CASES[1])))[0].row
    assert (row["date"], row["jurisdiction"]) == ("2016-01-01", kb.assess(CASES[1], jurisdiction="US").jurisdiction)
