"""Whole cohorts: many patients assessed on all cores, one row each, with a summary."""

from posthma.cohort.assess import Assessor, Outcome, Settings
from posthma.cohort.run import Result, run_cohort
from posthma.cohort.units import Input, Unit

__all__ = ["Assessor", "Input", "Outcome", "Result", "Settings", "Unit", "run_cohort"]
