"""The knowledge: all Turtle of ontology/ and kb/, by document, version and date.

Everything below ``kb/sources/<doc>/`` stands in the named graph ``kb:source-<doc>``; the rest of ontology/ and kb/
is the default graph. Worked patients (kb/cases/) and SHACL shapes are not knowledge. Reasoning works on the merge of
the graphs in force: `read_knowledge` leaves out documents that are not valid on the day asked for, and a source that
the caller wants to do without.

Blank nodes are labelled by RDFC-1.0 canonicalisation of the merge, so that proofs repeat to the byte.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING

import pyoxigraph as ox

from posthma import resources
from posthma.blank import contents, has_blank
from posthma.errors import KnowledgeError, UsageError
from posthma.terms import Triple, literal_parts
from posthma.vocab import KB, OWL, RDF, RDFS, P, curie

if TYPE_CHECKING:
    from posthma.places import Places

REGISTRY = "kb/registry.ttl"
_SKIPPED = ("kb/cases/", "ontology/shapes/", "kb/policies/examples/")


@dataclass(frozen=True, slots=True)
class Document:
    """One source document: its named graph, its folder below kb/sources/, and when it is in force (ISO dates)."""

    graph: str
    folder: str
    valid_from: str = ""
    valid_until: str = ""

    def in_force(self, day: str) -> bool:
        """Say whether the document counts on an ISO date; the last day is excluded."""
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_until or day < self.valid_until)


@dataclass(frozen=True)
class Knowledge:
    """The merged triples and where each of them is said.

    Attributes:
        root: Folder that holds ontology/, kb/ and queries/.
        triples: The merge, each triple once, ground triples in file order, then those with blank nodes.
        by_file: The triples of each file, by its place below ``root``.
        documents: Source documents by named graph, also those left out.
        as_of: ISO date for which documents were chosen; empty for today.
        without_source: What was left out on request; empty for nothing.
        version: ``owl:versionInfo`` of the ontology.
        fingerprint: SHA-256 over the bytes of all files and the choice of documents: a quick key for caches.
    """

    root: Path
    triples: tuple[Triple, ...]
    by_file: dict[str, tuple[Triple, ...]]
    documents: dict[str, Document]
    as_of: str
    without_source: str
    version: str
    fingerprint: str

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the sorted statements with their graphs and over the rule and answer queries.

        Unlike `fingerprint` it is blind to layout, comments and the order of statements in Turtle.
        """
        lines: set[str] = set()
        for file, triples in self.by_file.items():
            graph = graph_of_file(file)
            lines.update(f"{s} {p} {o} {graph}".rstrip() for s, p, o in triples)
        digest = hashlib.sha256("\n".join(sorted(lines)).encode())
        for folder in ("queries/rules", "queries/answers"):
            for path in sorted((self.root / folder).rglob("*")):
                if path.suffix in {".rq", ".toml"}:
                    digest.update(f"\n{path.relative_to(self.root).as_posix()}\n".encode())
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    @cached_property
    def _files(self) -> dict[Triple, tuple[str, ...]]:
        index: dict[Triple, tuple[str, ...]] = {}
        for file, triples in self.by_file.items():
            for triple in triples:
                index[triple] = (*index.get(triple, ()), file)
        return index

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Tokens of everything that the knowledge says something of."""
        return frozenset(s for s, _, _ in self.triples)

    @cached_property
    def _by_subject_and_predicate(self) -> dict[tuple[str, str], Triple]:
        return {(s, p): (s, p, o) for s, p, o in self.triples}

    def first(self, subject: str, predicate: str) -> Triple | None:
        """Return one triple with this subject and predicate; None when there is none."""
        return self._by_subject_and_predicate.get((subject, predicate))

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {s: literal_parts(o)[0] for s, p, o in self.triples if p == RDFS.label and o.startswith('"')}

    def files_of(self, triple: Triple) -> tuple[str, ...]:
        """Return the files that state a triple, such as ``("ontology/findings.ttl",)``; none for other triples."""
        return self._files.get(triple, ())

    def documents_of(self, triple: Triple) -> tuple[str, ...]:
        """Return the named graphs (source documents) that state a triple; none for the ontology's own triples."""
        graphs = (graph_of_file(file) for file in self.files_of(triple))
        return tuple(dict.fromkeys(graph for graph in graphs if graph))

    def place_of(self, triple: Triple) -> str:
        """Return ``file:line`` of a triple of the knowledge, the file alone if the line is not found, else ``""``."""
        from posthma.places import Places

        for file in self.files_of(triple):
            if file not in self._places:
                text = (self.root / file).read_text(encoding="utf-8")
                self._places[file] = Places(text, "turtle", file, self.by_file[file])
            return self._places[file].of(triple)
        return ""

    @cached_property
    def _places(self) -> dict[str, Places]:
        return {}

    def label(self, term: str) -> str:
        """Return the label of a term, a restriction in words, or the CURIE of what has no label."""
        if term[0] == "_" and term in self._restrictions:
            return self._restrictions[term]
        return self._labels.get(term) or curie(term)

    @cached_property
    def _restrictions(self) -> dict[str, str]:
        """What each anonymous existential class says."""
        said: dict[str, dict[str, str]] = {}
        for s, p, o in self.triples:
            if s[0] == "_":
                said.setdefault(s, {})[p] = o
        return {
            node: f"what has, by '{self.label(row[OWL.onProperty])}', a {self.label(row[OWL.someValuesFrom])}"
            for node, row in said.items()
            if OWL.onProperty in row and row.get(OWL.someValuesFrom, "_")[0] != "_"
        }

    def store(self) -> ox.Store:
        """Return a SPARQL store with one named graph per source document and one for the registry."""
        store = ox.Store()
        for file, triples in self.by_file.items():
            graph = graph_of_file(file) or (f"<{KB.BASE}registry>" if file == REGISTRY else "")
            store.bulk_extend(parse_tokens(triples, graph))
        return store


def graph_of_file(file: str) -> str:
    """Return the named graph of a file, ``""`` for the default graph.

    >>> graph_of_file("kb/sources/some-paper/options.ttl")
    '<https://w3id.org/posthma/kb/source-some-paper>'
    """
    parts = file.split("/")
    return f"<{KB.BASE}source-{parts[2]}>" if parts[:2] == ["kb", "sources"] and len(parts) > 3 else ""


def parse_tokens(triples: Iterable[Triple], graph: str = "") -> Iterator[ox.Quad]:
    """Turn token triples into pyoxigraph quads."""
    text = "".join(f"{s} {p} {o} {graph} .\n" for s, p, o in triples)
    return ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS, lenient=True)


def tokens(quads: Iterable[ox.Quad]) -> Iterator[Triple]:
    """Turn pyoxigraph quads of one graph into token triples, by way of its N-Triples writer (quick).

    Equal tokens are one string: the knowledge names few things many times.
    """
    text = (ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    for line in text.split("\n"):
        if line:
            s, p, o = line[:-2].split(" ", 2)
            yield intern(s), intern(p), intern(o)


def knowledge_files(root: Path) -> list[Path]:
    """Return the Turtle files of the knowledge below ``root``, sorted."""
    found = [file for folder in ("ontology", "kb") for file in (root / folder).rglob("*.ttl")]
    return sorted(file for file in found if not file.relative_to(root).as_posix().startswith(_SKIPPED))


def read_knowledge(
    root: Path | None = None, *, as_of: str | None = None, without_source: str | None = None
) -> Knowledge:
    """Read ontology and knowledge base.

    Args:
        root: Folder with ontology/, kb/ and queries/; the project's own when None.
        as_of: ISO date; only documents in force on that day count. Today when None.
        without_source: A document (``santini-2019``, ``kb:source-santini-2019``) or a publication (``kb:ref-041``) to
            leave out: a document's graph, or every statement that rests on the publication.

    Raises:
        KnowledgeError: A file cannot be parsed, or a document is not in the registry.
        UsageError: ``as_of`` is no date or ``without_source`` names nothing known.
    """
    base = root or resources.root()
    day = _day(as_of)
    contents = {file.relative_to(base).as_posix(): file.read_bytes() for file in knowledge_files(base)}
    documents = _documents(contents, base)
    dropped = {graph for graph, document in documents.items() if not document.in_force(day)}
    publication = ""
    if without_source:
        graph, publication = _source(without_source, documents)
        dropped |= {graph} if graph else set()
    digest = hashlib.sha256()
    kept: dict[str, list[Triple]] = {}
    blank: dict[str, list[Triple]] = {}
    for file, data in contents.items():
        if graph_of_file(file) in dropped:
            continue
        digest.update(f"{file}\0{len(data)}\0".encode() + data)
        kept[file], blank[file] = _parse(data, file)
    if publication:
        kept = _without_publication(kept, publication, without_source or "")
    for path in sorted((base / "queries" / "rules").rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(base).as_posix()}\0".encode() + path.read_bytes())
    digest.update(f"\0{publication}".encode())
    labelled = _canonical(blank)
    merged = dict.fromkeys(triple for triples in kept.values() for triple in triples)
    merged.update(dict.fromkeys(sorted({triple for triples in labelled.values() for triple in triples})))
    by_file = {file: (*kept[file], *labelled.get(file, ())) for file in kept}
    version = next(
        (literal_parts(o)[0] for _, p, o in kept.get("ontology/posthma.ttl", ()) if p == OWL.versionInfo), ""
    )
    return Knowledge(
        base, tuple(merged), by_file, documents, as_of or "", without_source or "", version, digest.hexdigest()
    )


def _day(as_of: str | None) -> str:
    if as_of is None:
        return dt.datetime.now(tz=dt.UTC).date().isoformat()
    try:
        return dt.date.fromisoformat(as_of).isoformat()
    except ValueError as error:
        raise UsageError("as-of", f"{as_of!r} is not a date", "write it as YYYY-MM-DD") from error


def _parse(data: bytes, file: str) -> tuple[list[Triple], list[Triple]]:
    """Return the ground triples and those with blank nodes (with fresh labels) of a Turtle file."""
    try:
        quads = ox.parse(data, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True, lenient=True)
        triples = list(tokens(quads))
    except SyntaxError as error:
        place = f"{file}:{error.lineno}" if error.lineno else file
        raise KnowledgeError(place, str(error.msg), "mend the Turtle there") from error
    ground: list[Triple] = []
    blank: list[Triple] = []
    for triple in triples:
        (blank if has_blank(triple) else ground).append(triple)
    return ground, blank


def _documents(contents: dict[str, bytes], base: Path) -> dict[str, Document]:
    """Read the registry and hold it against the folders below kb/sources/."""
    rows: dict[str, dict[str, str]] = {}
    if REGISTRY in contents:
        for s, p, o in _parse(contents[REGISTRY], REGISTRY)[0]:
            if p in (P.validFrom, P.validUntil, P.folder):
                rows.setdefault(s, {})[p] = literal_parts(o)[0]
    found = {}
    for graph in dict.fromkeys(graph for graph in map(graph_of_file, contents) if graph):
        row = rows.get(graph, {})
        if rows and not row:
            raise KnowledgeError(REGISTRY, f"{curie(graph)} is not registered", "add it with p:validFrom and p:folder")
        folder = graph.rpartition("/source-")[2][:-1]
        if row.get(P.folder, folder).rstrip("/").rpartition("/")[2] != folder:
            raise KnowledgeError(REGISTRY, f"{curie(graph)} names folder {row[P.folder]!r}", f"name {folder!r}")
        found[graph] = Document(graph, folder, row.get(P.validFrom, ""), row.get(P.validUntil, ""))
    return found


def _source(name: str, documents: dict[str, Document]) -> tuple[str, str]:
    """Resolve what the caller wants to do without to (named graph, publication), one of them empty."""
    short = name.removeprefix("<").removesuffix(">").removeprefix(KB.BASE).removeprefix("kb:").removeprefix("source-")
    graph = f"<{KB.BASE}source-{short}>"
    return (graph, "") if graph in documents else ("", f"<{KB.BASE}{short}>")


def _without_publication(kept: dict[str, list[Triple]], publication: str, name: str) -> dict[str, list[Triple]]:
    """Leave out every evidence statement that rests on a publication, and what points at it."""
    everything = [triple for triples in kept.values() for triple in triples]
    statements = {s for s, p, o in everything if p == RDF.type and o == P.EvidenceStatement}
    resting = {s for s, p, o in everything if p == P.publication and o == publication and s in statements}
    if not resting:
        raise UsageError(
            name,
            "it is neither a source document nor a publication of any statement",
            "name kb:source-... or kb:ref-...",
        )
    return {
        file: [triple for triple in triples if triple[0] not in resting and triple[2] not in resting]
        for file, triples in kept.items()
    }


def _canonical(blank: dict[str, list[Triple]]) -> dict[str, list[Triple]]:
    """Relabel the triples with blank nodes of all files by RDFC-1.0 over their merge.

    Ground triples do not take part in the canonical labels (RDFC-1.0, section 4.4.3, step 2), so they are left out of
    the work. The library returns the graph but not the mapping, so a triple finds its new form by what its blank nodes
    say: they are lists and restrictions, trees whose content identifies them.
    """
    everything = [triple for triples in blank.values() for triple in triples]
    if not everything:
        return {}
    dataset = ox.Dataset(parse_tokens(everything))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    canonical = list(tokens(dataset))
    by_content: dict[Triple, list[Triple]] = {}
    for triple, content in zip(canonical, contents(canonical), strict=True):
        by_content.setdefault(content, []).append(triple)
    return {
        file: sorted({new for content in contents(triples) for new in by_content[content]})
        for file, triples in blank.items()
        if triples
    }
