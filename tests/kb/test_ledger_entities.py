"""The ledger of agents, mechanisms, genes, trials and references, walked both ways."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.kb.places import KB, KINDS, PLACELESS, ask, entries, local

FOLDER = Path(__file__).resolve().parents[2] / "kb/sources/santini-2019"
PARTS = ("agents", "mechanisms", "genes_mutations_cytogenetics", "trials")


def read(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def rows():
    found = read(FOLDER / "coverage-entities.tsv")
    assert len(found) == 90 + 44 + 37 + 30 + 85
    return found


def test_an_id_has_one_row_and_the_row_says_how_it_is_carried(rows):
    names = [row["registry_id"] for row in rows]
    assert len(names) == len(set(names))
    for row in rows:
        assert row["status"] in {"carried", "read as", "waived"}, row
        assert row["iris"] or row["status"] == "waived", row
        assert row["reason"] or row["status"] == "carried", row


def test_every_iri_of_the_ledger_exists_and_carries_the_id(rows, store):
    own = {}
    for row in ask(store, "SELECT ?s ?id { ?s p:registryId ?id }"):
        own.setdefault(row["id"].value, set()).add(local(row["s"]))
    subjects = {quad.subject.value for quad in store if hasattr(quad.subject, "value")}
    for row in rows:
        names = [iri.removeprefix("kb:") for iri in row["iris"].split()]
        assert all(KB + name in subjects for name in names), row
        if not row["registry_id"].startswith("REF-"):
            assert own[row["registry_id"]] <= set(names), row


def test_every_entry_with_a_place_has_a_row(store):
    carried = {iri for path in FOLDER.glob("coverage*.tsv") for row in read(path) for iri in row["iris"].split()}
    found = entries(store, KINDS | {"Label"})
    assert len(found) > 260
    missing = {name for name in found if f"kb:{name}" not in carried} - PLACELESS
    assert missing == set()


def test_every_registry_id_has_a_row_and_none_is_waived(rows, registry):
    expected = {entry["id"] for part in PARTS for entry in registry[part]}
    assert {row["registry_id"] for row in rows if not row["registry_id"].startswith("REF-")} == expected
    numbers = {int(row["registry_id"][4:]) for row in rows if row["registry_id"].startswith("REF-")}
    assert numbers == set(registry["citation_index"]) == set(range(1, 86))
    assert [row for row in rows if row["status"] == "waived"] == []
