"""Inputs of any size: records grown out of the worked cases, knowledge grown by copies that speak of other things."""

from __future__ import annotations

import random
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pyoxigraph
from tests.benchmarks.measure import ROOT
from tests.owl.graphs import TYPE, Triple

import posthma

P = "https://w3id.org/posthma/ontology/"
KB = "https://w3id.org/posthma/kb/"
EVENT = f"<{P}event>"
DATE = f"<{P}date>"
GROWING = {f"<{P}{name}>" for name in ("Measurement", "GeneTest", "Karyotyping", "FishTest", "Test")}
"""Kinds of events that a longer record has more of; lines of therapy stay as they are."""


def case_records(root: Path = ROOT) -> dict[str, tuple[Triple, ...]]:
    """Return the triples of every worked case, by its name."""
    return {f.parent.name: _triples(f) for f in sorted((root / "kb/cases").glob("*/record.ttl"))}


@cache
def _triples(file: Path) -> tuple[Triple, ...]:
    parsed = pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE, base_iri=file.as_uri())
    return tuple(dict.fromkeys((str(q.subject), str(q.predicate), str(q.object)) for q in parsed))


def grown_record(record: tuple[Triple, ...], size: int, seed: int = 0) -> tuple[Triple, ...]:
    """Return a record of about ``size`` triples: cut down to its first events, or with more measurements and tests.

    A further event is a copy of one that is there, under a name of its own, dated some days earlier.
    """
    draw = random.Random(seed)
    about: dict[str, list[Triple]] = {}
    for triple in record:
        about.setdefault(triple[0], []).append(triple)
    events = [t for t in record if t[1] == EVENT]
    if size < len(record):
        return _cut(record, events, about, size)
    copied = [t for t in events if GROWING & {o for _, _, o in about.get(t[2], ())}]
    found = list(record)
    number = 0
    while len(found) < size and copied:
        patient, _, event = draw.choice(copied)
        number += 1
        name = f"{event[:-1]}-again-{number}>"
        found.append((patient, EVENT, name))
        found.extend((name, p, _earlier(o, draw) if p == DATE else o) for _, p, o in about[event])
    return tuple(found)


def _cut(
    record: tuple[Triple, ...], events: list[Triple], about: dict[str, list[Triple]], size: int
) -> tuple[Triple, ...]:
    kept = [t for t in record if not any(t[0] == e[2] or t == e for e in events)]
    for event in events:
        if len(kept) + 1 + len(about.get(event[2], ())) <= size:
            kept += [event, *about.get(event[2], ())]
    return tuple(kept)


def _earlier(token: str, draw: random.Random) -> str:
    found = re.match(r'"(\d{4})-(\d\d)-(\d\d)"', token)
    if not found:
        return token
    year = int(found[1]) - draw.randrange(0, 3)
    return f'"{year}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"{token[12:]}'


def grown_knowledge(target: Path, factor: int, root: Path = ROOT) -> Path:
    """Write a folder with ``factor`` times the knowledge and return it.

    Each copy renames the individuals and the classes of the knowledge, so it has the same shape and speaks of other
    analytes, genes, findings, options and criteria. Properties stay, and the classes of the rows that rules read
    (thresholds, options, evidence); what the copies would say of these again is left out. So is what points to
    something that every record would get a copy of, because the rules conclude it from silence.
    """
    return _grow(target, factor, root, _from_silence(root))


@cache
def _from_silence(root: Path) -> frozenset[str]:
    """Return what a worked case would be told of once more in a copy: classes, defaults of choices."""
    with tempfile.TemporaryDirectory() as folder:
        kb = posthma.load(root=_grow(Path(folder), 2, root, frozenset()), cache=False)
        told = {o for r in case_records(root).values() for _, _, o in kb.close(r).inferred}
    return frozenset(t.replace("-copy-1>", ">") for t in told if t.endswith("-copy-1>"))


def _grow(target: Path, factor: int, root: Path, silent: frozenset[str]) -> Path:
    for folder in ("ontology", "kb", "queries"):
        shutil.copytree(root / folder, target / folder, ignore=shutil.ignore_patterns("cases"), dirs_exist_ok=True)
    facts: list[Triple] = []
    classes: set[str] = set()
    files = [f for part in ("ontology", "kb") for f in sorted((root / part).rglob("*.ttl"))]
    for i, file in enumerate(files):
        if "cases" in file.parts or "shapes" in file.parts or file.name == "registry.ttl":
            continue
        for q in pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE, base_iri=file.as_uri()):
            s, p, o = (_local(t, i) for t in (q.subject, q.predicate, q.object))
            facts.append((s, p, o))
            if o == "<http://www.w3.org/2002/07/owl#Class>":
                classes.add(s)

    spared = {o for _, p, o in facts if p == TYPE}

    def renamed(token: str, n: int) -> str:
        if token not in spared and (token.startswith(f"<{KB}") or (token in classes and token.startswith(f"<{P}"))):
            return f"{token[:-1]}-copy-{n}>"
        return f"{token}x{n}" if token.startswith("_:") else token

    for n in range(1, factor):
        lines = [
            f"{renamed(s, n)} {p} {renamed(o, n)} .\n"
            for s, p, o in facts
            if o not in silent and (s.startswith("_:") or renamed(s, n) != s)
        ]
        (target / f"kb/copy-{n}.ttl").write_text("".join(lines), "utf-8")
    return target


def _local(term: object, file: int) -> str:
    return f"_:f{file}{term.value}" if isinstance(term, pyoxigraph.BlankNode) else str(term)
