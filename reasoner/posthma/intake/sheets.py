"""Rows of the first sheet of an XLSX file.

What a spreadsheet shows and what its file holds can differ: a percentage is stored as a fraction, a formula may have
no stored value, merged cells hold one value for many. Each is read as shown, or named.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from posthma.errors import LimitError, SyntaxRecordError
from posthma.intake.cells import MAX_WHOLE, Row, header_of, refuse_pointer, row_under, text_of
from posthma.intake.values import plain, shorten, to_decimal

__all__ = ["EXPLAINING", "read_sheet"]

EXPLAINING = ("columns", "values")
"""Sheets of the project's own template that explain the table."""

_SAVE_AGAIN = "save it again as XLSX"
_MERGED = re.compile(rb'<mergeCell[^>]{0,80}ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def read_sheet(file: Path) -> Iterator[Row]:
    """Yield the rows of the first sheet; further sheets with content are named.

    Raises:
        LimitError: It is too large, unpacked.
        SyntaxRecordError: It is no sound XLSX file.
    """
    book, parts = _open(file)
    try:
        yield from _rows(file.name, book, parts)
        for sheet in book.worksheets[1:]:
            if sheet.title not in EXPLAINING and any(
                any(row) for row in islice(sheet.iter_rows(values_only=True), 100)
            ):
                fact = "is a further sheet, and only the first is read; give each table a file"
                yield Row(0, f"{file.name} {sheet.title}", {}, fact)
    except (LimitError, SyntaxRecordError):
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise _unsound(file.name, error) from error


@dataclass(slots=True)
class _Parts:
    """What openpyxl does not tell of the first sheet: cells merged away, by row, and whether there are formulas."""

    merged: dict[int, tuple[int, str]] = field(default_factory=dict)
    formulas: Any = None


def _open(file: Path) -> tuple[Any, _Parts]:
    import openpyxl  # here, because it takes a tenth of a second

    if file.stat().st_size > MAX_WHOLE:
        raise LimitError(file.name, f"the file is larger than {MAX_WHOLE} bytes", "split it, or use CSV")
    data = file.read_bytes()
    refuse_pointer(file.name, data[:200].decode("latin-1"))
    parts = _Parts()
    options = {"read_only": True, "keep_links": False}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > MAX_WHOLE:
                raise LimitError(file.name, f"unpacks to more than {MAX_WHOLE} bytes", "split it, or use CSV")
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    if b"<!DOCTYPE" in stream.read(4096).upper():
                        raise SyntaxRecordError(file.name, f"declares entities in {entry.filename}", _SAVE_AGAIN)
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, **options)
            text = archive.read(str(book.worksheets[0]._worksheet_path).lstrip("/"))
        parts.merged = _merged(text)
        if b"<f" in text:
            parts.formulas = openpyxl.load_workbook(io.BytesIO(data), **options).worksheets[0]
    except (LimitError, SyntaxRecordError):
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise _unsound(file.name, error) from error
    return book, parts


def _unsound(name: str, error: Exception) -> SyntaxRecordError:
    why = shorten(f"{type(error).__name__}: {error}", 120)
    return SyntaxRecordError(name, f"is not a sound XLSX file ({why})", _SAVE_AGAIN)


def _merged(text: bytes) -> dict[int, tuple[int, str]]:
    """Return the rows in which a merged cell has no value of its own, each with the first column and the range."""
    found: dict[int, tuple[int, str]] = {}
    for left, top, right, bottom in _MERGED.findall(text):
        area = f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}"
        first = int(top) + (left == right)
        for line in range(first, min(int(bottom), int(top) + 100_000) + 1):
            found[line] = min(found.get(line, (MAX_WHOLE, "")), (_column(left), area))
    return found


def _column(letters: bytes) -> int:
    """Return the position of a column from 0.

    >>> _column(b"A"), _column(b"AB")
    (0, 27)
    """
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


def _rows(name: str, book: Any, parts: _Parts) -> Iterator[Row]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    formulas: Iterator[Any] = iter(())
    if parts.formulas is not None:
        parts.formulas.reset_dimensions()
        formulas = parts.formulas.iter_rows(values_only=True)
    header: list[str] | None = None
    number = 0
    for line, cells in enumerate(sheet.iter_rows(), 1):
        written = next(formulas, ())
        faults = {
            at: f"holds the formula {shorten(str(text), 40)} without a stored value; calculate it and save"
            for at, text in enumerate(written)
            if isinstance(text, str) and text.startswith("=") and (at >= len(cells) or cells[at].value is None)
        }
        fields = [_text(cell) for cell in cells]
        first, merged = parts.merged.get(line, (0, ""))
        if header is None or first >= len(header):
            merged = ""
        if not any(text.strip() for text in fields) and not faults and not merged:
            continue
        if header is None:
            if not fields[0].startswith("#"):
                header = header_of(f"{name} {sheet.title}!{line}", fields)
            continue
        number += 1
        place = f"{name} {sheet.title}!{line}"
        if merged:
            fact = f"holds merged cells ({merged}); write the value into each of them"
            yield Row(number, place, {}, fact)
            continue
        yield row_under(number, place, header, fields, faults)


def _text(cell: Any) -> str:
    """Return the text of a cell as the sheet shows it: a percentage with its sign."""
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and "%" in str(cell.number_format):
        return f"{plain(to_decimal(value) * 100)} %"
    return text_of(value) or ""
