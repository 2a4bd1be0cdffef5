"""Both engines give the same decisions: a few records in every run, all of them with POSTHMA_DIFFERENTIAL=all."""

from __future__ import annotations

import os

import pytest
from tests.oracle import decisions

FEW = ["patient-2", "patient-4", "loss-gap-36", "stale-negative", "blasts-about-20", "early-then-intolerance"]


@pytest.mark.slow
def test_the_same_decisions() -> None:
    every = decisions.all_records()
    assert len(every) > 150
    names = list(every) if os.environ.get("POSTHMA_DIFFERENTIAL") == "all" else FEW
    for start in range(0, len(names), 20):
        wrong, compared = decisions.differing({name: every[name] for name in names[start : start + 20]})
        assert wrong == []
        assert compared > 50 * len(names[start : start + 20])


def test_a_difference_is_noticed() -> None:
    """Facts that one engine lacks change the decisions that are compared."""
    triples = decisions.all_records()["stable-6"]
    closure = decisions.knowledge().close(triples)
    facts = {*closure.asserted, *closure.inferred}
    whole = decisions.decisions(decisions.Facts(facts), triples)
    assert whole == decisions.decisions(closure, triples)
    fewer = {t for t in facts if not t[2].endswith("/AfterHmaFailure>")}
    assert len(fewer) < len(facts)
    assert decisions.decisions(decisions.Facts(fewer), triples) != whole
