"""The line of each triple in a Turtle or N-Triples text.

The parser of pyoxigraph is quick but says no places. This second, slower walk is made only when a place is shown. It
need not judge the text (that was done), only follow it; tests hold that it finds every triple that the parser finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from posthma.terms import unescape
from posthma.vocab import RDF, XSD, Triple

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\r\n]*)
    |(?P<iri><[^\x00-\x20<>"{}|^`]*>)
    |(?P<string>\"\"\"(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<number>[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
    |(?P<blank>_:[^\s;,.\[\]()<>"'#]+(?:\.+[^\s;,.\[\]()<>"'#]+)*)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<mark>\^\^|[;,.\[\]()])
    |(?P<name>[^\s;,.\[\]()<>"'#^@\\]*:(?:[^\s;,.\[\]()<>"'#^\\]|\\.|\.(?=[^\s;,\[\]()<>"'#^]))*)
    |(?P<word>[A-Za-z]+)""",
    re.VERBOSE | re.DOTALL,
)


_SPECIAL = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LOCAL_ESCAPE, _CHARACTER = re.compile(r"\\(.)"), r"\1"
_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f\ufffe\uffff"\\]')


def turtle_places(text: str, base: str = "") -> dict[Triple, int]:
    r"""Return the line on which the object of each triple begins; blank nodes get labels of this walk's own.

    >>> turtle_places("<http://x/a> <http://x/b> 1 ,\n 2 .")[("<http://x/a>", "<http://x/b>", '"2"^^' + XSD.integer)]
    2
    """
    return _Turtle(text, base).read()


def escaped(text: str) -> str:
    """Escape a string as canonical N-Triples does (RDF 1.2 N-Triples, section 4)."""
    return _TO_ESCAPE.sub(lambda m: _SPECIAL.get(m[0]) or f"\\u{ord(m[0]):04X}", text)


class _NotFollowedError(Exception):
    """The reader met something that it does not know; places after it stay unknown."""


class _Turtle:
    """A walk over Turtle that notes the line on which the object of each triple begins."""

    def __init__(self, text: str, base: str) -> None:
        self.places: dict[Triple, int] = {}
        self.base, self.prefixes, self.blank = base, dict[str, str](), 0
        self.labels: dict[str, str] = {}
        self.tokens = self._tokens(text)
        self.kind, self.text, self.line = next(self.tokens)

    @staticmethod
    def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
        position, line = 0, 1
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise _NotFollowedError
            if match.lastgroup != "space":
                yield match.lastgroup, match[0], line
            line += match[0].count("\n")
            position = match.end()
        yield "end", "", line

    def read(self) -> dict[Triple, int]:
        try:
            while self.kind != "end":
                self.statement()
        except (_NotFollowedError, StopIteration, KeyError, RecursionError):
            pass  # what was found up to here is right; the rest is shown without a line
        return self.places

    def take(self, mark: str = "") -> str:
        text = self.text
        if mark and text != mark:
            raise _NotFollowedError
        self.kind, self.text, self.line = next(self.tokens)
        return text

    def statement(self) -> None:
        directive = self.text.lower()
        if directive in ("@prefix", "prefix"):
            self.take()
            prefix = self.take()[:-1]
            self.prefixes[prefix] = self.iri(self.take())
        elif directive in ("@base", "base"):
            self.take()
            self.base = self.iri(self.take())
        else:
            bare = self.text == "["
            subject = self.term()
            if not (bare and self.text == "."):
                self.predicates(subject)
        if self.text == "." and directive not in ("prefix", "base"):
            self.take()
        elif directive not in ("prefix", "base"):
            raise _NotFollowedError

    def predicates(self, subject: str) -> None:
        while self.text not in (".", "]", ""):
            if self.text == ";":
                self.take()
                continue
            predicate = RDF.type if (self.kind, self.text) == ("word", "a") else self.name()
            if predicate == RDF.type and self.text == "a":
                self.take()
            while True:
                line = self.line
                self.note(subject, predicate, self.term(), line)
                if self.text != ",":
                    break
                self.take()

    def note(self, s: str, p: str, o: str, line: int) -> None:
        self.places.setdefault((s, p, o), line)

    def name(self) -> str:
        if self.kind == "iri":
            return f"<{self.iri(self.take())}>"
        if self.kind != "name":
            raise _NotFollowedError
        prefix, _, local = self.take().partition(":")
        return f"<{self.prefixes[prefix]}{_LOCAL_ESCAPE.sub(_CHARACTER, local)}>"

    def iri(self, text: str) -> str:
        reference = unescape(text[1:-1])
        return reference if _SCHEME.match(reference) else urljoin(self.base, reference)

    def fresh(self) -> str:
        self.blank += 1
        return f"_:b{self.blank}"

    def term(self) -> str:
        if self.text == "[" and self.kind == "mark":
            self.take()
            node = self.fresh()
            self.predicates(node)
            self.take("]")
            return node
        if self.text == "(" and self.kind == "mark":
            return self.collection()
        if self.kind == "blank":
            label = self.take()
            if label not in self.labels:
                self.labels[label] = self.fresh()
            return self.labels[label]
        return self.literal() if self.kind in ("string", "number", "word") else self.name()

    def collection(self) -> str:
        self.take("(")
        head, last = RDF.nil, ""
        while self.text != ")" or self.kind != "mark":
            line, cell = self.line, self.fresh()
            if last:
                self.note(last, RDF.rest, cell, line)
            else:
                head = cell
            self.note(cell, RDF.first, self.term(), line)
            last = cell
        line = self.line
        self.take(")")
        if last:
            self.note(last, RDF.rest, RDF.nil, line)
        return head

    def literal(self) -> str:
        kind, text = self.kind, self.take()
        if kind == "word":
            if text not in ("true", "false"):
                raise _NotFollowedError
            return f'"{text}"^^{XSD.boolean}'
        if kind == "number":
            name = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
            return f'"{text}"^^<{XSD.BASE}{name}>'
        body = text[3:-3] if text[:3] in ('"""', "'''") else text[1:-1]
        token = f'"{escaped(unescape(body))}"'
        if self.kind == "tag":
            return token + self.take().lower()
        if self.text == "^^":
            self.take()
            datatype = self.name()
            return token if datatype == XSD.string else f"{token}^^{datatype}"
        return token
