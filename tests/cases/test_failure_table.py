"""Boundary records of HMA failure: gate, kind, certainty and what options come to, row by row."""

from __future__ import annotations

from functools import cache

import pytest
from tests.cases.failure_table import RDF_TYPE, Record, kb, p, records

import posthma
from posthma.closed import Closure

RECORDS = list(records())
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


@cache
def said(subject: str, predicate: str) -> str:
    return next((o for s, q, o in knowledge().knowledge.triples if s == subject and q == predicate), "")


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


@pytest.mark.parametrize("record", [r for r in RECORDS if r.options != "-"], ids=lambda record: record.name)
def test_options(record: Record) -> None:
    """The populations of the named options are met, not met or unknown as the table says."""
    closure = knowledge().close(record.triples)
    for name, expected in option_cells(record.options):
        option = kb(f"option-{name}")
        population = said(option, p("forPopulation"))
        assert population, f"{option} is not in the knowledge base"
        fresh = said(option, p("requiresFreshFindings")).startswith('"true"')
        situation = f"<{record.base}question{'/fresh' if fresh else ''}>"
        met = (situation, RDF_TYPE, population) in closure
        value = "met" if met else "not met" if (situation, p("fails"), population) in closure else "unknown"
        assert (name, value) == (name, expected), record.what


def option_cells(text: str) -> list[tuple[str, str]]:
    """Split ``a=met b=not met`` into names and values.

    >>> option_cells("a=met b=not met")
    [('a', 'met'), ('b', 'not met')]
    """
    found: list[tuple[str, str]] = []
    for word in text.split():
        if "=" in word:
            name, _, value = word.partition("=")
            found.append((name, value))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]} {word}")
    return found


def test_the_table_is_there_and_covers_every_word() -> None:
    """The table has its rows, and every gate, kind, certainty and remark comes up."""
    assert len(RECORDS) >= 100
    assert len({record.name for record in RECORDS}) == len(RECORDS)
    for cells, names in (("gate", GATES), ("kind", KINDS), ("certainty", CERTAINTIES), ("remarks", REMARKS)):
        used = {word for record in RECORDS for word in getattr(record, cells).split("+")}
        assert set(names) <= used
