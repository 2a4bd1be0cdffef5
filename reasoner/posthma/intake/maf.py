"""A MAF by itself: one patient for each ``Tumor_Sample_Barcode``, with a gene test of what was found.

A MAF has no dates and does not say which genes were read, so nothing is taken for not found unless the mapping names
the genes that were looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from posthma.intake.build import NOT_UNDERSTOOD, USED, Builder, Imported, gene_targets
from posthma.intake.calls import fields_of, variant_of
from posthma.intake.cells import Row
from posthma.intake.columns import Columns
from posthma.intake.events import Events, GeneTest
from posthma.intake.rows import read_rows
from posthma.intake.table import Refused
from posthma.intake.values import shorten
from posthma.intake.variants.read import current_symbol

__all__ = ["import_maf"]


def import_maf(path: str | Path, columns: Columns | None = None) -> Iterator[Imported | Refused]:
    """Yield one record a sample; each row is an item.

    Raises:
        PosthmaError: The file cannot be read as a whole.
    """
    columns = columns or Columns()
    samples: dict[str, list[tuple[Row, dict[str, str]]]] = {}
    for row in read_rows(path):
        text = fields_of(row)
        sample = text.get("tumor_sample_barcode", "")
        if row.complaint or not sample:
            yield Refused(row.place, row.complaint or "names no Tumor_Sample_Barcode")
        else:
            samples.setdefault(sample, []).append((row, text))
    for sample, rows in samples.items():
        yield _sample(sample, rows, columns)


def _sample(sample: str, rows: list[tuple[Row, dict[str, str]]], columns: Columns) -> Imported:
    builder = Builder(sample, columns.day)
    test = GeneTest(None)
    booked = []
    for row, text in rows:
        symbol = current_symbol(text.get("hugo_symbol", ""))
        variant = variant_of(text)
        booked.append((row.place, shorten(f"{symbol} {variant.text}".strip()), *test.variant(symbol, variant)))
    genes = gene_targets()
    test.looked_for += [genes[gene] for gene in columns.genes_tested if gene in genes]
    use, why = Events(builder).genes(test)
    for place, text_shown, own, said in booked:
        builder.book(
            place, text_shown, use if own == USED else own, why if own == USED and use == NOT_UNDERSTOOD else said
        )
    if columns.day:
        builder.question(columns.day, columns.jurisdiction)
    return builder.done()
