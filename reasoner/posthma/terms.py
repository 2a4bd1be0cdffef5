"""Terms as small integers, and literals compared by value.

A term is an N-Triples token: ``<iri>``, ``"lexical"^^<datatype>``, ``"text"@en`` or ``_:label``. The
engine works on integers; a `Terms` table translates both ways. Tables nest: a patient's table extends
the knowledge table and never changes it, so any number of patients can share one compiled knowledge base.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Triple = tuple[str, str, str]
Fact = tuple[int, int, int]


class Iri(str):
    """An IRI as a value of an expression, told apart from a string."""

    __slots__ = ()


_ESCAPE = re.compile(r"\\(?:([tnrbf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+(?:--[a-z]+)?))?', re.DOTALL)


def iri(text: str) -> str:
    """Return the token of an IRI.

    >>> iri("http://example.org/a")
    '<http://example.org/a>'
    """
    return f"<{text}>"


def unescape(text: str) -> str:
    """Undo the N-Triples escapes of a literal's body."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: _PLAIN[m[1]] if m[1] else chr(int(m[2] or m[3], 16)), text)


def escape(text: str) -> str:
    """Escape a string for use inside a literal token."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def literal_parts(token: str) -> tuple[str, str, str | None]:
    """Split a literal token into lexical form, datatype IRI and language.

    >>> literal_parts('"5"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('5', 'http://www.w3.org/2001/XMLSchema#integer', None)
    """
    found = _LITERAL.fullmatch(token)
    if found is None:
        raise ValueError(f"not a literal token: {token}")
    if found[3]:
        return unescape(found[1]), RDF + "langString", found[3].lower()
    return unescape(found[1]), found[2] or XSD + "string", None


# --- datatypes of the OWL 2 RL map -----------------------------------------------------------------------

_INTEGER_RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None), "nonNegativeInteger": (0, None), "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1), "int": (-(2**31), 2**31 - 1), "short": (-(2**15), 2**15 - 1), "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1), "unsignedInt": (0, 2**32 - 1), "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}  # fmt: skip
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DOUBLE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN")
_STRINGS = {"string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"}
_STRING_FORMS = {
    "normalizedString": re.compile(r"[^\t\n\r]*"), "token": re.compile(r"(?! )[^\t\n\r]*(?<! )"),
    "language": re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"), "NMTOKEN": re.compile(r"[\w.:-]+"),
    "Name": re.compile(r"[A-Za-z_:][\w.:-]*"), "NCName": re.compile(r"[A-Za-z_][\w.-]*"),
}  # fmt: skip
_OTHER = {"boolean", "anyURI", "hexBinary", "base64Binary", "dateTime", "dateTimeStamp", "decimal", "double", "float"}
DATATYPES: frozenset[str] = frozenset(
    [XSD + name for name in {*_INTEGER_RANGES, *_STRINGS, *_OTHER}]
    + [RDF + "PlainLiteral", RDF + "XMLLiteral", RDFS + "Literal"]
)
"""IRIs of the datatypes whose values are known.

Source: OWL 2 Profiles, section 4.2.1 (the datatype map of OWL 2 RL).
"""

Key = tuple[str, Any]
REMEMBERED = 20_000
"""The values of so many literals are kept: dates and figures recur from record to record."""


@lru_cache(maxsize=REMEMBERED)
def literal_value(token: str) -> Key | None:
    """Return the data value of a literal as ``(value space, value)``.

    Returns:
        None when the lexical form is not one of its datatype; ``("?", token)`` for an unknown datatype.

    >>> literal_value('"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    ('real', Decimal('1.50'))
    """
    lexical, datatype, language = literal_parts(token)
    if language:
        return ("lang", (lexical, language))
    if datatype == RDF + "PlainLiteral":
        return _plain_literal(lexical)
    if datatype == RDF + "XMLLiteral":
        return _xml(lexical)
    if not datatype.startswith(XSD):
        return ("?", token)
    name = datatype[len(XSD) :]
    if name in _STRINGS:
        form = _STRING_FORMS.get(name)
        return ("string", lexical) if form is None or form.fullmatch(lexical) else None
    text = lexical.strip(" \t\n\r")
    if name in _INTEGER_RANGES:
        if not re.fullmatch(r"[+-]?\d+", text) or len(text) > 4000:
            return None
        low, high = _INTEGER_RANGES[name]
        number = int(text)
        inside = (low is None or number >= low) and (high is None or number <= high)
        return ("real", Decimal(number)) if inside else None
    if name == "decimal":
        return ("real", Decimal(text)) if _DECIMAL.fullmatch(text) else None
    if name in ("double", "float"):
        return (name, _double(text, name)) if _DOUBLE.fullmatch(text) else None
    if name == "boolean":
        return ("boolean", text in ("true", "1")) if text in ("true", "false", "1", "0") else None
    if name in ("dateTime", "dateTimeStamp"):
        moment = _moment(text)
        return (
            None
            if moment is None or (name == "dateTimeStamp" and moment.tzinfo is None)
            else ("dateTime", _instant(moment))
        )
    if name == "date":
        try:
            return ("date", dt.date.fromisoformat(text))
        except ValueError:
            return None
    if name == "hexBinary":
        return ("hexBinary", text.upper()) if re.fullmatch(r"([0-9A-Fa-f]{2})*", text) else None
    if name == "base64Binary":
        return _base64(text)
    if name == "anyURI":
        return ("anyURI", text)
    return ("?", token)


def _plain_literal(lexical: str) -> Key | None:
    """Read ``text@language``, where what follows the last @ may be empty (rdf:PlainLiteral, section 3)."""
    words, at, language = lexical.rpartition("@")
    if not at or (language and not _STRING_FORMS["language"].fullmatch(language)):
        return None
    return ("lang", (words, language.lower())) if language else ("string", words)


def _xml(lexical: str) -> Key | None:
    """Return an XML fragment in canonical form; declarations are no part of one."""
    from xml.etree import ElementTree  # XML literals are rare

    if "<!" in lexical and lexical.count("<!") != lexical.count("<!--") + lexical.count("<![CDATA["):
        return None
    try:
        return ("xml", ElementTree.canonicalize(f"<x>{lexical}</x>"))
    except ElementTree.ParseError:
        return None


def _base64(text: str) -> Key | None:
    import base64  # binary literals are rare
    import binascii

    try:
        return ("base64Binary", base64.b64decode(text.replace(" ", ""), validate=True))
    except binascii.Error:
        return None


def _double(text: str, name: str) -> str:
    """Return a double's or float's value as text that keeps -0 and NaN apart from the rest."""
    number = float(text.replace("INF", "inf"))
    if name == "float" and math.isfinite(number):
        import struct  # only floats pay for it

        try:
            number = struct.unpack("f", struct.pack("f", number))[0]
        except OverflowError:
            number = math.copysign(math.inf, number)
    return repr(number)


def _moment(text: str) -> dt.datetime | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _instant(moment: dt.datetime) -> str:
    """Return a moment with its offset: one instant in two zones is equal, but not identical (OWL 2 syntax, 4.7)."""
    return moment.isoformat()


def in_datatype(token: str, datatype: str) -> bool | None:
    """Say whether a literal's value lies in a datatype's value space.

    Returns:
        None when that cannot be told: the datatype of either is not in the map.
    """
    if datatype == RDFS + "Literal":
        return True
    value = literal_value(token)
    if value is None:
        return False
    space, content = value
    if datatype not in DATATYPES or space == "?":
        return literal_parts(token)[1] == datatype or None
    name = datatype.rpartition("#")[2]
    if name in _INTEGER_RANGES:
        if space != "real" or content != content.to_integral_value():
            return False
        low, high = _INTEGER_RANGES[name]
        return (low is None or content >= low) and (high is None or content <= high)
    if name == "decimal":
        return space == "real"
    if name == "PlainLiteral":
        return space in ("string", "lang")
    if name == "XMLLiteral":
        return space == "xml"
    if name in _STRINGS:
        form = _STRING_FORMS.get(name)
        return space == "string" and (form is None or bool(form.fullmatch(content)))
    if name == "dateTimeStamp":
        return space == "dateTime" and re.search(r"[+-]\d\d:\d\d\Z", content) is not None
    return space == name


class Terms:
    """A two-way table between tokens and integers that may extend a parent table.

    Args:
        parent: A table that is finished growing; its integers come first.
    """

    __slots__ = ("_base", "_ids", "_names", "_parent", "_python", "_values", "_values_known", "canon", "size_of_parent")

    def __init__(self, parent: Terms | None = None) -> None:
        self._parent = parent
        self._base: dict[str, int] = parent._ids if parent else {}
        self.size_of_parent = len(parent) if parent else 0
        self._ids: dict[str, int] = {}
        self._names: list[str] = []
        self._values: dict[Key, int] = {}
        self._python: dict[int, Any] = {}
        self._values_known = True
        self.canon: dict[int, int] = {}
        """Literal -> the first literal that has the same value; only literals that are not the first."""

    def __len__(self) -> int:
        return self.size_of_parent + len(self._names)

    def id(self, token: str) -> int:
        """Return the integer of a token, giving it one when it is new."""
        found = self._base.get(token)
        if found is None:
            found = self._ids.get(token)
            if found is None:
                found = self._ids[token] = self.size_of_parent + len(self._names)
                self._names.append(token)
                if token[0] == '"':
                    self._enter_literal(found, token)
        return found

    def find(self, token: str) -> int | None:
        """Return the integer of a token, or None when it was never seen."""
        found = self._base.get(token)
        return self._ids.get(token) if found is None else found

    def name(self, number: int) -> str:
        """Return the token of an integer."""
        low = self.size_of_parent
        return self._names[number - low] if number >= low else self._parent.name(number)  # type: ignore[union-attr]

    def fact(self, triple: Triple) -> Fact:
        """Return a triple as integers, the object by value."""
        o = self.id(triple[2])
        return (self.id(triple[0]), self.id(triple[1]), self.same_value(o))

    def triple(self, fact: Fact) -> Triple:
        """Return a fact as tokens."""
        return (self.name(fact[0]), self.name(fact[1]), self.name(fact[2]))

    def same_value(self, number: int) -> int:
        """Return the first term with the same data value (the term itself when it is not a literal)."""
        if number < self.size_of_parent:
            return self._parent.canon.get(number, number)  # type: ignore[union-attr]
        return self.canon.get(number, number)

    def value(self, number: int) -> Any:
        """Return a term as a value for expressions; see `python_value`.

        Raises:
            ValueError: The literal is ill-formed.
        """
        found = self._python.get(number)
        if found is None:
            found = self._python[number] = python_value(self.name(number))
        return found

    def tokens(self) -> Iterable[str]:
        """Yield this table's own tokens in order, without the parent's."""
        return iter(self._names)

    @classmethod
    def restore(cls, names: list[str], canon: dict[int, int]) -> Terms:
        """Return a table made before; the values of its literals are worked out when a new literal first needs them."""
        found = cls()
        found._names = names
        found._ids = dict(zip(names, range(len(names)), strict=True))
        found.canon = canon
        found._values_known = False
        return found

    def _first_with(self, key: Key) -> int | None:
        """Return the first literal of this table that has a value."""
        if not self._values_known:
            self._values_known = True
            for number, token in enumerate(self._names):
                if token[0] == '"' and number not in self.canon:
                    value = _key(token)
                    if value is not None:
                        self._values.setdefault(value, number)
        return self._values.get(key)

    def _enter_literal(self, number: int, token: str) -> None:
        key = _key(token)
        if key is None:
            return
        first = self._parent._first_with(key) if self._parent else None
        if first is None:
            first = self._values.setdefault(key, number)
        if first != number:
            self.canon[number] = first


def _key(token: str) -> Key | None:
    """Return a literal's value as a key, None when it is ill-typed or of an unknown datatype."""
    key = literal_value(token) if token[-1] != '"' else ("string", unescape(token[1:-1]))
    return None if key is None or key[0] == "?" else key


@lru_cache(maxsize=REMEMBERED)
def python_value(token: str) -> Any:
    """Return a token as a value for expressions: Iri, str, bool, int, Decimal, float, date or datetime.

    Raises:
        ValueError: The literal is ill-formed, as a SPARQL type error.
    """
    if token[0] == "<":
        return Iri(token[1:-1])
    if token[0] == "_":
        return Iri(token)
    if token[-1] == '"':
        return unescape(token[1:-1])
    lexical, datatype, _ = literal_parts(token)
    name = datatype[len(XSD) :] if datatype.startswith(XSD) else ""
    try:
        if name in _INTEGER_RANGES:
            return int(lexical)
        if name == "decimal":
            return Decimal(lexical)
        if name in ("double", "float"):
            return float(lexical.replace("INF", "inf"))
        if name == "boolean":
            return {"true": True, "1": True, "false": False, "0": False}[lexical]
        if name == "date":
            return dt.date.fromisoformat(lexical)
        if name == "dateTime":
            return dt.datetime.fromisoformat(lexical)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise ValueError(f"ill-formed literal {token}") from error
    if name == "string":
        return lexical
    raise ValueError(f"no value known for {token}")


def token_of(value: Any) -> str:
    """Return the token of a computed value, in canonical lexical form.

    >>> token_of(5)
    '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if isinstance(value, Iri):
        return str(value) if value.startswith("_:") else f"<{value}>"
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^<{XSD}boolean>'
    if isinstance(value, int):
        return f'"{value}"^^<{XSD}integer>'
    if isinstance(value, Decimal):
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f'"{text}"^^<{XSD}decimal>'
    if isinstance(value, float):
        return f'"{value!r}"^^<{XSD}double>'.replace("inf", "INF").replace("nan", "NaN")
    if isinstance(value, dt.datetime):
        return f'"{value.isoformat()}"^^<{XSD}dateTime>'
    if isinstance(value, dt.date):
        return f'"{value.isoformat()}"^^<{XSD}date>'
    return f'"{escape(str(value))}"'
