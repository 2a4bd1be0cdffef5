"""The date of a finding is that of the latest event in any way that it follows, whatever things are called."""

from __future__ import annotations

import pytest
from tests.decide.conftest import PATIENTS, SAMPLE, TABLE, knowledge

from posthma import resources
from posthma.decide.answer import CriterionNode
from posthma.decide.case import Case
from posthma.decide.ledger import why
from posthma.intake.rdf import parse_record
from posthma.question import ask
from posthma.vocab import P, expand


def triples_of(name):
    if name in PATIENTS:
        return parse_record(resources.path(f"kb/cases/{name}/record.ttl").read_bytes(), "record.ttl").triples
    return tuple(TABLE[name].triples)


def opened(triples):
    record = parse_record("".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode(), "record.nt")
    return Case(knowledge(), record, ask(record.triples))


def findings(node: CriterionNode) -> list[CriterionNode]:
    return [leaf for child in node.children for leaf in findings(child)] if node.children else [node]


def dates(triples):
    """Return situation of judgement, finding and value -> its date, for every finding of every option."""
    answer = opened(triples).answer
    return {
        (option.situation.endswith("/fresh"), leaf.label, leaf.value, leaf.before): leaf.finding_date
        for option in answer.options
        for leaf in findings(option.criteria)
    }


def renamed(triples):
    """Return the same facts with the names of events in the opposite order."""
    events = sorted({o for _, p, o in triples if p == P.event})
    names = dict(zip(events, (f"{e[:-1]}-{len(events) - n:03}>" for n, e in enumerate(events)), strict=True))
    swapped = {e: f"{e[: e.rindex('/')]}/e{names[e].rpartition('-')[2]}" for e in events}
    return tuple((swapped.get(s, s), p, swapped.get(o, o)) for s, p, o in triples)


@pytest.mark.parametrize("name", [*PATIENTS, *SAMPLE, "two-early", "intolerance-then-aml"])
def test_names_change_no_date(name):
    """Names order facts, and so which derivation is kept; no date hangs on that."""
    triples = triples_of(name)
    found = dates(triples)
    assert any(found.values()) or not found
    assert dates(renamed(triples)) == found


def test_of_two_lines_that_did_not_fail_the_later_one_dates_that():
    """Both lines of ``two-early`` were too short; the second ends later."""
    ends = sorted(o[1:11] for _, p, o in triples_of("two-early") if p == P.endDate)
    assert len(ends) == 2
    found = dates(triples_of("two-early"))
    assert found[(False, "HMA not failed", "met", "")] == ends[-1]


def test_a_fresh_finding_is_as_old_as_its_test_and_not_as_the_line_before():
    triples = triples_of("gene-test-42-days-before-end")
    (test,) = {s for s, p, o in triples if p == P.found and o == expand("kb:idh2")}
    (day,) = (o[1:11] for s, p, o in triples if s == test and p == P.date)
    assert dates(triples)[(True, "IDH2 mutated", "met", "")] == day


def test_the_line_from_whose_end_the_fresh_situation_counts_dates_nothing():
    """The first line of ``failed-then-responding`` failed; that a second one ran later makes the failure no younger."""
    found = dates(triples_of("failed-then-responding"))
    ends = sorted(o[1:11] for _, p, o in triples_of("failed-then-responding") if p == P.endDate)
    assert found[(True, "after HMA failure", "met", "")] == found[(False, "after HMA failure", "met", "")] == ends[0]


def test_a_criterion_dates_none_of_its_parts():
    """A part follows from its criterion too, and that from other parts, which do not make it younger."""
    found = dates(triples_of("patient-1"))
    diagnosis = min(o[1:11] for s, p, o in triples_of("patient-1") if p == P.date and "diagnosis" in s.lower())
    assert found[(False, "myelodysplastic syndrome diagnosed", "met", "")] == diagnosis


def test_why_gives_the_same_age():
    case = opened(triples_of("patient-4"))
    option = next(o for o in case.answer.options if o.status == "applicable")
    told = why(case, option.iri.rpartition("/")[2])
    leaves = {leaf.iri: leaf.finding_date for leaf in findings(option.criteria)}
    assert told.grounds
    assert all(ground.latest == leaves[ground.iri] for ground in told.grounds)
