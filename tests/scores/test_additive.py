"""IPSS, IPSS-R and its age adjustment: values worked out by hand from the published rows, before the code ran."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthma.intake.values import Interval
from posthma.scores import ipss, ipss_r, ipss_r_age_adjusted
from posthma.scores.model import ScoreInputError

GROUPS = ["very good", "good", "intermediate", "poor", "very poor"]
# An untroubled patient: every row gives 0 points in IPSS-R.
ZERO = {"marrow_blasts_pct": 2, "cytogenetics": "very good", "hemoglobin_g_dl": 10, "platelets_e9_l": 100,
        "neutrophils_e9_l": 0.8}  # fmt: skip


def with_(**changes):
    return {**ZERO, **changes}


@pytest.mark.parametrize(
    ("inputs", "value", "category"),
    [
        (ZERO, "0", "very low"),
        # 1 (good) + 3 (blasts > 10) + 1.5 (Hb < 8) + 0 (platelets) + 0.5 (ANC < 0.8) = 6: high, the limit belongs below
        (with_(cytogenetics="Good", marrow_blasts_pct=14, hemoglobin_g_dl=7.6, platelets_e9_l=119, neutrophils_e9_l=0.2), "6", "high"),
        # 1 + 0 + 0 + 1 (platelets < 50) + 0 = 2
        (with_(cytogenetics="good", marrow_blasts_pct=1, hemoglobin_g_dl=11.6, platelets_e9_l=42, neutrophils_e9_l=2.4), "2", "low"),
        # 4 + 3 + 1.5 + 1 + 0.5 = 10, the most the table can give
        (with_(cytogenetics="VERY-POOR", marrow_blasts_pct=16, hemoglobin_g_dl=7.5, platelets_e9_l=23, neutrophils_e9_l=0.24), "10", "very high"),
        # 1 + 2 + 1 + 0 + 0 = 4
        (with_(cytogenetics="good", marrow_blasts_pct=9, hemoglobin_g_dl=9.6, platelets_e9_l=281, neutrophils_e9_l=4.84), "4", "intermediate"),
    ],
)  # fmt: skip
def test_ipss_r_worked(inputs, value, category):
    result = ipss_r(**inputs)
    assert (result.value, result.category) == (Decimal(value), category)
    assert sum(part.points for part in result.contributions) == Decimal(value)


@pytest.mark.parametrize(
    ("field", "value", "points"),
    [
        ("marrow_blasts_pct", 0, "0"), ("marrow_blasts_pct", 2, "0"), ("marrow_blasts_pct", 2.01, "1"),
        ("marrow_blasts_pct", 4.99, "1"), ("marrow_blasts_pct", 5, "2"), ("marrow_blasts_pct", 10, "2"),
        ("marrow_blasts_pct", 10.01, "3"), ("hemoglobin_g_dl", 10, "0"), ("hemoglobin_g_dl", 9.99, "1"),
        ("hemoglobin_g_dl", 8, "1"), ("hemoglobin_g_dl", 7.99, "1.5"), ("platelets_e9_l", 100, "0"),
        ("platelets_e9_l", 99.9, "0.5"), ("platelets_e9_l", 50, "0.5"), ("platelets_e9_l", 49.9, "1"),
        ("neutrophils_e9_l", 0.8, "0"), ("neutrophils_e9_l", 0.79, "0.5"),
    ],
)  # fmt: skip
def test_ipss_r_limit_of_each_row(field, value, points):
    assert ipss_r(**with_(**{field: value})).value == Decimal(points)


@pytest.mark.parametrize(
    ("inputs", "value", "category"),
    [
        # the five categories at their upper limits: 1.5, 3, 4.5, 6 belong below
        (with_(hemoglobin_g_dl=7), "1.5", "very low"),
        (with_(hemoglobin_g_dl=7, platelets_e9_l=80), "2", "low"),
        (with_(marrow_blasts_pct=11), "3", "low"),
        (with_(marrow_blasts_pct=11, neutrophils_e9_l=0.1), "3.5", "intermediate"),
        (with_(marrow_blasts_pct=11, hemoglobin_g_dl=7), "4.5", "intermediate"),
        (with_(cytogenetics="poor", marrow_blasts_pct=6), "5", "high"),
        (with_(cytogenetics="poor", marrow_blasts_pct=11), "6", "high"),
        (with_(cytogenetics="poor", marrow_blasts_pct=11, neutrophils_e9_l=0.1), "6.5", "very high"),
    ],
)
def test_ipss_r_limit_of_each_category(inputs, value, category):
    result = ipss_r(**inputs)
    assert (result.value, result.category) == (Decimal(value), category)


@pytest.mark.parametrize(
    ("age", "inputs", "value", "category"),
    [
        # 6 + (64 - 70) x (0.05 - 0.03) = 5.88
        (64, with_(cytogenetics="good", marrow_blasts_pct=14, hemoglobin_g_dl=7.6, platelets_e9_l=119, neutrophils_e9_l=0.2), "5.88", "high"),
        # 4 + 9 x (0.05 - 0.02) = 4.27
        (79, with_(cytogenetics="good", marrow_blasts_pct=9, hemoglobin_g_dl=9.6, platelets_e9_l=281, neutrophils_e9_l=5), "4.27", "intermediate"),
        # 10 + (66 - 70) x 0 = 10
        (66, with_(cytogenetics="very poor", marrow_blasts_pct=16, hemoglobin_g_dl=7.5, platelets_e9_l=23, neutrophils_e9_l=0.2), "10", "very high"),
        # 0 + (100 - 70) x 0.05 = 1.5: the limit belongs below; one year more does not
        (100, ZERO, "1.5", "very low"),
        (101, ZERO, "1.55", "low"),
        (70, ZERO, "0", "very low"),
    ],
)  # fmt: skip
def test_age_adjustment_worked(age, inputs, value, category):
    result = ipss_r_age_adjusted(age_years=age, **inputs)
    assert (result.value, result.category) == (Decimal(value), category)


def test_without_age_there_is_no_adjusted_score():
    result = ipss_r_age_adjusted(**ZERO)
    assert result.value is None
    assert result.missing == ("age",)
    assert "age is missing" in result.reason


@pytest.mark.parametrize(
    ("inputs", "value", "category"),
    [
        # 0 + 0 + 0 cytopenias
        ({"marrow_blasts_pct": 4, "cytogenetics": "good", "hemoglobin_g_dl": 10, "neutrophils_e9_l": 1.8, "platelets_e9_l": 100}, "0", "low"),
        # 0.5 (blasts 5 to 10) + 0 + 0 (one cytopenia)
        ({"marrow_blasts_pct": 5, "cytogenetics": "good", "hemoglobin_g_dl": 9.9, "neutrophils_e9_l": 1.8, "platelets_e9_l": 100}, "0.5", "intermediate-1"),
        # 0 + 0.5 + 0.5 (two cytopenias) = 1: the limit belongs below
        ({"marrow_blasts_pct": 4, "cytogenetics": "int", "hemoglobin_g_dl": 9.9, "neutrophils_e9_l": 1.79, "platelets_e9_l": 100}, "1", "intermediate-1"),
        # 1.5 (blasts 11 to 20) + 0.5 + 0
        ({"marrow_blasts_pct": 18, "cytogenetics": "intermediate", "hemoglobin_g_dl": 12, "neutrophils_e9_l": 2, "platelets_e9_l": 99}, "2", "intermediate-2"),
        # 2 (blasts 21 to 30) + 1 + 0.5
        ({"marrow_blasts_pct": 30, "cytogenetics": "poor", "hemoglobin_g_dl": 7, "neutrophils_e9_l": 0.1, "platelets_e9_l": 9}, "3.5", "high"),
    ],
)  # fmt: skip
def test_ipss_worked(inputs, value, category):
    result = ipss(**inputs)
    assert (result.value, result.category) == (Decimal(value), category)


def test_ipss_between_two_rows_is_open():
    """The table names whole per cents: 10.5 lies between 5 to 10 (0.5 points) and 11 to 20 (1.5 points)."""
    result = ipss(marrow_blasts_pct=10.5, cytogenetics="good", hemoglobin_g_dl=12, neutrophils_e9_l=2, platelets_e9_l=200)
    assert (result.value, result.lowest, result.highest) == (None, Decimal("0.5"), Decimal("1.5"))
    assert "between two rows" in result.notes[0]


def test_ipss_above_its_table_is_refused():
    with pytest.raises(ScoreInputError, match=r"PH-240 marrow blasts: 35 % lies outside the table"):
        ipss(marrow_blasts_pct=35, cytogenetics="good")


def test_ipss_two_known_cytopenias_settle_the_third():
    result = ipss(marrow_blasts_pct=4, cytogenetics="good", hemoglobin_g_dl=9, neutrophils_e9_l=1)
    assert (result.value, result.missing) == (Decimal("0.5"), ("platelets",))


def test_missing_is_never_zero():
    """Without haemoglobin (0 to 1.5 points) a score of 0 becomes a span."""
    result = ipss_r(**with_(hemoglobin_g_dl=None))
    assert (result.value, result.lowest, result.highest) == (None, Decimal(0), Decimal("1.5"))
    assert result.missing == ("haemoglobin",)
    assert result.category == "very low"  # 0 to 1.5 is one category, so it can be named
    assert ipss_r().lowest == 0
    assert ipss_r().highest == 10
    assert ipss_r().category is None


def test_censored_blasts():
    """Below 5 % lies in two rows (0 and 1 points); "at most 2" in one."""
    below5 = Interval(None, Decimal(5), high_exclusive=True)
    assert (ipss_r(**with_(marrow_blasts_pct=below5)).lowest, ipss_r(**with_(marrow_blasts_pct=below5)).highest) == (0, 1)
    assert ipss_r(**with_(marrow_blasts_pct=Interval(None, Decimal(2)))).value == 0
    # "over 10" is 3 points, "10 or more" is 2 or 3
    assert ipss_r(**with_(marrow_blasts_pct=Interval(Decimal(10), None, low_exclusive=True))).value == 3
    assert ipss_r(**with_(marrow_blasts_pct=Interval(Decimal(10), None))).value is None


def test_several_possible_groups():
    result = ipss_r(**with_(cytogenetics=["good", "poor"]))
    assert (result.lowest, result.highest) == (1, 3)


@pytest.mark.parametrize(
    ("field", "value", "fact"),
    [
        ("marrow_blasts_pct", 180, "180 is not possible"),
        ("marrow_blasts_pct", -1, "-1 is not possible"),
        ("hemoglobin_g_dl", float("nan"), "nan is not a number"),
        ("cytogenetics", "fair", "'fair' is no group of IPSS-R"),
    ],
)
def test_impossible_inputs_are_refused(field, value, fact):
    with pytest.raises(ScoreInputError, match=fact):
        ipss_r(**with_(**{field: value}))


def test_a_likely_wrong_unit_is_noted():
    note = ipss_r(**with_(hemoglobin_g_dl=95)).notes[0]
    assert note == "haemoglobin: the published calculator accepts 4 to 20 g/dL, not 95; check the unit"


percent = st.decimals(0, 30, places=2)
patients = st.fixed_dictionaries({
    "marrow_blasts_pct": percent,
    "cytogenetics": st.sampled_from(GROUPS),
    "hemoglobin_g_dl": st.decimals(3, 18, places=1),
    "platelets_e9_l": st.decimals(0, 900, places=0),
    "neutrophils_e9_l": st.decimals(0, 12, places=2),
})  # fmt: skip


@settings(deadline=None)
@given(patients, percent)
def test_more_blasts_never_lower_ipss_r(patient, blasts):
    low, high = sorted([patient["marrow_blasts_pct"], blasts])
    assert ipss_r(**{**patient, "marrow_blasts_pct": low}).value <= ipss_r(**{**patient, "marrow_blasts_pct": high}).value


@settings(deadline=None)
@given(patients, st.sets(st.sampled_from(sorted(ZERO)), min_size=1))
def test_the_span_of_a_patient_with_gaps_holds_the_score(patient, gone):
    """Whatever is taken away, the full score stays within the span, and its category among the possible ones."""
    full = ipss_r(**patient)
    part = ipss_r(**{key: None if key in gone else value for key, value in patient.items()})
    assert part.lowest <= full.value <= part.highest
    assert full.category in part.categories
    assert len(part.missing) == len(gone)


@settings(deadline=None)
@given(patients, st.integers(18, 100), st.integers(18, 100))
def test_age_raises_the_score_below_ten_points(patient, one, other):
    young, old = sorted([one, other])
    assert ipss_r_age_adjusted(age_years=young, **patient).value <= ipss_r_age_adjusted(age_years=old, **patient).value
