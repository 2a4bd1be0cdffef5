"""IPSS-M: cases of the published calculators, arithmetic by hand, and properties of the three cases."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthma.scores import ipss_m
from posthma.scores.model import ScoreInputError
from posthma.scores.molecular import genes, tp53_multi_hit

NONE_MUTATED = dict.fromkeys(genes(), False)
NO_LESION = {"del5q": False, "del7_7q": False, "del17_17p": False, "complex_karyotype": False}
# The values of the five published examples; expected results from the calculators' own tests (scores.yaml).
PP347 = {
    "hemoglobin_g_dl": 9.6, "platelets_e9_l": 281, "marrow_blasts_pct": 9, "cytogenetics": "Good", **NO_LESION,
    "tp53_mutations": 0, "tp53_loh": False,
    "mutated": {**NONE_MUTATED, "ASXL1": True, "SRSF2": True, "STAG2": True, "ETNK1": None, "GNB1": None, "PRPF8": None},
}  # fmt: skip


def test_example_pp347():
    result = ipss_m(**PP347)
    values = {name: str(scenario.value) for name, scenario in result.scenarios.items()}
    assert values == {"best": "0.3", "mean": "0.31", "worst": "0.63"}
    assert (result.category, result.scenarios["worst"].category) == ("moderate high", "high")
    assert set(result.missing) == {"ETNK1", "GNB1", "PRPF8"}


def test_example_with_nas():
    mutated = {**PP347["mutated"], "BCOR": None, "WT1": None}
    result = ipss_m(**{**PP347, "mutated": mutated})
    assert [str(s.value) for s in result.scenarios.values()] == ["0.3", "0.32", "0.63"]


def test_example_pp564():
    result = ipss_m(
        hemoglobin_g_dl=7.5, platelets_e9_l=23, marrow_blasts_pct=16, cytogenetics="Very Poor",
        del5q=True, del7_7q=True, del17_17p=False, complex_karyotype=True,
        tp53_mutations=1, tp53_max_fraction=0.85, tp53_loh=True, mutated={**NONE_MUTATED, "NF1": True},
    )  # fmt: skip
    assert [str(s.value) for s in result.scenarios.values()] == ["4.55"] * 3
    assert (result.category, result.missing) == ("very high", ())


def test_example_zero_score():
    result = ipss_m(
        hemoglobin_g_dl=10, platelets_e9_l=10, marrow_blasts_pct=10, cytogenetics="Very Good", **NO_LESION,
        tp53_mutations=0, tp53_max_fraction=0, tp53_loh=False, mutated={**NONE_MUTATED, "BCOR": True},
    )  # fmt: skip
    assert (result.value, result.category) == (Decimal(0), "moderate low")


def test_example_sf3b1_alpha():
    """RUNX1 unknown leaves SF3B1 alpha open only when SF3B1 is mutated."""
    result = ipss_m(
        hemoglobin_g_dl=10, platelets_e9_l=100, marrow_blasts_pct=5, cytogenetics="Intermediate", **NO_LESION,
        tp53_mutations=0, tp53_loh=False, mutated={**NONE_MUTATED, "RUNX1": None},
    )  # fmt: skip
    assert [str(s.value) for s in result.scenarios.values()] == ["-0.3", "-0.22", "0.31"]
    assert result.category == "moderate low"
    assert result.scenarios["worst"].category == "moderate high"


def test_one_contribution_by_hand():
    """IDH2 mutated: (1 - 0.0429) x 0.379 / ln 2 = 0.5233; not mutated: -0.0429 x 0.379 / ln 2 = -0.0235."""
    hit = ipss_m(**{**PP347, "mutated": {**PP347["mutated"], "IDH2": True}}).scenarios["mean"].contributions["IDH2"]
    clear = ipss_m(**PP347).scenarios["mean"].contributions["IDH2"]
    assert float(hit) == pytest.approx((1 - 0.0429) * 0.379 / math.log(2))
    assert float(clear) == pytest.approx(-0.0429 * 0.379 / math.log(2))


def test_nothing_known_is_the_average_patient():
    """All inputs missing: the mean case scores 0; best and worst lie far apart."""
    result = ipss_m()
    assert (result.value, result.category) == (Decimal(0), "moderate low")
    assert result.scenarios["best"].value < -3
    assert result.scenarios["worst"].value > 8
    assert {"haemoglobin", "platelets", "marrow blasts", "cytogenetics", "del(5q)"} <= set(result.missing)


def test_a_gene_left_out_is_not_a_gene_without_mutation():
    assert ipss_m(mutated={"FLT3": False}).value != ipss_m().value


@pytest.mark.parametrize(
    ("mutations", "fraction", "loh", "del17", "expected"),
    [
        (0, None, None, None, False), (0, None, True, True, False), (2, None, None, None, True), (3, 0.1, None, None, True),
        (1, 0.55, False, False, False), (1, 0.551, False, False, True), (1, 0.3, True, False, True),
        (1, 0.3, None, True, True), (1, 0.3, None, False, None), (1, None, None, None, None), (1, None, False, None, False),
        (None, 0.9, True, True, None),
    ],
)  # fmt: skip
def test_tp53_multi_hit(mutations, fraction, loh, del17, expected):
    assert tp53_multi_hit(mutations, fraction, loh, del17) is expected


def test_unknown_gene_is_refused():
    with pytest.raises(ScoreInputError, match="gene TET2: is not a gene of IPSS-M"):
        ipss_m(mutated={"TET2": True})


def test_partial_tandem_duplication_by_either_name():
    assert ipss_m(mutated={"KMT2A_PTD": True}).value == ipss_m(mutated={"MLL_PTD": True}).value


truth = st.sampled_from([True, False, None])
patients = st.fixed_dictionaries(
    {"mutated": st.fixed_dictionaries(dict.fromkeys(genes(), truth))},
    optional={
        "hemoglobin_g_dl": st.floats(3, 20), "platelets_e9_l": st.floats(0, 1500), "marrow_blasts_pct": st.floats(0, 30),
        "cytogenetics": st.sampled_from(["very good", "good", "intermediate", "poor", "very poor"]),
        "del5q": truth, "del7_7q": truth, "del17_17p": truth, "complex_karyotype": truth, "tp53_loh": truth,
        "tp53_mutations": st.integers(0, 3), "tp53_max_fraction": st.floats(0, 1),
    },
)  # fmt: skip


@settings(deadline=None)
@given(patients)
def test_best_mean_worst_are_in_order(patient):
    best, mean, worst = (scenario.value for scenario in ipss_m(**patient).scenarios.values())
    assert best <= mean <= worst


@settings(deadline=None)
@given(patients, st.floats(0, 30), st.floats(0, 30))
def test_more_blasts_never_lower_ipss_m(patient, one, other):
    low, high = sorted([one, other])
    assert ipss_m(**{**patient, "marrow_blasts_pct": low}).value <= ipss_m(**{**patient, "marrow_blasts_pct": high}).value


@settings(deadline=None)
@given(patients)
def test_nothing_missing_means_one_score(patient):
    complete = {
        "hemoglobin_g_dl": 10, "platelets_e9_l": 100, "marrow_blasts_pct": 3, "cytogenetics": "good",
        "tp53_mutations": 0, **NO_LESION, **{k: v for k, v in patient.items() if v is not None},
    }  # fmt: skip
    complete["mutated"] = {gene: bool(value) for gene, value in patient["mutated"].items()}
    if complete["tp53_mutations"] == 1:
        complete["tp53_loh"] = bool(complete.get("tp53_loh"))
    complete = {k: (False if v is None and k.startswith(("del", "complex")) else v) for k, v in complete.items()}
    assert len({scenario.value for scenario in ipss_m(**complete).scenarios.values()}) == 1
