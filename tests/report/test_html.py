"""The HTML report: one file, nothing from elsewhere, readable by machine and by ear, every claim with its proof."""

from __future__ import annotations

import dataclasses
import itertools
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import posthma
from posthma.check import check
from posthma.report import NOTICE, html, words
from posthma.report.book import Book, goals
from posthma.resources import root

sys.path.insert(0, str(Path(__file__).parent))
from sample import ANSWER, CONTRADICTION

CASES = sorted((root() / "kb" / "cases").glob("*/record.ttl"))
VOID = {"meta", "br"}


class Outline(HTMLParser):
    """Elements with their attributes and text; fails on tags that are not closed in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.said = [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, len(self.elements) - 1))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, number in self.open:
            self.said[number] = self.said.get(number, "") + data

    def all(self, *tags):
        return [(attrs, self.said.get(i, "")) for i, (tag, attrs) in enumerate(self.elements) if tag in tags]


@pytest.fixture(scope="module")
def kb():
    return posthma.load()


@pytest.fixture(scope="module", params=CASES, ids=lambda path: path.parent.name)
def case(request, kb):
    answer = kb.assess(request.param)
    book = Book(kb.tell(request.param), goals(answer))
    return request.param, answer, book, html.render(answer, book)


def test_there_are_cases():
    assert len(CASES) >= 4


def test_every_tag_is_closed_ids_are_unique_and_links_lead_somewhere(case):
    page = Outline(case[3])
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [attrs["href"] for attrs, _ in page.all("a")]
    assert len(targets) > 100
    assert [target for target in targets if target[0] != "#" or target[1:] not in ids] == []
    named = [name for _, attrs in page.elements for name in attrs.get("aria-labelledby", "").split()]
    assert named
    assert set(named) <= set(ids)


def test_nothing_is_fetched_and_nothing_runs(case):
    text = case[3]
    page = Outline(text)
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & {tag for tag, _ in page.elements}
    assert not [a for _, attrs in page.elements for a in attrs if a.startswith("on") or a in ("src", "style")]
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in text
    assert "url(" not in text
    policy = next(attrs["content"] for attrs, _ in page.all("meta") if "http-equiv" in attrs)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_it_can_be_read_by_ear(case):
    """One h1, no level left out, landmarks, tables with captions and scopes, drawings with a name and a description."""
    page = Outline(case[3])
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(tag) for tag in ("header", "main", "footer", "nav")] == [1, 1, 1, 1]
    assert tags.count("table") == tags.count("caption") > 2
    assert all(attrs.get("scope") in ("row", "col") for attrs, _ in page.all("th"))
    drawings = page.all("svg")
    assert drawings
    assert all(attrs["role"] == "img" and attrs["aria-labelledby"] for attrs, _ in drawings)
    assert all(text for _, text in page.all("desc"))
    assert next(attrs for attrs, _ in page.all("html"))["lang"] == "en"
    named = [(attrs["aria-label"], text) for attrs, text in page.all("a") if "aria-label" in attrs]
    assert len(named) > 20
    assert [pair for pair in named if pair[1] not in pair[0]] == []  # who speaks what is seen reaches the link


def test_every_option_stands_under_its_status_with_its_tree(case):
    _, answer, _, text = case
    page = Outline(text)
    shown = [option for option in answer.options if option.status != "silent"]
    headings = {said for _, said in page.all("h3")}
    for group, options in words.in_groups(answer.options):
        assert f"{group.heading} ({len(options)})" in headings
    cards = page.all("article")
    assert len(cards) == sum(option.status not in ("not applicable", "out of scope") for option in shown)
    drawn = ("applicable", "within trials only", "undetermined", "caution undetermined")
    titles = [said for _, said in page.all("title")][1:]
    assert sorted(titles) == sorted(f"Criteria of {o.label}" for o in shown if o.status in drawn)
    everything = " ".join(said for _, said in page.all("body"))
    assert [option.label for option in shown if option.label not in everything] == []


def test_every_source_that_is_cited_is_listed(case):
    _, answer, _, text = case
    listed = " ".join(said for _, said in Outline(text).all("dd"))
    for option in answer.options:
        if option.status not in ("silent", "not applicable", "out of scope"):  # these show the failed criterion alone
            for item in (*option.evidence_for, *option.evidence_against, *option.evidence_context):
                assert all(citation.label in listed for citation in item.citations)


def test_every_fact_of_the_answer_is_proven_in_it(case):
    """Each claim with a fact has a folded proof that leads to a step; nothing that was concluded goes without."""
    _, answer, book, text = case
    wanted = goals(answer)
    assert len(wanted) > 30
    assert [goal for goal in wanted if book.number(goal) is None] == []
    for claim in (*answer.failure.sentences, *answer.failure.assumptions):
        number = book.number(claim.triple)
        assert f'<p><a href="#step-{book.telling.shown[number]}">' in text
    assert text.count('<li id="step-') == len(book.telling.sentences)


def test_what_a_rule_concludes_at_once_is_one_step_to_a_reader(case):
    """No two steps shown say the same by the same rule and premises; the JSON keeps one for each head."""
    _, _, book, text = case
    shown = [
        (rule, said)
        for said, rule in re.findall(r'<li id="step-\d+" value="\d+">(.*?) <span class="rule">\[(.*?)\]', text)
    ]
    assert len(shown) == len(set(shown))
    results = [step for step in book.steps if step.rule == "R-MEAS-083"]
    heads = {step.triple[1] for step in results if step.premises == results[0].premises}
    assert len(heads) > 1
    assert len({book.telling.shown[step.id] for step in results if step.premises == results[0].premises}) == 1
    for step in book.steps:
        first = book.step(book.telling.shown[step.id])
        assert (first.rule, first.kind) == (step.rule, step.kind)
        assert book.telling.premises(first) == book.telling.premises(step)


def test_the_proofs_of_the_book_are_accepted_by_the_checker(case, tmp_path):
    record, answer, book, _ = case
    file = tmp_path / "proof.json"
    for goal in [option.triple for option in answer.options if option.triple][::9]:
        proof = book.proof(goal)
        assert proof.conclusion == goal
        file.write_text(proof.to_json(), encoding="utf-8")
        verdict = check(str(file), str(record))
        assert verdict.accepted, verdict.to_text()


def test_a_step_of_the_book_stands_after_its_premises_and_once(case):
    book = case[2]
    assert [step.id for step in book.steps] == list(range(1, len(book.steps) + 1))
    assert all(premise < step.id for step in book.steps for premise in step.premises)
    assert len({(step.triple, step.rule, step.place) for step in book.steps}) == len(book.steps)


def test_the_book_proves_as_the_closure_does(case, kb):
    """Same facts, rules and places as proofs made one by one; only the numbers differ."""
    record, answer, book, _ = case
    closure = kb.tell(record)

    def told(steps):
        return {(s.kind, s.triple, s.place, s.document, s.rule, s.says, s.absences, s.aggregates) for s in steps}

    for goal in goals(answer)[::7]:
        assert told(book.proof(goal).steps) == told(closure.proof(goal).steps)


def test_the_same_answer_gives_the_same_bytes(case, kb):
    record, answer, _, text = case
    assert html.render(answer, Book(kb.tell(record), goals(answer))) == text


def test_full_unfolds_everything():
    page = Outline(html.render(ANSWER, full=True))
    folds = page.all("details")
    assert folds
    assert all("open" in attrs for attrs, _ in folds)
    assert not all("open" in attrs for attrs, _ in Outline(html.render(ANSWER)).all("details"))


def test_the_sample_says_all_it_has():
    body = " ".join(said for _, said in Outline(html.render(ANSWER)).all("body"))
    flat = " ".join(body.split())
    for part in (
        "failure by resistance · secondary · provisional",
        "blasts in blood 63 %",
        "Reassess first: marrow aspirate",
        "Only within a trial (1)",
        "drug one within a trial, trial T1 (phase 2): offer, “may be considered”",
        "Disputed, orders nothing: the figure cannot be survival after failure",
        "indirect; not met: overt leukaemia",
        "ruled out by no del(5q) (2017-05-01)",
        "Where no drug label is named, none is known here (EU).",
        "Explain randomisation.",
        "DIFFERS",
        NOTICE,
        "1.2.3 (sha256 bbbbbbbbbbbb)",
    ):
        assert part in flat, part


def test_a_contradiction_withholds_and_names_both_places():
    text = html.render(dataclasses.replace(ANSWER, options=(), contradictions=(CONTRADICTION,)))
    assert "(record.ttl:3, record.ttl:9)" in text
    assert words.WITHHELD in text
    assert words.NOTHING in text


def test_text_of_a_record_stays_text():
    wicked = '"><script>alert(1)</script>'
    state = dataclasses.replace(ANSWER.disease_state[0], text=wicked, place=wicked)
    option = dataclasses.replace(ANSWER.options[0], label=wicked, strength=wicked)
    answer = dataclasses.replace(ANSWER, disease_state=(state,), options=(option,), record_path=wicked)
    text = html.render(answer)
    Outline(text)
    assert "<script" not in text
