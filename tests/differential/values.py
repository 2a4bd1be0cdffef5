"""Data values of literals, for the oracles: written apart from the engine's own, with exact fractions.

Covers the datatype map of OWL 2 RL. Lexical forms are those of XSD 1.1: any text is an xsd:anyURI, and a number beyond
the largest double is infinity. A literal of another datatype has no known value.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import struct
from fractions import Fraction
from xml.etree import ElementTree

from pyoxigraph import Literal, RdfFormat, parse
from tests.owl.graphs import RDF, RDFS, XSD

INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_NAME_START = r"[^\W\d]|[_:]"
TEXTS: dict[str, str] = {
    "string": r"(?s:.*)",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"([^\t\n\r ]+( [^\t\n\r ]+)*)?",
    "language": r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
    "Name": rf"({_NAME_START})[\w.:-]*",
    "NCName": r"([^\W\d]|_)[\w.-]*",
    "NMTOKEN": r"[\w.:-]+",
}
"""Datatypes of text, each with the texts that are its values."""
OTHERS = ("decimal", "double", "float", "boolean", "dateTime", "dateTimeStamp", "hexBinary", "base64Binary", "anyURI")
DATATYPES = [f"<{XSD}{name}>" for name in (*INTEGERS, *TEXTS, *OTHERS)] + [
    f"<{RDF}PlainLiteral>",
    f"<{RDF}XMLLiteral>",
    f"<{RDFS}Literal>",
]
"""The datatype map of OWL 2 RL (OWL 2 Profiles, section 4.2.4, normative datatypes of section 4.2)."""

Value = tuple[object, ...]
ILL_FORMED: Value = ("ill-formed",)


def _literal(token: str) -> Literal:
    (quad,) = parse(f"<x:s> <x:p> {token} .".encode(), format=RdfFormat.N_TRIPLES)
    return quad.object  # type: ignore[return-value]


def value(token: str) -> Value | None:
    """Return a literal's data value as a comparable tuple, ``ILL_FORMED``, or None when it is not known."""
    literal = _literal(token)
    text = literal.value
    if literal.language:
        return ("text", text, literal.language.lower())
    datatype = literal.datatype.value
    if datatype in (RDF + "PlainLiteral", RDF + "XMLLiteral"):
        return _plain(text) if datatype.endswith("PlainLiteral") else _xml(text)
    if not datatype.startswith(XSD):
        return None
    name = datatype[len(XSD) :]
    if name in TEXTS:
        return ("text", text, "") if re.fullmatch(TEXTS[name], text) else ILL_FORMED
    if name in INTEGERS:
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            return ILL_FORMED
        return ("number", Fraction(int(text))) if _within(Fraction(int(text)), name) else ILL_FORMED
    if name == "decimal":
        plain = re.fullmatch(r"([+-]?)([0-9]*)(?:\.([0-9]*))?", text)
        if plain is None or not (plain[2] or plain[3]):
            return ILL_FORMED
        digits = Fraction(int((plain[2] or "") + (plain[3] or "")), 10 ** len(plain[3] or ""))
        return ("number", -digits if plain[1] == "-" else digits)
    if name in ("double", "float"):
        if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN", text):
            return ILL_FORMED
        number = float(text.replace("INF", "inf"))
        try:
            return (name, struct.pack("<d" if name == "double" else "<f", number))
        except OverflowError:  # beyond the largest float lies infinity (XSD 1.1)
            return (name, struct.pack("<f", float("inf") if number > 0 else float("-inf")))
    if name == "boolean":
        return {"true": (name, True), "1": (name, True), "false": (name, False), "0": (name, False)}.get(
            text, ILL_FORMED
        )
    if name in ("dateTime", "dateTimeStamp"):
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,}(Z|[+-][0-9]{2}:[0-9]{2})?", text):
            return ILL_FORMED
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return ILL_FORMED
        if moment.tzinfo is None:
            return ("moment", text, False) if name == "dateTime" else ILL_FORMED
        # one instant in two time zones is equal and not identical (OWL 2 syntax, section 4.7): two data values
        return ("moment", moment.timestamp(), str(moment.utcoffset()))
    if name == "hexBinary":
        return (name, text.upper()) if re.fullmatch(r"([0-9A-Fa-f]{2})*", text) else ILL_FORMED
    if name == "base64Binary":
        try:
            return (name, base64.b64decode(text.replace(" ", ""), validate=True))
        except binascii.Error:
            return ILL_FORMED
    return (name, text) if name == "anyURI" else None


def _plain(text: str) -> Value:
    """Read "text@language"; the part after the last @ may be empty."""
    words, at, language = text.rpartition("@")
    if not at or (language and not re.fullmatch(TEXTS["language"], language)):
        return ILL_FORMED
    return ("text", words, language.lower())


def _xml(text: str) -> Value:
    try:
        return ("xml", ElementTree.canonicalize(f"<x>{text}</x>"))
    except ElementTree.ParseError:
        return ILL_FORMED


def _within(number: Fraction, name: str) -> bool:
    low, high = INTEGERS[name]
    return number.denominator == 1 and (low is None or number >= low) and (high is None or number <= high)


def contains(datatype: str, token: str) -> bool | None:
    """Say whether a literal's value lies in the value space of a datatype token; None when that is not known."""
    found = value(token)
    if datatype == f"<{RDFS}Literal>":
        return None if found is None else found != ILL_FORMED
    if datatype not in DATATYPES or found is None:
        return None
    if found == ILL_FORMED:
        return False
    name = datatype.rpartition("#")[2][:-1]
    kind = found[0]
    if name in INTEGERS:
        return kind == "number" and _within(found[1], name)  # type: ignore[arg-type]
    if name == "decimal":
        return kind == "number"
    if name == "PlainLiteral":
        return kind == "text"
    if name in TEXTS:
        return kind == "text" and not found[2] and re.fullmatch(TEXTS[name], str(found[1])) is not None
    if name == "XMLLiteral":
        return kind == "xml"
    if name == "dateTime":
        return kind == "moment"
    if name == "dateTimeStamp":
        return kind == "moment" and bool(found[2])
    return kind == name
