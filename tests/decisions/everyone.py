"""Every record of the table and the four patients, with what comes out for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tests.decisions.outcome import TYPE, answer, knowledge, of, said
from tests.decisions.records import expand, rows

from posthma import resources
from posthma.decide.answer import Answer, OptionVerdict
from posthma.vocab import curie
from posthma.vocab import expand as iri

FACTS = list(dict.fromkeys(facts for row in rows() for facts in (row.given, row.changed)))
POSITIVE = {"applicable", "within trials only"}
OPEN = {"undetermined", "caution undetermined"}
NEGATIVE = {iri("kb:doesNotSupport"), iri("kb:harms")}
START = expand("start; azacitidine, 6 cycles, stable disease", {"start": "MDS; all HMA lines recorded; all ESA lines recorded"})


@cache
def cases() -> tuple[Answer, ...]:
    """Return the answers to every question of the four patients, in Europe and in the United States."""
    found = []
    for path in sorted(resources.path("kb/cases").glob("*/record.ttl")):
        days = re.findall(r'a p:Question ;\s+p:about r:patient ;\s+p:date "([\d-]+)"', path.read_text(encoding="utf-8"))
        for day in days:
            found += [knowledge().assess(path, at=day, jurisdiction=place) for place in ("EU", "US")]
    assert len(found) == 10
    return tuple(found)


def answers() -> Iterator[Answer]:
    assert len(FACTS) > 180
    yield from cases()
    for facts in FACTS:
        yield answer(facts)


def verdicts() -> Iterator[OptionVerdict]:
    for found in answers():
        yield from found.options


def typed(kind: str) -> list[str]:
    """Return the nodes of a kind, as CURIEs."""
    return sorted(curie(s) for (s, p), o in said().items() if p == TYPE and iri(kind) in o)


def status(facts: tuple[str, ...]) -> dict[str, str]:
    return {option.iri: option.status for option in answer(facts).options}


def direction(statement: str) -> frozenset[str]:
    return of(f"<{statement}>", "p:direction")


def shape(found: Answer) -> list[tuple[str, str]]:
    """Return the options of an answer with their statuses, in order."""
    return [(o.iri, o.status) for o in found.options]
