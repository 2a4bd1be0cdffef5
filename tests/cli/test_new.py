"""posthma new: skeletons that say what is missing, and that lint passes once it is filled in."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow

FILLED = {
    "finding": {
        "TODO: what is so in it, without using the label": "whose current test shows it",
        "TODO: the contrary in words, such as: very odd looked for and absent": "very odd looked for and absent",
        "p:decidedBy kb:TODO": "p:decidedBy kb:karyotyping",
        "kb:TODO\n    p:covers": "kb:panelKaryotype\n    p:covers",
    },
    "criterion": {
        "p:TODO": "p:Fit",
        "TODO: section and lines, and what is read into them": "Lines 1-2; nothing is read into them",
    },
    "option": {
        "p:intervention kb:TODO": "p:intervention kb:azacitidine",
        "kb:crit-TODO": "p:AfterHmaFailure",
        "p:stance kb:TODO": "p:stance kb:offer",
        "TODO: the document's own strength word": "may be considered",
        "kb:ev-TODO": "kb:ev-ven-01",
        "TODO: the heading": "Introduction",
        "TODO: first-last": "1-2",
    },
}


def violations(text):
    return [line for line in text.splitlines() if ": violation " in line]


@pytest.mark.parametrize("kind", sorted(FILLED))
def test_a_skeleton_that_is_filled_in_passes_lint(kind, posthma, tmp_path):
    done = posthma("new", kind, "very-odd")
    assert done.returncode == 0, done.stderr
    file = tmp_path / f"{kind}.ttl"
    file.write_text(done.stdout, encoding="utf-8")
    unfilled = posthma("lint", file)
    assert unfilled.returncode == 1
    assert "TODO" in unfilled.stdout
    text = done.stdout
    for blank, value in FILLED[kind].items():
        assert blank in text
        text = text.replace(blank, value)
    assert "TODO" not in re.sub(r"#.*", "", text)
    file.write_text(text, encoding="utf-8")
    filled = posthma("lint", file)
    assert violations(filled.stdout) == []
    assert filled.returncode == 0, filled.stderr


@pytest.mark.parametrize("kind", sorted(FILLED))
def test_every_blank_is_told_by_lint(kind, posthma, tmp_path):
    """Filled in but for one blank, a skeleton does not pass: no TODO gets into the knowledge unseen."""
    whole = posthma("new", kind, "very-odd").stdout
    blank = sorted(FILLED[kind])[0]
    for other, value in FILLED[kind].items():
        if other != blank:
            whole = whole.replace(other, value)
    file = tmp_path / "nearly.ttl"
    file.write_text(whole, encoding="utf-8")
    done = posthma("lint", file)
    assert done.returncode == 1
    assert violations(done.stdout)


def test_names_of_any_form_give_the_same_iris(posthma):
    for name in ("very-odd", "VeryOdd", "very odd"):
        text = posthma("new", "finding", name).stdout
        assert "\np:VeryOdd\n" in text
        assert "\np:NotVeryOdd\n" in text
        assert 'rdfs:label "very odd"@en' in text
    assert "\nkb:option-very-odd\n" in posthma("new", "option", "VeryOdd").stdout


def test_a_label_is_taken_over_as_it_is(posthma):
    text = posthma("new", "criterion", "odd", "--label", 'odd, or "so"').stdout
    assert r'rdfs:label "odd, or \"so\""@en' in text


def test_output_to_a_file_never_overwrites(posthma, tmp_path):
    file = tmp_path / "new.ttl"
    done = posthma("new", "option", "odd", "-o", file)
    assert (done.returncode, done.stdout) == (0, "")
    assert "fill in what says TODO" in done.stderr
    before = file.read_text(encoding="utf-8")
    again = posthma("new", "option", "other", "-o", file)
    assert again.returncode == 2
    assert "the file is there already" in again.stderr
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["finding", "fit"], "p:Fit is there already"),
        (["option", "clinical-trial"], "kb:option-clinical-trial is there already"),
        (["finding", "5q"], "'5q' cannot be part of an IRI"),
        (
            ["option", "odd", "--source", "santini-2091"],
            "there is no document 'santini-2091'; name one of santini-2019",
        ),
        (["theory", "odd"], "'theory' is not one of"),
    ],
)
def test_wrong_use_ends_with_2(args, words, posthma):
    done = posthma("new", *args)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""
