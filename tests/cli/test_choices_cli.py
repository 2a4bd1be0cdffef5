"""``--choose`` as a person uses it: every verb that asks a question takes it, and names what it does not know."""

from __future__ import annotations

import html
import json
import re

import pytest

PATIENT_3 = "kb/cases/patient-3/record.ttl"
PATIENT_4 = "kb/cases/patient-4/record.ttl"
OTHER = "marrow blasts of overt leukaemia “overt leukaemia at 20 % marrow blasts or more (other classifications)” (--choose aml=who) would change:"


def test_list_shows_every_choice_with_its_default_and_needs_no_record(posthma):
    done = posthma("recommend", "--choose", "list")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for line in ("aml: marrow blasts of overt leukaemia", "attribution: attribution window", "exposure: cycles for lack of response",
                 "freshness: reassessment window", "response: response criteria"):  # fmt: skip
        assert line in lines
    assert sum("(default)" in line for line in lines) == 5
    assert "  No conclusion differs between these; the answer names the one that is chosen." in lines


def test_recommend_by_another_definition(posthma):
    """Patient 3 has exactly 20 % blasts: overt leukaemia by the other definition, and CPX-351 applies."""
    plain, other = (json.loads(posthma("recommend", PATIENT_3, "--format", "json", *more).stdout)
                    for more in ((), ("--choose", "aml=who")))  # fmt: skip
    assert {o["choice"]: o["alternative"] for o in plain["other_choices"]} == {"aml": "who"}
    assert {o["choice"]: o["alternative"] for o in other["other_choices"]} == {"aml": "santini-2019"}
    told = {t["iri"]: t["after"] for t in plain["other_choices"][0]["options"]}
    assert told["https://w3id.org/posthma/kb/option-cpx351"] == "applicable"
    statuses = {o["iri"]: o["status"] for o in other["options"]}
    assert {iri: statuses[iri] for iri in told} == told
    assert next(c["by"] for c in other["choices"] if c["name"] == "aml") == "call"


def test_text_names_choices_and_the_other_that_would_change_it(posthma):
    text = " ".join(posthma("recommend", PATIENT_3).stdout.split())
    assert "DEFINITIONS AND WINDOWS - marrow blasts of overt leukaemia: overt leukaemia over 20 %" in text
    assert f"{OTHER} state of the disease, from not overt leukaemia to overt leukaemia; CPX-351, from not applicable to applicable;" in text
    left_out = " ".join(posthma("recommend", PATIENT_3, "--no-compare").stdout.split())
    assert "Other choices were not tried." in left_out


@pytest.mark.parametrize("form", ["md", "html", "ttl"])
def test_every_form_names_them(posthma, form):
    done = posthma("recommend", PATIENT_3, "--choose", "attribution=60", "--format", form)
    assert done.returncode == 0, done.stderr
    assert "attribution window: 60 days" in done.stdout
    shown = html.unescape(done.stdout)
    assert OTHER in (re.sub(r"\\\\?(.)", r"\1", shown) if form in ("md", "ttl") else shown)


@pytest.mark.parametrize(
    "command",
    [
        ("recommend", PATIENT_4), ("why", PATIENT_4, "option-cpx351"), ("why-not", PATIENT_4, "option-transplantation"),
        ("what-if", PATIENT_4, "--set", "kb:idh2=absent"), ("next-test", PATIENT_4), ("explain", PATIENT_4),
        ("fragile", PATIENT_4), ("replay", "-", "--record", PATIENT_4, "--write"),
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_every_verb_refuses_what_it_does_not_know(posthma, command):
    done = posthma(*command, "--choose", "amll=who")
    assert done.returncode == 2
    assert "did you mean aml? choose one of aml, attribution, exposure, freshness, response" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("aml",), "'aml' has no value; write NAME=VALUE, or list to see all"),
        (("aml=who", "aml=santini-2019"), "aml is chosen twice; keep one"),
        (("attribution=many",), "or a number of days, 0 to 3660"),
    ],
)
def test_a_choice_that_is_not_written_well(posthma, given, words):
    done = posthma("recommend", PATIENT_3, *(part for text in given for part in ("--choose", text)))
    assert done.returncode == 2
    assert words in done.stderr


def test_a_replay_puts_the_choices_of_its_receipt(posthma, tmp_path):
    receipt = tmp_path / "receipt.json"
    done = posthma("recommend", PATIENT_3, "--choose", "aml=who", "--receipt", receipt, "--format", "json")
    assert done.returncode == 0, done.stderr
    again = posthma("replay", receipt, "--record", PATIENT_3, "--show")
    assert (again.returncode, again.stdout) == (0, done.stdout), again.stderr
    assert posthma("replay", receipt, "--record", PATIENT_3, "--choose", "aml=who").returncode == 2
