"""Ages as ISO 8601 durations, and the days that they mean for a known birth date.

>>> born = read_date("1946-05-01")
>>> when = at_age("P70Y6M", born)
>>> str(when.earliest), str(when.latest)
('2016-11-01', '2016-11-30')
>>> completed_years(born, read_date("2016-12-12"))
(70, 70)
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from posthma.intake.dates import DateReading, read_date

__all__ = ["at_age", "completed_years", "read_date", "years_of"]

_DURATION = re.compile(
    r"P(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?(?:T[0-9HMS.]{1,20})?"
)


def _parts(text: str) -> tuple[int, int, int, str] | None:
    """Return years, months, days and the smallest unit that was given."""
    found = _DURATION.fullmatch(text.strip().upper())
    if not found or not any(found.groups()):
        return None
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return years, months, 7 * weeks + days, "D" if found[3] or found[4] else "M" if found[2] else "Y"


def years_of(text: str) -> int | None:
    """Return the completed years of a duration; None when it is none.

    >>> years_of("P70Y11M"), years_of("70")
    (70, None)
    """
    parts = _parts(text)
    return None if parts is None else parts[0] + parts[1] // 12


def at_age(text: str, born: DateReading) -> DateReading | None:
    """Return the days on which a patient had an age; None without a duration or a birth date."""
    parts = _parts(text)
    if parts is None or born.earliest is None or born.latest is None:
        return None
    years, months, days, smallest = parts
    first = _later(born.earliest, years, months, days)
    last = _later(born.latest, years + (smallest == "Y"), months + (smallest == "M"), days)
    if first is None or last is None:
        return None
    return DateReading(text, first, last - dt.timedelta(days=smallest != "D"))


def _later(day: dt.date, years: int, months: int, days: int) -> dt.date | None:
    month = day.month - 1 + months
    year = day.year + years + month // 12
    if year > 9998:
        return None
    month = month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1])) + dt.timedelta(days=days)


def completed_years(born: DateReading, when: DateReading) -> tuple[int, int] | None:
    """Return the least and the most completed years on a date; None where a date is missing or they do not fit."""
    if not (born.earliest and born.latest and when.earliest and when.latest):
        return None
    least = _years(born.latest, when.earliest)
    most = _years(born.earliest, when.latest)
    return (max(least, 0), most) if most >= 0 else None


def _years(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
