"""Trials: what the article says of each stands apart from what its record says."""

from __future__ import annotations

import re

import pytest
from tests.kb.places import ask, local, values

# Number, phase, status, setting: read from the printed lines.
PRINTED = {
    "nct02158936": ("3", "not stated; patient 1 finished 8 cycles", "firstLine"),
    "nct03268954": ("3, randomized", "ongoing", "firstLine"),
    "nct02942290": ("3, randomized", "ongoing", "firstLine"),
    "nct02907359": ("3, randomized", "ongoing", "postHma"),
    "nct03306264": ("3, randomized", "planned", "settingNotStated"),
    "nct02281084": ("2", "ongoing", "postHma"),
    "nct02577406": ("3, randomized", "recruiting", "postHma"),
    "nct03383575": ("not stated", "ongoing", "firstLine"),
    "nct02841540": ("1", "ongoing", "postHma"),
    "nct03404193": ("2", "ongoing", "postHma"),
    "nct02966782": ("not stated", "recruiting", "postHma"),
    "nct02775903": ("1", "on hold", "firstLine"),
    "nct02508870": ("1", "ongoing", "postHma"),
    "nct02530463": ("2", "ongoing", "postHma"),
    "nct02936752": ("not stated", "recruiting", "postHma"),
    "nct02992860": ("not stated", "suspended", "postHma"),
    "nct02019069": ("2", "recruiting", "postHma"),
}
NOT_OPEN = {"nct02158936", "nct03268954", "nct02942290", "nct03383575", "nct02775903", "nct02992860", "nct02103478",
            "trial-rigosertibPhase3"}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PRINTED))
def test_phase_status_and_setting_are_those_of_the_text(name, store):
    phase, status, setting = PRINTED[name]
    assert {o.value for o in values(store, name, "p:phase")} == {phase}
    assert {o.value for o in values(store, name, "p:statusAsOfSource")} == {status}
    assert {local(o) for o in values(store, name, "p:setting")} == {setting}


def test_there_are_thirty_trials_twenty_of_them_numbered_in_the_text(store):
    assert len(ask(store, "SELECT ?s { ?s a p:Trial ; p:registryId ?id }")) == 30
    assert len(ask(store, "SELECT ?s { ?s a p:Trial ; p:numberInSource true }")) == 20


def test_numbers_are_well_formed_and_name_one_trial(store):
    rows = ask(store, "SELECT ?s ?n { ?s a p:Trial ; p:nctId ?n }")
    numbers = [row["n"].value for row in rows]
    assert len(numbers) == len(set(numbers)) >= 20
    for row in rows:
        assert re.fullmatch(r"NCT\d{8}", row["n"].value)
        if local(row["s"]).startswith("nct"):
            assert local(row["s"]) == row["n"].value.lower()


def test_numbers_of_the_text_stand_in_its_lines(store, article):
    text = "SELECT ?n ?lines { ?s p:nctId ?n ; p:numberInSource true ; (p:lines|p:alsoLines) ?lines }"
    places = {}
    for row in ask(store, text):
        low, high = (int(part) for part in row["lines"].value.split("-"))
        places.setdefault(row["n"].value, []).append(" ".join(article[low : high + 1]))
    assert len(places) == 20
    for number, texts in places.items():
        assert any(number in part for part in texts), number


def test_a_number_that_the_text_lacks_says_where_it_was_seen(store):
    assert ask(store, "SELECT ?s { ?s p:numberInSource false FILTER NOT EXISTS { ?s p:seenIn ?w } }") == []


def test_no_trial_of_another_setting_counts_as_open_after_failure(store):
    rows = ask(store, "SELECT ?s { ?s a p:Trial ; p:openAfterFailureAsStated false }")
    assert {local(row["s"]) for row in rows} == NOT_OPEN
    rows = ask(store, "SELECT ?s { ?s p:openAfterFailureAsStated true ; p:setting ?x FILTER(?x != kb:postHma) }")
    assert rows == []


def test_what_a_record_says_has_a_place_and_an_unresolved_trial_has_no_result(store):
    text = "SELECT ?s { ?s a p:Trial ; p:outcomeText|p:registeredPhase ?o FILTER NOT EXISTS { ?s p:seenIn ?w } }"
    assert ask(store, text) == []
    text = (
        "SELECT ?s { ?s a p:Trial ; p:verification kb:unresolved ; p:outcomeText|p:statusNow|p:resultPublication ?o }"
    )
    assert ask(store, text) == []


def test_the_registry_entry_of_nivolumab_with_chemotherapy_was_found(store):
    assert {o.value for o in values(store, "nct03259516", "p:registeredPhase")} == {"1/2"}
    (status,) = values(store, "nct03259516", "p:statusNow")
    assert status.value == "Terminated; 2 enrolled, last date 2018-12-25"


def test_the_registry_entry_of_enasidenib_has_an_arm_after_failure(store):
    assert {o.value for o in values(store, "nct03383575", "p:registeredPhase")} == {"2"}
    assert {local(o) for o in values(store, "nct03383575", "p:registeredSetting")} == {"firstLine", "postHma"}
    (people,) = values(store, "nct03383575", "p:registeredPopulationText")
    assert "Arm B: relapsed or refractory after a hypomethylating agent" in people.value


@pytest.mark.parametrize("name", ["nct02281084", "nct02019069"])
def test_a_number_without_a_title_stays_unresolved(name, store):
    assert {local(o) for o in values(store, name, "p:verification")} == {"unresolved"}
    assert not values(store, name, "p:registeredTitle")


def test_errors_of_the_material_are_flagged(store, material):
    import csv

    with (material / "trials.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        found = {o.value for o in values(store, row["nct_id"].lower(), "p:flag")}
        if row["paper_flag"] and row["confidence"] != "unresolved":
            assert row["paper_flag"] in found, row["nct_id"]
        assert values(store, row["nct_id"].lower(), "p:verification"), row["nct_id"]


def test_rigosertib_has_three_subgroups_and_no_conjunction(store):
    (result,) = values(store, "trial-rigosertibPhase3", "p:resultText")
    assert "three subgroups, never one" in result.value
