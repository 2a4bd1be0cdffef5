"""What importers of documents make of a patient's events: dated facts, and the reason where there is none.

Each method takes what a document says, states it through the `Builder` and returns its use and why, for the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, Builder, asked_for, gene_targets
from posthma.intake.codes import Concept
from posthma.intake.dates import DateReading
from posthma.intake.karyotype import read_karyotype
from posthma.intake.nodes import nodes
from posthma.intake.tree import Node
from posthma.intake.units import read_measurement
from posthma.intake.values import plain, read_number, shorten
from posthma.intake.variants import Variant, tp53_state

__all__ = ["UNDATED", "Events", "GeneTest", "Line", "Outcome", "kb", "number", "span", "trials", "truth"]

Outcome = tuple[str, str]
_Days = tuple[dt.date | None, dt.date | None]
UNDATED: Outcome = (NOT_UNDERSTOOD, "there is no date for it; give it one, or a date for undated facts in the mapping")

_XSD = "http://www.w3.org/2001/XMLSchema#"
_SCALES = frozenset({"ecog", "karnofsky", "sorror"})


def kb(name: str) -> str:
    """Return the token of an IRI of the knowledge base."""
    return f"<https://w3id.org/posthma/kb/{name}>"


def number(value: Decimal) -> str:
    """Return the token of a number."""
    kind = "integer" if value == value.to_integral_value() else "decimal"
    return f'"{plain(value)}"^^<{_XSD}{kind}>'


def truth(value: bool) -> str:
    """Return the token of a truth value."""
    return f'"{str(value).lower()}"^^<{_XSD}boolean>'


def _day(day: dt.date) -> str:
    return f'"{day.isoformat()}"^^<{_XSD}date>'


def span(start: DateReading | None, end: DateReading | None) -> DateReading | None:
    """Return the days between two readings as one uncertain date; the first alone when there is no second."""
    if start is None or start.earliest is None or end is None or end.latest is None or end.latest < start.earliest:
        return start
    return DateReading(f"{start.reported}/{end.reported}", start.earliest, end.latest)


@cache
def trials() -> Mapping[str, str]:
    """Return the trials of the knowledge base by registry number."""
    return {node["nctId"][0].upper(): name for name, node in nodes("kb/trials.ttl").items() if "nctId" in node}


@dataclass(slots=True)
class Line:
    """A line of therapy as a document tells it; `tokens` are further properties of the record vocabulary."""

    agents: list[str]
    start: DateReading | None
    end: DateReading | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    cycles: list[DateReading] = field(default_factory=list)
    iri: str = ""

    def runs_on(self, day: DateReading) -> bool:
        """Say whether the line may have been running on a day; one without an end still runs."""
        if self.start is None or self.start.earliest is None or day.latest is None or day.earliest is None:
            return False
        last = self.end.latest if self.end and self.end.latest else dt.date.max
        return self.start.earliest <= day.latest and day.earliest <= last


@dataclass(slots=True)
class GeneTest:
    """A gene test: its date, what was found and looked for, and the leaves that say so."""

    when: DateReading | None
    found: dict[str, list[str]] = field(default_factory=dict)
    looked_for: list[str] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)
    leaves: list[Node] = field(default_factory=list)
    tp53: list[Variant] = field(default_factory=list)

    def variant(self, symbol: str, variant: Variant, *, present: bool = True) -> Outcome:
        """Take a variant in."""
        target = gene_targets().get(symbol)
        if target is None:
            if present and symbol and variant.mutated:
                self.others.append(
                    f"{symbol} {variant.protein or variant.coding or variant.consequence or variant.text}"
                )
            return CONTEXT, f"no criterion asks for {symbol}" if symbol else "no gene is named"
        if symbol == "TP53" and present:
            self.tp53.append(variant)
        exact = f"{target}{(variant.protein or '')[2:]}"
        name = exact if exact in nodes("kb/tests.ttl") else target
        printed = variant.protein or variant.coding or variant.consequence
        if not present:
            if printed and name == target:
                return CONTEXT, f"that {printed} was not found leaves other variants of {symbol} open"
            self.looked_for.append(name)
            return USED, ""
        if variant.mutated is None:
            self.open.add(target)
            return NOT_UNDERSTOOD, "; ".join(f.text for f in variant.findings) or "its consequence is open"
        if not variant.mutated and variant.kind == "statement":  # "wild type"
            return self.gene(symbol)
        if not variant.mutated:
            return CONTEXT, f"{variant.consequence or 'such'} changes leave the protein alone"
        self.found.setdefault(name, [])
        if printed and variant.kind == "variant":
            self.found[name].append(printed)
        return (USED, "") if asked_for(target) else (CONTEXT, f"no criterion asks for {symbol}")

    def gene(self, symbol: str) -> Outcome:
        """Take in that a gene was looked for."""
        target = gene_targets().get(symbol)
        if target is None:
            return CONTEXT, f"no criterion asks for {symbol}"
        self.looked_for.append(target)
        return (USED, "") if asked_for(target) else (CONTEXT, f"no criterion asks for {symbol}")

    def judge_tp53(self, del17_17p: bool | None) -> None:
        """Add whether TP53 is hit more than once, where its variants and the loss of 17 or 17p settle it."""
        state = tp53_state([(v, None) for v in self.tp53], tested=None, del17_17p=del17_17p).state
        if state == "multi-hit":
            self.found.setdefault("tp53MultiHit", [])
        elif state == "single hit":
            self.looked_for.append("tp53MultiHit")

    def absent(self) -> list[str]:
        """Return what was looked for and neither found nor left open."""
        hit = [target for target in gene_targets().values() if any(name.startswith(target) for name in self.found)]
        return [name for name in dict.fromkeys(self.looked_for) if name not in hit and name not in self.open]


@dataclass(slots=True)
class Events:
    """The events of one patient."""

    builder: Builder
    lines: list[Line] = field(default_factory=list)
    karyotypes: list[tuple[_Days, bool | None]] = field(default_factory=list)

    def diagnosis(self, disease: str, when: DateReading | None) -> Outcome:
        """State a diagnosis."""
        made = self.builder.fact("Diagnosis", "diagnosis", when, {"disease": kb(disease)})
        return (USED, "") if made else UNDATED

    def finding(self, target: str, when: DateReading | None, *, present: bool) -> Outcome:
        """State that an examination found something, or looked for it in vain."""
        values = {"panel": kb("panelNotStated"), "conclusive": truth(True)}
        values["found" if present else "notFound"] = kb(target)
        made = self.builder.fact("ClinicalExamination", "examination", when, values)
        return (USED, "") if made else UNDATED

    def trial(self, name: str, when: DateReading | None) -> Outcome:
        """State that a trial takes the patient."""
        values = {"panel": kb("panelNotStated"), "conclusive": truth(True), "found": kb(name)}
        return (USED, "") if self.builder.fact("TrialSearch", "trial", when, values) else UNDATED

    def measure(self, analyte: str, text: str, unit: str, when: DateReading | None) -> Outcome:
        """State a measured value; the unit stands beside the number."""
        if analyte in _SCALES and (unit.startswith("{") or unit.lower() in ("1", "score")):
            unit = ""
        if analyte not in _readable():
            return NOT_UNDERSTOOD, f"values of {analyte} are not read"
        reading = read_measurement(f"{text} {unit}".strip(), analyte)
        why = "; ".join(finding.text for finding in reading.findings)
        if not reading.usable:
            return NOT_UNDERSTOOD, why or "no value"
        most = Decimal(nodes("kb/units.ttl")[f"plausible-{analyte}"]["rowAtMost"][0])
        return (USED, why) if self.builder.measurement(reading, when, most) else UNDATED

    def karyotype(self, text: str, when: DateReading | None) -> Outcome:
        """State a karyotyping; without a result it is one that gave none."""
        if not text:
            values = {"panel": kb("panelNotStated"), "conclusive": truth(False)}
            made = self.builder.fact("Karyotyping", "karyotype", when, values)
            return (USED, "done, no result is given") if made else UNDATED
        result = read_karyotype(text, self.builder.stated_sex)
        why = "; ".join(finding.text for finding in result.findings)
        if result.kind in ("text", "donor"):
            return NOT_UNDERSTOOD, why
        if result.kind == "statement":
            return CONTEXT, why
        self.karyotypes.append((_days(when), result.del17_17p))
        return (USED, why) if self.builder.karyotype(result, when) else UNDATED

    def genes(self, test: GeneTest) -> Outcome:
        """State a gene test; the karyotypes of its day, taken in before it, tell whether TP53 lost its other allele."""
        test.judge_tp53(self._loss_of_17p(test.when))
        made = self.builder.genes(test.found, test.absent(), test.when, test.others)
        if not made and not (test.found or test.absent() or test.others):
            return CONTEXT, "what was found leaves the gene open"
        return (USED, "") if made else UNDATED

    def _loss_of_17p(self, when: DateReading | None) -> bool | None:
        told = {loss for days, loss in self.karyotypes if days == _days(when)}
        return True if True in told else False if told == {False} else None

    def line(self, line: Line) -> Outcome:
        """State a line of therapy with its cycles; its responses follow by `response`."""
        tokens: dict[str, str | Iterable[str]] = {"agent": [kb(agent) for agent in line.agents], **line.tokens}
        why = ""
        if line.end is not None:
            first = line.start.latest if line.start else self.builder.constructed
            if line.end.day is None:
                why = "the last day is no exact day"
            elif first and line.end.day < first:
                why = "it ends before it begins"
            else:
                tokens["endDate"] = _day(line.end.day)
        iri = self.builder.fact("TherapyLine", "line", line.start, tokens)
        if iri is None:
            return UNDATED
        line.iri = iri
        self.lines.append(line)
        self._cycles(line)
        return USED, why

    def _cycles(self, line: Line) -> None:
        days = [cycle.day for cycle in line.cycles]
        last = line.end.day if line.end else None
        exact = [day for day in days if day is not None]
        first = line.start.earliest if line.start else None
        in_order = len(exact) == len(days) and exact == sorted(set(exact))
        if len(exact) < 2 or not in_order or (last and exact[-1] > last) or (first and exact[0] < first):
            return
        for ordinal, day in enumerate(exact, 1):
            name = f"{line.iri[:-1]}-cycle-{ordinal}>"
            p = "https://w3id.org/posthma/ontology/"
            self.builder.triples += [
                (line.iri, f"<{p}cycle>", name),
                (name, "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{p}Cycle>"),
                (name, f"<{p}ordinal>", number(Decimal(ordinal))),
                (name, f"<{p}date>", _day(day)),
            ]

    def response(self, category: str, when: DateReading | None, named: Sequence[Line]) -> Outcome:
        """State a response to the line that is named, or to the only one that ran on that day."""
        if when is None or when.earliest is None:
            return NOT_UNDERSTOOD, "the response has no date"
        own = list(named) or [line for line in self.lines if line.runs_on(when)]
        why = "the only one that ran on that day"
        if not own and (last := self._last_before(when)):
            own, why = [last], "the last before it, which had ended not long ago"
        if len(own) != 1:
            said = "no line" if not own else f"{len(own)} lines"
            return NOT_UNDERSTOOD, f"no line of therapy is named, and {said} ran on that day"
        line = own[0]
        if line.start and line.start.earliest and when.latest and when.latest < line.start.earliest:
            return NOT_UNDERSTOOD, "the response is dated before its line began"
        values = {"ofLine": line.iri, "response": kb(category)}
        made = self.builder.fact("ResponseAssessment", "response", when, values)
        why = "" if named else f"attached to the line of {', '.join(line.agents)}, {why}"
        return (USED, why) if made else UNDATED

    def _last_before(self, when: DateReading) -> Line | None:
        """Return the line that was the last to end before a day, no longer ago than its next cycle would have come."""
        window = dt.timedelta(days=int(nodes("kb/policy.ttl")["policy"]["longestCycleDays"][0]))
        ended = [
            (line.end.day, line)
            for line in self.lines
            if line.end and line.end.day and when.earliest and when.latest
            if line.end.day < when.earliest and when.latest <= line.end.day + window
        ]
        last = max((day for day, _ in ended), default=None)
        found = [line for day, line in ended if day == last]
        return found[0] if len(found) == 1 else None


def _days(when: DateReading | None) -> _Days:
    return (when.earliest, when.latest) if when else (None, None)


@cache
def _readable() -> frozenset[str]:
    return frozenset(name.removeprefix("plausible-") for name in nodes("kb/units.ttl") if name.startswith("plausible-"))


def daily_dose(text: str, unit: str, times: Concept | None) -> tuple[Decimal, str] | None:
    """Return a dose a day and its unit; None where it cannot be worked out.

    Args:
        text: The amount.
        unit: Its unit.
        times: How often a day, when the unit does not say so.

    >>> daily_dose("75", "mg/m2", Concept("frequency", "1"))
    (Decimal('75'), 'mgPerM2PerDay')
    """
    reading = read_number(text)
    value = reading.interval.value if reading.interval else None
    key = unit.lower().replace("²", "2").replace(" ", "").replace("{", "").replace("}", "")
    by_day = next((key.removesuffix(end) for end in ("/day", "/d", ".d-1") if key.endswith(end)), "")
    name = {"mg/m2": "mgPerM2PerDay", "mg": "mgPerDay"}.get(by_day or key)
    if value is None or value <= 0 or name is None or reading.rest:
        return None
    if by_day:
        return value, name
    return (value * Decimal(times.name), name) if times else None


def whole(text: str, least: int, most: int) -> Decimal | None:
    """Return a whole number between two limits, else None."""
    reading = read_number(text)
    value = reading.interval.value if reading.interval and not reading.rest else None
    return value if value is not None and value % 1 == 0 and least <= value <= most else None


def shown(text: str) -> str:
    """Return a text as a message quotes it."""
    return repr(shorten(text))
