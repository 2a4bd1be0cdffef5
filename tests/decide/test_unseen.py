"""An event whose range of days straddles the decision date is left out aloud; its twin, which ends by it, counts."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys

import pytest
from tests.decide.conftest import knowledge

from posthma import resources
from posthma.intake.rdf import parse_record

PATIENT = resources.path("tests/bad-input/sound/input.ttl").read_text(encoding="utf-8")
RANGE = 'p:earliest "2017-04-20"^^xsd:date ; p:latest "{}"^^xsd:date'
GENES = f"r:genes a p:GeneTest ; p:conclusive true ; p:panel kb:panelIdh ; p:found kb:idh2 ;\n    {RANGE} ."
CYCLE = f"r:azacitidine p:cycle r:late . r:late a p:Cycle ; p:ordinal 13 ;\n    {RANGE} ."
SAID = (
    "IDH1 and IDH2 test, 2017-04-20 to 2017-04-25, may have come after 2017-04-24 and is left out (input.ttl:{}); "
    "it counts once its p:latest is 2017-04-24 or before, or the question is of 2017-04-25 or later"
)


def text(last, event=GENES):
    named = (
        PATIENT.replace("r:marrow, r:leukocytes ;", "r:marrow, r:leukocytes, r:genes ;") if event is GENES else PATIENT
    )
    return f"{named}{event.format(last)}\n"


def assessed(last, event=GENES):
    return knowledge().assess(parse_record(text(last, event).encode(), "input.ttl"))


def remarks(answer):
    return [claim.text for claim in answer.notices if "left out" in claim.text]


def test_it_is_named_with_its_place_and_what_it_needs():
    answer = assessed("2017-04-25")
    line = len(text("2017-04-25").splitlines())
    assert remarks(answer) == [SAID.format(line)]
    assert "IDH2 mutated" not in {claim.text for claim in answer.disease_state}


@pytest.mark.parametrize("last", ["2017-04-20", "2017-04-24"])
def test_its_twin_counts_and_nothing_is_said(last):
    answer = assessed(last)
    assert remarks(answer) == []
    assert "IDH2 mutated" in {claim.text for claim in answer.disease_state}


def test_a_later_question_sees_it():
    record = parse_record(text("2017-04-25").encode(), "input.ttl")
    assert remarks(knowledge().assess(record, at="2017-04-25")) == []
    assert remarks(knowledge().assess(record, at="2017-04-20")) != []


def test_what_came_after_for_certain_is_no_matter_of_this_answer():
    record = parse_record(text("2017-04-25").encode(), "input.ttl")
    assert remarks(knowledge().assess(record, at="2017-04-19")) == []


def test_the_remark_rests_on_a_fact_that_holds():
    answer = assessed("2017-04-25")
    (claim,) = [claim for claim in answer.notices if "left out" in claim.text]
    record = parse_record(text("2017-04-25").encode(), "input.ttl")
    assert claim.triple in knowledge().tell(record)


def test_a_cycle_is_named_too():
    (said,) = remarks(assessed("2017-04-25", CYCLE))
    assert "2017-04-20 to 2017-04-25, may have come after 2017-04-24" in said
    assert remarks(assessed("2017-04-24", CYCLE)) == []


@pytest.mark.parametrize("form", ["text", "json", "md", "html", "ttl"])
def test_every_report_says_so(form, tmp_path):
    file = tmp_path / "input.ttl"
    file.write_text(text("2017-04-25"), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(resources.path("reasoner")), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "posthma", "recommend", str(file), "--format", form]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    shown = " ".join(html.unescape(done.stdout).split())
    if form == "json":
        shown = " ".join(claim["text"] for claim in json.loads(done.stdout)["notices"])
    assert SAID.format(len(text("2017-04-25").splitlines())) in shown.replace("\\", "")
