"""Rows of cells with their places, from CSV, TSV, JSON, NDJSON, YAML and XLSX.

Every cell is text and knows where it stands, so that each message can name it. Files are read row by row (JSON, YAML
and XLSX as a whole, within a limit); nothing is fetched.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

from posthma.errors import LimitError, SyntaxRecordError, UsageError
from posthma.intake.values import plain, shorten, to_decimal

__all__ = ["MAX_CELL", "MAX_LINE", "MAX_WHOLE", "Cell", "Row", "read_rows", "read_text_rows"]

MAX_LINE = 1_000_000
"""The longest line, in characters."""
MAX_CELL = 100_000
"""The longest cell, in characters."""
MAX_WHOLE = 50_000_000
"""The largest file, in bytes, of a format that is read as a whole (JSON, YAML, XLSX once unpacked)."""
MAX_COLUMNS = 2_000
"""The most columns."""

MAX_REMARKS = 1_000
"""The most lines with ``#`` before the header."""

_LFS = "version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell and where it stands."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, its place, and a complaint when it cannot be read."""

    number: int
    place: str
    cells: Mapping[str, Cell]
    complaint: str = ""


def read_rows(path: str | Path) -> Iterator[Row]:
    """Yield the rows of a file; the form is told by the ending of its name.

    Raises:
        UsageError: There is no such file, or its ending is not one of the forms.
        SyntaxRecordError: The file as a whole cannot be read.
        LimitError: It passes a limit.
    """
    file = Path(path)
    readers = {
        ".csv": _delimited, ".tsv": _delimited, ".txt": _delimited, ".tab": _delimited, ".maf": _delimited,
        ".json": _json, ".ndjson": _ndjson, ".jsonl": _ndjson, ".yaml": _yaml, ".yml": _yaml, ".xlsx": _xlsx,
    }  # fmt: skip
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise UsageError(str(path), "has an ending that says no form", f"use one of {', '.join(sorted(readers))}")
    try:
        yield from reader(file)
    except FileNotFoundError as error:
        raise UsageError(str(path), "is not there", "check the name") from error
    except (IsADirectoryError, PermissionError) as error:
        raise UsageError(str(path), f"cannot be opened: {error.strerror}", "name a file that can be read") from error


def _lines(file: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield numbered lines and whether a line was cut at the limit; CR, LF and CRLF end a line."""
    with file.open("rb") as raw:
        head = raw.read(4)
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    with file.open(encoding=encoding, errors="surrogateescape", newline=None) as stream:
        number = 0
        while line := stream.readline(MAX_LINE + 1):
            number += 1
            cut = len(line) > MAX_LINE
            if cut:
                while (rest := stream.readline(MAX_LINE)) and not rest.endswith("\n"):
                    pass
            yield number, _decoded(line), cut


def _decoded(line: str) -> str:
    """Return a line with bytes that are not UTF-8 read as Windows-1252, as spreadsheets write them."""
    if line.isascii() or not any("\udc80" <= char <= "\udcff" for char in line):
        return line
    return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _delimited(file: Path) -> Iterator[Row]:
    lines = _lines(file)
    first = next(lines, None)
    if first is None:
        raise SyntaxRecordError(file.name, "the file is empty", "give a header line and rows")
    if first[1].startswith(_LFS):
        raise SyntaxRecordError(
            file.name, "is a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull"
        )
    top = [first]
    while top[-1][1].lstrip('"').startswith("#") and len(top) < MAX_REMARKS and (line := next(lines, None)):
        top.append(line)
    yield from read_text_rows(file.name, chain(top, lines), _delimiter(file, top[-1][1]))


def _delimiter(file: Path, header: str) -> str:
    counts = {mark: header.count(mark) for mark in "\t;,"}
    best = max(counts, key=lambda mark: counts[mark])
    if file.suffix.lower() in (".tsv", ".tab", ".maf") or not counts[best]:
        return "\t" if file.suffix.lower() != ".csv" else ","
    return best


def read_text_rows(name: str, lines: Iterable[tuple[int, str, bool]], delimiter: str) -> Iterator[Row]:
    """Yield the rows of delimited text; lines that begin with ``#`` before the header are left out.

    Args:
        name: For places.
        lines: Number, text and whether the line was cut, for each line.
        delimiter: Between cells.
    """
    header: list[str] | None = None
    at = 0

    def feed() -> Iterator[str]:
        nonlocal at
        for number, line, cut in lines:
            at = number
            if cut:
                problems.append((number, f"longer than {MAX_LINE} characters"))
                continue
            if "\x00" in line:
                line = line.replace("\x00", "")
                problems.append((number, "holds NUL characters"))
                continue
            yield line

    problems: list[tuple[int, str]] = []
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(feed(), delimiter=delimiter)
    number = 0
    while True:
        begin = at + 1
        try:
            fields = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            number += 1
            yield Row(number, f"{name}:{begin}", {}, f"cannot be read as a row ({error}); check its quotation marks")
            continue
        for line, fact in problems:
            number += 1
            yield Row(number, f"{name}:{line}", {}, fact)
        problems.clear()
        if header is None:
            if fields and fields[0].startswith("#"):
                continue
            header = _header(name, at, fields)
            continue
        if not any(field.strip() for field in fields):
            continue
        number += 1
        yield _row(name, number, at, header, fields)
    for line, fact in problems:
        yield Row(number + 1, f"{name}:{line}", {}, fact)
    if header is None:
        raise SyntaxRecordError(name, "has no header line", "give the names of the columns in the first line")


def _header(name: str, line: int, fields: list[str]) -> list[str]:
    header = [field.strip().strip("\ufeff") for field in fields]
    if len(header) > MAX_COLUMNS:
        raise LimitError(f"{name}:{line}", f"{len(header)} columns pass the limit of {MAX_COLUMNS}", "split the table")
    named = [column for column in header if column]
    double = sorted({column for column in named if named.count(column) > 1})
    if double:
        raise SyntaxRecordError(
            f"{name}:{line}", f"the column {shorten(double[0])!r} stands there more than once", "name each column once"
        )
    return header


def _row(name: str, number: int, line: int, header: list[str], fields: list[str]) -> Row:
    place = f"{name}:{line}"
    if len(fields) > len(header) and any(field.strip() for field in fields[len(header) :]):
        return Row(number, place, {}, f"has {len(fields)} cells, the header has {len(header)}; check the delimiter")
    cells = {
        column: Cell(field, f"{place} {column}") for column, field in zip(header, fields, strict=False) if column
    }
    return Row(number, place, cells)


def _whole(file: Path) -> str:
    if file.stat().st_size > MAX_WHOLE:
        raise LimitError(file.name, f"the file is larger than {MAX_WHOLE} bytes", "split it, or use NDJSON or CSV")
    text = file.read_bytes().decode("utf-8-sig", "replace")
    if text.startswith(_LFS):
        raise SyntaxRecordError(
            file.name, "is a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull"
        )
    return text


def _json(file: Path) -> Iterator[Row]:
    text = _whole(file)
    try:
        value = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise SyntaxRecordError(file.name, f"is not JSON: {error}", "mend it at that place") from error
    yield from _objects(file.name, value)


def _ndjson(file: Path) -> Iterator[Row]:
    for number, line, cut in _lines(file):
        place = f"{file.name}:{number}"
        if not line.strip():
            continue
        if cut:
            yield Row(number, place, {}, f"longer than {MAX_LINE} characters")
            continue
        try:
            value = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            yield Row(number, place, {}, f"is not JSON: {error}")
            continue
        yield _object(place, number, value)


def _yaml(file: Path) -> Iterator[Row]:
    try:
        yaml = import_module("yaml")
    except ImportError as error:  # an optional dependency
        raise UsageError(file.name, "YAML needs the package pyyaml", "install it, or use JSON") from error
    text = _whole(file)
    try:
        value = yaml.load(text, Loader=yaml.BaseLoader)  # BaseLoader builds text, lists and mappings, nothing else
    except (yaml.YAMLError, RecursionError) as error:
        why = " ".join(shorten(str(error), 200).split())
        raise SyntaxRecordError(file.name, f"is not YAML: {why}", "mend it at that place") from error
    yield from _objects(file.name, value)


def _objects(name: str, value: Any) -> Iterator[Row]:
    if isinstance(value, dict) and isinstance(value.get("patients"), list):
        value = value["patients"]
    items = value if isinstance(value, list) else [value]
    for number, item in enumerate(items, 1):
        yield _object(f"{name}[{number}]", number, item)


def _object(place: str, number: int, value: Any) -> Row:
    if not isinstance(value, dict):
        return Row(number, place, {}, f"is no object of named values but {shorten(repr(value))}")
    cells: dict[str, Cell] = {}
    for key, item in value.items():
        where = f"{place} {shorten(str(key))}"
        text = _text(item)
        if text is None:
            return Row(number, place, {}, f"{shorten(str(key))!r} holds a nested value; give one value")
        cells[str(key)] = Cell(text, where)
    return Row(number, place, cells)


def _text(value: Any) -> str | None:
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


def _xlsx(file: Path) -> Iterator[Row]:
    try:
        import openpyxl
    except ImportError as error:  # an optional dependency
        raise UsageError(file.name, "XLSX needs the package openpyxl", "install posthma[intake], or use CSV") from error
    data = file.read_bytes() if file.stat().st_size <= MAX_WHOLE else b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_WHOLE:
            raise LimitError(file.name, f"unpacks to more than {MAX_WHOLE} bytes", "split it, or use CSV")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except LimitError:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise
        why = shorten(f"{type(error).__name__}: {error}", 120)
        raise SyntaxRecordError(file.name, f"is not a sound XLSX file ({why})", "save it again as XLSX") from error
    sheet = book.worksheets[0]
    header: list[str] | None = None
    number = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        fields = [_text(value) or "" for value in values]
        if header is None:
            if not any(field.strip() for field in fields) or fields[0].startswith("#"):
                continue
            header = _header(f"{file.name} {sheet.title}", line, fields)
            continue
        if not any(field.strip() for field in fields):
            continue
        number += 1
        place = f"{file.name} {sheet.title}!{line}"
        yield Row(number, place, {c: Cell(f, f"{place} {c}") for c, f in zip(header, fields, strict=False) if c})
