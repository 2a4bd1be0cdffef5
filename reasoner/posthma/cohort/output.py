"""The rows of a cohort as CSV, NDJSON or Parquet, in parts while the run goes on and as one file at its end."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from posthma.cohort.journal import force
from posthma.errors import UsageError

__all__ = ["FORMS", "Parts", "Table", "safe"]

FORMS = ("csv", "ndjson", "parquet")


class Parts:
    """The parts of a run's rows.

    Args:
        folder: Where they lie.
        columns: Every column in order.
        lists: Columns with several values.
        form: One of `FORMS`.
    """

    def __init__(self, folder: Path, columns: Sequence[str], lists: Sequence[str], form: str) -> None:
        self.folder, self.columns, self.lists, self.form = folder, list(columns), frozenset(lists), form
        folder.mkdir(exist_ok=True)
        if form == "parquet":
            _pyarrow()

    def path(self, number: int) -> Path:
        """Return the file of a part."""
        return self.folder / f"{number:08}.{self.form}"

    def write(self, number: int, rows: Sequence[dict[str, Any]]) -> None:
        """Write a part whole or not at all, and force it to disk."""
        path = self.path(number)
        new = path.with_suffix(".new")
        new.write_bytes(self._bytes(rows))
        force(new)
        os.replace(new, path)
        force(self.folder)

    def _bytes(self, rows: Sequence[dict[str, Any]]) -> bytes:
        if self.form == "parquet":
            stream = io.BytesIO()
            _pyarrow().write_table(self._table(rows), stream)
            return stream.getvalue()
        if self.form == "ndjson":
            return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerows([safe(self._cell(row[name])) for name in self.columns] for row in rows)
        return buffer.getvalue().encode()

    @staticmethod
    def _cell(value: Any) -> str:
        return "; ".join(value) if isinstance(value, list) else str(value)

    def _table(self, rows: Sequence[dict[str, Any]]) -> Any:
        import pyarrow as pa

        def kind(name: str) -> Any:
            if name in self.lists:
                return pa.list_(pa.string())
            return pa.int32() if name.startswith("options_") or name == "cells_not_understood" else pa.string()

        schema = pa.schema([(name, kind(name)) for name in self.columns])
        return pa.table({name: [row[name] for row in rows] for name in self.columns}, schema=schema)

    def join(self, count: int, target: Path) -> None:
        """Make one file of the first parts, whole or not at all; one part is held at a time."""
        new = target.with_suffix(".new")
        if self.form == "parquet":
            parquet = _pyarrow()
            with parquet.ParquetWriter(new, self._table([]).schema) as writer:
                for number in range(count):
                    writer.write_table(parquet.read_table(self.path(number)))
        else:
            with new.open("wb") as file:
                if self.form == "csv":
                    file.write((",".join(self.columns) + "\n").encode())
                for number in range(count):
                    with self.path(number).open("rb") as part:
                        shutil.copyfileobj(part, file)
        force(new)
        os.replace(new, target)
        force(target.parent)


class Table:
    """A CSV file that grows line by line and can be cut back to where it was.

    Args:
        path: The file.
        head: Its columns.
        size: Its length in bytes when it was last known to be sound; 0 for a new file.
    """

    def __init__(self, path: Path, head: Sequence[str], size: int) -> None:
        self.path = path
        self._file: BinaryIO = path.open("r+b" if size else "wb")
        self._file.truncate(size)
        self._file.seek(size)
        if not size:
            self.add(head)

    def add(self, cells: Sequence[str]) -> None:
        """Add a line."""
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerow([safe(cell) for cell in cells])
        self._file.write(buffer.getvalue().encode("utf-8", "replace"))

    def force(self) -> int:
        """Force what there is to disk and return the length."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, and that holds no control characters.

    >>> safe("=1+1"), safe("-5"), safe("a")
    ("'=1+1", '-5', 'a')
    """
    clean = "".join(c if c >= " " and c != "\x7f" else " " for c in cell)
    formula = clean[:1] in ("=", "@") or (clean[:1] in ("+", "-") and not clean[1:2].isdigit())
    return "'" + clean if formula else clean


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError("--format parquet", "needs the package pyarrow", "install it, or use --format csv") from error
    return pyarrow.parquet
