"""Compiled programs kept between runs, in the user's cache folder.

A file is named by a hash of the knowledge, the rules and this engine, so a stale one is simply not found. It holds
numbers and strings alone (MessagePack): nothing in it is ever executed. A file that is truncated, foreign or broken
is made anew; a folder that cannot be written is done without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from pathlib import Path
from sys import intern
from typing import Any

import msgpack  # type: ignore[import-untyped]

from posthma.closure import Stratum
from posthma.rules.files import RuleText
from posthma.rules.folder import cache_folder, name_of, opened, sealed, write
from posthma.rules.form import Body, Rule
from posthma.rules.pack import PackedRule, raw_of
from posthma.rules.parsed import parsed_files
from posthma.rules.program import Program, compile_program
from posthma.rules.specialise import PATH_RULE, Closed
from posthma.store import Store, without_collector
from posthma.terms import Fact, Terms, Triple

Whole = Callable[[], tuple[Sequence[Triple], Sequence[RuleText], dict[str, int]]]
"""Gives knowledge, rule files and the stratum of each rule id: what a full closure needs."""


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
    path = folder / f"{name_of(fingerprint)}.program" if folder is not None else None

    def fresh() -> Program:
        files = rules()
        return compile_program(knowledge(), files, order(), record_keys(), lambda _: parsed_files(files, folder))

    def whole() -> tuple[Sequence[Triple], Sequence[RuleText], dict[str, int]]:
        return fresh().whole()

    if path is not None:
        found = _read(path, whole)
        if found is not None:
            return found
    program = fresh()
    if path is not None:
        write(path, pack(program))
    return program


# --- writing -------------------------------------------------------------------------------------------------


def pack(program: Program) -> bytes:
    """Return a program as bytes."""
    base = program.base
    numbers: dict[int, int] = {}
    raws: list[Any] = []

    def number(rule: Rule) -> int:
        found = numbers.get(id(rule))
        if found is None:
            found = numbers[id(rule)] = len(raws)
            raws.append(raw_of(rule))
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
    return sealed(body)


def _predicates(body: Body) -> Iterable[int]:
    yield from (p for _, p, _ in body.atoms)
    for inner in (*body.absences, *(body.aggregate.bodies if body.aggregate else ())):
        yield from _predicates(inner)


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


@without_collector
def unpack(data: bytes, whole: Whole) -> Program:
    """Return a program from bytes.

    Raises:
        ValueError: The bytes are not a whole program of this format.
    """
    body = opened(data)
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
    base = Store(Terms.restore([*map(intern, main["tokens"])], dict(main["canon"])))
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
