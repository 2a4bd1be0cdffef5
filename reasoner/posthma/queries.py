"""SPARQL files with a header, run over the knowledge or over a patient's closed graph.

A file begins with comment lines: ``# title:``, ``# question:``, ``# description:``, ``# param: name (kind) meaning``,
``# returns: name (kind), name (kind)``. Parameters are checked against the header before the query runs, for SPARQL
itself takes a misspelt parameter without a word and answers for everything. A parameter that is not given stays free.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from posthma.errors import RuleError, UsageError
from posthma.knowledge import parse_tokens
from posthma.terms import Triple
from posthma.turtle import write_turtle
from posthma.vocab import PREFIXES, XSD, expand

FOLDERS = ("queries/competency", "queries/answers")
_PARAM = re.compile(r"\??(\w+)\s*(?:\(([^)]*)\))?\s*(.*)")
_COMMENT = re.compile(r"""<[^<>"{}|^`\\\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\#[^\n]*""")

# A brace after these opens a template or a block of data, not a group.
_NO_GROUP = re.compile(r"(?:\bCONSTRUCT|\bVALUES\s+(?:[?$]\w+|\([^)]*\)))\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A SPARQL file and what its header says.

    Attributes:
        name: The file's name without extension, such as ``CQ-017``.
        params: Kind (``IRI``, ``string``, ``integer``, ``decimal``, ``date``) and meaning by parameter.
    """

    name: str
    place: str
    text: str
    title: str
    description: str
    params: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of terms as N-Triples tokens, ``""`` where a variable is unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_query(file: Path, place: str = "") -> Query:
    """Read a query file and its header.

    Raises:
        UsageError: There is no such file.
        RuleError: It calls another server, or its header cannot be read.
    """
    place = place or file.name
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            place,
            f"it cannot be read ({getattr(error, 'strerror', None) or error})",
            "name a .rq file or a query of --list",
        ) from error
    header: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line[1:].partition(":")
        if colon:
            header.setdefault(key.strip().lower(), []).append(value.strip())
    params: dict[str, tuple[str, str]] = {}
    for line in header.get("param", []):
        match = _PARAM.fullmatch(line)
        if match is None:
            raise RuleError(place, f"header line '# param: {line}'", "write '# param: name (IRI) what it means'")
        params[match[1]] = (match[2] or "IRI", match[3])
    code = _COMMENT.sub(" ", text)
    if re.search(r"\bSERVICE\b", code, re.IGNORECASE):
        raise RuleError(place, "SERVICE would send data to another server", "take it out; nothing leaves this machine")
    for name in params:
        if not re.search(rf"[?$]{name}\b", code):
            raise RuleError(place, f"parameter {name!r} of the header is not in the query", "mend the header")
    title = " ".join(header.get("title", header.get("question", [file.stem])))
    return Query(file.stem, place, text, title, " ".join(header.get("description", [])), params)


def find_queries(root: Path) -> list[Path]:
    """Return the query files that can be called by name, sorted."""
    return [file for folder in FOLDERS for file in sorted((root / folder).glob("*.rq"))]


def get_query(name: str, root: Path) -> Query:
    """Return a query by name (``CQ-017``) or by file.

    Raises:
        UsageError: There is none; the message names the nearest.
    """
    found = {file.stem.lower(): file for file in find_queries(root)}
    if name.lower() in found:
        file = found[name.lower()]
        return read_query(file, file.relative_to(root).as_posix())
    if name.endswith((".rq", ".sparql")) or "/" in name:
        return read_query(Path(name), name)
    close = difflib.get_close_matches(name.lower(), found, n=1)
    remedy = f"did you mean {found[close[0]].stem}?" if close else "see posthma query --list"
    raise UsageError(name, "there is no query of this name", remedy)


def bind(query: Query, given: Iterable[str]) -> dict[str, str]:
    """Turn ``name=value`` texts into terms by parameter, checked against the header.

    Raises:
        UsageError: A name is not a parameter, or a value is not of its kind.
    """
    bound: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise UsageError("--param", f"{text!r} gives no value", "write name=value, such as gene=kb:idh2")
        if name not in query.params:
            close = difflib.get_close_matches(name, query.params, n=1)
            known = ", ".join(query.params) or "none"
            remedy = f"did you mean {close[0]!r}?" if close else f"its parameters are: {known}"
            raise UsageError("--param", f"{query.name} has no parameter {name!r}", remedy)
        kind = query.params[name][0].lower().split()[0].rstrip(",")
        bound[name] = str(_term(value, kind))
    return bound


def bound_text(text: str, values: Mapping[str, str]) -> str:
    """Return a query with parameters bound in every group that mentions them.

    A binding at the outermost group alone would not reach into sub-selects, unions and NOT EXISTS, where SPARQL
    evaluates inner groups first.

    >>> bound_text("ASK { ?s ?p ?o }", {"s": "<http://x/a>"})
    'ASK { VALUES ?s { <http://x/a> } ?s ?p ?o }'
    """
    code = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    opened: list[int] = []
    inserted: dict[int, str] = {}
    for position, character in enumerate(code):
        if character == "{":
            opened.append(position)
        elif character == "}" and opened:
            start = opened.pop()
            inside = code[start + 1 : position]
            if _NO_GROUP.search(code[:start]) or re.match(r"\s*SELECT\b", inside, re.IGNORECASE):
                continue
            rows = [f" VALUES ?{n} {{ {v} }}" for n, v in values.items() if re.search(rf"[?$]{n}\b", inside)]
            inserted[start + 1] = "".join(rows)
    for position in sorted(inserted, reverse=True):
        text = text[:position] + inserted[position] + text[position:]
    return text


def _term(value: str, kind: str) -> ox.NamedNode | ox.Literal:
    if kind == "iri":
        try:
            return ox.NamedNode(expand(value)[1:-1])
        except ValueError as error:
            raise UsageError("--param", f"{value!r} is not an IRI", "give a CURIE such as kb:idh2") from error
    if kind in ("string", "text", "literal"):
        return ox.Literal(value)
    return ox.Literal(value, datatype=ox.NamedNode(f"{XSD.BASE}{kind}"))


def store_of(triples: Iterable[Triple]) -> ox.Store:
    """Return a store with token triples; those with a literal as subject, which closure may add, are left out."""
    store = ox.Store()
    store.bulk_extend(parse_tokens(triple for triple in triples if triple[0][0] != '"'))
    return store


def run(query: Query, store: ox.Store, params: Iterable[str] = ()) -> Table | bool | str:
    """Run a query: a table for SELECT, a truth value for ASK, Turtle for CONSTRUCT and DESCRIBE.

    Without ORDER BY the rows are sorted, so that the same question gives the same bytes.
    """
    try:
        result = store.query(
            bound_text(query.text, bind(query, params)), prefixes=PREFIXES, use_default_graph_as_union=True
        )
    except SyntaxError as error:
        raise RuleError(query.place, f"it is not SPARQL: {error.msg}", "mend the query there") from error
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QueryTriples):
        return write_turtle((str(t.subject), str(t.predicate), str(t.object)) for t in result)
    columns = tuple(variable.value for variable in result.variables)
    rows = [tuple(str(term) if (term := row[name]) is not None else "" for name in columns) for row in result]
    if not re.search(r"\bORDER\s+BY\b", _COMMENT.sub(" ", query.text), re.IGNORECASE):
        rows.sort()
    return Table(columns, tuple(rows))
