"""Medical actions of a Phenopacket: treatments and procedures as lines of therapy, and trials that take the patient.

A line begins with its first dose interval and ends with its last, when each has an end. Dose intervals with pauses
between them are the cycles of the line; intervals that touch are one block with a changed dose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED
from posthma.intake.codes import Concept, coding_of, read_concept
from posthma.intake.dates import DateReading
from posthma.intake.events import UNDATED, Events, Line, daily_dose, kb, number, trials
from posthma.intake.nodes import nodes
from posthma.intake.phenopacket_form import under
from posthma.intake.tree import Node
from posthma.intake.values import shorten

__all__ = ["action"]

When = Callable[[Node], DateReading | None]


def _concept(node: Node, *kinds: str) -> Concept:
    return read_concept([coding_of(node.get("id").text, node.get("label").text)], "", kinds)


def action(step: Node, events: Events, when: When) -> None:
    """Take one medical action in."""
    treatment, regimen, procedure = step.get("treatment"), under(step, "therapeuticRegimen"), step.get("procedure")
    if treatment:
        line = _treatment(treatment, events, when)
    elif regimen:
        line = _regimen(regimen, events, when)
    elif procedure:
        agent = _concept(procedure.get("code"), "agent")
        line = Line([agent.name], when(procedure.get("performed"))) if agent else None
        if line is None:
            procedure.get("code").book(CONTEXT, f"no therapy of the record vocabulary ({agent.why})")
        else:
            _state(line, events, step, [procedure.get("code")], agent.why)
            return
    else:
        step.book(CONTEXT, "the record vocabulary has no place for it")
        return
    if line is not None:
        _state(line, events, step, [treatment.get("agent"), under(regimen, "ontologyClass")], "")


def _treatment(treatment: Node, events: Events, when: When) -> Line | None:
    agent = _concept(treatment.get("agent"), "agent")
    if not agent:
        treatment.book(NOT_UNDERSTOOD, agent.why)
        return None
    blocks = [_Block(interval, when) for interval in under(treatment, "doseIntervals").each()]
    starts = sorted((b.start for b in blocks if b.start and b.start.earliest), key=_first)
    ends = [b.end for b in blocks if b.end and b.end.latest]
    line = Line([agent.name], starts[0] if starts else None)
    if ends and len(ends) == len(blocks):
        line.end = max(ends, key=_last)
    if agent.why:
        treatment.get("agent").book(USED, agent.why)
    _doses(blocks, line)
    return line


def _first(reading: DateReading) -> dt.date:
    return reading.earliest or dt.date.max


def _last(reading: DateReading) -> dt.date:
    return reading.latest or dt.date.min


class _Block:
    """A dose interval."""

    def __init__(self, interval: Node, when: When) -> None:
        self.node = interval
        self.start = when(interval.get("interval", "start"))
        self.end = when(interval.get("interval", "end"))
        quantity = interval.get("quantity")
        self.value, self.unit = quantity.get("value"), quantity.get("unit")
        self.times = _concept(under(interval, "scheduleFrequency"), "frequency")
        identifier = self.unit.get("id").text
        named = read_concept([coding_of(identifier)], "", ("unit",)).name
        spelled = identifier[5:] if identifier.lower().startswith("ucum:") else named or self.unit.get("label").text
        self.dose = daily_dose(self.value.text, spelled, self.times or None) if self.value else None

    def book_dose(self, use: str, why: str = "") -> None:
        for leaf in (self.value, self.unit, under(self.node, "scheduleFrequency")):
            leaf.book(use, why)


def _doses(blocks: list[_Block], line: Line) -> None:
    doses = {block.dose for block in blocks if block.value}
    only = next(iter(doses)) if len(doses) == 1 else None
    for block in blocks:
        if only:
            block.book_dose(USED)
        elif block.value and block.dose is None:
            block.book_dose(CONTEXT, "no dose in mg or mg/m2 a day can be worked out from it")
        else:
            block.book_dose(CONTEXT, "the dose changes within the line")
    if only:
        line.tokens["dose"], line.tokens["doseUnit"] = number(only[0]), kb(only[1])
    ordered = sorted(blocks, key=lambda block: _first(block.start) if block.start else dt.date.max)
    spans = [(b.start.day, b.end.day) for b in ordered if b.start and b.end and b.start.day and b.end.day]
    if len(spans) != len(blocks) or len(spans) < 2:
        return
    if any(later[0] <= earlier[1] + dt.timedelta(days=1) for earlier, later in pairwise(spans)):
        return
    line.cycles = [block.start for block in ordered if block.start]
    lengths = {(end - start).days + 1 for start, end in spans}
    if len(lengths) == 1 and 1 <= (days := lengths.pop()) <= 31:
        line.tokens["daysPerCycle"] = number(Decimal(days))
    line.tokens["cycles"] = number(Decimal(len(spans)))


def _regimen(regimen: Node, events: Events, when: When) -> Line | None:
    reference, named = under(regimen, "externalReference"), under(regimen, "ontologyClass")
    start, end = when(under(regimen, "startTime")), when(under(regimen, "endTime"))
    status = under(regimen, "regimenStatus")
    said = [reference.get("id"), reference.get("reference"), named.get("id")]
    trial = next(((leaf, name) for leaf in said if (name := _trial(leaf.text))), None)
    if trial:
        outcome = events.trial(trial[1], start)
        trial[0].book(*outcome)
        status.book(CONTEXT, "a trial that takes the patient is on offer, whatever its status")
        return None
    agent = _concept(named, "agent") if named else Concept(why="the regimen is no agent or trial that is known")
    if not agent:
        reference.book(NOT_UNDERSTOOD, agent.why)
        named.book(NOT_UNDERSTOOD, agent.why)
        return None
    return Line([agent.name], start, end)


def _trial(text: str) -> str:
    return next((name for nct, name in trials().items() if nct in text.upper()), "")


def _state(line: Line, events: Events, step: Node, leaves: list[Node], why: str) -> None:
    """State a line with its response and the reason for its end."""
    response, ended = under(step, "responseToTreatment"), under(step, "treatmentTerminationReason")
    best, reason = _concept(response, "response"), _concept(ended, "stop")
    lost = bool(best) and nodes("kb/clinical.ttl").get(best.name, {}).get("countsAs") == ["lossEffect"]
    if best and not lost:
        line.tokens["bestResponse"] = kb(best.name)
    if reason:
        line.tokens["stopReason"] = kb(reason.name)
    use, said = events.line(line)
    for leaf in leaves:
        leaf.book(use, said or why)
    if use != USED:
        step.book(*UNDATED)
        return
    if lost:
        response.book(NOT_UNDERSTOOD, "a loss of response has no date here; give it as the reason for the end")
    else:
        response.book(USED if best else NOT_UNDERSTOOD, best.why)
    ended.book(USED if reason else NOT_UNDERSTOOD, reason.why)
    if said:
        under(step, "treatment", "doseIntervals").book(NOT_UNDERSTOOD, shorten(said))
