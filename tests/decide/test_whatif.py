"""What-if: what flips, and by which finding."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from tests.decide.conftest import case

from posthma.decide.changes import parse_set, parse_unset
from posthma.decide.whatif import what_if
from posthma.vocab import curie


def flips(name, *texts, unset=()):
    patient = case(name)
    guidance = patient.guidance
    found = what_if(patient, [parse_set(t, guidance) for t in texts] + [parse_unset(t, guidance) for t in unset])
    shown = {curie(f"<{f.iri}>"): f for f in found.options}
    return found, shown


def because(flip):
    return {(turn.label, turn.before, turn.after) for turn in flip.because}


def test_outlook_and_answer_agree(any_case):
    """The quick look and the whole answer give every option one status."""
    assert {f"<{o.iri}>": o.status for o in any_case.answer.options} == any_case.now.statuses


def test_patient_4_without_idh2_loses_the_trial_for_it():
    """Lines 441-446 and 469-474: the trial asks for an IDH2 mutation."""
    found, shown = flips("patient-4", "kb:idh2=absent")
    trial = shown["kb:option-enasidenib-trial"]
    assert (trial.before, trial.after) == ("applicable", "not applicable")
    assert because(trial) == {("IDH2 mutated", "met", "not met")}
    assert found.failure == ()
    assert found.says == ("IDH2: looked for and not found",)


def test_patient_4_without_any_gene_test_waits_for_one():
    found, shown = flips("patient-4", unset=["kb:idh2"])
    trial = shown["kb:option-enasidenib-trial"]
    assert (trial.before, trial.after) == ("applicable", "undetermined")
    assert because(trial) == {("IDH2 mutated", "met", "unknown")}
    assert found.removed


def test_blasts_over_20_per_cent_on_the_line_are_primary_resistance():
    """Lines 166-167: over 20 % marrow blasts is overt leukaemia; patient 2 asks within 90 days of the line."""
    found, _ = flips("patient-2", "kb:marrowBlasts=25")
    kinds = {curie(f"<{f.iri}>"): (f.before, f.after) for f in found.failure}
    assert kinds["p:PrimaryResistanceByAml"] == ("not met", "met")
    turned = next(f for f in found.failure if f.iri.endswith("PrimaryResistanceByAml"))
    assert [t.after for t in turned.because] == ["met"]
    assert "azacitidine" in turned.because[0].of


def test_20_per_cent_is_not_over_20_per_cent():
    found, _ = flips("patient-2", "kb:marrowBlasts=20")
    assert "p:PrimaryResistanceByAml" not in {curie(f"<{f.iri}>") for f in found.failure}


def test_both_answers_are_whole_and_the_first_is_the_record_as_it_is(patient):
    found = what_if(patient, [parse_set("kb:idh1=found", patient.guidance)])
    assert asdict(found.before) == asdict(patient.answer)
    assert len(found.after.options) == len(found.before.options)
    assert found.after.date == found.before.date


def test_a_supposition_that_changes_nothing_flips_nothing():
    found, shown = flips("patient-4", "kb:idh2=found")
    assert shown == {}
    assert found.failure == ()


@pytest.mark.parametrize("name", ["patient-1", "patient-3"])
def test_every_flip_has_its_reason(name):
    for text in ("kb:marrowBlasts=12", "p:Fit=not met", "kb:anyTrial=absent", "kb:anyTrial=found"):
        found, shown = flips(name, text)
        for flip in (*found.failure, *shown.values()):
            assert flip.because, (text, flip)
            assert flip.before != flip.after
