"""Cohorts of FHIR, Phenopackets and mixed folders: however the same patients are given, the rows are the same."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from posthma.cohort import Input, Settings, run_cohort
from posthma.cohort.journal import Journal
from posthma.intake.any import import_any
from posthma.intake.build import Imported
from posthma.intake.columns import Columns
from posthma.intake.fhir_bulk import Bulk, kind_of
from posthma.intake.table import Refused

ROOT = Path(__file__).resolve().parents[2]
INTAKE = ROOT / "tests/intake"
LINES = (INTAKE / "fhir/patient-4.ndjson").read_text(encoding="utf-8").splitlines()
PACKET = json.loads((INTAKE / "phenopacket/patient-4.json").read_text(encoding="utf-8"))
SHARED = ("Medication", "ResearchStudy")


def resources(patient):
    """Return the resources of patient 4 under another name, ids their own; the shared ones keep theirs."""
    found = []
    for line in LINES:
        resource = json.loads(line.replace("Patient/patient-4", f"Patient/{patient}"))
        if resource["resourceType"] == "Patient":
            resource["id"] = patient
        elif resource["resourceType"] not in SHARED:
            resource["id"] = f"{patient}-{resource['id']}"
        found.append(resource)
    return found


def bundle(*lists):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for one in lists for r in one]}


def packet(patient, **more):
    return {**PACKET, "id": f"packet-{patient}", "subject": {**PACKET["subject"], "id": patient}, **more}


def export(folder, *patients):
    """Write a bulk export: a file a type, the patients among one another, shared resources once."""
    folder.mkdir(exist_ok=True)
    seen = set()
    for several in zip(*(resources(patient) for patient in patients), strict=True):
        for resource in several:
            key = (resource["resourceType"], resource["id"])
            if key not in seen:
                seen.add(key)
                with (folder / f"{key[0]}.ndjson").open("a", encoding="utf-8") as file:
                    file.write(json.dumps(resource) + "\n")
    return folder


@pytest.fixture
def cohort(tmp_path, read):
    """Run an input and return its rows by patient without their places, and the quarantine."""

    def run(path, **settings):
        number = len(list(tmp_path.glob("out-*")))
        out = tmp_path / f"out-{number}"
        run_cohort(Input(path, Columns()), out, Settings(**settings), workers=0)
        rows = {row["patient"]: row for row in read(out / "patients.csv")}
        return {name: {**row, "place": "", "patient": ""} for name, row in rows.items()}, read(out / "quarantine.csv")

    return run


def test_bundles_lines_and_bulk_files_give_the_same_rows(tmp_path, cohort):
    """Patients a and b as two bundles, as lines, as one bundle, as a bulk export, and a resource a file."""
    both = [resources("a"), resources("b")]
    folder = tmp_path / "bundles"
    folder.mkdir()
    for name, one in zip("ab", both, strict=True):
        (folder / f"{name}.json").write_text(json.dumps(bundle(one)), encoding="utf-8")
    lines = tmp_path / "lines.ndjson"
    lines.write_text("".join(json.dumps(bundle(one)) + "\n" for one in both), encoding="utf-8")
    whole = tmp_path / "one.json"
    unique = {(r["resourceType"], r["id"]): r for one in both for r in one}
    whole.write_text(json.dumps(bundle(unique.values())), encoding="utf-8")
    alone = tmp_path / "alone"
    alone.mkdir()
    for (kind, name), resource in unique.items():
        (alone / f"{kind}-{name}.json").write_text(json.dumps(resource, indent=1), encoding="utf-8")
    mixed = tmp_path / "mixed.ndjson"
    mixed.write_text("".join(json.dumps(r) + "\n" for r in [bundle(both[0]), *both[1]]), encoding="utf-8")
    wanted, quarantine = cohort(folder)
    assert set(wanted) == {"a", "b"}
    assert wanted["a"] == wanted["b"]
    assert "enasidenib" in wanted["a"]["applicable"]
    assert wanted["a"]["mutations"] == "IDH2"
    assert quarantine == []
    for path in (lines, whole, export(tmp_path / "bulk", "a", "b"), alone, mixed):
        assert cohort(path) == (wanted, []), path.name


def test_packets_in_each_writing_give_the_same_rows(tmp_path, cohort):
    yaml = pytest.importorskip("yaml")
    folder = tmp_path / "packets"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(packet("a")), encoding="utf-8")
    (folder / "b.yaml").write_text(yaml.safe_dump(packet("b")), encoding="utf-8")
    (tmp_path / "lines.ndjson").write_text("".join(json.dumps(packet(p)) + "\n" for p in "ab"), encoding="utf-8")
    members = {"id": "c", "metaData": PACKET["metaData"], "members": [packet("a"), packet("b")]}
    (tmp_path / "cohort.json").write_text(json.dumps(members), encoding="utf-8")
    wanted, quarantine = cohort(folder, lines_complete=True)
    assert set(wanted) == {"a", "b"}
    assert wanted["a"] == wanted["b"]
    assert wanted["a"]["mutations"] == "IDH2"
    assert quarantine == []
    for name in ("lines.ndjson", "cohort.json"):
        assert cohort(tmp_path / name, lines_complete=True) == (wanted, []), name
    open_, _ = cohort(tmp_path / "lines.ndjson")
    assert open_["a"]["options_undetermined"] > wanted["a"]["options_undetermined"]


def test_packets_of_one_subject_keep_apart_by_their_ids(tmp_path, cohort):
    """Collections of case reports have many a subject "patient 1"; the same packet twice is one too many."""
    folder = tmp_path / "packets"
    folder.mkdir()
    for number, name in enumerate("xyyx"):
        (folder / f"{number}.json").write_text(json.dumps(packet("p", id=name)), encoding="utf-8")
    rows, quarantine = cohort(folder)
    assert set(rows) == {"p", "p/y"}
    told = [("2.json:$", "the patient stands already at 1.json:$"), ("3.json:$", "the patient stands already at 0.json:$")]
    assert [(one["place"], one["reason"]) for one in quarantine] == told


def test_a_mixed_folder(tmp_path, cohort, patients, read):
    """A record, a table, a bundle, a packet, lines and a bulk export; what is no patient is named, nothing is lost."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    export(folder / "export", "bulk-1", "bulk-2")
    (folder / "export/Organization.ndjson").write_text('{"resourceType":"Organization","id":"o"}\n')
    (folder / "record.ttl").write_text((ROOT / "kb/cases/patient-1/record.ttl").read_text(encoding="utf-8"))
    (folder / "t.csv").write_bytes(patients(2).read_bytes())
    (folder / "bundle.json").write_text(json.dumps(bundle(resources("bundle"))), encoding="utf-8")
    (folder / "packet.json").write_text(json.dumps(packet("packet")), encoding="utf-8")
    (folder / "old.json").write_text((INTAKE / "phenopacket/refused/version-1.json").read_text(encoding="utf-8"))
    (folder / "lines.ndjson").write_text(json.dumps(packet("line")) + "\nnot json\n", encoding="utf-8")
    (folder / "manifest.json").write_text('{"transactionTime": "2020-01-01", "output": []}')
    (folder / "broken.json").write_text('{"resourceType": "Observation", "id": ')
    (folder / "README.md").write_text("x")
    rows, quarantine = cohort(folder)
    record = "https://w3id.org/posthma/case/patient-1/patient"
    assert set(rows) == {"bulk-1", "bulk-2", record, "G-000000", "G-000001", "bundle", "packet", "line"}
    assert rows["bulk-1"] == rows["bundle"]
    told = {one["place"].split(":$")[0]: one["reason"] for one in quarantine}
    assert set(told) == {"old.json", "lines.ndjson:2", "manifest.json", "broken.json"}
    assert "version 1" in told["old.json"]
    assert "neither a record, a Phenopacket, a FHIR resource nor a list of rows" in told["manifest.json"]
    assert "is not JSON" in told["broken.json"]
    summary = (tmp_path / "out-0/summary.txt").read_text()
    left = "Left out: 1 files that are no records by their names; 1 resources of no patient (Organization 1)"
    assert left in summary


def test_resources_of_a_patient_who_is_not_there_are_named(tmp_path, cohort):
    """Their facts go to nobody: not to another patient, not to a patient without a Patient resource."""
    folder = export(tmp_path / "bulk", "a")
    with (folder / "Observation.ndjson").open("a") as file:
        for name, subject in (("x", {"reference": "Patient/b"}), ("y", {"reference": "Patient/b"}), ("z", None)):
            line = {"resourceType": "Observation", "id": name, "status": "final", "code": {"text": "x"}}
            file.write(json.dumps({**line, "subject": subject} if subject else line) + "\n")
    rows, quarantine = cohort(folder)
    assert set(rows) == {"a"}
    assert [(one["place"], one["reason"]) for one in quarantine] == [
        ("Observation.ndjson:17", "2 resources refer to Patient/b, which is not among the Patient resources"),
        ("Observation.ndjson:19", "the resource refers to no patient"),
    ]


def test_two_patient_resources_of_one_id_that_differ_are_both_refused(tmp_path, cohort):
    """Two exports in one folder: whose the other resources are is not known."""
    folder = export(tmp_path / "bulk", "a", "b")
    with (folder / "Patient.ndjson").open("a") as file:
        file.write('{"resourceType":"Patient","id":"a","gender":"male"}\n')
    rows, quarantine = cohort(folder)
    assert set(rows) == {"b"}
    assert len(quarantine) == 2
    assert all("Patient/a differs between" in one["reason"] for one in quarantine)


def test_a_patient_in_two_forms_is_named(tmp_path, cohort):
    folder = export(tmp_path / "bulk", "a")
    (folder / "packet.json").write_text(json.dumps(packet("a", id="a")), encoding="utf-8")
    rows, quarantine = cohort(folder)
    assert set(rows) == {"a"}
    assert [one["reason"] for one in quarantine] == ["the patient stands already at packet.json:$"]


def test_an_interruption_within_a_file_of_many_patients_loses_and_doubles_nobody(tmp_path, read, monkeypatch):
    """Two files of three patients each, a part a patient: the run stops after the first note and goes on."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("x", "y"):
        both = [packet(f"{name}{number}") for number in range(3)]
        members = {"id": "c", "metaData": PACKET["metaData"], "members": both}
        (folder / f"{name}.json").write_text(json.dumps(members), encoding="utf-8")
    monkeypatch.setattr("posthma.cohort.run.PART", 1)
    run_cohort(Input(folder, Columns()), tmp_path / "whole", Settings(), workers=0)
    original = Journal.note

    def stop(self, **state):
        original(self, **state)
        raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "note", stop)
    with pytest.raises(KeyboardInterrupt):
        run_cohort(Input(folder, Columns()), tmp_path / "out", Settings(), workers=0)
    monkeypatch.setattr(Journal, "note", original)
    result = run_cohort(Input(folder, Columns()), tmp_path / "out", Settings(), workers=0)
    assert result.resumed == 1  # the first file
    assert [row["patient"] for row in read(tmp_path / "out/patients.csv")] == ["x0", "x1", "x2", "y0", "y1", "y2"]
    for name in ("patients.csv", "quarantine.csv", "summary.txt"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_the_index_of_a_bulk_export_holds_little_in_memory():
    """Ten times the resources need no more memory: they are in the index on disk."""

    def peak(count):
        bulk = Bulk()
        tracemalloc.start()
        for number in range(count):
            line = {"resourceType": "Observation", "id": str(number), "subject": {"reference": f"Patient/{number % 99}"}}
            bulk.add("o.ndjson", f"o.ndjson:{number}", number, json.dumps(line).encode())
        groups = sum(1 for _ in bulk.groups())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        bulk.close()
        assert groups == 99
        return most

    assert peak(20_000) < peak(2_000) * 11  # a group of a patient has ten times the parts
    assert peak(20_000) < 1_000_000


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b'{"resourceType":"Patient"}', "Patient"),
        (b'\xef\xbb\xbf {"resourceType" : "Bundle", "x": ', "Bundle"),
        (b'{"id": "x", "resourceType": "Condition"}', "Condition"),
        (b'{"id": "x", "contained": [{"resourceType": "Condition"}]}', ""),
        (b'[{"resourceType": "Condition"}]', ""),
        (b'{"id": "\\"resourceType\\": 1"}', ""),
        (b'{"resourceType": 7}', ""),
        (b'{"x": "resourceType"', ""),
    ],
)
def test_what_a_line_holds(text, kind):
    assert kind_of(text) == kind


def test_a_folder_imports_as_its_cohort_runs(tmp_path, cohort):
    """`import_any` of a folder gives the patients of the cohort, each leaf once, and refuses what the cohort quarantines."""
    folder = export(tmp_path / "bulk", "a", "b")
    (folder / "packet.json").write_text(json.dumps(packet("b", id="b")), encoding="utf-8")
    (folder / "broken.json").write_text("{")
    found = list(import_any(folder))
    patients = [one for one in found if isinstance(one, Imported)]
    rows, quarantine = cohort(folder)
    assert {one.patient for one in patients} == set(rows) == {"a", "b"}
    refused = {one.place.split(":$")[0] for one in found if isinstance(one, Refused)}
    assert refused == {one["place"].split(":$")[0] for one in quarantine} == {"Patient.ndjson:2", "broken.json"}
    places = [item.place for one in patients for item in one.items]
    assert len(places) == len(set(places))
    shared = [place for place in places if place.startswith("Medication.ndjson")]
    assert len(shared) == len(set(shared)) > 0


def test_what_a_refused_patient_shares_is_in_the_ledger_of_the_next(tmp_path):
    """A Medication of two patients, and an Organization of none, are told once though the first patient is refused."""
    folder = export(tmp_path / "bulk", "a", "b")
    with (folder / "Patient.ndjson").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"resourceType": "Patient", "id": "a", "gender": "female", "birthDate": "1950-01-01"}))
    (folder / "Organization.ndjson").write_text(json.dumps({"resourceType": "Organization", "id": "o", "name": "x"}))
    found = list(import_any(folder))
    (one,) = [one for one in found if isinstance(one, Imported)]
    assert one.patient == "b"
    refused = [one.fact for one in found if isinstance(one, Refused)]
    assert {fact.partition(" between ")[0] for fact in refused} == {"Patient/a differs"}
    leaves = {item.place for item in one.items}
    assert {f"Medication.ndjson:1:$.{key}" for key in ("resourceType", "id")} <= leaves
    assert {f"Organization.ndjson:1:$.{key}" for key in ("resourceType", "id", "name")} <= leaves
