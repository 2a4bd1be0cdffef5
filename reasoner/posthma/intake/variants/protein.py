"""Protein-level descriptions: ``p.R172K``, ``p.(Arg172Lys)``, ``V172Gfs*2``, ``P95_R102del``, ``X126_splice``.

Source of the grammar: HGVS nomenclature (protein), with the older spellings that public tables still use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["LETTERS", "Protein", "read_protein"]

_THREE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H",
    "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W",
    "Tyr": "Y", "Val": "V", "Sec": "U", "Ter": "*", "Xaa": "X", "Stop": "*",
}  # fmt: skip
LETTERS = frozenset("ARNDCQEGHILKMFPSTWYVU")


@dataclass(frozen=True, slots=True)
class Protein:
    """A change of a protein.

    Attributes:
        text: Normal form in one-letter code, ``p.R172K``.
        consequence: What kind of change it is.
        start: First residue; None for ``p.?``.
        end: Last residue.
        reference: Letter of the first residue.
        alternate: What stands there instead: letters, ``*``, ``fs``, or empty.
    """

    text: str
    consequence: str
    start: int | None = None
    end: int | None = None
    reference: str = ""
    alternate: str = ""


_LONG = re.compile("|".join(_THREE), re.IGNORECASE)
_PLACE = r"([A-Z*]?)([0-9]{1,5})"
_SUBSTITUTION = re.compile(_PLACE + r"([A-Z*=?]|STOP)")
_FRAMESHIFT = re.compile(_PLACE + r"([A-Z]?)FS(?:(?:[*X]|TER)?>?[0-9?]{0,5})?(?:\*>?[0-9?]{0,5})?")
_RANGE = re.compile(_PLACE + r"(?:_" + _PLACE + r")?(DELINS|DEL|DUP|INS|>)([A-Z*]{0,200}|[0-9]{1,4})")
_REPLACED = re.compile(r"DEL[A-Z*]{1,200}INS(?=[A-Z*])")  # delELREAinsV, as older reports write it
_IN_FRAME = re.compile(r"([A-Z]?)([0-9]{1,5})IN_FRAME_(INS|DEL)([A-Z]{0,200})")
_EXTENSION = re.compile(r"\*([0-9]{1,5})([A-Z]?)EXT(?:\*|X)?-?[0-9?]{0,5}")
_SPLICE = re.compile(r"[A-Z*]?([0-9]{1,5})_SPLICE")
_LOOSE = re.compile(r"([A-Z])([0-9]{1,5})")


def read_protein(text: str) -> Protein | None:
    """Read a protein description without gene; None when it is not understood.

    >>> read_protein("p.Val172GlyfsTer2").text, read_protein("p.M1?").consequence
    ('p.V172fs', 'start-loss')
    """
    body = text.strip()
    body = body[2:] if body[:2] in ("p.", "P.") else body
    body = body.strip("()[] ").replace(" ", "")
    if body in ("=", "?", "0", "0?"):
        consequence = {"=": "synonymous", "?": "unknown"}.get(body, "no-protein")
        return Protein(f"p.{body}", consequence)
    if re.search("[a-z]", body):
        body = _LONG.sub(lambda found: _THREE[found[0].capitalize()], body)
    body = _REPLACED.sub("DELINS", body.upper())
    for reader in (_splice, _frameshift, _extension, _substitution, _range, _in_frame):
        found = reader(body)
        if found is not None:
            return found
    if (loose := _LOOSE.fullmatch(body)) and loose[1] in LETTERS:
        return Protein(f"p.{loose[1]}{loose[2]}", "unspecified", int(loose[2]), int(loose[2]), loose[1])
    return None


def _known(*letters: str) -> bool:
    return all(letter in LETTERS or letter in ("", "*", "X") for letter in letters)


def _splice(body: str) -> Protein | None:
    found = _SPLICE.fullmatch(body)
    return Protein(f"p.X{found[1]}_splice", "splice", int(found[1]), int(found[1])) if found else None


def _frameshift(body: str) -> Protein | None:
    found = _FRAMESHIFT.fullmatch(body)
    if not found or not _known(found[1], found[3]) or not found[1]:
        return None
    return Protein(f"p.{found[1]}{found[2]}fs", "frameshift", int(found[2]), int(found[2]), found[1], "fs")


def _extension(body: str) -> Protein | None:
    found = _EXTENSION.fullmatch(body)
    if not found:
        return None
    return Protein(f"p.*{found[1]}{found[2]}ext", "stop-loss", int(found[1]), int(found[1]), "*", found[2])


def _substitution(body: str) -> Protein | None:
    found = _SUBSTITUTION.fullmatch(body)
    if not found or not found[1] or not _known(found[1], found[3] if found[3] not in ("=", "?", "STOP") else ""):
        return None
    reference, place = found[1], int(found[2])
    alternate = "*" if found[3] in ("STOP", "X") else found[3]
    text = f"p.{reference}{place}{alternate}"
    if reference == "M" and place == 1 and alternate not in ("=", "M"):
        return Protein(text, "start-loss", 1, 1, "M", alternate)
    if alternate == "?":
        return Protein(text, "unspecified", place, place, reference)
    if alternate in ("=", reference):
        return Protein(f"p.{reference}{place}=", "synonymous", place, place, reference, reference)
    kind = "stop-loss" if reference in ("*", "X") else "nonsense" if alternate == "*" else "missense"
    return Protein(text, kind, place, place, reference, alternate)


def _range(body: str) -> Protein | None:
    found = _RANGE.fullmatch(body)
    if not found or not found[1] or not _known(found[1], found[3] or "", *(found[6] if not found[6].isdigit() else "")):
        return None
    start, end = int(found[2]), int(found[4] or found[2])
    if end < start:
        return None
    change = "delins" if found[5] == ">" else found[5].lower()
    kept = found[6] if change in ("delins", "ins") else ""
    if change in ("delins", "ins") and not kept:
        return None
    names = {"del": "deletion", "dup": "duplication", "ins": "insertion", "delins": "delins"}
    kind = "nonsense" if "*" in kept else f"inframe-{names[change]}"
    place = f"{found[1]}{start}" + (f"_{found[3]}{end}" if found[4] else "")
    return Protein(f"p.{place}{change}{kept}", kind, start, end, found[1], kept)


def _in_frame(body: str) -> Protein | None:
    found = _IN_FRAME.fullmatch(body)
    if not found:
        return None
    change = found[3].lower()
    kind = "inframe-insertion" if change == "ins" else "inframe-deletion"
    return Protein(f"p.{found[1]}{found[2]}{change}{found[4]}", kind, int(found[2]), int(found[2]), found[1], found[4])
