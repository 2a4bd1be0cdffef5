"""Fragile: what hangs on one publication, one reading, one value near a limit."""

from __future__ import annotations

import pytest
from tests.decide.conftest import case, knowledge

import posthma
from posthma.decide.case import Case
from posthma.decide.ledger import why
from posthma.decide.names import P
from posthma.decide.robust import fragile, guidance_without, on_limits, on_publications
from posthma.vocab import curie, expand


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
    """So a publication that is left out changes the ledger and no finding."""
    for rule in knowledge().rules:
        text = (knowledge().knowledge.root / rule.path).read_text(encoding="utf-8")
        assert "EvidenceStatement" not in text
        assert "p:evidence" not in text
        assert "p:publication" not in text


@pytest.mark.slow
def test_a_real_run_without_a_publication_gives_the_same_statuses():
    patient = case("patient-4")
    without = posthma.load(without_source="kb:ref-041", cache=False)
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
