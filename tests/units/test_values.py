"""Numbers, bounds and dates as people write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthma.intake.dates import read_date
from posthma.intake.values import LIMIT, Interval, canonical, plain, read_number, to_decimal


@pytest.mark.parametrize(
    ("text", "low", "high", "low_out", "high_out", "rest"),
    [
        ("5", "5", "5", False, False, ""), ("5.0 %", "5", "5", False, False, "%"), ("< 5 %", None, "5", False, True, "%"),
        ("<5", None, "5", False, True, ""), ("≤5", None, "5", False, False, ""), ("<= 5", None, "5", False, False, ""),
        (">20", "20", None, True, False, ""), (">= 20", "20", None, False, False, ""), ("20+", "20", None, False, False, ""),
        ("5-9", "5", "9", False, False, ""), ("5 – 9 %", "5", "9", False, False, "%"), ("5 to 9", "5", "9", False, False, ""),
        ("less than 5", None, "5", False, True, ""), ("at least 8", "8", None, False, False, ""),
        ("1,5", "1.5", "1.5", False, False, ""), ("1.234,5", "1234.5", "1234.5", False, False, ""),
        ("1,234.5", "1234.5", "1234.5", False, False, ""), ("12 345", "12345", "12345", False, False, ""),
        ("12,345,678", "12345678", "12345678", False, False, ""), ("1e3", "1000", "1000", False, False, ""),
        ("0.10", "0.1", "0.1", False, False, ""), ("-3", "-3", "-3", False, False, ""), (".5", "0.5", "0.5", False, False, ""),
        ("10-20 10^9/L", "10", "20", False, False, "10^9/L"), ("4,5-6,5", "4.5", "6.5", False, False, ""),
    ],
)  # fmt: skip
def test_numbers(text, low, high, low_out, high_out, rest):
    reading = read_number(text)
    expected = Interval(low and Decimal(low), high and Decimal(high), low_out, high_out)
    assert (reading.interval, reading.rest, reading.findings) == (expected, rest, ())


@pytest.mark.parametrize("text", ["~20", "ca. 20", "about 20", "≈20", "approx. 20"])
def test_about(text):
    assert read_number(text).approximate
    assert read_number(text).interval == Interval.exactly(Decimal(20))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,500", "ambiguous-number"), ("1.2.3", "ambiguous-number"), ("1,2,3", "ambiguous-number"), ("9-5", "reversed-range"),
        ("20 ± 2", "spread"), ("abc", "not-understood"), ("1e999", "not-understood"), ("9" * 21, "not-understood"), ("9" * (LIMIT + 1), "too-long"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_a_finding(text, code):
    reading = read_number(text)
    assert reading.interval is None
    assert reading.findings[0].code == code


def test_a_decimal_that_may_be_thousands_is_noted():
    reading = read_number("1.500")
    assert (reading.interval, reading.findings[0].code) == (Interval.exactly(Decimal("1.5")), "thousands-or-decimals")


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "unknown", "-", "NaN"])
def test_missing(text):
    assert read_number(text).missing
    assert read_date(text).missing


@settings(deadline=None)
@given(st.decimals(0, 10**6, places=3))
def test_plain_digits_come_back(number):
    """Any decimal, written plainly, reads as itself in canonical form."""
    text = plain(number)
    reading = read_number(text)
    assert reading.interval == Interval.exactly(canonical(number))


@settings(deadline=None)
@given(st.floats(-1e9, 1e9))
def test_floats_keep_their_shortest_digits(number):
    assert float(to_decimal(number)) == number
    assert "E" not in plain(to_decimal(number))


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2017-06-05", "2017-06-05", "2017-06-05"), ("2017-06", "2017-06-01", "2017-06-30"), ("2017", "2017-01-01", "2017-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"), ("05.06.2017", "2017-06-05", "2017-06-05"), ("06/2017", "2017-06-01", "2017-06-30"),
        ("Jun 2017", "2017-06-01", "2017-06-30"), ("5 June 2017", "2017-06-05", "2017-06-05"), ("June 5, 2017", "2017-06-05", "2017-06-05"),
        ("2017-06-05T10:00:00Z", "2017-06-05", "2017-06-05"), ("20170605", "2017-06-05", "2017-06-05"), ("13/05/2017", "2017-05-13", "2017-05-13"),
    ],
)  # fmt: skip
def test_dates(text, earliest, latest):
    reading = read_date(text)
    assert (str(reading.earliest), str(reading.latest), reading.findings) == (earliest, latest, ())


@pytest.mark.parametrize(
    ("text", "code", "fact"),
    [
        ("31.02.2019", "no-such-date", "31.02.2019 is no day of the calendar: February 2019 has 28 days"),
        ("29.02.2017", "no-such-date", "February 2017 has 28 days"), ("2017-13", "no-such-date", "there is no month 13"),
        ("05.06.17", "ambiguous-date", "has a year of two digits"), ("soon", "not-understood", "write YYYY-MM-DD"),
        ("0017-01-01", "implausible-date", "the year 17 lies outside"),
    ],
)  # fmt: skip
def test_dates_that_are_none(text, code, fact):
    reading = read_date(text)
    assert reading.earliest is None
    assert reading.findings[0].code == code
    assert fact in reading.findings[0].text


def test_day_or_month_first_becomes_the_span_between():
    reading = read_date("06/05/2017")
    assert (reading.earliest, reading.latest) == (dt.date(2017, 5, 6), dt.date(2017, 6, 5))
    assert reading.findings[0].code == "ambiguous-date"


@settings(deadline=None)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_every_day_reads_alike_in_three_spellings(day):
    forms = [day.isoformat(), f"{day.day}.{day.month}.{day.year}", day.strftime("%Y%m%d") if day.year >= 1900 else ""]
    assert {read_date(form).day for form in forms} == {day}
