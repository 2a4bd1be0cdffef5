"""Documents of nested values (JSON, YAML) with a ledger: every leaf has its JSON path and is booked once.

A leaf is a text, number, truth value or null; an empty list or object holds none. The first booking of a leaf stands,
so that a fact is booked before the rest of the element around it. Documents have limits, nothing in them is followed,
and a name that stands twice in one object is refused, since one of the two would be lost.

>>> document = parse_json("p.json", '{"id": "a", "tags": [1, 2]}')
>>> document.root.get("id").book("used")
>>> [(item.place, item.use) for item in document.root.ledger("context", "kept")]
[('p.json:$.id', 'used'), ('p.json:$.tags[0]', 'context'), ('p.json:$.tags[1]', 'context')]
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from posthma.errors import LimitError, SyntaxRecordError, UsageError
from posthma.intake.build import Item
from posthma.intake.rows import MAX_WHOLE
from posthma.intake.values import canonical, shorten

__all__ = [
    "MAX_DEPTH", "MAX_LEAVES", "Document", "Node", "document_of", "parse_json", "parse_yaml", "read_text",
]  # fmt: skip

MAX_DEPTH = 60
"""The deepest nesting."""
MAX_LEAVES = 500_000
"""The most leaves of one document."""
MAX_YAML = 5_000_000
"""The largest YAML text, in bytes; it is read in Python and slow."""
SHOWN = 200
"""How many characters of a leaf its item in the ledger shows."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_MISSING: Any = object()


@dataclass(slots=True)
class Document:
    """A document that has been read: its name in places, its value, and what became of its leaves."""

    name: str
    value: Any
    booked: dict[str, tuple[str, str]] = field(default_factory=dict)
    dates: set[str] = field(default_factory=set)

    @property
    def root(self) -> Node:
        """The whole document."""
        return Node(self, self.value, "$")


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a document with its path; a missing one is false."""

    document: Document
    value: Any
    path: str

    def __bool__(self) -> bool:
        return self.value is not _MISSING and self.value is not None and self.value not in ("", [], {})

    @property
    def place(self) -> str:
        """File and path, such as ``p.json:$.measurements[2].value``."""
        return f"{self.document.name}:{self.path}"

    @property
    def text(self) -> str:
        """The leaf as text without blanks around it; empty for anything else."""
        if self.value is _MISSING or self.value is None or isinstance(self.value, (dict, list)):
            return ""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        if isinstance(self.value, float):
            return _number(Decimal(repr(self.value)))
        return _number(self.value) if isinstance(self.value, Decimal) else str(self.value).strip()

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of an object."""
        return tuple(self.value) if isinstance(self.value, dict) else ()

    def get(self, *names: str) -> Node:
        """Return the value under names, one below the other; missing when there is none."""
        node = self
        for name in names:
            found = node.value.get(name, _MISSING) if isinstance(node.value, dict) else _MISSING
            node = Node(self.document, found, node.path + _step(name))
        return node

    def first(self, *names: str) -> Node:
        """Return the first of several names that holds something."""
        return next((found for name in names if (found := self.get(name))), self.get(names[0]))

    def each(self) -> Iterator[Node]:
        """Yield the parts of a list; a single value stands for a list of one."""
        if isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield Node(self.document, value, f"{self.path}[{number}]")
        elif self:
            yield self

    def leaves(self) -> Iterator[Node]:
        """Yield the leaves in the order of the document."""
        for path, value in self._walk():
            yield Node(self.document, value, path)

    def _walk(self) -> Iterator[tuple[str, Any]]:
        """Yield the path and the value of each leaf."""
        stack = [(self.path, self.value)]
        while stack:
            path, value = stack.pop()
            if isinstance(value, dict):
                stack.extend([(path + _step(key), below) for key, below in value.items()][::-1])
            elif isinstance(value, list):
                stack.extend([(f"{path}[{number}]", below) for number, below in enumerate(value)][::-1])
            elif value is not _MISSING:
                yield path, value

    def book(self, use: str, why: str = "") -> None:
        """Book every leaf below that is not yet booked."""
        for path, _ in self._walk():
            self.document.booked.setdefault(path, (use, why))

    def book_date(self, use: str, why: str = "") -> None:
        """Book a date: it counts as used only with something that it dates; see `settle`."""
        self.document.dates.update(path for path, _ in self._walk())
        self.book(use, why)

    def settle(self, used: str, context: str) -> None:
        """Take back the use of dates below where nothing else below was used.

        Args:
            used: The use that is taken back.
            context: The use that they get.
        """
        booked, dates = self.document.booked, self.document.dates
        below = [path for path, _ in self._walk() if booked.get(path, ("",))[0] == used]
        if below and dates.issuperset(below):
            booked.update(dict.fromkeys(below, (context, "the date of what made no fact")))

    def ledger(self, use: str, why: str) -> Iterator[Item]:
        """Yield an item for every leaf below; those not booked get the given use."""
        for leaf in self.leaves():
            yield Item(leaf.place, shorten(leaf.text, SHOWN), *self.document.booked.get(leaf.path, (use, why)))


def _number(value: Decimal) -> str:
    """Write a JSON number in plain digits where that is short; numbers beyond any measurement as they stand."""
    if not value.is_finite() or abs(value.adjusted()) > 25 or len(value.as_tuple().digits) > 40:
        return str(value)
    return format(canonical(value), "f")


@lru_cache(maxsize=4096)
def _step(name: str) -> str:
    if _PLAIN_KEY.fullmatch(name):
        return f".{name}"
    if len(name) > SHOWN:  # two long names stay two places
        name = f"{name[:SHOWN]}~{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"
    return f"[{json.dumps(name)}]"


def document_of(name: str, value: Any) -> Document:
    """Return a document of a value, within the limits.

    Raises:
        LimitError: It is nested too deeply or has too many leaves.
        SyntaxRecordError: A text holds a NUL character or half a surrogate pair.
    """
    stack: list[tuple[Any, int, str]] = [(value, 0, "$")]
    count = 0
    while stack:
        item, depth, path = stack.pop()
        count += 1
        if count > MAX_LEAVES:
            raise LimitError(name, f"more than {MAX_LEAVES} values", "split the file")
        if depth > MAX_DEPTH:
            raise LimitError(f"{name}:{path[:80]}", f"nested more than {MAX_DEPTH} deep", "keep to the format")
        if isinstance(item, dict):
            for key, below in item.items():
                _sound(name, path, key)
                stack.append((below, depth + 1, path + _step(key)))
        elif isinstance(item, list):
            stack.extend((below, depth + 1, f"{path}[{number}]") for number, below in enumerate(item))
        elif isinstance(item, str):
            _sound(name, path, item)
    return Document(name, value)


def _sound(name: str, path: str, text: str) -> None:
    if "\x00" in text:
        raise SyntaxRecordError(f"{name}:{path}", "a text holds a NUL character", "take it out")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise SyntaxRecordError(f"{name}:{path}", "a text holds half a surrogate pair", "write it as UTF-8")


def read_text(path: str | Path, limit: int = MAX_WHOLE) -> str:
    """Return the text of a file in UTF-8 (or UTF-16 with its mark).

    Raises:
        UsageError: It cannot be opened.
        LimitError: It is larger than the limit.
        SyntaxRecordError: It is no text, or a pointer of Git LFS.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError as error:
        raise UsageError(str(path), "is not there", "check the name") from error
    except OSError as error:
        raise UsageError(str(path), f"cannot be opened: {error.strerror}", "name a file that can be read") from error
    if len(data) > limit:
        raise LimitError(file.name, f"the file is larger than {limit} bytes", "split it, or use NDJSON")
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        raise SyntaxRecordError(
            file.name, "is a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull"
        )
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxRecordError(file.name, f"byte {error.start} is not UTF-8", "save the file as UTF-8") from error


def parse_json(name: str, text: str) -> Document:
    """Return a JSON text as a document.

    Raises:
        SyntaxRecordError: It is not JSON, or a name stands twice in one object.
        LimitError: It passes a limit.
    """
    if len(text) > MAX_WHOLE:
        raise LimitError(name, f"the text is longer than {MAX_WHOLE} characters", "split it")
    try:
        value = json.loads(
            text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except RecursionError as error:
        raise LimitError(name, f"nested more than {MAX_DEPTH} deep", "give a document as specified") from error
    except (ValueError, ArithmeticError) as error:
        raise SyntaxRecordError(name, f"is not JSON: {shorten(str(error), 120)}", "mend it at that place") from error
    return document_of(name, value)


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        double = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the name {shorten(double)!r} stands twice in one object")
    return found


def parse_yaml(name: str, text: str) -> Document:
    """Return a YAML text as a document of texts, lists and objects; no type of YAML is applied.

    Raises:
        UsageError: pyyaml is not installed.
        SyntaxRecordError: It is not YAML, or a name stands twice in one object.
        LimitError: It passes a limit.
    """
    try:
        yaml = import_module("yaml")
    except ImportError as error:  # an optional dependency
        raise UsageError(name, "YAML needs the package pyyaml", "install it, or use JSON") from error
    if len(text) > MAX_YAML:
        raise LimitError(name, f"the YAML text is larger than {MAX_YAML} bytes", "use JSON")
    try:
        value = _plain(yaml.compose(text, Loader=yaml.BaseLoader), yaml, [MAX_LEAVES])
    except RecursionError as error:
        raise LimitError(name, f"nested more than {MAX_DEPTH} deep", "give a document as specified") from error
    except (yaml.YAMLError, ValueError) as error:
        why = " ".join(shorten(str(error), 160).split())
        raise SyntaxRecordError(name, f"is not YAML: {why}", "mend it at that place") from error
    return document_of(name, value)


def _plain(node: Any, yaml: Any, left: list[int]) -> Any:
    """Turn a node of pyyaml into texts, lists and dicts; what aliases multiply counts each time."""
    left[0] -= 1
    if left[0] < 0:
        raise ValueError(f"its aliases make more than {MAX_LEAVES} values")
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        return _once([(_key(key, yaml), _plain(value, yaml, left)) for key, value in node.value])
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, yaml, left) for value in node.value]
    return None if node.style is None and node.value in ("", "~", "null") else str(node.value)


def _key(node: Any, yaml: Any) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError("a name is no text")
    return str(node.value)
