"""What lint says of rule files: each case breaks a sound rule in one place."""

from __future__ import annotations

import pytest
from tests.lint.conftest import RULE

MEASURES, FINDINGS = "queries/rules/measures/R-MEAS-001.rq", "queries/rules/findings/R-FIND-001.rq"


def test_a_sound_house_is_clean(house):
    assert house.findings() == []


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "words"),
    [
        ("id: R-MEAS-001", "id: R-FIND-007", 1, "rule-id", "does not fit the layer 'measures'; write R-MEAS-"),
        ("id: R-MEAS-001", "id: R-MEAS-002", 1, "rule-id", "the file of R-MEAS-002 has another name"),
        ("id: R-MEAS-001", "id: R-MEAS-1", 1, "rule-id", "does not fit"),
        ("layer: measures", "layer: measurs", 3, "layer", "layer 'measurs' is not declared"),
        ("{s} sees {e}", "{s} sees {f}", 4, "rule-says", "{f} is no variable of the rule"),
        ("absence: none", "absence: record: the latest one", 6, "rule-absence", "tells an absence and looks for none"),
        ("absence: none", "absence: maybe", 6, "rule-absence", "absence 'maybe' is of no kind"),
        (
            "?x p:event ?e }",
            "?x p:event ?e FILTER NOT EXISTS { ?e p:day ?d } }",
            6,
            "rule-absence",
            "it has NOT EXISTS",
        ),
        ("p:event ?e", "p:evnt ?e", 9, "unknown-name", "p:evnt is described nowhere; did you mean p:event?"),
        ("# title: who is seen\n", "", 0, "PH-500", "the header has no '# title:' line"),
        ("WHERE {", "WHERE", 0, "PH-500", "the query cannot be parsed"),
    ],
)
def test_a_broken_rule_is_told_with_its_line(old, new, line, code, words, house):
    assert old in RULE
    house.write(MEASURES, RULE.replace(old, new))
    found = [f for f in house.findings() if f.code == code]
    assert len(found) == 1
    assert found[0].place == (f"{MEASURES}:{line}" if line else MEASURES)
    assert found[0].severity == "violation"
    assert words in f"{found[0].fact}; {found[0].remedy}"


def grouped(rows):
    return RULE.replace("absence: none", "absence: licence: all lines are given").replace(
        "{ ?s p:about ?x . ?x p:event ?e }", "{ { SELECT ?s (SUM(?d) AS ?e) " + rows + " GROUP BY ?s } }"
    )


def test_a_sum_stands_over_distinct_rows(house):
    house.write(MEASURES, grouped("{ ?s p:about ?x . ?x p:dose ?d }"))
    assert house.told() == [f"{MEASURES}:9: violation sum-rows"]
    house.write(MEASURES, grouped("{ { SELECT DISTINCT ?s ?x ?d { ?s p:about ?x . ?x p:dose ?d } } }"))
    assert house.told() == []


def test_two_rules_of_one_id(house):
    house.write("queries/rules/measures/R-MEAS-009.rq", RULE)
    (found,) = house.findings()
    assert (found.place, found.code) == ("queries/rules/measures/R-MEAS-009.rq:1", "rule-id")
    assert found.fact == f"the id R-MEAS-001 is taken by {MEASURES}"


def test_a_folder_that_is_no_declared_layer_and_a_layer_without_rules(house):
    house.write("queries/rules/layers.toml", 'order = ["measures", "refute", "logic"]\n')
    told = house.told()
    assert "queries/rules/findings: violation layer" in told
    assert "queries/rules/layers.toml: violation layer" in told


def test_layers_that_are_not_declared_at_all(house):
    house.write("queries/rules/layers.toml", "")
    assert house.told() == ["queries/rules/layers.toml: violation PH-500"]


def test_a_rule_in_the_folder_of_another_layer(house):
    house.write("queries/rules/findings/R-MEAS-002.rq", RULE.replace("001", "002"))
    assert house.told() == ["queries/rules/findings/R-MEAS-002.rq:3: violation layer"]


def test_an_absence_over_the_type_of_a_finding_is_refused(house):
    """The circle: sick because nobody is found well, well because nobody is found sick."""
    text = house.finding.replace("absence: none", "absence: record: no word of the other")
    house.write(FINDINGS, text.replace("?s p:sees ?e", "?s p:sees ?e FILTER NOT EXISTS { ?s a p:Well }"))
    other = text.replace("001", "002").replace("a p:Sick", "a p:Well")
    house.write(
        FINDINGS.replace("001", "002"),
        other.replace("?s p:sees ?e", "?s p:sees ?e FILTER NOT EXISTS { ?s a p:Sick }"),
    )
    (found,) = house.findings()
    assert found.code == "PH-500"
    assert "absence" in found.fact
    assert "R-FIND-00" in f"{found.place} {found.fact} {found.remedy}"


@pytest.mark.parametrize("word", ["NOW", "RAND", "UUID"])
def test_what_gives_another_answer_every_time_is_outside_the_fragment(word, house):
    house.write(MEASURES, RULE.replace("?x p:event ?e }", f"?x p:event ?e FILTER(STR({word}()) != '') }}"))
    assert house.told() == [f"{MEASURES}:9: violation rule-fragment"]


def test_words_in_comments_count_for_nothing(house):
    house.write(MEASURES, RULE + "# SERVICE, SUM(?x), NOT EXISTS, p:nonsense\n")
    assert house.findings() == []
