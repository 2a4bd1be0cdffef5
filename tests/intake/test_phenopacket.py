"""Phenopackets of version 2: what is made of each element, and the places and counts of what is not."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path

import pytest

from posthma.errors import LimitError, PosthmaError, SyntaxRecordError, UsageError
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED
from posthma.intake.columns import Columns
from posthma.intake.phenopacket import import_phenopacket
from posthma.intake.rdf import parse_record
from posthma.intake.table import Refused
from posthma.knowledge import read_knowledge
from posthma.turtle import write_turtle
from posthma.validation import validate
from posthma.vocab import curie, plain

HERE = Path(__file__).parent / "phenopacket"
WHOLE = json.loads((HERE / "patient-4.json").read_text(encoding="utf-8"))


def leaves(value):
    """Count texts, numbers, truth values and nulls: written apart from the importer."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


def read(folder, value, **given):
    path = folder / "p.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    (patient,) = import_phenopacket(path, Columns(**given))
    return patient


def changed(path, value):
    """The packet of patient 4 with one value replaced."""
    packet = copy.deepcopy(WHOLE)
    node = packet
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return packet


def facts(patient, kind):
    nodes = {}
    for s, p, o in patient.triples:
        nodes.setdefault(s, []).append((curie(p).removeprefix("p:"), plain(o)))
    kinds = [values for values in nodes.values() if any(value == f"p:{kind}" for _, value in values)]
    return [{key: sorted(v for k, v in values if k == key) for key, _ in values} for values in kinds]


def item(patient, path):
    return next(item for item in patient.items if item.place == f"p.json:{path}")


def test_lines_with_dose_best_response_and_reason_for_the_end(tmp_path):
    rows = {row["agent"][0]: row for row in facts(read(tmp_path, WHOLE), "TherapyLine")}
    decitabine = rows["kb:decitabine"]
    assert (decitabine["date"], decitabine["endDate"]) == (["2016-12-19"], ["2017-03-12"])
    assert (decitabine["dose"], decitabine["doseUnit"]) == (["20"], ["kb:mgPerM2PerDay"])
    assert decitabine["bestResponse"] == ["kb:noHematologicImprovement"]
    assert decitabine["stopReason"] == ["kb:stopNoResponse"]
    assert rows["kb:azacitidine"]["stopReason"] == ["kb:stopLossOfResponse"]
    assert "cycles" not in rows["kb:azacitidine"]
    assert "endDate" not in rows["kb:hydroxyurea"]
    assert set(rows) == {"kb:azacitidine", "kb:decitabine", "kb:lowDoseCytarabine", "kb:hydroxyurea", "kb:enasidenib"}


def test_dose_intervals_with_pauses_are_cycles(tmp_path):
    """Three weeks of azacitidine every four weeks are three cycles of seven days; intervals that touch are none."""
    unit, daily = {"id": "UCUM:mg/m2", "label": ""}, {"id": "NCIT:C125004", "label": "Once Daily"}

    def block(start, end, value):
        span = {"start": f"{start}T00:00:00Z", "end": f"{end}T00:00:00Z"}
        return {"interval": span, "quantity": {"unit": unit, "value": value}, "scheduleFrequency": daily}

    paused = [
        block("2017-01-02", "2017-01-08", 75), block("2017-01-30", "2017-02-05", 75), block("2017-02-27", "2017-03-05", 75)
    ]  # fmt: skip
    path = ("medicalActions", 0, "treatment", "doseIntervals")
    (line,) = [
        r for r in facts(read(tmp_path, changed(path, paused)), "TherapyLine") if r["agent"] == ["kb:azacitidine"]
    ]
    assert (line["cycles"], line["daysPerCycle"], line["dose"]) == (["3"], ["7"], ["75"])
    cycles = facts(read(tmp_path, changed(path, paused)), "Cycle")
    assert sorted((row["ordinal"][0], row["date"][0]) for row in cycles) == [
        ("1", "2017-01-02"), ("2", "2017-01-30"), ("3", "2017-02-27")]  # fmt: skip
    touching = [block("2017-01-02", "2017-01-08", 75), block("2017-01-09", "2017-01-20", 50)]
    patient = read(tmp_path, changed(path, touching))
    (line,) = [row for row in facts(patient, "TherapyLine") if row["agent"] == ["kb:azacitidine"]]
    assert not {"cycles", "dose", "cycle"} & set(line)
    place = "$.medicalActions[0].treatment.doseIntervals[0].quantity.value"
    assert item(patient, place).why == "the dose changes within the line"


def test_the_gene_test_has_the_date_of_its_biosample(tmp_path):
    (test,) = facts(read(tmp_path, WHOLE, genes_tested=("IDH1", "TP53", "IDH2")), "GeneTest")
    assert (test["date"], test["found"], test["variant"]) == (["2017-04-18"], ["kb:idh2R172K"], ["p.R172K"])
    assert test["notFound"] == ["kb:idh1", "kb:tp53"]


def test_age_comes_from_the_birth_date_on_the_first_day(tmp_path):
    """Born on 3 May 1946, she is 69 on 14 December 2015."""
    packet = changed(("subject", "dateOfBirth"), "1946-05-03T00:00:00Z")
    packet["measurements"] = packet["measurements"][1:]
    (age,) = [row for row in facts(read(tmp_path, packet), "Measurement") if row["analyte"] == ["kb:age"]]
    assert (age["low"], age["high"], age["date"]) == (["69"], ["69"], ["2015-12-14"])


def test_an_onset_by_age_is_the_year_of_that_age(tmp_path):
    packet = changed(("diseases", 0, "onset"), {"age": {"iso8601duration": "P69Y"}})
    packet["subject"]["dateOfBirth"] = "1946-05-03T00:00:00Z"
    (row,) = [r for r in facts(read(tmp_path, packet), "Diagnosis") if r["disease"] == ["kb:mdsExcessBlasts2"]]
    assert (row["earliest"], row["latest"]) == (["2015-05-03"], ["2016-05-02"])


M = "measurements"
V = ("interpretations", 0, "diagnosis", "genomicInterpretations", 0)
D = (*V, "variantInterpretation", "variationDescriptor")
TWINS = [
    (("subject", "sex"), "OTHER_SEX", "$.subject.sex", NOT_UNDERSTOOD, "neither FEMALE nor MALE"),
    (("subject", "sex"), "UNKNOWN_SEX", "$.subject.sex", CONTEXT, "missing"),
    (("subject", "age"), "70", "$.subject.age", CONTEXT, ""),
    (("subject", "hairColour"), "red", "$.subject.hairColour", NOT_UNDERSTOOD, "is no field of Phenopackets v2"),
    ((M, 4, "value", "quantity", "unit"), {"id": "UCUM:furlong"}, "$.measurements[4].value.quantity.value", NOT_UNDERSTOOD, "'furlong' is not understood"),
    ((M, 4, "value", "quantity", "value"), -3, "$.measurements[4].value.quantity.value", NOT_UNDERSTOOD, "is outside 0 to 1000"),
    ((M, 4, "value", "quantity", "value"), 1e300, "$.measurements[4].value.quantity.value", NOT_UNDERSTOOD, ""),
    ((M, 4, "assay"), {"id": "LOINC:99999-9", "label": "x"}, "$.measurements[4].assay.id", NOT_UNDERSTOOD, "loinc:99999-9 (x) stands in no table of codes"),
    ((M, 4, "assay", "label"), "platelets", "$.measurements[4].assay.label", NOT_UNDERSTOOD, "the code loinc:6690-2 is leukocytes, its label says platelets"),
    ((M, 4, "timeObserved"), {"timestamp": "2019-02-31T00:00:00Z"}, "$.measurements[4].timeObserved.timestamp", NOT_UNDERSTOOD, "February 2019 has 28 days"),
    ((M, 4, "timeObserved"), {"timestamp": "2019-02-31T00:00:00Z"}, "$.measurements[4].value.quantity.value", NOT_UNDERSTOOD, "there is no date for it"),
    ((M, 4, "timeObserved"), {"age": {"iso8601duration": "P70Y"}}, "$.measurements[4].timeObserved.age.iso8601duration", CONTEXT, "without a birth date"),
    (("diseases", 2, "term"), {"id": "MONDO:0005015", "label": "diabetes mellitus"}, "$.diseases[2].term.id", NOT_UNDERSTOOD, "mondo:0005015 (diabetes mellitus) stands in no table"),
    (("diseases", 2, "onset"), {"ontologyClass": {"id": "HP:0003581", "label": "Adult onset"}}, "$.diseases[2].onset.ontologyClass.id", CONTEXT, "it names no day"),
    (("diseases", 2, "excluded"), True, "$.diseases[2].term.id", CONTEXT, "excluded"),
    (("medicalActions", 1, "treatment", "agent"), {"id": "NCIT:C288", "label": "decitabine"}, "$.medicalActions[1].treatment.agent.id", NOT_UNDERSTOOD, "the code ncit:C288 is azacitidine, its label says decitabine"),
    (("medicalActions", 1, "treatment", "doseIntervals"), [], "$.medicalActions[1].treatment.agent.id", NOT_UNDERSTOOD, "there is no date for it"),
    (("medicalActions", 1, "responseToTreatment"), {"id": "", "label": "response lost"}, "$.medicalActions[1].responseToTreatment.label", NOT_UNDERSTOOD, "a loss of response has no date here"),
    (("medicalActions", 1, "treatmentTerminationReason"), {"id": "X:1", "label": "whim"}, "$.medicalActions[1].treatmentTerminationReason.id", NOT_UNDERSTOOD, "x:1 (whim) stands in no table"),
    (("medicalActions", 4, "therapeuticRegimen", "externalReference", "id"), "NCT99999999", "$.medicalActions[4].therapeuticRegimen.externalReference.id", NOT_UNDERSTOOD, "no agent or trial that is known"),
    ((*D, "geneContext", "symbol"), "IDH1", "$.interpretations[0].diagnosis.genomicInterpretations[0].variantInterpretation.variationDescriptor.geneContext.symbol", NOT_UNDERSTOOD, "HGNC:5383 is IDH2, the symbol says IDH1"),
    ((*V, "interpretationStatus"), "REJECTED", "$.interpretations[0].diagnosis.genomicInterpretations[0].interpretationStatus", CONTEXT, "rejected"),
    ((*V, "variantInterpretation", "acmgPathogenicityClassification"), "UNCERTAIN_SIGNIFICANCE", "$.interpretations[0].diagnosis.genomicInterpretations[0].variantInterpretation.variationDescriptor.label", NOT_UNDERSTOOD, "neither found nor not found"),
    (("biosamples", 0, "timeOfCollection"), {"ontologyClass": {"id": "HP:0003581", "label": "Adult onset"}}, "$.interpretations[0].diagnosis.genomicInterpretations[0].variantInterpretation.variationDescriptor.expressions[0].value", NOT_UNDERSTOOD, "there is no date for it"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "place", "use", "why"), TWINS, ids=lambda v: str(v)[-40:])
def test_broken_twins_are_named_by_their_place(tmp_path, path, value, place, use, why):
    packet = changed(path, value)
    patient = read(tmp_path, packet)
    found = item(patient, place)
    assert found.use == use
    assert why in found.why
    assert len(patient.items) == leaves(packet)


def test_counts_add_up_and_places_are_unique(tmp_path):
    patient = read(tmp_path, WHOLE)
    assert len(patient.items) == leaves(WHOLE) == sum(patient.counts.values())
    assert len({item.place for item in patient.items}) == len(patient.items)


def test_a_variant_of_uncertain_significance_is_neither_found_nor_absent(tmp_path):
    packet = changed((*V, "variantInterpretation", "acmgPathogenicityClassification"), "UNCERTAIN_SIGNIFICANCE")
    (test,) = facts(read(tmp_path, packet, genes_tested=("IDH1", "IDH2")), "GeneTest")
    assert ("found" in test, test["notFound"]) == (False, ["kb:idh1"])


def test_the_record_is_sound(tmp_path):
    patient = read(tmp_path, WHOLE, day=dt.date(2017, 4, 24), jurisdiction="EU")
    record = parse_record(write_turtle(patient.triples).encode(), "p.ttl")
    assert [str(f) for f in validate(record, read_knowledge()) if f.severity == "violation"] == []
    (question,) = facts(patient, "Question")
    assert (question["date"], question["jurisdiction"]) == (["2017-04-24"], ["kb:EU"])


def test_yaml_and_the_spelling_of_the_schema_say_the_same(tmp_path):
    yaml = pytest.importorskip("yaml")

    def snake(value):
        if isinstance(value, dict):
            return {"".join(f"_{c.lower()}" if c.isupper() else c for c in k): snake(v) for k, v in value.items()}
        return [snake(v) for v in value] if isinstance(value, list) else value

    path = tmp_path / "p.yaml"
    path.write_text(yaml.safe_dump(snake(WHOLE), sort_keys=False), encoding="utf-8")
    (patient,) = import_phenopacket(path)
    json_one = read(tmp_path, WHOLE)
    assert patient.triples == json_one.triples
    assert patient.counts == json_one.counts


def test_protobuf_says_the_same(tmp_path):
    import phenopackets.schema.v2 as schema
    from google.protobuf.json_format import ParseDict

    path = tmp_path / "p.pb"
    path.write_bytes(ParseDict(WHOLE, schema.Phenopacket()).SerializeToString())
    (patient,) = import_phenopacket(path)
    assert patient.triples == read(tmp_path, WHOLE).triples
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(SyntaxRecordError):
        list(import_phenopacket(path))


def test_protobuf_without_its_package_is_a_clear_message(tmp_path, monkeypatch):
    monkeypatch.setattr("posthma.intake.phenopacket_form.import_module", _absent)
    (tmp_path / "p.pb").write_bytes(b"\n\x01a")
    with pytest.raises(
        UsageError, match="protobuf needs the package phenopackets; install it, or write the packet as JSON"
    ):
        list(import_phenopacket(tmp_path / "p.pb"))


def _absent(name):
    raise ImportError(name)


def test_cohorts_families_and_lines(tmp_path):
    """A cohort is its members, a family its proband; what stands around them is booked with the first."""
    one, two = copy.deepcopy(WHOLE), copy.deepcopy(WHOLE)
    two["subject"]["id"] = "other"
    cohort = {"id": "c", "description": "d", "members": [one, two, one], "metaData": WHOLE["metaData"]}
    path = tmp_path / "p.json"
    path.write_text(json.dumps(cohort), encoding="utf-8")
    first, second, third = import_phenopacket(path)
    assert (first.patient, second.patient) == ("patient-4", "other")
    assert isinstance(third, Refused)
    assert third.place == "p.json:$.members[2]"
    assert len(first.items) + len(second.items) == leaves(cohort) - leaves(one)
    assert item(second, "$.members[1].subject.sex").use == USED
    family = {"id": "f", "proband": one, "relatives": [two], "metaData": WHOLE["metaData"]}
    path.write_text(json.dumps(family), encoding="utf-8")
    (proband,) = import_phenopacket(path)
    assert len(proband.items) == leaves(family)
    assert item(proband, "$.relatives[0].subject.sex").why == "a relative, not the patient"
    lines = tmp_path / "p.ndjson"
    lines.write_text("\n".join([json.dumps(one), "{", json.dumps(two), json.dumps(one)]), encoding="utf-8")
    results = list(import_phenopacket(lines))
    assert [type(found) is Refused for found in results] == [False, True, False, True]
    assert results[1].place == "p.ndjson:2"


REFUSED = {
    "version-1.json": "is a Phenopacket of version 1; convert it to version 2",
    "version-1-stated.json": "is a Phenopacket of version 1",
    "version-3.json": "is of version '3.0' of Phenopackets",
    "no-version.json": "does not say its version",
    "name-twice.json": "the name 'sex' stands twice in one object",
    "nul.json": "$.subject.id: a text holds a NUL character",
    "surrogate.json": "$.subject.id: a text holds half a surrogate pair",
    "cut-off.json": "is not JSON",
    "alias-of-itself.yaml": "nested more than 60 deep",
    "not-a-number.json": "NaN is no JSON number",
}


def test_every_refused_file_is_expected():
    assert {path.name for path in (HERE / "refused").iterdir()} == set(REFUSED)


@pytest.mark.parametrize(("name", "message"), REFUSED.items())
def test_what_is_refused_says_why(name, message):
    with pytest.raises(PosthmaError) as caught:
        list(import_phenopacket(HERE / "refused" / name))
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ['{"a":' * 100_000, "[" * 100_000, "a: " + "[" * 5_000, "[" + "1," * 600_000 + "1]"])
def test_depth_and_size_have_limits(tmp_path, text):
    path = tmp_path / "p.json"
    path.write_text(text)
    with pytest.raises((LimitError, SyntaxRecordError)):
        list(import_phenopacket(path))


def test_aliases_that_multiply_are_refused(tmp_path):
    pytest.importorskip("yaml")
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"] + [
        f"{c}: &{c} [{','.join(['*' + p] * 10)}]" for p, c in zip("abcdefg", "bcdefgh", strict=True)
    ]
    path = tmp_path / "p.yaml"
    path.write_text("\n".join(lines))
    with pytest.raises(SyntaxRecordError, match="aliases make more than"):
        list(import_phenopacket(path))


def test_the_date_of_what_made_no_fact_is_not_booked_as_used(tmp_path):
    """A measurement by a code that is in no table, as packets of other fields have them."""
    packet = copy.deepcopy(WHOLE)
    packet["measurements"].append({
        "assay": {"id": "LOINC:2157-6", "label": "Creatine kinase"}, "timeObserved": {"timestamp": "2017-04-10T00:00:00Z"},
        "value": {"quantity": {"value": 900, "unit": {"id": "UCUM:U/L", "label": "U/L"}}},
    })  # fmt: skip
    found = read(tmp_path, packet)
    at = f"$.measurements[{len(packet['measurements']) - 1}]"
    assert item(found, f"{at}.assay.id").use == NOT_UNDERSTOOD
    date = item(found, f"{at}.timeObserved.timestamp")
    assert (date.use, date.why) == (CONTEXT, "the date of what made no fact")
    assert item(found, "$.measurements[0].timeObserved.timestamp").use == USED


def test_packets_of_one_subject_are_told_apart_by_their_ids(tmp_path):
    """Collections of case reports call many a subject "patient 1"; a packet that stands twice is one too many."""
    lines = [json.dumps({**WHOLE, "id": name}) for name in ("x", "y", "y", "x")]
    path = tmp_path / "p.ndjson"
    path.write_text("\n".join(lines), encoding="utf-8")
    one, two, third, fourth = import_phenopacket(path)
    assert (one.patient, two.patient) == ("patient-4", "patient-4/y")
    for refused, place in ((third, "p.ndjson:2:$"), (fourth, "p.ndjson:1:$")):
        assert isinstance(refused, Refused)
        assert f"stands already at {place}" in refused.fact


def test_two_mutations_of_tp53_are_a_multi_hit(tmp_path):
    """As in a table and in FHIR: IPSS-M counts two mutations as a multi-hit state."""
    packet = copy.deepcopy(WHOLE)
    calls = packet["interpretations"][0]["diagnosis"]["genomicInterpretations"]
    for protein in ("p.Arg175His", "p.Arg248Gln"):
        call = copy.deepcopy(calls[0])
        gene = {"valueId": "HGNC:11998", "symbol": "TP53"}
        told = [{"syntax": "hgvs.p", "value": protein}]
        call["variantInterpretation"]["variationDescriptor"] = {"id": protein, "geneContext": gene, "expressions": told}
        calls.append(call)
    found = [value for test in facts(read(tmp_path, packet), "GeneTest") for value in test["found"]]
    assert {"kb:tp53", "kb:tp53MultiHit"} <= set(found)
