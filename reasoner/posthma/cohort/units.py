"""The patients of an input, one after another and unread: files of a folder, lines of NDJSON, rows of a table.

Only one unit is held at a time. A unit is small enough to hand to another process, which reads it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from posthma.errors import SyntaxRecordError, UsageError
from posthma.intake.columns import Columns
from posthma.intake.rdf import MAX_BYTES
from posthma.intake.rows import Row, read_rows
from posthma.intake.table import Called, Calls, read_maf
from posthma.intake.table import _names as names

__all__ = ["Input", "Unit"]

RECORDS = (".ttl", ".turtle", ".nt", ".jsonld", ".json")
LINES = (".ndjson", ".jsonl")
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Unit:
    """What one patient is made from.

    Attributes:
        number: Its position in the input, from 0.
        place: Where it stands.
        file: A record's path, for a folder of records.
        line: A line of NDJSON.
        row: A row of a table.
        calls: The variants of the row's sample; None where no MAF was given.
        complaint: Why it cannot be read; nothing else is set then.
    """

    number: int
    place: str
    file: str = ""
    line: bytes = b""
    row: Row | None = None
    calls: list[Called] | None = None
    complaint: str = ""


@dataclass(frozen=True)
class Input:
    """Where the patients come from.

    Attributes:
        path: A folder of records, or a file of many patients.
        columns: What the columns of a table mean.
        maf: Variants by sample.
    """

    path: Path
    columns: Columns
    maf: Path | None = None

    def __iter__(self) -> Iterator[Unit]:
        """Yield the units in an order that is the same each time.

        Raises:
            PosthmaError: The input cannot be read as a whole.
        """
        if self.path.is_dir():
            for number, file in enumerate(self._files):
                yield Unit(number, os.path.relpath(file, self.path), file=file)
        elif self.path.suffix.lower() in LINES:
            yield from _lines(self.path)
        else:
            yield from self._rows()

    @cached_property
    def _files(self) -> list[str]:
        found, other = [], 0
        for folder, below, files in os.walk(self.path):
            below.sort()
            for name in files:
                if name.startswith("."):
                    continue
                if name.lower().endswith(RECORDS):
                    found.append(os.path.join(folder, name))
                else:
                    other += 1
        object.__setattr__(self, "_other", other)
        if not found:
            fact = "holds no record" + (f"; {other} other files were seen" if other else "")
            raise UsageError(str(self.path), fact, f"name a folder of {', '.join(RECORDS)} files, or a table")
        return sorted(found)

    @property
    def left_out(self) -> int:
        """How many files of a folder are no records by their names."""
        return getattr(self, "_other", 0) if self.path.is_dir() and self._files else 0

    def _rows(self) -> Iterator[Unit]:
        calls: Calls | None = read_maf(self.maf) if self.maf is not None else None
        rows = _parquet(self.path) if self.path.suffix.lower() == ".parquet" else read_rows(self.path)
        for number, row in enumerate(rows):
            if row.complaint:
                yield Unit(number, row.place, complaint=row.complaint)
                continue
            own = None
            if calls is not None:
                patient, sample = names(row, self.columns)
                own = calls.get(sample or patient, [])
            yield Unit(number, row.place, row=row, calls=own)

    def count(self) -> int | None:
        """Return about how many patients there are, for the time left; None when that takes a reading."""
        if self.path.is_dir():
            return len(self._files)
        suffix = self.path.suffix.lower()
        if suffix == ".parquet":
            return int(_pyarrow(self.path).ParquetFile(self.path).metadata.num_rows)
        if suffix in (".xlsx", ".json", ".yaml", ".yml"):
            return None
        with self.path.open("rb") as file:
            found = sum(part.count(b"\n") for part in iter(lambda: file.read(_READ), b""))
        return max(1, found - (suffix not in LINES))

    def fingerprint(self) -> str:
        """Return a hash that tells this input from another: names, sizes and times of files, the mapping."""
        digest = hashlib.sha256(f"{self.columns!r}\0".encode())
        files = [Path(file) for file in self._files] if self.path.is_dir() else [self.path]
        for file in [*files, *([self.maf] if self.maf else [])]:
            try:
                state = file.stat()
            except OSError as error:
                raise UsageError(str(file), f"cannot be read: {error.strerror}", "check the name") from error
            digest.update(f"{file.name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
        return digest.hexdigest()


def _lines(path: Path) -> Iterator[Unit]:
    """Yield the lines of a file that is never held as a whole; one that is too long is named and passed over."""
    number = 0
    with path.open("rb") as file:
        head = file.read(4)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise SyntaxRecordError(path.name, "it is UTF-16 text", "save it as UTF-8")
        file.seek(3 if head[:3] == b"\xef\xbb\xbf" else 0)
        at = 0
        while line := file.readline(MAX_BYTES + 1):
            at += 1
            place = f"{path.name}:{at}"
            if len(line) > MAX_BYTES:
                while (rest := file.readline(_READ)) and not rest.endswith(b"\n"):
                    pass
                limit = f"longer than the limit of {MAX_BYTES // 1_000_000} MB for a record"
                yield Unit(number, place, complaint=limit)
                number += 1
            elif line.strip():
                if at == 1 and line.startswith(b"version https://git-lfs"):
                    fact, remedy = "is a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull"
                    raise SyntaxRecordError(path.name, fact, remedy)
                for part in filter(bytes.strip, line.split(b"\r")):  # a lone CR ends a line as well
                    yield Unit(number, place, line=part.rstrip(b"\n"))
                    number += 1


def _pyarrow(path: Path) -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(path.name, "Parquet needs the package pyarrow", "install pyarrow, or use CSV") from error
    return pyarrow.parquet


def _parquet(path: Path) -> Iterator[Row]:
    from posthma.intake.rows import _object as row_of

    parquet = _pyarrow(path)
    try:
        file = parquet.ParquetFile(path)
    except OSError as error:
        raise UsageError(str(path), f"cannot be read: {error.strerror or error}", "check the name") from error
    except Exception as error:  # pyarrow has errors of its own
        raise SyntaxRecordError(path.name, "is not a sound Parquet file", "write it again") from error
    number = 0
    with file:
        batches = file.iter_batches(batch_size=256)
        while True:
            try:
                batch = next(batches, None)
            except Exception as error:
                place = f"{path.name} row {number + 1}"
                raise SyntaxRecordError(place, "the file is damaged from here", "write it again") from error
            if batch is None:
                return
            for value in batch.to_pylist():
                number += 1
                yield row_of(f"{path.name} row {number}", number, value)

