"""The summary counts what the rows say, and its page stands alone."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from posthma.cohort import Input, Settings, run_cohort
from posthma.cohort.assess import Outcome
from posthma.cohort.page import page
from posthma.cohort.summary import Summary
from posthma.intake.columns import Columns


@pytest.fixture
def done(patients, tmp_path, read):
    file = patients(20)
    with file.open("a") as out:
        out.write("bad,2017-01-01,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,x\n")
    result = run_cohort(Input(file, Columns()), tmp_path / "out", Settings(), workers=0)
    return result, read(tmp_path / "out/patients.csv"), tmp_path / "out"


def several(rows, column):
    return Counter(value for row in rows for value in row[column].split("; ") if value)


def test_counts_are_those_of_the_rows(done):
    result, rows, _ = done
    summary = result.summary
    assert (summary.patients, summary.quarantined) == (20, 1) == (len(rows), 1)
    assert summary.gates == Counter(row["gate"] for row in rows)
    assert summary.kinds == several(rows, "kind")
    assert summary.missing == several(rows, "missing_tests")
    assert summary.mutated == several(rows, "mutations")
    for status, number in summary.totals().items():
        assert number == sum(int(row["options_" + status.replace(" ", "_")]) for row in rows)
    for option, counts in summary.ranked_options():
        assert counts["applicable"] == several(rows, "applicable")[option]
    gene = max(summary.mutated, key=lambda g: summary.mutated[g])
    carriers = [row for row in rows if gene in row["mutations"].split("; ")]
    assert summary.by_mutation[gene] == several(carriers, "applicable")


def test_the_text_says_every_count(done):
    result, _, out = done
    text = (out / "summary.txt").read_text()
    assert "20 assessed, 1 quarantined" in text
    for counts in (result.summary.gates, result.summary.missing, result.summary.reasons):
        for name, number in counts.items():
            assert re.search(rf"^ +{number} .*{re.escape(name)}$", text, re.MULTILINE)


class Page(HTMLParser):
    """The tags of a page, and whether each is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.addresses = [], Counter(), []

    def handle_starttag(self, tag, attrs):
        self.seen[tag] += 1
        self.addresses += [value for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_stands_alone(done):
    result, _, out = done
    text = (out / "summary.html").read_text()
    parsed = Page()
    parsed.feed(text)
    assert parsed.open == []
    assert parsed.seen["svg"] >= 4
    assert not {"script", "link", "img", "iframe", "object"} & set(parsed.seen)
    assert parsed.addresses == []
    assert "url(" not in text
    for option, counts in result.summary.ranked_options():
        assert f">{option[:50]}" in text
        assert not counts["applicable"] or f"applicable for {counts['applicable']}" in text


def test_names_from_an_input_do_not_become_markup():
    summary = Summary(["applicable"], ["an <option>"])
    row = {"contradictions": [], "gate": "<b>", "certainty": "", "kind": [], "out_of_scope": "", "missing_tests": ["<i>"],
           "_statuses": [0], "tested_genes": ["G<"], "mutations": ["G<"], "applicable": ["an <option>"]}  # fmt: skip
    summary.add(Outcome(0, "p", "x", row=row))
    text = page(summary, ["<script>alert(1)</script>"])
    parsed = Page()
    parsed.feed(text)
    assert parsed.open == []
    assert not {"script", "b", "i", "option"} & set(parsed.seen) - {"b"}
    assert "&lt;b&gt;" in text


def test_a_summary_goes_on_from_its_state(done):
    result, _, _ = done
    again = Summary(result.summary.statuses, result.summary.options, result.summary.state)
    assert again.text(()) == result.summary.text(())
