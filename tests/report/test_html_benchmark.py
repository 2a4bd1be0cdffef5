"""How long one patient's HTML takes, proofs included; run with --benchmark-only. The budget is 50 ms at the median."""

from __future__ import annotations

import pytest

import posthma
from posthma.report import html
from posthma.report.book import Book, goals
from posthma.resources import root


@pytest.fixture(scope="module", params=["patient-1", "patient-4"])
def case(request):
    kb = posthma.load()
    record = root() / "kb" / "cases" / request.param / "record.ttl"
    return kb.assess(record), kb.tell(record)


def test_html_with_every_proof(benchmark, case):
    answer, closure = case
    text = benchmark(lambda: html.render(answer, Book(closure, goals(answer))))
    assert text.endswith("</html>\n")
