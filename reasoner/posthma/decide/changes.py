"""Changes of a record in thought: what a reader may suppose, and how each finding can be brought about.

A change names a term of the knowledge base. How it comes about in a record is read from the knowledge: from targets
with `p:presentClass` and `p:absentClass`, thresholds, risk groups, diseases and wishes, never from a finding's name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from posthma.decide.guidance import RDF_TYPE, Guidance
from posthma.errors import UsageError
from posthma.terms import literal_parts
from posthma.vocab import P, curie, expand

Form = Literal["test", "diagnosis", "wish", "risk", "limit"]
_NUMBER = r"\d+(?:\.\d+)?"
_VALUES = "found, absent, met, not met, a number such as 12, a range such as 5-9, or a bound such as <5 or >=20"


@dataclass(frozen=True)
class Interval:
    """Values from low to high; None is no bound, and an excluded bound does not belong to it.

    >>> Interval(Decimal(5), None).meet(Interval(None, Decimal(20), high_out=True))
    Interval(low=Decimal('5'), high=Decimal('20'), low_out=False, high_out=True)
    """

    low: Decimal | None = None
    high: Decimal | None = None
    low_out: bool = False
    high_out: bool = False

    def meet(self, other: Interval) -> Interval | None:
        """Return the values in both, or None when there are none."""
        low, low_out = self.low, self.low_out
        if other.low is not None and (low is None or (other.low, other.low_out) > (low, low_out)):
            low, low_out = other.low, other.low_out
        high, high_out = self.high, self.high_out
        if other.high is not None and (high is None or (-other.high, other.high_out) > (-high, high_out)):
            high, high_out = other.high, other.high_out
        if low is not None and high is not None and (low > high or (low == high and (low_out or high_out))):
            return None
        return Interval(low, high, low_out, high_out)

    def whole(self) -> Interval | None:
        """Return the whole numbers in it, bounds included; None when there are none."""
        low = None if self.low is None else _up(self.low, self.low_out)
        high = None if self.high is None else -_up(-self.high, self.high_out)
        return None if low is not None and high is not None and low > high else Interval(low, high)

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"{self.low}"
        low = "" if self.low is None else f"{'over' if self.low_out else 'at least'} {self.low}"
        high = "" if self.high is None else f"{'under' if self.high_out else 'at most'} {self.high}"
        return " and ".join(part for part in (low, high) if part)


def _up(number: Decimal, out: bool) -> Decimal:
    """Return the smallest whole number not below a bound, or above it when the bound is excluded."""
    above = number.to_integral_value(rounding="ROUND_CEILING")
    return above + 1 if out and above == number else above


@dataclass(frozen=True)
class Change:
    """One supposition.

    Attributes:
        term: A finding, a target (gene, donor, trial, disease ...), or an analyte.
        to: ``met`` or ``not met`` for a finding, ``found`` or ``absent`` for a target, ``value`` for an analyte, or
            ``unset``: the record would not speak of it.
        interval: The values of an analyte.
    """

    term: str
    to: Literal["met", "not met", "found", "absent", "value", "unset"]
    interval: Interval = Interval()

    def __str__(self) -> str:
        return f"{curie(self.term)}={self.interval if self.to == 'value' else self.to}"


def parse_set(text: str, guidance: Guidance) -> Change:
    """Read ``TERM=VALUE``.

    Raises:
        UsageError: The term is unknown, or the value does not suit it.
    """
    name, sign, value = text.partition("=")
    if not sign:
        raise UsageError("--set", f"{text!r} has no value", f"write TERM=VALUE; values are {_VALUES}")
    term = _known(name, guidance, "--set")
    value = value.strip().replace("-met", " met")
    interval = _interval(value)
    if interval is not None:
        return Change(term, "value", interval)
    if value not in ("met", "not met", "found", "absent"):
        raise UsageError("--set", f"{value!r} is no value for {name}", f"use {_VALUES}")
    return Change(term, value)  # type: ignore[arg-type]


def parse_unset(text: str, guidance: Guidance) -> Change:
    """Read a term that the record shall not speak of.

    Raises:
        UsageError: It is unknown.
    """
    return Change(_known(text, guidance, "--unset"), "unset")


def _known(name: str, guidance: Guidance, option: str) -> str:
    import difflib

    term = expand(name.strip())
    if term not in guidance.said:
        near = difflib.get_close_matches(curie(term), map(curie, guidance.said), n=1)
        hint = f"did you mean {near[0]}?" if near else "see the knowledge base"
        raise UsageError(option, f"{name} is no term of the knowledge base", hint)
    return term


def _interval(text: str) -> Interval | None:
    if found := re.fullmatch(rf"({_NUMBER})(?:\s*-\s*({_NUMBER}))?", text):
        low, high = Decimal(found[1]), Decimal(found[2] or found[1])
        if low > high:
            raise UsageError("--set", f"{text} runs backwards", f"write it as {high}-{low}")
        return Interval(low, high)
    if found := re.fullmatch(rf"(<=?|>=?)\s*({_NUMBER})", text):
        bound, out = Decimal(found[2]), "=" not in found[1]
        return Interval(None, bound, high_out=out) if found[1][0] == "<" else Interval(bound, None, low_out=out)
    return None


@dataclass(frozen=True)
class Way:
    """One way in which a finding comes about in a record.

    Attributes:
        form: The kind of event that brings it about.
        term: What is found, diagnosed, wanted or assigned; the analyte of a limit.
        present: Whether it is found or not found.
        threshold: The limit on one side of which the value lies.
        interval: That side.
    """

    form: Form
    term: str
    present: bool = True
    threshold: str = ""
    interval: Interval = Interval()


class Ways:
    """The ways into every finding, read from the knowledge once."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self._found: dict[str, list[Way]] = defaultdict(list)
        self._below: dict[str, list[str]] = defaultdict(list)
        for subject, facts in guidance.said.items():
            for parent in facts.get(P.kindOf, ()):
                self._below[parent].append(subject)
            form = self.form(subject)
            for predicate, present in ((P.presentClass, True), (P.absentClass, False), (P.unreportedClass, False)):
                for cls in facts.get(predicate, ()):
                    self._found[cls].append(Way(form, subject, present))
            for cls in facts.get(P.riskClass, ()):
                self._found[cls].append(Way("risk", subject))
            for predicate, above in ((P.aboveClass, True), (P.belowClass, False)):
                for cls in facts.get(predicate, ()):
                    self._add_limit(cls, subject, above)
            for predicate, above in ((P.aboveLimitOf, True), (P.belowLimitOf, False)):
                for choice in facts.get(predicate, ()):
                    for threshold in self._defined_by(guidance.objects(choice, P.defaultAlternative)):
                        self._add_limit(subject, threshold, above)

    def _defined_by(self, definitions: list[str]) -> list[str]:
        return [s for s, facts in self.guidance.said.items() if set(facts.get(P.definition, ())) & set(definitions)]

    def _add_limit(self, cls: str, threshold: str, above: bool) -> None:
        analyte = self.guidance.one(threshold, P.analyte)
        analyte = self.guidance.one(analyte, P.computedFrom) or analyte
        if not self.guidance.one(analyte, P.unit):  # a quantity that rules compute from therapy lines
            return
        limit = Decimal(self.guidance.text(threshold, P.limit))
        limit_is_above = self.guidance.one(threshold, P.limitBelongsTo).endswith("/above>")
        upper, lower = Interval(limit, None, not limit_is_above), Interval(None, limit, high_out=limit_is_above)
        interval = upper if above else lower
        if self.whole_numbers(analyte):
            interval = interval.whole() or interval
        self._found[cls].append(Way("limit", analyte, threshold=threshold, interval=interval))

    def form(self, term: str) -> Form:
        """Return the kind of event that speaks of a term."""
        kinds = self.guidance.objects(term, RDF_TYPE)
        if P.RiskGroup in kinds:
            return "risk"
        return "diagnosis" if P.Disease in kinds else "wish" if P.CareWish in kinds else "test"

    def whole_numbers(self, analyte: str) -> bool:
        """Say whether values of an analyte are whole numbers."""
        return self.guidance.text(self.guidance.one(analyte, P.unit), P.wholeNumbers) == "true"

    def of(self, finding: str) -> list[Way]:
        """Return the ways into a finding, sorted; none when only therapy lines bring it about."""
        return sorted(self._found.get(finding, ()), key=lambda way: (way.form, way.term, way.threshold))

    def findings(self, analyte: str) -> list[tuple[str, Way]]:
        """Return the findings on either side of an analyte's limits, by the definitions that the policy chose."""
        chosen = self.guidance.definitions_taken
        return [
            (cls, way)
            for cls, ways in sorted(self._found.items())
            for way in ways
            if way.form == "limit" and way.term == analyte
            and set(self.guidance.objects(way.threshold, P.definition)) <= chosen
        ]  # fmt: skip

    def below(self, term: str) -> list[str]:
        """Return a term and everything that is a kind of it."""
        return _reach(term, lambda t: self._below.get(t, ()))

    def above(self, term: str) -> list[str]:
        """Return a term and everything that it is a kind of."""
        return _reach(term, lambda t: self.guidance.objects(t, P.kindOf))

    def can_change(self, finding: str) -> bool:
        """Say whether a finding can still come about once its contrary holds (kb/policies/changeability.ttl)."""
        said = self.guidance.text(finding, P.changeable)
        return said != "false" if said else not self.from_history(finding)

    def from_history(self, finding: str) -> bool:
        """Say whether a finding is settled by what has happened rather than by an examination."""
        test = self.guidance.decided_by(finding)
        return self.guidance.text(test, P.changeable) == "false" if test else not self.of(finding)


def _reach(term: str, step: object) -> list[str]:
    found = {term: None}
    agenda = [term]
    while agenda:
        for other in step(agenda.pop()):  # type: ignore[operator]
            if other not in found:
                found[other] = None
                agenda.append(other)
    return list(found)


def as_findings(change: Change, guidance: Guidance) -> list[Change]:
    """Return a change of a criterion as changes of the findings it is made of; other changes as they are.

    Raises:
        UsageError: Several findings could bring it about, or it has no contrary.
    """
    if change.to not in ("met", "not met"):
        return [change]
    operator, members = guidance.definitions.get(change.term, ("", ()))
    if not members:
        if change.to == "met":
            return [change]
        contrary = guidance.contrary.get(change.term)
        if not contrary:
            raise UsageError("--set", f"{curie(change.term)} has no contrary", "unset it, or set another finding")
        return [Change(contrary, "met")]
    if (operator == "all") is (change.to == "met"):
        return [found for member in members for found in as_findings(replace(change, term=member), guidance)]
    names = ", ".join(map(curie, members))
    fact = f"{curie(change.term)} is {change.to} in several ways"
    raise UsageError("--set", fact, f"set one of the findings that it is made of: {names}")


def number(token: str) -> Decimal:
    """Return the number that a literal token writes."""
    return Decimal(literal_parts(token)[0])
