"""The benchmark of cohorts runs on a tiny size and prints its table; nothing is timed here."""

from __future__ import annotations

from tests.benchmarks import cohort


def test_cohort(capsys):
    cohort.main(["--patients", "4", "--workers", "1", "--few", "0"])
    printed = capsys.readouterr().out
    assert "posthma cohort, 1 workers" in printed
    assert printed.splitlines()[-2].split()[-1] == "0", "no generated patient is quarantined"


def test_generated_patients_are_the_same_each_time_and_differ_from_one_another():
    assert cohort.rows(5) == cohort.rows(5)
    assert len({tuple(sorted(row.items())) for row in cohort.rows(50)}) == 50
