"""The whole ledger of the article, walked both ways, and its joined file."""

from __future__ import annotations

import pytest
from tests.kb.graphs import ROOT

from posthma.knowledge import read_knowledge
from posthma.lint.ledger import FILE, KINDS, MOST_WAIVED, check_ledger, coverage, ledger, main, merged
from posthma.lint.matter import Matter
from posthma.vocab import RDF, curie

FOLDER = ROOT / "kb" / "sources" / "santini-2019"
PARTS = ("definitions", "agents", "mechanisms", "genes_mutations_cytogenetics", "evidence", "trials", "decision_rules",
         "ambiguities")  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return ledger(FOLDER, ROOT)


def test_every_claim_of_the_registry_has_a_row_and_every_row_a_claim(rows, registry):
    expected = {entry["id"] for part in PARTS for entry in registry[part]}
    expected |= {f"REF-{int(number):03d}" for number in registry["citation_index"]}
    assert len(expected) == 703
    assert {row.registry_id for row in rows} == expected


def test_fewer_than_three_in_a_hundred_are_waived(rows, capsys):
    with capsys.disabled():
        print(f"\n{FOLDER.name}: {coverage(rows)}")
    assert sum(row.status == "waived" for row in rows) < MOST_WAIVED * len(rows)


def test_every_row_leads_to_the_knowledge_and_every_statement_to_a_row():
    assert [str(finding) for finding in check_ledger(Matter(read_knowledge(), {}))] == []


def test_a_statement_without_a_row_is_told(rows):
    """Each kind in turn: without its rows the statement is missed."""
    said = {}
    for s, p, o in read_knowledge().triples:
        if p == RDF.type and o in KINDS:
            said.setdefault(curie(o), []).append(curie(s))
    carried = {iri for row in rows for iri in row.iris}
    for kind in ("p:Option", "p:EvidenceStatement", "p:Duty", "p:CounsellingPoint", "p:SafetyNote", "p:Guard", "p:Dispute",
                 "p:Drug", "p:Trial", "p:Gene", "p:Mechanism"):  # fmt: skip
        assert carried.intersection(said[kind]), kind


def test_the_joined_file_is_current():
    assert (FOLDER / FILE).read_text(encoding="utf-8") == merged(FOLDER, ROOT)


def test_the_command_prints_the_coverage(capsys):
    assert main(["--check"]) == 0
    assert "claims: " in capsys.readouterr().out
