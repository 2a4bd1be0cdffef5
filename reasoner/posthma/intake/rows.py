"""Rows of cells with their places, from CSV, TSV, JSON, NDJSON, YAML and XLSX.

Every cell is text and knows where it stands, so that each message can name it. Files are read row by row (JSON, YAML
and XLSX as a whole, within a limit); nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from posthma.errors import LimitError, SyntaxRecordError, UsageError
from posthma.intake.cells import MAX_LINE, MAX_WHOLE, Cell, Row, refuse_pointer, row_of
from posthma.intake.delimited import numbered_lines, read_delimited
from posthma.intake.sheets import read_sheet
from posthma.intake.values import shorten

__all__ = ["MAX_WHOLE", "Cell", "Row", "read_rows"]


def read_rows(path: str | Path) -> Iterator[Row]:
    """Yield the rows of a file; the form is told by the ending of its name.

    Raises:
        UsageError: There is no such file, or its ending is not one of the forms.
        SyntaxRecordError: The file as a whole cannot be read.
        LimitError: It passes a limit.
    """
    file = Path(path)
    readers = {
        **dict.fromkeys([".csv", ".maf", ".tab", ".tsv", ".txt"], read_delimited),
        ".json": _json, ".ndjson": _ndjson, ".jsonl": _ndjson, ".yaml": _yaml, ".yml": _yaml, ".xlsx": read_sheet,
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


def _whole(file: Path) -> str:
    if file.stat().st_size > MAX_WHOLE:
        raise LimitError(file.name, f"the file is larger than {MAX_WHOLE} bytes", "split it, or use NDJSON or CSV")
    text = file.read_bytes().decode("utf-8-sig", "replace")
    refuse_pointer(file.name, text)
    return text


def _json(file: Path) -> Iterator[Row]:
    text = _whole(file)
    try:
        value = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise SyntaxRecordError(file.name, f"is not JSON: {error}", "mend it at that place") from error
    yield from _objects(file.name, value)


def _ndjson(file: Path) -> Iterator[Row]:
    for number, line, cut in numbered_lines(file):
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
        yield row_of(place, number, value)


def _yaml(file: Path) -> Iterator[Row]:
    yaml = import_module("yaml")
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
        yield row_of(f"{name}[{number}]", number, item)
