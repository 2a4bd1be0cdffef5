"""Disputes: two readings or more, their sources, their effect; nothing suspect goes without one."""

from __future__ import annotations

import csv
import re

import pytest

PREFIXES = "PREFIX p: <https://w3id.org/posthma/ontology/> PREFIX kb: <https://w3id.org/posthma/kb/> "
PREFIXES += "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
KB = "https://w3id.org/posthma/kb/"

# Words by which the notes on references say that a paper and the article differ.
LIMITS = (
    r"DISCREPANCY|NUANCE|INCONSISTEN|INEXACT|SUSPECTED|Contradicts|QUALIFIER|FIGURES NOT IN|NOT reproduced|overstates"
)
# Notes that use such a word and still need no dispute with the article.
NO_DISPUTE = {
    "61": "the discordant figure is that of an alternative paper; it is a reading of the dispute on reference 60",
}


def ask(store, text):
    return list(store.query(PREFIXES + text))


def iris(store, text):
    return {row[0].value for row in ask(store, text)}


@pytest.fixture(scope="module")
def disputes(store):
    found = iris(store, "SELECT ?d { ?d a p:Dispute }")
    assert len(found) > 70
    return found


@pytest.mark.parametrize("path", ["rdfs:label", "p:aboutStatement", "p:effect", "p:certainty", "p:lines", "p:section"])
def test_every_dispute_has(store, disputes, path):
    assert iris(store, f"SELECT ?d {{ ?d a p:Dispute FILTER NOT EXISTS {{ ?d {path} ?o }} }}") == set()


def test_every_dispute_has_two_readings_and_at_most_one_best(store, disputes):
    for dispute in disputes:
        rows = ask(store, f"SELECT ?r ?b {{ <{dispute}> p:reading ?r OPTIONAL {{ ?r p:bestReading ?b }} }}")
        assert len({row["r"].value for row in rows}) >= 2, dispute
        assert sum(row["b"] is not None for row in rows) <= 1, dispute


def test_a_dispute_without_a_best_reading_quarantines_what_it_is_about(store, disputes):
    query = """SELECT ?d { ?d a p:Dispute FILTER NOT EXISTS { ?d p:reading/p:bestReading true }
               FILTER NOT EXISTS { ?d p:quarantines ?s } }"""
    assert iris(store, query) == set()


def test_every_reading_belongs_to_one_dispute_and_has_text_and_source(store, disputes):
    query = """SELECT ?r { ?r a p:Reading
               FILTER(!EXISTS { ?r p:readingText ?t } || !EXISTS { ?r p:readingSource ?s } || !EXISTS { ?d p:reading ?r }) }"""
    assert iris(store, query) == set()
    shared = "SELECT ?r { ?a p:reading ?r . ?b p:reading ?r FILTER(?a != ?b) }"
    assert iris(store, shared) == set()


def test_readings_of_one_dispute_differ(store, disputes):
    query = "SELECT ?d { ?d p:reading ?a, ?b . ?a p:readingText ?t . ?b p:readingText ?t FILTER(?a != ?b) }"
    assert iris(store, query) == set()


def test_what_a_dispute_names_exists(store, disputes):
    query = """SELECT DISTINCT ?o { VALUES ?k { p:Dispute p:Reading } ?d a ?k ; ?p ?o
               FILTER(STRSTARTS(STR(?o), STR(kb:)) && NOT EXISTS { ?o rdfs:label ?l }) }"""
    assert iris(store, query) == set()


def test_only_disputed_statements_are_quarantined(store, disputes):
    assert iris(store, "SELECT ?s { ?d p:quarantines ?s FILTER NOT EXISTS { ?d p:aboutStatement ?s } }") == set()


def test_suspect_statements_of_the_registry_are_quarantined(store, registry):
    suspect = {e["id"] for e in registry["evidence"] if re.match("QUARANTINE|CONFLICT|SUSPECT", e.get("status", ""))}
    assert len(suspect) == 4
    for name in suspect:
        assert ask(store, f'SELECT ?d {{ ?s p:registryId "{name}" ; p:quarantined true . ?d p:quarantines ?s }}'), name


def test_every_conflict_of_the_registry_has_a_dispute(store, registry):
    undisputed = [
        entry["id"]
        for entry in registry["evidence"]
        if "source_conflict" in entry
        and not ask(store, f'SELECT ?d {{ ?s p:registryId "{entry["id"]}" . ?d p:aboutStatement ?s }}')
    ]
    assert undisputed == []


def test_every_flagged_trial_has_a_dispute(store, material):
    with (material / "trials.csv").open(encoding="utf-8") as file:
        flagged = [row["nct_id"].lower() for row in csv.DictReader(file) if row["paper_flag"].strip()]
    assert len(flagged) > 10
    about = iris(store, "SELECT ?t { ?d a p:Dispute ; p:aboutStatement ?t }")
    assert [nct for nct in flagged if KB + nct not in about] == []


def test_every_reference_that_differs_from_the_article_has_a_dispute(store, material):
    with (material / "references.csv").open(encoding="utf-8") as file:
        differing = [row["ref_no"] for row in csv.DictReader(file) if re.search(LIMITS, row["note"])]
    assert len(differing) > 15
    about = iris(store, "SELECT ?r { ?d a p:Dispute ; p:aboutStatement ?r }")
    missing = [n for n in differing if f"{KB}ref-{int(n):03d}" not in about and n not in NO_DISPUTE]
    assert missing == []


def test_intermediate_dose_cytarabine_names_the_paper_that_contradicts_it(store):
    query = """SELECT ?t { kb:dispute-idac p:reading ?r . ?r p:readingSource kb:ref-052 ; p:readingText ?t }"""
    (row,) = ask(store, query)
    assert "favourable factor for response" in row["t"].value
    assert "2.91" in row["t"].value
