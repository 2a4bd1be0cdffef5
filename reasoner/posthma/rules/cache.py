"""Compiled programs kept between runs, in the user's cache folder.

A file is named by a hash of the knowledge, the rules and this engine, so a stale one is simply not found. It holds
numbers and strings alone (MessagePack): nothing in it is ever executed. A file that is truncated, foreign or broken
is made anew; a folder that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]

from posthma.closure import Stratum
from posthma.rules.form import Aggregate, Body, Rule
from posthma.rules.program import Program, compile_program
from posthma.rules.sparql import RuleText
from posthma.rules.specialise import PATH_RULE, Closed
from posthma.store import Store
from posthma.terms import Fact, Terms, Triple, python_value, token_of

MAGIC = b"posthma-program/1\n"
KEPT = 8
"""So many programs are kept; the one used longest ago goes first."""
ENVIRONMENT = "POSTHMA_CACHE"
"""Names the folder to use instead of the user's own; ``off`` uses none."""
Raw = tuple[Any, ...]
Whole = Callable[[], tuple[Sequence[Triple], Sequence[RuleText], dict[str, int]]]
"""Gives knowledge, rule files and the stratum of each rule id: what a full closure needs."""


class PackedRule:
    """A rule as it lies in the cache; it becomes a `Rule` when something is first asked of it."""

    __slots__ = ("_raw", "_rule")

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._rule: Rule | None = None

    def __getattr__(self, name: str) -> Any:
        if self._rule is None:
            self._rule = _rule_of(self._raw)
        return getattr(self._rule, name)


def compiled(
    fingerprint: str,
    knowledge: Callable[[], Sequence[Triple]],
    rules: Callable[[], Sequence[RuleText]],
    order: Callable[[], tuple[str, ...]],
    record_keys: Callable[[], Iterable[str]],
    use: bool = True,
) -> Program:
    """Return the program of a knowledge base, from the cache when it is there.

    Args:
        fingerprint: Hash over everything the program is made from, save this engine.
        knowledge: Gives the asserted triples; like the next three it is asked only when nothing is in the cache.
        rules: Gives the rule files.
        order: Gives the declared layers.
        record_keys: Gives the predicates and classes that a record may hold.
        use: Read and write the cache.
    """
    folder = cache_folder() if use else None
    path = folder / f"{_key(fingerprint)}.program" if folder is not None else None

    def whole() -> tuple[Sequence[Triple], Sequence[RuleText], dict[str, int]]:
        fresh = compile_program(knowledge(), rules(), order(), record_keys())
        return fresh.whole()

    if path is not None:
        found = _read(path, whole)
        if found is not None:
            return found
    program = compile_program(knowledge(), rules(), order(), record_keys())
    if path is not None:
        _write(path, pack(program))
    return program


def cache_folder() -> Path | None:
    """Return the folder for compiled programs, or None when the environment says to use none."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return None if named == "off" else Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "posthma" / "cache"
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # no home is known
        return None
    return home / "posthma"


@cache
def _engine_hash() -> str:
    package = Path(__file__).resolve().parent.parent
    rules = [f"rules/{path.stem}" for path in sorted((package / "rules").glob("*.py"))]
    files = ("terms", "store", "closure", "saturation", *rules)
    digest = hashlib.sha256(MAGIC)
    for name in files:
        digest.update((package / f"{name}.py").read_bytes())
    return digest.hexdigest()


def _key(fingerprint: str) -> str:
    return hashlib.sha256(f"{fingerprint} {_engine_hash()}".encode()).hexdigest()[:32]


# --- writing -------------------------------------------------------------------------------------------------


def pack(program: Program) -> bytes:
    """Return a program as bytes."""
    base = program.base
    numbers: dict[int, int] = {}
    raws: list[Raw] = []

    def number(rule: Rule) -> int:
        found = numbers.get(id(rule))
        if found is None:
            found = numbers[id(rule)] = len(raws)
            raws.append(_raw(rule))
        return found

    strata = {
        name: [(stratum.again, stratum.tables(number)) for stratum in groups] for name, groups in program.strata.items()
    }
    rules = [rule for groups in program.strata.values() for stratum in groups for rule in stratum.rules]
    needed = sorted({p for rule in rules for p in _predicates(rule.body)})
    facts: dict[int, list[int]] = {}
    for s, p, o in base.log:
        facts.setdefault(p, []).extend((s, o))
    why = [
        (fact, number(derivation[0]), derivation[1])
        for fact in base.log
        if (derivation := base.derivations[fact]) is not None
    ]
    contradictions = [(number(rule), premises) for rule, premises in base.contradictions]
    closed = program.closed
    main = {
        "tokens": list(base.terms.tokens()), "canon": list(base.terms.canon.items()), "facts": list(facts.items()),
        "written": list(base.written.items()), "needed": needed, "strata": list(strata.items()), "order": program.order,
        "contradictions": contradictions,
        "closed": (closed.type, *map(sorted, (closed.predicates, closed.classes, closed.used, closed.subjects_with))),
    }  # fmt: skip
    parts = [msgpack.packb(part) for part in (main, raws, why)]
    body = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return MAGIC + hashlib.sha256(body).digest() + body


def _predicates(body: Body) -> Iterable[int]:
    yield from (p for _, p, _ in body.atoms)
    for inner in (*body.absences, *(body.aggregate.bodies if body.aggregate else ())):
        yield from _predicates(inner)


def _raw(rule: Rule) -> Raw:
    return (rule.id, rule.head, _raw_body(rule.body), rule.axioms, rule.names, rule.layer)


def _raw_body(body: Body) -> Raw:
    aggregate = body.aggregate
    grouping = None
    if aggregate is not None:
        outputs = tuple((f, d, _raw_expr(e), v) for f, d, e, v in aggregate.outputs)
        grouping = (tuple(_raw_body(b) for b in aggregate.bodies), aggregate.group, outputs, aggregate.distinct_rows)
    binds = tuple((v, _raw_expr(e)) for v, e in body.binds)
    guards = tuple(_raw_expr(g) for g in body.guards)
    return (body.atoms, binds, guards, tuple(_raw_body(b) for b in body.absences), grouping)


def _raw_expr(expr: Raw) -> Raw:
    if expr[0] == "value":
        return ("token", token_of(expr[1]))
    return tuple(_raw_expr(part) if isinstance(part, tuple) else part for part in expr)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; another start may be doing the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".program-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)
        programs = sorted(path.parent.glob("*.program"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in programs[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # a read-only home: the program is compiled again next time


# --- reading -------------------------------------------------------------------------------------------------


def _read(path: Path, whole: Whole) -> Program | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    try:
        return unpack(data, whole)
    except (ValueError, KeyError, IndexError, TypeError, msgpack.UnpackException):
        return None


def unpack(data: bytes, whole: Whole) -> Program:
    """Return a program from bytes.

    Raises:
        ValueError: The bytes are not a whole program of this format.
    """
    start = len(MAGIC) + 32
    body = memoryview(data)[start:]
    if data[: len(MAGIC)] != MAGIC or hashlib.sha256(body).digest() != data[len(MAGIC) : start]:
        raise ValueError("not a compiled program, or damaged")
    parts = []
    while body:
        size = int.from_bytes(body[:8], "big")
        parts.append(body[8 : 8 + size])
        body = body[8 + size :]
    main = msgpack.unpackb(parts[0], use_list=False, strict_map_key=False)
    rules: list[Any] = [PackedRule(raw) for raw in msgpack.unpackb(parts[1], use_list=False)]
    base = _base(main, rules, parts[2])
    strata = {
        name: [Stratum.restore(name, again, tables, rules) for again, tables in groups]
        for name, groups in main["strata"]
    }
    kind, *sets = main["closed"]
    closed = Closed(kind, *(set(s) for s in sets))
    return Program(base, main["order"], strata, closed, whole)


def _base(main: dict[str, Any], rules: list[Any], why: memoryview) -> Store:
    base = Store(Terms.restore(list(main["tokens"]), dict(main["canon"])))
    base.packed = dict(main["facts"])
    flat = main["facts"]
    keys: Iterable[Fact] = chain.from_iterable(zip(f[::2], repeat(p), f[1::2], strict=False) for p, f in flat)
    base.derivations = dict.fromkeys(keys)
    base.log = list(base.derivations)
    base.written = dict(main["written"])
    base.contradictions = dict.fromkeys((rules[r], premises) for r, premises in main["contradictions"])
    for p in main["needed"]:
        base.unpack(p)

    def load() -> dict[Fact, Any]:
        return {
            fact: (PATH_RULE if rules[r].id == PATH_RULE.id else rules[r], premises)
            for fact, r, premises in msgpack.unpackb(why, use_list=False)
        }

    base.load_why = load
    return base


def _rule_of(raw: Raw) -> Rule:
    name, head, body, axioms, names, layer = raw
    return Rule(name, head, _body_of(body), axioms, names, layer)


def _body_of(raw: Raw) -> Body:
    atoms, binds, guards, absences, grouping = raw
    aggregate = None
    if grouping is not None:
        bodies, group, outputs, distinct_rows = grouping
        read = tuple((f, d, _expr_of(e), v) for f, d, e, v in outputs)
        aggregate = Aggregate(tuple(_body_of(b) for b in bodies), group, read, distinct_rows)
    return Body(
        atoms,
        tuple((v, _expr_of(e)) for v, e in binds),
        tuple(_expr_of(g) for g in guards),
        tuple(_body_of(b) for b in absences),
        aggregate,
    )


def _expr_of(raw: Raw) -> Raw:
    if raw[0] == "token":
        return ("value", python_value(raw[1]))
    return tuple(_expr_of(part) if isinstance(part, tuple) else part for part in raw)
