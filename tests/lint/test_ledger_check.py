"""What lint says of the ledger of a source."""

from __future__ import annotations

import pytest
from tests.lint.conftest import PREFIXES

from posthma.lint.ledger import coverage, ledger, merged

FOLDER = "kb/sources/paper"
HEAD = "registry_id\tiris\tstatus\treason\n"
GOOD = HEAD + "G-1\tkb:guard-one\tcarried\t\nG-2\tkb:thing\tread as\tprinted twice\nG-3\t\twaived\tsays nothing\n"
GUARD = """\
kb:guard-one a p:Guard ; rdfs:label "one"@en ; p:says "Never."@en ; p:heldBy "tests/x.py" ;
    dcterms:source kb:paper ; p:section "A" ; p:lines "1-2" ; p:registryId "G-1" .
"""


@pytest.fixture
def sourced(house):
    house.write(f"{FOLDER}/guards.ttl", PREFIXES + GUARD)
    house.write("kb/publications.ttl", PREFIXES + 'kb:paper rdfs:label "the paper"@en .\n')
    house.write(f"{FOLDER}/coverage-rules.tsv", GOOD)
    house.write(f"{FOLDER}/coverage.tsv", GOOD)
    return house


def told(house):
    return [f"{f.place}: {f.fact}" for f in house.findings() if f.code == "ledger"]


def test_a_whole_ledger_is_clean(sourced):
    assert told(sourced) == []
    rows = ledger(sourced.folder / FOLDER, sourced.folder)
    assert coverage(rows) == "3 claims: 1 carried, 1 read as, 1 waived; 66.7 % covered"
    assert merged(sourced.folder / FOLDER, sourced.folder) == GOOD


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kb:guard-one", "kb:guard-on", "coverage-rules.tsv:2: kb:guard-on is described nowhere"),
        ("kb:guard-one", "kb:thing", "guards.ttl:8: kb:guard-one stands in no row of the ledger"),
        ("G-2", "G-1", "coverage-rules.tsv:3: G-1 has a row at kb/sources/paper/coverage-rules.tsv:2 too"),
        ("says nothing", "", "coverage-rules.tsv:4: G-3 is waived without a reason"),
        ("waived", "carried", "coverage-rules.tsv:4: G-3 is carried by nothing"),
        ("waived", "dropped", "coverage-rules.tsv:4: status 'dropped' is of no kind"),
    ],
)
def test_a_broken_row_is_told(old, new, words, sourced):
    sourced.write(f"{FOLDER}/coverage-rules.tsv", GOOD.replace(old, new))
    assert any(words in line for line in told(sourced)), told(sourced)


def test_a_joined_file_that_is_out_of_date_is_told(sourced):
    sourced.write(f"{FOLDER}/coverage.tsv", GOOD.replace("G-3\t\twaived\tsays nothing\n", ""))
    assert told(sourced) == [f"{FOLDER}/coverage.tsv: it is not what its parts say"]
