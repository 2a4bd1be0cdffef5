"""The answer as Markdown: the same words as the text, and nothing of the record steers its form."""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import posthma
from posthma.report import NOTICE, markdown, words
from posthma.resources import root

sys.path.insert(0, str(Path(__file__).parent))
from sample import ANSWER, CONTRADICTION, TRIAL_ONLY

CASES = sorted((root() / "kb" / "cases").glob("*/record.ttl"))


def said(text):
    """Return the words of Markdown as a reader of the rendered page sees them."""
    page = MarkdownIt("commonmark").enable("table").render(text)
    plain = re.sub(r"<[^>]+>", " ", page)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(entity, sign)
    return " ".join(plain.split())


def test_it_says_what_the_text_says():
    flat, at = said(markdown.render(ANSWER)), 0
    for part in (
        words.TITLE,
        "failure by resistance · secondary · provisional",
        "Response was lost on 2017-05-01. [S1:5-9]",
        "blasts in blood 63 %",
        "Reassess first: marrow aspirate [S1:5-9]",
        "Applicable 1 drug one within a trial",
        "Only within a trial 2 drug five",
        "drug one within a trial, trial T1 (phase 2) : offer, “may be considered” [S1:5-9]",
        "For: Overall response: 30 % (95 % CI 20–42) (n = 40; after HMA failure; indirect) [91:10-12]",
        "Only within a trial (1)",
        "Needs: gene test: gene two mutated",
        "Ruled out (1)",
        "drug three: ruled out by no del(5q) (2017-05-01)",
        "Explain randomisation.",
        "[91] Author 2001, doi:10.5555/1, PMID 1 (verified)",
        NOTICE,
    ):
        found = flat.find(part, at)
        assert found >= 0, part
        at = found


def test_the_whole_form_has_the_ledger_and_the_criteria():
    flat = said(markdown.render(ANSWER, full=True))
    assert "DISPUTED, orders nothing: the figure cannot be survival after failure" in flat
    assert "population one: ✓ met; all of these gene one mutated: ✓ met" in flat
    assert "87 months" not in markdown.render(ANSWER)


def test_text_of_a_record_stays_text():
    wicked = "# <b>*x*</b> | [a](http://example.org) `y`\n\n# z"
    state = dataclasses.replace(ANSWER.disease_state[0], text=wicked)
    answer = dataclasses.replace(ANSWER, disease_state=(state,), record_path=wicked)
    text = markdown.render(answer)
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert "<b>" not in page
    assert "href" not in page
    assert page.count("<h1>") == 1
    assert " ".join(wicked.split()) in said(text)


def test_what_only_a_trial_may_give_is_never_under_applicable():
    text = markdown.render(dataclasses.replace(ANSWER, options=(TRIAL_ONLY,)))
    assert "Only within a trial (1)" in text
    assert "Applicable" not in text


def test_a_contradiction_withholds():
    text = said(markdown.render(dataclasses.replace(ANSWER, options=(), contradictions=(CONTRADICTION,))))
    assert "Contradiction: gene one mutated and not mutated in one sample (record.ttl:3, record.ttl:9)" in text
    assert words.WITHHELD in text


@pytest.fixture(scope="module")
def kb():
    return posthma.load()


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("full", [False, True])
def test_every_case_names_every_option_and_lists_every_mark(case, full, kb):
    answer = kb.assess(case)
    flat = said(markdown.render(answer, full=full))
    assert [o.label for o in answer.options if o.status != "silent" and o.label not in flat] == []
    head, _, tail = flat.rpartition(" Sources ")
    cited = {part.split(":")[0] for group in re.findall(r"\[(\w+:[^\]]*)\]", head) for part in group.split("; ")}
    assert cited
    assert cited <= set(re.findall(r"\[(\w+)\]", tail))
