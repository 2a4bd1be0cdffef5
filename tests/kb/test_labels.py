"""Labels: one each, in one language, and no two entries of one kind share theirs; no name leads nowhere."""

from __future__ import annotations

import pyoxigraph as ox
from tests.kb.graphs import knowledge_files, load_store
from tests.kb.places import KB, P, ask, local, own_files


def test_every_own_entry_has_one_label_and_every_term_a_definition():
    store = load_store(own_files())
    text = "SELECT ?s (COUNT(?l) AS ?n) { ?s a ?k OPTIONAL { ?s rdfs:label ?l } FILTER(ISIRI(?s)) } GROUP BY ?s"
    rows = ask(store, text)
    assert len(rows) > 450
    assert [local(row["s"]) for row in rows if row["n"].value != "1"] == []
    text = "PREFIX owl: <http://www.w3.org/2002/07/owl#> SELECT ?s { VALUES ?k { owl:Class owl:ObjectProperty "
    text += "owl:DatatypeProperty } ?s a ?k FILTER NOT EXISTS { ?s skos:definition ?d } FILTER(ISIRI(?s)) }"
    assert [local(row["s"]) for row in ask(store, text)] == []


def test_own_labels_are_unique_within_their_kind(store):
    """Against the whole knowledge: a gene and the score's weight for it may share a name, two genes may not."""
    own = {quad.subject.value for quad in load_store(own_files()) if isinstance(quad.subject, ox.NamedNode)}
    seen = {}
    for row in ask(store, "SELECT ?s ?k ?l { ?s a ?k ; rdfs:label ?l FILTER(ISIRI(?s)) }"):
        seen.setdefault((row["k"].value, row["l"].value.lower()), set()).add(row["s"].value)
    shared = [names for names in seen.values() if len(names) > 1 and names & own]
    assert shared == []


def test_names_of_own_files_lead_somewhere(store):
    """Every kb: and p: name that an own file uses is described in some file."""
    described = {quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)}
    used = set()
    for quad in load_store(own_files()):
        used |= {term.value for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
    used = {name for name in used if name.startswith((KB, P))}
    assert len(used) > 250
    assert sorted(used - described) == []


def test_own_files_are_part_of_the_knowledge():
    assert set(own_files()) <= set(knowledge_files())
