"""Units: exact conversion, and findings instead of guesses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthma.errors import UsageError
from posthma.intake.units import analytes, read_measurement
from posthma.intake.values import plain


@pytest.mark.parametrize(
    ("text", "analyte", "column", "value"),
    [
        ("95 g/L", "hemoglobin", "", "9.5"), ("9.5 g/dL", "hemoglobin", "", "9.5"), ("9.5", "hemoglobin", "g/dL", "9.5"),
        ("35 K/uL", "platelets", "", "35"), ("35000 /µL", "platelets", "", "35"), ("35000", "platelets", "cells/mm3", "35"),
        ("150 x10⁹/L", "platelets", "", "150"), ("150 x 10^9/L", "platelets", "", "150"), ("150 G/L", "platelets", "", "150"),
        ("0.8", "neutrophils", "10*9/L", "0.8"), ("800", "neutrophils", "/uL", "0.8"), ("0.12", "marrowBlasts", "fraction", "12"),
        ("12 %", "marrowBlasts", "", "12"), ("45 %", "variantAlleleFraction", "", "0.45"), ("72", "age", "", "72"),
        ("30 months", "age", "", "2.5"), ("1", "ecog", "", "1"), ("80 %", "karnofsky", "", "80"), ("4,1 G/l", "leukocytes", "", "4.1"),
    ],
)  # fmt: skip
def test_conversion(text, analyte, column, value):
    reading = read_measurement(text, analyte, column)
    assert (plain(reading.interval.value), reading.usable, reading.findings) == (value, True, ())


def test_bounds_survive_conversion():
    reading = read_measurement("< 100 g/L", "hemoglobin")
    assert (reading.interval.low, reading.interval.high, reading.interval.high_exclusive) == (None, Decimal(10), True)


@pytest.mark.parametrize(
    ("text", "analyte", "column", "code", "fact"),
    [
        ("9.5", "hemoglobin", "", "no-unit", "haemoglobin without unit could be in g/dL or g/L"),
        ("95", "hemoglobin", "g/dL", "implausible", "95 g/dL is outside 2 to 22 g/dL; in g/L it would be 9.5 g/dL"),
        ("5.9 mmol/L", "hemoglobin", "", "unit-not-understood", "'mmol/L' is not understood; give g/dL or g/L"),
        ("800 /uL", "neutrophils", "10^9/L", "unit-not-understood", "given in /uL, its column in 10^9/L"),
        ("7 g/dL", "platelets", "", "unit-does-not-fit", "g/dL is no unit of platelets"),
        ("120 %", "marrowBlasts", "", "implausible", "120 % is outside 0 to 100 %"),
        ("80", "ecog", "", "not-on-scale", "looks like a Karnofsky status, which is kept apart"),
        ("1.5", "ecog", "", "not-on-scale", "1.5 is not on the ECOG scale"),
        ("85", "karnofsky", "", "not-on-scale", "in steps of 10"),
        ("-4", "age", "", "implausible", "-4 years is outside 0 to 120 years"),
        ("1 KPS", "ecog", "", "not-on-scale", "'KPS' is no unit of this scale"),
    ],
)  # fmt: skip
def test_doubt_is_a_finding(text, analyte, column, code, fact):
    reading = read_measurement(text, analyte, column)
    assert not reading.usable
    assert reading.findings[-1].code == code
    assert fact in reading.findings[-1].text


def test_missing_is_not_a_finding():
    reading = read_measurement("NA", "platelets", "10^9/L")
    assert (reading.missing, reading.usable, reading.findings) == (True, False, ())


def test_an_unheard_of_analyte_is_wrong_use():
    with pytest.raises(UsageError, match="hemoglobin"):
        read_measurement("1", "hb")
    assert "hemoglobin" in analytes()


@settings(deadline=None)
@given(st.decimals(3, 18, places=2))
def test_grams_per_litre_and_per_decilitre_agree_to_the_digit(value):
    """No float artefacts: ten times the number in g/L is the same haemoglobin."""
    one = read_measurement(f"{plain(value)} g/dL", "hemoglobin")
    other = read_measurement(f"{plain(value * 10)} g/L", "hemoglobin")
    assert one.interval == other.interval


@settings(deadline=None)
@given(st.integers(0, 5_000_000))
def test_cells_per_microlitre(count):
    reading = read_measurement(f"{count} /uL", "platelets")
    assert reading.interval.value == Decimal(count) / 1000
