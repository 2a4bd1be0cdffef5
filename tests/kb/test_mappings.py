"""Mappings: SSSOM rows with allowed prefixes, real subjects, and the place where each identifier was seen."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tests.kb.places import KB, ask, local

FOLDER = Path(__file__).resolve().parents[2] / "ontology" / "mappings"
COLUMNS = [
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "comment",
]
PREDICATES = {"skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch"}
# Read from the sources named in the rows.
SAMPLES = {
    ("kb:idh2", "hgnc:5383"), ("kb:tp53", "hgnc:11998"), ("kb:azacitidine", "ncit:C288"),
    ("kb:venetoclax", "drugbank:DB11581"), ("kb:mds", "mondo:0018881"), ("kb:mds", "ncit:C3247"),
    ("kb:hemoglobin", "loinc:718-7"), ("kb:curatorInference", "eco:0000205"),
}  # fmt: skip


def read(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def rows():
    found = [row for path in sorted(FOLDER.glob("*.sssom.tsv")) for row in read(path)]
    assert len(found) > 80
    return found


@pytest.fixture(scope="module")
def prefixes():
    return {row["prefix"]: row["pattern"] for row in read(FOLDER / "prefixes.tsv")}


def test_files_have_the_columns_and_a_header():
    paths = sorted(FOLDER.glob("*.sssom.tsv"))
    assert {path.name.split(".")[0] for path in paths} == {
        "agents", "diseases", "evidence-types", "genes", "measurements"}  # fmt: skip
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("#mapping_set_id: https://w3id.org/posthma/mappings/" + path.name)
        assert "#curie_map:" in text
        assert "#license:" in text
        assert list(read(path)[0]) == COLUMNS, path.name


def test_rows_are_complete_and_identifiers_fit_their_registry(rows, prefixes):
    for row in rows:
        assert all(row[column] for column in COLUMNS), row
        assert row["predicate_id"] in PREDICATES, row
        assert row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert row["comment"].startswith("seen in "), row
        prefix, _, name = row["object_id"].partition(":")
        assert re.fullmatch(prefixes[prefix], name), row["object_id"]


def test_prefixes_are_declared_in_the_files(prefixes):
    """Each file gives a prefix the IRI under which the registry of prefixes knows it."""
    known = {row["prefix"]: row["uri_prefix"] for row in read(FOLDER / "prefixes.tsv")}
    for path in FOLDER.glob("*.sssom.tsv"):
        header = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#  ")]
        declared = dict(line[3:].split(": ", 1) for line in header)
        assert {row["object_id"].split(":")[0] for row in read(path)} | {"kb", "skos", "semapv"} == set(declared), path.name
        assert {p: iri for p, iri in declared.items() if p in prefixes} == {p: known[p] for p in declared if p in known}


def test_subjects_exist_and_carry_the_label(rows, store):
    labels = {}
    for row in ask(store, "SELECT ?s ?l { ?s rdfs:label ?l }"):
        labels.setdefault(row["s"].value, set()).add(row["l"].value)
    for row in rows:
        iri = KB + row["subject_id"].removeprefix("kb:")
        assert row["subject_label"] in labels.get(iri, set()), row["subject_id"]


def test_no_mapping_is_given_twice_and_an_exact_object_has_one_subject(rows):
    pairs = [(row["subject_id"], row["object_id"]) for row in rows]
    assert len(pairs) == len(set(pairs))
    exact = [row["object_id"] for row in rows if row["predicate_id"] == "skos:exactMatch"]
    assert len(exact) == len(set(exact))


def test_all_genes_and_enough_agents_are_mapped(rows, store):
    genes = {"kb:" + local(row["s"]) for row in ask(store, "SELECT ?s { ?s a p:Gene }")}
    mapped = {row["subject_id"] for row in rows if row["object_id"].startswith("hgnc:")}
    assert genes == mapped
    agents = {row["subject_id"] for row in rows if row["object_id"].split(":")[0] in {"drugbank", "chebi", "rxnorm"}}
    assert len(agents) >= 25


def test_gene_identifiers_agree_with_the_knowledge_base(rows, store):
    own = {"kb:" + local(row["s"]): row["i"].value for row in ask(store, "SELECT ?s ?i { ?s p:hgncId ?i }")}
    assert own
    for row in rows:
        if row["object_id"].startswith("hgnc:"):
            assert own[row["subject_id"]] == row["object_id"].upper()
    for identifier in own.values():
        assert re.fullmatch(r"HGNC:\d+", identifier)


@pytest.mark.parametrize(
    "analyte", ["marrowBlasts", "bloodBlasts", "hemoglobin", "platelets", "neutrophils", "leukocytes"]
)
def test_the_main_analytes_are_mapped(analyte, rows):
    assert any(row["subject_id"] == f"kb:{analyte}" for row in rows)


def test_samples_are_carried(rows):
    assert {(row["subject_id"], row["object_id"]) for row in rows} >= SAMPLES
