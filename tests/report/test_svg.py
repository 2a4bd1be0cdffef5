"""Drawings: no box covers another, no line crosses a box, and what is drawn can be read without seeing it."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthma.proof import Proof, Step
from posthma.report import drawings, svg
from posthma.report.layout import Page
from posthma.report.proof import as_text

sys.path.insert(0, str(Path(__file__).parent))
from sample import APPLICABLE, OPEN, criterion

SVG = "{http://www.w3.org/2000/svg}"


def boxes_of(text):
    return [
        tuple(float(rect.get(name)) for name in ("x", "y", "width", "height"))
        for rect in ET.fromstring(text).iter(SVG + "rect")
    ]


def curves_of(text):
    """Return points along every line of a drawing."""
    for path in ET.fromstring(text).iter(SVG + "path"):
        for part in path.get("d").split("M")[1:]:
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", part)]
            if "H" in part:
                x, y, end = numbers
                yield from ((x + (end - x) * i / 20, y) for i in range(21))
            else:
                x0, y0, x1, y1, x2, y2, x3, y3 = numbers
                for i in range(21):
                    t = i / 20
                    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                    yield (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)


@st.composite
def graphs(draw):
    n = draw(st.integers(1, 14))
    words = st.text("abc de fghij", min_size=0, max_size=60)
    boxes = [svg.Box(str(i), draw(words), draw(words)) for i in range(n)]
    pairs = [(str(a), str(b)) for a in range(n) for b in range(a + 1, n)]
    return boxes, draw(st.lists(st.sampled_from(pairs), max_size=25)) if pairs else []


@given(graphs())
def test_boxes_never_overlap_and_no_line_crosses_one(graph):
    boxes, edges = graph
    drawing = svg.draw(boxes, edges)
    found = boxes_of(drawing.svg())
    assert len(found) == len(boxes)
    for i, (x, y, w, h) in enumerate(found):
        assert x >= 0
        assert y >= 0
        assert x + w <= drawing.width
        assert y + h <= drawing.height + 0.1
        for a, b, c, d in found[i + 1 :]:
            assert x + w <= a or a + c <= x or y + h <= b + 0.11 or b + d <= y + 0.11
    for px, py in curves_of(drawing.svg()):
        assert not any(x + 0.2 < px < x + w - 0.2 and y + 0.2 < py < y + h - 0.2 for x, y, w, h in found)


@given(graphs())
def test_the_same_graph_is_drawn_the_same(graph):
    assert svg.draw(*graph).svg() == svg.draw(*graph).svg()


def test_each_stands_right_of_all_that_rest_on_it():
    text = svg.draw([svg.Box(k, k) for k in "abc"], [("a", "b"), ("b", "c"), ("a", "c")]).svg()
    assert [x for x, *_ in boxes_of(text)] == [svg.MARGIN + i * (svg.BOX_WIDTH + svg.COLUMN_GAP) for i in range(3)]


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match="in a circle"):
        svg.draw([svg.Box("a", ""), svg.Box("b", "")], [("a", "b"), ("b", "a")])
    with pytest.raises(ValueError, match="names no box"):
        svg.draw([svg.Box("a", "")], [("a", "b")])


def test_text_fits_its_box_and_is_not_lost():
    sentence = "a sentence of many words with one supercalifragilisticexpialidociousandevenlongerthanthatword in it"
    lines = svg.wrapped(sentence, 100)
    assert all(svg.text_width(line) <= 100 for line in lines)
    assert "".join(lines).replace(" ", "") == sentence.replace(" ", "")
    assert svg.wrapped("", 100) == ("",)


def test_labels_cannot_break_out_of_the_drawing():
    wicked = '</text><script>alert("x")</script>&'
    root = ET.fromstring(svg.draw([svg.Box("a", wicked, wicked)], [], title=wicked, description=wicked).svg('"id'))
    assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}
    assert root.find(SVG + "title").text == wicked


def test_values_differ_without_colour():
    """Each value has its own border and its own words."""
    nodes = [criterion(value, value) for value in ("met", "not met", "unknown")]
    found = [drawings.criteria(node, "one").svg() for node in nodes]
    dashes = [re.search(r'stroke-dasharray="([^"]*)"', text) for text in found]
    assert len({match and match[1] for match in dashes}) == 3
    for text, sign in zip(found, ("✓ met", "✗ not met", "? unknown"), strict=True):
        assert f">{sign}<" in text


def test_a_criteria_tree_says_the_same_in_words():
    root = ET.fromstring(drawings.criteria(APPLICABLE.criteria, "Criteria of drug one").svg("tree-1"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "tree-1-title tree-1-text"
    assert root.find(SVG + "title").text == "Criteria of drug one"
    assert root.find(SVG + "desc").text == (
        "population one is met, all of these: (gene one mutated is met; failure of therapy is met)"
    )


def test_a_missing_finding_names_its_test():
    assert drawings.note(OPEN.missing[0]) == "? unknown; needs gene test"
    assert drawings.note(OPEN.missing[1]) == "? unknown; was met on 2016-01-01, before the reassessment; repeat donor search"


STEPS = (
    Step(1, "record", ("<x>", "<p>", "<y>"), "record.ttl:3"),
    Step(2, "knowledge", ("<c>", "<q>", "<d>"), "ontology/a.ttl"),
    Step(3, "rule", ("<x>", "<t>", "<d>"), rule="R-TEST-001", premises=(1, 2), says="x is a d"),
    Step(4, "rule", ("<x>", "<t>", "<e>"), rule="cls-int1", premises=(1, 3), says=""),
)


def test_a_proof_is_drawn_with_rules_and_places():
    text = drawings.proof(Proof(STEPS, 4), lambda token: token.strip("<>")).svg()
    assert len(boxes_of(text)) == 4
    said = " ".join(t for t in ET.fromstring(text).itertext())
    for words in ("4. x t e", "rule cls-int1", "3. x is a d", "record, record.ttl:3", "knowledge, ontology/a.ttl"):
        assert words in said


def test_drawings_are_stacked_with_ids_of_their_own():
    one = drawings.proof(Proof(STEPS, 4), str)
    root = ET.fromstring(svg.stack([one, one]))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 6
    inner = [element for element in root if element.tag == SVG + "svg"]
    assert float(inner[1].get("y")) >= float(inner[0].get("y")) + one.height
    assert float(root.get("height")) >= float(inner[1].get("y")) + one.height


def test_a_rule_with_several_heads_is_one_box():
    """Both conclusions, told in one sentence and resting on one fact, are one box; a rule that says more is another."""
    said = {"rule": "R-MEAS-083", "premises": (1,), "says": "test one is the latest for gene one"}
    steps = (
        Step(1, "record", ("<test>", "<found>", "<gene>"), place="record.ttl:3"),
        Step(2, "rule", ("<result>", "<of>", "<gene>"), **said),
        Step(3, "rule", ("<result>", "<by>", "<test>"), **said),
        Step(4, "rule", ("<result>", "<size>", '"4"'), **said),
        Step(5, "rule", ("<patient>", "<is>", "<mutated>"), rule="R-FIND-010", premises=(2, 3, 4), says="mutated"),
    )
    proof = Proof(steps, 5)
    text = drawings.proof(proof, lambda token: token.strip('<>"')).svg()
    assert text.count("<rect") == 4
    assert "step 5 rests on 2, 4" in text
    told = as_text(proof, Page(), lambda token: token.strip('<>"'))
    assert told.count("test one is the latest for gene one") == 2  # the second adds a value that the sentence leaves out
    assert [line.split(".")[0].strip() for line in told.splitlines()] == ["5", "2", "1", "4", "1"]
    assert len(proof.to_dict()["steps"]) == 5
