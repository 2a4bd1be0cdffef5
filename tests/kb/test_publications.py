"""Publications: 85 printed references and the article, each with how far it was verified and where it was seen."""

from __future__ import annotations

import re

import pytest
from tests.kb.places import ask, local, values

NUMBERS = range(1, 86)
# Printed number -> identifier that a named source shows (address or repository in the record).
KNOWN = {
    2: ("p:doi", "10.1002/cncr.21792"),
    9: ("p:doi", "10.1002/cncr.25247"),
    10: ("p:pmid", "21788559"),
    13: ("p:pmid", "29435331"),
    15: ("p:doi", "10.1002/cncr.29085"),
    31: ("p:pmid", "24192812"),
    36: ("p:doi", "10.1038/leu.2011.71"),
    48: ("p:doi", "10.1016/j.bbmt.2017.05.034"),
    67: ("p:doi", "10.1016/S1470-2045(17)30615-0"),
    71: ("p:pmid", "29339097"),
    73: ("p:pmid", "26968357"),
    85: ("p:doi", "10.1634/theoncologist.2016-0211"),
}
# The floor holds what was found; the goal is not reached, see the test marked xfail.
VERIFIED_AT_LEAST = 32
GOAL = 50


@pytest.mark.parametrize("number", NUMBERS)
def test_a_reference_has_one_verification_and_one_retraction_status(number, store):
    name = f"ref-{number:03d}"
    assert {local(o) for o in values(store, name, "a")} == {"Publication"}
    assert len(values(store, name, "p:verification")) == 1
    assert len(values(store, name, "p:retraction")) == 1
    assert {o.value for o in values(store, name, "p:referenceNumber")} == {str(number)}
    assert len(values(store, name, "p:citedFor")) == 1


def test_verified_means_title_identifier_and_place(store):
    rows = ask(store, "SELECT ?s { ?s a p:Publication ; p:verification kb:verified }")
    names = {local(row["s"]) for row in rows}
    references = {name for name in names if name.startswith("ref-")}
    assert len(references) >= VERIFIED_AT_LEAST
    for name in names:
        assert values(store, name, "dcterms:title"), name
        assert values(store, name, "p:doi|p:pmid|p:nctId"), name
        assert values(store, name, "p:seenIn"), name


def test_a_verified_record_names_each_place_by_an_address_or_a_path(store):
    """A list that nobody can find again verifies nothing."""
    rows = ask(store, "SELECT ?s ?w { ?s a p:Publication ; p:verification kb:verified ; p:seenIn ?w }")
    assert len(rows) >= 60
    named = re.compile(r"https?://\S+\.\S+|github:[\w.-]+/[\w.-]+ \S+")
    assert [(local(row["s"]), row["w"].value) for row in rows if not named.search(row["w"].value)] == []


@pytest.mark.xfail(strict=True, reason="records of 18 more references were looked for and not found in public copies")
def test_the_goal_of_fifty_verified_references_is_reached(store):
    rows = ask(store, "SELECT ?s { ?s a p:Publication ; p:referenceNumber ?n ; p:verification kb:verified }")
    assert len(rows) >= GOAL


def test_a_title_from_memory_is_no_verified_title(store):
    """The study of reference 54 is certain, yet its title and its number were never seen together."""
    assert {local(o) for o in values(store, "ref-054", "p:verification")} == {"probable"}
    rows = ask(store, "SELECT ?s ?n { ?s p:verification kb:verified ; skos:editorialNote ?n }")
    notes = {local(row["s"]): row["n"].value.lower() for row in rows}
    assert len(notes) >= 20
    assert [name for name, note in notes.items() if "title from memory" in note] == []


def test_unresolved_means_no_identifier(store):
    rows = ask(store, "SELECT ?s { ?s a p:Publication ; p:verification kb:unresolved ; p:doi|p:pmid ?i }")
    assert rows == []


def test_identifiers_are_well_formed_and_belong_to_one_publication(store):
    shape = {"p:doi": r"10\.\d{4,9}/\S+", "p:pmid": r"\d{7,8}", "p:aboutTrialNumber": r"NCT\d{8}"}
    for path, pattern in shape.items():
        rows = ask(store, f"SELECT ?s ?i {{ ?s a p:Publication ; {path} ?i }}")
        assert rows, path
        for row in rows:
            assert re.fullmatch(pattern, row["i"].value), (local(row["s"]), row["i"].value)
        if path != "p:aboutTrialNumber":
            seen = [row["i"].value.lower() for row in rows]
            assert len(seen) == len(set(seen)), path


@pytest.mark.parametrize("number", sorted(KNOWN))
def test_known_identifiers_are_carried(number, store):
    path, expected = KNOWN[number]
    assert {o.value for o in values(store, f"ref-{number:03d}", path)} == {expected}


def test_no_retraction_known_means_that_a_list_was_looked_up(store):
    rows = ask(
        store, "SELECT ?s { ?s p:retraction kb:noneKnown FILTER NOT EXISTS { ?s p:retractionSeenIn ?w ; p:pmid ?i } }"
    )
    assert rows == []
    assert ask(store, "SELECT ?s { ?s p:retraction kb:retracted FILTER NOT EXISTS { ?s p:seenIn ?w } }") == []


def test_the_article_is_described(store):
    assert {o.value for o in values(store, "santini-2019", "p:pages")} == {"521-529"}
    assert {o.value for o in values(store, "santini-2019", "p:volume")} == {"133(6)"}
    assert {o.value for o in values(store, "santini-2019", "p:year")} == {"2019"}


def test_references_agree_with_the_material_where_nothing_better_was_found(store, material):
    """A record that the material verified keeps its identifiers."""
    import csv

    with (material / "references.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["confidence"] == "verified"]
    assert len(rows) == 28
    for row in rows:
        name = f"ref-{int(row['ref_no']):03d}"
        for path, column in (("p:doi", "doi"), ("p:pmid", "pmid")):
            if row[column]:
                assert {o.value for o in values(store, name, path)} == {row[column]}, name
