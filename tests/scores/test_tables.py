"""The score tables as knowledge: complete, sourced, and what was not seen is not computed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from posthma.errors import KnowledgeError, UsageError
from posthma.scores import post_hma, unavailable
from posthma.scores.tables import table

MATERIAL = Path(__file__).parents[3] / "shared" / "knowledge" / "scores.yaml"


@pytest.fixture(scope="module")
def material():
    if not MATERIAL.exists():
        pytest.skip(f"the project's material is not here: {MATERIAL}")
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load(MATERIAL.read_text())


def test_ipss_m_coefficients_are_those_of_the_material(material):
    variables = table("ipssM").variables
    assert set(variables) == set(material["ipss_m"]["variables"])
    for name, (coefficient, mean, best, worst) in material["ipss_m"]["variables"].items():
        worst = worst["R_package"] if isinstance(worst, dict) else worst
        own = variables[name]
        assert (own.coefficient, own.mean, own.best, own.worst) == tuple(Decimal(str(x)) for x in (coefficient, mean, best, worst))


def test_residual_genes_are_those_of_the_material(material):
    assert list(table("ipssM").texts["residualGene"]) == sorted(material["ipss_m"]["residual_genes"])


@pytest.mark.parametrize("name", ["ipss", "ipssR", "ipssRA", "ipssM"])
def test_every_computed_score_says_where_it_was_seen(name):
    own = table(name)
    assert own.source
    assert own.texts["source"]
    assert not own.reason


@pytest.mark.parametrize(("name", "count"), [("ipss", 4), ("ipssR", 5), ("ipssM", 6)])
def test_categories_cover_every_score_once(name, count):
    own = table(name)
    assert len(own.categories) == count
    for tenth in range(0 if name == "ipss" else -40, 120):
        assert own.category(Decimal(tenth) / 10)
        assert len(own.possible(_exactly(Decimal(tenth) / 10))) == 1


def _exactly(value):
    from posthma.intake.values import Interval

    return Interval.exactly(value)


def test_the_post_hma_model_lists_six_variables_and_computes_nothing():
    result = post_hma(age_years=72, ecog=1, abnormalities=4, marrow_blasts_pct=20, platelets_e9_l=38)
    assert result.value is None
    assert "not seen" in result.reason
    assert {part.name: part.given for part in result.contributions} == {
        "age": "72 years",
        "performance status": "1 (ECOG)",
        "complex cytogenetics (more than 3 abnormalities)": "yes (4 in all)",
        "marrow blasts over 20 %": "no (20 %)",
        "platelets": "38 10^9/L",
        "red cell transfusion dependency": "missing",
    }
    assert result.missing == ("red cell transfusion dependency",)


@pytest.mark.parametrize("name", ["CPSS", "CPSS-Mol", "MDAPSS", "HCT-CI", "WPSS", "post-HMA"])
def test_scores_nobody_saw_have_a_reason_and_no_value(name):
    result = unavailable(name)
    assert result.value is None
    assert "not seen" in result.reason or "secondary listings" in result.reason


def test_an_unheard_of_score_is_wrong_use():
    with pytest.raises(UsageError, match="PH-100 IPSS-Z"):
        unavailable("IPSS-Z")
    with pytest.raises(KnowledgeError, match="PH-400 kb/scores.ttl: has no kb:score-z"):
        table("z")
