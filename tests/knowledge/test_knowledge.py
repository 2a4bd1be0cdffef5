"""Reading the knowledge: graphs by document, validity, sources left out, hashes, blank node labels."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from posthma.errors import KnowledgeError, UsageError
from posthma.knowledge import graph_of_file, parse_tokens, read_knowledge

HEAD = """@prefix p: <https://w3id.org/posthma/ontology/> . @prefix kb: <https://w3id.org/posthma/kb/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
P, KB = "https://w3id.org/posthma/ontology/", "https://w3id.org/posthma/kb/"
FILES = {
    "ontology/posthma.ttl": '<https://w3id.org/posthma/ontology/> a owl:Ontology ; owl:versionInfo "1.2.3" .',
    "ontology/findings.ttl": """p:A owl:intersectionOf ( p:X p:Z ) ; rdfs:label "a"@en .
p:B owl:intersectionOf ( p:Y
  p:Z ) .""",
    "ontology/shapes/record.ttl": "p:Shape a p:NotKnowledge .",
    "kb/registry.ttl": """kb:source-old-2010 p:validFrom "2010-01-01"^^xsd:date ; p:validUntil "2015-01-01"^^xsd:date .
kb:source-new-2015 p:validFrom "2015-01-01"^^xsd:date ; p:folder "new-2015" .""",
    "kb/sources/old-2010/options.ttl": "kb:o1 a p:Option . kb:shared a p:Option .",
    "kb/sources/new-2015/options.ttl": "kb:o2 a p:Option ; p:evidence kb:ev-1, kb:ev-2 . kb:shared a p:Option .",
    "kb/sources/new-2015/evidence.ttl": """kb:ev-1 a p:EvidenceStatement ; p:publication kb:ref-1 .
kb:ev-2 a p:EvidenceStatement ; p:publication kb:ref-2 . kb:drug p:publication kb:ref-1 .""",
    "kb/cases/patient-1/record.ttl": "kb:case a p:NotKnowledge .",
    "queries/rules/time/R-TIME-001.rq": "# id: R-TIME-001\n",
}


@pytest.fixture
def base(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if name.endswith(".rq") else HEAD + text)
    return tmp_path


def subjects(knowledge):
    return {s.removeprefix(f"<{KB}").rstrip(">") for s, _, _ in knowledge.triples if s.startswith(f"<{KB}")}


def test_today_leaves_out_the_document_that_ended(base):
    knowledge = read_knowledge(base)
    assert knowledge.version == "1.2.3"
    assert "o2" in subjects(knowledge)
    assert "o1" not in subjects(knowledge)
    assert not any("NotKnowledge" in o for _, _, o in knowledge.triples)


@pytest.mark.parametrize(
    ("day", "options"),
    [
        ("2009-12-31", set()),
        ("2010-01-01", {"o1", "shared"}),
        ("2014-12-31", {"o1", "shared"}),
        ("2015-01-01", {"o2", "shared"}),
    ],
)
def test_as_of_chooses_documents_and_the_last_day_is_excluded(base, day, options):
    assert subjects(read_knowledge(base, as_of=day)) & {"o1", "o2", "shared"} == options


@pytest.mark.parametrize("name", ["new-2015", "source-new-2015", "kb:source-new-2015", f"<{KB}source-new-2015>"])
def test_without_a_document(base, name):
    assert not subjects(read_knowledge(base, without_source=name)) & {"o2", "ev-1", "ev-2", "shared"}


def test_without_a_publication_takes_its_statements_and_what_points_at_them(base):
    knowledge = read_knowledge(base, without_source="kb:ref-1")
    assert "ev-2" in subjects(knowledge)
    assert "ev-1" not in subjects(knowledge)
    assert "drug" in subjects(knowledge)  # a drug that cites the publication is no statement
    assert not any("ev-1" in o for _, _, o in knowledge.triples)


def test_without_an_unknown_source_is_wrong_use(base):
    with pytest.raises(UsageError, match="kb:ref-9"):
        read_knowledge(base, without_source="kb:ref-9")


def test_a_date_that_is_none_is_wrong_use(base):
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        read_knowledge(base, as_of="31.02.2019")


def test_a_triple_knows_its_documents_files_and_line(base):
    knowledge = read_knowledge(base)
    triple = (f"<{KB}o2>", f"<{P}evidence>", f"<{KB}ev-2>")
    assert knowledge.documents_of(triple) == (f"<{KB}source-new-2015>",)
    assert knowledge.files_of(triple) == ("kb/sources/new-2015/options.ttl",)
    assert knowledge.place_of(triple) == "kb/sources/new-2015/options.ttl:4"
    assert knowledge.documents_of(("<a>", "<b>", "<c>")) == ()
    assert knowledge.label(f"<{P}A>") == "a"
    assert knowledge.label(f"<{P}B>") == "p:B"


def test_blank_nodes_are_labelled_by_the_canonical_form_of_the_merge(base):
    """The expected graph is made by the library alone: the merge of the files, canonicalised as a whole."""
    knowledge = read_knowledge(base)
    merge = ox.Dataset()
    for file in knowledge.by_file:
        for quad in ox.parse((base / file).read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            merge.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    merge.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert ox.Dataset(parse_tokens(knowledge.triples)) == merge
    assert len({s for s, _, _ in knowledge.triples if s.startswith("_:c14n")}) == 4


def test_like_tails_of_two_lists_keep_their_own_file(base):
    """Both lists end in ( p:Z ); the cells are told apart by the class that they hang on."""
    other = base / "ontology" / "failure.ttl"
    other.write_text(HEAD + "p:C owl:intersectionOf ( p:W p:Z ) .")
    knowledge = read_knowledge(base)
    cells = [t for t in knowledge.by_file["ontology/failure.ttl"] if t[0].startswith("_:")]
    assert len(cells) == 4
    assert all(knowledge.files_of(cell) == ("ontology/failure.ttl",) for cell in cells)


def test_long_lists_do_not_exhaust_the_stack(base):
    members = " ".join(f"p:M{n}" for n in range(3000))
    (base / "ontology" / "long.ttl").write_text(HEAD + f"p:L owl:unionOf ( {members} ) .")
    assert sum(s.startswith("_:") for s, _, _ in read_knowledge(base).triples) == 6000 + 8


def test_content_hash_ignores_layout_and_follows_meaning(base):
    before = read_knowledge(base)
    file = base / "ontology" / "findings.ttl"
    other = '# a remark\np:B owl:intersectionOf ( p:Y p:Z ) .\np:A rdfs:label "a"@en ; owl:intersectionOf ( p:X p:Z ) .'
    file.write_text(HEAD + other)
    laid_out = read_knowledge(base)
    assert laid_out.sha256 == before.sha256
    assert laid_out.fingerprint != before.fingerprint
    file.write_text(HEAD + 'p:A rdfs:label "b"@en .')
    assert read_knowledge(base).sha256 != before.sha256


def test_content_hash_covers_rules_and_the_document_that_says_it(base):
    before = read_knowledge(base).sha256
    (base / "queries/rules/time/R-TIME-001.rq").write_text("# id: R-TIME-001\n# changed\n")
    changed_rule = read_knowledge(base).sha256
    assert changed_rule != before
    evidence = base / "kb/sources/new-2015/evidence.ttl"
    evidence.rename(base / "kb/evidence.ttl")
    assert read_knowledge(base).sha256 != changed_rule


def test_broken_turtle_names_file_and_line(base):
    (base / "kb" / "agents.ttl").write_text(HEAD + "kb:x p:y p:z\nkb:w p:v p:u .")
    with pytest.raises(KnowledgeError, match=r"kb/agents\.ttl:5: .*dot"):
        read_knowledge(base)


def test_a_document_that_nobody_registered(base):
    file = base / "kb/sources/stray-2020/options.ttl"
    file.parent.mkdir()
    file.write_text(HEAD + "kb:o3 a p:Option .")
    with pytest.raises(KnowledgeError, match="source-stray-2020 is not registered"):
        read_knowledge(base)


def test_two_reads_give_the_same(base):
    assert read_knowledge(base) == read_knowledge(base)


def test_graph_of_file():
    assert graph_of_file("kb/sources/coverage.ttl") == ""
    assert graph_of_file("kb/agents.ttl") == ""


def test_the_store_has_a_graph_per_document_and_the_registry(base):
    store = read_knowledge(base).store()
    assert {str(g) for g in store.named_graphs()} == {f"<{KB}registry>", f"<{KB}source-new-2015>"}
