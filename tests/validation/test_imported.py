"""What importers make, and broken twins of it: the fast engine says what the reference says, and so does the quick gate."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from tests.benchmarks.cohort import rows, write

from posthma.cohort.sound import Soundness
from posthma.intake.any import import_any
from posthma.intake.build import Imported
from posthma.intake.columns import Columns
from posthma.intake.rdf import parse_record
from posthma.knowledge import read_knowledge
from posthma.turtle import write_turtle
from posthma.validation import run_shapes, shape_files, validate

INTAKE = Path(__file__).resolve().parents[1] / "intake"
FILES = ("fhir/patient-4.json", "phenopacket/patient-4.json", "table/clinical.txt", "table/mutations.maf")
GENERATED = 6


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Records from the fixtures of the importers and from generated rows."""
    folder = tmp_path_factory.mktemp("rows")
    write(folder / "rows.csv", rows(GENERATED, seed=11))
    found = []
    for path in [*(INTAKE / name for name in FILES), folder / "rows.csv"]:
        for one in import_any(path, Columns(day=dt.date(2019, 1, 15))):
            if isinstance(one, Imported):
                found.append(parse_record(write_turtle(one.triples).encode(), f"{one.patient}.ttl"))
    assert len(found) >= GENERATED + len(FILES)
    return found


def twin(record, draw):
    """A record with one thing wrong: a fact gone, said of another node, with another value, or said twice otherwise."""
    triples = list(record.triples)
    at, other = draw.randrange(len(triples)), draw.choice(triples)
    s, p, o = triples[at]
    kind = draw.randrange(4)
    if kind == 0:
        del triples[at]
    elif kind == 1:
        triples[at] = (other[0], p, o)
    elif kind == 2:
        triples[at] = (s, p, other[2])
    else:
        triples.append((s, p, other[2]))
    return replace(record, triples=tuple(dict.fromkeys(triples)))


@pytest.mark.slow
def test_both_engines_and_the_quick_gate_agree(records):
    """Generated rows are sound and most twins are not, so neither engine could agree by saying always the same."""
    knowledge = read_knowledge()
    shapes, sound = shape_files(knowledge.root), Soundness(knowledge)
    draw = random.Random(5)
    twins = [twin(draw.choice(records), draw) for _ in range(24)]
    broken = whole = 0
    for number, record in enumerate([*records, *twins]):
        fast = run_shapes(shapes, record.triples, "pyshifty")
        assert fast == run_shapes(shapes, record.triples, "pyshacl"), record.path
        bars = [finding for finding in validate(record, knowledge) if finding.severity == "violation"]
        assert sound.violations(record) == bars, record.path
        broken += bool(bars) and number >= len(records)
        whole += not bars and number < len(records)
    assert whole >= GENERATED
    assert broken >= len(twins) // 2
