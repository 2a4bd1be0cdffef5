"""Competency questions: the rows read from the article, in two engines, gone or changed without their evidence.

A question is a file of queries/competency/; its rows stand in a folder of its name here. Two header lines serve the
tests: ``# example:`` gives the parameters of the expected rows, ``# evidence:`` names the nodes that they rest on.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from tests.kb.graphs import ROOT, knowledge_files, load_store

from posthma.queries import Query, bind, bound_text, read_query, run
from posthma.terms import literal_parts
from posthma.vocab import curie, expand

FILES = sorted((ROOT / "queries" / "competency").glob("CQ-*.rq"))
# A question that the knowledge base answers wrongly for now, and why.
KNOWN_GAPS: dict[str, str] = {}
FOLDERS = sorted(Path(__file__).parent.glob("CQ-*"))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Ontology and knowledge base in one default graph, unreasoned."""
    return load_store(knowledge_files())


@pytest.fixture(scope="module")
def graph(store) -> rdflib.Graph:
    """The same triples in rdflib."""
    text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return rdflib.Graph().parse(data=text.decode(), format="nt")


def header(query: Query, key: str) -> list[str]:
    lines = re.findall(rf"^# {key}: (.+)$", query.text, re.MULTILINE)
    return " ".join(lines).split()


def plain(token: str) -> str:
    """Return a term as the expected rows write it: a CURIE, or the text of a literal, numbers in one form."""
    if not token or token[0] == "<":
        return curie(token)
    text = literal_parts(token)[0]
    return str(Decimal(text).normalize() + 0) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def normal(rows) -> list[tuple[str, ...]]:
    return sorted(
        tuple(f"{Decimal(cell):f}" if re.fullmatch(r"-?[\d.]+(E\+\d+)?", cell) else cell for cell in row)
        for row in rows
    )


def expected(name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    with (Path(__file__).parent / name / "expected.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return tuple(columns), normal(rows)


def answer(query: Query, store: ox.Store) -> list[tuple[str, ...]]:
    table = run(query, store, header(query, "example"))
    return normal(tuple(plain(cell) for cell in row) for row in table.rows)


@pytest.fixture(autouse=True)
def known_gap(request):
    """Let a question of `KNOWN_GAPS` fail, with its reason, where its rows are compared."""
    file = request.node.callspec.params.get("file") if hasattr(request.node, "callspec") else None
    if file is not None and file.stem in KNOWN_GAPS and "rows" in request.node.name:
        request.applymarker(pytest.mark.xfail(reason=KNOWN_GAPS[file.stem]))


def test_there_are_sixty_questions_and_each_has_its_rows():
    assert len(FILES) >= 60
    assert [file.stem for file in FILES] == [folder.name for folder in FOLDERS]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_header_is_complete(file):
    query = read_query(file)
    assert f"# question: {file.stem}" in query.text
    assert query.title.endswith("?")
    returned = re.findall(r"(\w+) \(", " ".join(header(query, "returns")))
    assert tuple(returned) == expected(file.stem)[0]
    assert bool(query.params) == bool(header(query, "example"))
    assert header(query, "evidence")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_question_gives_exactly_the_expected_rows(file, store):
    query = read_query(file)
    table = run(query, store, header(query, "example"))
    columns, rows = expected(file.stem)
    assert table.columns == columns
    assert answer(query, store) == rows
    assert rows


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_another_engine_gives_the_same_rows(file, graph):
    query = read_query(file)
    found = graph.query(bound_text(query.text, bind(query, header(query, "example"))))
    rows = [tuple("" if term is None else plain(term.n3()) for term in row) for row in found]
    assert normal(rows) == expected(file.stem)[1]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rows_change_without_their_evidence(file, store):
    query = read_query(file)
    for name in header(query, "evidence"):
        node = ox.NamedNode(expand(name)[1:-1])
        quads = list(store.quads_for_pattern(node, None, None, None))
        assert quads, f"{name} is not in the knowledge base"
        for quad in quads:
            store.remove(quad)
        try:
            assert answer(query, store) != expected(file.stem)[1], f"the rows stand without {name}"
        finally:
            store.extend(quads)
