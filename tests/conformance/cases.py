"""Test cases of OWL 2 as their publishers lay them out: one RDF file of the W3C, or one folder a case.

Two layouts are read, wherever they lie below the folder:

* the W3C's export (``all.rdf``, ``profile-RL.rdf`` and so on): test cases as instances of ``test:PositiveEntailmentTest``
  and its sisters, with premise and conclusion as RDF/XML text inside;
* the test collection for the RDF-Based Semantics: a folder NAME with ``NAME.metadata.properties``, whose
  ``testcase.type`` tells the kind, beside ``NAME.premisegraph.ttl`` and ``NAME.conclusiongraph.ttl`` (or ``NAME.graph.ttl``).

Imports are looked for inside the folder only: by the IRI of an ontology that a file there declares, by the embedded
``test:importedOntology``, or by the file name at the end of the IRI.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph

Triple = tuple[str, str, str]
TEST = "http://www.w3.org/2007/OWL/testOntology#"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
KINDS = ("PositiveEntailmentTest", "NegativeEntailmentTest", "ConsistencyTest", "InconsistencyTest")
_FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
    ".owl": pyoxigraph.RdfFormat.RDF_XML,
    ".xml": pyoxigraph.RdfFormat.RDF_XML,
}


class UnreadableCaseError(Exception):
    """A case whose graphs cannot be had: no RDF/XML, broken RDF/XML, or an import that is not in the folder."""


@dataclass
class Case:
    """One test of one kind; a published case that is of several kinds becomes several.

    Attributes:
        name: Its identifier.
        kind: One of `KINDS`.
        premise: What is given.
        conclusion: What follows, or must not; empty for the consistency kinds.
        problem: Why the case cannot be run; empty when it can.
    """

    name: str
    kind: str
    premise: set[Triple] = field(default_factory=set)
    conclusion: set[Triple] = field(default_factory=set)
    problem: str = ""


def parse(text: bytes, suffix: str, base: str, prefix: str) -> set[Triple]:
    """Parse a graph; its blank nodes get a prefix of their own so that graphs can be joined."""
    try:
        quads = list(pyoxigraph.parse(text, format=_FORMATS[suffix], base_iri=base))
    except (SyntaxError, ValueError) as error:
        raise UnreadableCaseError(f"cannot be parsed: {error}") from error

    def token(term: object) -> str:
        return f"_:{prefix}{term.value}" if isinstance(term, pyoxigraph.BlankNode) else str(term)

    return {(token(q.subject), token(q.predicate), token(q.object)) for q in quads}


class Folder:
    """A folder with test cases in either layout."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def cases(self) -> Iterator[Case]:
        """Yield the cases for the RDF-Based Semantics within the RL profile, each once, by name."""
        found: dict[tuple[str, str], Case] = {}
        for case in [*self._exports(), *self._collections()]:
            found.setdefault((case.name, case.kind), case)
        yield from (found[key] for key in sorted(found))

    # --- the W3C's export ------------------------------------------------------------------------------------

    def _exports(self) -> Iterator[Case]:
        for file in sorted(self.path.rglob("*.rdf")):
            content = file.read_bytes()
            if TEST.encode() not in content or b"identifier" not in content:
                continue
            facts = parse(content, ".rdf", file.as_uri(), "")
            about: dict[str, dict[str, list[str]]] = {}
            for s, p, o in facts:
                about.setdefault(s, {}).setdefault(p[1:-1].replace(TEST, "test:"), []).append(o)
            for subject in sorted(about):
                yield from self._published(about[subject], about)

    def _published(self, about: dict[str, list[str]], everything: dict[str, dict[str, list[str]]]) -> Iterator[Case]:
        types = {t[1:-1].replace(TEST, "") for t in about.get(RDF + "type", ())}
        kinds = [k for k in KINDS if k in types]
        named = about.get("test:identifier")
        if not kinds or not named or not self._wanted(about):
            return
        name = _text(named[0])
        imported = {
            iri[1:-1]: _text(text)
            for node in about.get("test:importedOntology", ())
            for iri in everything.get(node, {}).get("test:importedOntologyIRI", ())
            for text in everything.get(node, {}).get("test:rdfXmlInputOntology", ())
        }
        for kind in kinds:
            case = Case(name, kind)
            try:
                case.premise = self._graph(about, ("rdfXmlPremiseOntology", "rdfXmlInputOntology"), name, "p", imported)
                wanted = {"Positive": "rdfXmlConclusionOntology", "Negative": "rdfXmlNonConclusionOntology"}.get(
                    kind[:8]
                )
                if wanted:
                    case.conclusion = self._graph(about, (wanted,), name, "c", imported)
            except UnreadableCaseError as error:
                case.problem = str(error)
            yield case

    @staticmethod
    def _wanted(about: dict[str, list[str]]) -> bool:
        semantics = about.get("test:semantics", []) + about.get("test:alternativeSemanticsTest", [])
        profiles = about.get("test:profile", [])
        rejected = f"<{TEST}Rejected>" in about.get("test:status", [])
        return f"<{TEST}RDF-BASED>" in semantics and f"<{TEST}RL>" in profiles and not rejected

    def _graph(
        self, about: dict[str, list[str]], names: tuple[str, ...], base: str, prefix: str, imported: dict[str, str]
    ) -> set[Triple]:
        for name in names:
            for text in about.get("test:" + name, ()):
                facts = parse(_text(text).encode(), ".rdf", f"http://example.org/{base.replace(' ', '_')}", prefix)
                return self._with_imports(facts, prefix, imported)
        raise UnreadableCaseError("carries no RDF/XML")

    # --- the collection for the RDF-Based Semantics ----------------------------------------------------------------

    def _collections(self) -> Iterator[Case]:
        for file in sorted(self.path.rglob("*.metadata.properties")):
            entries = {e.get("key"): e.text or "" for e in ET.fromstring(_without_doctype(file.read_text("utf-8")))}
            name = entries["testcase.id"]
            if "OWL2RL" not in entries.get("testcase.entailmentregimeset", "OWL2RL"):
                continue
            kind = {"POSITIVE_ENTAILMENT": KINDS[0], "NEGATIVE_ENTAILMENT": KINDS[1], "CONSISTENCY": KINDS[2]}.get(
                entries["testcase.type"], KINDS[3]
            )
            case = Case(name, kind)
            try:
                if kind in KINDS[:2]:
                    case.premise = self._file(file, name, "premisegraph", "p")
                    case.conclusion = self._file(file, name, "conclusiongraph", "c")
                else:
                    case.premise = self._file(file, name, "graph", "p")
            except UnreadableCaseError as error:
                case.problem = str(error)
            yield case

    def _file(self, beside: Path, name: str, part: str, prefix: str) -> set[Triple]:
        for suffix in (".ttl", ".xml", ".rdf"):
            file = beside.with_name(f"{name}.{part}{suffix}")
            if file.exists():
                return self._with_imports(parse(file.read_bytes(), suffix, file.as_uri(), prefix), prefix, {})
        raise UnreadableCaseError(f"has no {part}")

    # --- imports -----------------------------------------------------------------------------------------------

    @cached_property
    def _ontologies(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for file in sorted(self.path.rglob("*")):
            if file.suffix not in _FORMATS or not file.is_file():
                continue
            found.setdefault(file.name, file)
            found.setdefault(file.stem, file)
            content = file.read_bytes()
            if b"Ontology" in content and TEST.encode() not in content:
                try:
                    facts = parse(content, file.suffix, file.as_uri(), "")
                except UnreadableCaseError:
                    continue
                for s, p, o in facts:
                    if p == f"<{RDF}type>" and o == f"<{OWL}Ontology>":
                        found.setdefault(s[1:-1], file)
        return found

    def _with_imports(self, facts: set[Triple], prefix: str, imported: dict[str, str]) -> set[Triple]:
        done: set[str] = set()
        while True:
            open_ = {o[1:-1] for _, p, o in facts if p == f"<{OWL}imports>"} - done
            if not open_:
                return facts
            iri = min(open_)
            done.add(iri)
            facts = facts | self._import(iri, f"{prefix}i{len(done)}", imported)

    def _import(self, iri: str, prefix: str, imported: dict[str, str]) -> set[Triple]:
        if iri in imported:
            return parse(imported[iri].encode(), ".rdf", iri, prefix)
        last = iri.rstrip("/#").rpartition("/")[2]
        file = self._ontologies.get(iri) or self._ontologies.get(last)
        if file is None:
            raise UnreadableCaseError(f"imports <{iri}>, which is not in the folder")
        return parse(file.read_bytes(), file.suffix, iri, prefix)


def _text(token: str) -> str:
    """Return the text of a literal token."""
    (quad,) = pyoxigraph.parse(f"<x:s> <x:p> {token} .".encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return str(quad.object.value)  # type: ignore[union-attr]


def _without_doctype(text: str) -> str:
    """Drop the DOCTYPE of a Java properties file: nothing is fetched, no entity is read."""
    start = text.find("<!DOCTYPE")
    return text if start < 0 else text[:start] + text[text.index(">", start) + 1 :]
