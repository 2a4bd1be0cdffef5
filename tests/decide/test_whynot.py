"""Why not: the smallest sets of findings, held against every other set by trying them all."""

from __future__ import annotations

import itertools

import pytest
from tests.decide.conftest import PATIENTS, case, knowledge

from posthma.decide.changes import Change
from posthma.decide.names import KB, P
from posthma.decide.whynot import minimal_sets, wanted, why_not
from posthma.errors import UsageError
from posthma.vocab import curie, expand

WIDEST = 5
"""Findings up to which every subset is tried."""


def goal(patient, option):
    warns = patient.guidance.one(patient.guidance.one(option, P.stance), P.statusWhenNotMet) == KB.statusSilent
    return "not met" if warns else "met"


def turned(patient, option, findings):
    """Say whether an option turns under findings; False when they cannot be."""
    try:
        outlook = patient.outlook(Change(f, "met") for f in findings)
    except UsageError:
        return False
    return not outlook.withheld and outlook.tree(option).value == goal(patient, option)


def beyond(patient, option, findings):
    judge = patient.now.judge(option)
    return any(judge.value(f) == "not met" and not patient.ways.can_change(f) for f in findings)


def test_each_set_turns_the_option_and_none_smaller_does(any_case):
    """Every set, applied as a supposition, turns its option; no proper subset does."""
    tried = 0
    for option in any_case.guidance.options:
        want = goal(any_case, option)
        if any_case.now.tree(option).value == want:
            continue
        found, complete = minimal_sets(any_case, option, want, limit=6)
        assert complete or len(found) == 6
        for findings in found:
            if beyond(any_case, option, findings):
                continue
            assert turned(any_case, option, findings), (option, findings)
            smaller = itertools.chain.from_iterable(
                itertools.combinations(sorted(findings), size) for size in range(len(findings))
            )
            assert not any(turned(any_case, option, part) for part in smaller), (option, findings)
            tried += 1
    assert tried or any_case.record.name.endswith(".nt")


@pytest.mark.parametrize("name", PATIENTS)
def test_no_set_is_missing(name):
    """Trying every subset of the findings of a small tree gives the same sets."""
    patient = case(name)
    compared = 0
    for option in patient.guidance.options:
        want = goal(patient, option)
        tree = patient.now.tree(option)
        leaves = patient.guidance.leaves(f"<{tree.iri}>")
        candidates = sorted(filter(None, {wanted(f, want, patient.guidance) for f in leaves}))
        candidates = [c for c in candidates if patient.now.judge(option).value(c) != "met"]
        if tree.value == want or len(candidates) > WIDEST or beyond(patient, option, candidates):
            continue
        brute = []
        for size in range(len(candidates) + 1):
            for part in itertools.combinations(candidates, size):
                if not any(set(b) <= set(part) for b in brute) and turned(patient, option, part):
                    brute.append(part)
        found, complete = minimal_sets(patient, option, want, limit=50)
        assert complete
        assert {frozenset(b) for b in brute} == set(found), curie(option)
        compared += 1
    assert compared >= 3


def test_patient_2_needs_fitness_and_one_donor_for_a_transplantation():
    """The criterion asks for failure, fitness and a donor of any of four kinds; the record speaks of none."""
    found = why_not(case("patient-2"), "option-transplantation")
    assert (found.status, found.goal) == ("undetermined", "applicable")
    assert [[need.label for need in one.needs] for one in found.sets] == [
        ["cord blood unit found", "fit"],
        ["fit", "haploidentical donor found"],
        ["fit", "matched sibling found"],
        ["fit", "matched unrelated donor found"],
    ]
    assert all(one.by_tests and one.possible for one in found.sets)
    assert {need.act for one in found.sets for need in one.needs} == {"find"}


def test_what_cannot_change_stands_apart():
    """Patient 4 is over 65 and her therapy failed: no examination undoes either."""
    found = why_not(case("patient-4"), "kb:option-intensive-chemotherapy-unfavourable")
    assert (found.status, found.goal) == ("advised against", "silent")
    assert found.sets
    assert not any(one.possible for one in found.sets)
    fixed = {need.label for one in found.sets for need in one.needs if need.act == "cannot change"}
    assert fixed == {"HMA not failed", "under 65 years"}


def test_a_stale_finding_is_to_be_repeated():
    """Patient 1's gene test of the diagnosis is older than the reassessment; the trial asks for a fresh one."""
    found = why_not(case("patient-1"), "option-h3b8800-trial")
    assert [{need.label: need.act for need in one.needs} for one in found.sets] == [
        {"NCT02841540 on offer": "replace", "spliceosome gene mutated": "repeat"}
    ]


def test_an_option_that_applies_needs_nothing():
    found = why_not(case("patient-4"), "option-enasidenib-trial")
    assert (found.status, found.goal, found.sets) == ("applicable", "", ())


def test_the_limit_is_kept_and_said():
    found = why_not(case("patient-2"), "option-transplantation", limit=2)
    assert len(found.sets) == 2
    assert not found.complete


def test_an_unknown_option_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean kb:option-transplantation"):
        why_not(case("patient-2"), "option-transplantatio")


def test_fixed_findings_come_from_data():
    ways = case("patient-1").ways
    for name in ("p:AgeUnder65", "p:NoOvertLeukemiaReported", "p:AfterHmaFailure", "p:EsaResistant", "p:NoHmaGiven"):
        assert not ways.can_change(expand(name)), name
    for name in ("p:Fit", "p:Idh2Mutated", "p:TrialOnOffer", "p:AmlByMarrow", "p:OvertLeukemiaReported"):
        assert ways.can_change(expand(name)), name
    assert knowledge().guidance.options
