"""What the checker asks of leaves, absences, counts and layers, each with a case that it must refuse."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from tests.check import tiny
from tests.check.owl_steps import token
from tests.check.tiny import Script, day

import posthma.check
from posthma.check import check
from posthma.check.material import read_material
from posthma.check.sources import read_knowledge
from posthma.check.sparql import parse_rule


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    early = "# id: R-TIME-021\n# layer: time\nCONSTRUCT { ?s p:early ?e } WHERE { ?s p:current ?e }\n"
    return tiny.write(tmp_path_factory.mktemp("tiny"), {"queries/rules/time/R-TIME-021.rq": early})


@pytest.fixture
def verdict(knowledge, tmp_path):
    """Check a script against a record; the record text may be changed."""

    def run(script, text=tiny.RECORD + tiny.EXTRA_RECORD, with_record=True, **header):
        record = tiny.write_record(tmp_path / "record.ttl", text)
        proof = script.proof(read_material(knowledge).knowledge.sha256, record) | header
        return check(proof, record if with_record else None, knowledge)

    return run


def expected(found):
    """The ids of steps that are not accepted."""
    return [(finding.step, finding.outcome) for finding in found.findings]


def test_the_checker_shares_no_code_with_the_engine():
    allowed = ("posthma.check", "posthma.errors", "posthma.resources")
    for path in Path(posthma.check.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" if node.module == "posthma" else str(node.module) for alias in node.names]
            ours = [name for name in names if name.split(".")[0] == "posthma"]
            assert all(name.startswith(allowed) for name in ours), (path.name, ours)


def test_the_hash_of_the_knowledge_is_the_engine_s(knowledge):
    from posthma.knowledge import read_knowledge as engine_reads

    assert read_knowledge(knowledge).sha256 == engine_reads(knowledge).sha256
    assert set(read_knowledge(knowledge).files) == set(engine_reads(knowledge).triples)


def test_without_record_facts_and_counts_are_unchecked(verdict):
    found = verdict(tiny.latest(), with_record=False)
    assert found.outcome == "unchecked"
    assert not found.accepted
    kinds = [step["kind"] for step in tiny.latest().steps]
    leaves = [(n, "unchecked") for n, kind in enumerate(kinds, start=1) if kind == "record"]
    assert expected(found) == [*leaves, (10, "unchecked")]  # the last step takes a maximum


def test_wrong_step_is_rejected_also_without_record(verdict):
    script = tiny.latest()
    script.steps[-1]["premises"] = script.steps[-1]["premises"][1:]
    assert verdict(script, with_record=False).outcome == "rejected"


def test_maximum_of_an_earlier_row_is_rejected(verdict):
    """The premises alone would make the earlier value the latest; the record says otherwise."""
    script = Script()
    rows = [script.sees("r:bm1", 2017, 1, 2), script.record("r:bm1 p:analyte kb:blasts"), script.day_of("r:bm1", 2017, 1, 2)]
    last = script.rule("R-MEAS-001", "r:q p:current r:bm1", rows, aggregates=[tiny.LATEST], absences=[dict(tiny.LATEST_ABSENCE)])
    assert expected(verdict(script)) == [(last, "rejected")]


def test_count_of_too_few_is_rejected(verdict):
    script = Script()
    rows = []
    for cycle, month in (("r:c1", 2), ("r:c2", 3)):
        rows += [script.sees(cycle, 2017, month, 1), script.record(f"{cycle} a p:Cycle")]
    last = script.rule(
        "R-MEAS-002", "r:q p:cyclesSeen 2", rows, aggregates=[tiny.CYCLES], absences=[dict(tiny.SUMMARY_ABSENCE)]
    )
    assert expected(verdict(script)) == [(last, "rejected")]


def test_absence_that_a_rule_of_the_same_layer_ends_is_rejected(verdict):
    """R-MEAS-003 makes the summary whose absence R-MEAS-002 needs, in one layer; the order of rules plays no part."""
    line = 'r:patient p:event r:line . r:line a p:TherapyLine ; p:cycles 8 ; p:date "2017-01-01"^^xsd:date .\n'
    assert verdict(tiny.count()).accepted
    found = verdict(tiny.count(), tiny.RECORD + line)
    assert expected(found) == [(20, "rejected")]
    late = line.replace("2017-01-01", "2017-12-01")  # not seen yet, so no summary
    assert verdict(tiny.count(), tiny.RECORD + late).accepted


def test_absence_is_rejected_when_the_record_says_otherwise(verdict):
    script = Script()
    last = script.gene_absent()
    assert verdict(script).accepted
    assert expected(verdict(script, tiny.RECORD + "r:test p:found kb:gene .\n")) == [(last, "rejected")]
    kind = "r:test p:found r:variant . r:variant p:kindOf kb:gene .\n"
    assert expected(verdict(script, tiny.RECORD + kind)) == [(last, "rejected")]


def test_absence_within_an_absence(verdict):
    script = Script()
    rows = []
    for cycle, month in (("r:c1", 2), ("r:c2", 3), ("r:c3", 4)):
        rows += [script.sees(cycle, 2017, month, 1), script.record(f"{cycle} a p:Cycle")]
    seen = script.rule(
        "R-MEAS-002", "r:q p:cyclesSeen 3", rows, aggregates=[tiny.CYCLES], absences=[dict(tiny.SUMMARY_ABSENCE)]
    )
    premises = [script.record("r:q a p:Question"), script.record("r:q p:about r:patient"), script.record("r:patient p:complete true")]
    outer = "NOT EXISTS { ?s p:sees ?e FILTER NOT EXISTS { ?e p:day ?d } FILTER NOT EXISTS { ?s p:fails p:Either } }"
    absence = {"pattern": outer, "licence": "licence: the patient's events are complete"}
    last = script.rule("R-LIFT-001", "r:q a p:Closed", [*premises, seen], absences=[absence])
    assert verdict(script).accepted
    assert expected(verdict(script, tiny.RECORD + "r:q p:sees r:dateless .\n")) == [(last, "rejected")]


def test_rule_without_licence_in_its_header_is_rejected(verdict):
    script = Script()
    absence = {"pattern": "NOT EXISTS { ?s p:never ?x }", "licence": "none"}
    last = script.rule("R-LIFT-002", "r:q a p:Unlicensed", [script.record("r:q a p:Question")], absences=[absence])
    assert (last, "rejected") in expected(verdict(script))
    assert "what licenses its absence" in verdict(script).findings[0].expected


def test_every_absence_of_a_rule_is_told(knowledge, verdict):
    script = tiny.count()
    pattern = script.steps[-1]["absences"][0]["pattern"]
    script.steps[-1]["absences"] = [{"pattern": "(grouping)", "licence": "no further cycle"}]
    found = verdict(script)
    assert found.outcome == "rejected"
    assert any("".join(pattern.split()) in "".join(finding.expected.split()) for finding in found.findings)


def test_layer_cannot_see_a_later_one(verdict):
    script = tiny.latest()
    last = script.rule("R-TIME-021", "r:q p:early r:bm2", [len(script.steps)])
    found = verdict(script)
    assert expected(found) == [(last, "rejected")]
    assert "layer time" in found.findings[0].expected


def test_leaf_keeps_its_lexical_form_and_rules_see_its_value(verdict):
    """The record says 04: the leaf must say so too, and R-FIND-001 reads it as 4."""
    text = tiny.RECORD.replace("2017-06-10", "2017-02-10")

    def script(low):
        made = Script()
        date = made.record('r:q p:date "2017-02-10"^^xsd:date')
        days = [made.rule("R-TIME-001", f"r:q p:day {day(2017, 2, 10)}", [date]), made.day_of("r:bm1", 2017, 1, 2)]
        about = [made.record("r:q a p:Question"), made.record("r:q p:about r:patient"), made.record("r:patient p:event r:bm1")]
        rows = [made.rule("R-TIME-002", "r:q p:sees r:bm1", [*about, *days]), made.record("r:bm1 p:analyte kb:blasts"), days[1]]
        current = made.rule("R-MEAS-001", "r:q p:current r:bm1", rows, aggregates=[tiny.LATEST], absences=[dict(tiny.LATEST_ABSENCE)])
        leaves = [made.record("r:bm1 p:analyte kb:blasts"), made.record(f"r:bm1 p:low {low}"), made.record("r:bm1 p:high 04")]
        leaves += [made.known(f"kb:threshold-20 {rest}") for rest in (
            "a p:Threshold", "p:analyte kb:blasts", "p:limit 20", "p:aboveClass p:Over20", "p:belowClass p:AtMost20")]  # fmt: skip
        made.rule("R-FIND-001", "r:q a p:AtMost20", [current, *leaves])
        return made

    assert verdict(script("04"), text).accepted
    found = verdict(script("4"), text)
    assert [finding.found.split(",")[0] for finding in found.findings] == [" ".join([token("r:bm1"), token("p:low"), token("4")])]


def test_another_goal_is_another_claim(verdict):
    found = verdict(tiny.wild(), goal=3)
    assert found.accepted
    assert list(found.claim) == tiny.wild().steps[2]["triple"]


def test_document_of_a_triple_that_several_files_state(verdict):
    def stated(place, **rest):
        script = Script()
        script.known('kb:doubly p:says "stated twice"', place, **rest)
        return verdict(script).outcome

    paper = token("kb:source-paper-1")
    assert stated("kb/thresholds.ttl:12") == "accepted"
    assert stated("kb/sources/paper-1/options.ttl", document=paper) == "accepted"
    assert stated("kb/sources/paper-2/options.ttl", document=paper) == "rejected"
    assert stated("kb/thresholds.ttl", document=token("kb:source-paper-2")) == "rejected"


# --- the question ---------------------------------------------------------------------------------------------


def asked(change=None):
    script = tiny.asked()
    for step in script.steps:
        if step["kind"] == "question" and change:
            change(step)
    return script


def test_question_is_told_in_the_verdict(verdict):
    found = verdict(asked())
    assert found.accepted
    assert len(found.question) == 4
    assert "question that is not in the record" in found.to_text()


def test_question_may_stand_at_the_top(verdict):
    script = tiny.asked()
    whole = [step["triple"] for step in script.steps if step["kind"] == "question"]
    del script.steps[0]  # p:jurisdiction, on which no step rests
    for step in script.steps:
        step["id"] -= 1
        if "premises" in step:
            step["premises"] = [premise - 1 for premise in step["premises"]]
    assert verdict(script).outcome == "unchecked"  # absence and maximum cannot be replayed on half a question
    assert verdict(script, question=whole).accepted


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("another type", "r:asked a p:Patient"),
        ("another predicate", "r:asked p:event r:bm1"),
        ("a question of the record", "r:q p:jurisdiction kb:EU"),
        ("two questions", "r:other p:jurisdiction kb:EU"),
        ("two dates", 'r:asked p:date "2019-01-01"^^xsd:date'),
        ("an unknown jurisdiction", "r:asked p:jurisdiction kb:Atlantis"),
    ],
)
def test_question_that_says_too_much_is_rejected(verdict, what, text):
    script = tiny.asked()
    script.steps[0]["triple"] = list(tiny.triple(text))
    assert verdict(script).outcome == "rejected", what


# --- limits and forms ----------------------------------------------------------------------------------------


def test_long_list(verdict, tmp_path, empty_knowledge):
    """A class of 1,500 members is no matter of recursion."""
    members = [f"<http://example.org/c{n}>" for n in range(1500)]
    record = tmp_path / "long.ttl"
    record.write_text(
        f"<a:C> <{tiny.PREFIX.split('owl: <')[1].split('>')[0]}intersectionOf> ({' '.join(members)}) .\n"
        + "".join(f"<a:x> a {member} .\n" for member in members)
    )
    script = Script()
    axiom = {"id": 1, "kind": "record", "triple": ["<a:C>", token("owl:intersectionOf"), f"({' '.join(members)})"]}
    types = [{"id": n, "kind": "record", "triple": ["<a:x>", token("a"), m]} for n, m in enumerate(members, start=2)]
    rule = {"kind": "rule", "rule": "cls-int1", "triple": ["<a:x>", token("a"), "<a:C>"]}
    script.steps = [axiom, *types, {"id": 1502, **rule, "premises": list(range(1, 1502))}]
    proof = {**script.proof("", None), "record": None, "knowledge": None}
    assert check(proof, record, empty_knowledge).accepted
    script.steps[-1]["premises"].pop()
    assert check(proof, record, empty_knowledge).outcome == "rejected"


def test_nonsense_is_rejected_and_never_crashes(knowledge):
    for nonsense in ({}, {"format": "posthma-proof/1"}, {"format": "posthma-proof/1", "steps": 3, "goal": 1}):
        assert check(nonsense, None, knowledge).outcome == "rejected"
    step = {"id": 1, "kind": "record", "triple": ["<a:b>", "<a:c>", "<a:d>"]}
    for key, value in {
        "triple": ["<a:b>", "<a:c>"], "kind": ["record"], "id": "1", "place": 5, "rule": None,
    }.items():  # fmt: skip
        proof = {"format": "posthma-proof/1", "steps": [{**step, key: value}], "goal": 1}
        assert check(proof, None, knowledge).outcome in ("rejected", "unchecked"), key
    for term in ("", "a", "<a b>", '"open', '"x"^^int', "(", "(<a:b>", "(<a:b>,<a:c>)", '"\\x"', '"\\UFFFFFFFF"', "_:"):
        proof = {"format": "posthma-proof/1", "steps": [{**step, "triple": ["<a:b>", "<a:c>", term]}], "goal": 1}
        assert check(proof, None, knowledge).outcome == "rejected", term


def test_proof_file(verdict, knowledge, tmp_path):
    record = tiny.write_record(tmp_path / "record.ttl")
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(tiny.wild().proof(read_material(knowledge).knowledge.sha256, record)), encoding="utf-8")
    assert check(path, record, knowledge).accepted
    assert check(str(path), str(record), str(knowledge)).to_json()["verdict"] == "accepted"


def test_rule_text_is_read_for_what_it_says():
    plain = parse_rule('# NOT EXISTS {\nCONSTRUCT { ?a p:b "MAX(?x) OPTIONAL {" } WHERE { ?a <http://x/COUNT(1)> ?b }', "time")
    assert plain.monotone
    assert not parse_rule("CONSTRUCT {} WHERE { ?a p:b ?c FILTER not  exists { ?a p:d ?e } }", "time").monotone
    assert not parse_rule("CONSTRUCT {} WHERE { ?a p:b ?c OPTIONAL { ?a p:d ?e } }", "time").monotone
    assert not parse_rule("CONSTRUCT {} WHERE { ?a p:b ?c MINUS { ?a p:d ?e } }", "time").monotone
    assert not parse_rule("CONSTRUCT {} WHERE { ?a p:b ?c FILTER(EXISTS { ?a p:d ?e }) }", "time").monotone
    counting = parse_rule("CONSTRUCT {} WHERE { { SELECT ?a (sum(?c) AS ?n) { ?a p:b ?c } GROUP BY ?a } }", "time")
    assert counting.aggregates == ("SUM", "GROUP BY")
    nested = "CONSTRUCT {} WHERE { ?a p:b ?c FILTER NOT EXISTS { ?a p:d ?e FILTER NOT EXISTS { ?e p:f ?g } } }"
    assert "EXISTS" not in parse_rule(nested, "time").positive
    assert len(parse_rule(nested, "time").absences) == 1
