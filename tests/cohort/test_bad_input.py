"""Bad input has a message with its place, the rest of the cohort goes on, and nothing crashes or hangs."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from posthma.cohort import Input, Settings, run_cohort
from posthma.errors import LimitError, PosthmaError, SyntaxRecordError, UsageError
from posthma.intake.columns import Columns

HEAD = "PATIENT_ID,DATE,DIAGNOSIS,AGE,BM_BLAST,LINE1_AGENT,LINE1_START\n"
GOOD = "ok,2017-01-02,mds,70,8,azacitidine,2016-05-01\n"
CASES = Path(__file__).resolve().parents[2] / "kb/cases"


@pytest.fixture
def cohort(tmp_path, read):
    """Run a file and return the patients, the quarantine and the cells not understood, as rows."""

    def run(data, name="t.csv"):
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        run_cohort(Input(file, Columns()), tmp_path / "out", Settings(), workers=0)
        out = tmp_path / "out"
        return read(out / "patients.csv"), read(out / "quarantine.csv"), read(out / "not-understood.csv")

    return run


def record(patient="x"):
    """A sound record in JSON-LD, its context in it."""
    p, kb, xsd = (f"https://w3id.org/posthma/{n}/" for n in ("ontology", "kb", "record"))
    return {
        "@context": {"p": p, "kb": kb, "r": xsd, "xsd": "http://www.w3.org/2001/XMLSchema#"},
        "@id": f"r:{patient}", "@type": "p:Patient",
        "p:event": {"@id": f"r:{patient}/d", "@type": "p:Diagnosis", "p:disease": {"@id": "kb:mds"},
                    "p:date": {"@value": "2017-01-02", "@type": "xsd:date"}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ("bad,2017-01-02,mds,70,8\x00,,\n", "t.csv:3", "holds NUL characters"),
        ("bad," + "9" * 1_200_000 + "\n", "t.csv:3", "longer than 1000000 characters"),
        ("bad,2017-01-02,mds,70,8,,,,,extra\n", "t.csv:3", "has 10 cells, the header has 7"),
        ('bad,"' + "x" * 100_001 + '",mds,70,8,,\n', "t.csv:3", "cannot be read as a row"),
        ("ok,2017-01-02,mds,70,8,azacitidine,2016-05-01\n", "t.csv:3", "the patient stands already at t.csv:2"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_with_its_line(row, place, reason, cohort):
    patients, quarantine, _ = cohort(HEAD + GOOD + row + GOOD.replace("ok", "ok2"))
    assert [row["patient"] for row in patients] == ["ok", "ok2"]
    (found,) = quarantine
    assert found["place"] == place
    assert reason in found["reason"]
    assert found["remedy"]


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ("a,31.02.2019,mds,70,8,,\n", "t.csv:3 DATE", "February 2019 has 28 days"),
        ("a,2017-01-02,mds,-5,8,,\n", "t.csv:3 AGE", "-5"),
        ("a,2017-01-02,mds,70,180,,\n", "t.csv:3 BM_BLAST", "180"),
        ("a,2017-01-02,mds,70,8,unobtainium,2016-01-01\n", "t.csv:3 LINE1_AGENT", "no agent of the record vocabulary"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(row, place, reason, cohort):
    patients, _, cells = cohort(HEAD + GOOD + row)
    assert "ok" in [row["patient"] for row in patients]
    assert [cell for cell in cells if cell["place"] == place and reason in cell["reason"] and cell["patient"] == "a"]


@pytest.mark.parametrize("encode", [
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.encode("utf-16"),
    lambda text: text.replace("ok2", "Müller").encode("cp1252"),
], ids=["bom", "cr", "crlf", "utf-16", "cp1252"])  # fmt: skip
def test_ways_to_write_a_table_that_are_read(encode, cohort):
    patients, quarantine, _ = cohort(encode(HEAD + GOOD + GOOD.replace("ok", "ok2")))
    assert [row["patient"] for row in patients] in (["ok", "ok2"], ["ok", "Müller"])
    assert quarantine == []


def test_mixed_encodings_in_one_file(cohort):
    data = (HEAD + GOOD).encode() + "Müller,2017-01-02,mds,70,8,,\n".encode("cp1252") + "Møller,2017-01-02,mds,70,8,,\n".encode()
    patients, quarantine, _ = cohort(data)
    assert [row["patient"] for row in patients] == ["ok", "Müller", "Møller"]
    assert quarantine == []


DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (DEEP, "nested too deeply"),
        ('{"@id":' + '{"@id":' * 90_000 + "1" + "}" * 90_001, "nested too deeply"),
        ("[" * 3000 + "]" * 3000, "nested too deeply"),
        ('{"ID": "a\\u0000b", "HB"', "is not JSON"),
        ('{"ID": "a\x00"}', "holds NUL characters"),
        ('{"ID": "\\ud800"}', "half a character"),
        ('{"ID": {"x": 1}}', "holds a nested value"),
        ("[1, 2]", "is no object of named values"),
        ("null", "is no object of named values"),
        (json.dumps({**record("y"), "@context": "https://example.org/context"}), "is not in the file"),
        (json.dumps({**record("y"), "@type": "p:Pateint"}), ""),
        (json.dumps(record()), "the patient stands already at t.ndjson:1"),
    ],
)
def test_a_line_that_is_no_record_is_left_out_with_its_number(line, reason, cohort):
    text = f"{json.dumps(record())}\n{line}\n\n{json.dumps(record('z'))}\n"
    patients, quarantine, _ = cohort(text, "t.ndjson")
    assert [row["place"] for row in patients] == ["t.ndjson:1", "t.ndjson:4"]
    (found,) = quarantine
    assert found["place"].startswith("t.ndjson:2")
    assert "jsonld" not in found["place"] + found["reason"]
    assert reason in found["reason"]
    assert found["remedy"]


def test_bytes_that_are_no_text(cohort):
    data = json.dumps(record()).encode() + b'\n{"ID": "\xff\xfe"}\n'
    _, (found,), _ = cohort(data, "t.ndjson")
    assert (found["place"], found["reason"]) == ("t.ndjson:2", "byte 0xff is not UTF-8")


def test_a_line_past_the_limit_is_passed_over(cohort, monkeypatch):
    monkeypatch.setattr("posthma.intake.ndjson.MAX_LINE", 3000)
    text = json.dumps(record()) + "\n" + '{"a": "' + "x" * 200_000 + '"}\n' + json.dumps(record("z")) + "\n"
    patients, (found,), _ = cohort(text, "t.ndjson")
    assert [row["place"] for row in patients] == ["t.ndjson:1", "t.ndjson:3"]
    assert found["place"] == "t.ndjson:2"
    assert "longer than the limit" in found["reason"]


def test_old_line_ends_in_ndjson(cohort):
    text = "\ufeff" + json.dumps(record()) + "\r" + json.dumps(record("z")) + "\r"
    patients, quarantine, _ = cohort(text, "t.ndjson")
    assert (len(patients), quarantine) == (2, [])


def test_a_folder_with_broken_files_among_sound_ones(tmp_path, read):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.ttl").write_bytes((CASES / "patient-1/record.ttl").read_bytes())
    (folder / "b.ttl").write_text("<http://x/a> <http://x/b>")
    (folder / "c.ttl").write_bytes((CASES / "patient-1/record.ttl").read_bytes())
    (folder / "d.ttl").write_text("")
    (folder / "e.jsonld").write_text(DEEP)
    (folder / "f.ttl").write_text((CASES / "patient-2/record.ttl").read_text().replace("kb:mds", "kb:msd", 1))
    (folder / "g.ttl").write_bytes((CASES / "patient-2/record.ttl").read_bytes())
    (folder / "notes.docx").write_text("x")
    result = run_cohort(Input(folder, Columns()), tmp_path / "out", Settings(), workers=0)
    assert [row["place"] for row in read(tmp_path / "out/patients.csv")] == ["a.ttl", "g.ttl"]
    found = {row["place"].partition(":")[0]: row for row in read(tmp_path / "out/quarantine.csv")}
    assert list(found) == ["b.ttl", "c.ttl", "d.ttl", "e.jsonld", "f.ttl"]
    assert found["c.ttl"]["reason"] == "the patient stands already at a.ttl"
    assert found["f.ttl"]["code"] == "PH-230"
    assert not any(str(tmp_path) in value for row in found.values() for value in row.values())
    assert "Left out: 1 files" in result.summary.text(result.heading)


def bomb():
    """A workbook whose sheet unpacks to more than 50 MB of nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 60_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "error", "fact"),
    [
        ("t.xlsx", bomb(), LimitError, "unpacks to more than"),
        ("t.xlsx", b"PK\x03\x04 no workbook", SyntaxRecordError, "is not a sound XLSX file"),
        ("t.parquet", b"PAR1 no parquet", SyntaxRecordError, "is not a sound Parquet file"),
        ("t.zip", b"PK", UsageError, "has an ending that says no form"),
        ("t.csv", b"", SyntaxRecordError, "the file is empty"),
        ("t.csv", b"version https://git-lfs.github.com/spec/v1\noid x\n", SyntaxRecordError, "Git LFS"),
        ("t.ndjson", b"version https://git-lfs.github.com/spec/v1\noid x\n", SyntaxRecordError, "Git LFS"),
        ("t.ndjson", '{"ID": 1}'.encode("utf-16"), SyntaxRecordError, "UTF-16"),
        ("t.json", DEEP.encode(), LimitError, "nested more than 60 deep"),
        ("t.csv", b"ID,ID\n1,2\n", SyntaxRecordError, "more than once"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole(name, data, error, fact, cohort):
    with pytest.raises(error) as caught:
        cohort(data, name)
    assert fact in str(caught.value)


def test_an_empty_folder(tmp_path):
    with pytest.raises(PosthmaError, match="holds no record"):
        run_cohort(Input(tmp_path, Columns()), tmp_path / "out", Settings(), workers=0)


def test_cells_that_a_spreadsheet_would_run_are_quoted(cohort):
    patients, _, _ = cohort(HEAD + GOOD.replace("ok", "=1+1"))
    assert patients[0]["patient"] == "'=1+1"


def test_variants_of_no_patient_are_told_in_the_summary(tmp_path):
    (tmp_path / "m.maf").write_text(
        "Hugo_Symbol\tHGVSp_Short\tTumor_Sample_Barcode\nIDH2\tp.R172K\tok\nIDH1\tp.R132H\tnobody\nTP53\tp.R175H\tnobody\n"
    )
    (tmp_path / "t.csv").write_text(HEAD + GOOD)
    run_cohort(Input(tmp_path / "t.csv", Columns(), tmp_path / "m.maf"), tmp_path / "out", Settings(), workers=0)
    text = " ".join((tmp_path / "out" / "summary.txt").read_text().split())
    assert "2 variants of no patient (the first at m.maf:3: no row of the table names the sample nobody)" in text
