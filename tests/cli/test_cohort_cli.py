"""``posthma import`` and ``posthma cohort`` from the command line: streams, exit codes, files."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests/intake/table"
GIVEN = [TABLE / "clinical.txt", "--columns", TABLE / "mapping.yaml", "--maf", TABLE / "mutations.maf"]
HEAD = "PATIENT_ID,DATE,DIAGNOSIS,BM_BLAST\n"


def test_import_writes_records_that_are_sound(posthma, tmp_path):
    done = posthma("import", *GIVEN, "-o", tmp_path / "records")
    assert (done.returncode, done.stdout) == (1, "")  # a value and a sex are not understood
    files = sorted((tmp_path / "records").iterdir())
    assert len(files) == 3
    checked = posthma("validate", *files)
    assert (checked.returncode, checked.stdout.count(": sound\n")) == (0, 3)
    again = posthma("import", *GIVEN, "-o", tmp_path / "records")
    assert again.returncode == 2
    assert "is there already; name an empty folder; nothing was overwritten" in again.stderr


def test_every_item_is_counted_in_every_form(posthma):
    """Three rows of ten cells, one of them empty, and five variants."""
    counts = set()
    for form in ("ttl", "json", "text"):
        done = posthma("import", *GIVEN, "--format", form)
        assert done.returncode == 1
        counts.add(done.stderr.splitlines()[-1])
    (line,) = counts
    found = re.search(r"3 patients, (\d+) items: (\d+) used, (\d+) kept as context, (\d+) not understood; 0 rows", line)
    items, *uses = map(int, found.groups())
    assert items == sum(uses) == 3 * 10 - 1 + 5


def test_import_as_json_and_text_names_each_item(posthma):
    found = json.loads(posthma("import", *GIVEN, "--format", "json").stdout)
    assert [patient["patient"] for patient in found] == ["P-1", "P-2", "P-3"]
    assert all(sum(patient["counts"].values()) == len(patient["items"]) for patient in found)
    assert "p:Patient" in found[0]["record"]
    text = posthma("import", *GIVEN, "--format", "text").stdout
    for patient in found:
        for item in patient["items"]:
            assert f"{item['use']:14}  {item['place']}: " in text


def test_what_was_given_and_not_understood_ends_with_1(posthma, tmp_path):
    """Import and cohort alike: the rest goes on, what is missing is named and counted; a missing value is no fault."""
    for cell, code, count in (("8 %", 0, 0), ("NA", 0, 0), ("-8 %", 1, 1)):
        (tmp_path / "t.csv").write_text(f"{HEAD}a,2017-01-02,mds,{cell}\nb,2017-01-02,mds,9\n")
        done = posthma("import", tmp_path / "t.csv")
        assert done.returncode == code
        assert ("t.csv:2 BM_BLAST: not understood: " in done.stderr) == bool(count)
        assert f" {count} not understood; 0 rows refused" in done.stderr
        run = posthma("cohort", tmp_path / "t.csv", "-o", tmp_path / "out", "--workers", "0", "--fresh")
        assert run.returncode == code
        assert (f"not-understood.csv: {count} cells or elements not understood" in run.stderr) == bool(count)
        assert "2 assessed, 0 quarantined" in run.stdout


def test_what_is_not_understood_for_one_reason_is_named_and_then_counted(posthma, tmp_path):
    rows = "".join(f"p{number},2017-01-02,mds,-8\n" for number in range(25))
    (tmp_path / "t.csv").write_text(HEAD + rows)
    told = posthma("import", tmp_path / "t.csv").stderr.splitlines()
    assert [line.split(" ")[0] for line in told if " BM_BLAST: not" in line] == [f"t.csv:{line}" for line in range(2, 22)]
    assert [line for line in told if line.startswith("5 more not understood: -8 % is outside 0 to 100 %")]
    each = posthma("import", tmp_path / "t.csv", "--format", "text").stdout
    assert each.count("  not understood  t.csv:") == 25


def test_import_of_a_row_that_is_refused_ends_with_1(posthma, tmp_path):
    (tmp_path / "t.csv").write_text(f"{HEAD}a,2017-01-02,mds,8\na,2017-01-02,mds,9\nb,31.02.2019,mds,8\n")
    done = posthma("import", tmp_path / "t.csv")
    assert done.returncode == 1
    assert "t.csv:3: the patient a stands already at t.csv:2" in done.stderr
    assert "t.csv:4 DATE: not understood: 31.02.2019 is no day of the calendar" in done.stderr
    assert "2 patients, " in done.stderr
    assert "1 row refused" in done.stderr
    assert done.stdout.count("a p:Patient") == 2


def test_the_template_can_be_filled_in_and_run(posthma, tmp_path):
    empty = posthma("template").stdout
    *remarks, header = empty.splitlines()
    assert all(line.lstrip('"').startswith("#") for line in remarks)
    values = {"PATIENT_ID": "T-1", "DATE": "2017-01-02", "DIAGNOSIS": "mds", "BM_BLAST": "< 5", "DECISION_DATE": "2017-02-01"}
    row = ",".join(values.get(name, "") for name in header.split(","))
    (tmp_path / "t.csv").write_text(f"{empty}{row}\n")
    done = posthma("cohort", tmp_path / "t.csv", "-o", tmp_path / "out", "--workers", "0")
    assert done.returncode == 0, done.stderr
    assert "1 assessed, 0 quarantined" in done.stdout


def test_cohort_ends_with_1_when_a_patient_is_quarantined(posthma, tmp_path):
    (tmp_path / "t.csv").write_text(f"{HEAD}a,2017-01-02,mds,8\na,2017-01-02,mds,9\n")
    for resumed in (False, True):  # and says so again when there is nothing left to do
        done = posthma("cohort", tmp_path / "t.csv", "-o", tmp_path / "out", "--workers", "1")
        assert done.returncode == 1
        assert "1 assessed, 1 quarantined" in done.stdout
        assert "quarantine.csv: 1 quarantined, each with place and reason" in done.stderr
        assert ("2 patients had been done before" in done.stderr) is resumed
    assert done.stdout == (tmp_path / "out/summary.txt").read_text()


def test_progress_is_shown_on_a_terminal_or_when_asked_for(posthma, tmp_path):
    (tmp_path / "t.csv").write_text(f"{HEAD}a,2017-01-02,mds,8\n")
    quiet = posthma("cohort", tmp_path / "t.csv", "-o", tmp_path / "one", "--workers", "0")
    assert quiet.stderr == ""
    told = posthma("cohort", tmp_path / "t.csv", "-o", tmp_path / "two", "--workers", "0", "--progress")
    assert re.search(r"[\r\n]1 of 1 patients, [\d.]+/s, 0 s left *\n", told.stderr)


def test_wrong_use_of_cohort(posthma, tmp_path):
    for args, words in [
        (["absent.csv", "-o", tmp_path / "x"], "PH-100 absent.csv: there is no such file or folder; check the path"),
        ([tmp_path], "PH-100 posthma cohort: missing option '-o'"),
        ([ROOT / "README.md", "-o", tmp_path / "x"], "has an ending that says no form"),
    ]:
        done = posthma("cohort", *args)
        assert done.returncode == 2
        assert words in done.stderr


def test_a_variant_of_no_patient_of_the_table_is_counted_and_named(posthma, tmp_path):
    maf = tmp_path / "m.maf"
    maf.write_text("Hugo_Symbol\tHGVSp_Short\tTumor_Sample_Barcode\nIDH2\tp.R172K\ta\nIDH1\tp.R132H\tnobody\n")
    (tmp_path / "t.csv").write_text(f"{HEAD}a,2017-01-02,mds,8\n")
    done = posthma("import", tmp_path / "t.csv", "--maf", maf)
    assert "m.maf:3: 1 line of no patient: no row of the table names the sample nobody" in done.stderr
    assert "1 patient, 6 items: 5 used, 0 kept as context, 1 not understood" in done.stderr
