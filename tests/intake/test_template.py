"""The template: read back, every column means something; therapy lines with their summaries."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from posthma.cli.template import command
from posthma.errors import UsageError
from posthma.intake.build import NOT_UNDERSTOOD, USED
from posthma.intake.columns import Columns, usual_column
from posthma.intake.lines import agents, line_column, values
from posthma.intake.rdf import parse_record
from posthma.intake.rows import read_rows
from posthma.intake.table import import_table
from posthma.intake.template import COLUMNS, csv_template, xlsx_template
from posthma.knowledge import read_knowledge
from posthma.turtle import write_turtle
from posthma.validation import validate
from posthma.vocab import curie, plain

FILLED = {
    "PATIENT_ID": "a-1", "DATE": "2019-01-15", "DECISION_DATE": "2019-01-20", "JURISDICTION": "EU", "SEX": "female",
    "AGE": "72", "DIAGNOSIS": "mds", "HB": "82 g/L", "PLT": "31", "ANC": "0.6", "WBC": "2.1", "BM_BLAST": "11", "PB_BLAST": "0",
    "ECOG": "1", "KARYOTYPE": "46,XX[20]", "IPSSR": "high", "IDH2": "R140Q", "TP53": "0", "HMA_LINES_COMPLETE": "yes",
    "LINE1_AGENT": "azacitidine", "LINE1_START": "2018-04", "LINE1_END": "2018-12-20", "LINE1_CYCLES": "8", "LINE1_DOSE": "75 mg/m2",
    "LINE1_DAYS": "7", "LINE1_RESPONSE": "stable disease", "LINE1_RESPONSE_DATE": "2018-12-20", "LINE1_STOP": "lack of response",
    "LINE1_RESPONSES_COMPLETE": "yes",
}  # fmt: skip


def filled(tmp_path, **changes):
    row = {**dict.fromkeys(COLUMNS, ""), **FILLED, **changes}
    text = csv_template() + ",".join(f'"{row[name]}"' for name in COLUMNS) + "\n"
    (tmp_path / "t.csv").write_text(text)
    (patient,) = import_table(tmp_path / "t.csv", Columns())
    return patient


def test_every_column_of_the_template_means_something():
    special = {"DECISION_DATE", "JURISDICTION"}
    assert [name for name in COLUMNS if name not in special and not usual_column(name) and not line_column(name)] == []


def test_a_filled_row_is_used_whole_and_its_record_is_sound(tmp_path):
    patient = filled(tmp_path)
    assert patient.counts[USED] == len(FILLED), [str(item) for item in patient.items if item.use != USED]
    record = parse_record(write_turtle(patient.triples).encode(), "a-1.ttl")
    assert [str(finding) for finding in validate(record, read_knowledge())] == []


def test_a_line_with_its_summary(tmp_path):
    triples = {(curie(p), plain(o)) for s, p, o in filled(tmp_path).triples if "line-1" in s}
    assert {
        ("p:agent", "kb:azacitidine"), ("p:earliest", "2018-04-01"), ("p:latest", "2018-04-30"), ("p:endDate", "2018-12-20"),
        ("p:cycles", "8"), ("p:dose", "75"), ("p:doseUnit", "kb:mgPerM2PerDay"), ("p:daysPerCycle", "7"),
        ("p:stopReason", "kb:stopNoResponse"), ("p:responsesComplete", "true"),
    } <= triples  # fmt: skip
    assert not any(p == "p:interrupted" for p, _ in triples)  # continuity is not stated and not concluded


@pytest.mark.parametrize(
    ("changes", "column", "why"),
    [
        ({"LINE1_AGENT": "aspirin"}, "LINE1_AGENT", "'aspirin' is no agent of the record vocabulary"),
        ({"LINE1_AGENT": "aspirin"}, "LINE1_CYCLES", "the line has no known agent"),
        ({"LINE1_START": "31.02.2018"}, "LINE1_START", "February 2018 has 28 days"),
        ({"LINE1_CYCLES": "8.5"}, "LINE1_CYCLES", "'8.5' is no number from 1 to 200"),
        ({"LINE1_RESPONSE": "better"}, "LINE1_RESPONSE", "'better' is no response category; use one of complete remission"),
        ({"LINE1_AGENT": "azacytidine"}, "LINE1_AGENT", "no agent of the record vocabulary; use one of azacitidine"),
        ({"IPSSR": "bad"}, "IPSSR", "'bad' is no group of IPSS-R; use one of very low, low"),
        ({"LINE1_RESPONSE_DATE": ""}, "LINE1_RESPONSE", "the response has no date"),
        ({"LINE1_STOP": "boredom"}, "LINE1_STOP", "'boredom' is no reason for stopping"),
        ({"LINE1_END": "2018-01-01"}, "LINE1_END", "the end is no exact day after the start"),
        ({"DECISION_DATE": "2019"}, "DECISION_DATE", "a decision date is one exact day"),
        ({"HMA_LINES_COMPLETE": "perhaps"}, "HMA_LINES_COMPLETE", "neither yes nor no"),
        ({"AGE": "-3"}, "AGE", "-3 years is outside 0 to 120 years"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(tmp_path, changes, column, why):
    item = next(item for item in filled(tmp_path, **changes).items if item.place.endswith(f" {column}"))
    assert item.use == NOT_UNDERSTOOD
    assert why in item.why


def test_xlsx_reads_back(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    (tmp_path / "t.xlsx").write_bytes(xlsx_template())
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["patients", "columns", "values"]
    book["patients"].append([FILLED.get(name) for name in COLUMNS])
    book.save(tmp_path / "t.xlsx")
    (row,) = read_rows(tmp_path / "t.xlsx")
    assert row.cells["AGE"].place == "t.xlsx patients!2 AGE"
    (patient,) = import_table(tmp_path / "t.xlsx", Columns())
    assert write_turtle(patient.triples) == write_turtle(filled(tmp_path).triples)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("LINE1_RESPONSE", "CR"), ("LINE1_RESPONSE", "mCR"), ("LINE1_RESPONSE", "Hematological improvement"),
        ("LINE1_RESPONSE", "stable  Disease"), ("DIAGNOSIS", "Acute myeloid leukemia"), ("LINE1_STOP", "loss-of-response"),
    ],
)  # fmt: skip
def test_words_are_understood_in_their_usual_spellings(tmp_path, column, text):
    item = next(item for item in filled(tmp_path, **{column: text}).items if item.place.endswith(f" {column}"))
    assert (item.use, item.why) == (USED, "")


def test_the_csv_lists_every_accepted_value():
    lists = {line.split(": ")[0]: line.split(": ", 1)[1] for line in csv_template().replace('"', "").splitlines() if "# accepted" in line}
    assert set(lists) == {f"# accepted values of {name}" for name in ("DIAGNOSIS", "LINE_AGENT", "LINE_RESPONSE", "LINE_STOP")}
    assert "myelodysplastic syndrome" in lists["# accepted values of DIAGNOSIS"].split("; ")
    assert "CR" not in lists["# accepted values of LINE_RESPONSE"].split("; ")


def test_a_bare_number_below_one_may_be_a_fraction(tmp_path):
    item = next(item for item in filled(tmp_path, BM_BLAST="0.08").items if item.place.endswith(" BM_BLAST"))
    assert (item.use, item.why) == (USED, "0.08 is read as 0.08 %; if it is a fraction it is 8 %, so write the sign")
    assert not next(item for item in filled(tmp_path, BM_BLAST="0.08 %").items if item.place.endswith(" BM_BLAST")).why


def test_vocabulary_of_the_template_is_there():
    assert agents()["azacitidine"] == "azacitidine"
    assert values("ResponseCategory")["stable disease"] == "stableDisease"
    assert len(values("StopReason")) > 5


def test_command(tmp_path):
    runner = CliRunner()
    assert runner.invoke(command, [], standalone_mode=False).stdout == csv_template()
    target = tmp_path / "patients.xlsx"
    assert runner.invoke(command, ["-o", str(target)], standalone_mode=False).return_value == 0
    assert target.stat().st_size > 5000
    assert isinstance(runner.invoke(command, ["-o", str(target)], standalone_mode=False).exception, UsageError)
    assert "nothing was overwritten" in str(runner.invoke(command, ["-o", str(target)], standalone_mode=False).exception)
