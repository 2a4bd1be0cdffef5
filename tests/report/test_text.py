"""The text answer: what it says, in which order, at every width, in any encoding."""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path

import pytest

from posthma.report import NOTICE
from posthma.report.layout import Page, encodable
from posthma.report.text import render

sys.path.insert(0, str(Path(__file__).parent))
from sample import ANSWER, CONTRADICTION


def words(text):
    return " ".join(text.split())


def test_sections_come_in_the_order_that_a_haematologist_reads():
    text = render(ANSWER)
    parts = [
        "FAILURE OF HYPOMETHYLATING THERAPY",
        "failure by resistance · secondary · provisional",
        "Response was lost on 2017-05-01. (record.ttl:31) [S1: lines 5-9]",
        "No cycle was left out",
        "DISEASE ON 2017-06-01",
        "REASSESS FIRST",
        "Repeat the marrow.",
        "THERAPIES AND TRIALS",
        "Applicable: drug one within a trial",
        "Cannot be decided yet: drug two",
        "No drug label of EU is known here where none is named.",
        "Applicable (1)",
        "1. drug one within a trial",
        "Advised against (1)",
        "2. drug four",
        "Cannot be decided yet (1)",
        "3. drug two",
        "MISSING FACTS",
        "gene two mutated (gene test): drug two",
        "RULED OUT",
        "drug three: del(5q): NOT met (found 2017-05-01)",
        "TO DISCUSS AND TO DO",
        "REPORTED IN THE RECORD",
        "SOURCES",
        "Knowledge",
        "1.2.3 (sha256 bbbbbbbbbbbb)",
        "Decision support",
    ]
    flat = words(text)
    positions = [flat.find(part) for part in parts]
    assert -1 not in positions, [part for part, at in zip(parts, positions, strict=True) if at < 0]
    assert positions == sorted(positions)


def test_evidence_says_effect_directness_dispute_and_citation():
    flat = words(render(ANSWER))
    assert (
        "For Overall response: 30 % (95 % CI 20–42) (phase 2; n = 40; after HMA failure; indirect: the studied patients "
        "had AML) [91: lines 10-12]"
    ) in flat
    assert (
        "Against Median survival: 87 months (not decidable: karyotype is missing) DISPUTED, orders nothing: "
        "the figure cannot be survival after failure [92: lines 20-21]"
    ) in flat


def test_every_mark_is_in_the_list_of_sources():
    text = render(ANSWER)
    listed = re.findall(r"^  \[(\w+)\]", text, re.MULTILINE)
    cited = {
        part.split(":")[0] for group in re.findall(r"\[(\w+: [^\]]*)\]", words(text)) for part in group.split("; ")
    }
    assert sorted(listed) == sorted(cited) == ["91", "92", "S1"]
    assert "[91] Author 2001, doi:10.5555/1, PMID 1 (verified)" in text


def test_two_publications_never_share_a_mark():
    twin = dataclasses.replace(
        ANSWER.options[0].evidence_for[0].citations[0], iri="http://example.org/twin", label="Twin"
    )
    state = dataclasses.replace(ANSWER.disease_state[0], citations=(twin,))
    text = render(dataclasses.replace(ANSWER, disease_state=(state,)))
    assert len(set(re.findall(r"^  \[(\w+)\]", text, re.MULTILINE))) == 4


def test_a_stale_finding_asks_for_a_new_test():
    assert "donor found (found 2016-01-01, before the reassessment: repeat the donor search)" in words(render(ANSWER))


@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 40, 30, 5])
def test_no_line_is_wider_than_the_page_and_nothing_is_lost(width):
    page = Page(width)
    text = render(ANSWER, page)
    assert max(map(len, text.splitlines())) <= page.width <= 116
    assert not any(line != line.rstrip() for line in text.splitlines())
    whole, narrow = (re.sub(r"\W+", "", t).lower() for t in (render(ANSWER), text))
    assert sorted(whole) == sorted(narrow)


def test_a_pipe_gets_no_colour_and_a_terminal_does():
    assert "\x1b" not in render(ANSWER)
    coloured = render(ANSWER, Page(100, colour=True))
    assert "\x1b[1;36m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render(ANSWER)


def test_labels_of_a_record_cannot_steer_the_terminal():
    wicked = dataclasses.replace(ANSWER, patient="p\x1b[2J\x07\u202e")
    assert not set(render(wicked)) & {"\x1b", "\x07", "\u202e"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "utf-8", "no-such-encoding"])
def test_any_encoding_can_print_it(encoding):
    text = encodable(render(ANSWER), encoding)
    assert text.encode("ascii" if encoding.startswith("no") else encoding)
    assert "?" not in re.sub(r"^  \? ", "", text, flags=re.MULTILINE)


def test_ascii_keeps_the_sense_of_signs():
    assert "Marrow blasts >= 20 %" in encodable(render(ANSWER), "ascii")
    assert "resistance - secondary - provisional" in encodable(render(ANSWER), "ascii")


def test_the_notice_and_the_knowledge_stand_in_every_answer():
    empty = dataclasses.replace(ANSWER, options=(), first=(), disease_state=(), notices=(), reported=(), counselling=())
    text = words(render(empty))
    assert NOTICE in text
    assert "1.2.3 (sha256 bbbbbbbbbbbb)" in text
    assert "None can be named for this patient on this date." in text


def test_a_contradiction_withholds_and_names_both_places():
    text = words(render(dataclasses.replace(ANSWER, options=(), contradictions=(CONTRADICTION,))))
    assert "gene one mutated and not mutated in one sample (record.ttl:3, record.ttl:9)" in text
    assert "nothing is recommended" in text


def test_choices_of_the_call_are_told():
    text = words(render(dataclasses.replace(ANSWER, as_of="2019-02-07", without_source="kb:ref-901")))
    assert "as of 2019-02-07, without kb:ref-901" in text


def test_a_label_that_is_known_is_shown_beside_the_option():
    known = dataclasses.replace(ANSWER.options[0], label_status="on label (EU)")
    text = words(render(dataclasses.replace(ANSWER, options=(known,))))
    assert "Label on label (EU)" in text
    assert "No drug label" not in text


def test_a_sentence_before_its_figure_loses_the_full_stop():
    item = dataclasses.replace(ANSWER.options[0].evidence_for[0], text="Some respond.", effect="30 %")
    option = dataclasses.replace(ANSWER.options[0], evidence_for=(item,))
    assert "Some respond: 30 %" in words(render(dataclasses.replace(ANSWER, options=(option,))))
