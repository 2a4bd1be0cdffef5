"""Scores that add points: IPSS, IPSS-R and the age-adjusted IPSS-R.

Where an input is missing, censored or falls between two rows of a table, the score is a span: the least and the most
it can be, with the categories that are possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from posthma.intake.values import Interval, canonical, plain, shorten
from posthma.scores.model import Contribution, Number, Score, ScoreInputError, interval
from posthma.scores.tables import Row, Table, input_ranges, table

__all__ = ["Group", "cytogenetic_points", "ipss", "ipss_r", "ipss_r_age_adjusted", "range_note"]

Group = str | Iterable[str] | None
"""A cytogenetic group by name, several where the karyotype leaves more than one possible, or None."""

_SPELLINGS = {"int": "intermediate", "verygood": "very good", "verypoor": "very poor"}


def ipss(
    *,
    marrow_blasts_pct: Number = None,
    cytogenetics: Group = None,
    hemoglobin_g_dl: Number = None,
    neutrophils_e9_l: Number = None,
    platelets_e9_l: Number = None,
) -> Score:
    """Return the IPSS of 1997 (seen in secondary sources only).

    Args:
        marrow_blasts_pct: Marrow blasts, per cent.
        cytogenetics: ``"good"``, ``"intermediate"`` or ``"poor"`` in the sense of IPSS.
        hemoglobin_g_dl: Haemoglobin, g/dL.
        neutrophils_e9_l: Neutrophils, 10^9/L.
        platelets_e9_l: Platelets, 10^9/L.

    Raises:
        ScoreInputError: An input is not possible.

    >>> counts = {"hemoglobin_g_dl": 9, "neutrophils_e9_l": 2, "platelets_e9_l": 50}
    >>> ipss(marrow_blasts_pct=7, cytogenetics="good", **counts).category
    'intermediate-1'
    """
    own = table("ipss")
    notes: list[str] = []
    counts = {
        "hemoglobin": ("haemoglobin", interval("haemoglobin", hemoglobin_g_dl)),
        "neutrophils": ("neutrophils", interval("neutrophils", neutrophils_e9_l)),
        "platelets": ("platelets", interval("platelets", platelets_e9_l)),
    }
    blasts = interval("marrow blasts", marrow_blasts_pct, most=100)
    parts = [
        _points(own, "marrowBlasts", "marrow blasts", blasts, "%", notes),
        cytogenetic_points(own, cytogenetics),
        _cytopenias(own, counts),
    ]
    missing = [*_missing(parts[:2]), *(name for name, given in counts.values() if given is None)]
    return _sum(own, parts, missing, notes)


def ipss_r(
    *,
    marrow_blasts_pct: Number = None,
    cytogenetics: Group = None,
    hemoglobin_g_dl: Number = None,
    platelets_e9_l: Number = None,
    neutrophils_e9_l: Number = None,
) -> Score:
    """Return the revised IPSS.

    Args:
        marrow_blasts_pct: Marrow blasts, per cent.
        cytogenetics: ``"very good"``, ``"good"``, ``"intermediate"``, ``"poor"`` or ``"very poor"``.
        hemoglobin_g_dl: Haemoglobin, g/dL.
        platelets_e9_l: Platelets, 10^9/L.
        neutrophils_e9_l: Neutrophils, 10^9/L.

    Raises:
        ScoreInputError: An input is not possible.
    """
    own = table("ipssR")
    notes: list[str] = []
    inputs = (
        ("marrowBlasts", "marrow blasts", interval("marrow blasts", marrow_blasts_pct, most=100), "%"),
        ("hemoglobin", "haemoglobin", interval("haemoglobin", hemoglobin_g_dl), "g/dL"),
        ("platelets", "platelets", interval("platelets", platelets_e9_l), "10^9/L"),
        ("neutrophils", "neutrophils", interval("neutrophils", neutrophils_e9_l), "10^9/L"),
    )
    parts = [cytogenetic_points(own, cytogenetics), *(_points(own, *given, notes) for given in inputs)]
    return _sum(own, parts, _missing(parts), notes)


def ipss_r_age_adjusted(
    *,
    age_years: Number = None,
    marrow_blasts_pct: Number = None,
    cytogenetics: Group = None,
    hemoglobin_g_dl: Number = None,
    platelets_e9_l: Number = None,
    neutrophils_e9_l: Number = None,
) -> Score:
    """Return the age-adjusted IPSS-R.

    Args:
        age_years: Age in years.
        marrow_blasts_pct: As for `ipss_r`.
        cytogenetics: As for `ipss_r`.
        hemoglobin_g_dl: As for `ipss_r`.
        platelets_e9_l: As for `ipss_r`.
        neutrophils_e9_l: As for `ipss_r`.

    Raises:
        ScoreInputError: An input is not possible.
    """
    own, base = table("ipssRA"), table("ipssR")
    unadjusted = ipss_r(
        marrow_blasts_pct=marrow_blasts_pct,
        cytogenetics=cytogenetics,
        hemoglobin_g_dl=hemoglobin_g_dl,
        platelets_e9_l=platelets_e9_l,
        neutrophils_e9_l=neutrophils_e9_l,
    )
    notes = list(unadjusted.notes)
    age = interval("age", age_years, most=130)
    range_note("age", "age", age, "years", notes)
    missing = list(unadjusted.missing)
    if age is None:
        return Score(own.label, contributions=unadjusted.contributions, missing=(*missing, "age"), notes=tuple(notes),
                     reason="the age is missing, and without it there is no adjustment", source=own.source)  # fmt: skip
    ends = [(year, score) for year in (age.low, age.high) for score in (unadjusted.lowest, unadjusted.highest)]
    adjust = [_adjusted(own, year, score) for year, score in ends]
    low, high = min(adjust), max(adjust)
    change = [_adjusted(own, year, score) - (score or 0) for year, score in ends]
    part = Contribution("age", f"{age} years", canonical(change[0]) if len(set(change)) == 1 else None,
                        canonical(min(change)), canonical(max(change)))  # fmt: skip
    return _verdict(own, base, (*unadjusted.contributions, part), canonical(low), canonical(high), missing, notes)


def _adjusted(own: Table, age: Decimal | None, score: Decimal | None) -> Decimal:
    years, points, numbers = age or Decimal(0), score or Decimal(0), own.numbers
    slope = numbers["ageCoefficient"] - numbers["ageScoreCoefficient"] * points
    return points + (years - numbers["ageReference"]) * slope


def _missing(parts: Iterable[Contribution]) -> list[str]:
    return [part.name for part in parts if part.given == "missing"]


def _points(own: Table, analyte: str, name: str, given: Interval | None, unit: str, notes: list[str]) -> Contribution:
    """Look one value up in the rows of its analyte."""
    rows = own.rows[analyte]
    if given is None:
        every = [row.points for row in rows]
        return Contribution(name, "missing", None, min(every), max(every))
    range_note(analyte, name, given, unit, notes)
    hit = [row for row in rows if row.meets(given)]
    if not hit:
        hit = _neighbours(rows, given, name, unit)
        notes.append(f"{name}: {given} {unit} lies between two rows of the {own.label} table; both are possible")
    points = [row.points for row in hit]
    settled = points[0] if len(set(points)) == 1 else None
    return Contribution(name, f"{given} {unit}", settled, min(points), max(points))


def _neighbours(rows: tuple[Row, ...], given: Interval, name: str, unit: str) -> list[Row]:
    value = given.low if given.low is not None else Decimal(0)
    below, above = [row for row in rows if row.start < value], [row for row in rows if row.start > value]
    if not below or not above:
        raise ScoreInputError(name, f"{given} {unit} lies outside the table of this score", "use another score")
    return [below[-1], above[0]]


def range_note(analyte: str, name: str, given: Interval | None, unit: str, notes: list[str]) -> None:
    """Add a note when a value lies outside what the published calculator accepts."""
    accepted = input_ranges().get(analyte)
    if given is None or accepted is None or accepted.at_least is None or accepted.at_most is None:
        return
    low, high = given.low, given.high
    if (low is not None and low > accepted.at_most) or (high is not None and high < accepted.at_least):
        span = f"{plain(accepted.at_least)} to {plain(accepted.at_most)}"
        notes.append(f"{name}: the published calculator accepts {span} {unit}, not {given}; check the unit")


def cytogenetic_points(own: Table, given: Group) -> Contribution:
    """Look a cytogenetic group up; several possible groups give a span."""
    name = "cytogenetics"
    if given is None:
        every = list(own.groups.values())
        return Contribution(name, "missing", None, min(every), max(every))
    labels = [_label(own, text) for text in ([given] if isinstance(given, str) else sorted(given))]
    if not labels:
        raise ScoreInputError(name, "no group is given", f"give one of {', '.join(own.groups)}, or nothing")
    points = [own.groups[label] for label in labels]
    settled = points[0] if len(set(points)) == 1 else None
    return Contribution(name, " or ".join(labels), settled, min(points), max(points))


def _label(own: Table, text: str) -> str:
    plain_text = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    label = _SPELLINGS.get(plain_text, plain_text)
    if label not in own.groups:
        remedy = f"give one of {', '.join(own.groups)}"
        raise ScoreInputError("cytogenetics", f"{shorten(text)!r} is no group of {own.label}", remedy)
    return label


def _cytopenias(own: Table, counts: dict[str, tuple[str, Interval | None]]) -> Contribution:
    """Count the cytopenias: how many there are at least and at most."""
    least = most = 0
    for analyte, (_, given) in counts.items():
        limit = own.cytopenias[analyte]
        below = Row(None, None, None, limit, Decimal(0))
        possible = given is None or below.meets(given)
        certain = given is not None and not Row(limit, None, None, None, Decimal(0)).meets(given)
        least, most = least + certain, most + possible
    rows = own.rows["cytopeniaCount"]
    points = [row.points for n in range(least, most + 1) for row in rows if row.meets(Interval.exactly(Decimal(n)))]
    shown = f"{least}" if least == most else f"{least} to {most}"
    return Contribution("cytopenias", shown, points[0] if len(set(points)) == 1 else None, min(points), max(points))


def _sum(own: Table, parts: Iterable[Contribution], missing: list[str], notes: list[str]) -> Score:
    parts = tuple(parts)
    low = canonical(sum((part.lowest for part in parts), Decimal(0)))
    high = canonical(sum((part.highest for part in parts), Decimal(0)))
    return _verdict(own, own, parts, low, high, missing, notes)


def _verdict(own: Table, categories: Table, parts: tuple[Contribution, ...], low: Decimal, high: Decimal,
             missing: list[str], notes: list[str]) -> Score:  # fmt: skip
    labels = categories.possible(Interval(low, high))
    open_inputs = [part.name for part in parts if part.points is None]
    return Score(
        own.label,
        value=low if low == high else None,
        category=labels[0] if len(labels) == 1 else None,
        lowest=low,
        highest=high,
        categories=labels,
        contributions=parts,
        missing=tuple(missing),
        notes=tuple(notes),
        reason="" if low == high else f"not settled: {', '.join(dict.fromkeys([*missing, *open_inputs]))}",
        source=own.source,
    )
