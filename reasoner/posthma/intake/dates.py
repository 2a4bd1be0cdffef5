"""Dates as people write them, as the earliest and latest day they can mean.

>>> reading = read_date("2017-06")
>>> str(reading.earliest), str(reading.latest)
('2017-06-01', '2017-06-30')
>>> read_date("31.02.2019").findings[0].text
'31.02.2019 is no day of the calendar: February 2019 has 28 days'
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from posthma.intake.values import LIMIT, MISSING, Finding, shorten

__all__ = ["DateReading", "read_date"]

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are taken for slips of the pen."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a text says of a date.

    Attributes:
        reported: The text as it stood.
        earliest: First day it can mean; None when it is missing or was not understood.
        latest: Last day it can mean.
        missing: The text says that there is no date.
        findings: What a reader should know.
    """

    reported: str
    earliest: dt.date | None = None
    latest: dt.date | None = None
    missing: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def day(self) -> dt.date | None:
        """The one day it means, when it is exact."""
        return self.earliest if self.earliest == self.latest else None


# Not calendar.month_name, which follows the locale of the machine.
_NAMES = "January February March April May June July August September October November December".split()  # noqa: SIM905
_MONTHS = {form: n for n, name in enumerate(_NAMES, 1) for form in (name.lower(), name[:3].lower())} | {"sept": 9}
_TIME = r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_ISO = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?)?" + _TIME)
_COMPACT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})" + _TIME)
_SLASHED = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})" + _TIME)
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[./-]([0-9]{4})")
_DAY_NAME = re.compile(r"([0-9]{1,2})\.?[ -]([A-Za-z]{3,9})\.?[ ,-]\s?([0-9]{4})")
_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_NAME = re.compile(r"([A-Za-z]{3,9})\.?[ ,-]\s?([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2}")


def read_date(text: str) -> DateReading:
    """Read a date or a part of one.

    >>> read_date("06/05/2017").findings[0].code
    'ambiguous-date'
    """
    if len(text) > LIMIT:
        return _refused(text[:LIMIT], "too-long", f"longer than {LIMIT} characters; not read")
    body = text.strip().strip("\ufeff").strip()
    if body.lower() in MISSING:
        return DateReading(text, missing=True)
    if found := _ISO.fullmatch(body):
        return _build(text, found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(body):
        return _build(text, found[1], found[2], found[3])
    if found := _DOTTED.fullmatch(body):
        return _build(text, found[3], found[2], found[1])
    if found := _MONTH_YEAR.fullmatch(body):
        return _build(text, found[2], found[1], None)
    if found := _SLASHED.fullmatch(body):
        return _day_or_month_first(text, found[1], found[3], found[4])
    for pattern, order in ((_DAY_NAME, (3, 2, 1)), (_NAME_DAY, (3, 1, 2)), (_NAME, (2, 1, 0))):
        if (found := pattern.fullmatch(body)) and found[order[1]].lower() in _MONTHS:
            month = str(_MONTHS[found[order[1]].lower()])
            return _build(text, found[order[0]], month, found[order[2]] if order[2] else None)
    if _SHORT_YEAR.fullmatch(body):
        return _refused(text, "ambiguous-date", f"{body} has a year of two digits; write four")
    return _refused(text, "not-understood", f"{shorten(text)!r} is not a date; write YYYY-MM-DD, YYYY-MM or YYYY")


def _refused(text: str, code: str, why: str) -> DateReading:
    return DateReading(text, findings=(Finding(code, why, 0, len(text)),))


def _build(text: str, year: str, month: str | None, day: str | None) -> DateReading:
    y, m, d = int(year), int(month or 1), int(day or 1)
    shown = text.strip()
    if not FIRST_YEAR <= y <= LAST_YEAR:
        return _refused(text, "implausible-date", f"{shown}: the year {y} lies outside {FIRST_YEAR} to {LAST_YEAR}")
    if not 1 <= m <= 12:
        return _refused(text, "no-such-date", f"{shown} is no day of the calendar: there is no month {m}")
    length = calendar.monthrange(y, m)[1]
    if not 1 <= d <= length:
        why = f"{shown} is no day of the calendar: {_NAMES[m - 1]} {y} has {length} days"
        return _refused(text, "no-such-date", why)
    if month is None:
        return DateReading(text, dt.date(y, 1, 1), dt.date(y, 12, 31))
    if day is None:
        return DateReading(text, dt.date(y, m, 1), dt.date(y, m, length))
    return DateReading(text, dt.date(y, m, d), dt.date(y, m, d))


def _day_or_month_first(text: str, first: str, second: str, year: str) -> DateReading:
    """Read 13/05/2017: where both orders are possible, the date lies between the two and a finding says so."""
    readings = [_build(text, year, second, first), _build(text, year, first, second)]
    days = sorted({reading.day for reading in readings if reading.day})
    if not days:
        return readings[0]
    if len(days) == 1:
        return DateReading(text, days[0], days[0])
    why = f"{text.strip()} is {days[0]} or {days[1]}; kept as the span between them, write YYYY-MM-DD"
    return DateReading(text, days[0], days[1], findings=(Finding("ambiguous-date", why, 0, len(text)),))
