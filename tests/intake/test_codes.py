"""Code tables of the importers: every row leads to a name of the knowledge base and says where its code was seen."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from posthma.intake.build import gene_targets
from posthma.intake.codes import Coding, coding_of, prefix_of, read_concept
from posthma.intake.columns import diseases
from posthma.intake.lines import values
from posthma.intake.nodes import nodes
from posthma.intake.units import analytes

FOLDER = Path(__file__).resolve().parents[2] / "ontology" / "mappings"
PATTERNS = {
    "hp": r"\d{7}", "icd10cm": r"[A-Z]\d\d(\.[0-9A-Z]{1,4})?", "loinc": r"(LA)?\d{2,5}-\d", "ncit": r"C\d+", "snomed": r"\d{6,18}",
    "uo": r"\d{7}",
}  # fmt: skip


def rows(file):
    with (FOLDER / file).open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert found
    return found


def known(kind):
    """The names that a kind may have, read from the knowledge base or from what the importers ask."""
    return {
        "analyte": set(analytes()),
        "disease": set(diseases().values()),
        "frequency": {"1", "2"},
        "context": {"staging", "tumourSize"},
        "part": {"coding", "discrete", "gene", "iscn", "protein", "significance"},
        "presence": {"absent", "present"},
        "significance": {"benign", "uncertain"},
        "response": set(values("ResponseCategory").values()),
        "stop": set(values("StopReason").values()),
        "target": {name for name, node in nodes("kb/tests.ttl").items() if "Target" in node.get("type", ())},
        "test": {"karyotype", "region", "response", "variant"},
        "unit": {"%", "cells/uL", "mg"},
    }[kind]


def test_rows_lead_to_the_knowledge_base_and_say_where_they_were_seen():
    seen = set()
    for row in rows("intake-codes.tsv"):
        assert all(row.values()), row
        assert row["name"] in known(row["kind"]), row
        assert re.fullmatch(PATTERNS[row["prefix"]], row["code"]), row
        assert re.match(r"github:\S+@[0-9a-f]{7} \S+|stored public file \d+", row["seen_in"]), row
        seen.add((row["prefix"], row["code"]))
    assert len(seen) == len(rows("intake-codes.tsv"))


def test_check_digits_of_loinc_hold():
    """The last digit of a LOINC code is a check digit (mod 10, doubling): a slip of the pen does not pass."""
    for row in rows("intake-codes.tsv"):
        if row["prefix"] == "loinc" and not row["code"].startswith("LA"):
            number, digit = row["code"].split("-")
            doubled = [int(c) * (2 if at % 2 == 0 else 1) for at, c in enumerate(reversed(number))]
            assert (10 - sum(n // 10 + n % 10 for n in doubled) % 10) % 10 == int(digit), row["code"]


def test_check_digits_of_snomed_hold():
    """Verhoeff, as SNOMED CT identifiers have it."""
    d = [[(i + j) % 5 if j < 5 else 5 + (i + j) % 5 for j in range(10)] for i in range(5)]
    d += [[5 + (i - 5 - j) % 5 if j < 5 else (i - j) % 5 for j in range(10)] for i in range(5, 10)]
    p = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    for _ in range(6):
        p.append([p[-1][p[1][n]] for n in range(10)])
    for row in rows("intake-codes.tsv"):
        if row["prefix"] == "snomed":
            check = 0
            for at, c in enumerate(reversed(row["code"])):
                check = d[check][p[at % 8][int(c)]]
            assert check == 0, row["code"]


@pytest.mark.parametrize(
    ("curie", "label", "kinds", "name"),
    [
        ("LOINC:26445-7", "", ("analyte",), "marrowBlasts"),  # narrower: myeloblasts among the blasts
        ("loinc:718-7", "Hemoglobin [Mass/volume] in Blood", ("analyte",), "hemoglobin"),
        ("RxNorm:1251", "azacitidine", ("agent",), "azacitidine"),
        ("MONDO:0018881", "", ("disease",), "mds"),
        ("HGNC:11998", "TP53", ("gene",), "tp53"),
        ("", "Low-dose cytarabine", ("agent",), "lowDoseCytarabine"),
        ("NCIT:C408", "low-dose cytarabine", ("agent",), "lowDoseCytarabine"),
        ("", "acute myeloid leukemia", ("disease",), "acuteMyeloidLeukemia"),
        ("NCIT:C288", "", ("disease",), ""),  # an agent is no disease
        ("ECO:0006018", "", ("disease", "agent"), ""),
        ("", "", ("agent",), ""),
    ],
)
def test_concepts(curie, label, kinds, name):
    assert read_concept([coding_of(curie, label)], "", kinds).name == name


def test_contradictions_are_no_concept():
    two = [Coding("ncit", "C288"), Coding("ncit", "C981")]
    assert (
        read_concept(two, "", ("agent",)).why
        == "the codes ncit:C288 and ncit:C981 are two things, azacitidine and decitabine"
    )
    labels = [Coding("", "", "azacitidine"), Coding("", "", "decitabine")]
    assert "are two things" in read_concept(labels, "", ("agent",)).why
    assert read_concept([Coding("ncit", "C288")], "decitabine", ("agent",)).name == ""


def test_systems_have_prefixes_of_the_tables():
    assert {row["prefix"] for row in rows("code-systems.tsv")} >= {
        "loinc",
        "snomed",
        "rxnorm",
        "ncit",
        "hgnc",
        "icd10cm",
    }
    assert prefix_of("http://loinc.org/") == "loinc"
    assert prefix_of("http://example.org/loinc.org") == ""
    assert gene_targets()["TP53"] == "tp53"
