"""posthma path: connections of the mechanism graph, explained and cited; expected ways are read from the article."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from posthma.errors import UsageError
from posthma.graph import MechanismGraph
from posthma.knowledge import read_knowledge
from posthma.report.picture import BOX, as_svg

KB = "https://w3id.org/posthma/kb/"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graph():
    return MechanismGraph(read_knowledge())


def labels(graph, *names, limit=1):
    return [[graph.label(node) for node in found.nodes] for found in graph.connections(*names, limit=limit)]


@pytest.mark.parametrize(
    ("start", "end", "way"),
    [
        # lines 465-469: enasidenib blocks the mutant protein that IDH2 encodes
        ("enasidenib", "idh2", ["enasidenib", "mutant IDH2 protein", "IDH2"]),
        # lines 512-515: venetoclax blocks BCL2
        ("bcl2", "venetoclax", ["BCL2", "BCL2 protein", "venetoclax"]),
        # lines 215-219: resting progenitors, integrin alpha5, resistance to azacitidine
        ("integrin alpha5", "azacitidine",
         ["integrin alpha5", "quiescence of progenitors through integrin alpha5", "azacitidine"]),
        # lines 246-249: TP53 and 10-day decitabine
        ("tp53", "decitabineTenDay", None),
        # lines 231-233: cedazuridine blocks cytidine deaminase, made from CDA
        ("cedazuridine", "CDA", None),
    ],
)  # fmt: skip
def test_the_shortest_way_is_the_one_of_the_article(start, end, way, graph):
    (found,) = labels(graph, start, end)
    assert len(found) == 3
    assert way is None or found == way


def test_idh2_and_venetoclax(posthma):
    done = posthma("path", "idh2", "venetoclax")
    assert done.returncode == 0, done.stderr
    first = done.stdout.splitlines()[0]
    assert first == "IDH2 (gene) and venetoclax (drug): 3 shortest connections"
    assert "5 of 6 carriers (83 %) responded." in " ".join(done.stdout.split())
    assert done.stdout.count("\n1. ") == done.stdout.count("\n3. ") == 1
    assert "\n4. " not in done.stdout


def test_every_step_is_a_statement_with_a_citation(graph):
    triples = set(graph.knowledge.triples)
    for found in graph.connections("tp53", "venetoclax", limit=10):
        for a, b, step in zip(found.nodes, found.nodes[1:], found.steps, strict=False):
            assert step
            for edge in step:
                assert {edge.start, edge.end} == {a, b}
                assert any(s == edge.start and o == edge.end for s, _, o in triples)
                assert edge.citation.startswith(("Santini 2019, lines ", "seen in "))


def test_longer_connections_come_later_and_none_is_a_detour_or_a_repetition(graph):
    found = graph.connections("idh2", "venetoclax", limit=12)
    assert len(found) == 12
    costs = [sum(graph.graph[a][b]["cost"] for a, b in zip(f.nodes, f.nodes[1:], strict=False)) for f in found]
    assert costs == sorted(costs)
    assert len({f.nodes for f in found}) == 12
    for f in found:
        assert len(set(f.nodes)) == len(f.nodes)
        assert not any(graph.graph.has_edge(a, b) for i, a in enumerate(f.nodes) for b in f.nodes[i + 2 :])


def test_more_connections_begin_with_the_fewer(graph):
    assert graph.connections("idh2", "venetoclax", 3) == graph.connections("idh2", "venetoclax", 8)[:3]


def test_a_way_back_is_the_same_way(graph):
    there = graph.connections("idh1", "azacitidine", 1)[0]
    back = graph.connections("azacitidine", "idh1", 1)[0]
    assert len(there.nodes) == len(back.nodes)


def test_all_resistance_mechanisms_are_in_the_graph(graph):
    said = graph.knowledge.triples
    wanted = {s for s, p, o in said if p.endswith("#type>") and o.endswith("/ResistanceMechanism>")}
    assert len(wanted) == 11
    assert wanted <= set(graph.graph)


@pytest.mark.parametrize("name", ["IDH2", "idh2", "kb:idh2", f"<{KB}idh2>", " Idh2 "])
def test_names_resolve(name, graph):
    assert graph.find(name) == f"<{KB}idh2>"


def test_other_names_and_labels_resolve(graph):
    assert graph.find("ABT199") == f"<{KB}venetoclax>"
    assert graph.find("hypomethylating agent") == f"<{KB}hma>"
    assert graph.find("quiescence") == f"<{KB}mx-quiescence>"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["ihd2", "venetoclax"], "ihd2: no part of the mechanism graph has this name; did you mean 'idh2'"),
        (["idh2", "kb:venetoclaxx"], "there is no such thing; did you mean kb:venetoclax?"),
        (["idh2", "kb:percent"], "it takes no part in the mechanism graph"),
        (["idh2", "IDH2"], "'idh2' and 'IDH2' are both IDH2; name two different things"),
        (["idh2", "zzzz"], "name an agent, target or gene"),
        (["idh2", "venetoclax", "--limit", "0"], "0 is not in the range"),
    ],
)
def test_wrong_use_ends_with_2(args, words, posthma):
    done = posthma("path", *args)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_json_says_what_the_text_says(posthma, graph):
    told = json.loads(posthma("path", "idh2", "venetoclax", "--format", "json", "--limit", "2").stdout)
    assert (told["from"], told["to"]) == (f"{KB}idh2", f"{KB}venetoclax")
    assert [[node["label"] for node in c["nodes"]] for c in told["connections"]] == labels(
        graph, "idh2", "venetoclax", limit=2
    )
    step = told["connections"][0]["steps"][0][0]
    assert sorted(step) == ["citation", "from", "to", "words"]


def boxes(root):
    return [
        tuple(float(r.get(k)) for k in ("x", "y", "width", "height"))
        for r in root.iter(f"{SVG}rect")
        if r.get("rx")
    ]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "limit"), [("idh2", "venetoclax", 5), ("tp53", "enasidenib", 12)])
def test_nothing_in_the_picture_overlaps(start, end, limit, graph):
    found = graph.connections(start, end, limit)
    root = ET.fromstring(as_svg(graph, (graph.find(start), graph.find(end)), found))
    width, height = float(root.get("width")), float(root.get("height"))
    drawn = boxes(root)
    assert len(drawn) == 2 + sum(len(f.nodes) - 2 for f in found)
    for i, (x, y, w, h) in enumerate(drawn):
        assert x >= 0
        assert x + w <= width
        assert y >= 0
        assert y + h <= height
        for ox, oy, ow, oh in drawn[i + 1 :]:
            assert x + w <= ox or ox + ow <= x or y + h <= oy or oy + oh <= y
    # Words lie outside every box or wholly inside one; no two lines of text share a place.
    places = set()
    for text in root.iter(f"{SVG}text"):
        place = (text.get("x"), text.get("y"))
        assert place not in places
        places.add(place)
        size = float(text.get("font-size"))
        if text.get("text-anchor") == "middle":
            half = len(text.text) * size * 0.62 / 2
            x, y = float(text.get("x")), float(text.get("y"))
            inside = [b for b in drawn if b[0] <= x <= b[0] + b[2] and b[1] <= y <= b[1] + b[3]]
            assert half <= BOX / 2 + 14 if inside else True
            if not inside:
                assert not any(b[0] < x + half and x - half < b[0] + b[2] and b[1] < y < b[1] + b[3] for b in drawn), (
                    text.text
                )


def test_a_picture_needs_nothing_from_elsewhere(posthma):
    done = posthma("path", "idh2", "venetoclax", "--format", "svg")
    assert done.returncode == 0
    assert done.stdout.startswith("<svg ")
    assert "href" not in done.stdout
    assert "<script" not in done.stdout


def test_two_things_that_nothing_connects(graph):
    import networkx as nx

    parts = sorted(nx.connected_components(graph.graph), key=len)
    if len(parts) < 2:
        pytest.skip("everything in the graph hangs together")
    small, large = sorted(parts[0])[0], sorted(parts[-1])[0]
    from posthma.report.connections import as_text
    from posthma.report.layout import Page

    assert graph.connections(small.strip("<>"), large.strip("<>")) == []
    assert as_text(graph, (small, large), [], Page()).startswith("Nothing in the mechanism graph connects ")


def test_a_gene_is_known_by_its_number(graph):
    assert graph.find("hgnc:5383") == graph.find("HGNC:5383") == graph.find("idh2")


@pytest.mark.parametrize(
    ("name", "place", "words"),
    [("", "FROM and TO", "empty"), ("kb:idh22", "kb:idh22", "did you mean kb:idh2?"), ("hgnc:1", "hgnc:1", "no such thing")],
)
def test_a_name_that_means_nothing_is_refused_with_a_hint(graph, name, place, words):
    with pytest.raises(UsageError) as told:
        graph.find(name)
    assert told.value.place == place
    assert words in str(told.value)


@pytest.mark.parametrize("choice", [{"without_source": "santini-2019"}, {"as_of": "2018-01-01"}])
def test_a_document_that_is_left_out_joins_nothing(choice):
    """Agents and mechanisms of the article stay described; no edge that only the article states is walked."""
    graph = MechanismGraph(read_knowledge(**choice))
    cited = {edge.citation for _, _, data in graph.graph.edges(data=True) for edge in data["edges"]}
    assert cited
    assert not [text for text in cited if "Santini" in text]
