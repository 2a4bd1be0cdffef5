"""One abnormality of a karyotype: ``+8``, ``-7``, ``del(5)(q13q33)``, ``der(5)t(5;17)(q12;q11)``, ``+1~3mar``.

`read_item` is liberal in spelling (case, blanks, ``5q-``, ``iso`` for ``i``, ``*2``) and strict in meaning: what does
not match the grammar as a whole is not understood.

Source of the grammar: ISCN 2024 (Cytogenet Genome Res 164, suppl 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["CHROMOSOMES", "Abnormality", "Piece", "read_item"]

CHROMOSOMES = frozenset([*map(str, range(1, 23)), "X", "Y"])

TYPES = frozenset([
    "abn", "add", "del", "der", "dic", "dim", "dup", "fis", "fra", "hsr", "i", "idic", "ider", "inv", "ins", "neo",
    "psudic", "psuidic", "qdp", "r", "rea", "rec", "rob", "t", "tas", "trc", "trp",
])  # fmt: skip
_SAME = {
    "iso": "i", "pseudodic": "psudic", "ring": "r", "invins": "ins", "dirins": "ins", "invdup": "dup",
    "dirdup": "dup", "isodic": "idic", "derdic": "dic", "derpsudic": "psudic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One operation of an abnormality, such as ``t(5;17)(q12;q11)``; ``chromosomes`` and ``bands`` run in parallel."""

    kind: str
    chromosomes: tuple[str, ...]
    bands: tuple[str, ...]

    def arms(self, chromosome: str) -> frozenset[str]:
        """Return the arms of a chromosome that the bands name."""
        found: set[str] = set()
        for name, band in zip(self.chromosomes, self.bands, strict=False):
            if name == chromosome:
                found.update(c for c in band if c in "pq")
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Abnormality:
    """One abnormality.

    Attributes:
        text: Its normal form, equal for equal abnormalities.
        kind: ``gain``, ``loss``, ``marker``, ``dmin``, ``ring``, ``sex`` (a lost sex chromosome that is not named),
            ``extra sex`` (one too many, unexplained), ``variant``, or the ISCN symbol (``del``, ``t``, ...).
        pieces: Its operations; empty for gains, losses and markers.
        chromosome: The chromosome gained or lost.
        least: How many there are at least ("+1~3mar").
        most: How many there are at most.
        sign: ``+`` for an additional abnormal chromosome, ``-`` for a lost one, else empty.
        uncertain: A question mark stands at the abnormality or its chromosome.
        constitutional: Marked with ``c``, as inherited or de novo, or a benign variant of heterochromatin.
        origin_open: Marked ``?c``: constitutional or acquired is not known, so it may count or not.
        cells: Cells of its own in a composite karyotype; None when not stated.
        short: Written in a short form (``5q-``, ``del(5q)``).
    """

    text: str
    kind: str
    pieces: tuple[Piece, ...] = ()
    chromosome: str = ""
    least: int = 1
    most: int = 1
    sign: str = ""
    uncertain: bool = False
    constitutional: bool = False
    cells: int | None = None
    short: bool = False
    origin_open: bool = False

    @property
    def structural(self) -> bool:
        """Whether a chromosome is rearranged, rather than gained or lost whole."""
        return self.kind not in ("gain", "loss", "marker", "dmin", "sex", "ring", "variant", "extra sex")

    @property
    def involved(self) -> frozenset[str]:
        """The chromosomes that it names."""
        names = {name for piece in self.pieces for name in piece.chromosomes}
        return frozenset(names | {self.chromosome}) & CHROMOSOMES


_NUMBER = r"(?:([0-9]{1,2})(?:[~-]([0-9]{1,2}))?)?"
_NUMERIC = re.compile(r"([+-])(\??)([0-9]{1,2}|[xy])")
_MARKER = re.compile(r"([+-]?)(\??)" + _NUMBER + r"(?:var)?mar(?:l?([0-9]{1,2})(?:[~-]([0-9]{1,2}))?|s|kers?)?")
_RING = re.compile(r"([+-]?)(\??)" + _NUMBER + r"r(?:ing)?(?:[0-9]?|\(\?\))(?:chromosomes?)?")
_DMIN = re.compile(r"([+-]?)[<>~]?(?:[0-9]{1,3}(?:[~-]{1,2}[<>]?[0-9]{1,3})?)?dmin")
# ISCN 2024, 2.5: 16qh+, 21ps+, 22pstk+, 13cenh+, 14cenh+pstk+ps+, 22pvar, 9phqh, 1q41h
_VARIANT = re.compile(r"([0-9]{1,2}|[xy])(?:(?:cen|[pq][0-9.]{0,5})(?:h|s|stk|var){1,3}[+-]{0,2}){1,3}")
_ORIGIN = re.compile(r"(?<=[0-9)xyr+-])(?:\?c|c|d?(?:mat|pat|inh)|dn)\Z")
_PIECE = re.compile(r"(\??)([a-z]{1,9})((?:\([^()]{1,200}\)){1,2})")
_SHORT_DEL = re.compile(r"(?:del\(?)?(\??)([0-9]{1,2}|[xy])([pq])\)?-?")
_BARE_DEL = re.compile(r"del\(?(\??)([0-9]{1,2}|[xy])\)?")
_CHROMOSOME = re.compile(r"(\??)([0-9]{1,2}|[xy]|\?)(.{0,40})")
_BAND = re.compile(r"[pqxy0-9.?~/+\-:>|a-z]{0,200}")
_TWO_BANDS = re.compile(r"([pq][0-9.?]{1,6})([pq][0-9.?]{1,6})")
_CELLS = re.compile(r"\[(?:cp)?([0-9]{1,4})\]\Z")
_TIMES = re.compile(r"(?:[x*×]([0-9])|\(x([0-9])\))\Z")
_LEADING_TIMES = re.compile(r"([+-]?)([0-9])[x*×](?=[a-z+-])")


def read_item(raw: str) -> Abnormality | None:
    """Read one item of a clone; None when it is not understood.

    >>> read_item("del(5)(q13q33)").text
    'del(5)(q13q33)'
    >>> read_item("5Q-").text, read_item("+2~4mar").most, read_item("der817)add(17)") is None
    ('del(5)(q)', 4, True)
    """
    item = raw.lower().replace(" ", "").rstrip(".")
    item, cells = _strip(item, _CELLS)
    times_text = ""
    item, times_text = _strip(item, _TIMES)
    if not times_text and (leading := _LEADING_TIMES.match(item)):
        item, times_text = leading[1] + item[leading.end() :], leading[2]
    times = int(times_text or 1)
    item, origin = _strip(item, _ORIGIN)
    doubtful = item.endswith("?")
    found = _plain(item.rstrip("?")) or _structural(item.rstrip("?"))
    if found is None or times < 1 or (found.kind == "variant" and times > 1):
        return None
    return Abnormality(
        text=found.text,
        kind=found.kind,
        pieces=found.pieces,
        chromosome=found.chromosome,
        least=found.least * times,
        most=found.most * times,
        sign=found.sign,
        uncertain=found.uncertain or doubtful or origin == "?c",
        constitutional=found.kind == "variant" or origin not in ("", "?c"),
        cells=int(cells) if cells else None,
        short=found.short,
        origin_open=origin == "?c",
    )


def _strip(item: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.search(item, max(0, len(item) - 8))
    if not found:
        return item, ""
    return item[: found.start()], next((group for group in found.groups() if group), found[0])


def _plain(item: str) -> Abnormality | None:
    """Read gains, losses, markers, rings of unknown origin, double minutes and variants of heterochromatin.

    A lost marker (``-mar1``) has a meaning only beside a stem that holds it.
    """
    if found := _NUMERIC.fullmatch(item):
        name = found[3].upper()
        if name not in CHROMOSOMES:
            return None
        kind = "gain" if found[1] == "+" else "loss"
        return Abnormality(found[1] + name, kind, chromosome=name, sign=found[1], uncertain=bool(found[2]))
    if found := _MARKER.fullmatch(item):
        return _marker(found)
    if found := _RING.fullmatch(item):
        sign = "-" if found[1] == "-" else "+"
        least, most = _copies(found[3], found[4])
        return Abnormality(f"{sign}r", "ring", least=least, most=most, sign=sign, uncertain=bool(found[2]))
    if found := _DMIN.fullmatch(item):
        return Abnormality("-dmin", "dmin", sign="-") if found[1] == "-" else Abnormality("dmin", "dmin")
    if (found := _VARIANT.fullmatch(item)) and found[1].upper() in CHROMOSOMES:
        return Abnormality(item, "variant", chromosome=found[1].upper())
    return None


def _marker(found: re.Match[str]) -> Abnormality:
    """Read markers: ``+mar``, ``+2mar``, ``+1~3mar``, ``+mar2`` (the second marker), ``+mar1-5`` (one to five)."""
    least, most = _copies(found[3], found[4])
    sign = "-" if found[1] == "-" else "+"
    name = f"{sign}mar"
    if found[6]:
        least, most = _copies(found[5], found[6])
    elif found[5]:
        name += found[5]
    return Abnormality(name, "marker", least=least, most=most, sign=sign, uncertain=bool(found[2]))


def _copies(low: str | None, high: str | None) -> tuple[int, int]:
    least = int(low or 1)
    most = int(high or least)
    return (least, most) if least <= most else (most, least)


def _structural(item: str) -> Abnormality | None:
    if found := _SHORT_DEL.fullmatch(item):
        if not item.startswith("del") and not item.endswith("-"):
            return None
        return _deletion(found[2].upper(), found[3], bool(found[1]))
    if found := _BARE_DEL.fullmatch(item):
        return _deletion(found[2].upper(), "", bool(found[1]))
    sign = item[0] if item[:1] in "+-" and item else ""
    body = item.lstrip("+-")
    doubtful = body.startswith("?")
    body = body.lstrip("?")
    pieces: list[Piece] = []
    at = 0
    for found in _PIECE.finditer(body):
        if found.start() != at:
            break
        piece, asked = _piece(found[2], found[3])
        if piece is None or (pieces and piece.kind in ("der", "mar")):
            return None  # a derivative inside a derivative is two items without a comma
        pieces.append(piece)
        doubtful = doubtful or bool(found[1]) or (asked and not pieces[1:])
        at = found.end()
    if not pieces or at != len(body):
        return None
    named = any(set(piece.chromosomes) & CHROMOSOMES for piece in pieces)
    if not named and pieces[0].kind not in ("der", "r", "dic", "add"):
        return None
    text = sign + "".join(_form(piece) for piece in pieces)
    short = any(len(piece.chromosomes) == 1 and piece.bands in (("p",), ("q",)) for piece in pieces)
    return Abnormality(text, pieces[0].kind, tuple(pieces), sign=sign, uncertain=doubtful, short=short)


def _deletion(name: str, arm: str, doubtful: bool) -> Abnormality | None:
    if name not in CHROMOSOMES:
        return None
    piece = Piece("del", (name,), (arm,))
    return Abnormality(_form(piece), "del", (piece,), uncertain=doubtful, short=True)


def _form(piece: Piece) -> str:
    bands = f"({';'.join(piece.bands)})" if any(piece.bands) else ""
    return f"{piece.kind}({';'.join(piece.chromosomes)}){bands}"


def _piece(word: str, groups: str) -> tuple[Piece | None, bool]:
    """Read one operation; the second value says that its chromosome is doubtful."""
    kind = _SAME.get(word, word)
    if kind not in TYPES:
        return None, False
    first, second, *_ = [*groups[1:-1].split(")("), ""]
    names, bands, doubtful = [], [], False
    for part in re.split("[;,:]", first):
        found = _CHROMOSOME.fullmatch(part)
        if not found or (found[2] != "?" and found[2].upper() not in CHROMOSOMES):
            return None, False
        if found[3] and not (found[3][0] in "pq?" and _BAND.fullmatch(found[3])):
            return None, False
        names.append(found[2].upper())
        bands.append(found[3])
        doubtful = doubtful or bool(found[1])
    if second:
        typed = second.replace(":", ";") if len(names) > 1 and ";" not in second and "::" not in second else second
        given = re.split("[;,]", typed)
        if not all(_BAND.fullmatch(band) for band in given):
            return None, False
        if len(names) == 1:
            given = ["".join(given)]  # del(5)(q13;q33) is del(5)(q13q33)
        elif len(names) == 2 and len(given) == 1 and (pair := _TWO_BANDS.fullmatch(given[0])):
            given = [pair[1], pair[2]]  # t(2;21)(q23q22) is t(2;21)(q23;q22)
        bands = given
    return Piece(kind, tuple(names), tuple(bands)), doubtful
