"""What a score returns, and how its inputs are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from posthma.errors import RecordError
from posthma.intake.values import Interval, plain, to_decimal

__all__ = ["Contribution", "Number", "Scenario", "Score", "ScoreInputError", "interval"]

Number = int | float | Decimal | Interval | None
"""A measured value: a number, an `Interval` for a censored one ("< 5 %"), or None when it is missing."""


class ScoreInputError(RecordError):
    """An input of a score cannot be what it says: a negative count, blasts over 100 %, an unknown group."""

    code = "PH-240"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one input adds to a score.

    Attributes:
        name: The input, in words.
        given: The value as used; "missing" when there was none.
        points: What it adds; None when that is not settled.
        lowest: The least it can add.
        highest: The most it can add.
    """

    name: str
    given: str
    points: Decimal | None
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to fill in what is missing: its score, category and the contribution of each variable."""

    value: Decimal
    category: str
    contributions: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Score:
    """A score of one patient.

    Attributes:
        scheme: Name of the score.
        value: The score; for IPSS-M that of the mean scenario; None when it is not settled.
        category: The risk category of ``value``; also given where all possible values share one category.
        lowest: The least the score can be, given what is missing; None when nothing can be said.
        highest: The most it can be.
        categories: The categories that are possible, from low to high.
        contributions: What each input adds.
        missing: Names of the inputs that are missing.
        notes: What a reader should know about the inputs.
        reason: Why there is no value; empty when there is one.
        scenarios: IPSS-M only: ``best``, ``mean`` and ``worst``.
        source: Where the table comes from.
    """

    scheme: str
    value: Decimal | None = None
    category: str | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    categories: tuple[str, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    source: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the score as JSON values; numbers as strings of plain digits, so that none is rounded."""
        shown: dict[str, object] = {
            "scheme": self.scheme,
            "value": _text(self.value),
            "category": self.category,
            "lowest": _text(self.lowest),
            "highest": _text(self.highest),
            "possible_categories": list(self.categories),
            "inputs": [
                {"name": c.name, "given": c.given, "points": _text(c.points), "lowest": _text(c.lowest),
                 "highest": _text(c.highest)}
                for c in self.contributions
            ],
            "missing": list(self.missing),
            "notes": list(self.notes),
            "reason": self.reason or None,
            "source": self.source,
        }  # fmt: skip
        if self.scenarios:
            shown["scenarios"] = {
                name: {"value": _text(s.value), "category": s.category,
                       "contributions": {k: _text(v.quantize(Decimal("0.0001"))) for k, v in s.contributions.items()}}
                for name, s in self.scenarios.items()
            }  # fmt: skip
        return shown


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def interval(name: str, value: Number, *, least: int = 0, most: int | None = None) -> Interval | None:
    """Return an input as interval, refusing what no patient can have.

    Args:
        name: The input, for the message.
        value: As given.
        least: The least that is possible at all.
        most: The most that is possible at all; None for no limit.

    Raises:
        ScoreInputError: The value is not finite or not possible.
    """
    if value is None:
        return None
    if not isinstance(value, Interval):
        try:
            value = Interval.exactly(to_decimal(value))
        except (ValueError, ArithmeticError) as error:
            raise ScoreInputError(name, f"{value!r} is not a number", "give a finite number or nothing") from error
    for bound in (value.low, value.high):
        if bound is not None and (bound < least or (most is not None and bound > most)):
            span = f"from {least} to {most}" if most is not None else f"of at least {least}"
            raise ScoreInputError(name, f"{plain(bound)} is not possible", f"give a value {span}, in the unit named")
    low = Decimal(least) if value.low is None else value.low
    high = Decimal(most) if value.high is None and most is not None else value.high
    return Interval(low, high, value.low_exclusive and value.low is not None, value.high_exclusive)
