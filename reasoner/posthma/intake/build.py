"""Building a patient record from what an importer understood, and the ledger of every input item.

Each item of the input is booked once: *used* (it stands in the record), *context* (kept, but no fact of the record)
or *not understood*. The three counts add up to the input. Nothing is guessed: what leaves a finding open is written
neither as found nor as not found.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from urllib.parse import quote

from posthma.intake.dates import DateReading
from posthma.intake.karyotype import Karyotype
from posthma.intake.nodes import nodes
from posthma.intake.units import Measured
from posthma.intake.values import plain
from posthma.terms import Triple, escape

__all__ = ["CONTEXT", "NOT_UNDERSTOOD", "USED", "Builder", "Imported", "Item", "asked_for", "gene_targets"]

USED, CONTEXT, NOT_UNDERSTOOD = "used", "context", "not understood"

_P = "https://w3id.org/posthma/ontology/"
_KB = "https://w3id.org/posthma/kb/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
BASE = "https://w3id.org/posthma/record/"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the input: where it stands, what it says, what became of it and why."""

    place: str
    text: str
    use: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.use}" + (f": {self.why}" if self.why else "")


@dataclass(frozen=True, slots=True)
class Imported:
    """One patient: the record as triples, and the ledger.

    Attributes:
        patient: The patient's name in the input.
        triples: The record in the vocabulary of the ontology.
        items: What became of every item.
        place: Where the patient stands in a document of several; empty where the file or row is the patient.
        sample: What tells this record from another one of the same patient: a sample, or the id of a packet.
    """

    patient: str
    triples: tuple[Triple, ...]
    items: tuple[Item, ...]
    place: str = ""
    sample: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items were used, kept as context, not understood."""
        found = Counter(item.use for item in self.items)
        return {use: found[use] for use in (USED, CONTEXT, NOT_UNDERSTOOD)}


@cache
def gene_targets() -> Mapping[str, str]:
    """Return, by symbol, the genes that a test of the record vocabulary can look for."""
    targets = nodes("kb/tests.ttl")
    genes = {**nodes("kb/genes.ttl"), **{name: node for name, node in targets.items() if "type" in node}}
    return {
        node["label"][0]: name
        for name, node in genes.items()
        if node.get("type") == ["Gene"] and targets.get(name, {}).keys() & {"presentClass", "kindOf"}
    }


@cache
def asked_for(target: str) -> bool:
    """Say whether a finding follows when a target is found, by itself or by the kinds it belongs to.

    >>> asked_for("u2af1"), asked_for("tet2")
    (True, False)
    """
    node = nodes("kb/tests.ttl").get(target, {})
    return "presentClass" in node or any(asked_for(kind) for kind in node.get("kindOf", ()))


def _p(name: str) -> str:
    return f"<{_P}{name}>"


def _kb(name: str) -> str:
    return f"<{_KB}{name}>"


def _text(text: str) -> str:
    return f'"{escape(text)}"'


def _typed(text: str, kind: str) -> str:
    return f'"{text}"^^<{_XSD}{kind}>'


def _number(number: Decimal) -> str:
    return _typed(plain(number), "integer" if number == number.to_integral_value() else "decimal")


@dataclass(slots=True)
class Builder:
    """The record of one patient, fact by fact.

    Attributes:
        patient: The patient's name in the input.
        constructed: The day for facts without a date; they are marked as constructed. None refuses such facts.
        stated_sex: ``female`` or ``male``, once it was stated.
    """

    patient: str
    constructed: dt.date | None = None
    stated_sex: str = ""
    triples: list[Triple] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    _names: Counter[str] = field(default_factory=Counter)
    _base: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self._base = f"<{BASE}{quote(self.patient, safe='')}/"
        self.triples.append((self._iri("patient"), _TYPE, _p("Patient")))

    def book(self, place: str, text: str, use: str, why: str = "") -> None:
        """Enter one item of the input in the ledger."""
        self.items.append(Item(place, text, use, why))

    def done(self) -> Imported:
        """Return the record and its ledger."""
        return Imported(self.patient, tuple(dict.fromkeys(self.triples)), tuple(self.items))

    def sex(self, name: str) -> None:
        """State the patient's sex, ``female`` or ``male``."""
        self.stated_sex = name
        self._add("patient", "sex", _kb(name))

    def complete_lines(self, complete: bool) -> None:
        """State whether the record holds every line of a hypomethylating agent."""
        self._add("patient", "hmaLinesComplete", _typed(str(complete).lower(), "boolean"))

    def question(self, day: dt.date, jurisdiction: str | None = None) -> None:
        """Ask about the patient on a day."""
        name = self._fresh("question")
        self.triples.append((self._iri(name), _TYPE, _p("Question")))
        self._add(name, "about", self._iri("patient"))
        self._add(name, "date", _typed(day.isoformat(), "date"))
        if jurisdiction:
            self._add(name, "jurisdiction", _kb(jurisdiction))
        if day == self.constructed:
            self._add(name, "constructedDate", _typed("true", "boolean"))

    def measurement(self, reading: Measured, when: DateReading | None, most: Decimal) -> bool:
        """State a measured value; False when there is no day for it.

        Args:
            reading: A usable reading.
            when: Its date.
            most: What stands for the upper end of a value without one ("> 20").
        """
        interval = reading.interval
        if interval is None:
            return False
        name = self._event("Measurement", reading.analyte, when)
        if name is None:
            return False
        low = interval.low if interval.low is not None else Decimal(0)
        high = interval.high if interval.high is not None else max(most, low)
        self._add(name, "analyte", _kb(reading.analyte))
        self._add(name, "low", _number(low))
        self._add(name, "high", _number(high))
        if interval.low_exclusive and interval.low is not None:
            self._add(name, "lowExclusive", _typed("true", "boolean"))
        if interval.high_exclusive and interval.high is not None:
            self._add(name, "highExclusive", _typed("true", "boolean"))
        self._add(name, "unit", _kb(reading.unit))
        if interval.value is None or reading.approximate:
            self._add(name, "reported", _text(reading.reported.strip()))
        return True

    def karyotype(self, result: Karyotype, when: DateReading | None) -> bool:
        """State a karyotyping: what was found, what was not, and how many changes; open questions stay open."""
        name = self._event("Karyotyping", "karyotype", when)
        if name is None:
            return False
        read = result.kind in ("karyotype", "partly")
        self._add(name, "panel", _kb("panelNotStated"))
        self._add(name, "conclusive", _typed(str(read).lower(), "boolean"))
        self._add(name, "iscn", _text(result.text.strip()))
        if not read or result.count is None:
            return True
        del5q_only = result.del5q is True and result.count.least == result.count.most == 1
        beside = result.count.at_least(2) if result.del5q else result.count.at_least(1)
        if del5q_only:
            beside = False
        answers = {
            "chromosomeAbnormality": result.count.at_least(1),
            "del5q": result.del5q,
            "abnormalityBesideDel5q": beside if result.del5q is not None or beside is False else None,
            "lossOf17p": result.del17_17p,
            "minus7OrDel7q": result.del7_7q,
            "monosomalKaryotype": result.monosomal,
            "trisomy8": result.trisomy8,
        }
        for target, answer in answers.items():
            if answer is not None:
                self._add(name, "found" if answer else "notFound", _kb(target))
        if result.count.most is not None:
            number = self._event("Measurement", "cytogeneticAbnormalities", when)
            if number is not None:
                self._add(number, "analyte", _kb("cytogeneticAbnormalities"))
                self._add(number, "low", _number(Decimal(result.count.least)))
                self._add(number, "high", _number(Decimal(result.count.most)))
                self._add(number, "unit", _kb("count"))
        return True

    def genes(
        self,
        found: Mapping[str, Iterable[str]],
        absent: Iterable[str],
        when: DateReading | None,
        others: Iterable[str] = (),
    ) -> bool:
        """State a gene test.

        Args:
            found: Targets found, each with the variants as printed.
            absent: Targets that were looked for and not found.
            when: Its date.
            others: Variants of genes that are no targets, with their gene; they are kept as text.
        """
        absent, others = [target for target in absent if target not in found], list(others)
        if not found and not absent and not others:
            return False
        name = self._event("GeneTest", "genes", when)
        if name is None:
            return False
        self._add(name, "panel", _kb("panelNotStated"))
        self._add(name, "conclusive", _typed("true", "boolean"))
        for target, variants in found.items():
            self._add(name, "found", _kb(target))
            for variant in variants:
                self._add(name, "variant", _text(variant))
        for target in absent:
            self._add(name, "notFound", _kb(target))
        for variant in others:
            self._add(name, "variant", _text(variant))
        return True

    def fact(
        self, kind: str, stem: str, when: DateReading | None, values: Mapping[str, str | Iterable[str]]
    ) -> str | None:
        """State any other event with the given properties, as tokens; its IRI token, or None without a day."""
        name = self._event(kind, stem, when)
        if name is None:
            return None
        for key, value in values.items():
            for token in [value] if isinstance(value, str) else value:
                self._add(name, key, token)
        return self._iri(name)

    def _add(self, name: str, predicate: str, token: str) -> None:
        self.triples.append((self._iri(name), _p(predicate), token))

    def _iri(self, name: str) -> str:
        return f"{self._base}{name}>"

    def _fresh(self, stem: str) -> str:
        self._names[stem] += 1
        return f"{stem}-{self._names[stem]}"

    def _event(self, kind: str, stem: str, when: DateReading | None) -> str | None:
        first = when.earliest if when else None
        last = when.latest if when else None
        made_up = first is None or last is None
        if made_up:
            first = last = self.constructed
        if first is None or last is None:
            return None
        name = self._fresh(stem)
        self.triples.append((self._iri(name), _TYPE, _p(kind)))
        self._add("patient", "event", self._iri(name))
        if first == last:
            self._add(name, "date", _typed(first.isoformat(), "date"))
        else:
            self._add(name, "earliest", _typed(first.isoformat(), "date"))
            self._add(name, "latest", _typed(last.isoformat(), "date"))
        if made_up:
            self._add(name, "constructedDate", _typed("true", "boolean"))
        return name
