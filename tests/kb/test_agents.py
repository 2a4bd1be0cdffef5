"""Agents, genes, mechanisms, trials: every entry names its place in the article, and the places are right."""

from __future__ import annotations

import pytest
from tests.kb.own_words import copied
from tests.kb.places import KINDS, PLACELESS, SECTIONS, ask, entries, local, own_files, values

# Names and headings may agree with the print word for word.

# Read from the printed lines: entry, property, value that must stand there.
DOSES = {
    "azacitidine": "75 mg/m2 daily, 7 days, every 4 weeks",
    "decitabine": "20 mg/m2 daily, 5 days, every 4 weeks",
    "guadecitabine": "60 mg/m2 for 5 days of a 28-day cycle (patient 3)",
    "enasidenib": "100 mg per day in 28-day cycles",
    "venetoclax": "400 mg (NCT03404193)",
    "hydroxyurea": "2000 mg per day",
    "highDoseLenalidomide": "50 mg",
}
COMPONENTS = {
    "fludarabineBusulfanThiotepa": {"fludarabine", "busulfan", "thiotepa"},
    "sevenPlusThree": {"cytarabine", "anthracycline"},
    "cpx351": {"cytarabine", "daunorubicin"},
    "astx727": {"decitabine", "cedazuridine"},
    "lowDoseClofarabinePlusLowDoseCytarabine": {"lowDoseClofarabine", "lowDoseCytarabine"},
    "decitabineTenDayPlusVenetoclax": {"decitabineTenDay", "venetoclax"},
    "entinostatPlusPembrolizumab": {"entinostat", "pembrolizumab"},
    "chemotherapyPlusNivolumab": {"nivolumab"},
}
ROUTES = {
    "azacitidine": {"subcutaneousRoute"}, "decitabine": {"intravenousRoute"}, "cedazuridine": {"oralRoute"},
    "cc486": {"oralRoute"}, "enasidenib": {"oralRoute"}, "h3b8800": {"oralRoute"}, "venetoclax": {"oralRoute"},
    "guadecitabine": {"subcutaneousRoute"}, "lowDoseCytarabine": {"subcutaneousRoute"},
    "erythropoietin": {"subcutaneousRoute"}, "rigosertibIntravenous": {"intravenousRoute"},
    "rigosertibOral": {"oralRoute"},
}  # fmt: skip
# Label: intervention, jurisdiction, status, words of the population.
LABELS = {
    ("azacitidine", "EU", "approved", "IPSS higher-risk MDS"),
    ("hma", "EU", "approved", "IPSS higher-risk MDS"),
    ("azacitidine", "US", "approved", "all types of MDS, lower-risk included"),
    ("decitabine", "US", "approved", "all types of MDS, lower-risk included"),
    ("enasidenib", "US", "approved", "relapsed AML with an IDH2 mutation"),
    ("cpx351", "US", "approved", "advanced secondary AML and AML after MDS"),
    ("lenalidomide", None, "approved", "del(5q)"),
    ("lenalidomide", None, "offLabel", "no del(5q)"),
    ("venetoclax", None, "approved", "chronic lymphocytic leukaemia"),
    ("tpoMimetic", None, "trialsOnly", "after failure of a hypomethylating agent"),
}


def test_the_counts_of_the_registry_are_carried(store):
    ids = {row["id"].value for row in ask(store, "SELECT ?id { ?s p:registryId ?id }")}
    found = {
        prefix: sum(i.startswith(prefix + "-") for i in ids) for prefix in ("AG", "RG", "MX", "GN", "CY", "TG", "TR")
    }
    assert found["AG"] + found["RG"] == 90
    assert found["MX"] == 44
    assert found["GN"] + found["CY"] + found["TG"] == 37
    assert found["TR"] == 30


def test_every_entry_names_source_section_and_lines_once(store):
    found = entries(store)
    assert len(found) > 250
    for path in ("dcterms:source", "p:section", "p:lines"):
        types = " ".join(f"p:{kind}" for kind in sorted(KINDS))
        rows = ask(store, f"SELECT ?s (COUNT(?o) AS ?n) {{ VALUES ?k {{ {types} }} ?s a ?k ; {path} ?o }} GROUP BY ?s")
        count = {local(row["s"]): int(row["n"].value) for row in rows}
        wrong = {name for name in found if name not in PLACELESS and count.get(name) != 1}
        assert wrong == set(), f"{path}: {sorted(wrong)}"


def test_lines_lie_inside_the_section_that_is_named(store, article):
    bounds = {}
    for section, (first, after) in SECTIONS.items():
        starts = [i for i, line in enumerate(article) if line.startswith(first)]
        ends = [i for i, line in enumerate(article) if after and line.startswith(after)] or [len(article)]
        assert starts, f"no line of the article begins with {first!r}"
        bounds[section] = (starts[0], next(end for end in ends if end > starts[0]) - 1)
    rows = ask(store, "SELECT ?s ?section ?lines { ?s p:section ?section ; p:lines ?lines }")
    found = entries(store)
    checked = 0
    for row in rows:
        if local(row["s"]) not in found:
            continue
        low, high = (int(part) for part in row["lines"].value.split("-"))
        first, last = bounds[row["section"].value]
        assert first <= low <= high <= last, (local(row["s"]), row["section"].value, row["lines"].value)
        checked += 1
    assert checked == len(found) - len(PLACELESS)


def test_lines_agree_with_the_registry(store, registry):
    expected = {}
    for part in ("agents", "mechanisms", "genes_mutations_cytogenetics", "trials"):
        expected |= {entry["id"]: "{}-{}".format(*entry["source_lines"]) for entry in registry[part]}
    own = entries(store)
    found = {}
    for row in ask(store, "SELECT ?s ?id ?lines { ?s p:registryId ?id ; p:lines ?lines }"):
        if local(row["s"]) in own:
            found.setdefault(row["id"].value, set()).add(row["lines"].value)
    for name, lines in expected.items():
        assert found[name] == {lines}, name


def test_no_run_of_eight_words_is_copied_from_the_article(article):
    """Facts and names carry over, sentences do not; list-like runs of names are short enough to pass."""
    assert copied(own_files(), article) == []


@pytest.mark.parametrize("name", sorted(DOSES))
def test_doses_are_those_of_the_text(name, store):
    assert {o.value for o in values(store, name, "p:doseText")} == {DOSES[name]}


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_components_are_those_of_the_text(name, store):
    assert {local(o) for o in values(store, name, "p:component")} == COMPONENTS[name]


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_routes_are_those_of_the_text(name, store):
    assert {local(o) for o in values(store, name, "p:route")} == ROUTES[name]


def test_only_azacitidine_and_decitabine_count_as_hypomethylating_agents(store):
    members = {local(row["s"]) for row in ask(store, "SELECT ?s { ?s p:memberOf kb:hma }")}
    assert members == {"azacitidine", "decitabine", "decitabineTenDay"}


def test_labels_are_those_of_the_text(store):
    found = set()
    text = """SELECT ?i ?j ?st ?pop { ?l a p:Label ; p:intervention ?i ; p:labelStatus ?st ; p:populationText ?pop .
              OPTIONAL { ?l p:jurisdiction ?j } }"""
    for row in ask(store, text):
        found.add((local(row["i"]), local(row["j"]), local(row["st"]), row["pop"].value))
    assert found >= LABELS


def test_every_drug_says_what_part_it_plays(store):
    rows = ask(
        store, "SELECT ?s { VALUES ?k { p:Drug p:Regimen p:Procedure } ?s a ?k FILTER NOT EXISTS { ?s p:roleText ?t } }"
    )
    assert [local(row["s"]) for row in rows] == []
