"""Whatever stands in a line or a row, there is an outcome: a row, or a reason with a place and a remedy."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from posthma.cohort import Unit
from posthma.intake.cells import Cell, Row
from posthma.intake.template import COLUMNS

FAST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["@id", "@context", "@type", "@graph", "@value", "resourceType", "entry", "subject", "metaData", "measurements", "PATIENT_ID", "HB", *list(COLUMNS)[:12]])
CELLS = st.sampled_from([
    "", "0", "1", "-5", "< 5", "5-9", "2017-06", "31.02.2019", "mds", "46,XX[20]", "46,XX,del(5)(q13q33)[3]", "azacitidine",
    "p.R172K", "yes", "no", "x" * 300, "\ufeff", "\u202e", '"', "<", "1e9999", "stableDisease", "EU", "female", "NA", "Bundle", "Patient", "Observation",
])  # fmt: skip


def holds(outcome, place):
    assert outcome.place == place or outcome.place.startswith(f"{place}:")  # line and column where it is no JSON
    if outcome.row is None:
        assert outcome.code != "PH-999", outcome.fact
        assert outcome.fact
        assert outcome.remedy
    else:
        assert outcome.row["gate"]


@FAST
@given(line=st.binary(min_size=1, max_size=60))
@example(line=b'{"@id": 1}')
@example(line=b'{"@context": {"@base": "//["}, "@id": "x"}')
def test_any_bytes(line, assessor):
    holds(assessor.outcomes(Unit(0, "t.ndjson:1", line=line))[0], "t.ndjson:1")


@FAST
@given(value=st.dictionaries(KEYS, VALUES | CELLS, max_size=5))
@example(value={"@id": float("inf")})
@example(value={"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]})
@example(value={"resourceType": "Patient"})
@example(value={"subject": {"id": "a"}, "metaData": {"phenopacketSchemaVersion": "2.0"}, "measurements": []})
def test_any_object(value, assessor):
    line = json.dumps(value).encode()
    holds(assessor.outcomes(Unit(0, "t.ndjson:1", line=line))[0], "t.ndjson:1")


@FAST
@given(values=st.dictionaries(st.sampled_from(list(COLUMNS)), CELLS, max_size=14))
@example(values={"PATIENT_ID": "a", "DATE": "2017-06", "DECISION_DATE": "2017-06-01"})
def test_any_row(values, assessor):
    cells = {name: Cell(text, f"t.csv:2 {name}") for name, text in values.items()}
    (outcome,) = assessor.outcomes(Unit(0, "t.csv:2", row=Row(1, "t.csv:2", cells)))
    holds(outcome, "t.csv:2")
