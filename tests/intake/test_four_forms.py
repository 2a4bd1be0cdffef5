"""One patient with IDH2, karyotype, blasts, cycles and response as a row, a Phenopacket, FHIR and Turtle: one assessment.

The facts are compared as well as the answers, so that no form agrees by losing something. What the answer must say is
read from the article: a standard line of six cycles or more with stable disease as its best response is primary
resistance (lines 113-134); a lost response is secondary resistance where therapy was continuous (lines 135-142).
"""

from __future__ import annotations

import csv
import datetime as dt
import json

import pytest

import posthma
from posthma.intake.any import import_any
from posthma.intake.build import NOT_UNDERSTOOD
from posthma.intake.columns import Columns
from posthma.intake.rdf import parse_record, read_record
from posthma.turtle import write_turtle
from posthma.vocab import curie, plain

LOINC = "http://loinc.org"
STARTS = [dt.date(2017, 1, 9) + dt.timedelta(days=28 * number) for number in range(8)]
FOUND = "2017-09-04"
KARYOTYPE = "46,XX,del(20)(q11q13)[9]/46,XX[11]"
VALUES = {  # LOINC, label, value, unit in UCUM
    "marrowBlasts": ("11150-0", "Blasts/cells in Bone marrow", 12, "%"),
    "hemoglobin": ("718-7", "Hemoglobin [Mass/volume] in Blood", 8.4, "g/dL"),
    "platelets": ("777-3", "Platelets [#/volume] in Blood by Automated count", 41, "10*9/L"),
    "neutrophils": ("751-8", "Neutrophils [#/volume] in Blood by Automated count", 0.7, "10*9/L"),
    "age": ("30525-0", "Age", 71, "a"),
    "ecog": ("89247-1", "ECOG Performance Status score", 1, "{score}"),
}


def row(folder, complete):
    """The columns of the template; a row has no place for the days of single cycles."""
    cells = {
        "PATIENT_ID": "anna", "DATE": FOUND, "DECISION_DATE": "2017-09-11", "JURISDICTION": "EU", "SEX": "female", "AGE": "71",
        "DIAGNOSIS": "mdsExcessBlasts2", "HB": "84 g/L", "PLT": "41", "ANC": "0.7", "BM_BLAST": "12", "ECOG": "1",
        "KARYOTYPE": KARYOTYPE, "IDH2": "R140Q", "SF3B1": "0", "HMA_LINES_COMPLETE": "yes", "LINE1_AGENT": "azacitidine",
        "LINE1_START": "2017-01-09", "LINE1_END": "2017-07-30", "LINE1_CYCLES": "8", "LINE1_DOSE": "75", "LINE1_DAYS": "7",
        "LINE1_RESPONSE": "stable disease", "LINE1_RESPONSE_DATE": "2017-07-31", "LINE1_STOP": "stopNoResponse",
        "LINE1_RESPONSES_COMPLETE": "yes" if complete else "",
    }  # fmt: skip
    path = folder / "row.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(cells), list(cells.values())])
    return path


def term(curie, label):
    return {"id": curie, "label": label}


def at(day):
    return {"timestamp": f"{day}T00:00:00Z"}


def packet(folder, starts=STARTS, days=7):
    """Dose intervals with pauses between them are cycles; that all responses are there has no field."""
    measured = [
        {"assay": term(f"LOINC:{code}", label), "timeObserved": at(FOUND),
         "value": {"quantity": {"value": value, "unit": term(f"UCUM:{unit}", unit)}}}
        for code, label, value, unit in VALUES.values()
    ]  # fmt: skip
    karyotype = {"assay": term("LOINC:33893-9", "Karyotype"), "timeObserved": at(FOUND), "value": {"ontologyClass": term("", KARYOTYPE)}}
    response = {"assay": term("LOINC:97509-4", "Cancer Disease Progression"), "timeObserved": at("2017-07-31"),
                "value": {"ontologyClass": term("NCIT:C18213", "Stable Disease")}}  # fmt: skip
    doses = [
        {"quantity": {"value": 75, "unit": term("UCUM:mg/m2", "mg/m2")}, "scheduleFrequency": term("NCIT:C125004", "Once Daily"),
         "interval": {"start": f"{start}T00:00:00Z", "end": f"{start + dt.timedelta(days=days - 1)}T00:00:00Z"}}
        for start in starts
    ]  # fmt: skip
    value = {
        "id": "packet-anna", "subject": {"id": "anna", "sex": "FEMALE"}, "measurements": [*measured, karyotype, response],
        "diseases": [{"term": term("NCIT:C7168", "Myelodysplastic syndrome with excess blasts 2"), "onset": at(FOUND)}],
        "biosamples": [{"id": "s", "timeOfCollection": at(FOUND)}],
        "interpretations": [{"id": "i", "diagnosis": {"genomicInterpretations": [{
            "subjectOrBiosampleId": "s", "interpretationStatus": "CONTRIBUTORY", "variantInterpretation": {
                "acmgPathogenicityClassification": "PATHOGENIC", "variationDescriptor": {
                    "id": "v", "geneContext": {"valueId": "HGNC:5383", "symbol": "IDH2"},
                    "expressions": [{"syntax": "hgvs.p", "value": "NP_002159.2:p.Arg140Gln"}]}}}]}}],
        "medicalActions": [{"treatment": {"agent": term("NCIT:C288", "Azacitidine"), "doseIntervals": doses},
                            "treatmentTerminationReason": term("SNOMED:266721009", "No response to treatment (situation)")}],
        "metaData": {"phenopacketSchemaVersion": "2.0.2"},
    }  # fmt: skip
    path = folder / "packet.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def coded(system, code, display):
    return {"coding": [{"system": system, "code": code, "display": display}]}


def bundle(folder, complete, starts=STARTS, days=7):
    """Single administrations make the cycles of the statement; what FHIR cannot say stands in extensions."""
    me = {"subject": {"reference": "Patient/anna"}}
    own = "https://w3id.org/posthma/ontology/"
    mutated = coded(LOINC, "LA9633-4", "Present")
    idh2 = {"code": coded(LOINC, "48018-6", "Gene studied [ID]"), "valueCodeableConcept": coded("http://www.genenames.org", "HGNC:5383", "IDH2")}
    sf3b1 = {"code": coded(LOINC, "48018-6", "Gene studied [ID]"), "valueCodeableConcept": coded("http://www.genenames.org", "HGNC:10768", "SF3B1")}
    change = {"code": coded(LOINC, "48005-3", "Amino acid change (pHGVS)"), "valueCodeableConcept": coded("http://varnomen.hgvs.org", "NP_002159.2:p.Arg140Gln", "")}

    def observed(name, code, label, **more):
        return {"resourceType": "Observation", "id": name, "status": "final", "code": coded(LOINC, code, label), **me,
                "effectiveDateTime": f"{FOUND}T09:30:00+02:00", **more}  # fmt: skip

    aza = {"medicationCodeableConcept": coded("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "C288", "Azacitidine")}
    line = {
        "resourceType": "MedicationStatement", "id": "aza", "status": "stopped", **me, **aza,
        "effectivePeriod": {"start": "2017-01-09", "end": str(starts[-1] + dt.timedelta(days=days - 1))},
        "statusReason": [coded("http://snomed.info/sct", "266721009", "No response to treatment (situation)")],
        **({"extension": [{"url": f"{own}responsesComplete", "valueBoolean": True}]} if complete else {}),
        "dosage": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                    "doseAndRate": [{"doseQuantity": {"value": 75, "unit": "mg/m2", "system": "http://unitsofmeasure.org", "code": "mg/m2"}}]}],
    }  # fmt: skip
    given = [
        {"resourceType": "MedicationAdministration", "id": f"a{number}-{day}", "status": "completed", **me, **aza,
         "effectiveDateTime": str(start + dt.timedelta(days=day))}
        for number, start in enumerate(starts) for day in range(days)
    ]  # fmt: skip
    withdrawn = {**given[0], "id": "w", "status": "entered-in-error", "effectiveDateTime": "2017-08-20"}
    resources = [
        {"resourceType": "Patient", "id": "anna", "gender": "female", "extension": [{"url": f"{own}hmaLinesComplete", "valueBoolean": True}]},
        {"resourceType": "Condition", "id": "c", **me, "recordedDate": FOUND,
         "code": coded("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "C7168", "Myelodysplastic syndrome with excess blasts 2")},
        *(observed(name, code, label, valueQuantity={"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit})
          for name, (code, label, value, unit) in VALUES.items()),
        observed("k", "33893-9", "Karyotype [Identifier] in Bone marrow Nominal", valueString=KARYOTYPE),
        observed("r", "53041-0", "DNA region of interest panel", component=[idh2, sf3b1]),
        observed("v", "69548-6", "Genetic variant assessment", valueCodeableConcept=mutated, component=[idh2, change]),
        line, *given, withdrawn,
        observed("s", "97509-4", "Cancer Disease Progression", effectiveDateTime="2017-07-31",
                 valueCodeableConcept=coded("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "C18213", "Stable Disease"),
                 partOf=[{"reference": "MedicationStatement/aza"}]),
    ]  # fmt: skip
    path = folder / "bundle.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}), encoding="utf-8")
    return path


def turtle(folder, complete, dated):
    """Written by hand from the same facts."""
    text = """
    @prefix kb: <https://w3id.org/posthma/kb/> . @prefix p: <https://w3id.org/posthma/ontology/> . @prefix r: <urn:x:> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    r:anna a p:Patient ; p:sex kb:female ; p:hmaLinesComplete true ;
        p:event r:dx, r:blasts, r:hb, r:plt, r:anc, r:age, r:ecog, r:k, r:ab, r:genes, r:aza, r:sd .
    r:dx a p:Diagnosis ; p:date "2017-09-04"^^xsd:date ; p:disease kb:mdsExcessBlasts2 .
    r:blasts a p:Measurement ; p:date "2017-09-04"^^xsd:date ; p:analyte kb:marrowBlasts ; p:low 12 ; p:high 12 ; p:unit kb:percent .
    r:hb a p:Measurement ; p:date "2017-09-04"^^xsd:date ; p:analyte kb:hemoglobin ; p:low 8.4 ; p:high 8.4 ; p:unit kb:gramPerDeciliter .
    r:plt a p:Measurement ; p:date "2017-09-04"^^xsd:date ; p:analyte kb:platelets ; p:low 41 ; p:high 41 ; p:unit kb:gigaPerLiter .
    r:anc a p:Measurement ; p:date "2017-09-04"^^xsd:date ; p:analyte kb:neutrophils ; p:low 0.7 ; p:high 0.7 ; p:unit kb:gigaPerLiter .
    r:age a p:Measurement ; p:date "2017-09-04"^^xsd:date ; p:analyte kb:age ; p:low 71 ; p:high 71 ; p:unit kb:years .
    r:ecog a p:Measurement ; p:date "2017-09-04"^^xsd:date ; p:analyte kb:ecog ; p:low 1 ; p:high 1 ; p:unit kb:score .
    r:k a p:Karyotyping ; p:date "2017-09-04"^^xsd:date ; p:panel kb:panelNotStated ; p:conclusive true ;
        p:found kb:chromosomeAbnormality, kb:abnormalityBesideDel5q ;
        p:notFound kb:del5q, kb:lossOf17p, kb:minus7OrDel7q, kb:monosomalKaryotype, kb:trisomy8 .
    r:ab a p:Measurement ; p:date "2017-09-04"^^xsd:date ; p:analyte kb:cytogeneticAbnormalities ; p:low 1 ; p:high 1 ; p:unit kb:count .
    r:genes a p:GeneTest ; p:date "2017-09-04"^^xsd:date ; p:panel kb:panelNotStated ; p:conclusive true ; p:found kb:idh2 ; p:notFound kb:sf3b1 .
    r:aza a p:TherapyLine ; p:date "2017-01-09"^^xsd:date ; p:endDate "2017-07-30"^^xsd:date ; p:agent kb:azacitidine ; p:cycles 8 ;
        p:dose 75 ; p:doseUnit kb:mgPerM2PerDay ; p:daysPerCycle 7 ; p:stopReason kb:stopNoResponse {complete} .
    r:sd a p:ResponseAssessment ; p:date "2017-07-31"^^xsd:date ; p:ofLine r:aza ; p:response kb:stableDisease .
    """
    path = folder / "record.ttl"
    said = "; p:responsesComplete true" if complete else ""
    cycles = "".join(
        f'r:aza p:cycle r:c{number} . r:c{number} a p:Cycle ; p:ordinal {number} ; p:date "{day}"^^xsd:date .\n'
        for number, day in enumerate(STARTS if dated else (), 1)
    )
    path.write_text(text.replace("{complete}", said) + cycles, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def knowledge():
    return posthma.load()


def imported(path, **given):
    (patient,) = import_any(path, Columns(**given), lines_complete=None if path.suffix == ".csv" else True)
    assert patient.counts[NOT_UNDERSTOOD] == 0
    return parse_record(write_turtle(patient.triples).encode(), f"{path.name}.ttl")


def forms(folder, complete):
    """The record in each form that can say so: a Phenopacket cannot say that all responses are there."""
    found = {"undated": read_record(turtle(folder, complete, False)), "turtle": read_record(turtle(folder, complete, True))}
    found |= {"row": imported(row(folder, complete)), "fhir": imported(bundle(folder, complete))}
    if not complete:
        found["packet"] = imported(packet(folder), genes_tested=("IDH2", "SF3B1"))
    return found


def facts(record):
    """The events as sets of what they say; names of nodes, the variant as printed and the days of cycles aside."""
    nodes = {}
    for s, p, o in record.triples:
        nodes.setdefault(s, set()).add((curie(p), plain(o)))
    aside = {"p:event", "p:variant", "p:iscn", "p:cycle", "p:ofLine"}
    kept = (frozenset(pair for pair in said if pair[0] not in aside) for said in nodes.values())
    return sorted(sorted(said) for said in kept if not {("rdf:type", "p:Cycle"), ("rdf:type", "p:Question")} & said)


def assessment(knowledge, record):
    answer = knowledge.assess(record, at="2017-09-11", jurisdiction="EU")
    options = {option.iri.rsplit("/", 1)[-1]: option.status for option in answer.options}
    assert len(options) > 20
    return (answer.failure.gate, answer.failure.kind, answer.failure.certainty), options


@pytest.mark.parametrize("complete", [True, False])
def test_each_form_holds_the_same_facts(tmp_path, complete):
    found = {name: facts(record) for name, record in forms(tmp_path, complete).items()}
    assert len(found["turtle"]) == 13  # the patient and twelve events
    assert len(found) == (4 if complete else 5)
    for name, said in found.items():
        assert said == found["turtle"], name


@pytest.mark.parametrize("complete", [True, False])
def test_each_form_gives_the_same_assessment(knowledge, tmp_path, complete):
    """With all responses there, eight standard cycles and stable disease are primary resistance; else that stays open.

    A row has no days of cycles, so it is held to the record without them: whether therapy was interrupted stays open,
    and with it the one option that asks for an interruption.
    """
    found = {name: assessment(knowledge, record) for name, record in forms(tmp_path, complete).items()}
    failure, options = found["turtle"]
    assert ("primary resistance" in failure[1]) is complete
    assert options["option-enasidenib-mds"] != "not applicable"
    for name in {"fhir", "packet"} & set(found):
        assert found[name] == found["turtle"], name
    assert found["row"] == found["undated"]
    assert found["row"][0] == failure
    other = {option for option, status in found["row"][1].items() if status != options[option]}
    assert other == (set() if complete else {"option-rechallenge"})  # resistance rules it out whatever was interrupted


def test_the_days_of_cycles_are_the_same_in_the_forms_that_have_them(tmp_path):
    """Dose intervals and single administrations give the same eight cycles; what was entered in error gives none."""
    found = []
    for path in (packet(tmp_path), bundle(tmp_path, True)):
        triples = imported(path).triples
        cycles = {s for s, _, o in triples if o.endswith("/Cycle>")}
        found.append({(curie(p), plain(o)) for s, p, o in triples if s in cycles and "rdf:type" not in curie(p)})
    assert found[0] == found[1]
    assert {value for key, value in found[0] if key == "p:date"} == {str(day) for day in STARTS}


def test_a_gap_between_cycles_shows_in_the_forms_that_have_days(knowledge, tmp_path):
    """Three months between two cycles: both forms say that therapy was not continuous."""
    late = STARTS[:4] + [day + dt.timedelta(days=63) for day in STARTS[4:6]]
    answers = [assessment(knowledge, imported(path, genes_tested=("IDH2", "SF3B1")))
               for path in (packet(tmp_path, late), bundle(tmp_path, False, late))]  # fmt: skip
    assert answers[0] == answers[1]
