"""Validation: what shapes report, in the same words by both engines, and what shapes cannot say."""

from __future__ import annotations

import pytest

from posthma import validation
from posthma.errors import InvalidRecordError, RecordError
from posthma.intake.rdf import parse_record
from posthma.knowledge import read_knowledge
from posthma.resources import root
from posthma.validation import Finding, refuse, run_shapes, shape_files, validate

HEAD = """@prefix p: <https://w3id.org/posthma/ontology/> . @prefix kb: <https://w3id.org/posthma/kb/> .
@prefix r: <http://example.org/r/> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix shape: <https://w3id.org/posthma/shape/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """p:Patient a owl:Class . p:Measurement a owl:Class . p:HmaFailure a owl:Class . p:Situation a owl:Class .
p:event a owl:ObjectProperty . p:analyte a owl:ObjectProperty . p:low a owl:DatatypeProperty .
p:high a owl:DatatypeProperty . p:date a owl:DatatypeProperty . p:sees a owl:ObjectProperty .
"""
SHAPES = """shape:Patient a sh:NodeShape ; sh:targetClass p:Patient ; sh:property shape:Patient-event .
shape:Patient-event a sh:PropertyShape ; sh:path p:event ; sh:minCount 1 ; sh:nodeKind sh:IRI ;
  sh:message "A patient has no event with an IRI; state one with p:event."@en .
shape:Measurement a sh:NodeShape ; sh:targetClass p:Measurement ;
  sh:property shape:Measurement-low, shape:Measurement-analyte, shape:Measurement-date ;
  sh:sparql shape:Measurement-order .
shape:Measurement-low a sh:PropertyShape ; sh:path p:low ; sh:maxInclusive 100 ; sh:maxCount 1 ;
  sh:message "A share is over 100 %; give it as a percentage from 0 to 100."@en .
shape:Measurement-high a sh:PropertyShape ; sh:path p:high .
shape:Measurement-analyte a sh:PropertyShape ; sh:path p:analyte ; sh:in ( kb:marrowBlasts kb:platelets ) ; sh:minCount 1 ;
  sh:message "A measurement names no analyte of the list; choose one of kb/tests.ttl."@en .
shape:Measurement-date a sh:PropertyShape ; sh:path p:date ; sh:datatype xsd:date ; sh:severity sh:Warning ;
  sh:message "The date is not an xsd:date; write \\"2017-04-10\\"^^xsd:date."@en .
shape:Measurement-order a sh:SPARQLConstraint ; sh:message "The low bound is over the high bound; swap them."@en ;
  sh:select "SELECT $this ?value WHERE { $this <https://w3id.org/posthma/ontology/low> ?value ; <https://w3id.org/posthma/ontology/high> ?h FILTER(?value > ?h) }" .
"""
SOUND = """r:pt a p:Patient ; p:event r:m .
r:m a p:Measurement ; p:analyte kb:marrowBlasts ; p:low 30 ; p:high 30 ; p:date "2017-04-10"^^xsd:date .
"""
CASES = {  # name: record after the prefixes (line 6 on), expected findings as (place, severity, code, words)
    "sound": (SOUND, []),
    "over 100 %": (SOUND.replace("p:low 30", "p:low 180").replace("p:high 30", "p:high 190"), [
        ("r.ttl:6", "violation", "shape:Measurement-low", "over 100 % (m p:low 180); give it as a percentage")]),
    "bounds swapped": (SOUND.replace("p:high 30", "p:high 3"), [
        ("r.ttl:6", "violation", "shape:Measurement", "The low bound is over the high bound (m p:low 30); swap them")]),
    "warning": (SOUND.replace('"2017-04-10"^^xsd:date', '"April"'), [
        ("r.ttl:6", "warning", "shape:Measurement-date", "not an xsd:date (m p:date April); write")]),
    "no analyte": (SOUND.replace("p:analyte kb:marrowBlasts ; ", ""), [
        ("r.ttl:6", "violation", "shape:Measurement-analyte", "names no analyte of the list (m); choose one")]),
    "unknown individual": (SOUND.replace("kb:marrowBlasts", "kb:marowBlast"), [
        ("r.ttl:6", "violation", "unknown-term", "kb:marowBlast is not a known term; did you mean kb:marrowBlasts?")]),
    "unknown property": (SOUND.replace("p:low", "p:lwo"), [
        ("r.ttl:6", "violation", "unknown-term", "p:lwo is not a known term; did you mean p:low?")]),
    "right name in the wrong namespace": (SOUND.replace("kb:marrowBlasts", "p:marrowBlasts"), [
        ("r.ttl:6", "violation", "unknown-term", "p:marrowBlasts is not a known term; did you mean kb:marrowBlasts?")]),
    "conclusion by hand": (SOUND + "r:pt\n a p:HmaFailure .", [
        ("r.ttl:8", "violation", "asserted-conclusion", "pt is asserted to be p:HmaFailure, which is concluded here and never recorded; state the events")]),
    "conclusion by property": (SOUND + "r:pt p:sees r:m .", [
        ("r.ttl:7", "violation", "asserted-conclusion", "p:sees is concluded here and never recorded; state the events")]),
    "schema": (SOUND + "r:mine rdfs:subClassOf p:Measurement .", [
        ("r.ttl:7", "violation", "schema-triple", "rdfs:subClassOf is schema, and a record holds facts only; take it out")]),
    "schema by type": (SOUND + "r:mine a owl:Class .", [
        ("r.ttl:7", "violation", "schema-triple", "mine is declared as owl:Class, which is schema; take it out")]),
    "sameAs": (SOUND + "r:pt owl:sameAs r:other .", [
        ("r.ttl:7", "violation", "schema-triple", "owl:sameAs is schema")]),
    "a fact about the knowledge": (SOUND + "kb:platelets p:analyte kb:marrowBlasts .", [
        ("r.ttl:7", "violation", "states-knowledge", "a fact about kb:platelets, which belongs to the knowledge base; name the record's own nodes")]),
    "no patient": (SOUND.replace("r:pt a p:Patient ; p:event r:m .", ""), [
        ("r.ttl", "violation", "no-patient", "it describes no patient; state one")]),
    "two patients": (SOUND + "r:pt2 a p:Patient ; p:event r:m .", [
        ("r.ttl:7", "violation", "two-patients", "pt2 is a second patient beside pt; give each patient a file")]),
    "labels are welcome": (SOUND + 'r:m rdfs:label "first marrow"@en .', []),
}  # fmt: skip


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    base = tmp_path_factory.mktemp("root")
    files = {
        "ontology/posthma.ttl": ONTOLOGY,
        "ontology/shapes/record.ttl": SHAPES,
        "ontology/shapes/knowledge.ttl": "shape:AuthorsOnly a sh:NodeShape ; sh:targetClass p:Patient ; sh:property [ sh:path p:low ; sh:minCount 9 ] .",
        "kb/tests.ttl": "kb:marrowBlasts a p:Measurement . kb:platelets a p:Measurement .",
    }
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(HEAD + text)
    return read_knowledge(base)


@pytest.mark.parametrize("engine", ["pyshifty", "pyshacl"])
@pytest.mark.parametrize("case", CASES)
def test_findings(case, engine, knowledge):
    text, expected = CASES[case]
    found = validate(parse_record((HEAD + text).encode(), "r.ttl"), knowledge, engine=engine)
    assert [(f.place, f.severity, f.code) for f in found] == [row[:3] for row in expected]
    for finding, (*_, words) in zip(found, expected, strict=True):
        assert words in f"{finding.fact}; {finding.remedy}"


@pytest.mark.parametrize("case", CASES)
def test_both_engines_report_the_same(case, knowledge):
    triples = parse_record((HEAD + CASES[case][0]).encode(), "r.ttl").triples
    files = shape_files(knowledge.root)
    assert run_shapes(files, triples, "pyshifty") == run_shapes(files, triples, "pyshacl")


def test_json_keys_without_meaning_are_findings(knowledge):
    text = '{"@context": {"@vocab": "https://w3id.org/posthma/ontology/", "low": null}, "@id": "http://example.org/r/pt", "@type": "Patient", "low": 3, "event": {"@id": "http://example.org/r/m"}}'
    found = validate(parse_record(text.encode(), "r.jsonld"), knowledge)
    assert found == [
        Finding(
            "r.jsonld:$.low",
            "violation",
            "dropped-key",
            "key 'low' has no meaning in the @context",
            "map it there or take it out",
        )
    ]


def test_findings_come_in_the_order_of_the_file(knowledge):
    lines = "\n".join(f"r:m{n} a p:Measurement ; p:analyte kb:platelets ; p:low 1{n:02} ." for n in range(1, 12))
    found = validate(parse_record((HEAD + SOUND + lines).encode(), "r.ttl"), knowledge)
    assert [f.place for f in found] == [f"r.ttl:{n}" for n in range(7, 18)]


def test_a_violation_bars_the_assessment_and_a_warning_does_not(knowledge):
    warned = parse_record((HEAD + CASES["warning"][0]).encode(), "r.ttl")
    findings = validate(warned, knowledge)
    assert [f.severity for f in findings] == ["warning"]
    refuse(warned, findings)
    two = HEAD + SOUND.replace("30", "180", 1).replace("p:analyte", "p:analite")
    record = parse_record(two.encode(), "r.ttl")
    findings = validate(record, knowledge)
    with pytest.raises(InvalidRecordError, match=r"PH-230 r\.ttl:6: .*\(and \d more\)") as caught:
        refuse(record, findings)
    assert caught.value.findings == tuple(findings)
    assert len(findings) > 1


def test_without_pyshifty_pyshacl_takes_over(knowledge, monkeypatch):
    monkeypatch.setattr(validation, "native_module", lambda: None)
    record = parse_record((HEAD + CASES["over 100 %"][0]).encode(), "r.ttl")
    assert [f.code for f in validate(record, knowledge)] == ["shape:Measurement-low"]


def test_both_engines_agree_on_every_fixture_of_the_repository():
    """Cases, twins of the shapes and bad input: the fast engine reports what the reference reports."""
    base = root()
    repository = base / "tests"
    if not repository.is_dir():
        pytest.skip("the fixtures are not part of an installed package")
    files = sorted(
        [
            *(base / "kb" / "cases").rglob("record.ttl"),
            *(repository / "shapes" / "record").rglob("*.ttl"),
            *(repository / "bad-input").rglob("input.ttl"),
        ]
    )
    shapes = shape_files(base)
    compared = 0
    for file in files:
        try:
            triples = parse_record(file.read_bytes(), file.name).triples
        except RecordError:  # not Turtle at all: nothing to compare
            continue
        assert run_shapes(shapes, triples, "pyshifty") == run_shapes(shapes, triples, "pyshacl"), file
        compared += 1
    if shapes:
        assert compared
