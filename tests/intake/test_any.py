"""Recognising a file by what is in it, whatever its name; no input crashes, hangs or reaches the network."""

from __future__ import annotations

import datetime as dt
import json
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posthma.errors import PosthmaError, UsageError
from posthma.intake.any import import_any, recognise
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, Imported
from posthma.intake.columns import Columns
from posthma.intake.rdf import parse_record
from posthma.intake.table import Refused
from posthma.knowledge import read_knowledge
from posthma.turtle import write_turtle
from posthma.validation import validate

HERE = Path(__file__).parent
CASES = HERE.parents[1] / "kb" / "cases"
KNOWN = {
    "phenopacket/patient-4.json": "phenopacket",
    "phenopacket/refused/version-1.json": "phenopacket",
    "phenopacket/refused/no-version.json": "phenopacket",
    "fhir/patient-4.json": "fhir",
    "fhir/patient-4.ndjson": "fhir",
    "table/clinical.txt": "table",
    "table/mutations.maf": "maf",
}


@pytest.mark.parametrize(("name", "form"), KNOWN.items())
def test_files_are_recognised_by_their_content(name, form, tmp_path):
    assert recognise(HERE / name) == form
    if form in ("phenopacket", "fhir") and not name.endswith("ndjson"):
        other = tmp_path / "patient.txt"
        other.write_bytes(b"\xef\xbb\xbf" + (HERE / name).read_bytes())
        assert recognise(other) == form


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("# a record\n@prefix p: <https://w3id.org/posthma/ontology/> .\n", "r.txt", "record"),
        ("<http://x/a> <http://x/b> <http://x/c> .", "r", "record"),
        ('{"@context": {"p": "https://w3id.org/posthma/ontology/"}, "@id": "a"}', "r.json", "record"),
        ('[{"PATIENT_ID": "a", "HB": 9}]', "t.json", "table"),
        ('{"PATIENT_ID": "a", "subject": "b"}\n{"PATIENT_ID": "b"}', "t.ndjson", "table"),
        ("- PATIENT_ID: a\n  HB: 9\n", "t.yaml", "table"),
        ("id: a\nsubject:\n  id: a\n", "p.yaml", "phenopacket"),
        ("ID,HB\na,9\n", "t.csv", "table"),
        ("#version 2.4\nHugo_Symbol\tTumor_Sample_Barcode\nIDH2\ta\n", "t.txt", "maf"),
    ],
)
def test_texts_are_recognised(text, name, form, tmp_path):
    (tmp_path / name).write_text(text)
    assert recognise(tmp_path / name) == form


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "p.json", "is a pointer of Git LFS"),
        (b"PK\x03\x04abc", "p.json", "is a ZIP archive"),
        (b"  \n", "p.json", "the file is empty"),
        (b"<?xml version='1.0'?><a/>", "p.json", "is XML or HTML"),
        (b"{", "p.json", "is not JSON"),
        (b'{"a": "\xff"}', "p.json", "is not UTF-8"),
        (b"\x00\x01\x02", "p.xyz", "says no form"),
    ],
)
def test_what_is_no_patient_says_so(data, name, message, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PosthmaError) as caught:
        list(import_any(tmp_path / name))
    assert message in str(caught.value)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(UsageError, match="is not there"):
        recognise(tmp_path / "nothing.json")
    with pytest.raises(UsageError, match="holds no record; name a folder of"):
        list(import_any(tmp_path))


def test_a_maf_goes_with_a_table_only():
    with pytest.raises(UsageError, match="a MAF goes with a table"):
        list(import_any(HERE / "fhir" / "patient-4.json", maf=HERE / "table" / "mutations.maf"))


def test_a_maf_by_itself_says_what_was_found():
    """Five rows of two samples; without a day nothing can be stated, with one the silent change is context."""
    day = dt.date(2019, 1, 15)
    one, two = import_any(HERE / "table" / "mutations.maf", Columns(day=day))
    assert (one.patient, one.counts) == ("P-1-T1", {USED: 2, CONTEXT: 1, NOT_UNDERSTOOD: 0})
    assert (two.patient, two.counts) == ("P-2-T1", {USED: 1, CONTEXT: 1, NOT_UNDERSTOOD: 0})
    assert "notFound" not in write_turtle(one.triples)
    undated, _ = import_any(HERE / "table" / "mutations.maf")
    assert undated.counts == {USED: 0, CONTEXT: 1, NOT_UNDERSTOOD: 2}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_records_in_rdf_pass_through(number):
    (patient,) = import_any(CASES / f"patient-{number}" / "record.ttl")
    assert set(patient.counts.items()) == {(USED, len(patient.triples)), (CONTEXT, 0), (NOT_UNDERSTOOD, 0)}


# Documents that are nearly right: whole, with parts exchanged for anything that JSON can hold.

PACKET = json.loads((HERE / "phenopacket" / "patient-4.json").read_text(encoding="utf-8"))
BUNDLE = json.loads((HERE / "fhir" / "patient-4.json").read_text(encoding="utf-8"))
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=30),
    st.sampled_from(["", "2017-04-10", "31.02.2019", "0000-00-00", "P70Y", "P999Y", "9999-12-31T23:59:59Z", "1e999", "-1", "< 5",
                     "#a", "urn:uuid:a", "Patient/patient-4", "LOINC:718-7", "x" * 5000, "\x00", "\ud800", "p.Arg172Lys", "46,XX[20]"]),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)), max_leaves=8
)  # fmt: skip


def paths(value, at=()):
    yield at
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(below, (*at, key))


def exchanged(whole, changes):
    root = [json.loads(json.dumps(whole))]
    for path, value in changes:
        node, steps = root, (0, *path)
        try:
            for step in steps[:-1]:
                node = node[step]
            node[steps[-1]] = value
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # an earlier change took the place away
    return root[0]


def changes(whole):
    return st.lists(st.tuples(st.sampled_from(list(paths(whole))), VALUES), min_size=1, max_size=6)


def leaves(value):
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def survives(path, expected=None):
    """Import a file: records with a whole ledger and sound Turtle, or a documented refusal."""
    refusal, found = None, []
    try:
        found = list(import_any(path, Columns(day=dt.date(2019, 1, 1), genes_tested=("IDH1", "TP53"))))
    except PosthmaError as error:
        refusal = error
    assert refusal is None or (refusal.place and refusal.remedy)
    for patient in found:
        assert isinstance(patient, (Imported, Refused))
    patients = [one for one in found if isinstance(one, Imported)]
    for patient in patients:
        text = write_turtle(patient.triples)
        text.encode("utf-8")
        assert sum(patient.counts.values()) == len(patient.items)
        assert len({item.place for item in patient.items}) == len(patient.items)
    if expected is not None and len(found) == len(patients) == 1:
        assert len(patients[0].items) == expected


SLOW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SLOW
@given(made=changes(PACKET))
def test_no_packet_crashes_the_importer(tmp_path, made):
    packet = exchanged(PACKET, made)
    path = tmp_path / "p.json"
    path.write_text(json.dumps(packet), encoding="utf-8")
    survives(path, leaves(packet))


@SLOW
@given(made=changes(BUNDLE))
def test_no_bundle_crashes_the_importer(tmp_path, made):
    bundle = exchanged(BUNDLE, made)
    path = tmp_path / "b.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    survives(path, leaves(bundle))


@SLOW
@given(
    value=VALUES,
    kind=st.sampled_from(["Patient", "Observation", "Condition", "MedicationStatement", "Bundle", "Nonsense"]),
)
def test_no_resource_crashes_the_importer(tmp_path, value, kind):
    entries = [
        {"resource": {"resourceType": "Patient", "id": "a"}},
        {
            "resource": {
                "resourceType": kind,
                "subject": {"reference": "Patient/a"},
                "code": value,
                "extension": value,
                "valueQuantity": value,
                "component": value,
            }
        },
    ]
    path = tmp_path / "b.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": entries}), encoding="utf-8")
    survives(path)


@SLOW
@given(
    data=st.binary(max_size=400),
    name=st.sampled_from(["a.json", "a.ndjson", "a.yaml", "a.pb", "a.ttl", "a.csv", "a.maf", "a.xlsx", "a"]),
)
def test_no_bytes_crash_the_importer(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    survives(path)


@SLOW
@given(
    cut=st.integers(0, 20_000),
    name=st.sampled_from(["fhir/patient-4.json", "fhir/patient-4.ndjson", "phenopacket/patient-4.json"]),
)
def test_no_cut_off_file_crashes_the_importer(tmp_path, cut, name):
    path = tmp_path / Path(name).name
    path.write_bytes((HERE / name).read_bytes()[:cut])
    survives(path)


@settings(SLOW, max_examples=60)
@given(
    made=st.one_of(
        changes(PACKET).map(lambda c: ("p.json", PACKET, c)), changes(BUNDLE).map(lambda c: ("b.json", BUNDLE, c))
    )
)
def test_what_is_imported_conforms_to_the_shapes(tmp_path, made):
    """Whatever is broken in the input, the record holds only what its shapes allow; an empty one says so itself."""
    name, whole, exchange = made
    path = tmp_path / name
    path.write_text(json.dumps(exchanged(whole, exchange)), encoding="utf-8")
    try:
        found = [one for one in import_any(path, Columns(day=dt.date(2019, 1, 1))) if isinstance(one, Imported)]
    except PosthmaError:
        return
    for patient in found:
        record = parse_record(write_turtle(patient.triples).encode(), "r.ttl")
        wrong = [str(finding) for finding in validate(record, read_knowledge()) if finding.severity == "violation"]
        assert [text for text in wrong if "shape:Scope" not in text and "at least one event" not in text] == []


def test_an_address_in_a_reference_is_not_fetched(tmp_path):
    """References lead out of the bundle; the autouse fixture fails on any use of a socket."""
    bundle = json.loads(json.dumps(BUNDLE))
    bundle["entry"][-1]["resource"]["study"]["reference"] = "https://example.org/fhir/ResearchStudy/1"
    path = tmp_path / "b.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    (patient,) = import_any(path)
    last = f"$.entry[{len(bundle['entry']) - 1}].resource.period.start"
    assert (
        next(i for i in patient.items if i.place == f"b.json:{last}").why == "its trial is none of the knowledge base"
    )


def test_a_lone_surrogate_in_a_line_is_refused(tmp_path):
    (tmp_path / "a.ndjson").write_bytes(
        b'{"resourceType": "Patient", "id": "\xff"}\n{"resourceType": "Patient", "id": "b"}\n'
    )
    refused, patient = import_any(tmp_path / "a.ndjson")
    assert refused == Refused("a.ndjson:1", "byte 0xff is not UTF-8; save the file as UTF-8")
    assert patient.patient == "b"
