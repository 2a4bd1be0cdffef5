"""``posthma score``, ``posthma karyotype`` and ``posthma variant``: answers, messages by cell, exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from posthma.cli.karyotype import command as karyotype
from posthma.cli.score import command as score
from posthma.cli.variant import command as variant

PATIENTS = Path(__file__).parent / "patients.csv"


def run(command, *args):
    return CliRunner().invoke(command, [str(arg) for arg in args], standalone_mode=False)


def test_a_complete_patient_by_hand():
    """1 (normal: good) + 2 (9 % blasts) + 1 (9.6 g/dL) + 0 + 0 = 4."""
    rows = json.loads(run(score, PATIENTS, "--format", "json").stdout)
    ours = {row["id"]: row["scores"] for row in rows}
    assert (ours["complete"]["ipss-r"]["value"], ours["complete"]["ipss-r"]["category"]) == ("4", "intermediate")
    assert ours["complete"]["ipss-ra"]["value"] == "4.27"
    assert ours["complete"]["ipss-m"]["missing"] == []
    # IPSS: 0.5 (blasts 5 to 10) + 0 (normal) + 0 (one cytopenia: haemoglobin) = 0.5
    assert (ours["complete"]["ipss"]["value"], ours["complete"]["ipss"]["category"]) == ("0.5", "intermediate-1")


def test_gaps_become_spans_and_are_named():
    rows = json.loads(run(score, PATIENTS, "--format", "json").stdout)
    gaps = next(row["scores"] for row in rows if row["id"] == "gaps")
    assert gaps["ipss-r"]["value"] is None
    assert gaps["ipss-r"]["missing"] == ["platelets"]
    assert (gaps["ipss-r"]["lowest"], gaps["ipss-r"]["highest"]) == ("2.5", "4.5")
    assert set(gaps["ipss-m"]["scenarios"]) == {"best", "mean", "worst"}


def test_each_faulty_cell_is_named_and_the_rest_goes_on():
    result = run(score, PATIENTS)
    assert result.return_value == 1
    for message in (
        "patients.csv:4 HB: 95 g/dL is outside 2 to 22 g/dL; in g/L it would be 9.5 g/dL; counted as missing",
        "patients.csv:4 BM_BLAST: 180 % is outside 0 to 100 %",
        "patients.csv:4 ANC: 'x' is not a number; counted as missing",
        "patients.csv:4 CYTO_IPSSR: 'fair' is no group of IPSS-R",
        "patients.csv:4 MLL_PTD: '2' is neither 1, 0 nor NA; counted as missing",
        "patients.csv:4 TP53mut: '7 or so' is not 0, 1 or '2 or more'",
    ):
        assert message in result.stderr
    assert "faulty\n" in result.stdout


def test_forms_agree(tmp_path):
    """The same patients from CSV, TSV, JSON and NDJSON give the same scores."""
    rows = list(csv.DictReader(PATIENTS.open()))
    (tmp_path / "p.json").write_text(json.dumps(rows))
    (tmp_path / "p.ndjson").write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "p.tsv").write_text("\r".join("\t".join(line) for line in csv.reader(PATIENTS.open())))
    expected = run(score, PATIENTS, "--format", "csv").stdout
    assert len(list(csv.reader(io.StringIO(expected)))) == 1 + 3 * 4
    for name in ("p.json", "p.ndjson", "p.tsv"):
        assert run(score, tmp_path / name, "--format", "csv").stdout == expected


def test_yaml(tmp_path):
    pytest.importorskip("yaml")
    (tmp_path / "p.yaml").write_text("- {ID: a, HB: 7.9, PLT: 20, ANC: 0.5, BM_BLAST: 12, CYTO_IPSSR: poor}\n")
    rows = json.loads(run(score, tmp_path / "p.yaml", "--format", "json", "--score", "ipss-r").stdout)
    assert rows[0]["scores"]["ipss-r"]["value"] == "9"  # 3 + 3 + 1.5 + 1 + 0.5


def test_the_post_hma_model_is_listed_not_computed():
    result = run(score, PATIENTS, "--score", "post-hma")
    assert "post-HMA model: not computed; the weights" in result.stdout
    assert "red cell transfusion dependency: missing" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        ("empty.csv", "", "the file is empty"),
        ("lfs.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a pointer of Git LFS"),
        ("twice.csv", "HB,HB\n1,2\n", "the column 'HB' stands there more than once"),
        ("broken.json", "{", "is not JSON"),
        ("form.docx", "x", "has an ending that says no form"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, fact):
    (tmp_path / name).write_text(content)
    result = run(score, tmp_path / name)
    assert fact in str(result.exception)


def test_long_wide_and_odd_rows(tmp_path):
    file = tmp_path / "odd.csv"
    file.write_bytes(b"\xef\xbb\xbfID,HB\na,9\nb,9,9,9\n" + b"c," + b"9" * 1_200_000 + b"\nd,\x009\ne,10\ne,10\n")
    result = run(score, file, "--score", "ipss-r")
    assert "odd.csv:3: has 4 cells, the header has 2" in result.stderr
    assert "odd.csv:4: longer than 1000000 characters" in result.stderr
    assert "odd.csv:5: holds NUL characters" in result.stderr
    assert "odd.csv:7: the patient e stands there more than once" in result.stderr
    assert result.return_value == 1
    assert "a\n  IPSS-R: 1 to" in result.stdout


def test_karyotype_command():
    result = run(karyotype, "46,XX,del(5)(q13q33)[12]/47,idem,+8[4]/46,XX[4]")
    assert "IPSS-R group: good" in result.stdout
    assert "del5q: yes" in result.stdout
    assert result.return_value == 0
    assert run(karyotype, "what?").return_value == 1
    shown = json.loads(run(karyotype, "45,XX,-7", "--format", "json").stdout)
    assert (shown["ipss_r_group"]["group"], shown["del7_7q"]) == ("poor", True)


def test_variant_command():
    shown = json.loads(run(variant, "p.(Arg172Lys)", "--gene", "IDH2", "--format", "json").stdout)
    assert (shown["protein"], shown["hotspot"]) == ("p.R172K", "IDH2 R172")
    assert "mutated: yes" in run(variant, "FLT3_ITD").stdout
    assert run(variant, "what?").return_value == 1


@pytest.mark.parametrize("command", [score, karyotype, variant])
def test_help_ends_with_an_example(command):
    text = run(command, "--help").output
    assert "Example:" in text
    assert f"posthma {command.name} " in text


def test_csv_leaves_empty_what_is_empty_and_quotes_what_looks_like_a_formula(tmp_path):
    (tmp_path / "p.csv").write_text("ID,HB\n=2+3,9\n-1x,9\n")
    rows = list(csv.DictReader(io.StringIO(run(score, tmp_path / "p.csv", "--format", "csv", "--score", "ipss-r").stdout)))
    assert [row["id"] for row in rows] == ["'=2+3", "'-1x"]
    assert (rows[0]["value"], rows[0]["category"], rows[1]["lowest"]) == ("", "", "1")


def test_the_sex_of_a_patient_says_what_is_lost(tmp_path):
    (tmp_path / "p.csv").write_text('ID,SEX,KARYOTYPE,HB,PLT,ANC,BM_BLAST\na,male,"45,X[20]",12,200,2,1\nb,F,"45,X[20]",12,200,2,1\n')
    rows = json.loads(run(score, tmp_path / "p.csv", "--format", "json", "--score", "ipss-r").stdout)
    assert [row["scores"]["ipss-r"]["value"] for row in rows] == ["0", "2"]  # very good, intermediate; nothing else


def test_a_cell_of_a_formula_without_value_counts_as_missing(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in (["ID", "HB"], ["a", "=4+5"]):
        book.active.append(line)
    book.save(tmp_path / "p.xlsx")
    result = run(score, tmp_path / "p.xlsx", "--score", "ipss-r")
    assert "p.xlsx Sheet!2 HB: holds the formula =4+5 without a stored value" in result.stderr
