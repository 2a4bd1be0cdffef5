"""Every OWL 2 RL rule: a right step is accepted; a near miss, a lost premise and a superfluous one are not."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.check.owl_steps import OwlStep, steps, triple
from tests.owl.rules.tables import PROFILE

from posthma.check import check, owl
from posthma.check.terms import members

STEPS = steps()
RIGHT = [step for step in STEPS if step.right]
STRANGER = triple(":stranger :likes :nobody")


def said(step: OwlStep) -> str:
    return step.text


def test_every_rule_of_the_profile_has_a_right_step_and_a_near_miss():
    assert {step.rule for step in RIGHT} == set(PROFILE)
    assert {step.rule for step in STEPS if not step.right} == set(PROFILE)
    assert set(owl.rules()) | set(owl.BUILT_IN) == set(PROFILE)
    assert len(PROFILE) == len(set(PROFILE)) == 78


@pytest.mark.parametrize("step", STEPS, ids=said)
def test_step(step):
    found = owl.instance(step.rule, frozenset(step.premises), step.conclusion)
    assert (found is not None) == step.right


@pytest.mark.parametrize("step", RIGHT, ids=said)
def test_no_premise_can_be_dropped_or_added(step):
    for premise in step.premises:
        fewer = frozenset(step.premises) - {premise}
        assert owl.instance(step.rule, fewer, step.conclusion) is None, f"without {premise}"
    assert owl.instance(step.rule, frozenset([*step.premises, STRANGER]), step.conclusion) is None


@pytest.mark.parametrize("step", [step for step in RIGHT if step.premises], ids=said)
def test_order_of_premises_does_not_matter(step):
    assert owl.instance(step.rule, frozenset(reversed(step.premises)), step.conclusion) is not None


FRESH = "<http://example.org/fresh>"
EXAMPLE = "<http://example.org/"


def places(step: OwlStep) -> Iterator[tuple[str, OwlStep]]:
    """Put a fresh term in each place of a step, one at a time; members of lists are places of their own."""
    triples = [*step.premises, step.conclusion]
    for at, old in enumerate(triples):
        for position, term in enumerate(old):
            inside = members(term) if term.startswith("(") else (term,)
            for item, member in enumerate(inside):
                renewed = [*inside[:item], FRESH, *inside[item + 1 :]]
                new = f"({' '.join(renewed)})" if term.startswith("(") else FRESH
                changed = [*triples[:at], (*old[:position], new, *old[position + 1 :]), *triples[at + 1 :]]
                yield member, replace(step, premises=tuple(changed[:-1]), conclusion=changed[-1])


@pytest.mark.parametrize("step", [step for step in RIGHT if step.rule not in owl.BUILT_IN], ids=said)
def test_every_place_counts(step):
    """A fresh term breaks the step, wherever it stands, unless the example's name stands nowhere else in it."""
    names = Counter(member for member, _ in places(step))
    for member, changed in places(step):
        free = names[member] == 1 and member.startswith(EXAMPLE)
        found = owl.instance(step.rule, frozenset(changed.premises), changed.conclusion)
        assert (found is not None) == free, (member, changed)


TWINS = {"eq-trans": {"eq-rep-o"}}  # x = y and y = z: z put for y in the first


@pytest.mark.parametrize("step", RIGHT, ids=said)
def test_another_name_does_not_fit(step):
    """Only rules that say the same thing can stand for each other."""
    others = {
        name for name in PROFILE
        if name != step.rule and owl.instance(name, frozenset(step.premises), step.conclusion) is not None
    }  # fmt: skip
    assert others <= TWINS.get(step.rule, set())


def turtle(premises):
    return "".join(f"{s} {p} {o} .\n" for s, p, o in premises)


WRITABLE = [step for step in STEPS if not any(p[0].startswith('"') for p in step.premises)]


@pytest.mark.parametrize("step", WRITABLE, ids=said)
def test_step_in_a_whole_proof(step, tmp_path: Path, empty_knowledge: Path):
    """The same through the front door: the premises in a file, lists in Turtle, the proof in JSON."""
    record = tmp_path / "record.ttl"
    record.write_text(turtle(step.premises), encoding="utf-8")
    leaves = [
        {"id": n, "kind": "record", "triple": list(premise), "place": f"record.ttl:{n}"}
        for n, premise in enumerate(step.premises, start=1)
    ]
    last = len(leaves) + 1
    rule = {
        "id": last,
        "kind": "rule",
        "rule": step.rule,
        "triple": list(step.conclusion),
        "premises": list(range(1, last)),
    }
    proof = {
        "format": "posthma-proof/1",
        "record": {"sha256": hashlib.sha256(record.read_bytes()).hexdigest()},
        "goal": last,
        "steps": [*leaves, rule],
    }
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof), encoding="utf-8")
    verdict = check(path, record, empty_knowledge)
    assert verdict.outcome == ("accepted" if step.right else "rejected"), verdict.to_text()
    if not step.right:
        assert [finding.step for finding in verdict.findings] == [last]


def test_the_table_has_no_line_twice():
    assert max(Counter(step.text for step in STEPS).values()) == 1
