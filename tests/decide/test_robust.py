"""Fragile: what hangs on one publication, one reading, one value near a limit."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from tests.decide.conftest import case, knowledge

import posthma
from posthma import resources
from posthma.blank import has_blank
from posthma.decide.case import Case
from posthma.decide.changes import parse_set
from posthma.decide.ledger import why
from posthma.decide.robust import (
    case_without,
    fragile,
    guidance_without,
    knowledge_without,
    on_documents,
    on_limits,
    on_publications,
)
from posthma.engine import told_layers
from posthma.knowledge import read_knowledge
from posthma.vocab import RDF, P, curie, expand


def test_patient_3_stands_on_the_limit_of_overt_leukaemia():
    """20 % marrow blasts: not over 20 %, and overt leukaemia by classifications that say 20 % or more."""
    found = fragile(case("patient-3"))
    limit = next(x for x in found.limits if x.label == "marrow blasts")
    assert (limit.value, limit.distance, limit.margin) == ("20", "0", "2")
    assert {(f.before, f.after) for f in limit.flips if f.label == "CPX-351"} == {("not applicable", "applicable")}
    reading = next(x for x in found.disputes if x.iri.endswith("aml-who"))
    assert any(f.label == "CPX-351" for f in reading.flips)


def test_a_value_far_from_every_limit_is_not_fragile():
    """Patient 4: 63 % blasts in blood, haemoglobin 6.8, platelets 39; none is near a limit."""
    assert list(on_limits(case("patient-4"))) == []


def test_support_that_hangs_on_one_publication(patient):
    """For each publication named: every supporting statement of the option cites it; without it none is left."""
    guidance = patient.guidance
    by_label = {o.label: o for o in patient.answer.options}
    found = list(on_publications(patient))
    assert found
    for one in found:
        for label in one.unsupported:
            items = by_label[label].evidence_for
            assert items
            for item in items:
                assert f"<{one.iri}>" in guidance.objects(f"<{item.iri}>", P.publication), (one.label, label)


def test_without_a_publication_its_statements_are_gone_and_the_others_stay(patient):
    statement = expand("kb:ev-idh-06")
    publication = next(s for s in knowledge().guidance.objects(statement, P.publication))
    less = guidance_without(patient, publication)
    assert statement not in less.said
    assert less.options == patient.guidance.options


def test_no_rule_reads_an_evidence_statement():
    """So a publication that is left out changes the ledger and no finding; layers that only tell the answer may."""
    drawing = [rule for rule in knowledge().rules if rule.layer not in told_layers(resources.root())]
    assert len(drawing) > 100
    for rule in drawing:
        text = (knowledge().knowledge.root / rule.path).read_text(encoding="utf-8")
        assert "EvidenceStatement" not in text
        assert "p:evidence" not in text
        assert "p:publication" not in text


def test_no_publication_that_alone_supports_an_option_is_missing(patient):
    """Each publication that every supporting statement of a shown option cites is named for it."""
    said = {(one.iri, label) for one in on_publications(patient) for label in one.unsupported}
    expected = set()
    for option in patient.answer.options:
        if option.status in ("not applicable", "silent") or not option.evidence_for:
            continue
        cited = [set(patient.guidance.objects(f"<{i.iri}>", P.publication)) for i in option.evidence_for]
        expected |= {(publication[1:-1], option.label) for publication in set.intersection(*cited)}
    assert said == expected


@pytest.mark.parametrize(("value", "close"), [("18", True), ("17.9", False), ("22", True), ("22.1", False)])
def test_a_margin_holds_its_own_distance(value, close):
    """The margin of marrow blasts is 2 % in kb/policies/margins.ttl; the limit of overt leukaemia is 20 %."""
    patient = case("patient-3")
    supposed = patient.suppose([parse_set(f"kb:marrowBlasts={value}", patient.guidance)])
    moved = Case(patient.kb, patient.record, replace(patient.asked, triples=supposed.triples))
    assert ("20 %" in " ".join(x.limit for x in on_limits(moved))) is close


@pytest.mark.slow
def test_a_real_run_without_a_publication_gives_the_same_statuses():
    """A publication on which evidence statements and studies alone rest, and no drug or finding."""
    patient, guidance = case("patient-4"), knowledge().guidance
    resting: dict[str, set[str]] = {}
    for subject, facts in guidance.said.items():
        for publication in facts.get(P.publication, ()):
            resting.setdefault(publication, set()).update(guidance.objects(subject, RDF.type))
    name = min(p for p, kinds in resting.items() if kinds == {P.EvidenceStatement, expand("p:Study")})
    without = posthma.load(without_source=curie(name), cache=False)
    again = Case.open(without, patient.record.path)
    assert again.now.statuses == patient.now.statuses


def test_why_gives_places_and_age_of_findings():
    """Patient 4: the IDH2 mutation of 18 April stands 6 days before the question of 24 April."""
    found = why(case("patient-4"), "option-enasidenib-trial")
    grounds = {curie(f"<{g.iri}>"): g for g in found.grounds}
    gene = grounds["p:Idh2Mutated"]
    assert (gene.latest, gene.days) == ("2017-04-18", 6)
    lines = [int(place.partition(":")[2]) for place in gene.places]
    text = case("patient-4").record.text.splitlines()
    assert ["idh2R172K" in text[line - 1] for line in lines] == [True]
    assert found.option.evidence_for


SANTINI = expand("kb:source-santini-2019")
SECOND = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kb: <https://w3id.org/posthma/kb/> .
@prefix p: <https://w3id.org/posthma/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

kb:option-of-the-second
    a p:Option ;
    rdfs:label "CPX-351 by a second document"@en ;
    p:intervention kb:cpx351 ;
    p:forPopulation p:AfterHmaFailure ;
    p:stance kb:offer ;
.
kb:ev-of-the-second
    a p:EvidenceStatement ;
    rdfs:label "an invented statement"@en ;
    p:direction kb:supports ;
.
kb:option-e7107 p:evidence kb:ev-of-the-second .
"""


@pytest.fixture(scope="module")
def two_documents(tmp_path_factory):
    """Return the knowledge with a second, invented document, and patient 4 asked of it."""
    root = tmp_path_factory.mktemp("two")
    for folder in ("ontology", "kb", "queries"):
        shutil.copytree(resources.root() / folder, root / folder)
    (root / "kb/sources/second").mkdir()
    (root / "kb/sources/second/options.ttl").write_text(SECOND, encoding="utf-8")
    with (root / "kb/registry.ttl").open("a", encoding="utf-8") as registry:
        registry.write("""
kb:source-second a p:SourceDocument ; rdfs:label "what the second says"@en ;
    p:folder "kb/sources/second" ; p:validFrom "2018-01-01"^^xsd:date .
""")
    return Case.open(posthma.load(root=root, cache=False), case("patient-4").record.path)


def test_each_option_hangs_on_the_document_that_has_it(two_documents):
    """The second has one option, and all that speaks for E7107; the first has all others."""
    first, second = on_documents(two_documents)
    assert (first.label, second.label) == ("what Santini 2019 says", "what the second says")
    assert (second.options, second.unsupported, second.flips) == (("CPX-351 by a second document",), ("E7107",), ())
    assert "CPX-351" in first.options
    assert "CPX-351 by a second document" not in first.options
    statuses = {o.label: o.status for o in case_without(two_documents, SANTINI).answer.options}
    assert statuses == {"CPX-351 by a second document": "applicable"}


@pytest.mark.parametrize("name", ["patient-4", "intolerance-8-stable"])
def test_what_one_document_alone_has_is_gone_in_a_real_run(name):
    """`recommend --without-source` reads the files anew and has no option that hangs on the document left out."""
    patient = case(name)
    (document,) = on_documents(patient)
    shown = {o.label for o in patient.answer.options if o.status not in ("not applicable", "silent")}
    assert set(document.options) == shown
    answer = posthma.load(without_source="santini-2019").assess(patient.record)
    assert answer.options == ()
    assert answer.failure.gate == patient.answer.failure.gate
    assert document.flips == ()


@pytest.mark.parametrize("name", ["santini-2019", "kb:santini-2019", "kb:source-santini-2019"])
def test_knowledge_without_a_document_is_what_reading_without_it_gives(name):
    read = read_knowledge(without_source=name)
    less = knowledge_without(knowledge().knowledge, SANTINI)
    assert ground(less.triples) == ground(read.triples)  # labels of blank nodes are those of the whole
    assert len(less.triples) == len(read.triples)
    assert set(less.by_file) == set(read.by_file)
    assert len(less.triples) < len(knowledge().knowledge.triples) - 1000


def ground(triples):
    return [t for t in triples if not has_blank(t)]
