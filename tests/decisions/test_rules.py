"""Each decision rule with clinical inputs does what the article says for one record, and something else for its near miss."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from tests.decisions.outcome import of, outcome
from tests.decisions.records import Row, record, rows

from posthma import resources

ROWS = list(rows())
LEDGER = resources.path("kb/sources/santini-2019/coverage-rules.tsv")
EXEMPT = Path(__file__).with_name("exempt.tsv")
WORDS = {
    "applicable", "within trials only", "undetermined", "not applicable", "advised against", "caution undetermined",
    "silent", "out of scope", "due", "not due", "met", "not met", "unknown",
}  # fmt: skip


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def carriers() -> dict[str, set[str]]:
    """Return rule -> local names of what carries it, by the ledger."""
    return {row["registry_id"]: {iri.removeprefix("kb:") for iri in row["iris"].split()} for row in table(LEDGER)}


def number(row: Row) -> str:
    return f"{row.name}-{ROWS.index(row)}"


@pytest.mark.parametrize("row", ROWS, ids=number)
def test_rule(row: Row) -> None:
    """The record gives what the table says, and so does its near miss."""
    found = outcome(row.given, row.watch), outcome(row.changed, row.watch)
    assert found == (row.expected, row.then), f"{row.rule}, lines {row.lines}: {'; '.join(row.given)}"


def test_each_row_says_something() -> None:
    """Both words are known and differ, and no more than one fact makes the difference."""
    for row in ROWS:
        assert {row.expected, row.then} <= WORDS, row
        assert row.expected != row.then, row
        assert len(set(row.given) - set(row.changed)) <= 1, row
        assert len(set(row.changed) - set(row.given)) <= 1, row
        assert row.lines, row


def test_rows_and_reasons_cover_every_rule() -> None:
    """Each rule of the ledger has a row, or a reason why none can be written, and never both."""
    exempt = {row["rule"]: row["why"] for row in table(EXEMPT)}
    tested = {row.rule for row in ROWS}
    assert tested | set(exempt) == set(carriers())
    assert tested & set(exempt) == set()
    assert [rule for rule, why in exempt.items() if len(why.split()) < 3] == []
    assert len(tested) >= 80


def test_the_ledger_and_the_knowledge_agree_on_who_carries_a_rule() -> None:
    named = carriers()
    for row in ROWS:
        assert row.carrier in named[row.rule], row
        assert f'"{row.rule}"' in {o.partition("^^")[0] for o in of(f"kb:{row.carrier}", "p:registryId")}, row


def test_every_population_of_a_tested_rule_is_watched() -> None:
    """An option, duty or point that carries a tested rule is itself watched in some row."""
    watched = {row.watch for row in ROWS}
    tested = {row.rule for row in ROWS}
    bearers = {name for rule, names in carriers().items() if rule in tested for name in names}
    populated = {name for name in bearers if of(f"kb:{name}", "p:forPopulation")}
    assert len(populated) >= 70
    assert populated - watched == set()


def test_every_option_is_watched_firing_and_silent() -> None:
    """No option of the source is left out, whichever rule it carries."""
    seen: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        seen[row.watch] |= {row.expected, row.then}
    for name in {name for names in carriers().values() for name in names if name.startswith("option-")}:
        assert seen[name] & {"applicable", "within trials only", "advised against"}, name
        assert seen[name] & {"not applicable", "silent", "out of scope"}, name


def test_a_fact_that_nobody_understands_is_refused() -> None:
    for fact in ("age seventy", "azacitidine, 6 cycles, much better", "gene panel: XYZ1"):
        with pytest.raises((ValueError, AssertionError)):
            record(("MDS", fact))
