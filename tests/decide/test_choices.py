"""Choices of the one who asks: what they are called, what an answer says of them, and which others would change it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.check.test_cases import proofs
from tests.decide.conftest import TABLE, case, knowledge

from posthma import receipt as receipts
from posthma import resources
from posthma.check import check
from posthma.decide.case import Case
from posthma.decide.choices import choices, under
from posthma.decide.whynot import why_not
from posthma.errors import InvalidRecordError, UsageError
from posthma.intake.rdf import parse_record
from posthma.report import json_
from posthma.report.book import Book, goals
from posthma.vocab import P

DEFAULTS = {"aml": "santini-2019", "attribution": "three-cycles", "exposure": "4-to-6", "freshness": "six-weeks",
            "response": "iwg-2006"}  # fmt: skip
PATIENT_3 = resources.path("kb/cases/patient-3/record.ttl")


def record(name, **more):
    """Return a record of the failure table, with choices of its question."""
    triples = list(TABLE[name].triples)
    question = TABLE[name].question
    triples += [(question, getattr(P, predicate), value) for predicate, value in more.items()]
    return parse_record("".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode(), f"{name}.nt")


def other(answer):
    return {(o.choice, o.alternative): o for o in answer.other_choices}


def test_the_choices_and_their_defaults():
    found = {choice.name: choice for choice in choices(knowledge().guidance)}
    names = {name: next(n for n, a in c.alternatives.items() if a == c.default) for name, c in found.items()}
    assert names == DEFAULTS
    assert [name for name, choice in found.items() if not choice.computed] == ["response"]
    assert list(found["attribution"].alternatives) == ["line-end", "one-cycle", "three-cycles", "half-year"]


def test_an_answer_names_every_choice_with_its_alternatives():
    answer = case("stable-5").answer
    assert {made.name: (made.taken, made.by) for made in answer.choices} == {
        n: (v, "default") for n, v in DEFAULTS.items()
    }
    exposure = next(made for made in answer.choices if made.name == "exposure")
    assert exposure.alternatives == ("4", "4-to-6", "6")
    assert exposure.citations[0].locator.endswith("lines 124-129, 168-169")
    assert answer.other_choices is None


def test_who_chose_is_told():
    answer = knowledge().assess(
        record("stable-5", chooses="<https://w3id.org/posthma/kb/exposure-6>"), choices={"aml": "who"}
    )
    by = {made.name: (made.taken, made.by) for made in answer.choices}
    assert by["aml"] == ("who", "call")
    assert by["exposure"][0] == "6"
    assert by["freshness"] == ("six-weeks", "default")
    assert answer.failure.definition == "overt leukaemia at 20 % marrow blasts or more (other classifications)"


def test_the_record_may_choose_and_the_call_stands_before_it():
    given = record("stable-5", chooses="<https://w3id.org/posthma/kb/exposure-6>")
    own = knowledge().assess(given)
    assert (own.failure.gate, own.situation) == ("HMA not failed", TABLE["stable-5"].question[1:-1])
    called = knowledge().assess(given, choices={"exposure": "4"})
    assert (called.failure.gate, called.failure.certainty) == ("after HMA failure", "conclusive failure")
    default = knowledge().assess(given, choices={"exposure": "4-to-6"})
    assert (default.failure.gate, default.failure.certainty) == ("after HMA failure", "provisional failure")


def test_choosing_the_default_asks_the_same_question():
    plain = case("stable-5").answer
    same = knowledge().assess(record("stable-5"), choices={**DEFAULTS, "attribution": "90"})
    assert same == replace(plain, record_path=same.record_path, record_sha=same.record_sha)


@pytest.mark.parametrize(
    "more",
    [
        {"chooses": "<https://w3id.org/posthma/kb/attribution-0-days>"},
        {"chooses": "<https://w3id.org/posthma/kb/threshold-aml-who>"},
        {"attributionWindowDays": '"-1"^^<http://www.w3.org/2001/XMLSchema#integer>'},
        {"reassessmentWindowDays": '"4000"^^<http://www.w3.org/2001/XMLSchema#integer>'},
    ],
)
def test_a_record_cannot_choose_what_there_is_not(more):
    with pytest.raises(InvalidRecordError):
        knowledge().assess(record("stable-5", **more))


def test_a_record_chooses_one_definition_of_each_kind():
    given = record("stable-5", chooses="<https://w3id.org/posthma/kb/exposure-6>")
    twice = (TABLE["stable-5"].question, P.chooses, "<https://w3id.org/posthma/kb/exposure-4>")
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in (*given.triples, twice))
    with pytest.raises(InvalidRecordError, match="one definition at most"):
        knowledge().assess(parse_record(text.encode(), "twice.nt"))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            {"amll": "who"},
            "'amll' is no choice; did you mean aml? choose one of aml, attribution, exposure, freshness, response",
        ),
        ({"aml": "20"}, "'20' is no alternative of aml; choose one of santini-2019 (default), who"),
        ({"exposure": "5"}, "'5' is no alternative of exposure; choose one of 4, 4-to-6 (default), 6"),
        ({"attribution": "-1"}, "or a number of days, 0 to 3660"),
        ({"freshness": "3661"}, "or a number of days, 0 to 3660"),
        ({"freshness": "six weeks"}, "line-end, one-cycle, six-weeks (default), three-cycles"),
    ],
)
def test_what_is_unknown_is_refused_and_the_rest_listed(wanted, words):
    with pytest.raises(UsageError) as raised:
        knowledge().assess(PATIENT_3, choices=wanted)
    assert words in str(raised.value)


def test_another_choice_that_changes_the_answer_is_named():
    """5 cycles of stable disease: 6 cycles required undoes the failure, 4 makes it conclusive; the rest changes nothing."""
    answer = knowledge().assess(record("stable-5"), compare=True)
    assert set(other(answer)) == {("exposure", "4"), ("exposure", "6")}
    four, six = other(answer)["exposure", "4"], other(answer)["exposure", "6"]
    assert [(t.label, t.before, t.after) for t in four.failure] == [
        ("certainty", "provisional failure", "conclusive failure")
    ]
    turned = {t.label: (t.before, t.after) for t in six.failure}
    assert turned["gate"] == ("after HMA failure", "HMA not failed")
    assert turned["certainty"] == ("provisional failure", "none")
    assert turned["remarks"] == ("none", "latest line too short to judge lack of response")
    flipped = {t.iri.rpartition("/")[2]: (t.before, t.after) for t in six.options}
    assert flipped["option-clinical-trial"] == ("undetermined", "not applicable")


def test_what_would_change_is_what_the_other_choice_gives():
    """Each option that is said to change has the status told under that choice, and each that is not keeps its own."""
    for name in ("blasts-20.0", "gene-test-43-days-before-end", "aml-after-window"):
        answer = knowledge().assess(record(name), compare=True)
        now = {option.iri: option.status for option in answer.options}
        assert answer.other_choices, name
        for (choice, alternative), told in other(answer).items():
            then = knowledge().assess(record(name), choices={choice: alternative})
            changed = {o.iri: (now[o.iri], o.status) for o in then.options if o.status != now[o.iri]}
            assert {t.iri: (t.before, t.after) for t in told.options} == changed


def test_the_answer_is_silent_where_no_choice_changes_anything():
    assert knowledge().assess(record("stable-6-low-dose"), compare=True).other_choices == ()


def test_patient_3_hangs_on_the_definition_of_overt_leukaemia():
    """Exactly 20 % blasts: overt leukaemia by the other definition (AMB-AML20)."""
    answer = knowledge().assess(PATIENT_3, compare=True)
    told = other(answer)["aml", "who"]
    assert [(t.label, t.before, t.after) for t in told.failure] == [
        ("state of the disease", "not overt leukaemia", "overt leukaemia")
    ]
    assert told.options


def test_suppositions_go_by_the_chosen_definition():
    """What would make overt leukaemia hold lies above the limit that was chosen."""
    kb = knowledge()
    for wanted, low in (({}, "over 20"), ({"aml": "who"}, "at least 20")):
        found = Case.open(kb, PATIENT_3, choices=wanted)
        ways = found.ways.of("<https://w3id.org/posthma/ontology/AmlByMarrow>")
        assert [str(way.interval) for way in ways] == [low]
        assert why_not(found, "option-cpx351", 5) is not None
    assert under(kb.guidance, Case.open(kb, PATIENT_3).asked) is kb.guidance


def test_a_receipt_carries_the_choices_and_is_replayed(tmp_path):
    kb = knowledge()
    read = kb.read(PATIENT_3)
    answer = kb.assess(read, choices={"aml": "who", "attribution": "60"}, compare=True)
    made = json.loads(receipts.write(receipts.make(answer, kb, read)))
    assert made["question"]["choices"] == {**DEFAULTS, "aml": "who", "attribution": "60"}
    assert made["question"]["compared"] is True
    again, differences = receipts.replay(made, PATIENT_3, kb)
    assert differences == []
    assert json_.render(again) == json_.render(answer)
    made["question"]["choices"]["aml"] = "santini-2019"
    again, differences = receipts.replay(made, PATIENT_3, kb)
    assert receipts.report_differs(made, again)
    assert any("options" in text for text in differences)


def test_every_choice_has_a_proof_that_the_checker_accepts():
    kb = knowledge()
    wanted = {"aml": "who", "exposure": "6", "attribution": "60"}
    answer = kb.assess(PATIENT_3, choices=wanted)
    book = Book(kb.close(PATIENT_3, choices=wanted), goals(answer))
    for made in answer.choices:
        verdict = check(book.proof(made.triple).to_dict(), PATIENT_3)
        assert verdict.accepted, verdict.to_text()


def test_proofs_under_a_choice_are_accepted_and_none_that_chooses_twice():
    kb = knowledge()
    closure = kb.close(PATIENT_3, choices={"aml": "who"})
    proof = next(p for _, p in proofs(closure, 7) if any(s["triple"][1] == P.takes for s in p["steps"]))
    assert check(proof, PATIENT_3).accepted
    question = proof["question"]
    chosen = next(t for t in question if t[1] == P.chooses)
    for wrong in (
        [chosen[0], P.chooses, "<https://w3id.org/posthma/kb/aml-santini-2019>"],
        [chosen[0], P.chooses, "<https://w3id.org/posthma/kb/threshold-aml-who>"],
        [chosen[0], P.attributionWindowDays, '"many"'],
    ):
        assert check({**proof, "question": [*question, wrong]}, PATIENT_3).outcome == "rejected", wrong
