"""The text answer: what it says, in which order, at every width, in any encoding."""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path

import pytest

from posthma.decide.answer import ChoiceMade, Claim, OtherChoice, Turned
from posthma.report import NOTICE, html, markdown
from posthma.report import words as report_words
from posthma.report.layout import Page, encodable
from posthma.report.text import render
from posthma.report.words import evidence, runs

sys.path.insert(0, str(Path(__file__).parent))
from sample import ANSWER, APPLICABLE, CONTRADICTION, OPEN, TRIAL_ONLY, TRIPLE


def words(text):
    return " ".join(text.split())


def in_order(text, parts):
    flat, at = words(text), -1
    for part in parts:
        found = flat.find(part, at + 1)
        assert found >= 0, f"{part!r} is not in {flat[max(at, 0) :][:300]!r}"
        at = found


def test_the_first_screen_holds_what_matters():
    """Patient, failure, disease, what to reassess and an overview of options, in that order, within forty lines."""
    text = "\n".join(render(ANSWER).splitlines()[:40])
    in_order(
        text,
        [
            "Patient woman; 70 years",
            "FAILURE OF HYPOMETHYLATING THERAPY",
            "failure by resistance · secondary · provisional",
            "Response was lost on 2017-05-01. (record.ttl:31) [S1:5-9]",
            "Assumed: No cycle was left out",
            "DISEASE ON 2017-06-01",
            "Measured 2017-05-30: blasts in blood 63 %, haemoglobin 6.8 g/dL",
            "2017-05-20: platelets 39 x10^9/L",
            "Found Marrow blasts ≥ 20 %: AML; anaemic [S1:5-9]",
            "! Reassess first: marrow aspirate [S1:5-9]",
            "THERAPIES AND TRIALS",
            "Applicable: 1 drug one within a trial",
            "Only within a trial: 2 drug five",
            "Advised against: 3 drug four",
            "Cannot be decided yet: 4 drug two",
            "Ruled out: 1, see below",
        ],
    )


def test_sections_come_in_the_order_that_a_haematologist_reads():
    in_order(
        render(ANSWER),
        [
            "Reassess first",
            "THERAPIES AND TRIALS",
            "Applicable (1)",
            "1. drug one within a trial, trial T1 (phase 2): offer, “may be considered” [S1:5-9]",
            "Why gene one mutated; failure of therapy",
            "For Overall response: 30 % (95 % CI 20–42) (n = 40; after HMA failure; indirect) [91:10-12]",
            "Safety Watch the kidney. [S1:5-9]",
            "Besides 1 statement against",
            "Where no drug label is named, none is known here (EU).",
            "Only within a trial (1)",
            "2. drug five",
            "Advised against (1)",
            "3. drug four: avoid",
            "Cannot be decided yet (1)",
            "4. drug two: offer",
            "Needs gene test: gene two mutated; donor search: donor found (to repeat",
            "Ruled out (1)",
            "drug three: ruled out by no del(5q) (2017-05-01) [S1:5-9]",
            "WHAT A TEST WOULD SETTLE",
            "donor search: donor found; for 4",
            "TO DISCUSS AND TO DO",
            "REPORTED IN THE RECORD",
            "SOURCES",
            "Knowledge",
            "1.2.3 (sha256 bbbbbbbbbbbb)",
            "Decision support",
        ],
    )


def test_what_only_a_trial_may_give_is_never_under_applicable():
    text = render(dataclasses.replace(ANSWER, options=(TRIAL_ONLY,)))
    assert "Only within a trial (1)" in text
    assert "Applicable" not in text


def test_the_whole_ledger_says_effect_directness_dispute_and_citation():
    flat = words(render(ANSWER, full=True))
    assert (
        "For Overall response: 30 % (95 % CI 20–42) (phase 2; n = 40; after HMA failure; indirect; not met: "
        "overt leukaemia) [91:10-12]"
    ) in flat
    assert (
        "Against Median survival: 87 months (not decidable; unknown: adverse karyotype) DISPUTED, orders nothing: "
        "the figure cannot be survival after failure [92:20-21]"
    ) in flat
    assert "Order above drug two because a trial comes first" in flat


def test_a_quarantined_figure_is_shown_in_full_only_and_never_chosen():
    assert "87 months" not in render(ANSWER)
    quarantined = ANSWER.options[0].evidence_against[0]
    assert report_words.leading((quarantined,)) is None


def test_the_statement_chosen_is_the_one_that_speaks_of_this_patient():
    item = ANSWER.options[0].evidence_for[0]
    near = dataclasses.replace(item, iri="http://example.org/near", directness="direct")
    figure = dataclasses.replace(near, iri="http://example.org/figure", effect="40 %")
    remark = dataclasses.replace(figure, iri="http://example.org/remark", citations=())
    bare = dataclasses.replace(near, iri="http://example.org/bare", effect="")
    assert report_words.leading((item, bare, remark, figure)) is figure
    assert report_words.leading((item, remark)) is remark
    assert report_words.leading(()) is None


def test_a_figure_that_the_sentence_tells_is_not_told_twice():
    assert report_words.brief(TRIAL_ONLY.evidence_for[0]) == "Some respond, 30 of 100 (direct)"
    other = dataclasses.replace(TRIAL_ONLY.evidence_for[0], effect="35 %")
    assert report_words.brief(other) == "Some respond, 30 of 100: 35 % (direct)"


def test_verdicts_of_one_line_on_the_same_findings_are_one_sentence():
    one = ("<http://example.org/view>", "<http://example.org/p>", "<http://example.org/c>")
    claims = (
        Claim("drug, 12 cycles: kind one (responded, lost)", one),
        Claim("drug, 12 cycles: kind two (responded, lost)", one),
        Claim("drug, 12 cycles: kind three (other)", one),
        Claim("drug, 3 cycles: kind one (responded, lost)", TRIPLE),
    )
    answer = dataclasses.replace(ANSWER, failure=dataclasses.replace(ANSWER.failure, sentences=claims))
    assert [text for text, _ in report_words.reasons(answer)] == [
        "drug, 12 cycles: kind one, kind two (responded, lost); kind three (other)",
        "drug, 3 cycles: kind one (responded, lost)",
    ]


@pytest.mark.parametrize("full", [False, True])
def test_every_mark_is_in_the_list_of_sources(full):
    text = render(ANSWER, full=full)
    listed = re.findall(r"^  \[(\w+)\]", text, re.MULTILINE)
    cited = {
        part.split(":")[0]
        for group in re.findall(r"\[(\w+:[^\]]*)\]", words(text).partition("SOURCES")[0])
        for part in group.split("; ")
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
    assert "donor search: donor found (to repeat: was met on 2016-01-01, before the reassessment)" in words(
        render(ANSWER)
    )
    whole = words(render(ANSWER, full=True))
    assert "donor found (was met on 2016-01-01, before the reassessment: repeat the donor search)" in whole


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 40, 30, 5])
def test_no_line_is_wider_than_the_page_and_nothing_is_lost(width, full):
    page = Page(width)
    text = render(ANSWER, page, full=full)
    assert max(map(len, text.splitlines())) <= page.width <= 116
    assert not any(line != line.rstrip() for line in text.splitlines())
    whole, narrow = (re.sub(r"\W+", "", t).lower() for t in (render(ANSWER, full=full), text))
    assert sorted(whole) == sorted(narrow)


def test_a_pipe_gets_no_colour_and_a_terminal_does():
    assert "\x1b" not in render(ANSWER)
    coloured = render(ANSWER, Page(100, colour=True))
    assert "\x1b[1;36m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render(ANSWER)


def test_labels_of_a_record_cannot_steer_the_terminal():
    wicked = dataclasses.replace(ANSWER, patient_summary=(Claim("p\x1b[2J\x07\u202e"),))
    assert not set(render(wicked)) & {"\x1b", "\x07", "\u202e"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "utf-8", "no-such-encoding"])
def test_any_encoding_can_print_it(encoding):
    text = encodable(render(ANSWER), encoding)
    assert text.encode("ascii" if encoding.startswith("no") else encoding)
    assert encoding == "utf-8" or '"may be considered"' in text
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
    assert "no drug label" not in text


def test_a_sentence_before_its_figure_loses_the_full_stop():
    item = dataclasses.replace(ANSWER.options[0].evidence_for[0], text="Some respond.", effect="30 %")
    option = dataclasses.replace(ANSWER.options[0], evidence_for=(item,))
    answer = dataclasses.replace(ANSWER, options=(option,))
    assert "Some respond: 30 %" in words(render(answer))
    assert "Some respond: 30 %" in words(render(answer, full=True))


def test_an_option_whose_intervention_is_also_advised_against_says_so():
    """Both stances are shown, and the one that applies points to the one against it, wherever it stands."""
    one, avoid = (dataclasses.replace(ANSWER.options[i], intervention="drug x") for i in (0, 4))
    both = dataclasses.replace(one, intervention="drug y + drug x")
    other = dataclasses.replace(avoid, intervention="drug x2")
    assert report_words.opposing(both, (both, avoid)) == [avoid]
    assert report_words.opposing(one, (one, other, dataclasses.replace(other, intervention=""))) == []
    assert report_words.opposing(avoid, (one, avoid)) == []
    answer = dataclasses.replace(ANSWER, options=(both, avoid))
    for full in (False, True):
        text = words(render(answer, full=full))
        assert "Applicable: 1 drug one within a trial (but see 2)" in text
        assert "But advised against as 2 drug four" in text
    assert "But: advised against as 2 drug four" in markdown.render(answer)
    assert ">drug one within a trial</a> (but see 2)</td>" in html.render(answer)
    assert 'advised against: 2\u00a0<a href="#option-2">drug four</a>' in html.render(answer)


def test_where_many_options_wait_the_overview_names_the_tests():
    count = report_words.MANY + 1
    waiting = tuple(dataclasses.replace(OPEN, iri=f"{OPEN.iri}-{i}", label=f"drug {i}") for i in range(count))
    text = words(render(dataclasses.replace(ANSWER, options=(TRIAL_ONLY, *waiting))))
    assert f"yet: 2 to {count + 1}, waiting for: donor search ({count}), gene test ({count})" in text
    few = words(render(dataclasses.replace(ANSWER, options=(TRIAL_ONLY, *waiting[1:]))))
    assert "yet: 2 drug 1; 3 drug 2;" in few


def test_a_number_stays_with_its_name():
    for width in (40, 60, 100):
        overview = render(ANSWER, Page(width)).partition("THERAPIES AND TRIALS")[2].partition("Applicable (1)")[0]
        assert not re.search(r"\b\d+$", overview, re.MULTILINE)
        assert "\u00a0" not in overview


# --- sentences that a reader met and stumbled over


def test_findings_are_shown_with_their_dates():
    """Latest first, those without a date last; the whole text names the date beside each finding."""
    dated = [Claim("IDH2 mutated", date="2017-05-20"), Claim("anaemic", date="2017-05-30"), Claim("fit")]
    answer = dataclasses.replace(ANSWER, disease_state=tuple(dated))
    in_order(render(answer), ["Found 2017-05-30: anaemic", "2017-05-20: IDH2 mutated", "fit"])
    in_order(render(answer, full=True), ["- IDH2 mutated (2017-05-20)", "- anaemic (2017-05-30)", "- fit"])


def test_what_is_to_be_discussed_says_why():
    for full in (False, True):
        assert "Explain randomisation. Because: a trial applies." in words(render(ANSWER, full=full))


def test_numbers_of_options_are_joined_to_ranges():
    assert runs([3, 4, 5, 9, 1]) == "1, 3 to 5, 9"
    assert runs([1, 2]) == "1, 2"
    assert runs([]) == ""


def test_a_doubt_is_named_once_and_a_group_that_is_the_study_itself_not_again():
    item = dataclasses.replace(
        APPLICABLE.evidence_for[0], dispute="whose figure; whose figure; what is counted",
        directness="not stated", difference="patient one", independence_group="patient one",
    )  # fmt: skip
    said = evidence(item)
    assert said.endswith("(disputed: whose figure; what is counted)")
    assert said.count("patient one") == 1


# --- what another choice would change

MADE = ChoiceMade(
    "urn:c", "window", "attribution window", "long", "90 days", "default", alternatives=("long", "none", "short")
)
KINDS = Turned("", "kind", "primary by stable disease, primary by overt leukaemia", "primary by stable disease")
FLIPS = tuple(Turned(f"urn:{n}", f"drug {n}", "applicable", "not applicable") for n in range(4))
SHORT = OtherChoice("window", "short", "28 days", (KINDS,), FLIPS)


def choosing(*others):
    answer = dataclasses.replace(ANSWER, choices=(MADE,), other_choices=others)
    return words(render(answer)), words(render(answer, full=True))


def test_where_nothing_would_change_one_line_says_so():
    short, _ = choosing()
    assert (
        "DEFINITIONS AND WINDOWS - attribution window: 90 days, by default - No other named choice would change"
        in short
    )


def test_each_change_names_the_option_and_both_statuses():
    """Of several kinds of failure the one that goes; of many options three, and how many more."""
    short, full = choosing(SHORT)
    told = (
        "attribution window “28 days” (--choose window=short) would change: kind of failure, no longer primary by overt "
        "leukaemia; drug 0, from applicable to not applicable;"
    )
    assert told in short
    assert "drug 2, from applicable to not applicable; and 1 more option" in short
    assert "drug 3, from applicable to not applicable" in full


def test_choices_that_would_change_the_same_are_one_line():
    short, _ = choosing(SHORT, dataclasses.replace(SHORT, alternative="none", label="no days"))
    assert "“28 days” (--choose window=short) or “no days” (--choose window=none) would change:" in short
    assert short.count("would change:") == 1
    apart, _ = choosing(SHORT, dataclasses.replace(SHORT, alternative="none", label="no days", failure=()))
    assert apart.count("would change:") == 2
