"""Each rule alone: a case in which it fires, with exactly what it concludes, and a near miss in which it is silent."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from posthma import resources
from posthma.knowledge import read_knowledge

HERE = Path(__file__).parent
RULES = sorted(resources.path("queries/rules").rglob("*.rq"))
CASES = [(path, HERE / path.stem) for path in RULES]
TEXTS = ("kb/publications", "kb/sources", "kb/populations")


@cache
def knowledge() -> ox.Store:
    """The knowledge that rules read, without what documents say."""
    store = ox.Store()
    known = read_knowledge()
    lines = [f"{s} {p} {o} ." for file, ts in known.by_file.items() if not file.startswith(TEXTS) for s, p, o in ts]
    store.bulk_load("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    return store


def conclude(rule: Path, facts: Path) -> set[str]:
    """Return what a rule concludes from facts and knowledge, without what it concludes from the knowledge alone."""
    query = rule.read_text(encoding="utf-8")
    store = knowledge()
    alone = {str(t) for t in store.query(query)}
    added = [ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(path=str(facts))]
    store.extend(added)
    try:
        return {str(t) for t in store.query(query)} - alone
    finally:
        for quad in added:
            store.remove(quad)


def stated(path: Path) -> set[str]:
    return {str(ox.Triple(q.subject, q.predicate, q.object)) for q in ox.parse(path=str(path))}


@pytest.mark.parametrize(("rule", "folder"), CASES, ids=[path.stem for path in RULES])
def test_fires(rule: Path, folder: Path) -> None:
    """The rule concludes what is expected, and nothing else."""
    expected = stated(folder / "expected.ttl")
    assert expected
    assert conclude(rule, folder / "fires.ttl") == expected


@pytest.mark.parametrize(("rule", "folder"), CASES, ids=[path.stem for path in RULES])
def test_near_miss(rule: Path, folder: Path) -> None:
    """The rule concludes nothing from facts that only look alike, and the file says why."""
    near_miss = folder / "near-miss.ttl"
    assert any(line.startswith("# Near miss: ") for line in near_miss.read_text(encoding="utf-8").splitlines())
    assert conclude(rule, near_miss) == set()


def test_every_rule_has_its_cases_and_every_case_its_rule() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {path.stem for path in RULES}
    assert len(RULES) > 100


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_header(rule: Path) -> None:
    """The id is the file's name, the layer its folder, and an absence in the query is named in the header."""
    head = dict(
        line[2:].split(": ", 1) for line in rule.read_text(encoding="utf-8").splitlines() if line.startswith("# ")
    )
    assert head["id"] == rule.stem
    assert head["layer"] == rule.parent.name
    text = rule.read_text(encoding="utf-8").upper()
    if "NOT EXISTS" in text or "GROUP BY" in text:
        assert head["absence"].partition(":")[0] in {"record", "licence"}
    else:
        assert head["absence"] == "none"
