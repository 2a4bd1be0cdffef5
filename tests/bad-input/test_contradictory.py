"""Records that contradict themselves, tests that disagree, patients out of scope: what a user sees, in each form.

Each case has a twin that differs by one fact and is assessed. The record is that of the case ``sound`` with events added.
"""

from __future__ import annotations

import csv
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOUND = (HERE / "sound" / "input.ttl").read_text(encoding="utf-8")
ASSESSED = "a p:ResponseAssessment ; p:ofLine r:azacitidine"
GENES = 'a p:GeneTest ; p:date "2017-04-10"^^xsd:date ; p:conclusive true'
CONTRADICTORY = {
    "response-and-progression": (
        f'r:one {ASSESSED} ; p:date "2016-12-05"^^xsd:date ;\n    p:response kb:hematologicImprovement .',
        f'r:two {ASSESSED} ; p:date "2016-12-05"^^xsd:date ;\n    p:response kb:progressiveDisease .',
        "response haematological improvement of azacitidine of 2016-01-11 on 2016-12-05",
        "response progressive disease of azacitidine of 2016-01-11 on 2016-12-05",
        f'r:two {ASSESSED} ; p:date "2016-12-06"^^xsd:date ;\n    p:response kb:progressiveDisease .',
    ),
    "response-and-loss-before-a-later-response": (
        f'r:one {ASSESSED} ; p:date "2016-08-05"^^xsd:date ;\n    p:response kb:partialRemission .',
        f'r:two {ASSESSED} ; p:date "2016-08-05"^^xsd:date ;\n    p:response kb:responseLost .\n'
        f'r:three {ASSESSED} ; p:date "2016-12-05"^^xsd:date ; p:response kb:partialRemission .',
        "response partial remission of azacitidine of 2016-01-11 on 2016-08-05",
        "response response lost of azacitidine of 2016-01-11 on 2016-08-05",
        f'r:two {ASSESSED} ; p:date "2016-09-05"^^xsd:date ;\n    p:response kb:responseLost .\n'
        f'r:three {ASSESSED} ; p:date "2016-12-05"^^xsd:date ; p:response kb:partialRemission .',
    ),
    "mutated-and-not-in-one-test": (
        f"r:one {GENES} ; p:panel kb:panelIdh ;\n    p:found kb:idh2 ;",
        "    p:notFound kb:idh2 .",
        "found IDH2 on 2017-04-10",
        "not found IDH2 on 2017-04-10",
        "    p:notFound kb:idh1 .",
    ),
    "one-change-found-and-not-in-one-test": (
        f"r:one {GENES} ; p:panel kb:panelNotStated ;\n    p:found kb:idh2R172K ;",
        "    p:notFound kb:idh2R172K .",
        "found IDH2 R172K on 2017-04-10",
        "not found IDH2 R172K on 2017-04-10",
        "    p:notFound kb:sf3b1 .",
    ),
}


def written(folder: Path, *facts: str) -> Path:
    """Write the sound record with more events."""
    text = "\n".join(facts)
    names = re.findall(r"^(r:\w+) a ", text, re.MULTILINE)
    file = folder / "input.ttl"
    file.write_text(
        SOUND.replace("r:marrow, r:leukocytes ;", f"r:marrow, r:leukocytes, {', '.join(names)} ;") + text + "\n",
        encoding="utf-8",
    )
    return file


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "reasoner"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "posthma", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120)


def line_of(file: Path, fact: str) -> str:
    """Return the place of the second line of an event, or its only one: its telling part stands there."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return f"input.ttl:{lines.index(fact.splitlines()[:2][-1]) + 1}"


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_the_two_facts_with_their_places_and_no_recommendation(name, tmp_path):
    one, two, first, second, _ = CONTRADICTORY[name]
    file = written(tmp_path, one, two)
    done = run("recommend", file, "--format", "json")
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    assert [(c["text"], c["places"], c["withholds"]) for c in answer["contradictions"]] == [
        (f"{first} and {second} contradict each other", [line_of(file, one), line_of(file, two)], True)
    ]
    assert (answer["options"], answer["first"], answer["counselling"]) == ([], [], [])


ABOUT_FAILURE = [name for name in CONTRADICTORY if name.startswith("response")]


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_failure_is_not_told_as_settled_where_the_facts_bear_on_it(name, tmp_path):
    """In its place stands the contradiction; one about genes leaves the verdict as that of its twin."""
    one, two, first, second, other = CONTRADICTORY[name]
    failure, twin = (
        json.loads(run("recommend", written(tmp_path, one, fact), "--format", "json").stdout)["failure"]
        for fact in (two, other)
    )
    told = ("gate", "kind", "certainty")
    if name in ABOUT_FAILURE:
        assert [failure[part] for part in told] == ["cannot be determined", "", ""]
        (sentence,) = failure["sentences"]
        assert sentence["text"].startswith(f"the record contradicts itself: {first} and {second} contradict each other")
        assert not any("contradicts itself" in s["text"] for s in twin["sentences"])
    else:
        assert failure == twin


@pytest.mark.parametrize("form", ["text", "md", "html", "ttl"])
def test_no_form_tells_a_verdict_on_contradictory_facts(form, tmp_path):
    one, two, *_ = CONTRADICTORY["response-and-progression"]
    done = run("recommend", written(tmp_path, one, two), "--format", form)
    assert done.returncode == 1, done.stderr
    shown = " ".join(html.unescape(done.stdout).split())
    assert "cannot be determined" in shown
    assert "the record contradicts itself" in shown
    for word in ("after HMA failure", "still responding", "secondary resistance"):
        assert word not in shown.replace("Options after failure", "")


def test_neither_of_two_contrary_findings_is_told_as_holding(tmp_path):
    one, two, *_, other = CONTRADICTORY["mutated-and-not-in-one-test"]
    told, twin = (
        {c["text"] for c in json.loads(run("recommend", written(tmp_path, one, f), "--format", "json").stdout)["disease_state"]}
        for f in (two, other)
    )  # fmt: skip
    assert "IDH2 mutated" in twin
    assert not {"IDH2 mutated", "IDH2 tested, not mutated"} & told


def test_a_cohort_row_tells_no_verdict_on_contradictory_facts(tmp_path):
    one, two, *_ = CONTRADICTORY["response-and-progression"]
    (tmp_path / "records").mkdir()
    written(tmp_path / "records", one, two)
    done = run("cohort", tmp_path / "records", "--output", tmp_path / "out")
    with (tmp_path / "out" / "patients.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert done.returncode in (0, 1), done.stderr
    assert (row["gate"], row["kind"], row["certainty"]) == ("cannot be determined", "", "")
    assert "contradict each other" in row["contradictions"]


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_its_twin_is_assessed(name, tmp_path):
    one, _, _, _, other = CONTRADICTORY[name]
    done = run("recommend", written(tmp_path, one, other), "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["contradictions"] == []
    assert len(answer["options"]) > 50


@pytest.mark.parametrize("form", ["text", "md", "html", "ttl"])
def test_every_form_shows_both_facts(form, tmp_path):
    one, two, first, second, _ = CONTRADICTORY["mutated-and-not-in-one-test"]
    file = written(tmp_path, one, two)
    done = run("recommend", file, "--format", form)
    assert done.returncode == 1, done.stderr
    shown = " ".join(html.unescape(done.stdout).split())
    assert f"{first} and {second} contradict each other" in shown
    assert all(place in shown for place in (line_of(file, one), line_of(file, two)))
    assert "transplantation" not in shown


@pytest.mark.parametrize(
    "verb", ["next-test", "fragile", ("why-not", "option-transplantation"), ("why", "option-transplantation")]
)
def test_no_other_verb_recommends(verb, tmp_path):
    one, two, first, second, _ = CONTRADICTORY["mutated-and-not-in-one-test"]
    name, *rest = (verb,) if isinstance(verb, str) else verb
    file = written(tmp_path, one, two)
    done = run(name, file, *rest)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{first} and {second} contradict each other ({line_of(file, one)}, {line_of(file, two)})" in done.stderr


def test_a_question_before_the_contradiction_is_answered(tmp_path):
    """It touches only the situations that see it."""
    one, two, *_ = CONTRADICTORY["mutated-and-not-in-one-test"]
    file = written(tmp_path, one, two)
    assert run("recommend", file, "--at", "2017-04-09").returncode == 0
    assert run("recommend", file, "--at", "2017-04-10").returncode == 1


DISCORDANT = (
    f"r:one {GENES} ; p:panel kb:panelIdh ; p:found kb:idh2R172K .",
    f"r:two {GENES} ; p:panel kb:panelMyeloid .",
)


@pytest.mark.parametrize("form", ["text", "json", "md", "html", "ttl"])
def test_of_discordant_tests_the_positive_stands_and_the_discordance_is_reported(form, tmp_path):
    file = written(tmp_path, *DISCORDANT)
    lines = file.read_text(encoding="utf-8").splitlines()
    one, two = (f"input.ttl:{lines.index(fact) + 1}" for fact in DISCORDANT)
    done = run("recommend", file, "--format", form)
    assert done.returncode == 0, done.stderr
    shown = " ".join(html.unescape(done.stdout).split())
    said = f"IDH2 was found by IDH1 and IDH2 test ({one}) and not found by myeloid gene panel ({two}) of the same day"
    assert f"{said}; the positive result stands" in shown
    if form == "json":
        holding = {claim["text"] for claim in json.loads(done.stdout)["disease_state"]}
        assert "IDH2 mutated" in holding
        assert "IDH2 tested, not mutated" not in holding


def test_tests_that_agree_are_not_reported(tmp_path):
    done = run(
        "recommend",
        written(tmp_path, DISCORDANT[0], DISCORDANT[1].replace(" .", " ; p:found kb:idh2 .")),
        "--format",
        "json",
    )
    assert done.returncode == 0, done.stderr
    assert "of the same day" not in done.stdout


OUT_OF_SCOPE = {
    "no-mds": (("kb:mdsExcessBlasts2", "kb:acuteMyeloidLeukemia"), "no diagnosis of the record is a myelodysplastic syndrome"),
    "solid-tumour": (("kb:mdsExcessBlasts2", "kb:solidTumor"), "no diagnosis of the record is a myelodysplastic syndrome"),
    "germline": (("kb:mdsExcessBlasts2", "kb:germlinePredisposition"), "germline predisposition is another disease with other care"),
    "no-hma": (("p:agent kb:azacitidine", "p:agent kb:hydroxyurea"), "no HMA given"),
}  # fmt: skip


@pytest.mark.parametrize("name", OUT_OF_SCOPE)
@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_out_of_scope_is_said_with_the_reason(name, form, tmp_path):
    (old, new), reason = OUT_OF_SCOPE[name]
    assert old in SOUND
    file = tmp_path / "input.ttl"
    file.write_text(SOUND.replace(old, new), encoding="utf-8")
    done = run("recommend", file, "--format", form)
    assert (done.returncode, done.stdout) == (1, "")
    assert reason in done.stderr


def test_a_child_with_germline_predisposition_is_out_of_scope(tmp_path):
    """Though a myelodysplastic syndrome was diagnosed and a hypomethylating agent given."""
    file = written(
        tmp_path, 'r:germline a p:Diagnosis ; p:date "2016-01-04"^^xsd:date ; p:disease kb:germlinePredisposition .'
    )
    file.write_text(
        file.read_text(encoding="utf-8").replace("p:low 70", "p:low 9").replace("p:high 70", "p:high 9"),
        encoding="utf-8",
    )
    done = run("recommend", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert "germline predisposition" in done.stderr


def test_a_solid_tumour_beside_the_syndrome_is_in_scope(tmp_path):
    file = written(tmp_path, 'r:tumour a p:Diagnosis ; p:date "2010-01-04"^^xsd:date ; p:disease kb:solidTumor .')
    assert run("recommend", file).returncode == 0
