"""Clones of a karyotype as written: chromosome number, sex chromosomes, items, cells.

Source of the rules: ISCN 2024, sections 4.2.1 (format), 4.5 (clones, recipient//donor), 5.7 (ploidy), 6.3.2 (cp).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from posthma.intake.karyotype.items import Abnormality, read_item
from posthma.intake.values import Finding, shorten

__all__ = ["Clone", "read_clone", "split"]

_HEAD = re.compile(
    r"[~>]?([0-9]{2,3})(?:[~-]{1,2}([0-9]{2,3}))?(?:<([0-9])n[+-]?>)?(c?)"
    r"(?=[\s,.;_xy\[]|idem|sl|sdl|mos|\Z)",
    re.IGNORECASE,
)
_SEX = re.compile(r"(\??)([xy]{1,8}|[u])(\??)(c?)(\??)(?:[x*×]([0-9]))?", re.IGNORECASE)
_MARKER_RANGE = re.compile(r"\+?[0-9]{0,2}[~-]?[0-9]{0,2}(?:var)?\s?(?:mar|r|dmin)[l0-9~-]{0,6}", re.IGNORECASE)
_STEM = re.compile(r"(idem|sl|sdl)([0-9]?)(?:[x*×]([0-9]))?", re.IGNORECASE)
_CELLS = re.compile(
    r"(?:\[\s{0,3}(cp)?\s{0,3}([0-9]{0,4})(?:\+([0-9]{1,4}))?\s{0,3}(?:,([^\[\]]{1,60}))?\]"
    r"|(cp)\s?\[?([0-9]{1,4})\]?|(?<=[xy])\(([0-9]{1,3})\))\s{0,5}\Z",
    re.IGNORECASE,
)
_ITEM_STARTS = re.compile(r"\s{0,3}(?:[+-]\??[0-9xym]|(?:add|del|der|dup|inv|ins|dic|idic|t|i|r)\()", re.IGNORECASE)
_NO_COMMA = re.compile(r"(?<=[)0-9])[.]?(?=[+-]\??(?:[0-9xy]|mar))|(?<=[)0-9])[.](?=[a-z]{1,4}\()", re.IGNORECASE)
_INCOMPLETE = frozenset({"inc", "etc", "...", "incomplete"})


@dataclass(frozen=True, slots=True)
class Clone:
    """One clone.

    Attributes:
        text: As written.
        start: Where it begins in the text.
        low: Chromosome number, at least; None when it could not be read.
        high: Chromosome number, at most.
        sex: Sex chromosomes as written, such as ``XY`` or ``X``.
        stem: ``idem``, ``sl``, ``sdl2`` ... when it builds on another clone.
        own: Abnormalities written for this clone.
        abnormalities: All its abnormalities, those of the stem included; each normal form with its copies.
        cells: Metaphases; None when not stated.
        composite: A composite karyotype (``cp``): not every cell has every abnormality.
        incomplete: Marked incomplete (``inc``).
        unread: Items that were not understood.
        constitutional: Items marked constitutional.
        ploidy: Level of ploidy, 2 for diploid.
        lost: Abnormal chromosomes of the stem that this clone lost (``idem,-inv(6)``).
    """

    text: str
    start: int
    low: int | None = None
    high: int | None = None
    sex: str = ""
    stem: str = ""
    own: tuple[Abnormality, ...] = ()
    abnormalities: tuple[tuple[Abnormality, int], ...] = ()
    cells: int | None = None
    composite: bool = False
    incomplete: bool = False
    unread: tuple[str, ...] = ()
    constitutional: tuple[str, ...] = ()
    ploidy: int = 2
    lost: int = 0

    @property
    def normal(self) -> bool:
        """No acquired abnormality, a known chromosome number, and everything was understood."""
        diploid = self.low == self.high == 46 and self.sex in ("XX", "XY") and self.ploidy == 2
        return bool(diploid or (self.constitutional and self.low == self.high)) and not (
            self.abnormalities or self.unread or self.incomplete or self.stem
        )


def split(text: str, marks: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of a text between marks that stand outside of brackets, each with its place.

    A bracket that is never closed ends where a new clone or item begins for certain.
    """
    depth = begin = 0
    for at, char in enumerate(text):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        elif char in marks and (depth == 0 or _fresh(text, at)):
            yield begin, text[begin:at]
            begin, depth = at + 1, 0
    yield begin, text[begin:]


def _fresh(text: str, at: int) -> bool:
    """Say whether a mark inside of brackets must end them: ``]/`` before a clone, ``,`` before an item."""
    if text[at] == "/":
        return text[at - 1 : at] == "]"
    return text[at] == "," and _ITEM_STARTS.match(text, at + 1) is not None


def read_clone(text: str, start: int, findings: list[Finding]) -> Clone:
    """Read one clone; what is not understood is listed in it and in ``findings``."""

    def find(code: str, sentence: str) -> None:
        findings.append(Finding(code, sentence, start, start + len(text)))

    body = text.rstrip(" ,;.")
    cells, composite, unread = None, False, []
    if found := _CELLS.search(body, max(0, len(body) - 90)):
        body = body[: found.start()].rstrip(" ,")
        composite = bool(found[1] or found[5])
        number = found[2] or found[6] or found[7]
        cells = int(number) + int(found[3] or 0) if number else None
        if found[3]:
            find("summed-cells", f"[{number}+{found[3]}] is read as {cells} cells")
        if found[4]:
            find("cells-remark", f"{shorten(found[4].strip())!r} stands beside the number of cells; it is not read")
        if cells == 0:
            unread.append(found[0].strip())
            find("no-cells", "no cell is stated for this clone; nothing follows from it")
    lead = len(body) - len(body.lstrip(" ,.;"))
    head = _HEAD.match(body, lead)
    low, high, ploidy = _numbers(head, find)
    own: list[Abnormality] = []
    rest = body[head.end() if head else lead :].lstrip(" ,.;_")
    items = [(at, item.strip(" ._;")) for at, item in split(rest, ",")]
    items = [(at, part) for at, item in items if item for part in _uncommaed(item, find)]
    inborn = False
    sex, constitutional = "", [head[0]] if head and head[4] else []
    if items and (found := _SEX.fullmatch(items[0][1].replace(" ", ""))):
        sex = found[2].upper()
        inborn = bool(found[4])
        if inborn:
            constitutional.append(sex)
        if found[1] or found[3] or found[5]:
            unread.append(items[0][1])
            find("uncertain-sex", f"{shorten(items[0][1])!r} leaves the sex chromosomes open")
        items = items[1:]
    elif items and (found := re.match(r"([xy]{1,4})[ .;_]{1,3}(?=[^xy])", items[0][1], re.IGNORECASE)):
        sex = found[1].upper()
        items[0] = (items[0][0], items[0][1][found.end() :])
        find("missing-comma", f"a comma is missing after {sex}")
    stem, incomplete = "", False
    for _, item in items:
        compact = item.lower().replace(" ", "")
        if compact in _INCOMPLETE:
            incomplete = True
        elif found := _STEM.fullmatch(compact):
            stem = found[1] + found[2] + (f"x{found[3]}" if found[3] else "")
        elif (abnormality := read_item(item)) is None or (_lost_unknown(abnormality) and not stem):
            unread.append(item)
            find("item-not-understood", f"{shorten(item)!r} is not understood")
        elif abnormality.constitutional:
            constitutional.append(abnormality.text)
        else:
            own.append(abnormality)
            _remark(abnormality, item, find)
    if not sex and not stem and head:
        find("no-sex-chromosomes", "the sex chromosomes are not stated")
    if ploidy == 2 and low is not None and low <= 34 and len(sex) == 1 and head and not head[3]:
        ploidy = 1  # ISCN 2024, 5.7: up to 34 chromosomes, changes are written against one of each
    extra = len(sex) - 2 - sum(1 for a in own if a.kind == "gain" and a.chromosome in ("X", "Y"))
    if ploidy == 2 and extra > 0 and not inborn and not stem:
        own.append(Abnormality(f"extra {sex[2:]}", "extra sex", least=0, most=extra))
        why = f"{sex} is neither marked constitutional (c) nor written as a gain; whether it counts stays open"
        find("sex-complement", why)
    return Clone(text.strip(), start, low, high, sex, stem, tuple(own), (), cells, composite, incomplete, tuple(unread),
                 tuple(constitutional), ploidy)  # fmt: skip


def _uncommaed(item: str, find: object) -> list[str]:
    """Split an item where a comma is missing: ``del(20)(q11)-7``."""
    assert callable(find)
    cuts, depth = [0], 0
    for found in _NO_COMMA.finditer(item):
        before = item[: found.start()]
        depth = before.count("(") - before.count(")")
        part = before[cuts[-1] :].strip(".")
        if depth == 0 and part.strip("+-?") and not re.fullmatch(r"\+?[0-9]{1,3}", part):
            cuts.append(found.start())
    if len(cuts) == 1 or _MARKER_RANGE.fullmatch(item):
        return [item]
    find("missing-comma", f"a comma is missing in {shorten(item)!r}")
    return [item[a:b].strip(". ") for a, b in zip(cuts, [*cuts[1:], None], strict=True)]


def _lost_unknown(abnormality: Abnormality) -> bool:
    """Say whether it is the loss of a marker, ring or double minute, which only a stem can give a meaning."""
    return abnormality.sign == "-" and abnormality.kind in ("marker", "ring", "dmin")


def _remark(abnormality: Abnormality, item: str, find: object) -> None:
    assert callable(find)
    if abnormality.short:
        find("short-form", f"{shorten(item)!r} is a short form, read as {abnormality.text}")
    if abnormality.uncertain:
        find("uncertain-item", f"{shorten(item)!r} is marked uncertain")


def _numbers(head: re.Match[str] | None, find: object) -> tuple[int | None, int | None, int]:
    assert callable(find)
    if head is None:
        find("no-chromosome-number", "the number of chromosomes could not be read")
        return None, None, 2
    low = int(head[1])
    high = int(head[2] or low)
    if high < low:
        find("reversed-range", f"the number of chromosomes runs from {low} down to {high}")
        low, high = high, low
    if low < 20:
        find("implausible-number", f"{low} chromosomes are implausible")
    ploidy = int(head[3]) if head[3] else 2 if high <= 57 else round(high / 23)
    return low, high, ploidy
