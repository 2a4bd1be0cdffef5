"""Therapy lines in a table: columns ``LINE1_AGENT``, ``LINE1_START``, ``LINE1_END``, ``LINE1_CYCLES`` and so on.

A line needs an agent and a start; without them its other cells are not understood. Summaries (cycles, response) are
written as they stand: whether therapy was continuous is not concluded from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from posthma import resources
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, Builder
from posthma.intake.cells import Cell
from posthma.intake.dates import DateReading, read_date
from posthma.intake.nodes import nodes
from posthma.intake.values import MISSING, choices, look_up, plain, read_number, shorten

__all__ = ["FIELDS", "agents", "line_column", "take_lines", "values"]

FIELDS = {
    "AGENT": "agents, joined by + (azacitidine + venetoclax)",
    "START": "first day, YYYY-MM-DD; YYYY-MM or YYYY when no more is known",
    "END": "last day, YYYY-MM-DD; empty while it goes on",
    "CYCLES": "cycles given, a whole number",
    "MONTHS": "months given, when cycles are not known",
    "DOSE": "dose, mg/m2 per day",
    "DAYS": "days of treatment a cycle",
    "INTERRUPTED": "yes or no; empty when nobody says",
    "RESPONSE": "response category",
    "RESPONSE_DATE": "its day",
    "STOP": "why it stopped",
    "RESPONSES_COMPLETE": "yes when the row holds every response and sign of progression of the line",
}
_COLUMN = re.compile(r"LINE([1-9])_(" + "|".join(sorted(FIELDS, key=len, reverse=True)) + r")", re.IGNORECASE)
_AGENT_KINDS = {"Drug", "DoseVariant", "FixedCombination", "Procedure", "Regimen", "RegimenClass", "SupportiveMeasure"}
_P = "https://w3id.org/posthma/kb/"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def line_column(name: str) -> tuple[int, str] | None:
    """Return the number of the line and the field of a column.

    >>> line_column("LINE2_RESPONSE_DATE"), line_column("LINEAGE")
    ((2, 'RESPONSE_DATE'), None)
    """
    found = _COLUMN.fullmatch(name.strip())
    return (int(found[1]), found[2].upper()) if found else None


@cache
def agents() -> Mapping[str, str]:
    """Return the agents of the record vocabulary by name, label, brand and abbreviation, in lower case.

    An abbreviation or brand of two agents stands for neither; a label comes first.
    """
    found: dict[str, str] = {}
    others: dict[str, set[str]] = {}
    for file in sorted(Path(resources.path("kb/agents")).glob("*.ttl")):
        for name, node in nodes(f"kb/agents/{file.name}").items():
            if _AGENT_KINDS & set(node.get("type", ())):
                found[name.lower()] = name
                found.update({label.lower(): name for label in node.get("label", ())})
                for label in node.get("altLabel", ()):
                    others.setdefault(label.lower(), set()).add(name)
    return {**{label: min(names) for label, names in others.items() if len(names) == 1}, **found}


@cache
def values(kind: str) -> Mapping[str, str]:
    """Return the values of a class, such as ``ResponseCategory``, by name and label in lower case."""
    found = {}
    for name, node in nodes("kb/clinical.ttl").items():
        if kind in node.get("type", ()):
            found[name.lower()] = name
            found.update({label.lower(): name for label in (*node.get("altLabel", ()), *node.get("label", ()))})
    return found


def take_lines(builder: Builder, cells: Mapping[tuple[int, str], Cell]) -> None:
    """Take the cells of all lines into the record and book each."""
    for number in sorted({number for number, _ in cells}):
        own = {field: cell for (line, field), cell in cells.items() if line == number and cell.text.strip()}
        known = {field: cell for field, cell in own.items() if cell.text.strip().lower() not in MISSING}
        for field, cell in own.items():
            if field not in known:
                builder.book(cell.place, cell.text.strip(), CONTEXT, "missing")
        if known:
            _take_line(builder, number, known)


def _take_line(builder: Builder, number: int, cells: Mapping[str, Cell]) -> None:
    complaints: dict[str, str] = {}
    facts: dict[str, str | list[str]] = {}
    start = _start(cells, complaints)
    names = [name.strip().lower() for name in cells["AGENT"].text.split("+")] if "AGENT" in cells else []
    unknown = [name for name in names if look_up(agents(), name) is None]
    if unknown:
        why = f"{shorten(unknown[0])!r} is no agent of the record vocabulary"
        complaints["AGENT"] = why + (choices(unknown[0], agents()) or "; posthma template lists them")
    if not names or unknown or start is None:
        why = "the line has no known agent" if start else "the line has no start that can be read"
        for field, cell in cells.items():
            builder.book(cell.place, cell.text.strip(), NOT_UNDERSTOOD, complaints.get(field, why))
        return
    facts["agent"] = [_kb(look_up(agents(), name) or name) for name in names]
    _numbers(cells, facts, complaints)
    _words(cells, facts, complaints)
    if "END" in cells:
        day = read_date(cells["END"].text)
        if day.day is None or (start.earliest and day.day < start.earliest):
            complaints["END"] = "; ".join(f.text for f in day.findings) or "the end is no exact day after the start"
        else:
            facts["endDate"] = f'"{day.day.isoformat()}"^^<{_XSD}date>'
    line = builder.fact("TherapyLine", f"line-{number}", start, facts)
    if line is not None:
        _response(builder, number, line, cells, complaints)
    for field, cell in cells.items():
        use = NOT_UNDERSTOOD if field in complaints else USED
        builder.book(cell.place, cell.text.strip(), use, complaints.get(field, ""))


def _start(cells: Mapping[str, Cell], complaints: dict[str, str]) -> DateReading | None:
    if "START" not in cells:
        return None
    reading = read_date(cells["START"].text)
    if reading.earliest is None:
        complaints["START"] = "; ".join(finding.text for finding in reading.findings)
        return None
    return reading


_RANGES = {"CYCLES": (1, 200), "MONTHS": (0, 360), "DOSE": (0, 100_000), "DAYS": (1, 31)}
_PROPERTY = {"CYCLES": "cycles", "MONTHS": "months", "DOSE": "dose", "DAYS": "daysPerCycle"}


def _numbers(cells: Mapping[str, Cell], facts: dict[str, str | list[str]], complaints: dict[str, str]) -> None:
    for field, (least, most) in _RANGES.items():
        if field not in cells:
            continue
        reading = read_number(cells[field].text)
        value = reading.interval.value if reading.interval else None
        whole = field in ("CYCLES", "DAYS")
        unit = reading.rest.lower().replace("²", "2").replace(" ", "")
        fits = not unit or (field == "DOSE" and unit in ("mg/m2", "mg/m2/d", "mg/m2/day", "mg/m2perday"))
        if value is None or not fits or not (least <= value <= most) or value == 0 or (whole and value % 1):
            complaints[field] = f"{shorten(cells[field].text)!r} is no number from {least} to {most}"
            continue
        kind = "integer" if value == value.to_integral_value() else "decimal"
        facts[_PROPERTY[field]] = f'"{plain(Decimal(value))}"^^<{_XSD}{kind}>'
        if field == "DOSE":
            facts["doseUnit"] = _kb("mgPerM2PerDay")


def _words(cells: Mapping[str, Cell], facts: dict[str, str | list[str]], complaints: dict[str, str]) -> None:
    for field, key in (("INTERRUPTED", "interrupted"), ("RESPONSES_COMPLETE", "responsesComplete")):
        if field in cells:
            answer = yes_no(cells[field].text)
            if answer is None:
                complaints[field] = f"{shorten(cells[field].text)!r} is neither yes nor no"
            else:
                facts[key] = f'"{str(answer).lower()}"^^<{_XSD}boolean>'
    if "STOP" in cells:
        known, text = values("StopReason"), cells["STOP"].text
        reason = look_up(known, text)
        if reason is None:
            complaints["STOP"] = f"{shorten(text)!r} is no reason for stopping{choices(text, known)}"
        else:
            facts["stopReason"] = _kb(reason)


def _response(builder: Builder, number: int, line: str, cells: Mapping[str, Cell], complaints: dict[str, str]) -> None:
    if "RESPONSE" not in cells:
        if "RESPONSE_DATE" in cells:
            complaints["RESPONSE_DATE"] = "there is no response for it"
        return
    known, text = values("ResponseCategory"), cells["RESPONSE"].text
    parts = [part.strip() for part in text.split("+")]  # "mCR+HI": the marrow and the blood judged apart
    found = [name for part in parts if (name := look_up(known, part))]
    if unknown := next((part for part in parts if look_up(known, part) is None), None):
        complaints["RESPONSE"] = f"{shorten(unknown)!r} is no response category{choices(unknown, known)}"
    if len(found) < len(parts):
        complaints.setdefault("RESPONSE", f"{shorten(text)!r} is no response category{choices(text, known)}")
        return
    day = read_date(cells["RESPONSE_DATE"].text) if "RESPONSE_DATE" in cells else None
    if day is None or day.earliest is None:
        complaints["RESPONSE"] = "the response has no date; give RESPONSE_DATE"
        if day is not None:
            complaints["RESPONSE_DATE"] = "; ".join(finding.text for finding in day.findings)
        return
    for name in dict.fromkeys(found):
        builder.fact("ResponseAssessment", f"response-{number}", day, {"ofLine": line, "response": _kb(name)})


def yes_no(text: str) -> bool | None:
    """Return True for yes, False for no, None for neither."""
    key = text.strip().lower()
    return True if key in ("yes", "y", "1", "true") else False if key in ("no", "n", "0", "false") else None


def _kb(name: str) -> str:
    return f"<{_P}{name}>"
