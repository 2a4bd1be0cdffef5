"""Patient records in RDF: Turtle, N-Triples and JSON-LD files.

Literals keep the form in which they are written. JSON has one number type where the ontology has decimals, so a JSON
number with a fraction becomes an ``xsd:decimal``. Blank nodes are named by the order of their appearance. Nothing is
ever fetched: a JSON-LD context must stand in the file.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from posthma.blank import relabel
from posthma.errors import LimitError, RecordError, SyntaxRecordError
from posthma.places import Places
from posthma.terms import Triple
from posthma.vocab import XSD

_IMPORT = "posthma import makes records of tables, FHIR and Phenopackets"
MAX_BYTES = 20_000_000
MAX_TRIPLES = 200_000
MAX_DEPTH = 100
BASE = "https://w3id.org/posthma/record/"
_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "json-ld": ox.RdfFormat.JSON_LD,
}
_EXTENSIONS = {".ttl": "turtle", ".turtle": "turtle", ".nt": "n-triples", ".jsonld": "json-ld", ".json": "json-ld"}
_KNOWN = ".ttl (Turtle), .nt (N-Triples) or .jsonld (JSON-LD)"


@dataclass(frozen=True)
class Record:
    """A patient record as it was read.

    Attributes:
        path: The path as the caller gave it.
        format: ``turtle``, ``n-triples`` or ``json-ld``.
        triples: The facts in the order of the file, each once.
        sha256: Hash of the file's bytes.
        text: The file's text, for places.
    """

    path: str
    format: str
    triples: tuple[Triple, ...]
    sha256: str
    text: str

    @property
    def name(self) -> str:
        """The file's name without folders, as places show it."""
        return Path(self.path).name

    @cached_property
    def _places(self) -> Places:
        return Places(self.text, self.format, self.name, self.triples, BASE)

    def place(self, triple: Triple) -> str:
        """Return where a fact stands, such as ``record.ttl:31`` or ``record.jsonld:$.event[2].low``."""
        return self._places.of(triple)

    @cached_property
    def dropped(self) -> tuple[str, ...]:
        """Places of JSON-LD keys that no context maps; the parser leaves them out without a word."""
        if self.format != "json-ld":
            return ()
        from posthma.intake.json_places import JsonPlaces

        return tuple(f"{self.name}:{path}" for path in JsonPlaces(self.text, BASE).dropped)


def read_record(path: str | os.PathLike[str]) -> Record:
    """Read a record from a file.

    Raises:
        RecordError: There is no such file, or it is no text in a known format.
        SyntaxRecordError: Its syntax is broken.
        LimitError: It is larger than a record may be.
    """
    name = os.fspath(path)
    return parse_record(_bytes(name), name)


def parse_record(data: bytes, path: str) -> Record:
    """Parse a record from bytes; ``path`` gives the format by its extension and the name in messages."""
    form = _EXTENSIONS.get(Path(path).suffix.lower(), "")
    if not form:
        raise RecordError(path, "its format is not known by its name", f"name it {_KNOWN}; {_IMPORT}")
    text = _text(data, path)
    _looks_right(text, form, path)
    if form == "json-ld" and _depth(text) > MAX_DEPTH:  # the parser would end the process, not raise
        raise LimitError(path, f"nested more than {MAX_DEPTH} deep", "name nodes by @id and list them side by side")
    try:
        quads = list(ox.parse(text.encode(), format=_FORMATS[form], base_iri=BASE, without_named_graphs=True))
    except SyntaxError as error:
        raise _syntax(error, path, form, text) from error
    if len(quads) > MAX_TRIPLES:
        raise LimitError(path, f"{len(quads)} facts, more than the limit of {MAX_TRIPLES}", "give one patient a file")
    if not quads:
        why = "is the @context missing?" if form == "json-ld" else "it holds nothing but comments or prefixes"
        raise RecordError(path, f"no fact in it ({why})", "state a patient, a question and events")
    triples = [_triple(quad, path) for quad in quads]
    if form == "json-ld":
        triples = [(s, p, _decimal(o)) for s, p, o in triples]
    unique = tuple(dict.fromkeys(relabel(triples)))
    return Record(path, form, unique, hashlib.sha256(data).hexdigest(), text)


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _depth(text: str) -> int:
    """Return how deep braces and brackets are nested outside of strings.

    >>> _depth('{"a": [1, "[["]}')
    2
    """
    most = now = 0
    for char in re.sub(r"[^][{}]", "", _STRING.sub("", text)):
        now += 1 if char in "[{" else -1
        most = max(most, now)
    return most


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise RecordError(path, "there is no such file", "check the path") from error
    except IsADirectoryError as error:
        raise RecordError(path, "it is a folder", "name one record file in it") from error
    except OSError as error:
        raise RecordError(path, f"it cannot be read ({error.strerror})", "check its permissions") from error
    if len(data) > MAX_BYTES:
        size = os.stat(path).st_size
        found = f"{size / 1e6:.1f} MB" if size > MAX_BYTES else "it"
        raise LimitError(
            path,
            f"{found} is more than the limit of {MAX_BYTES // 1_000_000} MB for a record",
            "give one patient a file",
        )
    return data


def _text(data: bytes, path: str) -> str:
    if not data.strip():
        raise RecordError(path, "the file is empty", "state a patient, a question and events")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RecordError(path, "it is UTF-16 text", "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        kind = "it is not text" if b"\0" in data[:4096] else f"byte {data[error.start]:#04x} is not UTF-8"
        raise RecordError(f"{path}:{line}", kind, f"save the record as UTF-8 text, {_KNOWN}") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise RecordError(f"{path}:{line}", "a NUL byte: it is not text", f"save the record as UTF-8 text, {_KNOWN}")
    return text


def _looks_right(text: str, form: str, path: str) -> None:
    """Refuse what is plainly another format, before a parser makes a puzzling message of it."""
    start = text.lstrip()[:200]
    if start.startswith("version https://git-lfs"):
        raise RecordError(path, "it is a Git LFS pointer, not the record", "fetch the file itself: git lfs pull")
    if form != "json-ld" and (start.startswith("{") or re.match(r"\[\s*\{", start)):
        raise RecordError(path, "it looks like JSON, but its name says Turtle", "name it .jsonld")
    if form == "json-ld" and not start.startswith(("{", "[")):
        raise RecordError(path, "it is not JSON, but its name says JSON-LD", f"name it by its format: {_KNOWN}")
    if re.match(r"<\?xml|<rdf:RDF|<!DOCTYPE|<html", start, re.IGNORECASE):
        raise RecordError(path, "it looks like XML or HTML", f"convert it to {_KNOWN}")


def _syntax(error: SyntaxError, path: str, form: str, text: str) -> RecordError:
    message = str(error.msg)
    if "LoadDocumentCallback" in message:
        found = re.search(r'"(https?://[^"]*)"', text[text.find("@context") :])
        name = f" {found[1]}" if found else ""
        return RecordError(
            path, f"its @context{name} is not in the file", "write the context out in the file: nothing is ever fetched"
        )
    fact = re.sub(r"^Parser error.*?(?:column \d+|columns \d+ and \d+): ", "", message)
    place = f"{path}:{error.lineno}" + (f":{error.offset}" if error.offset else "") if error.lineno else path
    return SyntaxRecordError(place, fact[:200], _remedy(fact, form))


def _remedy(fact: str, form: str) -> str:
    if "prefix" in fact and "declared" in fact:
        return "declare it at the top: @prefix p: <https://w3id.org/posthma/ontology/> ."
    if "dot is expected" in fact:
        return "end the statement before this with a full stop, or go on with a semicolon or comma"
    if "end of file" in fact:
        return "the file ends inside a statement or string; close it"
    if "named graph" in fact.lower():
        return "state the facts outside any graph"
    return "mend the JSON there" if form == "json-ld" else "mend the Turtle there"


def _triple(quad: ox.Quad, path: str) -> Triple:
    if isinstance(quad.object, ox.Triple):
        raise RecordError(path, "it holds a triple term (RDF 1.2)", "state plain triples only")
    return str(quad.subject), str(quad.predicate), str(quad.object)


def _decimal(token: str) -> str:
    """Turn the double that JSON-LD makes of a number with a fraction into a decimal."""
    if not token.endswith(f"^^<{XSD.BASE}double>"):
        return token
    from posthma.intake.json_places import decimal_text

    lexical = token[1 : token.index('"', 1)]
    return (
        f'"{decimal_text(lexical)}"^^{XSD.decimal}' if re.match(r"[-+\d.]", lexical) and "N" not in lexical else token
    )
