"""Scores that are named but not computed, because nobody saw their weights."""

from __future__ import annotations

from decimal import Decimal

from posthma.errors import UsageError
from posthma.intake.values import Interval
from posthma.scores.model import Contribution, Number, Score, interval
from posthma.scores.tables import table

__all__ = ["post_hma", "unavailable"]

_NAMES = {
    "cpss": "cpss",
    "cpss-mol": "cpssMol",
    "hct-ci": "hctCi",
    "mdapss": "mdapss",
    "post-hma": "postHma",
    "wpss": "wpss",
}


def unavailable(name: str) -> Score:
    """Return a score without a value, with the reason why it is not computed.

    Raises:
        UsageError: The name is not one of the scores that are known and not computed.

    >>> unavailable("CPSS").reason
    'its table was not seen in any source'
    """
    key = _NAMES.get(name.lower())
    if key is None:
        raise UsageError(name, "is not a score named without being computed", f"use {', '.join(_NAMES)}")
    own = table(key)
    return Score(own.label, reason=own.reason, source=own.source)


def post_hma(
    *,
    age_years: Number = None,
    ecog: int | None = None,
    abnormalities: Number = None,
    marrow_blasts_pct: Number = None,
    platelets_e9_l: Number = None,
    red_cell_transfusion_dependent: bool | None = None,
) -> Score:
    """List the six variables of the post-HMA model with their values; no number is computed.

    The weights and the cut of the model were not seen in any source, only the names of its variables.

    Args:
        age_years: Age in years.
        ecog: Performance status of the Eastern Cooperative Oncology Group, 0 to 5.
        abnormalities: Number of independent abnormalities of the karyotype; the model asks for more than 3.
        marrow_blasts_pct: Marrow blasts, per cent; the model asks for more than 20.
        platelets_e9_l: Platelets, 10^9/L.
        red_cell_transfusion_dependent: Whether the patient depends on red cell transfusions.

    Raises:
        ScoreInputError: An input is not possible.
    """
    own = table("postHma")
    dependent = {True: "yes", False: "no", None: "missing"}[red_cell_transfusion_dependent]
    lesions = interval("abnormalities", abnormalities)
    blasts = interval("marrow blasts", marrow_blasts_pct, most=100)
    given = {
        "age": _shown(interval("age", age_years, most=130), "years"),
        "performance status": _shown(interval("ECOG", ecog, most=5), "(ECOG)"),
        "complex cytogenetics (more than 3 abnormalities)": _over(lesions, 3, "in all"),
        "marrow blasts over 20 %": _over(blasts, 20, "%"),
        "platelets": _shown(interval("platelets", platelets_e9_l), "10^9/L"),
        "red cell transfusion dependency": dependent,
    }
    zero = Decimal(0)
    return Score(
        own.label,
        contributions=tuple(Contribution(name, value, None, zero, zero) for name, value in given.items()),
        missing=tuple(name for name, value in given.items() if value == "missing"),
        reason=own.reason,
        source=own.source,
    )


def _shown(given: Interval | None, unit: str) -> str:
    return "missing" if given is None else f"{given} {unit}"


def _over(given: Interval | None, limit: int, unit: str) -> str:
    if given is None:
        return "missing"
    edge = Decimal(limit)
    if given.low is not None and (given.low > edge or (given.low == edge and given.low_exclusive)):
        answer = "yes"
    elif given.high is not None and given.high <= edge:
        answer = "no"
    else:
        answer = "not decidable"
    return f"{answer} ({given} {unit})"
