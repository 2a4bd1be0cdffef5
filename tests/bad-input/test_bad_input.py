"""Every bad input gets a message with place, fact and remedy, a non-zero exit, and never a recommendation.

A case is a folder with an input and ``expected.txt``: the exit code, and words that the place, the fact and the remedy
of one line on standard error must hold. The case ``sound`` is what all others were made from: it must be assessed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = sorted(folder for folder in HERE.iterdir() if (folder / "expected.txt").is_file())
WANTED = {  # issue "First light", section "Bad input gets"
    "broken-turtle", "empty-file", "no-patient", "two-patients", "blasts-of-180-percent",
    "white-count-in-the-wrong-unit", "dates-out-of-order", "failure-asserted-by-hand", "schema-triples", "unknown-term",
    "a-file-of-200-mb", "disease-out-of-scope",
}  # fmt: skip


def test_all_wanted_cases_are_here():
    assert {case.name for case in CASES} >= WANTED


def recommend(file):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "reasoner"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "posthma", "recommend", str(file)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_message_exit_code_and_silence(case, tmp_path):
    expected = dict(line.split(": ", 1) for line in (case / "expected.txt").read_text().splitlines() if ": " in line)
    file = next(case.glob("input.*"), tmp_path / "input.ttl")
    if not file.exists():  # the large file is made here, not kept
        with file.open("wb") as out:
            out.truncate(200_000_000)
    done = recommend(file)
    assert done.returncode == int(expected["exit"]), done.stderr
    if done.returncode == 0:
        assert done.stdout
        assert done.stderr == ""
        return
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    messages = [split(line) for line in done.stderr.splitlines()]
    fitting = [
        (place, fact, remedy)
        for place, fact, remedy in messages
        if is_at(place, expected["place"]) and expected.get("fact", "") in fact and expected.get("remedy", "") in remedy
    ]
    assert fitting, done.stderr
    assert all(remedy.strip() for _, _, remedy in fitting), done.stderr


def split(line):
    """Split ``[CODE ]place: [severity check: ]fact; remedy`` into place, fact and remedy."""
    match = re.fullmatch(r"(?:PH-\d+ )?(\S+): (?:(?:violation|warning|info) \S+: )?(.*); (.*)", line)
    assert match, f"no message of the form 'place: fact; remedy': {line}"
    return match[1], match[2], match[3]


def is_at(place, expected):
    """Say whether a place is the expected file and line; a column may follow."""
    return f"{Path(place).name}:".startswith(f"{expected}:")
