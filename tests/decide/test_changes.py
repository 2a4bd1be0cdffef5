"""Changes of a record: how they are read, and how each finding comes about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.decide.conftest import case, knowledge

from posthma.decide.case import Case
from posthma.decide.changes import Change, Interval, as_findings, parse_set, parse_unset
from posthma.errors import UsageError
from posthma.validation import validate
from posthma.vocab import KB, P, expand


def number(text):
    return Decimal(text)


@pytest.mark.parametrize(
    ("text", "to", "interval"),
    [
        ("kb:idh2=found", "found", Interval()),
        ("kb:idh2=absent", "absent", Interval()),
        ("p:Fit=met", "met", Interval()),
        ("p:Fit=not met", "not met", Interval()),
        ("p:Fit=not-met", "not met", Interval()),
        ("kb:marrowBlasts=12", "value", Interval(number(12), number(12))),
        ("kb:marrowBlasts=5-9.5", "value", Interval(number(5), number("9.5"))),
        ("kb:marrowBlasts=<5", "value", Interval(None, number(5), high_out=True)),
        ("kb:marrowBlasts=>=20", "value", Interval(number(20), None)),
    ],
)
def test_a_change_is_read(text, to, interval):
    change = parse_set(text, knowledge().guidance)
    assert (change.term, change.to, change.interval) == (expand(text.partition("=")[0]), to, interval)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kb:idh2", "has no value"),
        ("kb:idh3=found", "no term of the knowledge base; did you mean kb:idh"),
        ("kb:idh2=maybe", "'maybe' is no value for kb:idh2"),
        ("kb:marrowBlasts=9-5", "9-5 runs backwards"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(text, words):
    with pytest.raises(UsageError, match=words):
        parse_set(text, knowledge().guidance)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["kb:idh2=12"], "is not measured"),
        (["kb:marrowBlasts=120"], "is not plausible"),
        (["p:MarrowBlastsUnder5=met", "p:AmlByMarrow=met"], "no value is"),
        (["kb:anyTrial=absent", "kb:nct02577406=found"], "cannot both be so"),
        (["p:DonorFound=met"], "in several ways; set one of the findings"),
        (["p:HmaNotFailed=met"], "refuted by the therapy lines"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(texts, words):
    patient = case("patient-1")
    with pytest.raises(UsageError, match=words):
        patient.suppose([parse_set(text, patient.guidance) for text in texts])


def test_every_finding_of_every_option_can_be_brought_about_or_is_history(any_case):
    """Each finding and its contrary holds when it is supposed, in the situation and in its fresh twin."""
    guidance, ways = any_case.guidance, any_case.ways
    leaves = {f for o in guidance.options for f in guidance.leaves(guidance.one(o, P.forPopulation))}
    tried = 0
    for finding in sorted(leaves | {guidance.contrary[f] for f in leaves if f in guidance.contrary}):
        if not ways.of(finding):
            assert ways.from_history(finding), finding
            continue
        outlook = any_case.outlook([Change(finding, "met")])
        assert outlook.whole.value(finding) == "met", finding
        assert outlook.fresh.value(finding) == "met", finding
        tried += 1
    assert tried > 80


def test_what_is_supposed_is_a_sound_record(patient):
    """Events that are written in pass every shape of a record."""
    from dataclasses import replace

    changes = [
        Change(expand(t), to)
        for t, to in [("kb:idh2", "absent"), ("p:HigherRisk", "met"), ("p:Fit", "met"), ("p:AgeAtLeast70", "met")]
    ]
    supposed = patient.suppose([*changes, Change(expand("p:MarrowBlastsUnder5"), "met")])
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in supposed.triples)
    record = replace(patient.record, format="n-triples", triples=supposed.triples, text=lines)
    assert [f for f in validate(record, knowledge().knowledge) if f.severity == "violation"] == []
    assert supposed.added
    assert all("supposed" in s or p == P.event for s, p, _ in supposed.added if s not in {x for x, _, _ in patient.asked.triples})


def test_unset_takes_a_finding_out_and_leaves_what_the_test_said_besides():
    """Patient 1's karyotype found trisomy 8: without it an abnormal karyotype stays, and del(5q) stays absent."""
    patient = case("patient-1")
    outlook = patient.outlook([parse_unset("kb:trisomy8", patient.guidance)])
    assert outlook.whole.value(expand("p:AbnormalKaryotype")) == "met"
    assert outlook.whole.value(expand("p:NoDel5q")) == "met"
    without = patient.outlook([parse_unset("kb:del5q", patient.guidance)])
    assert without.whole.value(expand("p:NoDel5q")) == "unknown"
    assert without.whole.value(expand("p:AbnormalKaryotype")) == "met"


def test_a_finding_that_is_set_replaces_a_result_of_the_decision_date():
    """Patient 4's gene test is of 18 April 2017; asked that day, IDH2 can be supposed absent, and present again."""
    path = case("patient-4").record.path
    same_day = Case.open(knowledge(), path, at="2017-04-18")
    assert same_day.now.whole.value(expand("p:Idh2Mutated")) == "met"
    for text, wanted in (("kb:idh2=absent", "p:Idh2NotMutated"), ("kb:idh2=found", "p:Idh2Mutated")):
        assert same_day.outlook([parse_set(text, same_day.guidance)]).whole.value(expand(wanted)) == "met"
    blasts = Case.open(knowledge(), path, at="2017-07-24")
    assert blasts.now.whole.value(expand("p:ExcessMarrowBlasts")) == "met"
    then = blasts.outlook([parse_set("kb:marrowBlasts=2", blasts.guidance)])
    assert then.whole.value(expand("p:MarrowBlastsUnder5")) == "met"


def test_unset_makes_every_settable_finding_unknown(patient):
    guidance = patient.guidance
    done = 0
    for finding in sorted({f for o in guidance.options for f in guidance.leaves(guidance.one(o, P.forPopulation))}):
        forms = {way.form for way in patient.ways.of(finding)}
        if patient.now.whole.value(finding) != "met" or not forms or "diagnosis" in forms:
            continue
        outlook = patient.outlook([Change(finding, "unset")])
        assert outlook.whole.value(finding) == "unknown", finding
        done += 1
    assert done > 3


def test_a_value_keeps_what_else_is_known_of_it():
    """Patient 1 has 30 % marrow blasts: not over 20 % still means 5 % or more."""
    patient = case("patient-1")
    outlook = patient.outlook([Change(expand("p:NotAmlByMarrow"), "met")])
    assert outlook.whole.value(expand("p:ExcessMarrowBlasts")) == "met"


def test_a_criterion_is_changed_by_all_its_findings():
    guidance = knowledge().guidance
    changes = as_findings(Change(expand("p:NotAml"), "met"), guidance)
    assert [c.term for c in changes] == [expand("p:NotAmlByMarrow"), expand("p:NoOvertLeukemiaReported")]


@pytest.mark.parametrize("names", [P, KB])
def test_every_name_is_a_term_of_the_knowledge(names):
    said = knowledge().guidance.said
    for name in names.__annotations__:
        token = getattr(names, name)
        assert token in said, token


def test_margins_and_changeability_name_known_terms():
    guidance = knowledge().guidance
    margins = guidance.instances(P.Margin)
    assert len(margins) > 5
    for margin in margins:
        analyte = guidance.one(margin, P.analyte)
        assert guidance.one(analyte, P.unit), margin
        assert Decimal(guidance.text(margin, P.within)) > 0
        assert guidance.text(margin, "<https://w3id.org/posthma/ontology/projectPolicy>") == "true"
    fixed = [s for s, facts in guidance.said.items() if P.changeable in facts]
    assert len(fixed) > 8
    assert all(guidance.label(s) != "" and len(guidance.said[s]) > 1 for s in fixed)
