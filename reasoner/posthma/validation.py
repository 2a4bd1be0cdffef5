"""Is a patient record sound? SHACL shapes, and what shapes cannot say: unknown terms, schema, conclusions by hand.

The record is validated alone, without the knowledge base: shapes carry the lists of terms that a record may use. The
engine is pyshifty when it can be imported and pyshacl otherwise; tests hold that both report the same. A message of a
shape reads ``fact; remedy``.
"""

from __future__ import annotations

import difflib
import importlib.machinery
import importlib.util
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyoxigraph as ox

from posthma.errors import InvalidRecordError, KnowledgeError
from posthma.intake.rdf import Record
from posthma.knowledge import Knowledge, tokens
from posthma.terms import Triple, literal_parts
from posthma.vocab import KB, OWL, RDF, RDFS, P, curie, plain

Severity = Literal["violation", "warning", "info"]
Engine = Literal["auto", "pyshifty", "pyshacl"]
_SH = "http://www.w3.org/ns/shacl#"
_OURS = (f"<{P.BASE}", f"<{KB.BASE}")
SCHEMA = (f"<{RDFS.BASE}", f"<{OWL.BASE}")
ANNOTATIONS = {RDFS.label, f"<{RDFS.BASE}comment>", f"<{RDFS.BASE}seeAlso>", f"<{RDFS.BASE}isDefinedBy>"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with a record.

    Attributes:
        place: File and line, or JSON path.
        severity: A ``violation`` bars an assessment; a ``warning`` does not.
        code: CURIE of the shape, or the name of a check of this module.
        fact: What is wrong.
        remedy: How to mend it.
    """

    place: str
    severity: Severity
    code: str
    fact: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.code}: {self.fact}; {self.remedy}"


class Result(NamedTuple):
    """One result of a SHACL engine, terms as tokens, absent ones as ``""``."""

    focus: str
    path: str
    value: str
    shape: str
    severity: str
    message: str


def validate(record: Record, knowledge: Knowledge, *, engine: Engine = "auto") -> list[Finding]:
    """Return what is wrong with a record, in the order of the file; nothing when it is sound."""
    shapes = shape_files(knowledge.root)
    own = [*_terms(record, knowledge, record_terms(knowledge.root)), *_patients(record), *_dropped(record)]
    told = {triple for triple, _ in own if triple}
    found = [finding for _, finding in own]
    whole = {"no-patient", "two-patients", "schema-triple"} & {finding.code for finding in found}
    for result in run_shapes(shapes, record.triples, engine):
        if whole and result.focus.startswith(_OURS):  # a shape of the whole record, which knows no line
            continue
        triple = _triple(result, record.triples)
        if triple not in told:
            found.append(_finding(result, triple, record))
    return sorted(set(found), key=lambda finding: (_numbers(finding.place), finding))


def refuse(record: Record, findings: Sequence[Finding]) -> None:
    """Refuse a record that has a violation.

    Raises:
        InvalidRecordError: There is one; the error carries all findings.
    """
    violations = [finding for finding in findings if finding.severity == "violation"]
    if violations:
        first = violations[0]
        more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        raise InvalidRecordError(first.place, first.fact, first.remedy + more, findings)


def shape_files(root: Path) -> tuple[Path, ...]:
    """Return the files with shapes for patient records; those for authors of knowledge are not among them."""
    return tuple(sorted(f for f in (root / "ontology" / "shapes").glob("*.ttl") if not f.name.startswith("knowledge")))


# --- what shapes cannot say --------------------------------------------------------------------------------

_Told = tuple[Triple | None, Finding]


def _terms(record: Record, knowledge: Knowledge, vocabulary: tuple[set[str], set[str]]) -> Iterable[_Told]:
    """Find unknown terms, schema, facts about knowledge, and conclusions asserted by hand."""
    known = knowledge.subjects
    classes, properties = vocabulary
    for triple in record.triples:
        s, p, o = triple
        place = record.place
        if p.startswith(SCHEMA) and p not in ANNOTATIONS:
            yield (
                triple,
                _violation(
                    place(triple),
                    "schema-triple",
                    f"{curie(p)} is schema, and a record holds facts only",
                    "take it out",
                ),
            )
        elif p == RDF.type and o.startswith((*SCHEMA, f"<{RDF.BASE}")):
            yield (
                triple,
                _violation(
                    place(triple),
                    "schema-triple",
                    f"{_short(s)} is declared as {curie(o)}, which is schema",
                    "take it out",
                ),
            )
        elif s.startswith(_OURS):
            yield (
                triple,
                _violation(
                    place(triple),
                    "states-knowledge",
                    f"a fact about {curie(s)}, which belongs to the knowledge base",
                    "name the record's own nodes in a namespace of its own",
                ),
            )
        else:
            strange = next((term for term in (p, o) if term.startswith(_OURS) and term not in known), None)
            if strange:
                remedy = _nearest(strange, {name for name in known if name.startswith(_OURS)})
                yield triple, _violation(place(triple), "unknown-term", f"{curie(strange)} is not a known term", remedy)
            elif p == RDF.type and classes and o.startswith(_OURS) and o not in classes:
                yield (
                    triple,
                    _violation(
                        place(triple),
                        "asserted-conclusion",
                        f"{_short(s)} is asserted to be {curie(o)}, which is concluded here and never recorded",
                        "state the events that it follows from, and what a person concluded as p:ReportedConclusion",
                    ),
                )
            elif p.startswith(_OURS) and properties and p not in properties:
                yield (
                    triple,
                    _violation(
                        place(triple),
                        "asserted-conclusion",
                        f"{curie(p)} is concluded here and never recorded",
                        "state the events that it follows from",
                    ),
                )


def _nearest(term: str, known: Set[str]) -> str:
    """Say which known term was meant: by spelling, in either namespace, capital letters aside."""
    names: dict[str, list[str]] = {}
    for other in sorted(known):
        names.setdefault(re.split(r"[/#]", other[:-1])[-1].lower(), []).append(other)
    local = re.split(r"[/#]", term[:-1])[-1].lower()
    close = difflib.get_close_matches(local, names, n=3, cutoff=0.6)
    terms = [other for name in close for other in names[name]]
    space = term[: term.rindex("/") + 1]
    terms.sort(key=lambda other: (other.startswith(space), _initial(other) == _initial(term)), reverse=True)
    if terms and terms[0].startswith(space):
        terms = [other for other in terms if other.startswith(space)]
    if not terms:
        return "see ontology/ and kb/ for the terms there are"
    return f"did you mean {' or '.join(map(curie, terms[:2]))}?"


def _initial(term: str) -> bool:
    """Say whether a term's own name begins with a capital, as classes do."""
    return re.split(r"[/#]", term[:-1])[-1][:1].isupper()


def _patients(record: Record) -> Iterable[_Told]:
    patients = [triple for triple in record.triples if triple[1] == RDF.type and triple[2] == P.Patient]
    if not patients:
        yield None, _violation(record.name, "no-patient", "it describes no patient", "state one: r:patient a p:Patient")
    for extra in patients[1:]:
        yield (
            extra,
            _violation(
                record.place(extra),
                "two-patients",
                f"{_short(extra[0])} is a second patient beside {_short(patients[0][0])}",
                "give each patient a file",
            ),
        )


def _dropped(record: Record) -> Iterable[_Told]:
    for place in record.dropped:
        key = place.rpartition(".")[2]
        fact = f"key {key!r} has no meaning in the @context"
        yield None, _violation(place, "dropped-key", fact, "map it there or take it out")


def _violation(place: str, code: str, fact: str, remedy: str) -> Finding:
    return Finding(place, "violation", code, fact, remedy)


def _numbers(place: str) -> tuple[object, ...]:
    """Order places as a reader does: line 9 before line 10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", place))


@cache
def record_terms(root: Path) -> tuple[set[str], set[str]]:
    """Return the classes and properties that a record may use: what the shapes target, name in a path, or list."""
    classes: set[str] = set()
    properties: set[str] = set()
    listed: set[str] = set()
    for file in shape_files(root):
        for _, p, o in _read(file):
            if p == f"<{_SH}targetClass>":
                classes.add(o)
            elif p == f"<{_SH}path>" and o.startswith("<"):
                properties.add(o)
            elif p == RDF.first:
                listed.add(o)
    return classes | listed if classes else classes, properties | listed if properties else properties


def _read(file: Path) -> list[Triple]:
    try:
        return list(tokens(ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE)))
    except SyntaxError as error:
        raise KnowledgeError(f"{file.name}:{error.lineno}", str(error.msg), "mend the Turtle there") from error


# --- shapes --------------------------------------------------------------------------------------------------


def run_shapes(files: Iterable[Path], triples: Iterable[Triple], engine: Engine = "auto") -> list[Result]:
    """Validate triples against SHACL files and return the results, sorted."""
    shapes = b"\n".join(file.read_bytes() for file in files)
    if not shapes:
        return []
    data = "".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode()
    native = native_module() if engine != "pyshacl" else None
    if native is None and engine == "pyshifty":
        raise KnowledgeError("pyshifty", "it cannot be imported", "install it, or use pyshacl")
    report = _with_shifty(shapes, data) if native else _with_pyshacl(shapes, data)
    return sorted(set(_results(report)))


@cache
def native_module() -> Any:
    """Return pyshifty's compiled module, or None where it is not installed.

    The package's own ``__init__`` imports an HTTP client that is never used here and costs ten times as much as the
    module itself, so the compiled module is loaded past it.
    """
    try:
        package = importlib.util.find_spec("shifty")
        folder = next(iter(package.submodule_search_locations or ())) if package else ""
        finder = importlib.machinery.FileFinder(
            folder, (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES)
        )
        spec: importlib.machinery.ModuleSpec | None = finder.find_spec("_shifty") if folder else None
        if spec is None or spec.loader is None:
            return None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except ImportError:
        return None
    return module


@cache
def prepared(shapes: bytes) -> Any:
    """Return the shapes, Turtle in UTF-8, as pyshifty keeps them ready; `native_module` must be there."""
    return native_module().PreparedValidator(shapes, None, "turtle", None)


def _with_shifty(shapes: bytes, data: bytes) -> list[Triple]:
    result = prepared(shapes).validate_w3c(
        data, None, "nt", graph_mode="data", run_infer=False, minimum_severity="info", on_unsupported="error"
    )
    if result.conforms and "ValidationResult" not in result._report_ntriples:
        return []
    return list(tokens(ox.parse(result._report_ntriples, format=ox.RdfFormat.N_TRIPLES)))


def _with_pyshacl(shapes: bytes, data: bytes) -> list[Triple]:
    import pyshacl
    import rdflib

    shapes_graph = rdflib.Graph().parse(data=shapes, format="turtle")
    data_graph = rdflib.Graph().parse(data=data, format="nt")
    _, report, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none", advanced=False)
    text = report.serialize(format="nt") if isinstance(report, rdflib.Graph) else ""
    return list(tokens(ox.parse(text, format=ox.RdfFormat.N_TRIPLES)))


def _results(report: list[Triple]) -> Iterable[Result]:
    rows: dict[str, dict[str, str]] = {}
    for s, p, o in report:
        if p.startswith(f"<{_SH}"):
            rows.setdefault(s, {})[p[len(_SH) + 1 : -1]] = o
    for row in rows.values():
        if "focusNode" in row:
            message = literal_parts(row["resultMessage"])[0] if "resultMessage" in row else ""
            severity = row.get("resultSeverity", "").rpartition("#")[2].rstrip(">").lower()
            source = row.get("sourceShape", "")
            yield Result(
                row["focusNode"],
                path if (path := row.get("resultPath", "")).startswith("<") else "",  # a longer path has no name
                row.get("value", ""),
                source if source.startswith("<") else "",
                severity or "violation",
                message,
            )


def _triple(result: Result, triples: Iterable[Triple]) -> Triple | None:
    """Return the fact of the record that a result is about: path and value, the value, or the focus's first fact."""
    about = [triple for triple in triples if triple[0] == result.focus]
    value = result.value

    def is_meant(triple: Triple, rank: int) -> bool:
        on_path, has_value = triple[1] == result.path, bool(value) and _same(triple[2], value)
        return (on_path and has_value, has_value and not result.path, on_path and not value, triple[1] == RDF.type)[
            rank
        ]

    exact = next((triple for rank in range(4) for triple in about if is_meant(triple, rank)), None)
    return exact or next(iter(about), None) or next((t for t in triples if t[2] == result.focus), None)


def _same(one: str, other: str) -> bool:
    """Compare tokens, a literal by its lexical form: an engine may write the datatype otherwise."""
    return one == other or (one[0] == other[0] == '"' and literal_parts(one)[0] == literal_parts(other)[0])


def _short(term: str) -> str:
    """Return a term as a reader of the record knows it: a node of the record by the last part of its IRI."""
    text = plain(term)
    return re.split(r"[/#]", text[1:-1])[-1] if text.startswith("<") else text


def _finding(result: Result, triple: Triple | None, record: Record) -> Finding:
    fact, _, remedy = result.message.partition("; ")
    said = _short(result.focus)
    if result.value == result.focus:  # the node as a whole: show what it says
        facts = [f"{_short(p)} {_short(o)}" for s, p, o in record.triples if s == result.focus and p != RDF.type]
        said = f"{said}: {', '.join(facts[:6])}"
    elif result.value:
        path = triple[1] if triple and _same(triple[2], result.value) else result.path
        said = " ".join(_short(term) for term in (result.focus, path, result.value) if term)
    severity: Severity = "violation"
    if result.severity in ("warning", "info"):
        severity = "warning" if result.severity == "warning" else "info"
    return Finding(
        record.place(triple) if triple else record.name,
        severity,
        curie(result.shape) if result.shape else "shape",
        f"{fact.rstrip('.')} ({said})",
        remedy.rstrip(".") or "see the shape of this name in ontology/shapes/",
    )
