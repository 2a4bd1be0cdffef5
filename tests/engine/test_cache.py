"""The cache of compiled programs: the same answers, and nothing that lies in the folder can do harm."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import pickle
import shutil

import pytest

import posthma
from posthma.intake.rdf import read_record
from posthma.question import ask
from posthma.rules import cache, parsed
from posthma.rules import folder as place
from posthma.rules.program import parse_all


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache folder with one program in it, and the knowledge base that it was made for."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(place.ENVIRONMENT, str(folder))
        kb = posthma.load()
        assert kb.program
    return folder, kb


@pytest.fixture
def folder(filled, tmp_path, monkeypatch):
    copy = tmp_path / "cache"
    shutil.copytree(filled[0], copy)
    monkeypatch.setenv(place.ENVIRONMENT, str(copy))
    return copy


def programs(folder):
    return sorted(folder.glob("*.program"))


def facts_and_proofs(kb):
    found = []
    for number in (1, 2, 3, 4):
        record = read_record(kb.knowledge.root / f"kb/cases/patient-{number}/record.ttl")
        closure = kb.close(record)
        asked = ask(record.triples)
        types = sorted(closure.match(asked.question))
        found.append((sorted(closure.inferred), [closure.proof(t).to_json() for t in types[::15]]))
    return found


def test_a_program_from_the_cache_gives_the_same_facts_and_proofs(filled, folder, monkeypatch):
    monkeypatch.setattr(cache, "compile_program", lambda *_: pytest.fail("it was compiled though it is in the cache"))
    assert facts_and_proofs(posthma.load()) == facts_and_proofs(filled[1])


DAMAGE = {
    "truncated": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "foreign": lambda data: b"%PDF-1.7 something else",
    "one bit flipped": lambda data: data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
    "a pickle": lambda data: pickle.dumps({"tokens": []}),
    "header alone": lambda data: data[: len(place.MAGIC) + 32],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_made_anew(filled, folder, damage):
    (path,) = programs(folder)
    good = path.read_bytes()
    path.write_bytes(damage(good))
    assert posthma.load().program.base.log
    assert path.read_bytes() == good


def test_nothing_in_the_file_is_ever_executed(folder, tmp_path):
    """A pickle that would write a file when loaded does nothing."""
    (path,) = programs(folder)
    mark = tmp_path / "executed"

    class Harm:
        def __reduce__(self):
            return (os.mkdir, (str(mark),))

    path.write_bytes(pickle.dumps(Harm()))
    assert posthma.load().program.base.log
    assert not mark.exists()


def test_a_program_of_other_knowledge_is_not_found(filled, folder):
    kb = posthma.load(without_source="kb:ref-055")
    assert kb.program
    assert len(programs(folder)) == 2


def test_whoever_changes_the_knowledge_does_not_wait_for_the_parser_of_the_rules(filled, folder, monkeypatch):
    monkeypatch.setattr(parsed, "parse_all", lambda _: pytest.fail("a rule file was parsed that lay in the cache"))
    changed = posthma.load(without_source="kb:ref-055")
    assert changed.program
    monkeypatch.undo()
    monkeypatch.setenv(place.ENVIRONMENT, "off")
    fresh = posthma.load(without_source="kb:ref-055")
    assert facts_and_proofs(changed) == facts_and_proofs(fresh)


def test_only_a_rule_file_that_changed_is_parsed_again(filled, folder, monkeypatch):
    first, second, *rest = [rule for rule in filled[1].rules if rule.layer == "findings"]
    changed = dataclasses.replace(second, text=second.text + "\n# a remark")
    asked = []
    monkeypatch.setattr(parsed, "parse_all", lambda sources: asked.extend(sources) or parse_all(sources))
    found = parsed.parsed_files([first, changed, *rest], folder)
    assert asked == [changed]
    assert found == parse_all([first, changed, *rest])


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_rules_are_parsed_anew(filled, folder, damage):
    (path,) = folder.glob("*.rules")
    good = path.read_bytes()
    path.write_bytes(damage(good))
    some = filled[1].rules[:3]
    assert parsed.parsed_files(some, folder) == parse_all(some)
    assert parsed.parsed_files(some, folder) == parse_all(some)


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    monkeypatch.setenv(place.ENVIRONMENT, str(blocked / "cache"))
    assert posthma.load().program.base.log


def test_the_cache_can_be_switched_off(monkeypatch):
    monkeypatch.setenv(place.ENVIRONMENT, "off")
    assert place.cache_folder() is None


def _start(folder):
    os.environ[place.ENVIRONMENT] = str(folder)
    return len(posthma.load().program.base.log)


def test_starts_at_the_same_time_do_not_collide(filled, tmp_path):
    """Three processes fill one empty folder at once: one whole file is left, and all have the same knowledge."""
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        sizes = pool.map(_start, [tmp_path / "cache"] * 3)
    assert sizes == [len(filled[1].program.base.log)] * 3
    (path,) = programs(tmp_path / "cache")
    assert path.read_bytes() == programs(filled[0])[0].read_bytes()
    assert sorted(p.suffix for p in (tmp_path / "cache").iterdir()) == [".program", ".rules"]
