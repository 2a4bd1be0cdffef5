"""Places: the line of a Turtle fact, the path of a JSON-LD fact."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthma.intake.rdf import parse_record
from posthma.intake.turtle_places import turtle_places
from posthma.knowledge import knowledge_files, tokens
from posthma.resources import root

P = "https://w3id.org/posthma/ontology/"
XSD = "http://www.w3.org/2001/XMLSchema#"

TURTLE = """@prefix p: <https://w3id.org/posthma/ontology/> .
PREFIX r: <http://example.org/>
# a remark with a dot. and a ; semicolon
r:patient
    a p:Patient ; p:sex
        r:female ;
    p:event r:e1 ,
        r:e2 ;
    p:note \"\"\"three
lines . here
"quoted" \"\"\"
    ; p:after 30
    .
r:e1 p:low 4.5 ; p:high 5 . r:e2 p:low -1.0e2, +7
    , true .
[ p:in r:patient ; p:parts ( 1
    r:two ) ] p:of r:e1 .
@base <http://base.example/> .
<rel> p:text "tab\\tA\\u00e9", "x"@en-GB, 'y'^^<http://www.w3.org/2001/XMLSchema#date> .
"""


def iri(text):
    return f"<http://example.org/{text}>" if not text.startswith("p:") else f"<{P}{text[2:]}>"


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "line"),
    [
        ("patient", "p:sex", "<http://example.org/female>", 6),
        ("patient", "p:event", "<http://example.org/e1>", 7),
        ("patient", "p:event", "<http://example.org/e2>", 8),
        ("patient", "p:note", '"three\\nlines . here\\n\\"quoted\\" "', 9),
        ("patient", "p:after", f'"30"^^<{XSD}integer>', 12),
        ("e1", "p:low", f'"4.5"^^<{XSD}decimal>', 14),
        ("e1", "p:high", f'"5"^^<{XSD}integer>', 14),
        ("e2", "p:low", f'"-1.0e2"^^<{XSD}double>', 14),
        ("e2", "p:low", f'"+7"^^<{XSD}integer>', 14),
        ("e2", "p:low", f'"true"^^<{XSD}boolean>', 15),
    ],
)
def test_line_of_the_object_in_statements_over_several_lines(subject, predicate, value, line):
    record = parse_record(TURTLE.encode(), "folder/record.ttl")
    assert record.place((iri(subject), iri(predicate), value)) == f"record.ttl:{line}"


def test_blank_nodes_have_their_line_too():
    record = parse_record(TURTLE.encode(), "record.ttl")
    lines = {t: record.place(t) for t in record.triples if "_:" in t[0] + t[2]}
    assert {p.rpartition("#")[2].rpartition("/")[2]: place for (_, p, o), place in lines.items() if "two" in o} == {
        "first>": "record.ttl:17"
    }
    assert sorted(lines.values()) == ["record.ttl:16"] * 3 + ["record.ttl:17"] * 4


def test_a_fact_that_is_not_in_the_file_has_the_file_alone():
    assert parse_record(TURTLE.encode(), "record.ttl").place(("<a>", "<b>", "<c>")) == "record.ttl"


def test_windows_line_ends_and_byte_order_mark_move_no_line():
    data = b"\xef\xbb\xbf" + TURTLE.replace("\n", "\r\n").encode()
    assert (
        parse_record(data, "record.ttl").place((iri("e1"), iri("p:low"), f'"4.5"^^<{XSD}decimal>')) == "record.ttl:14"
    )


def test_every_triple_of_the_knowledge_has_a_line():
    """The walk finds exactly what the parser finds, in all our own Turtle."""
    files = knowledge_files(root())
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        parsed = set(tokens(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)))
        walked = set(turtle_places(text))
        assert {t for t in walked if "_:" not in t[0] + t[2]} == {t for t in parsed if "_:" not in t[0] + t[2]}, file
        assert len(walked) == len(parsed), file


_names = st.sampled_from(["p:a", "p:b-c", "r:x.y", "r:1", "<http://example.org/q>", "p:é"])
_strings = st.text(max_size=12).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)).map(lambda text: json.dumps(text, ensure_ascii=False))
_objects = st.recursive(
    _names | st.sampled_from(["1", "-2.50", "1e3", "true", "()", "_:k"]) | _strings | _strings.map(lambda s: s + "@en"),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"( {' '.join(items)} )")
        | st.tuples(_names, inner).map(lambda pair: f"[ {pair[0]} {pair[1]} ]")
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(_names, _names, _objects, st.sampled_from([" ", "\n", "\n# remark .\n", "\t"])), max_size=8))
def test_the_walk_finds_what_the_parser_finds(rows):
    """The line of a fact is the line on which the object was written, whatever stands around it."""
    text = f"@prefix p: <{P}> . @prefix r: <http://example.org/> .\n"
    text += "".join(f"{s}{gap}{p}{gap}{o}{gap}.\n" for s, p, o, gap in rows)
    parsed = list(tokens(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)))
    walked = turtle_places(text)
    assert {t for t in walked if "_:" not in t[0] + t[2]} == {t for t in parsed if "_:" not in t[0] + t[2]}
    assert len(walked) == len(set(parsed))
    record = parse_record(text.encode() + b"p:s p:t p:u .", "r.ttl")
    assert all(record.place(triple).startswith("r.ttl:") for triple in record.triples)


JSON = """{
  "@context": {"@vocab": "https://w3id.org/posthma/ontology/", "r": "http://example.org/", "id": "@id",
    "kb": "https://w3id.org/posthma/kb/", "analyte": {"@type": "@id"},
    "day": {"@id": "date", "@type": "http://www.w3.org/2001/XMLSchema#date"}},
  "@graph": [
    {"id": "r:patient", "@type": ["Patient"], "event": [
        {"id": "r:e0", "@type": "Measurement"},
        {"id": "r:e1", "analyte": "kb:marrowBlasts", "low": 4.5, "high": [5, 6], "day": "2017-04-10",
         "note": {"@value": "n", "@language": "en"}, "ok": true}]},
    {"id": "r:q", "about": {"@id": "r:patient"}}
  ]
}"""


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "path"),
    [
        ("patient", "event", "<http://example.org/e1>", "$.@graph[0].event[1]"),
        ("e0", "", f"<{P}Measurement>", "$.@graph[0].event[0].@type"),
        ("e1", "analyte", "<https://w3id.org/posthma/kb/marrowBlasts>", "$.@graph[0].event[1].analyte"),
        ("e1", "low", f'"4.5"^^<{XSD}decimal>', "$.@graph[0].event[1].low"),
        ("e1", "high", f'"6"^^<{XSD}integer>', "$.@graph[0].event[1].high[1]"),
        ("e1", "date", f'"2017-04-10"^^<{XSD}date>', "$.@graph[0].event[1].day"),
        ("e1", "note", '"n"@en', "$.@graph[0].event[1].note"),
        ("e1", "ok", f'"true"^^<{XSD}boolean>', "$.@graph[0].event[1].ok"),
        ("q", "about", "<http://example.org/patient>", "$.@graph[1].about"),
    ],
)
def test_path_of_a_json_ld_fact(subject, predicate, value, path):
    record = parse_record(JSON.encode(), "record.jsonld")
    predicate = f"<{P}{predicate}>" if predicate else "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    triple = (f"<http://example.org/{subject}>", predicate, value)
    assert triple in record.triples
    assert record.place(triple) == f"record.jsonld:{path}"


def test_every_json_ld_fact_has_a_path():
    record = parse_record(JSON.encode(), "record.jsonld")
    assert len(record.triples) == 12
    assert all("$" in record.place(triple) for triple in record.triples)


def test_keys_that_no_context_maps_are_named():
    text = '{"@context": {"p": "http://x/"}, "@id": "http://x/a", "p:b": 1, "low": 2, "p:c": [{"@id": "http://x/d", "hi": 3}]}'
    assert parse_record(text.encode(), "r.jsonld").dropped == ("r.jsonld:$.low", "r.jsonld:$.p:c[0].hi")
