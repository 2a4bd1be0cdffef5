"""The files of intake's tables: every name leads somewhere, every figure says where it was seen."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[2]
FILES = ["kb/scores.ttl", "kb/cytogenetics.ttl", "kb/hotspots.ttl", "kb/units.ttl"]
OWN = ("https://w3id.org/posthma/ontology/", "https://w3id.org/posthma/kb/")


@pytest.fixture(scope="module")
def described():
    names = set()
    for folder in ("ontology", "kb"):
        for file in (ROOT / folder).rglob("*.ttl"):
            if "shapes" not in file.parts and "cases" not in file.parts:
                names |= {quad.subject.value for quad in ox.parse(path=str(file)) if isinstance(quad.subject, ox.NamedNode)}
    return names


@pytest.mark.parametrize("file", FILES)
def test_names_lead_somewhere(file, described):
    used = set()
    for quad in ox.parse(path=str(ROOT / file)):
        used |= {term.value for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
    used = {name for name in used if name.startswith(OWN)}
    assert len(used) > 5
    assert sorted(used - described) == []


def nodes(file, kind):
    graph = {}
    for quad in ox.parse(path=str(ROOT / file)):
        graph.setdefault(quad.subject.value, {}).setdefault(re.split("[/#]", quad.predicate.value)[-1], []).append(quad.object)
    return {name: node for name, node in graph.items() if any(t.value.endswith(f"/{kind}") for t in node.get("type", []))}


@pytest.mark.parametrize(
    ("file", "kind", "count"),
    [
        ("kb/scores.ttl", "Score", 10), ("kb/scores.ttl", "InputRange", 5), ("kb/hotspots.ttl", "Hotspot", 10),
        ("kb/hotspots.ttl", "FormerGeneName", 2), ("kb/cytogenetics.ttl", "CytogeneticLimits", 1),
        ("kb/cytogenetics.ttl", "CountingConvention", 2), ("kb/cytogenetics.ttl", "KaryotypeDefinition", 1),
    ],
)  # fmt: skip
def test_what_was_seen_says_where(file, kind, count):
    found = nodes(file, kind)
    assert len(found) == count
    for name, node in found.items():
        assert node.get("seenIn") or node.get("notComputableBecause"), name


def test_what_nobody_published_is_marked_as_policy():
    for name, node in nodes("kb/units.ttl", "PlausibleRange").items():
        assert [value.value for value in node["projectPolicy"]] == ["true"], name


def test_every_row_belongs_to_a_score():
    for kind in ("ScoreRow", "ScoreCategory", "ScoreVariable", "CytogeneticRow", "CytogeneticGroup"):
        for name, node in nodes("kb/scores.ttl", kind).items():
            assert len(node["ofScore"]) == 1, name
