"""What holds of every decision, whatever the record."""

from __future__ import annotations

import random
import re
from dataclasses import asdict, replace

import pytest
from tests.decide.conftest import PATIENTS, case, knowledge

from posthma.decide.case import Case
from posthma.decide.changes import Change
from posthma.engine import KnowledgeBase
from posthma.errors import UsageError
from posthma.question import ask
from posthma.terms import XSD
from posthma.vocab import P


def shuffled_answers(patient):
    """Return the answer about a record, then about its facts in other orders."""
    facts = list(patient.record.triples)
    for seed in (0, 1, 2):
        if seed:
            random.Random(seed).shuffle(facts)
        record = replace(patient.record, triples=tuple(facts))
        yield asdict(Case(patient.kb, record, ask(record.triples)).answer)


def test_the_order_of_facts_changes_nothing(any_case):
    before, *others = (
        {**a, "patient_summary": sorted(map(str, a["patient_summary"]))} for a in shuffled_answers(any_case)
    )
    for answer in others:
        assert answer == before


def test_the_order_of_facts_changes_nothing_in_the_patients_summary():
    before, *others = (a["patient_summary"] for a in shuffled_answers(case("patient-4")))
    assert others == [before, before]


@pytest.mark.slow
def test_the_order_of_rule_files_and_of_knowledge_changes_nothing():
    kb = knowledge()
    rules, triples = list(kb.rules), list(kb.knowledge.triples)
    random.Random(3).shuffle(rules)
    random.Random(4).shuffle(triples)
    shuffled = KnowledgeBase(replace(kb.knowledge, triples=tuple(triples)), cache=False)
    shuffled.rules = rules
    for name in PATIENTS:
        patient = case(name)
        other = Case(shuffled, patient.record, patient.asked)
        assert other.now.statuses == patient.now.statuses
        assert other.now.failure() == patient.now.failure()


def later(patient, number):
    """Return events of every kind after the decision date, each the opposite of what may have been found."""
    day = f'"2099-01-0{number}"^^<{XSD}date>'
    true = f'"true"^^<{XSD}boolean>'
    integer = f"^^<{XSD}integer>"
    kb = "https://w3id.org/posthma/kb/"
    base = f"{patient.asked.patient[:-1]}/later/{number}"
    kinds = {
        "blasts": (
            P.Measurement,
            [(P.analyte, f"<{kb}marrowBlasts>"), (P.low, f'"90"{integer}'), (P.high, f'"90"{integer}')],
        ),
        "genes": (P.Test, [(P.panel, f"<{kb}panelMyeloid>"), (P.conclusive, true), (P.found, f"<{kb}tp53>")]),
        "leukaemia": (P.Diagnosis, [(P.disease, f"<{kb}acuteMyeloidLeukemia>")]),
        "wish": (P.Preference, [(P.wants, f"<{kb}supportiveCareOnly>")]),
        "risk": (P.RiskAssignment, [(P.scheme, f"<{kb}ipss>"), (P.group, f"<{kb}ipssLow>")]),
        "line": (P.TherapyLine, [(P.agent, f"<{kb}decitabine>")]),
    }
    for name, (kind, facts) in kinds.items():
        event = f"{base}/{name}>"
        yield (patient.asked.patient, P.event, event)
        yield from (
            (event, p, o)
            for p, o in [(P.date, day), ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", kind), *facts]
        )


def test_nothing_after_the_decision_date_changes_an_answer(any_case):
    before = asdict(any_case.answer)
    more = tuple(t for number in (1, 2) for t in later(any_case, number))
    record = replace(any_case.record, triples=any_case.record.triples + more)
    asked = ask(record.triples, any_case.asked.date)
    assert asked.question == any_case.asked.question
    assert asdict(Case(any_case.kb, record, asked).answer) == before


def test_a_later_event_would_change_it_on_its_date():
    """The near miss: the same events, dated on the decision date, do change the answer."""
    patient = case("patient-2")
    now = f'"{patient.asked.date}"^^<{XSD}date>'
    more = tuple((s, p, now if p == P.date else o) for s, p, o in later(patient, 1))
    record = replace(patient.record, triples=patient.record.triples + more)
    assert Case(patient.kb, record, ask(record.triples)).now.statuses != patient.now.statuses


def test_a_further_finding_never_makes_the_known_unknown(any_case):
    """Within a situation, a finding that was unknown and becomes known leaves met and not met as they were.

    A finding that a therapy line rests on (overt leukaemia, risk) is a further event of that line; it may turn line
    verdicts, so only the criteria that do not hang on lines are compared for those.
    """
    guidance, now = any_case.guidance, any_case.now
    leaves = sorted({f for o in guidance.options for f in guidance.leaves(guidance.one(o, P.forPopulation))})
    tried = 0
    for finding in leaves:
        if now.whole.value(finding) != "unknown" or not any_case.ways.of(finding):
            continue
        for cls in (finding, guidance.contrary.get(finding, finding)):
            try:
                outlook = any_case.outlook([Change(cls, "met")])
            except UsageError:
                continue
            for other in leaves:
                value = now.whole.value(other)
                if value != "unknown" and not any_case.ways.from_history(other):
                    assert outlook.whole.value(other) == value, (cls, other)
                    tried += 1
            for option, status in now.statuses.items():
                history = any(
                    any_case.ways.from_history(f) and outlook.whole.value(f) != now.whole.value(f)
                    for f in guidance.leaves(guidance.one(option, P.forPopulation))
                )
                if now.tree(option).value != "unknown" and not history:
                    assert outlook.statuses[option] == status, (cls, option)
    assert tried


def test_a_further_event_may_make_the_known_unknown_and_the_answer_names_it():
    """A second marrow count of the day, on the other side of 20 %: both stand in the answer, and neither counts."""
    before, after = case("blasts-20.1"), case("blasts-about-20")
    leukaemia = "<https://w3id.org/posthma/ontology/AmlByMarrow>"
    assert (before.now.whole.value(leukaemia), after.now.whole.value(leukaemia)) == ("met", "unknown")
    assert not [n for n in before.answer.notices if "both sides" in n.text]
    (notice,) = [n for n in after.answer.notices if "marrow blasts over 20 %" in n.text]
    lines = after.record.text.splitlines()
    places = [int(place) for place in re.findall(r"blasts-about-20.nt:(\d+)", notice.text)]
    events = {lines[place - 1].split()[0] for place in places}
    assert len(events) == 2
    assert notice.triple in after.now.closure
