"""The answer as JSON and as PROV-O Turtle: the same structure, the same bytes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyoxigraph as ox

from posthma.report import NOTICE, json_, turtle

sys.path.insert(0, str(Path(__file__).parent))
from sample import ANSWER, KB

PROV, DCT = "http://www.w3.org/ns/prov#", "http://purl.org/dc/terms/"


def graph():
    return list(ox.parse(turtle.render(ANSWER).encode(), format=ox.RdfFormat.TURTLE))


def values(predicate, subject=None):
    quads = [q for q in graph() if q.predicate.value == predicate and (subject is None or q.subject.value == subject)]
    return {q.object.value for q in quads}


def test_json_holds_the_whole_answer():
    data = json.loads(json_.render(ANSWER))
    assert data["format"] == "posthma-answer/1"
    assert data["notice"] == NOTICE
    assert [option["status"] for option in data["options"]] == [
        "applicable",
        "undetermined",
        "not applicable",
        "advised against",
    ]
    assert data["options"][0]["evidence_for"][0]["citations"][0]["doi"] == "10.5555/1"
    assert data["options"][1]["missing"][0]["label"] == "gene two mutated"
    assert data["failure"]["sentences"][0]["triple"][0] == "<http://example.org/q1>"


def test_json_and_turtle_repeat_to_the_byte():
    assert json_.render(ANSWER) == json_.render(ANSWER)
    assert turtle.render(ANSWER) == turtle.render(ANSWER)


def test_turtle_says_what_the_answer_was_made_from():
    used = values(PROV + "used")
    assert used == {"urn:sha256:" + "a" * 64, "urn:sha256:" + "b" * 64}
    assert values(DCT + "rights") == {NOTICE}


def test_turtle_has_a_verdict_per_option_with_its_sources():
    node = "http://example.org/q1/assessment/option/option-1"
    assert values(DCT + "type", node) == {"applicable"}
    assert values(PROV + "wasDerivedFrom", node) == {KB + "option-1", KB + "ev-1", KB + "ev-2"}
    assert values(PROV + "hadPrimarySource", node) == {KB + "invented-guide"}
    assert values(DCT + "requires", "http://example.org/q1/assessment/option/option-2") == {
        "gene two mutated",
        "donor found",
    }
    assert values(PROV + "hadPrimarySource", KB + "ev-1") == {KB + "ref-901"}


def test_iris_may_be_given_plain_in_brackets_or_short():
    """The answer's own documentation says plain; the graph is the same for each form."""
    import dataclasses

    short = dataclasses.replace(
        ANSWER,
        situation=f"<{ANSWER.situation}>",
        options=tuple(dataclasses.replace(o, iri=o.iri.replace(KB, "kb:")) for o in ANSWER.options),
    )
    assert turtle.render(short) == turtle.render(ANSWER)
