"""Cells and rows of a table, with their places, and what every form of table has in common."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from posthma.errors import LimitError, SyntaxRecordError
from posthma.intake.values import plain, shorten, to_decimal

__all__ = [
    "MAX_CELL",
    "MAX_LINE",
    "MAX_WHOLE",
    "Cell",
    "Row",
    "header_of",
    "refuse_pointer",
    "row_of",
    "row_under",
    "text_of",
]

MAX_LINE = 1_000_000
"""The longest line, in characters."""
MAX_CELL = 100_000
"""The longest cell, in characters."""
MAX_WHOLE = 50_000_000
"""The largest file, in bytes, of a format that is read as a whole (JSON, YAML, XLSX once unpacked)."""
MAX_COLUMNS = 2_000
"""The most columns."""

_LFS = "version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell and where it stands; `fault` says why the text is not what the cell shows."""

    text: str
    place: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, its place, and a complaint when it cannot be read."""

    number: int
    place: str
    cells: Mapping[str, Cell]
    complaint: str = ""


def refuse_pointer(name: str, text: str) -> None:
    """Refuse a pointer of Git LFS.

    Raises:
        SyntaxRecordError: The text is one.
    """
    if text.startswith(_LFS):
        raise SyntaxRecordError(
            name, "is a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull"
        )


def header_of(place: str, fields: Sequence[str]) -> list[str]:
    """Return the names of the columns; empty for a column without one.

    Exports may have columns of one name; they are told apart by number, "STATUS (1)" and "STATUS (2)". Where the name
    has a meaning of its own, which of them is meant would be a guess.

    Raises:
        LimitError: There are too many.
        SyntaxRecordError: A name with a meaning stands there twice.
    """
    header = [field.strip().strip("\ufeff") for field in fields]
    if len(header) > MAX_COLUMNS:
        raise LimitError(place, f"{len(header)} columns pass the limit of {MAX_COLUMNS}", "split the table")
    named = [column for column in header if column]
    double = {column for column, many in Counter(named).items() if many > 1}
    if meant := sorted(column for column in double if _has_meaning(column)):
        fact = f"the column {shorten(meant[0])!r} stands there more than once"
        raise SyntaxRecordError(place, fact, "name each column once")
    numbers = Counter[str]()
    for at, column in enumerate(header):
        if column in double:
            numbers[column] += 1
            header[at] = f"{column} ({numbers[column]})"
    if len({*header} - {""}) < len(named):
        raise SyntaxRecordError(place, "columns of one name are numbered as another is named", "name each column once")
    return header


def _has_meaning(column: str) -> bool:
    from posthma.intake.columns import usual_column
    from posthma.intake.lines import line_column
    from posthma.intake.score_rows import known_column

    others = ("decision_date", "jurisdiction", "hugo_symbol", "tumor_sample_barcode", "hgvsp", "hgvsp_short", "hgvsc")
    known = usual_column(column) or line_column(column) or known_column(column)
    return known is not None or column.lower() in (*others, "variant_classification")


def row_under(
    number: int, place: str, header: Sequence[str], fields: Sequence[str], faults: Mapping[int, str] | None = None
) -> Row:
    """Return a row of fields under a header; a filled cell of a column without name is kept by its position.

    Args:
        number: Of the row.
        place: Of the row.
        header: Names of the columns.
        fields: Texts of the cells.
        faults: What is wrong with a cell, by its position from 0.
    """
    if any(field.strip() for field in fields[len(header) :]):
        fact = f"has {len(fields)} cells, the header has {len(header)}; name every column, or take out what is too much"
        return Row(number, place, {}, fact)
    cells = {}
    for at, (column, field) in enumerate(zip(header, fields, strict=False)):
        fault = faults.get(at, "") if faults else ""
        if column or field.strip() or fault:
            name = column or f"(column {at + 1})"
            cells[name] = Cell(field, f"{place} {name}", fault)
    return Row(number, place, cells)


def row_of(place: str, number: int, value: Any) -> Row:
    """Return a row from an object of named values, such as one of JSON."""
    if not isinstance(value, dict):
        return Row(number, place, {}, f"is no object of named values but {shorten(repr(value))}")
    cells: dict[str, Cell] = {}
    for key, item in value.items():
        where = f"{place} {shorten(str(key))}"
        text = text_of(item)
        if text is None:
            return Row(number, place, {}, f"{shorten(str(key))!r} holds a nested value; give one value")
        cells[str(key)] = Cell(text, where)
    return Row(number, place, cells)


def text_of(value: Any) -> str | None:
    """Return a value as the text a table would hold; None for a nested one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float, Decimal)):
        try:
            return plain(to_decimal(value))
        except (ValueError, ArithmeticError):
            return str(value)
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()[:10]
    return str(value)[: MAX_CELL + 1] if isinstance(value, (str, dt.time)) else None
