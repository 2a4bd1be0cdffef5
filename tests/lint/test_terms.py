"""What lint says of terms that shapes cannot say, and how it shows what shapes say."""

from __future__ import annotations

import pytest

MANY = "kb/things.ttl"


@pytest.mark.parametrize(
    ("text", "code", "severity", "words"),
    [
        (
            'p:Odd a owl:Class ; rdfs:label "odd"@en ; skos:definition "A situation that is odd."@en .\n'
            "kb:odd a p:Threshold ; p:aboveClass p:Odd .\n",
            "unused-class", "warning", "p:Odd is concluded and nothing reads it",
        ),
        (
            "p:Sick rdfs:subClassOf [ a owl:Restriction ; owl:onProperty p:sees ; owl:someValuesFrom p:Well ] .\n",
            "existential", "violation", "p:Sick is below an anonymous class; turn it round",
        ),
        ('kb:draft rdfs:label "TODO: a name"@en .\n', "unfinished", "violation", "kb:draft rdfs:label is not filled in"),
        ("kb:idle a p:Threshold ; p:limit 3 .\n", "idle-threshold", "violation", "no class on either side"),
        (
            'kb:two rdfs:label "twice"@en .\nkb:one a p:TestKind ; rdfs:label "once"@en ; p:decidedBy kb:lok .\n',
            "shape:KnownName", "violation", "(kb:one p:decidedBy kb:lok); did you mean kb:look? Else mend",
        ),
        (
            'kb:one a p:TestKind ; rdfs:label "once"@en ; p:decidedBi kb:look .\n',
            "shape:KnownProperty", "violation", "did you mean p:decidedBy?",
        ),
        ('kb:one a p:TestKind ; rdfs:label "a look"@en .\n', "shape:UniqueLabel", "violation", "the same label"),
    ],
)  # fmt: skip
def test_a_broken_term_is_told(text, code, severity, words, house):
    assert house.findings() == []
    house.add(text)
    found = [f for f in house.findings() if f.code == code and f.place.startswith(MANY)]
    assert len(found) == 1, house.told()
    assert found[0].severity == severity
    assert words in f"{found[0].fact}; {found[0].remedy}"


def test_a_finding_names_the_line_of_the_fact(house):
    house.add('\nkb:one\n    a p:TestKind ;\n    rdfs:label "once"@en ;\n    p:decidedBy kb:lok ;\n.\n')
    lines = (house.folder / MANY).read_text(encoding="utf-8").splitlines()
    assert house.told() == [f"{MANY}:{lines.index('    p:decidedBy kb:lok ;') + 1}: violation shape:KnownName"]


def test_a_guard_names_a_test_that_exists(house):
    house.add('kb:g a p:Guard ; rdfs:label "g"@en ; p:says "never"@en ; p:heldBy "tests/test_it.py" .\n')
    assert not any("guard-test" in told for told in house.told()), "no tests at hand: nothing can be said"
    house.write("tests/test_other.py", "")
    assert any("guard-test" in told for told in house.told())
    house.write("tests/test_it.py", "")
    assert not any("guard-test" in told for told in house.told())


ODD = (
    'p:Odd a owl:Class ; rdfs:label "odd"@en ; skos:definition "A situation that is odd."@en .\n'
    'kb:way rdfs:label "a way to count"@en ; p:alternativeOf kb:thing .\n'
    "kb:odd a p:Threshold ; p:SIDE p:Odd .\n"
)


def unused(house):
    return [finding.fact for finding in house.findings() if finding.code == "unused-class"]


@pytest.mark.parametrize("link", ["kb:way p:failureFrom kb:odd .\n", "kb:odd p:definition kb:way .\n"])
@pytest.mark.parametrize("side", ["aboveClass", "belowClass"])
def test_a_class_of_a_threshold_that_an_alternative_names_is_read(link, side, house):
    """The twin without the link warns: an alternative that names nothing reads nothing."""
    house.add(ODD.replace("SIDE", side))
    assert unused(house) == ["p:Odd is concluded and nothing reads it"]
    house.add(link)
    assert unused(house) == []


def test_a_thing_that_is_no_alternative_reads_no_threshold(house):
    house.add(ODD.replace("SIDE", "aboveClass").replace("p:alternativeOf", "p:about"))
    house.add("kb:way p:failureFrom kb:odd .\n")
    assert unused(house) == ["p:Odd is concluded and nothing reads it"]


def test_a_class_whose_members_a_rule_mints_is_a_kind_and_no_conclusion(house):
    assert not any("unused" in told for told in house.told())
    minting = house.finding.replace("001", "002").replace(
        "{ ?s p:sees ?e }", '{ ?s p:sees ?e BIND(IRI(CONCAT(STR(?s), "/m")) AS ?m) }'
    )
    house.add('p:Made a owl:Class ; rdfs:label "made"@en ; skos:definition "A thing made."@en .\n')
    house.write("queries/rules/findings/R-FIND-002.rq", minting.replace("?s a p:Sick", "?m a p:Made"))
    assert house.told() == []
    house.write("queries/rules/findings/R-FIND-002.rq", minting.replace("?s a p:Sick", "?s a p:Made"))
    assert [told.rpartition(" ")[2] for told in house.told()] == ["unused-class"]
