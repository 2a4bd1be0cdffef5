"""TP53: how many hits, by the definition of IPSS-M."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from posthma.intake.variants.read import Variant
from posthma.scores.molecular import tp53_multi_hit

__all__ = ["Tp53", "tp53_state"]


@dataclass(frozen=True, slots=True)
class Tp53:
    """The state of TP53.

    Attributes:
        state: ``multi-hit``, ``single hit``, ``not mutated`` or ``unknown``.
        mutations: How many different variants count; None when that is not known.
        max_fraction: Largest allele fraction among them.
        reason: What the state rests on, or what is missing.
    """

    state: str
    mutations: int | None
    max_fraction: Decimal | None
    reason: str


def tp53_state(
    variants: Sequence[tuple[Variant, Decimal | None]],
    *,
    tested: bool | None,
    loh: bool | None = None,
    del17_17p: bool | None = None,
) -> Tp53:
    """Say how TP53 is hit.

    Args:
        variants: Variants of TP53, each with its allele fraction (0 to 1) where known.
        tested: Whether TP53 was sequenced; without a variant, only that makes it "not mutated".
        loh: Loss of heterozygosity, where it was looked for.
        del17_17p: Loss of chromosome 17 or of 17p.

    >>> tp53_state([], tested=None).state
    'unknown'
    """
    ours = [(v, fraction) for v, fraction in variants if v.gene in ("TP53", None)]
    unread = [v for v, _ in ours if v.kind not in ("variant", "statement") or v.mutated is None]
    hits = {v.protein or v.coding or v.text: fraction for v, fraction in ours if v.kind == "variant" and v.mutated}
    stated = any(v.kind == "statement" and v.mutated for v, _ in ours)
    fractions = [fraction for fraction in hits.values() if fraction is not None]
    largest = max(fractions) if fractions else None
    number = len(hits)
    if number >= 2:
        return Tp53("multi-hit", number, largest, f"{number} mutations")
    if unread:
        return Tp53("unknown", None, largest, f"{len(unread)} of the variants cannot be judged")
    if not number:
        if stated:
            return Tp53("unknown", None, None, "mutated, but the number of mutations is not stated")
        if tested:
            return Tp53("not mutated", 0, None, "sequenced, no mutation")
        return Tp53("unknown", None, None, "it is not stated that TP53 was sequenced")
    multi = tp53_multi_hit(1, largest, loh, del17_17p)
    if multi is None:
        return Tp53("unknown", 1, largest, "one mutation; whether the other allele is lost is not known")
    why = "the other allele is lost" if multi else "the other allele is kept"
    return Tp53("multi-hit" if multi else "single hit", 1, largest, f"one mutation; {why}")
