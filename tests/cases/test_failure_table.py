"""Boundary records of HMA failure: gate, kind, certainty and what options come to, row by row."""

from __future__ import annotations

from functools import cache

import pytest
from tests.cases.failure_table import RDF_TYPE, STATUSES, Record, expected_statuses, p, records

import posthma
from posthma.closed import Closure
from posthma.decide.answer import Answer
from posthma.intake.rdf import parse_record

RECORDS = list(records())
STATUSES_OF = expected_statuses()
GATES = {"failed": "AfterHmaFailure", "not-failed": "HmaNotFailed", "intolerance": "HmaIntolerance"}
KINDS = {
    "primary:aml": "PrimaryResistanceByAml", "primary:higher-risk": "PrimaryResistanceByHigherRisk",
    "primary:stable": "PrimaryResistanceByStable", "primary:hypoplasia": "PrimaryResistanceByHypoplasia",
    "secondary": "SecondaryResistance", "secondary-provisional": "SecondaryResistanceProvisional",
    "after-interruption": "LossAfterInterruption", "continuity-unknown": "LossContinuityUnknown",
    "undetermined": "FailedKindUndetermined",
}  # fmt: skip
CERTAINTIES = {"conclusive": "ConclusiveFailure", "provisional": "ProvisionalFailure"}
REMARKS = {"too-early": "TooEarly", "inadequate": "InadequateExposure", "responding": "StillResponding"}


@cache
def knowledge() -> posthma.KnowledgeBase:
    return posthma.load()


def words(closure: Closure, situation: str, names: dict[str, str]) -> str:
    """Return which of the named classes a situation has, in the words of the table."""
    return "+".join(word for word, cls in names.items() if (situation, RDF_TYPE, p(cls)) in closure) or "-"


def in_order(cell: str, names: dict[str, str]) -> str:
    """Return a cell of the table with its words in the order used here."""
    stated = [] if (cell in ("-", "undetermined") and names is not KINDS) or cell == "-" else cell.split("+")
    assert set(stated) <= set(names), cell
    return "+".join(word for word in names if word in stated) or "-"


@pytest.mark.parametrize("record", RECORDS, ids=[record.name for record in RECORDS])
def test_failure(record: Record) -> None:
    """Gate, kind, certainty and remarks are those of the table, and no others."""
    closure = knowledge().close(record.triples)
    assert not closure.contradictions
    situation = f"<{record.base}question>"
    found = [words(closure, situation, names) for names in (GATES, KINDS, CERTAINTIES, REMARKS)]
    cells = zip(
        (record.gate, record.kind, record.certainty, record.remarks), (GATES, KINDS, CERTAINTIES, REMARKS), strict=True
    )
    assert found == [in_order(cell, names) for cell, names in cells], record.what


@cache
def answer(name: str) -> Answer:
    """Return the whole answer about a record, which is read and validated like any file."""
    (record,) = (record for record in RECORDS if record.name == name)
    text = "".join(f"{s} {q} {o} .\n" for s, q, o in record.triples)
    return knowledge().assess(parse_record(text.encode(), f"{name}.nt"))


@pytest.mark.parametrize("name", STATUSES_OF)
def test_options(name: str) -> None:
    """The options that the table names have the statuses that it says; out of scope none has any."""
    expected = STATUSES_OF[name]
    found = {option.iri.rpartition("/option-")[2]: option.status for option in answer(name).options}
    if not expected:
        assert answer(name).out_of_scope
        assert not found
    assert {option: found.get(option, "no such option") for option in expected} == expected


def test_the_table_is_there_and_covers_every_word() -> None:
    """The table has its rows, and every gate, kind, certainty and remark comes up."""
    assert len(RECORDS) >= 150
    assert len({record.name for record in RECORDS}) == len(RECORDS)
    for cells, names in (("gate", GATES), ("kind", KINDS), ("certainty", CERTAINTIES), ("remarks", REMARKS)):
        used = {word for record in RECORDS for word in getattr(record, cells).split("+")}
        assert set(names) <= used
    assert list(STATUSES_OF) == [record.name for record in RECORDS]
    assert {status for statuses in STATUSES_OF.values() for status in statuses.values()} == set(STATUSES)
    assert all(len(statuses) >= 4 for statuses in STATUSES_OF.values() if statuses)
