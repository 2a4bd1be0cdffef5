"""The benchmark of decisions runs on a tiny size and prints its table; nothing is timed here."""

from __future__ import annotations

from tests.benchmarks import decisions


def test_decisions(capsys):
    decisions.main(["--repeat", "1"])
    printed = capsys.readouterr().out
    assert "decisions / closure" in printed
    assert printed.count("patient-") == 4
