"""The ledger of definitions, evidence and ambiguities: every registry id has a row, every named IRI exists."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

LEDGER = Path(__file__).resolve().parents[2] / "kb/sources/santini-2019/coverage-statements.tsv"
KB = "https://w3id.org/posthma/kb/"
P = "https://w3id.org/posthma/ontology/"


@pytest.fixture(scope="module")
def rows():
    with LEDGER.open(encoding="utf-8") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(found) >= 292
    return found


def expand(curie):
    prefix, _, name = curie.partition(":")
    return {"kb": KB, "p": P}[prefix] + name


def test_a_registry_id_has_one_row(rows):
    names = [row["registry_id"] for row in rows]
    assert sorted(set(names)) == sorted(names)


def test_rows_say_how_an_entry_is_carried(rows):
    for row in rows:
        assert row["status"] in {"carried", "read as", "waived"}, row
        assert row["iris"] or row["status"] == "waived", row
        assert row["reason"] or row["status"] == "carried", row


def test_every_iri_of_the_ledger_exists(rows, store):
    subjects = {quad.subject.value for quad in store if hasattr(quad.subject, "value")}
    missing = {(row["registry_id"], iri) for row in rows for iri in row["iris"].split() if expand(iri) not in subjects}
    assert missing == set()


def test_every_statement_definition_and_dispute_has_a_row(rows, store):
    query = f"""SELECT ?s ?id {{ VALUES ?k {{ <{P}EvidenceStatement> <{P}Definition> <{P}Dispute> }}
                ?s a ?k ; <{P}registryId> ?id ; <{P}reportedIn> <{KB}santini-2019> }}"""
    carried = {row["registry_id"]: {expand(iri) for iri in row["iris"].split()} for row in rows}
    for row in store.query(query):
        assert row["s"].value in carried[row["id"].value], row["id"].value


def test_every_registry_id_has_a_row_and_fewer_than_three_in_a_hundred_are_waived(rows, registry):
    expected = {entry["id"] for part in ("definitions", "evidence", "ambiguities") for entry in registry[part]}
    assert {row["registry_id"] for row in rows} == expected
    assert sum(row["status"] == "waived" for row in rows) < 0.03 * len(expected)


def test_definitions_agree_with_the_registry_on_their_place(registry, store):
    for entry in registry["definitions"]:
        query = f'SELECT DISTINCT ?l {{ ?d a <{P}Definition> ; <{P}registryId> "{entry["id"]}" ; <{P}lines> ?l }}'
        (row,) = store.query(query)
        assert [int(part) for part in row["l"].value.split("-")] == entry["source_lines"], entry["id"]
