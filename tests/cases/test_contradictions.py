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
