"""Receipts: the same bytes again, or what differs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.decide.conftest import case, knowledge

from posthma import receipt as receipts
from posthma.errors import UsageError


def made(name="patient-4"):
    patient = case(name)
    return receipts.make(patient.answer, knowledge(), patient.record)


def test_a_receipt_names_every_part_and_nothing_of_the_patient(patient):
    found = receipts.make(patient.answer, knowledge(), patient.record)
    for part in ("record", "knowledge", "rules", "shapes", "policy", "engine", "answer"):
        assert len(found[part]["sha256"]) == 64, part
    text = receipts.write(found)
    assert "idh2" not in text.lower()
    assert "blast" not in text.lower()


def test_a_replay_gives_the_same_bytes(patient):
    found = json.loads(receipts.write(receipts.make(patient.answer, knowledge(), patient.record)))
    answer, differences = receipts.replay(found, patient.record.path, knowledge())
    assert differences == []
    assert receipts.json_report(answer) == receipts.json_report(patient.answer)
    assert not receipts.report_differs(found, answer)


def test_another_date_or_place_is_replayed(tmp_path):
    kb = knowledge()
    record = kb.read(case("patient-4").record.path)
    answer = kb.assess(record, at="2017-04-12", jurisdiction="US")
    found = receipts.make(answer, kb, record)
    assert (found["question"]["at"], found["question"]["jurisdiction"]) == ("2017-04-12", "US")
    copy = tmp_path / "copy.ttl"
    copy.write_text(record.text, encoding="utf-8")
    again, differences = receipts.replay(found, copy, knowledge())
    assert differences == []
    assert receipts.json_report(again) == receipts.json_report(answer)


def test_another_record_is_told_with_the_parts_that_differ():
    found = made()
    answer, differences = receipts.replay(found, case("patient-3").record.path, knowledge())
    assert receipts.report_differs(found, answer)
    assert any(d.startswith("record: sha256 was ") for d in differences)
    assert any(d.startswith("answer: the report differs in ") and "options" in d for d in differences)


def test_other_knowledge_is_told():
    found = made()
    found["knowledge"]["sha256"] = "0" * 64
    _, differences = receipts.replay(found, case("patient-4").record.path, knowledge())
    assert len(differences) == 1
    assert differences[0].startswith("knowledge: sha256 was 000000000000, is ")


def test_a_hash_follows_names_and_bytes(tmp_path):
    (tmp_path / "a").write_text("x")
    first = receipts.folder_hash(tmp_path)
    (tmp_path / "a").write_text("y")
    second = receipts.folder_hash(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, receipts.folder_hash(tmp_path)}) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "it is not JSON"), ("[]", "it is no receipt"), ('{"format": "posthma-receipt/1"}', "it is no receipt")],
)
def test_what_is_no_receipt_is_refused(text, words, tmp_path):
    file = tmp_path / "r.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=words):
        receipts.read(file)


def test_the_answer_of_another_knowledge_base_has_another_hash():
    patient = case("patient-4")
    other = replace(patient.answer, knowledge_sha="0")
    assert receipts.make(other, knowledge(), patient.record)["answer"] != made()["answer"]


def test_a_replay_loads_the_knowledge_that_the_receipt_names():
    found = made()
    found["knowledge"]["without_source"] = "kb:ref-999"
    with pytest.raises(UsageError, match="kb:ref-999"):
        receipts.replay(found, case("patient-4").record.path)
