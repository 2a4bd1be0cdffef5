"""Definitions and windows chosen for a whole cohort."""

from __future__ import annotations

import pytest

from posthma.cohort import Input, Settings, run_cohort
from posthma.errors import UsageError
from posthma.intake.columns import Columns
from posthma.resources import path


def run(out, **choices):
    return run_cohort(Input(path("kb/cases"), Columns()), out, Settings(choices=choices or None), workers=0)


def test_a_choice_holds_for_every_patient_and_is_named_in_the_summary(tmp_path, read):
    """Patient 3 has exactly 20 % blasts: CPX-351 applies by the other definition, and nothing changes for the rest."""
    plain, other = run(tmp_path / "plain"), run(tmp_path / "other", aml="who")
    assert "Chosen: aml=who" in other.heading
    assert not any(line.startswith("Chosen") for line in plain.heading)
    rows = [{row["place"]: row for row in read(tmp_path / name / "patients.csv")} for name in ("plain", "other")]
    assert len(rows[0]) == 4
    changed = {place for place in rows[0] if rows[0][place] != rows[1][place]}
    assert [place.rpartition("patient-")[2][:1] for place in changed] == ["3"]
    place = changed.pop()
    gained = [set(row[place]["applicable"].split("; ")) for row in rows]
    assert gained[1] - gained[0] == {"CPX-351"}


def test_an_unknown_choice_ends_the_run_before_it_begins(tmp_path):
    with pytest.raises(UsageError, match="no alternative of aml"):
        run(tmp_path / "out", aml="30")
    assert not (tmp_path / "out").exists()
