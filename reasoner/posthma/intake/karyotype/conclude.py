"""What follows from the clones: how many abnormalities, which lesions, which cytogenetic group.

Counts are spans: what is uncertain, seen in too few cells, or not understood widens them, and a conclusion stands
only when the whole span agrees. Two numbers are given: `count` adds independent abnormalities over all clones, each
counted once (Chun 2010); `largest` is that of the clone with the most (the reading of Haase 2019, without its double
counting of unbalanced translocations). The limits are data, in kb/cytogenetics.ttl.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from posthma.intake.karyotype.clones import Clone
from posthma.intake.karyotype.items import Abnormality
from posthma.intake.nodes import nodes
from posthma.scores.tables import CytogeneticRow, table

__all__ = [
    "Count",
    "Group",
    "Limits",
    "Truth",
    "both",
    "count",
    "group",
    "is_clonal",
    "is_variant",
    "lesions",
    "limits",
    "monosomal",
    "target",
    "worst",
]

Truth = bool | None


@dataclass(frozen=True, slots=True)
class Count:
    """A number that lies between two bounds; ``most`` is None where nothing bounds it."""

    least: int
    most: int | None

    def __str__(self) -> str:
        if self.least == self.most:
            return str(self.least)
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"

    def at_least(self, limit: int) -> Truth:
        """Say whether the number is ``limit`` or more."""
        if self.least >= limit:
            return True
        return False if self.most is not None and self.most < limit else None


@dataclass(frozen=True, slots=True)
class Group:
    """A cytogenetic group; ``name`` is None where several are possible."""

    name: str | None
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Cells that make an abnormality clonal, and abnormalities that make a karyotype complex."""

    gain: int
    loss: int
    complex: int


@cache
def limits() -> Limits:
    """Return the limits of kb/cytogenetics.ttl."""
    node = nodes("kb/cytogenetics.ttl")["cytogeneticLimits"]
    return Limits(*(int(node[key][0]) for key in ("cellsForGain", "cellsForLoss", "complexFrom")))


def cells_of(text: str, clones: Sequence[Clone]) -> int | None:
    """Return in how many metaphases an abnormality was seen, or None when not all clones state it."""
    total = 0
    for clone in clones:
        for abnormality, _ in clone.abnormalities:
            if abnormality.text == text:
                if abnormality.cells is None and clone.cells is None:
                    return None
                total += abnormality.cells or clone.cells or 0
    return total


def is_clonal(abnormality: Abnormality, clones: Sequence[Clone], bar: Limits) -> bool:
    """Say whether enough cells carry an abnormality; a loss may ride with a clonal gain or rearrangement."""
    seen = cells_of(abnormality.text, clones)
    if seen is None or seen >= bar.loss or (seen >= bar.gain and abnormality.kind not in ("loss", "sex")):
        return True
    if seen < bar.gain:
        return False
    carriers = [clone for clone in clones if any(a.text == abnormality.text for a, _ in clone.abnormalities)]
    return any(a.kind not in ("loss", "sex") for clone in carriers for a, _ in clone.abnormalities)


def is_variant(abnormality: Abnormality) -> bool:
    """Say whether it is an inversion that many healthy people carry (kb/cytogenetics.ttl), by its main bands.

    >>> from posthma.intake.karyotype.items import read_item
    >>> is_variant(read_item("inv(9)(p12q13)")), is_variant(read_item("inv(3)(q21q26)"))
    (True, False)
    """
    return abnormality.kind == "inv" and not abnormality.sign and _main_bands(abnormality.text) in _variants()


@cache
def _variants() -> frozenset[str]:
    listed = nodes("kb/cytogenetics.ttl")["populationVariants"]["lesion"]
    return frozenset(_main_bands(text) for text in listed)


def _main_bands(text: str) -> str:
    return re.sub(r"\.[0-9]+", "", text)


def count(clones: Sequence[Clone], bar: Limits, slack: int = 0, within: Sequence[Clone] | None = None) -> Count:
    """Count the independent abnormalities of clones, each once over all clones.

    Args:
        clones: Resolved clones.
        bar: Cells that make an abnormality clonal.
        slack: How many abnormalities the stated chromosome numbers leave unexplained.
        within: All clones of the karyotype, for counting the cells of an abnormality; default ``clones``.
    """
    least = most = 0
    copies: dict[str, int] = {}
    first: dict[str, Abnormality] = {}
    for clone in clones:
        for abnormality, times in clone.abnormalities:
            first.setdefault(abnormality.text, abnormality)
            copies[abnormality.text] = max(copies.get(abnormality.text, 0), times)
    for text, abnormality in first.items():
        low, high = abnormality.least, abnormality.most * copies[text]
        if abnormality.structural or abnormality.kind in ("gain", "loss"):
            low = 1  # two copies of one change are one event or two
        if _whole_arm(abnormality):
            high *= 2  # gain of one arm and loss of another; Haase 2019 counts two
        if not is_clonal(abnormality, within or clones, bar) or abnormality.origin_open or is_variant(abnormality):
            low = 0
        least, most = least + low, most + high
    if any(clone.ploidy != 2 for clone in clones):
        least, most = least + 1, most + 1
    unbounded = any(clone.unread or clone.incomplete for clone in clones)
    return Count(least, None if unbounded else most + slack)


def lesions(abnormality: Abnormality) -> tuple[frozenset[str], frozenset[str]]:
    """Return the lesions that an abnormality is for certain, and those that it may be.

    >>> from posthma.intake.karyotype.items import read_item
    >>> sorted(lesions(read_item("del(5)(q13q33)"))[0])
    ['any 5', 'del(5q)']
    """
    sure = {f"any {name}" for name in abnormality.involved}
    maybe: set[str] = set()
    if abnormality.kind in ("gain", "loss"):
        sure.add(abnormality.text)
    if abnormality.kind == "sex":
        maybe |= {"-X", "-Y"}
    for piece in abnormality.pieces:
        names = piece.chromosomes
        if piece.kind == "del" and len(names) == 1:
            arms = piece.arms(names[0])
            if len(arms) == 1:
                sure.add(f"del({names[0]}{min(arms)})")
            else:
                maybe |= {f"del({names[0]}{arm})" for arm in arms or "pq"}
        elif piece.kind == "inv" and names == ("3",):
            (sure if piece.arms("3") == {"q"} else maybe).add("inv(3)")
        elif piece.kind == "t" and "3" in names and abnormality.kind == "t":
            arms = piece.arms("3")
            if "q" in arms:
                (sure if len(arms) == 1 else maybe).add("t(3q)")
            elif not arms:
                maybe.add("t(3q)")
        elif piece.kind in ("i", "idic") and names == ("17",):
            arm = piece.arms("17")
            if (piece.kind == "i" and arm == {"q"}) or (piece.kind == "idic" and arm == {"p"}):
                sure |= {"i(17q)", "loss of 17p"}
    if _whole_arm(abnormality):
        sure.add("del(7q)")  # der(1;7)(q10;p10) keeps no long arm of this chromosome 7
    if abnormality.uncertain:
        return frozenset(), frozenset(sure | maybe)
    return frozenset(sure), frozenset(maybe)


def _whole_arm(abnormality: Abnormality) -> bool:
    """Say whether an abnormality is der(1;7)(q10;p10), also written der(7)t(1;7)(q10;p10)."""
    return abnormality.kind == "der" and any(
        set(piece.chromosomes) == {"1", "7"} and {"q10", "p10"} == set(piece.bands) and "p" in piece.arms("7")
        for piece in abnormality.pieces
    )


def group(score: str, number: Count, known: Iterable[tuple[frozenset[str], frozenset[str]]]) -> Group:
    """Return the cytogenetic group of IPSS (``"ipss"``) or IPSS-R (``"ipssR"``).

    Args:
        score: Name of the score in the knowledge base.
        number: How many independent abnormalities.
        known: Lesions of each abnormality, certain and possible.
    """
    rows = table(score).cytogenetic_rows
    pairs = list(known)
    top = max(row.least for row in rows)
    most = top if number.most is None else min(number.most, top)
    found: set[str] = set()
    for n in range(min(number.least, top), most + 1):
        found |= _groups(rows, n, pairs)
    order = [label for label in table(score).groups if label in found]
    order.sort(key=lambda label: table(score).groups[label])
    return Group(order[0] if len(order) == 1 else None, tuple(order))


def worst(score: str, groups: Sequence[Group]) -> Group:
    """Return the group of the clone with the worst one, each clone taken alone."""
    points = table(score).groups
    floor = max(min(points[label] for label in each.possible) for each in groups)
    labels = {label for each in groups for label in each.possible if points[label] >= floor}
    order = tuple(sorted(labels, key=lambda label: points[label]))
    return Group(order[0] if len(order) == 1 else None, order)


def both(score: str, one: Group, other: Group) -> Group:
    """Return what two readings have in common: one group where they agree, else all that either allows."""
    points = table(score).groups
    order = tuple(sorted({*one.possible, *other.possible}, key=lambda label: points[label]))
    return Group(order[0] if len(order) == 1 else None, order)


def _groups(rows: Sequence[CytogeneticRow], n: int, pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> set[str]:
    """Return the groups that are possible for exactly n abnormalities."""
    certain = {lesion for sure, _ in pairs for lesion in sure} if len(pairs) <= n else set()
    possible = {lesion for sure, maybe in pairs for lesion in sure | maybe}
    beyond = n > len(pairs)  # one that was not understood could be any lesion
    found: set[str] = set()
    for row in rows:
        if n < row.least or (row.most is not None and n > row.most):
            continue
        if not row.lesions or certain & set(row.lesions):
            found.add(row.group)
            return found
        if beyond or possible & set(row.lesions):
            found.add(row.group)
    return found


def monosomal(clones: Sequence[Clone], bar: Limits, complete: bool) -> Truth:
    """Say whether the karyotype is monosomal: two autosomal monosomies, or one with a structural abnormality.

    Markers and rings of unknown origin do not settle it, nor does a polyploid clone, whose losses are relative.
    """
    answers: list[Truth] = [False]
    for clone in clones:
        clonal = [a for a, _ in clone.abnormalities if is_clonal(a, clones, bar)]
        losses = [a for a in clonal if a.kind == "loss" and a.chromosome not in ("X", "Y")]
        sure = [a for a in losses if not a.uncertain]
        structural = [a for a in clonal if a.structural and not a.uncertain]
        vague = [a for a in clonal if a.kind in ("marker", "ring") or (a.structural and a.uncertain)]
        if clone.ploidy != 2:
            answers.append(None if losses or clone.ploidy < 2 else False)
        elif len(sure) >= 2 or (sure and structural):
            answers.append(True)
        elif (
            len(losses) >= 2
            or (losses and (structural or vague))
            or any(a.kind == "loss" and not is_clonal(a, clones, bar) for a, _ in clone.abnormalities)
        ):
            answers.append(None)
    if True in answers:
        return True
    return None if None in answers or not complete else False


_TARGETS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    # what counts as the lesion for certain; what may hide it
    "del5q": (frozenset({"del(5q)"}), frozenset({"any 5"})),
    "del7_7q": (frozenset({"-7", "del(7q)"}), frozenset({"any 7"})),
    "del17_17p": (frozenset({"-17", "del(17p)", "loss of 17p"}), frozenset({"any 17"})),
    "minusY": (frozenset({"-Y"}), frozenset({"-X or -Y"})),
    "trisomy8": (frozenset({"+8"}), frozenset()),
}
_BALANCED = frozenset({"t", "inv", "ins", "dup", "gain"})


def target(name: str, clones: Sequence[Clone], bar: Limits, complete: bool) -> Truth:
    """Say whether a lesion is present: ``del5q``, ``del7_7q``, ``del17_17p``, ``minusY`` or ``trisomy8``.

    An unbalanced change of the same chromosome, a loss of it, an uncertain item, or one seen in too few cells leaves
    it open; so does a karyotype that was not understood as a whole.
    """
    wanted, hiding = _TARGETS[name]
    answer: Truth = False if complete else None
    for clone in clones:
        if clone.ploidy < 2:
            answer = None  # one of each chromosome: what counts as lost is a matter of words
        for abnormality, _ in clone.abnormalities:
            sure, maybe = lesions(abnormality)
            hit = wanted & sure
            if hit and is_clonal(abnormality, clones, bar) and (clone.ploidy == 2 or abnormality.kind != "loss"):
                return True
            balanced = abnormality.kind in _BALANCED and not abnormality.sign
            veiled = (sure | maybe) & hiding and not balanced and abnormality.kind != "gain"
            if hit or wanted & maybe or veiled or (name == "minusY" and abnormality.kind == "sex"):
                answer = None
    return answer
