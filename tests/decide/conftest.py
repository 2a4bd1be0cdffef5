"""Cases to decide on: the four published patients, and records of the failure table."""

from __future__ import annotations

from functools import cache

import pytest
from tests.cases.failure_table import records

import posthma
from posthma import resources
from posthma.decide.case import Case
from posthma.intake.rdf import parse_record
from posthma.question import ask

PATIENTS = ("patient-1", "patient-2", "patient-3", "patient-4")
TABLE = {record.name: record for record in records()}
"""Boundary records by name."""
SAMPLE = sorted(TABLE)[::12]
"""Every twelfth record of the table, so that a run stays short."""


@cache
def knowledge():
    return posthma.load()


@cache
def case(name):
    """Return a case by the name of a patient or of a row of the table."""
    kb = knowledge()
    if name in PATIENTS:
        return Case.open(kb, resources.path(f"kb/cases/{name}/record.ttl"))
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in TABLE[name].triples)
    record = parse_record(text.encode(), f"{name}.nt")
    return Case(kb, record, ask(record.triples))


@pytest.fixture(params=PATIENTS)
def patient(request):
    return case(request.param)


@pytest.fixture(params=[*PATIENTS, *SAMPLE])
def any_case(request):
    found = case(request.param)
    if found.now.withheld:
        pytest.skip(f"nothing is recommended for {request.param}: {found.now.withheld}")
    return found
