"""Records that contradict themselves are found out; tests that disagree are not contradictions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.cases.failure_table import RDF_TYPE, Record, kb, p, records, truth

import posthma
from posthma.closed import Closure


@cache
def knowledge() -> posthma.KnowledgeBase:
    return posthma.load()


def made(tmp_path: Path, **cells: str) -> Record:
    """Return the record of one row: azacitidine at standard dose for 8 cycles, with some cells of its own."""
    row = {"patient": "made", "agent": "azacitidine", "dose": "75", "days": "7", "start": "0", "end": "8", "cycles": "8",
           "lines": "yes", "ask": "9"} | cells  # fmt: skip
    names = ["patient", "what", "agent", "dose", "days", "exposure", "start", "end", "cycles", "months", "gaps", "interrupted", "complete", "best", "stop", "responses", "events", "ask", "lines", "gate", "kind", "certainty", "remarks"]  # fmt: skip
    table = tmp_path / "table.tsv"
    table.write_text("\t".join(names) + "\n" + "\t".join(row.get(n, "") for n in names) + "\n", encoding="utf-8")
    (record,) = records(table)
    return record


def touched(closure: Closure) -> set[str]:
    """Return the last parts of the nodes that contradictions are about."""
    return {
        triple[0][1:-1].rpartition("/")[2]
        for contradiction in closure.contradictions
        for triple in contradiction.premises
        if triple[1] == RDF_TYPE and "/case/" in triple[0]
    }


def test_response_and_progression_on_one_date(tmp_path: Path) -> None:
    closure = knowledge().close(made(tmp_path, responses="HI@8 PD@8").triples)
    assert touched(closure) == {"line-1"}
    assert not knowledge().close(made(tmp_path, responses="HI@4 PD@8").triples).contradictions


def types_of(closure: Closure, record: Record) -> set[str]:
    """Return the local names of the classes of the record's situation."""
    types = closure.match(f"<{record.base}question>", RDF_TYPE)
    return {o.rpartition("/")[2].rstrip(">") for _, _, o in types}


def test_stable_disease_can_stand_beside_a_response(tmp_path: Path) -> None:
    """The definition speaks of stable disease without any response (santini-2019 lines 168-172): there is one with it."""
    for response in ("HI", "mCR", "PR", "CR"):
        record = made(tmp_path, responses=f"{response}@8 SD@8", complete="yes")
        closure = knowledge().close(record.triples)
        assert not closure.contradictions
        assert {"HmaNotFailed", "StillResponding"} <= types_of(closure, record)


def test_stable_disease_of_another_day_leaves_open_or_is_passed(tmp_path: Path) -> None:
    """After a response it does not say whether that was kept; before one it says nothing more."""
    later = made(tmp_path, responses="HI@4 SD@8", complete="yes")
    assert not {"HmaNotFailed", "AfterHmaFailure", "StillResponding"} & types_of(
        knowledge().close(later.triples), later
    )
    before = made(tmp_path, responses="SD@4 HI@8", complete="yes")
    assert {"HmaNotFailed", "StillResponding"} <= types_of(knowledge().close(before.triples), before)


def test_stable_disease_that_may_have_come_after_a_response(tmp_path: Path) -> None:
    """The record knows the response by a range of days, so that its order is open: neither kept nor lost, no clash."""
    record = made(tmp_path, responses="HI@7.5 SD@8", complete="yes")
    (response,) = [s for s, q, o in record.triples if q == p("response") and o == kb("hematologicImprovement")]
    (day,) = [o for s, q, o in record.triples if s == response and q == p("date")]
    (other,) = [s for s, q, o in record.triples if q == p("response") and o == kb("stableDisease")]
    (end,) = [o for s, q, o in record.triples if s == other and q == p("date")]
    record.triples.remove((response, p("date"), day))
    record.say(response, p("earliest"), day)
    record.say(response, p("latest"), end)
    closure = knowledge().close(record.triples)
    assert not closure.contradictions
    assert not {"HmaNotFailed", "AfterHmaFailure", "StillResponding"} & types_of(closure, record)


def test_an_improvement_and_none_on_one_date(tmp_path: Path) -> None:
    clashes = knowledge().close(made(tmp_path, responses="HI@8 none@8").triples).contradictions
    assert [{said for _, said, _ in rule.premises} for rule in clashes] == [{p("toldResponding"), p("toldLost")}]
    assert {premise[0].rpartition("/")[2] for rule in clashes for premise in rule.premises} == {"line-1>"}
    assert not knowledge().close(made(tmp_path, responses="mCR@8 none@8").triples).contradictions


def test_found_and_not_found_by_one_test(tmp_path: Path) -> None:
    record = made(tmp_path, responses="SD@8", complete="yes", events="idh@8.5 idh2")
    (test,) = [s for s, q, o in record.triples if q == RDF_TYPE and o == p("GeneTest")]
    assert not knowledge().close(record.triples).contradictions
    record.say(test, p("notFound"), kb("idh2"))
    assert touched(knowledge().close(record.triples)) == {"question", "fresh"}


def test_two_tests_of_one_day_that_disagree(tmp_path: Path) -> None:
    """The positive stands, and the test that missed it is named."""
    record = made(tmp_path, responses="SD@8", complete="yes", events="idh@8.5 idh2; genes@8.5")
    closure = knowledge().close(record.triples)
    assert not closure.contradictions
    situation = f"<{record.base}question>"
    assert (situation, RDF_TYPE, p("Idh2Mutated")) in closure
    assert (situation, RDF_TYPE, p("Idh2NotMutated")) not in closure
    missed = {
        o for s, _, o in closure.match(None, p("discordantWith"), None) if s.startswith(situation[:-1] + "/result")
    }
    (other,) = [s for s, q, o in record.triples if q == p("panel") and o == kb("panelMyeloid")]
    assert missed == {other}


def test_a_test_that_was_not_conclusive_settles_nothing(tmp_path: Path) -> None:
    record = made(tmp_path, responses="SD@8", complete="yes", events="idh@8.5")
    record.triples = [(s, q, truth("no") if q == p("conclusive") else o) for s, q, o in record.triples]
    closure = knowledge().close(record.triples)
    situation = f"<{record.base}question>"
    assert (situation, RDF_TYPE, p("Idh2NotMutated")) not in closure
