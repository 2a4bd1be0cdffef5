"""Both engines on every record: the same facts about each patient, and the same decisions drawn from them.

    python -m tests.oracle.decisions [--batch 20] [--only NAME ...]

Closes the four patients and all records of the boundary table by the reference (rdflib, owlrl, SPARQL), a batch in one
graph since no rule joins two patients, and each alone by the compiled engine. Prints a line for each batch; ends with 1
when anything differs. All records take some minutes on one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from tests.cases.failure_table import records
from tests.oracle.test_reference import WITHOUT_BEARING, about_patients

import posthma
from posthma import reference, resources
from posthma.decide.outlook import look
from posthma.intake.rdf import parse_record
from posthma.question import ask
from posthma.terms import Triple


class Facts:
    """Facts that an outlook can be taken of, wherever they come from."""

    contradictions = ()

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._of: dict[str, list[Triple]] = defaultdict(list)
        self._to: dict[tuple[str, str], list[Triple]] = defaultdict(list)
        for triple in triples:
            self._of[triple[0]].append(triple)
            self._to[triple[1:]].append(triple)

    def match(self, s: str | None = None, p: str | None = None, o: str | None = None) -> Iterator[Triple]:
        """Yield the triples that fit a pattern; subject, or predicate and object, are given."""
        found = self._of[s] if s is not None else self._to[(p or "", o or "")]
        return iter([t for t in found if p in (None, t[1]) and o in (None, t[2])])

    def objects(self, s: str, p: str) -> Iterator[str]:
        """Yield the objects of a subject and a predicate."""
        return (o for _, _, o in self.match(s, p))


@cache
def knowledge() -> posthma.KnowledgeBase:
    return posthma.load()


def all_records() -> dict[str, tuple[Triple, ...]]:
    """Return every patient and boundary record, each with the last question that it asks."""
    found = {}
    for path in sorted(resources.path("kb/cases").glob("*/record.ttl")):
        found[path.parent.name] = ask(parse_record(path.read_bytes(), path.name).triples).triples
    for record in records():
        found[record.name] = ask(tuple(record.triples)).triples
    return found


def decisions(closure: object, triples: tuple[Triple, ...]) -> tuple[dict[str, str], dict[str, str], str]:
    """Return statuses of options, verdicts on failure, and why nothing is recommended."""
    record = parse_record("".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode(), "record.nt")
    found = look(closure, knowledge().guidance, ask(triples), record)  # type: ignore[arg-type]
    return found.statuses, dict(found.failure()), found.withheld


def differing(batch: dict[str, tuple[Triple, ...]]) -> tuple[list[str], int]:
    """Return what differs between both engines in words, and how many decisions were compared."""
    kb = knowledge()
    bearing = [t for file, ts in kb.knowledge.by_file.items() if not file.startswith(WITHOUT_BEARING) for t in ts]
    order = ("time", "measures", "findings", "logic", "refute", "lift", "logic", "refute")
    together = dict.fromkeys(t for triples in batch.values() for t in triples)
    graph = reference.close(together, bearing, kb.rules, order)
    theirs = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph}
    told, wrong, compared, ours = Facts(theirs), [], 0, set()
    for name, triples in batch.items():
        closure = kb.close(triples)
        ours |= {*closure.asserted, *closure.inferred}
        mine, others = decisions(closure, triples), decisions(told, triples)
        compared += len(mine[0]) + len(mine[1])
        wrong += [
            f"{name}: compiled {one}, reference {other}"
            for one, other in zip(mine, others, strict=True)
            if one != other
        ]
    one, other = about_patients(ours), about_patients(theirs)
    wrong += [f"only compiled: {t}" for t in sorted(one - other)[:5]] + [
        f"only reference: {t}" for t in sorted(other - one)[:5]
    ]
    return wrong, compared


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args(arguments)
    every = all_records()
    names = [name for name in every if not asked.only or name in asked.only]
    failed = total = 0
    for start in range(0, len(names), asked.batch):
        begun = time.process_time()
        chosen = names[start : start + asked.batch]
        wrong, compared = differing({name: every[name] for name in chosen})
        failed, total = failed + len(wrong), total + compared
        taken = time.process_time() - begun
        print(
            f"{start + len(chosen):4} of {len(names)} records, {total} decisions, {failed} differ ({taken:.0f} s)",
            flush=True,
        )
        for line in wrong:
            print(f"  {line}", flush=True)
    return int(failed > 0 or total == 0)


if __name__ == "__main__":
    sys.exit(main())
