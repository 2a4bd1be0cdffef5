"""What definitions and windows make of boundary records, row by row (choice-table.tsv)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.cases.failure_table import Record, records
from tests.cases.test_failure_table import CERTAINTIES, GATES, KINDS, REMARKS, in_order, knowledge, words

from posthma.intake.rdf import Record as Facts
from posthma.intake.rdf import parse_record
from posthma.question import ask

TABLE = Path(__file__).with_name("choice-table.tsv")
RECORDS = {record.name: record for record in records()}


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def chosen(row: dict[str, str]) -> dict[str, str]:
    return dict(text.split("=") for text in row["choose"].split())


def facts(record: Record) -> Facts:
    return parse_record("".join(f"{s} {p} {o} .\n" for s, p, o in record.triples).encode(), f"{record.name}.nt")


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['patient']} {row['choose'] or 'by default'}")
def test_choice(row: dict[str, str]) -> None:
    """Gate, kind, certainty and remarks are those of the row, and so is the status of its option."""
    kb, given = knowledge(), facts(RECORDS[row["patient"]])
    asked = ask(given.triples, choices=kb.chosen(chosen(row)))
    closure = kb.close(given, choices=chosen(row))
    assert not closure.contradictions
    found = [words(closure, asked.question, names) for names in (GATES, KINDS, CERTAINTIES, REMARKS)]
    cells = ((row["gate"], GATES), (row["kind"], KINDS), (row["certainty"], CERTAINTIES), (row["remarks"], REMARKS))
    assert found == [in_order(cell, names) for cell, names in cells]
    if row["option"]:
        name, _, status = row["option"].partition("=")
        answer = kb.assess(given, choices=chosen(row))
        assert {o.status for o in answer.options if o.iri.endswith(f"/option-{name}")} == {status}


def test_every_choice_that_is_computed_turns_a_row() -> None:
    """For each computed choice the table has a record of which two alternatives make different things."""
    by_patient: dict[str, dict[str, set[tuple[str, ...]]]] = {}
    for row in rows():
        verdict = tuple(row[key] for key in ("gate", "kind", "certainty", "remarks", "option"))
        for name in {text.split("=")[0] for text in row["choose"].split()} or {""}:
            by_patient.setdefault(row["patient"], {}).setdefault(name, set()).add(verdict)
    turning = {name for said in by_patient.values() for name, v in said.items() if name and v - said.get("", set())}
    assert turning >= {"aml", "attribution", "exposure", "freshness"}
    assert "response" not in turning
