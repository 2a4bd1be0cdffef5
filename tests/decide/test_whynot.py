"""Why not: the smallest sets of findings, held against every other set by trying them all."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.decide.conftest import PATIENTS, case, knowledge

from posthma.decide.answer import CriterionNode
from posthma.decide.changes import Change
from posthma.decide.whynot import _Search, minimal_sets, wanted, why_not
from posthma.errors import UsageError
from posthma.vocab import KB, P, curie, expand

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


class Tree:
    """A tree of criteria over findings that do not touch one another, each with its contrary."""

    def __init__(self, contrary):
        self.case = self
        self.guidance = self
        self.contrary = contrary


def value(node, holds):
    """Return Kleene's value of a tree: True, False, or None for unknown."""
    if not node.children:
        return holds.get(node.iri)
    parts = [value(child, holds) for child in node.children]
    last = node.operator == "any"
    return last if last in parts else None if None in parts else not last


@st.composite
def trees(draw, depth=3):
    """Return a tree and what holds of its findings."""
    holds = {}

    def node(level):
        if level == 0 or draw(st.booleans()):
            name = f"f{draw(st.integers(0, 5))}"
            holds.setdefault(name, draw(st.sampled_from([True, False, None])))
            return CriterionNode(name, name, "unknown")
        children = tuple(node(level - 1) for _ in range(draw(st.integers(1, 3))))
        return CriterionNode(f"c{level}", "", "unknown", draw(st.sampled_from(["all", "any"])), children)

    return node(depth), holds


WORDS = {True: "met", False: "not met", None: "unknown"}


def with_values(node, holds):
    children = tuple(with_values(child, holds) for child in node.children)
    return replace(node, value=WORDS[value(node, holds)], children=children)


@given(trees(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_sets_of_small_trees_are_those_that_trying_all_finds(drawn, met):
    """Both ways: what meets a criterion, and what fails it."""
    tree, holds = drawn
    search = _Search(Tree({f"<{f}>": f"<not {f}>" for f in holds}), "", WORDS[met])
    found = search.sets(with_values(tree, holds), WORDS[met])
    brute = []
    options = [(f, v) for f in holds for v in (True, False) if holds[f] is not v]
    for size in range(len(holds) + 1):
        for part in itertools.combinations(options, size):
            if len({f for f, _ in part}) == size and value(tree, {**holds, **dict(part)}) is met:
                names = frozenset(f"<{f}>" if v else f"<not {f}>" for f, v in part)
                if not any(b <= names for b in brute):
                    brute.append(names)
    assert set(found) == set(brute)


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
    """Patient 4's overt leukaemia was diagnosed and her therapy failed: no examination undoes either."""
    found = why_not(case("patient-4"), "kb:option-clofarabine-standard-dose")
    assert (found.status, found.goal) == ("advised against", "silent")
    assert found.sets
    assert not any(one.possible for one in found.sets)
    fixed = {need.label for one in found.sets for need in one.needs if need.act == "cannot change"}
    assert fixed == {"HMA not failed", "no overt leukaemia reported"}


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
