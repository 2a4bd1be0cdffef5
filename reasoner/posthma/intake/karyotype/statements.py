"""What a karyotype field says when it holds no karyotype: a statement, a failed test, a missing value, free text.

A statement is what somebody concluded, not a karyotype: "normal" is kept as "reported normal" and never read as
46,XX.
"""

from __future__ import annotations

import re

from posthma.intake.values import MISSING

__all__ = ["statement"]

_FAILED = re.compile(
    r"\b(?:no|keine?|sin|zero|without|nessuna|insufficient|not enough)\b.{0,30}\b"
    r"(?:meta|mitos|growth|divi|zell|cell|result|analy|material|data)"
    r"|\bfail|\bnot? (?:done|performed|analy|evaluable|available|assessable|informative|yield)"
    r"|keine?zell|keine?meta|no ?growth|unsuccessful|inadequate|nicht (?:durch|auswert)",
    re.IGNORECASE,
)
_NORMAL = re.compile(
    r"(?:cytogenetically |apparently )?(?:normal|diploid)(?: (?:fe)?male)?(?: karyotype| karyotyp)?", re.IGNORECASE
)
_COMPLEX = re.compile(r"complex|komplex|kompleks|(?:>|≥|more than |over )\s?[34]?\s?abn|multiple abn", re.IGNORECASE)
_DELETED = {"5": "q", "7": "q", "20": "q", "11": "q", "12": "p", "17": "p"}


def _lesion_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    patterns = []
    for number, arm in _DELETED.items():
        spelling = rf"del ?\(? ?{number} ?\)? ?\(?{arm}|(?<![0-9a-z]){number} ?\)? ?{arm} ?(?:-|\(|del\b)"
        patterns.append((re.compile(spelling, re.IGNORECASE), f"del({number}{arm})"))
    for name, number, sign in (("tri?som(?:y|ie|ia)|tris|plus", "8", r"\+"), ("monosom(?:y|ie|ia)|minus", "7", "-")):
        spelling = rf"(?:(?:{name}) ?{number}|(?<![0-9a-z;)]){sign} ?{number})(?![0-9pq])"
        patterns.append((re.compile(spelling, re.IGNORECASE), ("+" if number == "8" else "-") + number))
    lost_y = r"minus y|del ?\(?y\)?|loss of (?:chromosome )?y|(?<![0-9a-z;)])- ?y(?![a-z])"
    patterns.append((re.compile(lost_y, re.IGNORECASE), "-Y"))
    return tuple(patterns)


_LESIONS = _lesion_patterns()


def statement(text: str) -> tuple[str, tuple[str, ...]]:
    """Return what a text without karyotype says.

    Returns:
        ``("missing", ())``, ``("failed", ())``, ``("statement", what is stated)`` or ``("text", ())``.

    >>> statement("Normal karyotype"), statement("no metaphases"), statement("del(5q), FISH")
    (('statement', ('reported normal',)), ('failed', ()), ('statement', ('reported del(5q)',)))
    """
    body = " ".join(text.replace("_", " ").split()).strip(" .;,\"'")
    if body.lower() in MISSING:
        return "missing", ()
    if _FAILED.search(body):
        return "failed", ()
    said = []
    if _NORMAL.fullmatch(body):
        said.append("reported normal")
    if _COMPLEX.search(body):
        said.append("reported complex")
    said += [f"reported {name}" for pattern, name in _LESIONS if pattern.search(body)]
    return ("statement", tuple(said)) if said else ("text", ())
