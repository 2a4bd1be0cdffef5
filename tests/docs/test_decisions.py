"""Decisions are short, each under a number of its own, and what names one names one that is there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from posthma.resources import root

ROOT = root()
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))


def test_each_number_is_used_once():
    numbers = Counter(file.name[:4] for file in DECISIONS)
    assert numbers
    assert [number for number, times in numbers.items() if times > 1] == []


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_a_decision_has_a_number_a_title_and_at_most_ten_lines(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\d{4}(-[a-z0-9]+)+", file.stem)
    assert lines[0].startswith(f"# {file.name[:4]} ")
    assert len(lines) <= 10
