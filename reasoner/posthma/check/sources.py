"""What the checker reads for itself: the record, and the knowledge files with their documents.

Blank nodes of the knowledge are labelled by RDFC-1.0 over the merge of its files (``_:c14n0``), those of a record in
the order in which the file first names them (``_:b1``), so that the two never meet.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from posthma import resources
from posthma.check.terms import FIRST, NIL, REST, XSD, Triple, canonical, members
from posthma.errors import KnowledgeError, LimitError, RecordError, SyntaxRecordError

KB = "https://w3id.org/posthma/kb/"
RECORD_BASE = "https://w3id.org/posthma/record/"
DOUBLE = f"^^<{XSD}double>"
MAX_BYTES = 20_000_000
MAX_BLANKS = 20_000
_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".json": ox.RdfFormat.JSON_LD,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True)
class Graph:
    """A set of triples with its lists expanded.

    Attributes:
        name: The file or folder that was read.
        sha256: Hash of what was read.
        files: Each triple as written, list cells included, with the files that state it.
        lists: Triples whose object is a well-formed list, with the list token as object, with their files.
    """

    name: str
    sha256: str
    files: dict[Triple, frozenset[str]]
    lists: dict[Triple, frozenset[str]]

    def __contains__(self, triple: Triple) -> bool:
        return triple in self.files or triple in self.lists

    def files_of(self, triple: Triple) -> frozenset[str]:
        """Return the files that state a triple, in either form."""
        return self.files.get(triple) or self.lists.get(triple) or frozenset()

    def documents_of(self, triple: Triple) -> frozenset[str]:
        """Return the named graphs that state a triple."""
        return frozenset(graph for graph in map(document, self.files_of(triple)) if graph)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Every term that stands as a subject."""
        return frozenset(subject for subject, _, _ in self.files)


def read_record(path: Path) -> Graph:
    """Read a patient record, or any RDF file, in the format that its ending names.

    Raises:
        RecordError: The file cannot be read or its format is not RDF.
        LimitError: The file passes `MAX_BYTES` or `MAX_BLANKS`.
    """
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        kind = path.suffix or "a file without ending"
        raise RecordError(str(path), f"the checker does not read {kind}", f"give one of {', '.join(sorted(_FORMATS))}")
    data = _bytes(path)
    labels: dict[str, str] = {}
    triples: dict[Triple, None] = {}
    try:
        for quad in ox.parse(data, format=form, base_iri=RECORD_BASE):
            subject, predicate, obj = _triple(quad)
            for term in (subject, obj):
                if term.startswith("_:"):
                    labels.setdefault(term, f"_:b{len(labels) + 1}")
            if form == ox.RdfFormat.JSON_LD and obj.endswith(DOUBLE):
                obj = _decimal(obj)
            triples[labels.get(subject, subject), predicate, labels.get(obj, obj)] = None
    except (SyntaxError, ValueError) as error:
        raise SyntaxRecordError(str(path), str(error), "mend the file") from error
    here = frozenset([path.name])
    lists = dict.fromkeys((listed for _, listed in expand(triples)), here)
    return Graph(str(path), hashlib.sha256(data).hexdigest(), dict.fromkeys(triples, here), lists)


def _decimal(token: str) -> str:
    """Write a JSON number with a fraction, which JSON-LD calls a double, as the decimal that the record means."""
    number = float(token[1 : token.index('"', 1)])
    return f'"{Decimal(repr(number)):f}"^^<{XSD}decimal>' if math.isfinite(number) else token


def knowledge_files(folder: Path) -> list[Path]:
    """Return the Turtle files of a knowledge folder: ontology/ and kb/, without shapes, cases and example policies."""
    found = [*(folder / "ontology").rglob("*.ttl"), *(folder / "kb").rglob("*.ttl")]
    left_out = ("ontology/shapes/", "kb/cases/", "kb/policies/examples/")
    return sorted(path for path in found if not path.relative_to(folder).as_posix().startswith(left_out))


def document(file: str) -> str:
    """Return the named graph of a knowledge file, "" for the default graph.

    >>> document("kb/sources/some-paper/options.ttl")
    '<https://w3id.org/posthma/kb/source-some-paper>'
    """
    folders = file.split("/")
    return f"<{KB}source-{folders[2]}>" if folders[:2] == ["kb", "sources"] and len(folders) > 3 else ""


def knowledge_hash(folder: Path, files: dict[Triple, frozenset[str]]) -> str:
    """Return the hash of the knowledge: its sorted statements with their graphs, then its rule and answer files."""
    lines = {f"{s} {p} {o} {document(file)}".rstrip() for (s, p, o), names in files.items() for file in names}
    total = hashlib.sha256("\n".join(sorted(lines)).encode())
    for name in ("queries/rules", "queries/answers"):
        for path in sorted((folder / name).rglob("*")):
            if path.suffix in (".rq", ".toml"):
                total.update(f"\n{path.relative_to(folder).as_posix()}\n".encode() + path.read_bytes())
    return total.hexdigest()


def knowledge_folder(folder: Path | None) -> Path:
    """Return the folder to read knowledge from: the given one, or the project's own."""
    chosen = resources.root() if folder is None else folder
    if not any((chosen / name).is_dir() for name in ("ontology", "kb")):
        raise KnowledgeError(str(chosen), "it holds neither ontology/ nor kb/", "name the folder that holds them")
    return chosen


def read_knowledge(folder: Path) -> Graph:
    """Read every knowledge file; what lies under kb/sources/<document>/ is in that document's named graph.

    Raises:
        KnowledgeError: A file cannot be parsed.
        LimitError: A file passes `MAX_BYTES`, or all of them `MAX_BLANKS`.
    """
    stated: list[tuple[ox.Quad, str]] = []
    for path in knowledge_files(folder):
        try:
            parsed = ox.parse(_bytes(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True, lenient=True)
            stated += [(quad, path.relative_to(folder).as_posix()) for quad in parsed]
        except (SyntaxError, ValueError) as error:
            raise KnowledgeError(str(path), str(error), "mend the file") from error
    return _merged(folder, stated)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LimitError(str(path), f"{size} bytes, more than {MAX_BYTES}", "give a smaller file")
        return path.read_bytes()
    except OSError as error:
        raise RecordError(str(path), error.strerror or "it cannot be read", "name a file that can be read") from error


def _merged(folder: Path, stated: list[tuple[ox.Quad, str]]) -> Graph:
    """Label the blank nodes, and find for each triple the files that state it, for each list its list form."""
    files: dict[Triple, set[str]] = {}
    nameless: list[tuple[ox.Quad, str]] = []
    for quad, file in stated:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            nameless.append((quad, file))
        else:
            files.setdefault(_triple(quad), set()).add(file)
    nodes = {term for quad, _ in nameless for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)}
    if len(nodes) > MAX_BLANKS:
        raise LimitError(str(folder), f"{len(nodes)} blank nodes, more than {MAX_BLANKS}", "give the nodes IRIs")
    dataset = ox.Dataset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad, _ in nameless)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    home: dict[tuple[Triple, ...], set[str]] = {}
    by_file: dict[str, list[Triple]] = {}
    for quad, file in nameless:
        by_file.setdefault(file, []).append(_triple(quad))
    for file, triples in by_file.items():
        for island in _islands(triples):
            home.setdefault(_shape(island), set()).add(file)
    for island in _islands([_triple(quad) for quad in dataset]):
        files.update((triple, home[_shape(island)]) for triple in island)
    lists = {listed: frozenset(files[triple]) for triple, listed in expand(files)}
    held = {triple: frozenset(names) for triple, names in files.items()}
    return Graph(str(folder), knowledge_hash(folder, held), held, lists)


def _triple(quad: ox.Quad) -> Triple:
    obj = canonical(str(quad.object)) if isinstance(quad.object, ox.Literal) else str(quad.object)
    return str(quad.subject), str(quad.predicate), obj


def _islands(triples: list[Triple]) -> list[list[Triple]]:
    """Part triples into groups that share no blank node; a blank node never crosses from file to file."""
    leader: dict[str, str] = {}

    def find(node: str) -> str:
        while leader.setdefault(node, node) != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for subject, _, obj in triples:
        nodes = [find(term) for term in (subject, obj) if term.startswith("_:")]
        leader[nodes[0]] = nodes[-1]
    found: dict[str, list[Triple]] = {}
    for triple in triples:
        found.setdefault(find(triple[0] if triple[0].startswith("_:") else triple[2]), []).append(triple)
    return list(found.values())


def _shape(island: list[Triple]) -> tuple[Triple, ...]:
    """Return what an island says when its blank nodes have no names."""
    bare = [tuple("_:" if term.startswith("_:") else term for term in triple) for triple in island]
    return tuple(sorted((s, p, o) for s, p, o in bare))


def expand(triples: Iterable[Triple]) -> Iterator[tuple[Triple, Triple]]:
    """Pair each triple whose object heads a well-formed list with the same triple in list form."""
    first: dict[str, list[str]] = {}
    rest: dict[str, list[str]] = {}
    others = []
    for triple in triples:
        if triple[1] == FIRST:
            first.setdefault(triple[0], []).append(triple[2])
        elif triple[1] == REST:
            rest.setdefault(triple[0], []).append(triple[2])
        else:
            others.append(triple)
    for triple in others:
        items: list[str] = []
        cell, seen = triple[2], set()
        while cell != NIL and cell not in seen and len(first.get(cell, ())) == 1 and len(rest.get(cell, ())) == 1:
            seen.add(cell)
            items.append(first[cell][0])
            cell = rest[cell][0]
        if cell == NIL:
            yield triple, (triple[0], triple[1], f"({' '.join(items)})")


def cells(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Write triples out again as plain RDF: each list token becomes cells of its own."""
    for number, (subject, predicate, obj) in enumerate(triples):
        if not obj.startswith("("):
            yield subject, predicate, obj
            continue
        items = members(obj)
        names = [f"_:list{number}-{i}" for i in range(len(items))]
        yield subject, predicate, names[0] if names else NIL
        for i, item in enumerate(items):
            yield names[i], FIRST, item
            yield names[i], REST, names[i + 1] if i + 1 < len(items) else NIL


def store(triples: Iterable[Triple], into: ox.Store | None = None) -> ox.Store:
    """Put triples into a SPARQL store, lists as cells; triples with a literal as subject stay out."""
    target = ox.Store() if into is None else into
    plain = cells(triple for triple in triples if not triple[0].startswith('"'))
    text = "".join(f"{subject} {predicate} {obj} .\n" for subject, predicate, obj in plain)
    target.extend(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
    return target
