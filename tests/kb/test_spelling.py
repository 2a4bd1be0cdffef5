"""One spelling, the British one, in what readers see: labels, definitions, sentences and the headers of queries."""

from __future__ import annotations

import re

from tests.kb.graphs import ROOT, knowledge_files
from tests.kb.own_words import literals

AMERICAN = re.compile(r"leukemi|\banemi|\bhemat|hemoglobin|hemorrh|\btumors?\b|\bcenters?\b|signaling|favorabl|behavior", re.IGNORECASE)
"""Titles and names in other people's spelling stand elsewhere: notes on publications, outcomes that name a journal."""

SEEN = {
    "label", "definition", "scopeNote", "description", "says", "populationText", "roleText", "mechanismText", "effect",
    "readingText", "reasonAbove", "saysWhenMet", "comparatorText", "statusNow",
}  # fmt: skip


def test_labels_and_definitions_are_spelt_alike() -> None:
    seen = [(place, subject, text) for place, subject, name, text in literals(knowledge_files()) if name in SEEN]
    assert len(seen) > 3000
    assert [(place, subject, text) for place, subject, text in seen if AMERICAN.search(text)] == []
    assert sum("leukaemia" in text for _, _, text in seen) > 80


def test_headers_of_queries_are_spelt_alike() -> None:
    files = sorted((ROOT / "queries").rglob("*.rq"))
    assert len(files) > 150
    headers = [(file.name, line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert [header for header in headers if AMERICAN.search(header[1])] == []
