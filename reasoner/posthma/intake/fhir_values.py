"""Data types of FHIR R4: codeable concepts, choices of dates, quantities, and the extensions of posthma itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from posthma.intake.ages import at_age
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED
from posthma.intake.codes import Coding, Concept, prefix_of, read_concept
from posthma.intake.dates import DateReading, read_date
from posthma.intake.events import kb, number, span, truth, whole
from posthma.intake.lines import values
from posthma.intake.phenopacket_genes import gene_named
from posthma.intake.tree import Node
from posthma.intake.units import unit_of
from posthma.intake.values import shorten
from posthma.intake.variants.read import current_symbol

__all__ = ["OWN", "amount", "codings", "concept", "date", "gene_symbol", "own_extensions", "when"]

OWN = "https://w3id.org/posthma/ontology/"
"""Extensions with such an address say what FHIR has no element for, in the words of the record vocabulary."""

_COMPARATORS = ("<", "<=", ">=", ">")


def codings(node: Node) -> Iterator[Coding]:
    """Yield the codings of a CodeableConcept or Coding."""
    for coding in node.get("coding").each() if node.get("coding") else node.each() if node.get("code") else ():
        yield Coding(prefix_of(coding.get("system").text), coding.get("code").text, coding.get("display").text)


def concept(node: Node, *kinds: str) -> Concept:
    """Return what a CodeableConcept means."""
    return read_concept(codings(node), node.get("text").text, kinds)


def date(node: Node) -> DateReading | None:
    """Return a dateTime, date or instant, booked."""
    if not node:
        return None
    reading = read_date(node.text)
    why = "; ".join(finding.text for finding in reading.findings)
    if reading.earliest is None:
        node.book(CONTEXT if reading.missing else NOT_UNDERSTOOD, why or "missing")
        return None
    node.book_date(USED, why)
    return reading


def when(resource: Node, stem: str, born: DateReading | None = None) -> DateReading | None:
    """Return a choice of dates such as ``effective[x]``: dateTime, instant, period or age."""
    for name in ("DateTime", "Instant", "Date"):
        if found := resource.get(stem + name):
            return date(found)
    if period := resource.get(stem + "Period"):
        return span(date(period.get("start")), date(period.get("end"))) or date(period.get("end"))
    age = resource.get(stem + "Age")
    unit = {"a": "Y", "mo": "M", "wk": "W", "d": "D"}.get(age.get("code").text)
    if not age or born is None or unit is None:
        age.book(CONTEXT, "without a birth date and a UCUM unit an age names no day")
        return None
    reading = at_age(f"P{age.get('value').text}{unit}", born)
    age.book_date(USED if reading else NOT_UNDERSTOOD, "" if reading else "is no age in whole numbers")
    return reading


def amount(quantity: Node) -> tuple[str, str, str]:
    """Return number with its comparator, unit, and a complaint when two units are given.

    >>> from posthma.intake.tree import document_of
    >>> amount(document_of("x", {"value": "5", "comparator": "<", "unit": "%"}).root)
    ('<5', '%', '')
    """
    comparator = quantity.get("comparator").text
    value = quantity.get("value").text
    if comparator and comparator not in _COMPARATORS:
        return "", "", f"{shorten(comparator)!r} is no comparator"
    written, code = quantity.get("unit").text, quantity.get("code").text
    system = quantity.get("system").text
    if system and prefix_of(system) != "ucum":
        code = ""
    both = {name for unit in (written, code) if unit and (name := unit_of(unit))}
    if len(both) > 1 and unit_of(written, tuple(both)) != unit_of(code, tuple(both)):
        return "", "", f"its unit {shorten(written)!r} and its code {shorten(code)!r} are two units"
    return f"{comparator}{value}" if value else "", code or written, ""


def gene_symbol(node: Node) -> tuple[str, str]:
    """Return the symbol of the one gene that a CodeableConcept names, or why there is none."""
    found: set[str] = set()
    for coding in codings(node):
        identifier = coding.code if ":" in coding.code else f"{coding.prefix}:{coding.code}"
        named = gene_named([identifier]) if coding.prefix in ("hgnc", "") else ""
        label = coding.label.strip()
        symbol = current_symbol(label) if label and " " not in label else ""
        if named and symbol and named != symbol:
            return "", f"{shorten(identifier)} is {named}, its label says {shorten(label)}"
        found.update(name for name in [named or symbol] if name)
    text = node.get("text").text
    if not found and text and " " not in text:
        found.add(current_symbol(text))
    if len(found) > 1:
        return "", f"two genes are named, {' and '.join(sorted(found))}"
    return (found.pop(), "") if found else ("", "no gene is named")


def _flag(text: str) -> str:
    return truth(text == "true") if text in ("true", "false") else ""


def _one_of(kind: str) -> Callable[[str], str]:
    return lambda text: kb(name) if (name := values(kind).get(text.lower())) else ""


def _count(least: int, most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        found: Decimal | None = whole(text, least, most)
        return number(found) if found is not None else ""

    return read


_OWN: dict[str, Callable[[str], str]] = {
    "bestResponse": _one_of("ResponseCategory"),
    "cycles": _count(1, 200),
    "esaLinesComplete": _flag,
    "exposureReported": _one_of("Exposure"),
    "hmaLinesComplete": _flag,
    "interrupted": _flag,
    "months": _count(1, 360),
    "responsesComplete": _flag,
    "schedule": _one_of("Schedule"),
    "stopReason": _one_of("StopReason"),
}


def own_extensions(resource: Node, allowed: frozenset[str]) -> dict[str, str]:
    """Return the properties that a resource states by extensions of posthma, as tokens; each is booked."""
    found: dict[str, str] = {}
    for extension in resource.get("extension").each():
        url = extension.get("url").text
        if not url.startswith(OWN):
            continue
        name = url.removeprefix(OWN)
        leaf = next((extension.get(key) for key in extension.keys if key.startswith("value")), extension)
        token = _OWN[name](leaf.text) if name in allowed and name in _OWN else ""
        if token and name not in found:
            found[name] = token
            extension.book(USED)
        else:
            extension.book(NOT_UNDERSTOOD, f"{shorten(name)} {shorten(leaf.text)!r} cannot be said here")
    return found
