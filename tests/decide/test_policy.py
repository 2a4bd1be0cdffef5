"""A policy of order that a reader brings: it swaps the order, and is refused when it would order by evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.decide.conftest import knowledge

from posthma import receipt as receipts
from posthma import resources
from posthma.errors import PolicyError, UsageError
from posthma.knowledge import read_knowledge

EXAMPLE = resources.path("kb/policies/examples/preference-first.ttl")
PATIENT_4 = resources.path("kb/cases/patient-4/record.ttl")
PREFIXES = """@prefix kb: <https://w3id.org/posthma/kb/> .
@prefix my: <https://example.org/policy/> .
@prefix p: <https://w3id.org/posthma/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SOUND = """
my:policy a p:OrderPolicy ; rdfs:label "by stance alone" ; p:key my:stance .
my:stance a p:OrderKey ; rdfs:label "stance" ; p:rank 1 ;
    p:compares p:stance ;
    p:asIn ( kb:prefer kb:offer kb:avoid ) ;
    p:reasonAbove "the source's stance is firmer" .
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "policy.ttl"
    file.write_text(PREFIXES + text, encoding="utf-8")
    return file


def wishing(tmp_path: Path, wish: str) -> Path:
    """Return patient 4 with a wish."""
    text = PATIENT_4.read_text(encoding="utf-8")
    said = f"""
<https://w3id.org/posthma/case/patient-4/wish> a p:Preference ; p:date "2017-04-01"^^xsd:date ; p:wants kb:{wish} .
<https://w3id.org/posthma/case/patient-4/patient> p:event <https://w3id.org/posthma/case/patient-4/wish> .
"""
    file = tmp_path / "record.ttl"
    file.write_text(text + said, encoding="utf-8")
    return file


def order(answer, status="applicable"):
    return [o.iri.rpartition("/option-")[2] for o in answer.options if o.status == status]


def test_the_twin_of_every_refused_policy_is_taken(tmp_path):
    found = knowledge().order(write(tmp_path, SOUND))
    assert (found.label, found.file, len(found.sha256)) == ("by stance alone", "policy.ttl", 64)
    assert [key[3] for key in found.keys] == ["the source's stance is firmer"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("p:compares p:stance", "p:compares p:value", 8, "compares p:value: it would compare figures across studies"),
        ("p:compares p:stance", "p:compares p:sampleSize", 8, "compares p:sampleSize: it would compare figures across studies"),
        ("p:compares p:stance", "p:compares p:stance, p:ciLow", 8, "compares p:ciLow: it would compare figures across studies"),
        ("p:compares p:stance", "p:compares p:quarantined", 8, "disputed and quarantined figures among it"),
        ("p:compares p:stance", "p:compares p:evidence", 8, "it would let evidence order options"),
        ("p:compares p:stance", "p:compares p:registryId", 8, "it is not among what a policy of order may compare"),
        ("kb:prefer kb:offer", "kb:prefer kb:ofer", 9, "kb:ofer is no term of the knowledge base; did you mean kb:offer?"),
        ("kb:prefer kb:offer", "kb:ev-idh-01 kb:offer", 9, "kb:ev-idh-01 is a statement of evidence"),
        ("p:rank 1", "p:rank 0", 7, "A key has one p:rank, a whole number from 1"),
        (' ;\n    p:reasonAbove "the source\'s stance is firmer"', "", 7, "A key says why one option stands above another"),
        ("p:asIn ( kb:prefer kb:offer kb:avoid ) ;", "", 7, "A key puts options in order by p:asIn"),
        ("p:rank 1 ;", "p:rank 1 ; p:within 5 ;", 7, "has no other property"),
        ("; p:key my:stance", "", 6, "A policy leads to its keys by p:key"),
        ('rdfs:label "by stance alone" ; ', "", 6, "A policy has one rdfs:label"),
        ("p:rank 1 ;", "p:rank 1 ; p:onlyWhen p:Fitt ;", 7, "p:Fitt is no term of the knowledge base; did you mean p:Fit?"),
    ],
)
def test_refused_with_place_fact_and_remedy(tmp_path, old, new, line, words):
    """Each differs from the policy that is taken in one thing."""
    assert old in SOUND
    file = write(tmp_path, SOUND.replace(old, new))
    with pytest.raises(PolicyError) as raised:
        knowledge().assess(PATIENT_4, policy=file)
    message = str(raised.value)
    assert message.startswith(f"PH-700 {file}:{line}: "), message
    assert words in message
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("kb:option-cpx351 p:basis kb:druggableTarget .", "it speaks of kb:option-cpx351, which is no policy or key of its own"),
        ("kb:orderReads p:allowsRead p:value .", "it speaks of kb:orderReads"),
        ("kb:orderKeyStance p:compares p:value .", "it speaks of kb:orderKeyStance"),
        ("kb:orderKeyTrial a p:OrderKey ; p:compares p:value .", "it speaks of kb:orderKeyTrial"),
        ('my:other a p:OrderPolicy ; rdfs:label "second" ; p:key my:stance .', "it holds 2 policies of order"),
    ],
)
def test_a_policy_changes_nothing_else(tmp_path, more, words):
    with pytest.raises(PolicyError) as raised:
        knowledge().order(write(tmp_path, f"{SOUND}{more}\n"))
    assert words in str(raised.value)


def test_two_keys_of_one_rank_are_refused(tmp_path):
    text = SOUND.replace("p:key my:stance", "p:key my:stance, kb:orderKeyStatus")
    with pytest.raises(PolicyError, match="Two keys of a policy have the same p:rank"):
        knowledge().order(write(tmp_path, text))


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(UsageError, match="it cannot be read"):
        knowledge().order(tmp_path / "none.ttl")
    with pytest.raises(PolicyError) as raised:
        knowledge().order(write(tmp_path, SOUND.replace("p:rank 1 ;", "p:rank ;")))
    assert f"{tmp_path / 'policy.ttl'}:7" in str(raised.value)


def test_the_example_follows_the_wish_and_the_default_does_not(tmp_path):
    """Patient 4, who wants supportive care only: support comes before disease control under the example."""
    kb = knowledge()
    record = wishing(tmp_path, "supportiveCareOnly")
    default, own = kb.assess(record), kb.assess(record, policy=EXAMPLE)
    assert own.order_policy == "the patient's wish first, then curative intent"
    assert {o.iri: o.status for o in own.options} == {o.iri: o.status for o in default.options}
    assert order(own)[0] == "supportive-care"
    assert order(default)[0] != "supportive-care"
    reasons = [o.order_reason for o in own.options]
    assert any("the patient wants supportive care only" in reason for reason in reasons)
    assert not any("the patient wants active treatment" in reason for reason in reasons)


def test_a_key_counts_only_when_its_class_holds():
    """Patient 4 states no wish: neither key of the example counts, and trials lead."""
    answer = knowledge().assess(PATIENT_4, policy=EXAMPLE)
    assert not any("the patient wants" in option.order_reason for option in answer.options)
    assert set(order(answer)[:3]) == {"enasidenib-trial", "clinical-trial", "clinical-trial-after-loss"}


def test_the_example_is_no_part_of_the_knowledge():
    files = read_knowledge().by_file
    assert "kb/policies/order.ttl" in files
    assert not any(file.startswith("kb/policies/examples/") for file in files)


def test_the_default_order_is_a_sound_policy_by_the_same_shapes(tmp_path):
    """What the shapes ask of a reader's policy the policy of the knowledge base keeps, under names of its own."""
    text = resources.path("kb/policies/order.ttl").read_text(encoding="utf-8")
    renamed = text.replace("kb:policyOrder", "my:policy").replace("kb:orderKey", "my:key")
    renamed = renamed.replace("kb:anyTrial\n    a p:TrialSetting ;\n.\n", "")
    found = knowledge().order(write(tmp_path, renamed))
    own = knowledge().guidance.policy()
    assert (found.keys, found.when) == (own.keys, own.when)


def test_a_receipt_carries_the_hash_of_the_policy(tmp_path):
    kb = knowledge()
    read = kb.read(PATIENT_4)
    answer = kb.assess(read, policy=EXAMPLE)
    made = json.loads(receipts.write(receipts.make(answer, kb, read)))
    assert made["order"] == {"file": "preference-first.ttl", "sha256": kb.order(EXAMPLE).sha256}
    assert receipts.replay(made, PATIENT_4, kb, EXAMPLE)[1] == []
    with pytest.raises(UsageError, match="give that file again"):
        receipts.replay(made, PATIENT_4, kb)
    changed = tmp_path / "preference-first.ttl"
    changed.write_text(EXAMPLE.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    differences = receipts.replay(made, PATIENT_4, kb, changed)[1]
    assert any(text.startswith("order: sha256 was ") for text in differences)
