"""FHIR R4: what is made of each resource, by codes; references, statuses, and the places of what is not understood."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path

import pytest

from posthma.errors import PosthmaError, SyntaxRecordError
from posthma.intake.any import import_any
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED
from posthma.intake.columns import Columns
from posthma.intake.fhir import import_fhir
from posthma.intake.rdf import parse_record
from posthma.intake.table import Refused
from posthma.knowledge import read_knowledge
from posthma.turtle import write_turtle
from posthma.validation import validate
from posthma.vocab import curie, plain

HERE = Path(__file__).parent / "fhir"
WHOLE = json.loads((HERE / "patient-4.json").read_text(encoding="utf-8"))
NUMBER = {entry["resource"]["id"]: number for number, entry in enumerate(WHOLE["entry"])}
LOINC, HGNC = "http://loinc.org", "http://www.genenames.org"
ME = {"reference": "Patient/a"}


def leaves(value):
    """Count texts, numbers, truth values and nulls: written apart from the importer."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


def read(folder, value, **given):
    path = folder / "b.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    (patient,) = import_fhir(path, Columns(**given))
    return patient


def bundle(*resources):
    patient = {"resourceType": "Patient", "id": "a", "gender": "male"}
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in (patient, *resources)]}


def changed(name, path, value):
    """The bundle of patient 4 with one value of one resource replaced."""
    whole = copy.deepcopy(WHOLE)
    node = whole["entry"][NUMBER[name]]["resource"]
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return whole


def facts(patient, kind):
    nodes = {}
    for s, p, o in patient.triples:
        nodes.setdefault(s, []).append((curie(p).removeprefix("p:"), plain(o)))
    kinds = [values for values in nodes.values() if any(value == f"p:{kind}" for _, value in values)]
    return [{key: sorted(v for k, v in values if k == key) for key, _ in values} for values in kinds]


def item(patient, path):
    return next(item for item in patient.items if item.place == f"b.json:{path}")


def coded(system, code, label=""):
    return {"coding": [{"system": system, "code": code, "display": label}]}


def observation(name, code, day="2017-04-10", **value):
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "code": code,
        "subject": ME,
        "effectiveDateTime": day,
        **value,
    }


def given(name, day, agent="azacitidine", **more):
    return {
        "resourceType": "MedicationAdministration",
        "id": name,
        "status": "completed",
        "medicationCodeableConcept": {"text": agent},
        "subject": ME,
        "effectiveDateTime": day,
        **more,
    }


def test_lines_from_statements_and_requests(tmp_path):
    rows = {row["agent"][0]: row for row in facts(read(tmp_path, WHOLE), "TherapyLine")}
    azacitidine, enasidenib = rows["kb:azacitidine"], rows["kb:enasidenib"]
    assert (azacitidine["cycles"], azacitidine["cycleIntervalWeeks"]) == (["12"], ["4"])
    assert azacitidine["exposureReported"] == ["kb:standardExposure"]
    assert rows["kb:decitabine"]["responsesComplete"] == ["true"]
    assert (enasidenib["dose"], enasidenib["doseUnit"], enasidenib["date"]) == (
        ["100"],
        ["kb:mgPerDay"],
        ["2017-05-01"],
    )
    assert set(rows) == {"kb:azacitidine", "kb:decitabine", "kb:lowDoseCytarabine", "kb:hydroxyurea", "kb:enasidenib"}


def test_administrations_make_cycles(tmp_path):
    """Two cycles of 5-2-2 and one begun: the weekend ends no cycle, three weeks do."""
    days = [*range(2, 7), 9, 10, *range(30, 32)]
    resources = [given(f"m{day}", f"2017-01-{day:02}") for day in days] + [given("late", "2017-02-27")]
    patient = read(tmp_path, bundle(*resources))
    (line,) = facts(patient, "TherapyLine")
    assert (line["date"], line["cycles"], "endDate" in line) == (["2017-01-02"], ["3"], False)
    assert sorted(row["date"][0] for row in facts(patient, "Cycle")) == ["2017-01-02", "2017-01-30", "2017-02-27"]


def test_administrations_join_the_line_of_their_request(tmp_path):
    order = {
        "resourceType": "MedicationRequest",
        "id": "r",
        "status": "stopped",
        "intent": "order",
        "subject": ME,
        "medicationCodeableConcept": {"text": "azacitidine"},
        "authoredOn": "2017-01-01",
        "statusReason": coded("http://snomed.info/sct", "407563006"),
    }
    doses = [
        given(f"m{n}", day, request={"reference": "MedicationRequest/r"})
        for n, day in enumerate(["2017-01-02", "2017-02-01"])
    ]
    patient = read(tmp_path, bundle(order, *doses))
    (line,) = facts(patient, "TherapyLine")
    assert (line["date"], line["cycles"], line["stopReason"]) == (["2017-01-01"], ["2"], ["kb:stopIntolerance"])
    assert item(patient, "$.entry[1].resource.status").why == "ordered; that it was given is not stated"
    stray = given("m9", "2017-03-01", "decitabine", request={"reference": "MedicationRequest/r"})
    patient = read(tmp_path, bundle(order, *doses, stray))
    assert item(patient, "$.entry[4].resource.medicationCodeableConcept.text").why == "its request is for azacitidine"


def test_a_statement_based_on_a_request_is_one_line(tmp_path):
    order = {
        "resourceType": "MedicationRequest",
        "id": "r",
        "status": "active",
        "intent": "order",
        "subject": ME,
        "medicationCodeableConcept": {"text": "azacitidine"},
        "authoredOn": "2017-01-01",
    }
    statement = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "active",
        "subject": ME,
        "medicationCodeableConcept": {"text": "azacitidine"},
        "effectivePeriod": {"start": "2017-01-05"},
        "basedOn": [{"reference": "MedicationRequest/r"}],
    }
    assert [row["date"] for row in facts(read(tmp_path, bundle(order, statement)), "TherapyLine")] == [["2017-01-05"]]


def test_genes_studied_without_a_variant_were_not_found(tmp_path):
    """mCODE: the region studied names the panel, in one concept or several; another day is another test."""
    studied = {
        "code": coded(LOINC, "48018-6"),
        "valueCodeableConcept": {
            "coding": [
                {"system": HGNC, "code": code, "display": label}
                for code, label in [("11998", "TP53"), ("HGNC:5382", "IDH1"), ("5383", "IDH2"), ("1100", "BRCA1")]
            ]
        },
    }
    region = observation("r", coded(LOINC, "53041-0"), "2017-04-18", component=[studied])
    variant = observation("v", coded(LOINC, "69548-6"), "2017-04-18", valueCodeableConcept=coded(LOINC, "LA9633-4"), component=[
        {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:5382", "IDH1")},
        {"code": coded(LOINC, "48004-6"), "valueCodeableConcept": coded("http://varnomen.hgvs.org", "NP_005887.2:p.Arg132His")}])  # fmt: skip
    absent = observation("x", coded(LOINC, "69548-6"), "2017-05-18", valueCodeableConcept=coded(LOINC, "LA9634-2"), component=[
        {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:11998", "TP53")}])  # fmt: skip
    patient = read(tmp_path, bundle(region, variant, absent))
    first, second = sorted(facts(patient, "GeneTest"), key=lambda row: row["date"])
    assert (first["found"], first["notFound"], first["variant"]) == (["kb:idh1"], ["kb:idh2", "kb:tp53"], ["p.R132H"])
    assert ("found" in second, second["notFound"]) == (False, ["kb:tp53"])
    assert (
        item(patient, "$.entry[1].resource.component[0].valueCodeableConcept.coding[3].code").why
        == "no criterion asks for BRCA1"
    )


def test_a_coding_substitution_alone_leaves_the_gene_open(tmp_path):
    """Whether c.395G>A changes the protein is not said: IDH1 is neither found nor not found, whoever looked."""
    variant = observation("v", coded(LOINC, "69548-6"), valueCodeableConcept=coded(LOINC, "LA9633-4"), component=[
        {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:5382", "IDH1")},
        {"code": coded(LOINC, "48004-6"), "valueCodeableConcept": coded("http://varnomen.hgvs.org", "NM_005896.3:c.395G>A")}])  # fmt: skip
    (test,) = facts(read(tmp_path, bundle(variant), genes_tested=("IDH1", "IDH2")), "GeneTest")
    assert ("found" in test, test["notFound"]) == (False, ["kb:idh2"])


def test_an_absent_variant_leaves_the_rest_of_the_gene_open(tmp_path):
    """That TP53 R175H was not found does not make the gene unmutated."""
    absent = observation("x", coded(LOINC, "69548-6"), valueCodeableConcept=coded(LOINC, "LA9634-2"), component=[
        {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:11998", "TP53")},
        {"code": coded(LOINC, "48005-3"), "valueString": "p.Arg175His"}])  # fmt: skip
    patient = read(tmp_path, bundle(absent))
    assert facts(patient, "GeneTest") == []
    assert "leaves other variants of TP53 open" in item(patient, "$.entry[1].resource.component[1].valueString").why


def test_bounds_ranges_and_karyotypes(tmp_path):
    less = observation("l", coded(LOINC, "26446-5"), valueQuantity={"value": 5, "comparator": "<", "unit": "%"})
    span = observation(
        "s", coded(LOINC, "11150-0"), valueRange={"low": {"value": 5, "unit": "%"}, "high": {"value": 9, "unit": "%"}}
    )
    karyotype = observation("k", coded(LOINC, "33893-9"), valueString="46,XX,del(5)(q13q33)[12]/46,XX[8]")
    report = {
        "resourceType": "DiagnosticReport",
        "id": "d",
        "status": "final",
        "code": coded(LOINC, "29770-5"),
        "subject": ME,
        "effectiveDateTime": "2018",
        "conclusion": "46,XX[20]",
    }
    patient = read(tmp_path, bundle(less, span, karyotype, report))
    rows = {
        row["analyte"][0]: row
        for row in facts(patient, "Measurement")
        if row["analyte"] != ["kb:cytogeneticAbnormalities"]
    }
    assert (rows["kb:bloodBlasts"]["high"], rows["kb:bloodBlasts"]["highExclusive"]) == (["5"], ["true"])
    assert (rows["kb:marrowBlasts"]["low"], rows["kb:marrowBlasts"]["high"]) == (["5"], ["9"])
    one, two = sorted(facts(patient, "Karyotyping"), key=lambda row: row.get("date", ["z"]))
    assert one["found"] == ["kb:chromosomeAbnormality", "kb:del5q"]
    assert (two["earliest"], two["latest"], "found" in two) == (["2018-01-01"], ["2018-12-31"], False)


def test_a_response_without_a_link_goes_to_the_only_line_of_its_day(tmp_path):
    response = observation("r", coded(LOINC, "97509-4"), "2017-02-01", valueCodeableConcept={"text": "stable disease"})
    line = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "active",
        "subject": ME,
        "medicationCodeableConcept": {"text": "azacitidine"},
        "effectivePeriod": {"start": "2017-01-05"},
    }
    patient = read(tmp_path, bundle(response, line))
    assert [row["response"] for row in facts(patient, "ResponseAssessment")] == [["kb:stableDisease"]]
    two = read(
        tmp_path, bundle(response, line, {**line, "id": "t", "medicationCodeableConcept": {"text": "hydroxyurea"}})
    )
    assert facts(two, "ResponseAssessment") == []
    assert (
        item(two, "$.entry[1].resource.valueCodeableConcept.text").why
        == "no line of therapy is named, and 2 lines ran on that day"
    )


def test_refuted_conditions_and_the_age_of_onset(tmp_path):
    def condition(name, text, status, **more):
        return {
            "resourceType": "Condition",
            "id": name,
            "code": {"text": text},
            "verificationStatus": coded("v", status),
            "subject": ME,
            **more,
        }

    resources = [
        condition("a", "leukocytosis", "refuted", recordedDate="2017-01-02"),
        condition("b", "myelodysplastic syndrome", "provisional", recordedDate="2017-01-02"),
        condition("c", "acute myeloid leukaemia", "confirmed", onsetAge={"value": 70, "unit": "a", "code": "a"}),
    ]
    value = bundle(*resources)
    value["entry"][0]["resource"]["birthDate"] = "1946-05"
    patient = read(tmp_path, value)
    assert [row["notFound"] for row in facts(patient, "ClinicalExamination")] == [["kb:leukocytosis"]]
    (row,) = facts(patient, "Diagnosis")
    assert (row["disease"], row["earliest"], row["latest"]) == (
        ["kb:acuteMyeloidLeukemia"],
        ["2016-05-01"],
        ["2017-05-30"],
    )
    assert item(patient, "$.entry[2].resource.code.text").why == "its verificationStatus is provisional"


V = "valueQuantity"
TWINS = [
    ("patient-4", ("gender",), "other", "gender", NOT_UNDERSTOOD, "'other' is neither female nor male"),
    ("patient-4", ("extension", 0, "valueBoolean"), "perhaps", "extension[0].valueBoolean", NOT_UNDERSTOOD, "hmaLinesComplete 'perhaps' cannot be said here"),
    ("mds", ("code",), coded("http://snomed.info/sct", "44054006", "Diabetes mellitus type 2"), "code.coding[0].code", NOT_UNDERSTOOD, "snomed:44054006 (Diabetes mellitus type 2) stands in no table"),
    ("aml", ("code",), {"coding": [*coded("http://snomed.info/sct", "91861009")["coding"], *coded("http://snomed.info/sct", "109995007")["coding"]]}, "code.coding[0].code", NOT_UNDERSTOOD, "are two things, acuteMyeloidLeukemia and mds"),
    ("mds", ("verificationStatus",), "refuted", "code.coding[0].code", NOT_UNDERSTOOD, "as FHIR before R4 has it"),
    ("mds", ("onsetDateTime",), "31.02.2016", "onsetDateTime", NOT_UNDERSTOOD, "February 2016 has 29 days"),
    ("mds", ("subject", "reference"), "Patient/nobody", "subject.reference", NOT_UNDERSTOOD, "the patient it refers to is not in the bundle"),
    ("mds", ("modifierExtension",), [{"url": "x", "valueBoolean": True}], "code.coding[0].code", NOT_UNDERSTOOD, "a modifier extension"),
    ("o7", ("status",), "entered-in-error", "valueQuantity.value", CONTEXT, "its status is entered-in-error"),
    ("o7", (V, "code"), "g/dL", "valueQuantity.value", NOT_UNDERSTOOD, "its unit 'g/L' and its code 'g/dL' are two units"),
    ("o7", (V,), {"value": 68}, "valueQuantity.value", NOT_UNDERSTOOD, "haemoglobin without unit could be in g/dL or g/L"),
    ("o7", (V, "comparator"), "~", "valueQuantity.value", NOT_UNDERSTOOD, "'~' is no comparator"),
    ("o7", ("code",), coded("http://example.org/local", "HB"), "code.coding[0].code", NOT_UNDERSTOOD, "the code HB stands in no table"),
    ("o7", ("effectiveDateTime",), "", "valueQuantity.value", NOT_UNDERSTOOD, "there is no date for it"),
    ("o2", ("valueInteger",), 90, "valueInteger", NOT_UNDERSTOOD, "looks like a Karnofsky status"),
    ("o13", ("valueCodeableConcept",), coded("http://snomed.info/sct", "268910001", "Patient's condition improved"), "valueCodeableConcept.coding[0].code", NOT_UNDERSTOOD, "no response category"),
    ("o16", ("valueCodeableConcept",), coded(LOINC, "LA18198-4", "No call"), "component[1].valueCodeableConcept.coding[0].code", NOT_UNDERSTOOD, "it does not say whether the variant is present"),
    ("o16", ("component", 0, "valueCodeableConcept", "coding", 0, "display"), "IDH1", "component[1].valueCodeableConcept.coding[0].code", NOT_UNDERSTOOD, "HGNC:5383 is IDH2, its label says IDH1"),
    ("o16", ("component", 1, "valueCodeableConcept", "coding", 0, "code"), "R to K", "component[1].valueCodeableConcept.coding[0].code", NOT_UNDERSTOOD, "is not understood"),
    ("aza", ("status",), "not-taken", "medicationCodeableConcept.coding[0].code", CONTEXT, "its status is not-taken"),
    ("aza", ("effectivePeriod",), {"start": "2016-13-01"}, "effectivePeriod.start", NOT_UNDERSTOOD, "there is no month 13"),
    ("dac", ("effectivePeriod", "end"), "2016-01-01", "status", USED, "it ends before it begins"),
    ("dac", ("dosage", 0, "doseAndRate", 0, "doseQuantity", "code"), "mg/kg", "dosage[0].doseAndRate[0].doseQuantity.value", CONTEXT, "no dose in mg or mg/m2 a day"),
    ("dac", ("statusReason",), [{"text": "infection"}, {"text": "intolerance"}], "statusReason[1].text", NOT_UNDERSTOOD, "two reasons are given"),
    ("ena-order", ("medicationReference", "reference"), "Medication/none", "medicationReference.reference", NOT_UNDERSTOOD, "the medication it refers to is not in the bundle"),
    ("ena-order", ("intent",), "proposal", "authoredOn", CONTEXT, "a proposal"),
    ("trial", ("identifier", 0, "value"), "NCT00000000", "identifier[0].value", CONTEXT, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "value", "place", "use", "why"), TWINS, ids=lambda v: str(v)[-30:])
def test_broken_twins_are_named_by_their_place(tmp_path, name, path, value, place, use, why):
    whole = changed(name, path, value)
    patient = read(tmp_path, whole)
    found = item(patient, f"$.entry[{NUMBER[name]}].resource.{place}")
    assert found.use == use
    assert why in found.why
    assert len(patient.items) == leaves(whole)


def test_counts_add_up_and_places_are_unique(tmp_path):
    patient = read(tmp_path, WHOLE)
    assert len(patient.items) == leaves(WHOLE) == sum(patient.counts.values())
    assert len({item.place for item in patient.items}) == len(patient.items)


def test_the_record_is_sound(tmp_path):
    patient = read(tmp_path, WHOLE, day=dt.date(2017, 4, 24), jurisdiction="EU")
    record = parse_record(write_turtle(patient.triples).encode(), "b.ttl")
    assert [str(f) for f in validate(record, read_knowledge()) if f.severity == "violation"] == []


def test_two_patients_of_one_bundle_keep_their_own(tmp_path):
    value = bundle(observation("o", coded(LOINC, "718-7"), valueQuantity={"value": 9, "unit": "g/dL"}))
    value["entry"].append(
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "b", "gender": "female"}}
    )
    other = observation("p", coded(LOINC, "718-7"), valueQuantity={"value": 8, "unit": "g/dL"})
    value["entry"].append({"resource": {**other, "subject": {"reference": "urn:uuid:1"}}})
    path = tmp_path / "b.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    one, two = import_fhir(path)
    assert [facts(p, "Measurement")[0]["low"] for p in (one, two)] == [["9"], ["8"]]
    assert len(one.items) + len(two.items) == leaves(value)


def test_a_reference_to_a_version_is_one_to_the_resource(tmp_path):
    mine = observation("o", coded(LOINC, "718-7"), valueQuantity={"value": 9, "unit": "g/dL"})
    mine["subject"] = {"reference": "Patient/a/_history/3"}
    assert len(facts(read(tmp_path, bundle(mine)), "Measurement")) == 1


def test_a_resource_that_stands_twice_is_read_once(tmp_path):
    twice = observation("o", coded(LOINC, "718-7"), valueQuantity={"value": 9, "unit": "g/dL"})
    patient = read(tmp_path, bundle(twice, twice))
    assert len(facts(patient, "Measurement")) == 1
    assert item(patient, "$.entry[2].resource.valueQuantity.value").why.startswith("Observation/o stands already at")


def test_a_folder_of_a_bulk_export(tmp_path):
    """A file a type of resource, as bulk exports have them; references cross the files."""
    lines = (HERE / "patient-4.ndjson").read_text(encoding="utf-8").splitlines()
    for line in lines:
        with (tmp_path / f"{json.loads(line)['resourceType']}.ndjson").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    (patient,) = import_any(tmp_path)
    assert len(patient.items) == sum(leaves(json.loads(line)) for line in lines)
    assert len(facts(patient, "TherapyLine")) == 5
    assert next(i for i in patient.items if i.place == "Patient.ndjson:1:$.gender").use == USED


def test_lines_that_cannot_be_read_are_left_out():
    found = list(import_fhir(HERE / "refused" / "patient-twice.ndjson"))
    assert [type(one) is Refused for one in found] == [False, True, True, True]
    assert [one.place for one in found[1:]] == [
        "patient-twice.ndjson:2:$.entry[0].resource",
        "patient-twice.ndjson:3",
        "patient-twice.ndjson:4",
    ]


def test_a_bundle_without_patient_is_refused():
    (refused,) = import_fhir(HERE / "refused" / "no-patient.json")
    fact = "no Patient resource is in it, and no resource refers to a patient"
    assert refused == Refused("no-patient.json", fact)


def test_resources_without_their_patient_are_kept_apart_by_reference(tmp_path):
    """A file of observations alone: who they are about is known, what the patient is like is not."""
    value = bundle(
        *(
            observation(name, coded(LOINC, "718-7"), valueQuantity={"value": low, "unit": "g/dL"})
            for name, low in [("o", 9), ("p", 8)]
        )
    )
    del value["entry"][0]
    value["entry"][1]["resource"]["subject"] = {"reference": "https://example.org/fhir/Patient/b"}
    path = tmp_path / "b.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    one, two = import_fhir(path)
    assert (one.patient, two.patient) == ("a", "b")
    assert [facts(p, "Measurement")[0]["low"] for p in (one, two)] == [["9"], ["8"]]
    assert len(one.items) + len(two.items) == leaves(value)
    value["entry"].append({"resource": {"resourceType": "Patient", "id": "c"}})
    (only,) = [read(tmp_path, value)]
    assert (only.patient, facts(only, "Measurement")) == ("c", [])


@pytest.mark.parametrize(
    ("name", "message"), [("history.json", "former versions"), ("bundle.xml", "is XML or HTML; give FHIR as JSON")]
)
def test_what_is_refused_says_why(name, message):
    with pytest.raises(PosthmaError) as caught:
        list(import_any(HERE / "refused" / name))
    assert message in str(caught.value)


def test_json_without_resources_is_no_fhir(tmp_path):
    (tmp_path / "b.json").write_text('{"a": 1}')
    with pytest.raises(SyntaxRecordError, match="is no FHIR resource"):
        list(import_fhir(tmp_path / "b.json"))


# What stands in published examples of mCODE and genomics-reporting.


def variant(name, gene, protein, *components, **more):
    studied = {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, *gene)}
    changed_ = {"code": coded(LOINC, "48005-3"), "valueCodeableConcept": coded("http://varnomen.hgvs.org", protein)}
    present = coded(LOINC, "LA9633-4")
    found = observation(name, coded(LOINC, "69548-6"), valueCodeableConcept=present, component=[studied, changed_, *components])
    return {**found, **more}


def significance(code):
    return {"code": coded(LOINC, "53037-8"), "valueCodeableConcept": coded(LOINC, code)}


TP53 = ("HGNC:11998", "TP53")
IDH2 = ("HGNC:5383", "IDH2")


@pytest.mark.parametrize("apart", [False, True], ids=["with the variant", "in an implication"])
def test_a_benign_variant_is_no_finding_and_an_uncertain_one_leaves_the_gene_open(tmp_path, apart):
    """Present in the sample, and no mutation that a criterion means; the genes that were looked for show the difference."""
    judged = {"v": "LA6675-8", "w": "LA6682-4", "x": "LA6668-3"}
    genes = {"v": TP53, "w": IDH2, "x": ("HGNC:5382", "IDH1")}
    proteins = {"v": "p.Pro72Arg", "w": "p.Arg140Gln", "x": "p.Arg132His"}
    found = []
    for name, code in judged.items():
        own = [] if apart else [significance(code)]
        found.append(variant(name, genes[name], proteins[name], *own))
        if apart:
            implied = observation(f"i{name}", {"text": "diagnostic implication"}, component=[significance(code)])
            found.append({**implied, "derivedFrom": [{"reference": f"Observation/{name}"}]})
    patient = read(tmp_path, bundle(*found), genes_tested=("TP53", "IDH2", "IDH1"))
    (test,) = facts(patient, "GeneTest")
    assert (test["found"], test["notFound"]) == (["kb:idh1"], ["kb:tp53"])
    at = "$.entry[1].resource.component[1].valueCodeableConcept.coding[0].code"
    assert (item(patient, at).use, item(patient, at).why) == (CONTEXT, "classified as benign")


def test_what_made_no_fact_is_not_booked_as_used(tmp_path):
    """A panel of genes that no criterion asks for: neither its genes nor the codes around them are in the record."""
    studied = {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:1100", "BRCA1")}
    region = observation("r", coded(LOINC, "53041-0"), component=[studied])
    patient = read(tmp_path, bundle(region))
    assert facts(patient, "GeneTest") == []
    one = item(patient, "$.entry[1].resource.effectiveDateTime")
    assert (one.use, one.why) == (CONTEXT, "the date of what made no fact")
    assert [one.place for one in patient.items if one.use == USED and ".entry[1]." in one.place] == []


@pytest.mark.parametrize("code", [("http://loinc.org", "21908-9"), ("http://snomed.info/sct", "399504009")])
def test_the_stage_of_a_solid_tumour_is_context(tmp_path, code):
    stage = observation("s", coded(*code), valueCodeableConcept=coded("http://cancerstaging.org", "cT2"))
    patient = read(tmp_path, bundle(stage))
    assert facts(patient, "Measurement") == []
    one = item(patient, "$.entry[1].resource.code.coding[0].code")
    assert one.use == CONTEXT
    assert "the stage of a solid tumour" in one.why


def test_a_code_in_the_wrong_place_says_what_it_is(tmp_path):
    odd = observation("s", coded(LOINC, "48018-6"), valueQuantity={"value": 1, "unit": "%"})
    one = item(read(tmp_path, bundle(odd)), "$.entry[1].resource.code.coding[0].code")
    assert (one.use, one.why) == (NOT_UNDERSTOOD, "the code loinc:48018-6 is gene, a part: no meaning here")


@pytest.mark.parametrize(
    ("kind", "status", "counts"),
    [
        ("Observation", "final", True), ("Observation", "amended", True), ("Observation", "entered-in-error", False),
        ("Observation", "cancelled", False), ("Observation", "registered", False), ("Observation", "unknown", False),
        ("DiagnosticReport", "appended", True), ("DiagnosticReport", "partial", True), ("DiagnosticReport", "cancelled", False),
        ("DiagnosticReport", "entered-in-error", False), ("Procedure", "completed", True), ("Procedure", "not-done", False),
        ("Procedure", "preparation", False), ("Procedure", "entered-in-error", False), ("MedicationStatement", "not-taken", False),
        ("MedicationStatement", "intended", False), ("MedicationStatement", "entered-in-error", False),
        ("MedicationRequest", "draft", False), ("MedicationRequest", "cancelled", False), ("MedicationAdministration", "not-done", False),
        ("MedicationAdministration", "entered-in-error", False), ("MedicationAdministration", "completed", True),
        ("MedicationStatement", "completed", True), ("MedicationRequest", "completed", True),
    ],
)  # fmt: skip
def test_only_what_was_done_and_is_not_withdrawn_is_a_fact(tmp_path, kind, status, counts):
    """Each status of FHIR R4 that takes a resource back, or never made it true, leaves no event."""
    agent = {"medicationCodeableConcept": {"text": "azacitidine"}, "effectiveDateTime": "2017-01-02"}
    made = {
        "Observation": {"code": coded(LOINC, "718-7"), "valueQuantity": {"value": 9, "unit": "g/dL"}, "effectiveDateTime": "2017-01-02"},
        "DiagnosticReport": {"code": coded(LOINC, "29770-5"), "conclusion": "46,XX[20]", "effectiveDateTime": "2017-01-02"},
        "Procedure": {"code": {"text": "allogeneic haematopoietic stem-cell transplantation"}, "performedDateTime": "2017-01-02"},
        "MedicationRequest": {"intent": "order", "medicationCodeableConcept": {"text": "azacitidine"}, "authoredOn": "2017-01-02"},
    }.get(kind, agent)  # fmt: skip
    resource = {"resourceType": kind, "id": "x", "status": status, "subject": ME, **made}
    patient = read(tmp_path, bundle(resource))
    assert bool([t for t in patient.triples if t[1].endswith("/event>")]) is counts
    if not counts:
        assert {one.why for one in patient.items if ".entry[1]." in one.place} == {f"its status is {status}"}


@pytest.mark.parametrize(
    ("proteins", "karyotype", "day", "found"),
    [
        (["p.Arg175His", "p.Arg248Gln"], "46,XY[20]", "2017-04-10", True), (["p.Arg175His"], "45,XY,-17[20]", "2017-04-10", True),
        (["p.Arg175His"], "46,XY[20]", "2017-04-10", False), (["p.Arg175His"], "45,XY,-17[20]", "2016-01-01", False),
    ],
)  # fmt: skip
def test_multi_hit_tp53_as_in_a_table(tmp_path, proteins, karyotype, day, found):
    """IPSS-M: two mutations, or one with loss of the other allele, which a karyotype of the same day may show."""
    variants = [variant(f"v{number}", TP53, protein) for number, protein in enumerate(proteins)]
    told = observation("k", coded(LOINC, "33893-9"), day, valueString=karyotype)
    test = facts(read(tmp_path, bundle(*variants, told)), "GeneTest")[0]
    assert "kb:tp53" in test["found"]
    assert ("kb:tp53MultiHit" in test["found"]) == found
    assert "notFound" not in test


def test_a_karyotype_is_read_by_the_sex_of_the_patient(tmp_path):
    """A man with cells of a woman: the wrong patient, or a donor's cells; a table says the same."""
    told = observation("k", coded(LOINC, "33893-9"), valueString="46,XX[20]")
    patient = read(tmp_path, bundle(told))
    assert "the cells are XX, the patient is XY" in item(patient, "$.entry[1].resource.valueString").why
    (tmp_path / "t.csv").write_text('ID,DATE,KARYOTYPE,SEX\na,2017-04-10,"46,XX[20]",m\n')
    (row,) = import_any(tmp_path / "t.csv")
    whys = [entry.why for entry in row.items if entry.place.endswith("KARYOTYPE")]
    assert whys == [item(patient, "$.entry[1].resource.valueString").why]
