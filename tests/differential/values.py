"""Data values of literals, for the oracles: written apart from the engine's own, with exact fractions.

Covers the datatypes that the generators and the rule cases use. A literal of another datatype has no known value.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from fractions import Fraction

from pyoxigraph import Literal, parse
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
OTHERS = ("decimal", "double", "float", "string", "token", "boolean", "dateTime", "dateTimeStamp")
OUTSIDE = ("normalizedString", "language", "Name", "NCName", "NMTOKEN", "hexBinary", "base64Binary", "anyURI")
DATATYPES = [f"<{XSD}{name}>" for name in (*INTEGERS, *OTHERS, *OUTSIDE)] + [
    f"<{RDF}PlainLiteral>",
    f"<{RDF}XMLLiteral>",
    f"<{RDFS}Literal>",
]
"""The datatype map of OWL 2 RL (OWL 2 Profiles, section 4.2.4, normative datatypes of section 4.2)."""

Value = tuple[object, ...]
ILL_FORMED: Value = ("ill-formed",)


def _literal(token: str) -> Literal:
    (quad,) = parse(f"<x:s> <x:p> {token} .".encode(), format=_ntriples())
    return quad.object  # type: ignore[return-value]


def _ntriples():  # type: ignore[no-untyped-def]
    from pyoxigraph import RdfFormat

    return RdfFormat.N_TRIPLES


def value(token: str) -> Value | None:
    """Return a literal's data value as a comparable tuple, ``ILL_FORMED``, or None when it is not known."""
    literal = _literal(token)
    text = literal.value
    if literal.language:
        return ("text", text, literal.language.lower())
    datatype = literal.datatype.value
    if not datatype.startswith(XSD):
        return None
    name = datatype[len(XSD) :]
    if name == "string":
        return ("text", text, "")
    if name == "token":
        return ("text", text, "") if text == " ".join(text.split(" ")).strip() and "  " not in text else ILL_FORMED
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
        return (name, struct.pack("<d" if name == "double" else "<f", float(text.replace("INF", "inf"))))
    if name == "boolean":
        return {"true": (name, True), "1": (name, True), "false": (name, False), "0": (name, False)}.get(
            text, ILL_FORMED
        )
    if name in ("dateTime", "dateTimeStamp"):
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return ("moment", text, False) if name == "dateTime" else ILL_FORMED
        return ("moment", moment.timestamp(), True)
    return None


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
    if name == "string":
        return kind == "text" and not found[2]
    if name == "token":
        return kind == "text" and not found[2] and str(found[1]) == " ".join(str(found[1]).split())
    if name == "dateTime":
        return kind == "moment"
    if name == "dateTimeStamp":
        return kind == "moment" and bool(found[2])
    if name in OUTSIDE:
        return None if kind == "text" else False
    return kind == name
