"""A cohort from input to output: forms, order, duplicates, interruption, processes that die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posthma.cohort import Input, Settings, Unit, pool, run_cohort
from posthma.cohort.journal import Journal
from posthma.errors import UsageError
from posthma.intake.columns import Columns

ROOT = Path(__file__).resolve().parents[2]


def run(path, out, **more):
    return run_cohort(Input(path, Columns()), out, Settings(), workers=more.pop("workers", 0), **more)


def names(path, read):
    return [row["patient"] for row in read(path)]


def test_one_row_a_patient_in_the_order_of_the_input(patients, tmp_path, read):
    result = run(patients(6), tmp_path / "out")
    rows = read(tmp_path / "out/patients.csv")
    assert [row["patient"] for row in rows] == [f"G-{n:06}" for n in range(6)]
    assert (result.summary.patients, result.summary.quarantined) == (6, 0)
    for row in rows:
        options = sum(int(value) for key, value in row.items() if key.startswith("options_"))
        assert options == 0 if row["contradictions"] else options == len(result.summary.options)
    assert all(path.is_file() for path in result.files)
    assert not (tmp_path / "out/.run/parts").exists()


def test_csv_ndjson_and_parquet_say_the_same(patients, tmp_path, read):
    parquet = pytest.importorskip("pyarrow.parquet")
    file = patients(4)
    for form in ("csv", "ndjson", "parquet"):
        run(file, tmp_path / form, form=form)
    lines = [json.loads(line) for line in (tmp_path / "ndjson/patients.ndjson").read_text().splitlines()]
    assert parquet.read_table(tmp_path / "parquet/patients.parquet").to_pylist() == lines
    flat = [{k: "; ".join(v) if isinstance(v, list) else str(v) for k, v in line.items()} for line in lines]
    assert read(tmp_path / "csv/patients.csv") == flat


def test_the_same_patients_as_parquet_xlsx_and_flat_lines(patients, tmp_path, read):
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    openpyxl = pytest.importorskip("openpyxl")
    file = patients(3)
    given = read(file)
    parquet.write_table(pa.Table.from_pylist(given), tmp_path / "t.parquet")
    (tmp_path / "t.ndjson").write_text("".join(json.dumps(row) + "\n" for row in given))
    book = openpyxl.Workbook()
    for row in [list(given[0]), *(list(row.values()) for row in given)]:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    run(file, tmp_path / "csv-out")
    wanted = [{**row, "place": ""} for row in read(tmp_path / "csv-out/patients.csv")]
    for name in ("t.parquet", "t.ndjson", "t.xlsx"):
        run(tmp_path / name, tmp_path / f"{name}-out")
        assert [{**row, "place": ""} for row in read(tmp_path / f"{name}-out/patients.csv")] == wanted


def test_a_folder_of_records_and_lines_of_json_ld(tmp_path, read):
    cases = ROOT / "kb/cases"
    run(cases, tmp_path / "folder")
    import rdflib

    with (tmp_path / "t.ndjson").open("w") as out:
        for case in sorted(cases.glob("*/record.ttl")):
            graph = rdflib.Graph().parse(case)
            out.write(json.dumps(json.loads(graph.serialize(format="json-ld"))) + "\n")
    rows = read(tmp_path / "folder/patients.csv")
    assert [row["place"] for row in rows] == [f"patient-{n}/record.ttl" for n in (1, 2, 3, 4)]
    run(tmp_path / "t.ndjson", tmp_path / "lines")
    found = read(tmp_path / "lines/patients.csv")
    assert [{**row, "place": ""} for row in found] == [{**row, "place": ""} for row in rows]


def test_workers_and_one_process_give_the_same_bytes(patients, tmp_path):
    file = patients(20)
    run(file, tmp_path / "one")
    run(file, tmp_path / "two", workers=2)
    for name in ("patients.csv", "quarantine.csv", "not-understood.csv", "summary.txt", "summary.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_patient_that_stands_there_twice_is_refused_and_a_second_sample_is_not(tmp_path, read):
    (tmp_path / "t.csv").write_text(
        "PATIENT_ID,SAMPLE_ID,DATE,DIAGNOSIS,BM_BLAST\na,a1,2017-01-02,mds,8\na,a2,2017-02-02,mds,9\na,a2,2017-02-02,mds,9\n"
    )
    result = run(tmp_path / "t.csv", tmp_path / "out")
    assert names(tmp_path / "out/patients.csv", read) == ["a", "a/a2"]
    (refused,) = read(tmp_path / "out/quarantine.csv")
    assert (refused["place"], refused["code"]) == ("t.csv:4", "PH-240")
    assert refused["reason"] == "the patient stands already at t.csv:3"
    assert result.summary.quarantined == 1


def test_a_run_that_is_over_is_not_done_again(patients, tmp_path):
    file = patients(3)
    run(file, tmp_path / "out")
    before = (tmp_path / "out/patients.csv").stat().st_mtime_ns
    result = run(file, tmp_path / "out")
    assert result.resumed == 3
    assert result.summary.patients == 3
    assert (tmp_path / "out/patients.csv").stat().st_mtime_ns == before


def test_another_run_in_the_same_folder_is_refused(patients, tmp_path):
    file = patients(2)
    run(file, tmp_path / "out")
    with pytest.raises(UsageError, match="it holds a run that differs in form"):
        run(file, tmp_path / "out", form="ndjson")
    with pytest.raises(UsageError, match="differs in input"):
        run(patients(3, "other.csv"), tmp_path / "out")
    run(file, tmp_path / "out", form="ndjson", fresh=True)
    assert not (tmp_path / "out/patients.csv").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("x")
    with pytest.raises(UsageError, match="it holds files that are not of a cohort run"):
        run(file, tmp_path / "mine", fresh=True)
    assert (tmp_path / "mine/thesis.txt").exists()


def test_two_runs_at_once_in_one_folder_are_refused(tmp_path):
    first = Journal(tmp_path / "out", {"input": "x"})
    with pytest.raises(UsageError, match="another run is at work in it"):
        Journal(tmp_path / "out", {"input": "x"})
    first.close()
    Journal(tmp_path / "out", {"input": "x"}).close()


@pytest.mark.slow
def test_a_killed_run_goes_on_and_loses_and_doubles_nobody(patients, tmp_path, read, monkeypatch):
    """Killed again and again at a random moment, it ends with the same bytes as a run in one go."""
    file = patients(35)
    monkeypatch.setattr("posthma.cohort.run.PART", 6)
    run(file, tmp_path / "whole")
    out = tmp_path / "out"
    code = (
        "import posthma.cohort.run as r; r.PART = 6\nfrom pathlib import Path\nfrom posthma.cohort import *\n"
        "from posthma.intake.columns import Columns\nif __name__ == '__main__':\n"
        f"    r.run_cohort(Input(Path({str(file)!r}), Columns()), Path({str(out)!r}), Settings(), workers=0)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "reasoner")}
    kills, seen = 0, 0
    for _ in range(40):
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE)
        journal = out / ".run/journal.ndjson"
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            done = json.loads(journal.read_bytes().splitlines()[-1]).get("units", 0) if _whole(journal) else 0
            if done > seen:
                seen = done
                break
            time.sleep(0.005)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
        if process.returncode == 0:
            break
    assert process.returncode == 0
    assert kills >= 3
    for name in ("patients.csv", "quarantine.csv", "not-understood.csv", "summary.txt", "summary.html"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def _whole(journal):
    return journal.exists() and journal.read_bytes().endswith(b"\n")


def test_what_lies_beyond_the_journal_is_thrown_away(patients, tmp_path, read, monkeypatch):
    """A part, a quarantined line and a torn line of the journal that an interruption left behind."""
    file = patients(6)
    monkeypatch.setattr("posthma.cohort.run.PART", 2)
    run(file, tmp_path / "whole")
    out = tmp_path / "out"

    calls = []
    original = Journal.note

    def stop(self, **state):
        original(self, **state)
        calls.append(state)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "note", stop)
    with pytest.raises(KeyboardInterrupt):
        run(file, out)
    monkeypatch.setattr(Journal, "note", original)
    (out / ".run/parts/00000002.csv").write_text("rubbish\n")
    with (out / "quarantine.csv").open("a") as quarantine:
        quarantine.write("rubbish\n")
    with (out / ".run/journal.ndjson").open("a") as journal:
        journal.write('{"units": 5, "par')
    result = run(file, out)
    assert result.resumed == 4
    for name in ("patients.csv", "quarantine.csv", "summary.txt"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_unit_that_takes_its_process_with_it_is_left_out_and_the_rest_goes_on(patients, monkeypatch):
    """The worker dies at one unit and hangs at another; both are named, all others are assessed."""
    units = list(Input(patients(20), Columns()))
    units[3] = Unit(3, "t:deadly", line=b"die")
    units[9] = Unit(9, "t:slow", line=b"hang")
    monkeypatch.setattr(pool, "_work", deadly)
    found = list(pool.outcomes(units, Settings(), 2, seconds=1.0))
    assert [outcome.number for outcome in found] == list(range(20))
    assert [outcome.number for outcome in found if outcome.row is None] == [3, 9]
    assert found[3].fact == "the process that worked on it died"
    assert found[9].fact == "it took longer than 1 s"


def deadly(pipe, settings):
    """A worker that does no work, dies at one unit and hangs at another."""
    from posthma.cohort.assess import Outcome

    pipe.send(None)
    while True:
        try:
            batch = pipe.recv()
        except EOFError:
            return
        for unit in batch:
            if unit.line == b"die":
                os._exit(1)
            if unit.line == b"hang":
                time.sleep(600)
        pipe.send([Outcome(unit.number, unit.place, row={}) for unit in batch])


def test_workers_that_cannot_start_end_the_run_with_a_message(patients, monkeypatch):
    monkeypatch.setattr(pool, "_work", stillborn)
    with pytest.raises(UsageError, match="a worker process ended before it began"):
        list(pool.outcomes(Input(patients(2), Columns()), Settings(), 1))


def stillborn(pipe, settings):
    os._exit(1)


def test_units_are_read_a_bounded_number_ahead(monkeypatch, patients):
    """An endless input begins to give rows at once."""
    first = next(iter(Input(patients(1), Columns())))
    taken = []

    def endless():
        number = 0
        while True:
            taken.append(number)
            yield Unit(number, first.place, row=first.row)
            number += 1

    monkeypatch.setattr(pool, "_work", deadly)
    found = pool.outcomes(endless(), Settings(), 2)
    for _ in range(50):
        next(found)
    found.close()
    assert len(taken) <= 50 + (2 * pool.AHEAD + 2) * pool.BATCH
