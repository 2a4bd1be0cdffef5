"""Coding-level descriptions: ``c.515G>A``, ``c.863_864insTCTG``, ``c.1216+1G>A``, and exon forms such as ``e3+2``.

Source of the grammar: HGVS nomenclature (DNA), with the older spellings that public tables still use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Coding", "read_coding"]


@dataclass(frozen=True, slots=True)
class Coding:
    """A change of a coding sequence.

    Attributes:
        text: Normal form, ``c.515G>A``.
        consequence: What follows from the description alone: splice, frameshift, in-frame change, or ``coding``.
        codon: The codon it begins in; None outside of the coding sequence.
        last: The codon it ends in.
    """

    text: str
    consequence: str
    codon: int | None = None
    last: int | None = None


_POINT = r"([*-]?)([0-9]{1,6})([+-][0-9]{1,6})?"
_CHANGE = re.compile(
    r"(?:c\.)?\(?" + _POINT + r"(?:_" + _POINT + r")?"
    r"(?:([ACGT])>([ACGT])|(delins|del|dup|ins|inv)([ACGTN]{0,500}|[0-9]{1,5})"
    r"|([ACGT]{0,60})>([ACGT]{1,60})|(=)|\?)\)?",
    re.IGNORECASE,
)
_REPLACED = re.compile(r"del[ACGTN]{1,200}ins(?=[ACGTN])", re.IGNORECASE)  # delTGinsCG, as older reports write it
_EXON = re.compile(r"e([0-9]{1,2})([+-][0-9]{1,4})", re.IGNORECASE)


def read_coding(text: str) -> Coding | None:
    """Read a coding description without gene; None when it is not understood.

    >>> read_coding("c.515G>A").codon, read_coding("c.1216+1G>A").consequence
    (172, 'splice')
    """
    body = text.strip().strip("[] ").replace(" ", "")
    if found := _EXON.fullmatch(body):
        return Coding(body.lower(), _intronic(int(found[2])))
    body = _REPLACED.sub("delins", body)
    found = _CHANGE.fullmatch(body)
    if found is None or (body[:2] not in ("c.", "C.") and not (found[3] or found[7] or found[9])):
        return None
    first = (found[1], int(found[2]), int(found[3] or 0))
    second = (found[4] or "", int(found[5]), int(found[6] or 0)) if found[5] else first
    change = _shown(found)
    place = f"{found[1]}{found[2]}{found[3] or ''}"
    if found[5]:
        place += f"_{found[4] or ''}{found[5]}{found[6] or ''}"
    whole = f"c.{place}{change}"
    if first[0] or second[0]:
        return Coding(whole, "utr")
    if first[2] or second[2]:
        nearest = min((point[2] for point in (first, second) if point[2]), key=abs)
        return Coding(whole, "splice" if 0 in (first[2], second[2]) else _intronic(nearest))
    if second[1] < first[1]:
        return None
    codon, last = (first[1] + 2) // 3, (second[1] + 2) // 3
    if first[1] <= 3 and change != "=" and not change.startswith("ins"):
        return Coding(whole, "start-loss", codon, last)
    return Coding(whole, _exonic(found, second[1] - first[1] + 1), codon, last)


def _shown(found: re.Match[str]) -> str:
    if found[7]:
        return f"{found[7].upper()}>{found[8].upper()}"
    if found[9]:
        kept = found[10].upper() if found[9].lower() in ("ins", "delins") else ""
        return found[9].lower() + kept
    if found[12]:
        return f"{found[11].upper()}>{found[12].upper()}"
    return "=" if found[13] else "?"


def _intronic(distance: int) -> str:
    """Name a change by its distance from the exon: the two bases beside it are the splice site."""
    return "splice" if abs(distance) <= 2 else "splice-region" if abs(distance) <= 8 else "intronic"


def _exonic(found: re.Match[str], length: int) -> str:
    kind = (found[9] or "").lower()
    inserted = found[10] or ""
    size = int(inserted) if inserted.isdigit() else len(inserted)
    if found[13]:
        return "synonymous"
    if kind in ("del", "dup"):
        return f"inframe-{'deletion' if kind == 'del' else 'duplication'}" if length % 3 == 0 else "frameshift"
    if kind == "ins":
        return "coding" if not size else "inframe-insertion" if size % 3 == 0 else "frameshift"
    if kind == "delins":
        return "coding" if not size else "inframe-delins" if (size - length) % 3 == 0 else "frameshift"
    return "coding"
