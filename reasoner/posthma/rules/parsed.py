"""Parsed rule files kept between runs: whoever changes the knowledge does not wait for the SPARQL parser again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]

from posthma.rules.files import Parsed, RuleText
from posthma.rules.folder import name_of, opened, sealed, write
from posthma.rules.pack import raw_of, rule_of
from posthma.rules.program import parse_all

Kept = dict[str, Any]


def parsed_files(sources: Sequence[RuleText], folder: Path | None) -> list[Parsed]:
    """Return the rules of rule files; those that are in the cache folder are not parsed again.

    Raises:
        RuleError: A query is broken or outside the fragment.
    """
    if folder is None:
        return parse_all(sources)
    path = folder / f"{name_of('rule files')}.rules"
    kept = _read(path)
    names = [hashlib.sha256(f"{source.path}\n{source.text}".encode()).hexdigest() for source in sources]
    missing = [(name, source) for name, source in zip(names, sources, strict=True) if name not in kept]
    if missing:
        fresh = parse_all([source for _, source in missing])
        kept |= {name: _packed(file) for (name, _), file in zip(missing, fresh, strict=True)}
        write(path, sealed(msgpack.packb(kept)))
    return [_unpacked(kept[name]) for name in names]


def _packed(file: Parsed) -> Any:
    return (file.tokens, [raw_of(rule) for rule in file.rules], file.paths)


def _unpacked(raw: Any) -> Parsed:
    tokens, rules, paths = raw
    return Parsed(tokens, tuple(rule_of(rule) for rule in rules), paths)


def _read(path: Path) -> Kept:
    try:
        found: Kept = msgpack.unpackb(opened(path.read_bytes()), use_list=False)
        for raw in found.values():
            _unpacked(raw)
    except (OSError, ValueError, KeyError, IndexError, TypeError, msgpack.UnpackException):
        return {}
    return found
