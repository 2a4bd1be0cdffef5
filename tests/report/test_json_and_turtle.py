"""The answer as JSON and as PROV-O Turtle: the same structure, the same bytes."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import get_args

import jsonschema
import pyoxigraph as ox
import pytest

from posthma.decide import answer as model
from posthma.report import NOTICE, json_, turtle
from posthma.resources import root

sys.path.insert(0, str(Path(__file__).parent))
from sample import ANSWER, CONTRADICTION, KB

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
        "within trials only",
        "undetermined",
        "not applicable",
        "advised against",
    ]
    assert data["options"][0]["evidence_for"][0]["citations"][0]["doi"] == "10.5555/1"
    assert data["options"][2]["missing"][0]["label"] == "gene two mutated"
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
    assert values(PROV + "wasDerivedFrom", node) == {KB + "option-1", KB + "ev-1", KB + "ev-2", KB + "s1"}
    assert values(PROV + "hadPrimarySource", node) == {KB + "invented-guide"}
    assert values(DCT + "requires", "http://example.org/q1/assessment/option/option-2") == {
        "gene two mutated",
        "donor found",
    }
    assert values(PROV + "hadPrimarySource", KB + "ev-1") == {KB + "ref-901"}


CASES = sorted((root() / "kb" / "cases").glob("*/record.ttl"))


def test_there_are_cases():
    assert len(CASES) >= 4


@pytest.fixture(scope="module")
def kb():
    import posthma

    return posthma.load()


@pytest.fixture(params=CASES, ids=lambda path: path.parent.name)
def answer(request, kb):
    return kb.assess(request.param)


def test_every_claim_is_derived_from_something_that_is_in_the_graph(answer):
    """Each claim is one entity with prov:wasDerivedFrom; what it names is the record, the knowledge or a term of it."""
    quads = list(ox.parse(turtle.render(answer).encode(), format=ox.RdfFormat.TURTLE))
    said = {q.subject.value: q.object.value for q in quads if q.predicate.value == DCT + "description"}
    derived = {}
    for quad in quads:
        if quad.predicate.value == PROV + "wasDerivedFrom":
            derived.setdefault(quad.subject.value, set()).add(quad.object.value)
    claims = [*answer.patient_summary, *answer.failure.sentences, *answer.failure.assumptions, *answer.disease_state]
    advices = [*answer.first, *answer.counselling]
    inputs = {f"urn:sha256:{answer.record_sha}", f"urn:sha256:{answer.knowledge_sha}"}
    assert claims
    assert advices
    for claim in claims:
        nodes = [node for node, text in said.items() if text == claim.text and "/statement/" in node]
        assert nodes, claim.text
        assert all(derived[node] == inputs for node in nodes)
    for advice in advices:
        nodes = [node for node, text in said.items() if text == advice.text and "/statement/" in node]
        assert any(derived[node] == {*inputs, advice.iri} for node in nodes), advice.text
    for option in answer.options:
        items = (*option.evidence_for, *option.evidence_against, *option.evidence_context)
        node = f"{answer.situation}/assessment/option/{option.iri.rpartition('/')[2]}"
        assert derived[node] >= {option.iri, *(item.iri for item in items)}


def test_a_claim_carries_the_fact_that_it_says(answer):
    quads = list(ox.parse(turtle.render(answer).encode(), format=ox.RdfFormat.TURTLE))
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    facts = {}
    for quad in quads:
        if quad.predicate.value in (rdf + "subject", rdf + "predicate", rdf + "object"):
            facts.setdefault(quad.subject.value, {})[quad.predicate.value[len(rdf) :]] = str(quad.object)
    found = {(f["subject"], f["predicate"], f["object"]) for f in facts.values()}
    assert {claim.triple for claim in answer.disease_state} <= found
    assert all(claim.triple in found for claim in answer.failure.sentences if claim.triple)


def errors(data):
    schema = json_.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return [error.json_path for error in jsonschema.Draft202012Validator(schema).iter_errors(data)]


def test_the_json_of_every_case_conforms_to_the_published_schema(answer):
    assert errors(json.loads(json_.render(answer))) == []


def test_the_json_of_the_sample_conforms_and_mutations_do_not():
    data = json.loads(json_.render(dataclasses.replace(ANSWER, contradictions=(CONTRADICTION,))))
    assert errors(data) == []
    for path, change in [
        ("$", {"format": "posthma-answer/2"}),
        ("$", {"surprise": 1}),
        ("$.options[0]", {"status": "perhaps"}),
        ("$.options[0]", {"iri": "<http://example.org/in-brackets>"}),
        ("$.failure", {"gate": None}),
        ("$.options[0].criteria", {"value": "maybe"}),
    ]:
        wrong = json.loads(json.dumps(data))
        at = wrong
        for step in re.findall(r"\.(\w+)|\[(\d+)\]", path):
            at = at[step[0]] if step[0] else at[int(step[1])]
        at.update(change)
        assert any(error.startswith(path) for error in errors(wrong)), change


def test_a_triple_of_two_terms_is_refused():
    data = json.loads(json_.render(ANSWER))
    data["failure"]["sentences"][0]["triple"].pop()
    assert errors(data)


def test_the_schema_knows_every_field_of_the_answer():
    schema = json_.schema()
    for name, defined in {**schema["$defs"], "Answer": schema}.items():
        cls = getattr(model, name, None)
        if dataclasses.is_dataclass(cls):
            fields = {field.name for field in dataclasses.fields(cls)}
            assert set(defined["properties"]) - {"format", "notice"} == fields, name
            assert set(defined["required"]) - {"format", "notice"} == fields, name
    assert schema["$defs"]["OptionVerdict"]["properties"]["status"]["enum"] == list(get_args(model.Status))


def test_iris_may_be_given_plain_in_brackets_or_short():
    """The answer's own documentation says plain; the graph is the same for each form."""
    short = dataclasses.replace(
        ANSWER,
        situation=f"<{ANSWER.situation}>",
        options=tuple(dataclasses.replace(o, iri=o.iri.replace(KB, "kb:")) for o in ANSWER.options),
    )
    assert turtle.render(short) == turtle.render(ANSWER)
