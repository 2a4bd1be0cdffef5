"""Every OWL 2 RL rule in our engine: it fires, it does not fire by a hair, and its name stands in the proof."""

from __future__ import annotations

import pytest
from tests.owl.graphs import SAME, triples
from tests.owl.rules.tables import CASES
from tests.owl.test_rule_cases import LINES, name_of, verdict

import posthma

FIRING = [line for line in LINES if line[2]]
CONCLUDING = [line for line in FIRING if line[4]]
CONTRADICTING = [line for line in FIRING if not line[4]]


class Members:
    """What a closure holds, as a set that is asked and never listed: eq-ref is answered without being stored."""

    def __init__(self, closure):
        self.closure = closure

    def __and__(self, wanted):
        return {t for t in wanted if t in self.closure}

    __rand__ = __and__

    def __rsub__(self, wanted):
        return {t for t in wanted if t not in self.closure}


def close(line):
    return posthma.close(sorted(triples(line[3])))


def proofs_of(line):
    closure = close(line)
    return closure.asserted, [closure.proof(triple) for triple in sorted(triples(line[4]))]


@pytest.mark.parametrize("line", LINES, ids=name_of)
def test_rule_fires_and_misses_as_the_profile_says(line):
    closure = close(line)
    assert verdict(line, Members(closure), {c.rule for c in closure.contradictions}) == ""


@pytest.mark.parametrize("line", CONCLUDING, ids=name_of)
def test_the_proof_names_the_rule(line):
    """The root of the proof is the rule, or inside it for rules whose own conclusion RDF cannot write.

    Equalities are told in both directions; one of them comes by the rule, the other may come by eq-sym.
    """
    case, _, _, _, conclusion = line
    closure = close(line)
    expected = sorted(triples(conclusion))
    proofs = [closure.proof(triple) for triple in expected]
    roots = {proof.steps[proof.goal - 1].rule for proof in proofs}
    if case.inside:
        assert all(case.rule in {step.rule for step in proof.steps} for proof in proofs)
    elif line[1] == "" and not case.also_by:
        assert roots == {case.rule}
    elif line[1] == "":
        assert roots <= {case.rule, *case.also_by}
        assert case.rule in {p.steps[p.goal - 1].rule for t in expected for p in closure.proof(t, mode="all", limit=20)}
    else:
        assert case.rule in {step.rule for proof in proofs for step in proof.steps}


@pytest.mark.parametrize("line", CONTRADICTING, ids=name_of)
def test_a_contradiction_names_facts_that_hold_and_is_said_in_a_sentence(line):
    closure = close(line)
    for contradiction in closure.contradictions:
        assert contradiction.premises
        assert contradiction.says
        for premise in contradiction.premises:
            assert premise[0].startswith('"') or premise in closure


@pytest.mark.parametrize("line", CONCLUDING, ids=name_of)
def test_the_leaves_of_a_proof_are_what_was_given(line):
    given, proofs = proofs_of(line)
    for proof in proofs:
        for step in proof.leaves():
            assert step.triple in given or step.triple[2].startswith("(")


@pytest.mark.parametrize("line", CONCLUDING, ids=name_of)
def test_a_conclusion_goes_with_its_premises(line):
    """Without any asserted leaf of its sole proof the conclusion is gone, or reached by another proof."""
    closure = close(line)
    given = closure.asserted
    for triple in triples(line[4]):
        proofs = closure.proof(triple, mode="all", limit=5)
        if len(proofs) != 1:
            continue
        for step in proofs[0].leaves():
            if step.triple in given:
                assert triple not in posthma.close(sorted(given - {step.triple}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_closing_again_adds_nothing(case):
    closure = posthma.close(sorted(triples(case.given)))
    everything = closure.asserted | closure.inferred
    again = posthma.close(sorted(everything))
    assert again.asserted | again.inferred == everything
    assert {c.rule for c in again.contradictions} == {c.rule for c in closure.contradictions}


def test_reflexive_equality_holds_of_known_terms_alone():
    closure = posthma.close(sorted(triples(":a :p 5 .")))
    for token in ("<http://example.org/a>", "<http://example.org/p>"):
        assert (token, SAME, token) in closure
    assert ("<http://example.org/b>", SAME, "<http://example.org/b>") not in closure
