"""Variants of a MAF by sample, with every line accounted for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posthma.intake.cells import Row
from posthma.intake.rows import read_rows
from posthma.intake.values import shorten
from posthma.intake.variants import Variant, read_variant
from posthma.intake.variants.read import current_symbol

__all__ = ["Called", "Calls", "Stray", "fields_of", "read_calls", "variant_of"]


@dataclass(frozen=True, slots=True)
class Called:
    """A variant of a MAF and where it stands."""

    variant: Variant
    place: str


@dataclass(frozen=True, slots=True)
class Stray:
    """Lines of a MAF that belong to no patient: where the first stands, how many there are, and why."""

    place: str
    lines: int
    fact: str


@dataclass(slots=True)
class Calls:
    """The variants of a MAF.

    Attributes:
        by_sample: By ``Tumor_Sample_Barcode``.
        unread: Lines that name no sample or gene, or could not be read.
        taken: Samples that a patient took up so far.
    """

    by_sample: Mapping[str, list[Called]]
    unread: tuple[Stray, ...] = ()
    taken: set[str] = field(default_factory=set)

    def take(self, sample: str) -> list[Called]:
        """Return the variants of a sample and remember that they were taken up."""
        self.taken.add(sample)
        return self.by_sample.get(sample, [])

    def strays(self) -> Iterator[Stray]:
        """Yield what no patient took up: lines that could not be read, then one entry a sample."""
        yield from self.unread
        for sample, calls in self.by_sample.items():
            if sample not in self.taken:
                fact = f"no row of the table names the sample {shorten(sample)}"
                yield Stray(calls[0].place, len(calls), fact)


def read_calls(path: str | Path) -> Calls:
    """Read a MAF.

    Raises:
        PosthmaError: The file cannot be read as a whole.
    """
    found: dict[str, list[Called]] = defaultdict(list)
    unread: list[Stray] = []
    for row in read_rows(path):
        text = fields_of(row)
        sample, gene = text.get("tumor_sample_barcode", ""), text.get("hugo_symbol", "")
        if row.complaint or not sample or not gene:
            why = row.complaint or ("names no Hugo_Symbol" if sample else "names no Tumor_Sample_Barcode")
            unread.append(Stray(row.place, 1, why))
        else:
            found[sample].append(Called(variant_of(text), row.place))
    return Calls(dict(found), tuple(unread))


def fields_of(row: Row) -> dict[str, str]:
    """Return the texts of a row by column name in lower case."""
    return {name.lower(): cell.text.strip() for name, cell in row.cells.items()}


def variant_of(text: Mapping[str, str]) -> Variant:
    """Return the variant of a line: by its protein, else its coding change, else its classification.

    A protein change that settles nothing (``p.?`` beside a splice site) gives way to a coding change that does.

    >>> variant_of({"hugo_symbol": "IDH2", "hgvsp_short": "p.R140Q"}).hotspot
    'IDH2 R140'
    >>> variant_of({"hugo_symbol": "TP53", "hgvsp_short": "p.?", "hgvsc": "c.376-2A>G"}).consequence
    'splice'
    """
    symbol = current_symbol(text.get("hugo_symbol", ""))
    variant = read_variant(text.get("hgvsp_short") or text.get("hgvsp") or "", symbol)
    read = variant.kind in ("variant", "statement")
    if read and variant.mutated is not None:
        return variant
    coding = read_variant(text.get("hgvsc", "").rpartition(":")[2], symbol)
    if coding.mutated is not None or (not read and coding.kind != "missing"):
        return coding
    return variant if read else read_variant(text.get("variant_classification", ""), symbol)
