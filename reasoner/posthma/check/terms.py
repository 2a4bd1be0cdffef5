"""Terms of a proof as canonical N-Triples tokens, and the data values that literals denote.

Two tokens name the same term exactly when their canonical forms are equal: escapes are undone, a plain string and
its ``xsd:string`` spelling become one, language tags become lower case. The lexical form of a literal stays: "01" and
"1" are two terms with one value. A list is a token of its own, ``(<m1> <m2>)``.
"""

from __future__ import annotations

import math
import re
import struct
from datetime import datetime
from fractions import Fraction

Triple = tuple[str, str, str]
Value = tuple[str, object]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
P = "https://w3id.org/posthma/ontology/"
TYPE = f"<{RDF}type>"
FIRST, REST, NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
SAME = f"<{OWL}sameAs>"
CONTRADICTION: Triple = (f"<{P}Contradiction>", TYPE, f"<{OWL}Nothing>")
"""What a rule with the conclusion "false" is written to conclude."""

_IRI = r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"
_TERM = re.compile(
    rf"(?P<iri>{_IRI})|(?P<blank>_:[\w][\w.-]*)"
    rf'|"(?P<body>(?:[^"\\\n\r]|\\.)*)"(?:\^\^(?P<dt>{_IRI})|@(?P<lang>[A-Za-z]+(?:-[A-Za-z0-9]+)*))?'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_WRITE = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_STRING = f"<{XSD}string>"


def canonical(token: str) -> str:
    r"""Return the canonical spelling of a term or list token.

    Raises:
        ValueError: The token is not one N-Triples term and not a list of such terms.

    >>> canonical('"caf\\u00E9"^^<http://www.w3.org/2001/XMLSchema#string>')
    '"café"'
    >>> canonical('(<a:b>   _:c14n0)')
    '(<a:b> _:c14n0)'
    """
    if token.startswith("("):
        return f"({' '.join(members(token))})"
    found = _TERM.fullmatch(token)
    if found is None:
        raise ValueError(f"not an N-Triples term: {token[:120]}")
    return _canonical(found)


def members(token: str) -> tuple[str, ...]:
    """Return the canonical members of a list token, in order.

    Raises:
        ValueError: The token is not a list of N-Triples terms.
    """
    body, at, found = token[1:-1], 0, []
    if not token.startswith("(") or not token.endswith(")"):
        raise ValueError(f"not a list: {token[:120]}")
    while at < len(body):
        if body[at] == " ":
            at += 1
            continue
        term = _TERM.match(body, at)
        if term is None or (term.end() < len(body) and body[term.end()] != " "):
            raise ValueError(f"not a list of N-Triples terms: {token[:120]}")
        found.append(_canonical(term))
        at = term.end()
    return tuple(found)


def terms_of(triple: Triple) -> set[str]:
    """Return the terms of a triple, those of a list among them."""
    return {*triple, *(members(triple[2]) if triple[2].startswith("(") else ())}


def is_literal(token: str) -> bool:
    """Tell whether a token is a literal."""
    return token.startswith('"')


def parts(token: str) -> tuple[str, str, str]:
    """Split a canonical literal token into lexical form, datatype IRI and language tag ("" for none)."""
    found = _TERM.fullmatch(token)
    if found is None or found["body"] is None:
        raise ValueError(f"not a literal: {token[:120]}")
    lexical = _unescape(found["body"])
    if found["lang"]:
        return lexical, f"{RDF}langString", found["lang"]
    return lexical, (found["dt"] or _STRING)[1:-1], ""


def _canonical(found: re.Match[str]) -> str:
    if found["iri"] is not None:
        return _unescape(found["iri"])
    if found["blank"] is not None:
        return found["blank"]
    body = _unescape(found["body"]).translate(_WRITE)
    if found["lang"]:
        return f'"{body}"@{found["lang"].lower()}'
    datatype = _unescape(found["dt"] or _STRING)
    return f'"{body}"' if datatype == _STRING else f'"{body}"^^{datatype}'


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    if found[3]:
        if found[3] not in _PLAIN:
            raise ValueError(f"unknown escape \\{found[3]}")
        return _PLAIN[found[3]]
    number = int(found[1] or found[2], 16)
    if number > 0x10FFFF:
        raise ValueError(f"no character has the number {number:#x}")
    return chr(number)


# --- data values: OWL 2 Profiles, section 4.2.4 (the datatypes of OWL 2 RL) ---------------------------------

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None), "nonNegativeInteger": (0, None), "nonPositiveInteger": (None, 0),
    "positiveInteger": (1, None), "negativeInteger": (None, -1), "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1), "short": (-(2**15), 2**15 - 1), "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1), "unsignedInt": (0, 2**32 - 1), "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}  # fmt: skip
_TEXTS = {
    "string": r"[\s\S]*", "normalizedString": r"[^\t\n\r]*", "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", "Name": r"(?!\d)[\w:][\w:.\-·]*",
    "NCName": r"(?!\d)\w[\w.\-·]*", "NMTOKEN": r"[\w:.\-·]+",
}  # fmt: skip
_FLOAT = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN")
_TIME = re.compile(
    r"(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?"
)
DATATYPES = frozenset(
    [f"{RDF}PlainLiteral", f"{RDF}XMLLiteral", f"{RDF}langString", f"{RDFS}Literal"]
    + [f"{XSD}{name}" for name in (*_BOUNDS, *_TEXTS)]
    + [f"{XSD}{name}" for name in ("decimal", "float", "double", "boolean", "hexBinary", "base64Binary", "anyURI")]
    + [f"{XSD}dateTime", f"{XSD}dateTimeStamp"]
)
"""The datatypes whose values the checker knows; ``rdf:langString`` is a part of ``rdf:PlainLiteral``."""


def value(token: str) -> Value | None:
    """Return the data value of a literal as (value space, value); equal pairs are one value.

    Values are compared by identity, as OWL does: NaN is itself, and a float's +0 and -0 are two values.

    Returns:
        None when the datatype is not known or the lexical form is not one of its own (an ill-typed literal).

    >>> value('"01"^^<http://www.w3.org/2001/XMLSchema#integer>') == value(
    ...     '"1.0"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    True
    """
    lexical, datatype, language = parts(token)
    if language:
        return ("text with language", (lexical, language))
    if datatype == f"{RDF}PlainLiteral":
        body, _, tag = lexical.rpartition("@")
        return ("text with language", (body, tag.lower())) if tag else ("text", body)
    if datatype == f"{RDF}XMLLiteral":
        return ("xml", lexical)
    name = datatype.removeprefix(XSD)
    if name in _TEXTS and datatype != name:
        text = lexical if name in ("string", "normalizedString") else " ".join(lexical.split())
        return ("text", text) if re.fullmatch(_TEXTS[name], text) else None
    return _other_value(name, lexical.strip(" \t\n\r")) if datatype != name else None


def _other_value(name: str, text: str) -> Value | None:
    if name in _BOUNDS or name == "decimal":
        form = r"[+-]?(\d+(\.\d*)?|\.\d+)" if name == "decimal" else r"[+-]?\d+"
        if len(text) > 4000 or not re.fullmatch(form, text, re.ASCII):
            return None
        number = Fraction(text if text[-1] != "." else text[:-1])
        return ("number", number) if name == "decimal" or _within(number, name) else None
    if name in ("float", "double"):
        return (name, _bits(text, name)) if _FLOAT.fullmatch(text) else None
    if name == "boolean":
        return ("boolean", text in ("true", "1")) if text in ("true", "false", "1", "0") else None
    if name == "hexBinary":
        return ("hex", text.upper()) if re.fullmatch(r"(?:[0-9A-Fa-f]{2})*", text) else None
    if name == "base64Binary":
        bare = "".join(text.split())
        good = re.fullmatch(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", bare)
        return ("base64", bare) if good else None
    if name == "anyURI":
        return ("uri", text)
    if name in ("dateTime", "dateTimeStamp"):
        return _moment(name, text)
    return None


def _within(number: Fraction, name: str) -> bool:
    low, high = _BOUNDS[name]
    return (low is None or number >= low) and (high is None or number <= high)


def _bits(text: str, name: str) -> bytes:
    """Return the bits of a float: they tell +0 from -0, and all NaN are written as one."""
    number = math.nan if text == "NaN" else float(text.replace("INF", "inf"))
    if name == "double":
        return struct.pack(">d", number)
    try:
        return struct.pack(">f", number)
    except OverflowError:
        return struct.pack(">f", math.copysign(math.inf, number))


def _moment(name: str, text: str) -> Value | None:
    found = _TIME.fullmatch(text)
    if found is None or (name == "dateTimeStamp" and not found[8]):
        return None
    zone = found[8] or ""
    minutes = 0 if zone in ("", "Z") else (1 if zone[0] == "+" else -1) * (int(zone[1:3]) * 60 + int(zone[4:]))
    year, month, day, hour, minute, second = (int(found[i]) for i in range(1, 7))
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None  # also 24:00:00 and years outside 1..9999, which no proof here needs
    return ("moment", (moment, Fraction(found[7] or 0), minutes if zone else None))


def in_datatype(token: str, datatype: str) -> bool | None:
    """Tell whether the value of a literal lies in the value space of a datatype.

    An ill-typed literal of a known datatype has no value in any datatype. None means not known: the literal's
    datatype or ``datatype`` is not one of `DATATYPES`.
    """
    own = parts(token)[1]
    if datatype not in DATATYPES or own not in DATATYPES:
        return None
    known = value(token)
    if known is None:
        return False
    space, what = known
    name = datatype.removeprefix(XSD)
    if datatype == f"{RDFS}Literal":
        return True
    if datatype == f"{RDF}PlainLiteral":
        return space in ("text", "text with language")
    if datatype in (f"{RDF}langString", f"{RDF}XMLLiteral"):
        return space == ("xml" if datatype.endswith("XMLLiteral") else "text with language")
    if name in _TEXTS:
        return space == "text" and re.fullmatch(_TEXTS[name], str(what)) is not None
    if isinstance(what, Fraction) and (name in _BOUNDS or name == "decimal"):
        return name == "decimal" or (what.denominator == 1 and _within(what, name))
    if space == "moment" and isinstance(what, tuple):
        return name == "dateTime" or (name == "dateTimeStamp" and what[2] is not None)
    own_space = {"float": "float", "double": "double", "boolean": "boolean", "hexBinary": "hex",
                 "base64Binary": "base64", "anyURI": "uri"}  # fmt: skip
    return own_space.get(name) == space
