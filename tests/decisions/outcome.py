"""What the knowledge base makes of a record of the table: statuses, duties, classes."""

from __future__ import annotations

from functools import cache

from tests.decisions.records import record

import posthma
from posthma.decide.answer import Answer
from posthma.vocab import P, expand

Facts = tuple[str, ...]
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
OPTION, POINT = "option-", ("duty-", "point-")


@cache
def knowledge() -> posthma.KnowledgeBase:
    return posthma.load()


@cache
def said() -> dict[tuple[str, str], frozenset[str]]:
    """Return subject and predicate -> objects of the knowledge, as tokens."""
    found: dict[tuple[str, str], set[str]] = {}
    for s, p, o in knowledge().knowledge.triples:
        found.setdefault((s, p), set()).add(o)
    return {key: frozenset(value) for key, value in found.items()}


def of(name: str, predicate: str) -> frozenset[str]:
    """Return what is said of a node, both given as CURIEs or tokens."""
    subject = name if name.startswith("<") else expand(name)
    return said().get((subject, expand(predicate)), frozenset())


@cache
def answer(facts: Facts, jurisdiction: str = "EU") -> Answer:
    return knowledge().assess(record(facts), jurisdiction=jurisdiction)


def outcome(facts: Facts, watch: str) -> str:
    """Return the status of an option, whether a duty or point is due, or the value of a class."""
    if watch.startswith("p:"):
        return value(facts, watch)
    iri = expand(f"kb:{watch}")[1:-1]
    found = answer(facts)
    if watch.startswith(POINT):
        return "due" if iri in {a.iri for a in (*found.first, *found.counselling)} else "not due"
    assert watch.startswith(OPTION), f"{watch} is nothing that can be watched"
    status = {option.iri: option.status for option in found.options}
    return status.get(iri, "out of scope" if found.out_of_scope else "no such option")


def value(facts: Facts, cls: str) -> str:
    """Return the value of a class in the situation asked about."""
    closure = knowledge().close(record(facts))
    situation = answer(facts).situation
    if (f"<{situation}>", TYPE, expand(cls)) in closure:
        return "met"
    return "not met" if (f"<{situation}>", P.fails, expand(cls)) in closure else "unknown"
