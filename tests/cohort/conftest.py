"""Cohorts for the tests: a few sound patients, in a folder, as lines and as a table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import posthma
from posthma.cohort import Assessor, Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def kb():
    return posthma.load()


@pytest.fixture(scope="session")
def assessor(kb):
    return Assessor(kb, Settings())


@pytest.fixture
def patients(tmp_path):
    """Write a table of generated patients and return its path."""
    from tests.benchmarks.cohort import rows, write

    def make(count=6, name="patients.csv", seed=7):
        write(tmp_path / name, rows(count, seed))
        return tmp_path / name

    return make


@pytest.fixture
def read():
    """Read a CSV file of an output folder as a list of dictionaries."""

    def table(path):
        with Path(path).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return table
