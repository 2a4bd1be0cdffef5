"""Measured values with their unit, converted to the unit of the analyte.

Units are converted by pint in decimal arithmetic; spellings, accepted units and plausible ranges are data
(kb/units.ttl, ranges marked as project policy). A value without unit, with an unknown or an unfitting one, or out of
range is a finding and is not used.

>>> reading = read_measurement("95 g/L", "hemoglobin")
>>> str(reading.interval), reading.usable
('9.5', True)
>>> read_measurement("95 g/dL", "hemoglobin").findings[0].text
'95 g/dL is outside 2 to 22 g/dL; in g/L it would be 9.5 g/dL'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from posthma.errors import UsageError
from posthma.intake.nodes import Node, nodes
from posthma.intake.values import Finding, Interval, canonical, plain, read_number, shorten

__all__ = ["Measured", "analytes", "read_measurement", "unit_of"]

_FILE = "kb/units.ttl"
_SHOWN = {
    "femtoliter": "fL", "fraction": "(fraction of 1)", "gigaPerLiter": "10^9/L", "gramPerDeciliter": "g/dL",
    "gramPerLiter": "g/L", "monthsOfAge": "months", "perMicroliter": "/uL", "percent": "%", "score": "",
    "years": "years",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value.

    Attributes:
        analyte: Its name in the knowledge base.
        reported: The text as it stood.
        interval: The value in the analyte's unit; None when it is missing or could not be converted.
        unit: The analyte's unit, by its name in the knowledge base.
        given_unit: The unit it was given in.
        approximate: The text says "about".
        missing: The text says that there is no value.
        usable: It was understood and is plausible.
        findings: What a reader should know.
    """

    analyte: str
    reported: str
    interval: Interval | None = None
    unit: str = ""
    given_unit: str = ""
    approximate: bool = False
    missing: bool = False
    usable: bool = False
    findings: tuple[Finding, ...] = ()


@cache
def _ranges() -> Mapping[str, Node]:
    return {node["analyte"][0]: node for node in nodes(_FILE).values() if "PlausibleRange" in node.get("type", ())}


def analytes() -> tuple[str, ...]:
    """Return the analytes that can be read, sorted."""
    return tuple(sorted(_ranges()))


@cache
def _spellings() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, node in nodes(_FILE).items():
        for spelling in node.get("spelling", ()):
            found[spelling] = tuple(sorted((*found.get(spelling, ()), name)))
    return found


_PLAIN = str.maketrans({"³": "3", "⁶": "6", "⁹": "9", "µ": "u", "μ": "u", "×": "x", "·": "", "∙": "", "⋅": ""})


def unit_of(text: str, accepted: Sequence[str] = ()) -> str | None:
    """Return the name of a unit by its spelling; None when it is not known.

    Args:
        text: The spelling.
        accepted: Units to prefer where a spelling has two meanings ("G/L" is giga or gram per litre).

    >>> unit_of("x10⁹/L"), unit_of("K/µL"), unit_of("furlong")
    ('gigaPerLiter', 'gigaPerLiter', None)
    """
    raw = re.sub(r"10([³⁶⁹])", r"10^\1", text).translate(_PLAIN)
    key = "".join(raw.lower().split()).strip("[] .,")
    known = _spellings().get(key) or _spellings().get(key.lstrip("x*")) or _spellings().get(key.strip("()")) or ()
    return next((name for name in known if name in accepted), known[0] if known else None)


@cache
def _registry() -> Any:
    import pint  # here, because it takes a tenth of a second

    return pint.UnitRegistry(non_int_type=Decimal, cache_folder=None)


@cache
def _factor(given: str, wanted: str) -> Decimal | None:
    """Return what a value must be multiplied with; None when the two are not of one kind."""
    if given == wanted:
        return Decimal(1)
    registry = _registry()
    one, other = (registry.Quantity(nodes(_FILE)[name]["expression"][0]) for name in (given, wanted))
    if one.dimensionality != other.dimensionality:
        return None
    ratio = (one / other).to_base_units().magnitude
    return canonical(Decimal(ratio).normalize())


def read_measurement(text: str, analyte: str, unit: str = "") -> Measured:
    """Read one measured value.

    Args:
        text: The cell or field, with or without unit.
        analyte: Name of the analyte in the knowledge base, such as ``"platelets"``.
        unit: The unit that a column header or another field gives; a unit in the text must agree with it.

    Raises:
        UsageError: The analyte is not known.
    """
    own = _ranges().get(analyte)
    if own is None:
        raise UsageError(analyte, "is not an analyte that can be read", f"use one of {', '.join(analytes())}")
    wanted = own["unit"][0]
    number = read_number(text)
    if number.missing or number.interval is None:
        return Measured(analyte, text, unit=wanted, missing=number.missing, findings=number.findings)
    if analyte in ("ecog", "karnofsky", "sorror"):
        return _scale(analyte, text, number.interval, number.rest, number.findings, wanted)
    given, why = _given(analyte, number.rest, unit, own)
    if given is None:
        code = "no-unit" if not number.rest and not unit else "unit-not-understood"
        found = Finding(code, why, 0, len(text))
        return Measured(analyte, text, unit=wanted, approximate=number.approximate, findings=(*number.findings, found))
    factor = _factor(given, wanted)
    if factor is None:
        why = f"{_SHOWN[given]} is no unit of {_words(analyte)}; give {_SHOWN[wanted]}"
        found = Finding("unit-does-not-fit", why, 0, len(text))
        return Measured(analyte, text, unit=wanted, given_unit=given, findings=(*number.findings, found))
    interval = number.interval if factor == 1 else number.interval.times(factor)
    findings = [*number.findings]
    top = interval.high if interval.high is not None else interval.low
    if given == "percent" and not number.rest and "fraction" in own.get("acceptedUnit", ()) and top and 0 < top < 1:
        shown = interval.times(Decimal(100))
        why = f"{interval} is read as {interval} %; if it is a fraction it is {shown} %, so write the sign"
        findings.append(Finding("maybe-a-fraction", why, 0, len(text)))
    usable = _plausible(own, interval)
    if not usable:
        findings.append(Finding("implausible", _implausible(own, number.interval, given, wanted), 0, len(text)))
    return Measured(analyte, text, interval, wanted, given, number.approximate, False, usable, tuple(findings))


def _words(analyte: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", analyte).lower().replace("hemoglobin", "haemoglobin")


def _given(analyte: str, rest: str, column: str, own: Node) -> tuple[str | None, str]:
    """Decide the unit of a value; without one, say why not."""
    accepted = own.get("acceptedUnit", [])
    options = " or ".join(_SHOWN[name] for name in sorted(accepted, key=lambda name: name != own["unit"][0]))
    from_text = unit_of(rest, accepted) if rest else None
    from_column = unit_of(column, accepted) if column else None
    if rest and from_text is None:
        return None, f"the unit {shorten(rest)!r} is not understood; give {options}"
    if column and from_column is None:
        return None, f"the unit {shorten(column)!r} of the column is not understood; give {options}"
    if from_text and from_column and from_text != from_column:
        return None, f"the value is given in {_SHOWN[from_text]}, its column in {_SHOWN[from_column]}"
    found = from_text or from_column
    if found is None and own.get("unitOptional") == ["true"]:
        return own["unit"][0], ""
    if found is None:
        return None, f"{_words(analyte)} without unit could be in {options}; give the unit"
    return found, ""


def _plausible(own: Node, interval: Interval) -> bool:
    least, most = Decimal(own["rowAtLeast"][0]), Decimal(own["rowAtMost"][0])
    bounds = [bound for bound in (interval.low, interval.high) if bound is not None]
    return all(least <= bound <= most for bound in bounds)


def _implausible(own: Node, given: Interval, unit: str, wanted: str) -> str:
    span = f"{plain(Decimal(own['rowAtLeast'][0]))} to {plain(Decimal(own['rowAtMost'][0]))} {_SHOWN[wanted]}".strip()
    shown = f"{given} {_SHOWN[unit]}".strip()
    text = f"{shown} is outside {span}"
    for other in sorted(own.get("acceptedUnit", [])):
        factor = _factor(other, wanted)
        if other != unit and factor is not None and _plausible(own, given.times(factor)):
            return f"{text}; in {_SHOWN[other]} it would be {given.times(factor)} {_SHOWN[wanted]}"
    return f"{text}; check the value and its unit"


def _scale(
    analyte: str, text: str, interval: Interval, rest: str, findings: tuple[Finding, ...], unit: str
) -> Measured:
    """Read a performance status or comorbidity index: whole steps, one scale, never turned into another."""
    own = _ranges()[analyte]
    step = 10 if analyte == "karnofsky" else 1
    bounds = [bound for bound in (interval.low, interval.high) if bound is not None]
    stray = rest.strip(" .") and not (analyte == "karnofsky" and rest.strip() in ("%", "percent"))
    why = ""
    if stray:
        why = f"{shorten(rest)!r} is no unit of this scale"
    elif not _plausible(own, interval) or any(bound % step for bound in bounds):
        steps = f"{own['rowAtLeast'][0]} to {own['rowAtMost'][0]}" + (" in steps of 10" if step == 10 else "")
        name = "ECOG" if analyte == "ecog" else analyte.capitalize()
        why = f"{interval} is not on the {name} scale ({steps})"
        if analyte == "ecog" and bounds and all(5 < bound <= 100 and bound % 10 == 0 for bound in bounds):
            why += "; it looks like a Karnofsky status, which is kept apart"
    found = (*findings, Finding("not-on-scale", why, 0, len(text))) if why else findings
    return Measured(analyte, text, None if stray else interval, unit, unit, False, False, not why, found)
