"""The knowledge itself, as its authors' checks see it."""

from __future__ import annotations

import pytest

from posthma.lint import lint, read_matter

# What is told of the knowledge today and waits for the owner of the file: code, and the thing that it is told of.
KNOWN_GAPS: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
def findings():
    return lint(read_matter())


def is_known(finding):
    return any(finding.code == code and words in finding.fact for code, words in KNOWN_GAPS)


def test_the_knowledge_has_no_violation_but_those_that_are_known(findings):
    assert [str(f) for f in findings if f.severity == "violation" and not is_known(f)] == []


def test_the_knowledge_has_no_warning(findings):
    """What is left are infos: trials whose registry number nobody saw."""
    assert [str(f) for f in findings if f.severity == "warning"] == []
    assert {f.code for f in findings} == {"shape:Trial-knownNumber"}


def test_every_finding_has_a_place_in_a_file_and_a_remedy(findings):
    for finding in findings:
        assert finding.place.rpartition(":")[2].isdigit(), finding
        assert finding.remedy, finding
