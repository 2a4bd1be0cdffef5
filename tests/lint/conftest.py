"""A small house of knowledge in a folder of its own, sound until a test breaks it."""

from __future__ import annotations

import shutil

import pytest

from posthma.lint import lint, read_matter
from posthma.resources import root

PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kb: <https://w3id.org/posthma/kb/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix p: <https://w3id.org/posthma/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""
KINDS = ("Situation", "Patient", "TestKind", "Threshold", "Guard", "Option", "Publication")
LINKS = ("about", "sees", "day", "dose", "event", "contrary", "decidedBy", "heldBy", "says", "section", "lines", "shownAs",
         "registryId", "aboveClass", "limit", "belowClass", "alternativeOf", "failureFrom", "definition")  # fmt: skip
FINDINGS = """\
p:Sick a owl:Class ; rdfs:label "sick"@en ; skos:definition "A situation that is so."@en ;
    p:contrary p:Well ; owl:disjointWith p:Well ; p:decidedBy kb:look ; p:shownAs kb:part .
p:Well a owl:Class ; rdfs:label "well"@en .
kb:look a p:TestKind ; rdfs:label "a look"@en .
kb:part rdfs:label "a part of an answer"@en .
"""
RULE = """\
# id: R-MEAS-001
# title: who is seen
# layer: measures
# says: {s} sees {e}
# source: project policy
# absence: none
PREFIX p: <https://w3id.org/posthma/ontology/>
CONSTRUCT { ?s p:sees ?e }
WHERE { ?s p:about ?x . ?x p:event ?e }
"""


class House:
    """A folder with ontology/, kb/ and queries/."""

    def __init__(self, folder):
        self.folder = folder
        kinds = "\n".join(
            f'p:{name} a owl:Class ; rdfs:label "kind {name}"@en ; skos:definition "A thing."@en .' for name in KINDS
        )
        links = "\n".join(
            f'p:{name} a owl:ObjectProperty ; rdfs:label "link {name}"@en ; skos:definition "A property."@en .'
            for name in LINKS
        )
        self.write("ontology/terms.ttl", PREFIXES + kinds + "\n" + links + "\n" + FINDINGS)
        self.write("ontology/shapes/record.ttl", PREFIXES + "kb:x p:a p:event , p:about , p:dose , p:day .\n")
        shutil.copytree(root() / "ontology/shapes/knowledge", folder / "ontology/shapes/knowledge")
        self.write("kb/things.ttl", PREFIXES + 'kb:thing rdfs:label "a thing"@en .\n')
        (folder / "kb/sources").mkdir()
        self.write("queries/rules/layers.toml", 'order = ["measures", "findings", "logic"]\n')
        self.write("queries/rules/measures/R-MEAS-001.rq", RULE)
        finding = RULE.replace("MEAS", "FIND").replace("layer: measures", "layer: findings")
        finding = finding.replace("{s} sees {e}", "{s} is sick").replace("{ ?s p:sees ?e }", "{ ?s a p:Sick }")
        self.finding = finding.replace("?s p:about ?x . ?x p:event ?e", "?s p:sees ?e")
        self.write("queries/rules/findings/R-FIND-001.rq", self.finding)

    def write(self, file, text):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def add(self, text):
        """Append to kb/things.ttl."""
        path = self.folder / "kb/things.ttl"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def findings(self):
        return lint(read_matter(str(self.folder)))

    def told(self):
        return [f"{f.place}: {f.severity} {f.code}" for f in self.findings()]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)
