"""A MAF by itself: one patient for each ``Tumor_Sample_Barcode``, with a gene test of what was found.

A MAF has no dates and does not say which genes were read, so nothing is taken for not found unless the mapping names
the genes that were looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from posthma.intake.build import NOT_UNDERSTOOD, USED, Builder, Imported, gene_targets
from posthma.intake.columns import Columns
from posthma.intake.events import Events, GeneTest
from posthma.intake.rows import Row, read_rows
from posthma.intake.table import Refused
from posthma.intake.values import shorten
from posthma.intake.variants import read_variant
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
        text = {name.lower(): cell.text.strip() for name, cell in row.cells.items()}
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
        protein = text.get("hgvsp_short") or text.get("hgvsp") or ""
        variant = read_variant(protein, symbol)
        if variant.kind not in ("variant", "statement"):
            coding = text.get("hgvsc", "").rpartition(":")[2]
            variant = read_variant(coding or text.get("variant_classification", ""), symbol)
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
