"""Medication resources of FHIR as lines of therapy.

A statement or a request is a line; a request that a statement is based on tells no second one. Administrations join
the line of their request, or the only line of their agent that runs on their day; without one, all of an agent are one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import pairwise

from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED
from posthma.intake.codes import Concept
from posthma.intake.dates import read_date
from posthma.intake.events import Events, Line, daily_dose, kb, number, whole
from posthma.intake.fhir_bundle import Bundle, Resource
from posthma.intake.fhir_values import amount, concept, date, own_extensions, when
from posthma.intake.nodes import nodes
from posthma.intake.tree import Node

__all__ = ["Therapy"]

_GIVEN = {
    "MedicationStatement": {"active", "completed", "stopped", "on-hold"},
    "MedicationRequest": {"active", "completed", "stopped", "on-hold"},
    "MedicationAdministration": {"completed", "in-progress", "stopped", "on-hold"},
}
_NOT_ORDERS = {"proposal", "plan", "option"}
_SAID = frozenset({
    "bestResponse", "cycles", "exposureReported", "interrupted", "months", "responsesComplete", "schedule",
    "stopReason",
})  # fmt: skip


@dataclass(eq=False, slots=True)
class _Course:
    """A line on its way: the leaves that tell it and the days on which the agent was given."""

    line: Line
    agent: str
    leaves: list[Node] = field(default_factory=list)
    why: str = ""
    days: set[dt.date] = field(default_factory=set)
    single: bool = True
    given: list[Node] = field(default_factory=list)


class Therapy:
    """Reads the medication resources of one patient."""

    def __init__(self, bundle: Bundle, events: Events) -> None:
        self.bundle, self.events = bundle, events
        self.courses: list[_Course] = []
        self._by_key: dict[str, _Course] = {}

    def read(self, resources: list[Resource]) -> None:
        """Read statements, then requests, then administrations, and state the lines."""
        for kind in _GIVEN:
            for resource in resources:
                if resource.kind == kind and self._was_given(resource):
                    self._administration(resource) if kind.endswith("tion") else self._course(resource)
        self.courses.sort(key=lambda course: (_first(course.line), course.agent))
        for course in self.courses:
            self._state(course)

    def lines(self, resources: list[Resource]) -> list[Line]:
        """Return the stated lines that resources tell."""
        found = {id(course): course.line for r in resources if (course := self._by_key.get(r.key))}
        return [line for line in found.values() if line.iri]

    def _was_given(self, resource: Resource) -> bool:
        node = resource.node
        status, intent = node.get("status").text, node.get("intent").text
        if status not in _GIVEN[resource.kind] or intent in _NOT_ORDERS or node.get("doNotPerform").text == "true":
            node.book(CONTEXT, f"its status is {status or 'not given'}" if intent not in _NOT_ORDERS else f"a {intent}")
            return False
        return True

    def _agent(self, resource: Resource) -> tuple[Concept, Node]:
        said = resource.node.get("medicationCodeableConcept")
        if said:
            return concept(said, "agent"), said
        reference = resource.node.get("medicationReference")
        medication = self.bundle.resolve(reference, resource)
        if medication is None:
            return Concept(why="the medication it refers to is not in the bundle"), reference
        reference.book(USED)
        code = medication.node.get("code")
        found = concept(code, "agent")
        parts = [p.get("itemCodeableConcept") for p in medication.node.get("ingredient").each()]
        if not found and len(parts) == 1:
            return concept(parts[0], "agent"), parts[0]
        return found, code

    def _course(self, resource: Resource) -> None:
        node = resource.node
        agent, leaf = self._agent(resource)
        if not agent:
            leaf.book(NOT_UNDERSTOOD, agent.why)
            node.book(CONTEXT, "its agent is not understood")
            return
        if resource.kind == "MedicationRequest" and resource.key in self._by_key:
            node.book(CONTEXT, "a statement that is based on it tells the line")
            return
        dosages = list(node.get("dosage" if resource.kind == "MedicationStatement" else "dosageInstruction").each())
        bounds = next((b for d in dosages if (b := d.get("timing", "repeat", "boundsPeriod"))), node.get("missing"))
        period = node.get("effectivePeriod") or bounds
        start = date(period.get("start")) or when(node, "effective") or date(node.get("authoredOn"))
        line = Line([agent.name], start, date(period.get("end")))
        why = "" if resource.kind != "MedicationRequest" else "ordered; that it was given is not stated"
        course = _Course(line, agent.name, [leaf, node.get("status")], why or agent.why)
        _reason(node.get("statusReason"), line)
        _dosage(dosages, line)
        line.tokens.update(own_extensions(node, _SAID))
        self.courses.append(course)
        self._by_key[resource.key] = course
        for order in self.bundle.all(node.get("basedOn"), resource):
            self._by_key.setdefault(order.key, course)

    def _administration(self, resource: Resource) -> None:
        node = resource.node
        agent, leaf = self._agent(resource)
        day = when(node, "effective")
        if not agent or day is None:
            leaf.book(NOT_UNDERSTOOD, agent.why or "there is no date for it")
            return
        order = self.bundle.resolve(node.get("request"), resource)
        course = self._by_key.get(order.key) if order else None
        if course is None:
            same = [c for c in self.courses if c.agent == agent.name and c.line.runs_on(day)]
            course = same[0] if len(same) == 1 else None
        if course is None:
            course = _Course(Line([agent.name], day), agent.name)
            self.courses.append(course)
        elif not course.leaves and course.line.start and day.earliest and _first(course.line) > day.earliest:
            course.line.start = day
        if course.agent != agent.name:
            leaf.book(NOT_UNDERSTOOD, f"its request is for {course.agent}")
            return
        course.single &= day.earliest == day.latest
        if day.earliest and day.latest:
            course.days.update({day.earliest, day.latest} if (day.latest - day.earliest).days <= 31 else {day.earliest})
        course.given += [leaf, node.get("status"), node.get("request")]
        self._by_key[resource.key] = course

    def _state(self, course: _Course) -> None:
        starts = _cycle_starts(sorted(course.days))
        if len(starts) > 1:
            lengths = _lengths(sorted(course.days), starts)
            if course.single and len(lengths) == 1 and (days := lengths.pop()) <= 31:
                course.line.tokens.setdefault("daysPerCycle", number(Decimal(days)))
            course.line.cycles = [read_date(day.isoformat()) for day in starts]
            course.line.tokens.setdefault("cycles", number(Decimal(len(starts))))
        use, why = self.events.line(course.line)
        for leaf in [*course.leaves, *course.given]:
            leaf.book(use, why or course.why)


def _reason(given: Node, line: Line) -> None:
    """Read why a line ended: a request has one reason, a statement a list; two known ones are a contradiction."""
    read = [(one, concept(one, "stop")) for one in given.each()]
    known = {reason.name for _, reason in read if reason}
    for one, reason in read:
        why = "two reasons are given for the end" if len(known) > 1 else reason.why
        one.book(USED if reason and len(known) == 1 else NOT_UNDERSTOOD, why)
    if len(known) == 1:
        line.tokens["stopReason"] = kb(known.pop())


def _first(line: Line) -> dt.date:
    return line.start.earliest if line.start and line.start.earliest else dt.date.max


@cache
def _pause() -> int:
    """Return how many days without an administration end a cycle; no source gives the number."""
    return int(nodes("kb/policy.ttl")["policy"]["pauseDays"][0])


def _cycle_starts(days: list[dt.date]) -> list[dt.date]:
    """Return the days that begin a cycle.

    >>> [day.day for day in _cycle_starts([dt.date(2017, 1, d) for d in (2, 3, 6, 20, 21)])]
    [2, 20]
    """
    return [day for at, day in enumerate(days) if at == 0 or (day - days[at - 1]).days > _pause()]


def _lengths(days: list[dt.date], starts: list[dt.date]) -> set[int]:
    """Return on how many days of a cycle the agent was given: one number when all cycles agree."""
    return {sum(start <= day < end for day in days) for start, end in pairwise([*starts, dt.date.max])}


def _dosage(dosages: list[Node], line: Line) -> None:
    """Read dose and timing, when there is one dosage."""
    if len(dosages) != 1:
        for dosage in dosages:
            dosage.book(CONTEXT, "there are several dosages")
        return
    dosage = dosages[0]
    repeat = dosage.get("timing", "repeat")
    period, unit = repeat.get("period"), repeat.get("periodUnit")
    times = Concept("frequency", repeat.get("frequency").text or "1")
    daily = period.text == "1" and unit.text == "d" and whole(times.name, 1, 24) is not None
    doses = list(dosage.get("doseAndRate").each())
    quantity = doses[0].get("doseQuantity") if len(doses) == 1 else dosage.get("doseQuantity")
    if quantity:
        value, spelled, _ = amount(quantity)
        dose = daily_dose(value, spelled, times if daily else None)
        if dose:
            line.tokens["dose"], line.tokens["doseUnit"] = number(dose[0]), kb(dose[1])
            if daily:
                repeat.book(USED)
        quantity.book(
            USED if dose else CONTEXT, "" if dose else "no dose in mg or mg/m2 a day can be worked out from it"
        )
    count, weeks = whole(repeat.get("count").text, 1, 200), whole(period.text, 1, 52)
    if unit.text == "wk" and weeks is not None:
        line.tokens["cycleIntervalWeeks"] = number(weeks)
        period.book(USED)
        unit.book(USED)
        if count is not None:
            line.tokens["cycles"] = number(count)
            repeat.get("count").book(USED)
        days = whole(repeat.get("duration").text, 1, 31)
        if days is not None and repeat.get("durationUnit").text == "d":
            line.tokens["daysPerCycle"] = number(days)
            repeat.get("duration").book(USED)
            repeat.get("durationUnit").book(USED)
