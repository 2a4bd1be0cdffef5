"""Codes of terminologies (LOINC, SNOMED CT, RxNorm, NCIt, HGNC ...) as names of the knowledge base.

The tables are data with the place where each code was seen: ontology/mappings/*.sssom.tsv for what the knowledge base
names, intake-codes.tsv for what only an importer asks, code-systems.tsv for the addresses by which FHIR names a
terminology. A code that stands in no table is read by its label when the label is exactly a name of the knowledge base;
a code and a label that name two things are a contradiction.

>>> read_concept([Coding("ncit", "C288", "Azacitidine")], "", ("agent",)).name
'azacitidine'
>>> read_concept([Coding("ncit", "C288", "decitabine")], "", ("agent",)).why
'the code ncit:C288 is azacitidine, its label says decitabine'
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from posthma import resources
from posthma.errors import KnowledgeError
from posthma.intake.columns import diseases
from posthma.intake.lines import agents, values
from posthma.intake.nodes import nodes
from posthma.intake.values import shorten

__all__ = ["Coding", "Concept", "coding_of", "prefix_of", "read_concept"]

_FOLDER = "ontology/mappings"
_KINDS = {"agents": "agent", "diseases": "disease", "genes": "gene", "measurements": "analyte"}
# A code for something narrower stands for the analyte; for something broader it would be a guess.
_SAME = {"skos:exactMatch", "skos:closeMatch", "skos:narrowMatch"}


@dataclass(frozen=True, slots=True)
class Coding:
    """A code as an input gives it: prefix of the terminology in lower case, code, label."""

    prefix: str
    code: str
    label: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}:{self.code}" if self.prefix else self.code


@dataclass(frozen=True, slots=True)
class Concept:
    """What a concept means.

    Attributes:
        kind: agent, analyte, context, disease, frequency, gene, part, presence, response, significance, stop, target,
            test or unit; empty when it was not understood.
        name: Name in the knowledge base.
        why: How it was read, or why it was not.
    """

    kind: str = ""
    name: str = ""
    why: str = ""

    def __bool__(self) -> bool:
        return bool(self.name)


def _table(file: str) -> list[dict[str, str]]:
    path = resources.path(f"{_FOLDER}/{file}")
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    except OSError as error:
        raise KnowledgeError(f"{_FOLDER}/{file}", f"cannot be read: {error.strerror}", "restore the file") from error
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def _codes() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Return names by kind, by prefix and code."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in _table("intake-codes.tsv"):
        found.setdefault((row["prefix"], row["code"]), {})[row["kind"]] = row["name"]
    for file, kind in _KINDS.items():
        for row in _table(f"{file}.sssom.tsv"):
            if row["predicate_id"] in _SAME:
                prefix, _, code = row["object_id"].partition(":")
                found.setdefault((prefix, code), {})[kind] = row["subject_id"].removeprefix("kb:")
    return found


@cache
def _systems() -> Mapping[str, str]:
    return {row["system"]: row["prefix"] for row in _table("code-systems.tsv")}


def prefix_of(system: str) -> str:
    """Return the prefix of a code system's address; empty when it is not known.

    >>> prefix_of("http://loinc.org")
    'loinc'
    """
    return _systems().get(system.strip().rstrip("/"), "")


def coding_of(curie: str, label: str = "") -> Coding:
    """Return a CURIE as a coding.

    >>> coding_of("HGNC:5383").prefix
    'hgnc'
    """
    prefix, colon, code = curie.strip().partition(":")
    return Coding(prefix.strip().lower(), code.strip(), label) if colon else Coding("", curie.strip(), label)


@cache
def _labels(kind: str) -> Mapping[str, str]:
    """Return the names of a kind by label, in lower case."""
    if kind == "agent":
        return agents()
    if kind == "disease":
        return diseases()
    if kind in ("response", "stop"):
        return values("ResponseCategory" if kind == "response" else "StopReason")
    types = {"analyte": "Analyte", "target": "Target"}
    if kind not in types:
        return {}
    found: dict[str, str] = {}
    for name, node in nodes("kb/tests.ttl").items():
        if types[kind] in node.get("type", ()):
            found.update(dict.fromkeys([name.lower(), *(label.lower() for label in node.get("label", ()))], name))
    return found


def _own_label(kind: str, label: str) -> str:
    key = " ".join(label.lower().split())
    table = _labels(kind)
    return table.get(key) or table.get(key.replace("leukemia", "leukaemia").replace("hemoglobin", "haemoglobin"), "")


def read_concept(codings: Iterable[Coding], text: str, kinds: Sequence[str]) -> Concept:
    """Return what codings and a text mean together; never raises, never guesses.

    Args:
        codings: The codes given for one concept.
        text: A text beside them.
        kinds: The kinds that fit the place, most wanted first.
    """
    given = list(codings)
    known: dict[tuple[str, str], Coding] = {}
    named: dict[tuple[str, str], str] = {}
    for coding in given:
        meanings = _codes().get((coding.prefix, coding.code.removeprefix("HGNC:")), {})
        kind = next((kind for kind in kinds if kind in meanings), "")
        if kind:
            known.setdefault((kind, meanings[kind]), coding)
    for label in dict.fromkeys([*(coding.label for coding in given), text]):
        found = next(((kind, name) for kind in kinds if label and (name := _own_label(kind, label))), None)
        if found:
            named.setdefault(found, label)
    if len(known) > 1:
        one, other = list(known)[:2]
        return Concept(why=f"the codes {known[one]} and {known[other]} are two things, {one[1]} and {other[1]}")
    if known:
        (kind, name), coding = next(iter(known.items()))
        other_name, stray = next(((said, label) for (_, said), label in named.items() if said != name), ("", ""))
        if stray and name in _forms().get(other_name, ()):
            return Concept(kind, other_name, f"read by its label {shorten(stray)!r}, a form of {name}")
        if stray:
            return Concept(why=f"the code {coding} is {name}, its label says {shorten(stray)}")
        return Concept(kind, name)
    if len(named) > 1:
        first, second = list(named.values())[:2]
        return Concept(why=f"the labels {shorten(first)!r} and {shorten(second)!r} are two things")
    if named:
        (kind, name), label = next(iter(named.items()))
        code = f"; the code {shorten(str(given[0]))} stands in no table" if given and given[0].code else ""
        return Concept(kind, name, f"read by its label {shorten(label)!r}{code}")
    for coding in given:
        meanings = _codes().get((coding.prefix, coding.code.removeprefix("HGNC:")), {})
        for kind, name in meanings.items():
            return Concept(why=f"the code {shorten(str(coding))} is {name}, a {kind}: no meaning here")
    shown = ", ".join(shorten(str(coding)) for coding in given if coding.code) or shorten(text)
    label = next((coding.label for coding in given if coding.label), text)
    shown += f" ({shorten(label)})" if label and label != shown else ""
    return Concept(why=f"the code {shown} stands in no table of codes" if shown else "no code is given")


@cache
def _forms() -> Mapping[str, Sequence[str]]:
    """Return, by agent, the agents that it is a form of ("low-dose cytarabine" of cytarabine)."""
    folder = resources.path("kb/agents")
    found = (nodes(f"kb/agents/{file.name}") for file in sorted(folder.glob("*.ttl")))
    return {name: node["formOf"] for file in found for name, node in file.items() if "formOf" in node}
