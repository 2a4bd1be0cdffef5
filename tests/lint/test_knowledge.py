"""The knowledge itself, as its authors' checks see it."""

from __future__ import annotations

import pytest

from posthma.lint import lint, read_matter

# What is told of the knowledge today and waits for the owner of the file: code, and the thing that it is told of.
KNOWN_GAPS = {
    ("shape:Labelled-label", "kb:anyTrial"): "labelled in kb/tests.ttl and in kb/policies/order.ttl",
    ("shape:Publication-name", "kb:bernard-2022"): "its title was not seen, and it has no label",
    ("shape:Publication-name", "kb:greenberg-1997"): "its title was not seen, and it has no label",
    ("shape:Publication-name", "kb:greenberg-2012"): "its title was not seen, and it has no label",
    ("shape:Threshold-unit", "kb:threshold-gap-35"): "its rules read the number alone",
    ("shape:UniqueLabel", "p:"): "a verdict on a line and one on a situation share a label",
    ("sum-rows", "SUM over rows"): "R-MEAS-044 sums without DISTINCT",
}


@pytest.fixture(scope="module")
def findings():
    return lint(read_matter())


def is_known(finding):
    return any(finding.code == code and words in finding.fact for code, words in KNOWN_GAPS)


def test_the_knowledge_has_no_violation_but_those_that_are_known(findings):
    assert [str(f) for f in findings if f.severity == "violation" and not is_known(f)] == []


def test_every_finding_has_a_place_in_a_file_and_a_remedy(findings):
    for finding in findings:
        assert finding.place.rpartition(":")[2].isdigit(), finding
        assert finding.remedy, finding
