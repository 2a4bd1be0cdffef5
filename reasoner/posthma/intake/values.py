"""Numbers and dates as people write them: "< 5 %", "5-9", "~20", "1.234,5", "2017-06", "31.02.2019".

A number becomes an `Interval` of canonical decimals that keeps its bounds; a date becomes its earliest and latest
day. What cannot be read comes back as a finding with the place in the text, never as an exception and never as a
guess. Texts longer than `LIMIT` characters are not read.

>>> read_number("< 5 %").interval
Interval(low=None, high=Decimal('5'), low_exclusive=False, high_exclusive=True)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache

__all__ = [
    "LIMIT",
    "MISSING",
    "Finding",
    "Interval",
    "NumberReading",
    "canonical",
    "choices",
    "look_up",
    "read_number",
    "to_decimal",
]

LIMIT = 200
"""The longest text, in characters, that is read as a number, a unit or a date."""

DIGITS = 20
"""The most digits that a number may have."""

MISSING = frozenset([
    "", "na", "n/a", "n.a.", "nan", "nd", "n.d.", "none", "null", "nil", "missing", "unknown", "unk", "not done",
    "not available", "not applicable", "not known", "not tested", "not assessed", "-", "--", "---", ".", "?", "#n/a",
])  # fmt: skip
"""Texts, in lower case, that say that a value is missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an input that a reader should know.

    Attributes:
        code: Stable short name, such as ``ambiguous-number``.
        text: One sentence: what was seen and what to do.
        start: Where in the text it begins, counted in characters from 0.
        end: Where it ends.
    """

    code: str
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """What is known of a number: it lies between low and high; None means no bound was stated.

    Attributes:
        low: Lower bound.
        high: Upper bound.
        low_exclusive: The lower bound itself is excluded ("> 20").
        high_exclusive: The upper bound itself is excluded ("< 5").
    """

    low: Decimal | None
    high: Decimal | None
    low_exclusive: bool = False
    high_exclusive: bool = False

    @classmethod
    def exactly(cls, value: Decimal) -> Interval:
        """Return the interval that holds one number."""
        return cls(value, value)

    @property
    def value(self) -> Decimal | None:
        """The number, when the interval holds exactly one."""
        return self.low if self.low is not None and self.low == self.high else None

    def times(self, factor: Decimal) -> Interval:
        """Return the interval with both bounds multiplied by a positive factor."""
        low = None if self.low is None else canonical(self.low * factor)
        high = None if self.high is None else canonical(self.high * factor)
        return Interval(low, high, self.low_exclusive, self.high_exclusive)

    def __str__(self) -> str:
        if self.value is not None:
            return plain(self.value)
        low = "" if self.low is None else f"{'>' if self.low_exclusive else '>='} {plain(self.low)}"
        high = "" if self.high is None else f"{'<' if self.high_exclusive else '<='} {plain(self.high)}"
        return " and ".join(part for part in (low, high) if part) or "any number"


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a text says of a number.

    Attributes:
        reported: The text as it stood.
        interval: The number's bounds; None when it is missing or was not understood.
        rest: What stood behind the number, usually a unit.
        approximate: The text says "about".
        missing: The text says that there is no value.
        findings: What a reader should know.
    """

    reported: str
    interval: Interval | None = None
    rest: str = ""
    approximate: bool = False
    missing: bool = False
    findings: tuple[Finding, ...] = ()


def canonical(number: Decimal) -> Decimal:
    """Return an equal decimal without exponent, trailing zeros or negative zero.

    >>> canonical(Decimal("1.50E+1"))
    Decimal('15')
    """
    number = number.normalize() + 0
    fits = number.is_finite() and 0 < number.adjusted() < 27
    return number.quantize(Decimal(1)) if fits and number == number.to_integral_value() else number


def plain(number: Decimal) -> str:
    """Return a decimal as plain digits.

    >>> plain(Decimal("1E+2"))
    '100'
    """
    return format(canonical(number), "f")


def to_decimal(value: int | float | Decimal) -> Decimal:
    """Return a Python number as canonical decimal; a float by its shortest digits, so 0.1 stays 0.1.

    Raises:
        ValueError: It is not finite.
    """
    number = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else int(value))
    if not number.is_finite():
        raise ValueError(f"{value} is not a finite number")
    return canonical(number)


_PLAIN = str.maketrans({
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "～": "~", "∼": "~", "＜": "<", "＞": ">", "≦": "≤", "≧": "≥",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\ufeff": " ",
})  # fmt: skip
_OPERATOR = re.compile(r"(<=|=<|≤|<|>=|=>|≥|>|~|≈|±|=)\s{0,20}")
_WORDS = (
    ("less than or equal to", "≤"), ("at most", "≤"), ("up to", "≤"), ("not more than", "≤"), ("max.", "≤"),
    ("less than", "<"), ("below", "<"), ("under", "<"),
    ("greater than or equal to", "≥"), ("more than or equal to", "≥"), ("at least", "≥"), ("min.", "≥"),
    ("more than", ">"), ("greater than", ">"), ("above", ">"), ("over", ">"),
    ("approximately", "~"), ("approx.", "~"), ("approx", "~"), ("about", "~"), ("circa", "~"), ("ca.", "~"),
    ("ca ", "~"),
)  # fmt: skip
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:[' ][0-9]{3})+(?:[.,][0-9]+)?(?![0-9])|[0-9][0-9.,]*|[.,][0-9]+)"
    r"(?:[eE][+-]?[0-9]{1,3}(?![0-9.]))?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ][0-9]{3})+\Z")


def read_number(text: str) -> NumberReading:
    """Read one number with its bound and what stands behind it.

    >>> read_number("5-9 %").interval
    Interval(low=Decimal('5'), high=Decimal('9'), low_exclusive=False, high_exclusive=False)
    >>> read_number("1,500").findings[0].code
    'ambiguous-number'
    """
    if len(text) > LIMIT:
        return _refused(text[:LIMIT], "too-long", f"longer than {LIMIT} characters; not read")
    return _read_number(text)


@lru_cache(maxsize=4096)  # a cohort gives the same few thousand numbers again and again
def _read_number(text: str) -> NumberReading:
    body = text.translate(_PLAIN).strip()
    if body.lower() in MISSING:
        return NumberReading(text, missing=True)
    operator, body = _operator(body)
    first, end, findings = _one(body)
    if first is None:
        return NumberReading(text, findings=tuple(findings) or (_not_understood(text),))
    rest = body[end:].lstrip(" .,")
    second, joint = None, _range_end(rest) if not operator else None
    if joint is not None:
        second, stop, more = _one(rest[joint:])
        findings += more
        if second is None:
            return NumberReading(text, findings=tuple(findings) or (_not_understood(text),))
        rest = rest[joint:][stop:].lstrip()
    elif operator in ("", "~") and rest.startswith(("±", "+/-")):
        return _refused(text, "spread", "a value with a spread is not one measurement; give the value or its range")
    return _finish(text, operator, first, second, rest, findings)


def _refused(text: str, code: str, why: str) -> NumberReading:
    return NumberReading(text, findings=(Finding(code, why, 0, len(text)),))


def _finish(
    text: str, operator: str, first: Decimal, second: Decimal | None, rest: str, findings: list[Finding]
) -> NumberReading:
    if second is not None:
        if second < first:
            why = f"the range runs from {plain(first)} down to {plain(second)}; write the smaller number first"
            return _refused(text, "reversed-range", why)
        return NumberReading(text, Interval(first, second), rest, findings=tuple(findings))
    if rest.startswith("+") and not operator:  # "20+"
        operator, rest = "≥", rest[1:].lstrip()
    interval = {
        "<": Interval(None, first, False, True), "≤": Interval(None, first), ">": Interval(first, None, True),
        "≥": Interval(first, None),
    }.get(operator, Interval.exactly(first))  # fmt: skip
    return NumberReading(text, interval, rest, approximate=operator == "~", findings=tuple(findings))


def _operator(body: str) -> tuple[str, str]:
    """Split off a leading bound: its sign in one form, and the rest."""
    lowered = body.lower()
    for word, sign in _WORDS:
        if lowered.startswith(word):
            return sign, body[len(word) :].lstrip()
    found = _OPERATOR.match(body)
    if not found:
        return "", body
    sign = {"<=": "≤", "=<": "≤", ">=": "≥", "=>": "≥", "≈": "~", "=": ""}.get(found[1], found[1])
    return sign, body[found.end() :]


def _range_end(rest: str) -> int | None:
    """Return where the second number of a range begins, if one follows."""
    found = re.match(r"(?:-|~|\.{2,3}|to\b|bis\b|and\b)\s{0,20}", rest, re.IGNORECASE)
    if not found or not _NUMBER.match(rest, found.end()):
        return None
    return found.end()


def _one(body: str) -> tuple[Decimal | None, int, list[Finding]]:
    """Read the number at the start of a text: the number, where it ends, findings."""
    found = _NUMBER.match(body)
    if not found:
        return None, 0, []
    raw = found[0].rstrip(",.")
    end = found.start() + len(raw)
    number, finding = _decimal(raw, end)
    return number, end, [finding] if finding else []


def _decimal(raw: str, end: int) -> tuple[Decimal | None, Finding | None]:
    """Turn digits with separators into a decimal, or say why not."""
    sign, digits = (raw[0], raw[1:]) if raw[0] in "+-" else ("", raw)
    mantissa, marker, exponent = digits.partition("e" if "e" in digits else "E")
    if marker and abs(int(exponent)) > DIGITS:
        return None, Finding("not-understood", f"an exponent of {exponent} is beyond any measurement", 0, end)
    marks = [c for c in mantissa if c not in "0123456789"]
    plain_digits: str | None = mantissa
    finding: Finding | None = None
    if len(set(marks)) > 1:
        whole, _, part = mantissa.rpartition(marks[-1])
        grouped = marks[-1] in ".," and marks[-1] not in whole and _GROUPED.match(whole)
        plain_digits = re.sub(r"\D", "", whole) + "." + part if grouped else None
    elif len(marks) > 1 or (marks and marks[0] in "' "):
        plain_digits = re.sub(r"\D", "", mantissa) if _GROUPED.match(mantissa) else None
    elif marks == [","]:
        whole, _, part = mantissa.partition(",")
        if len(part) == 3 and whole not in ("", "0"):
            text = f"{raw} is {whole}.{part} or {whole}{part}; write a decimal point, or no thousands separator"
            return None, Finding("ambiguous-number", text, 0, end)
        plain_digits = f"{whole or '0'}.{part}"
    elif marks == ["."]:
        whole, _, part = mantissa.partition(".")
        if len(part) == 3 and whole not in ("", "0") and part.endswith("0"):
            why = f"{raw} is read as {whole}.{part.rstrip('0') or '0'}, not as {whole}{part}"
            finding = Finding("thousands-or-decimals", why, 0, end)
    if plain_digits is None:
        return None, Finding("ambiguous-number", f"{raw} mixes separators; write digits with one decimal point", 0, end)
    if sum(c.isdigit() for c in plain_digits) > DIGITS:
        return None, Finding("not-understood", f"more than {DIGITS} digits are no measurement", 0, end)
    try:
        return canonical(Decimal(sign + plain_digits + (f"E{exponent}" if marker else ""))), finding
    except InvalidOperation:
        return None, Finding("not-understood", f"{raw} is not a number", 0, end)


def _not_understood(text: str) -> Finding:
    return Finding("not-understood", f"{shorten(text)!r} is not a number", 0, len(text))


def look_up(known: Mapping[str, str], text: str) -> str | None:
    """Return the name that a word stands for; case, blanks, hyphens and the spelling of haem- make no difference.

    >>> look_up({"stabledisease": "stableDisease"}, "Stable disease")
    'stableDisease'
    """
    found = known.get(" ".join(text.lower().split()))
    if found is None:
        key = _joined(text)
        found = next((name for word, name in known.items() if _joined(word) == key), None)
    return found


def _joined(text: str) -> str:
    return re.sub(r"[\s-]", "", text.lower()).replace("haem", "hem").replace("aemia", "emia")


def choices(text: str, known: Mapping[str, str], most: int = 10) -> str:
    """Return a remedy that names what is accepted: everything when it is short, else what comes nearest.

    >>> choices("sd", {"stable disease": "stableDisease", "stabledisease": "stableDisease"})
    '; use one of stable disease'
    """
    labels = sorted({name: word for word, name in known.items() if word != name.lower()}.values()) or sorted(known)
    names = labels if len(labels) <= most else get_close_matches(text.strip().lower(), list(known), 3)
    return f"; use one of {', '.join(names)}" if names else ""


def shorten(text: str, length: int = 60) -> str:
    """Return a text for a message: no control characters, cut to a length."""
    clean = text[: length + 1]
    if not clean.isprintable():
        clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in clean)
    return clean if len(clean) <= length else clean[:length] + "…"
