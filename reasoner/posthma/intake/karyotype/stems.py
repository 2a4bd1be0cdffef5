"""All abnormalities of each clone: ``idem``, ``sl`` and ``sdl`` resolved, later mentions joined to the first.

Source of the rules: ISCN 2024, sections 4.2.1 f and 5.1 s (breakpoints need not be repeated), 6.2 and 6.3 (idem, sl,
sdl).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from posthma.intake.karyotype.clones import Clone
from posthma.intake.karyotype.items import Abnormality, Piece
from posthma.intake.values import Finding, shorten

__all__ = ["resolve"]


def resolve(clones: list[Clone], findings: list[Finding], sex: str = "") -> list[Clone]:
    """Give each clone all its abnormalities: ``idem`` and ``sl`` repeat the first clone, ``sdl`` the one before.

    Args:
        clones: As written, in order.
        findings: What a reader should know is added here.
        sex: The patient's own sex chromosomes, ``XX`` or ``XY``; empty when not known.
    """
    seen = {clone.sex for clone in clones if clone.sex in ("XX", "XY")}
    if sex and seen - {sex}:
        shown = " and ".join(sorted(seen))
        why = f"the cells are {shown}, the patient is {sex}; is it the right patient, or are they a donor's cells?"
        findings.append(Finding("other-sex", why, clones[0].start, clones[-1].start + len(clones[-1].text)))
    seen = {clone.sex for clone in clones if clone.normal} & {"XX", "XY"} | ({sex} - {""})
    sex = seen.pop() if len(seen) == 1 else ""
    known: dict[str, Abnormality] = {}
    done: list[Clone] = []
    for clone in clones:
        base: Clone | None = None
        if clone.stem:
            base = _base(clone, done)
            if base is None:
                text = f"{clone.stem} stands without an earlier clone"
                findings.append(Finding("idem-without-clone", text, clone.start, clone.start + len(clone.text)))
        done.append(_whole(clone, base, known, findings, sex))
    return done


def _whole(clone: Clone, base: Clone | None, known: dict[str, Abnormality], findings: list[Finding], sex: str) -> Clone:
    """Return a clone with the abnormalities of its stem and its own."""
    total: Counter[str] = Counter()
    by_text: dict[str, Abnormality] = {}
    for abnormality, copies in base.abnormalities if base else ():
        total[abnormality.text] += copies
        by_text[abnormality.text] = abnormality
    unread, lost = [*(base.unread if base else ()), *clone.unread], base.lost if base else 0
    for abnormality in (*clone.own, *_lost_sex(clone, base, sex)):
        gone = _removed(abnormality, total)
        if gone is not None:
            lost += bool(abnormality.pieces) and not gone.startswith("+")
            continue
        if abnormality.sign == "-" and abnormality.kind in ("marker", "ring", "dmin"):
            unread.append(abnormality.text)
            why = f"{abnormality.text} is lost, but the stem has no such item"
            findings.append(Finding("lost-without-stem", why, clone.start, clone.start + len(clone.text)))
            continue
        first = _first_mention(abnormality, known)
        if first is not None:
            _say(abnormality, first, clone, findings)
            abnormality = replace(abnormality, text=first.text, pieces=first.pieces, short=False)
        total[abnormality.text] += 1
        by_text.setdefault(abnormality.text, abnormality)
    for text, abnormality in by_text.items():
        known.setdefault(text, abnormality)
    if base is None and clone.stem:
        unread.append(clone.stem)
    constitutional = dict.fromkeys((*(base.constitutional if base else ()), *clone.constitutional))
    return replace(
        clone,
        sex=clone.sex or (base.sex if base else ""),
        abnormalities=tuple((by_text[text], copies) for text, copies in total.items() if copies > 0),
        incomplete=clone.incomplete or bool(base and base.incomplete),
        unread=tuple(unread),
        constitutional=tuple(constitutional),
        ploidy=1 if base and base.ploidy == 1 and (clone.high or 99) <= 34 else clone.ploidy,
        lost=lost,
    )


def _base(clone: Clone, done: list[Clone]) -> Clone | None:
    abnormal = [earlier for earlier in done if not earlier.normal]
    if not abnormal:
        return None
    name = clone.stem.partition("x")[0]
    if name.startswith("sdl"):
        sidelines = [earlier for earlier in abnormal[1:] if earlier.stem]
        number = name[3:]
        if number:
            return sidelines[int(number) - 1] if 0 < int(number) <= len(sidelines) else None
        return abnormal[-1]
    stems = [earlier for earlier in abnormal if not earlier.stem]
    if name[2:].isdigit():  # sl2: the second stemline (ISCN 2024, 6.2)
        return stems[int(name[2:]) - 1] if 0 < int(name[2:]) <= len(stems) else None
    return abnormal[0]


def _lost_sex(clone: Clone, base: Clone | None, sex: str) -> list[Abnormality]:
    """A single sex chromosome without a sign (``45,X``) is a loss: of Y beside XY, of X beside XX, else not named."""
    named = {a.text for a in clone.own} & {"-X", "-Y"}
    rearranged = any(a.structural and {"X", "Y"} & a.involved for a in clone.own)
    if clone.sex not in ("X", "Y") or named or rearranged or base or clone.constitutional or clone.ploidy == 1:
        return []
    other = sex.replace(clone.sex, "", 1)
    if sex and len(other) == 1:
        return [Abnormality(f"-{other}", "loss", chromosome=other, sign="-")]
    return [Abnormality("-X or -Y", "sex", sign="-")]


def _removed(abnormality: Abnormality, total: Counter[str]) -> str | None:
    """Take an abnormal chromosome of the stem away again (``idem,-add(11)``, ``sl,-mar1``); return which."""
    if abnormality.sign != "-" or abnormality.kind in ("loss", "sex"):
        return None
    wanted = abnormality.text[1:]
    for text in total:
        plain = text.removeprefix("+") if not abnormality.pieces else text
        if total[text] > 0 and (plain == wanted or (abnormality.pieces and text.startswith(wanted + "("))):
            total[text] -= 1
            return text
    return None


def _first_mention(abnormality: Abnormality, known: Mapping[str, Abnormality]) -> Abnormality | None:
    """Return the one earlier abnormality that this one repeats with fewer or no breakpoints."""
    if not abnormality.pieces or abnormality.text in known:
        return None
    found = [
        earlier for earlier in known.values() if earlier.sign == abnormality.sign and _repeats(abnormality, earlier)
    ]
    return found[0] if len(found) == 1 else None


def _repeats(later: Abnormality, first: Abnormality) -> bool:
    if len(later.pieces) > len(first.pieces) or (len(later.pieces) < len(first.pieces) and any(later.pieces[0].bands)):
        return False
    pairs = list(zip(later.pieces, first.pieces, strict=False))
    return all(_shorter(one, other) for one, other in pairs)


def _shorter(later: Piece, first: Piece) -> bool:
    """Say whether a piece names the same operation, with the same breakpoints, none, or only their arm."""
    if (later.kind, later.chromosomes) != (first.kind, first.chromosomes):
        return False
    if not any(later.bands) or later.bands == first.bands:
        return True
    return len(later.bands) == len(first.bands) and all(
        one in ("p", "q") and other.startswith(one) and "pq".replace(one, "") not in other
        for one, other in zip(later.bands, first.bands, strict=True)
    )


def _say(later: Abnormality, first: Abnormality, clone: Clone, findings: list[Finding]) -> None:
    """Report a repeat that names an arm: that it is the same change is a reading, not a rule."""
    if any(any(piece.bands) for piece in later.pieces) and later.short:
        why = f"{shorten(later.text)} is taken for the {first.text} of an earlier clone"
        findings.append(Finding("repeated-by-arm", why, clone.start, clone.start + len(clone.text)))
