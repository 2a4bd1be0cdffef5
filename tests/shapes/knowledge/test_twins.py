"""Every shape for authors has a valid and an invalid twin; each node of the invalid one fails as its name says."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from posthma.knowledge import tokens
from posthma.lint.shapes import FOLDER, knowledge_shapes
from posthma.resources import root
from posthma.validation import run_shapes
from posthma.vocab import RDF

HERE = Path(__file__).parent
SH = "http://www.w3.org/ns/shacl#"
SHAPE = "https://w3id.org/posthma/shape/"
NAMES = sorted(folder.name for folder in HERE.iterdir() if (folder / "valid.ttl").exists())


def read(file):
    return list(tokens(ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)))


def shapes():
    """Return each node shape with the shapes of which a result may name it."""
    triples = [triple for file in knowledge_shapes(root()) for triple in read(file)]
    nodes = {s for s, p, o in triples if p == RDF.type and o == f"<{SH}NodeShape>"}
    found = {}
    for node in nodes:
        own = {o for s, p, o in triples if s == node and p == f"<{SH}property>"}
        found[local(node)] = {local(shape) for shape in own or {node}}
    return found


def local(term):
    return term.removeprefix(f"<{SHAPE}").rstrip(">")


@pytest.fixture(scope="module", params=["pyshifty", "pyshacl"])
def results(request):
    """All twins in one graph, each shape's in a namespace of its own: pairs of node and shape by name of the shape."""
    triples = [
        triple for name in NAMES for twin in ("valid", "invalid") for triple in read(HERE / name / f"{twin}.ttl")
    ]
    found = {name: set() for name in NAMES}
    for result in run_shapes(knowledge_shapes(root()), dict.fromkeys(triples), request.param):
        _, _, rest = result.focus.partition("https://example.org/")
        name, _, node = rest.rstrip(">").partition("/")
        if name in found:
            found[name].add((node, local(result.shape)))
    return found


def test_every_shape_has_twins_and_every_twin_a_shape():
    assert len(NAMES) > 30
    assert sorted(shapes()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_node_of_the_invalid_twin_fails_as_its_name_says_and_the_valid_one_passes(name, results):
    mine = shapes()[name]
    about = {(node, shape) for node, shape in results[name] if shape in mine}
    assert {pair for pair in about if pair[0] != "Twin"} == {(shape, shape) for shape in mine}


@pytest.mark.parametrize("name", NAMES)
def test_the_invalid_twin_says_in_words_what_is_wrong(name):
    text = (HERE / name / "invalid.ttl").read_text(encoding="utf-8")
    assert text.count("# Wrong: ") == len(shapes()[name])


def test_shapes_for_authors_stay_out_of_the_folder_of_record_shapes():
    from posthma.engine import record_keys
    from posthma.validation import shape_files

    assert all(file.parent.name == "shapes" for file in shape_files(root()))
    assert knowledge_shapes(root())
    assert all(file.relative_to(root()).as_posix().startswith(FOLDER) for file in knowledge_shapes(root()))
    assert "https://w3id.org/posthma/ontology/EvidenceStatement" not in record_keys(root())


def test_every_shape_says_how_to_mend_it_and_how_grave_it_is():
    triples = [triple for file in knowledge_shapes(root()) for triple in read(file)]
    said = {}
    for s, p, o in triples:
        said.setdefault(s, {})[p] = o
    named = {s: facts for s, facts in said.items() if s.startswith(f"<{SHAPE}") and RDF.type in facts}
    for shape, facts in named.items():
        kind = facts[RDF.type].removeprefix(f"<{SH}").rstrip(">")
        groups = kind == "NodeShape" and (f"<{SH}property>" in facts or f"<{SH}sparql>" in facts)
        if not groups:
            assert "; " in facts[f"<{SH}message>"], shape
        if kind == "PropertyShape" or (kind == "NodeShape" and f"<{SH}property>" not in facts):
            assert f"<{SH}severity>" in facts, shape
