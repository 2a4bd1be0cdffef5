"""The path of each triple in a JSON-LD text, and the keys that JSON-LD silently drops.

Like `turtle_places` this walk comes after the real parser and only when a place is shown. It follows what patient
records use: contexts written in the file, prefixes, term definitions, ``@vocab``, ``@base``, ``@graph``, lists and
typed values. A value that it does not follow has no path and is shown by its file alone.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from posthma.intake.turtle_places import escaped
from posthma.vocab import RDF, XSD, Triple

Json = Any
_IGNORED = {"@context", "@id", "@type", "@value", "@language", "@index", "@direction", "@included", "@nest"}


class _Context:
    """The active context: how keys and values become IRIs."""

    def __init__(self, base: str) -> None:
        self.base, self.vocab, self.language = base, "", ""
        self.terms: dict[str, dict[str, str] | None] = {}

    def with_local(self, local: Json) -> _Context:
        """Return the context after a local ``@context`` value."""
        new = _Context(self.base)
        new.vocab, new.language, new.terms = self.vocab, self.language, dict(self.terms)
        for part in local if isinstance(local, list) else [local]:
            if part is None:
                new = _Context(self.base)
            elif isinstance(part, dict):
                new.base = urljoin(new.base, part["@base"]) if part.get("@base") else new.base
                new.vocab, new.language = part.get("@vocab", new.vocab), part.get("@language", new.language) or ""
                for key, value in part.items():
                    if not key.startswith("@"):
                        new.terms[key] = {"@id": value} if isinstance(value, str) else value and dict(value)
        return new

    def key(self, key: str, seen: frozenset[str] = frozenset()) -> str:
        """Return the keyword or absolute IRI of a key, or ``""`` when JSON-LD drops it."""
        if key.startswith("@"):
            return key
        if key in self.terms and key not in seen:
            definition = self.terms[key]
            if definition is None or "@reverse" in definition:
                return ""
            return self.key(definition.get("@id", key), seen | {key})
        prefix, colon, local = key.partition(":")
        if colon:
            if local.startswith("//") or prefix not in self.terms:
                return key
            return self.key((self.terms[prefix] or {}).get("@id", ""), seen | {prefix}) + local
        return self.vocab + key if self.vocab else ""

    def node(self, text: str, *, vocab: bool = False) -> str:
        """Return the IRI that a node reference means."""
        if vocab and (text in self.terms or (self.vocab and ":" not in text)):
            return self.key(text)
        prefix, colon, local = text.partition(":")
        if colon and not local.startswith("//") and prefix in self.terms:
            return self.key(text)
        return text if colon else urljoin(self.base, text)


class JsonPlaces:
    """Paths by triple, and the paths of keys that no context maps."""

    def __init__(self, text: str, base: str = "") -> None:
        self.places: dict[Triple, str] = {}
        self.dropped: list[str] = []
        self._node(json.loads(text), _Context(base), "$")

    def _node(self, value: Json, context: _Context, path: str) -> str:
        """Walk a node object or an array of them and return the token of the node's IRI, ``""`` for a blank node."""
        if isinstance(value, list):
            for position, item in enumerate(value):
                self._node(item, context, f"{path}[{position}]")
            return ""
        if not isinstance(value, dict):
            return ""
        if "@context" in value:
            context = context.with_local(value["@context"])
        keys = {key: context.key(key) for key in value}
        subject = next(
            (f"<{context.node(value[k])}>" for k, to in keys.items() if to == "@id" and isinstance(value[k], str)), ""
        )
        for key, meaning in keys.items():
            here = f"{path}.{key}"
            if meaning == "@type":
                for position, name in enumerate(_listed(value[key])):
                    place = f"{here}[{position}]" if isinstance(value[key], list) else here
                    if isinstance(name, str):
                        self._note(subject, RDF.type, f"<{context.node(name, vocab=True)}>", place)
            elif meaning in ("@graph", "@included"):
                self._node(value[key], context, here)
            elif ":" not in meaning and not meaning.startswith("@"):
                self.dropped.append(here)
            elif meaning not in _IGNORED and not meaning.startswith("@"):
                self._values(subject, f"<{meaning}>", value[key], context, context.terms.get(key) or {}, here)
        return subject

    def _values(
        self, subject: str, predicate: str, value: Json, context: _Context, term: dict[str, str], path: str
    ) -> None:
        if isinstance(value, list):
            for position, item in enumerate(value):
                self._values(subject, predicate, item, context, term, f"{path}[{position}]")
            return
        if isinstance(value, dict):
            if "@set" in value or "@list" in value:
                name = "@set" if "@set" in value else "@list"
                self._values(subject, predicate, value[name], context, term, f"{path}.{name}")
                return
            if "@value" not in value:
                self._note(subject, predicate, self._node(value, context, path), path)
                return
            definition = {"@type": value["@type"]} if "@type" in value else {"@language": value.get("@language", "")}
            value, term = value["@value"], definition
        self._note(subject, predicate, _token(value, context, term), path)

    def _note(self, subject: str, predicate: str, value: str, path: str) -> None:
        if subject and value:
            self.places.setdefault((subject, predicate, value), path)


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _token(value: Json, context: _Context, term: dict[str, str]) -> str:
    """Return the token of a scalar under the term's type, ``""`` for null."""
    kind = term.get("@type", "")
    if value is None:
        return ""
    if isinstance(value, bool):
        text, natural = str(value).lower(), XSD.boolean
    elif isinstance(value, int):
        text, natural = str(value), XSD.integer
    elif isinstance(value, float):
        text, natural = decimal_text(repr(value)), XSD.decimal
        if "." not in text:
            natural = XSD.integer
    elif kind in ("@id", "@vocab"):
        return f"<{context.node(value, vocab=kind == '@vocab')}>"
    else:
        language = term.get("@language", context.language if not kind else "")
        text, natural = value, XSD.string
        if language and not kind:
            return f'"{escaped(text)}"@{language.lower()}'
    datatype = f"<{context.key(kind)}>" if kind and not kind.startswith("@") else natural
    return f'"{escaped(text)}"' + ("" if datatype == XSD.string else f"^^{datatype}")


def decimal_text(number: str) -> str:
    """Write a number without exponent and without needless zeros.

    >>> decimal_text("1.5E0"), decimal_text("1.0E2"), decimal_text("5E-3")
    ('1.5', '100', '0.005')
    """
    plain = f"{Decimal(number):f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"
