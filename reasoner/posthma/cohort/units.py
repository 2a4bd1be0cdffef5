"""The units of an input, one after another and unread: files, lines of NDJSON, rows of tables, resources by patient.

Only one unit is held at a time. A unit is small enough to hand to another process, which reads it. Most units are one
patient; a file may hold several.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any

from posthma.errors import PosthmaError, SyntaxRecordError, UsageError
from posthma.intake.any import read_form
from posthma.intake.calls import Called, Calls, read_calls
from posthma.intake.cells import Row, row_of
from posthma.intake.columns import Columns
from posthma.intake.fhir_bulk import Bulk, Group, bulk_form, kind_of
from posthma.intake.folder import LINES, TABLES, Folder, read_folder
from posthma.intake.ndjson import scan
from posthma.intake.rows import read_rows
from posthma.intake.table import row_names

__all__ = ["Input", "Unit"]

_ROWS = (*TABLES, ".txt", ".tab", ".maf")
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Unit:
    """What a patient is made from; a file may hold several.

    Attributes:
        number: Its position in the input, from 0.
        place: Where it stands.
        file: The path of a file that is read as a whole.
        size: Its length in bytes, of which the time that it may take depends.
        line: A line of NDJSON.
        row: A row of a table.
        calls: The variants of the row's sample; None where no MAF was given.
        group: Where the resources of a patient stand.
        complaint: Why it cannot be read; nothing else is set then.
    """

    number: int
    place: str
    file: str = ""
    size: int = 0
    line: bytes = b""
    row: Row | None = None
    calls: Sequence[Called] | None = None
    group: Group | None = None
    complaint: str = ""


@dataclass(frozen=True)
class Input:
    """Where the patients come from.

    Attributes:
        path: A file, or a folder of them.
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
        for number, unit in enumerate(self._units()):
            yield replace(unit, number=number)

    @cached_property
    def _folder(self) -> Folder:
        return read_folder(self.path) if self.path.is_dir() else Folder(((self.path, self.path.name),), 0)

    @cached_property
    def _forms(self) -> dict[Path, str]:
        """What holds resources of FHIR, by file: ``lines``, ``resources`` where all lines are, or one ``resource``."""
        found = {}
        for file, _ in self._folder.files:
            try:
                if form := bulk_form(file):
                    found[file] = form
            except PosthmaError:  # it has its message when its turn comes
                continue
        return found

    @cached_property
    def _bulk(self) -> Bulk | None:
        """The index of the resources that stand alone; None where there are none."""
        bulk = Bulk()
        for file, name in self._folder.files:
            form = self._forms.get(file)
            if form == "resource":
                try:
                    bulk.add(str(file), name, 0, file.read_bytes())
                except PosthmaError:  # a unit of its own, which has the message
                    del self._forms[file]
            elif form == "lines":
                other = 0
                for line in scan(file, name):
                    try:
                        if _alone(line.data):
                            bulk.add(str(file), f"{name}:{line.number}", line.offset, line.data)
                        else:
                            other += 1
                    except PosthmaError:
                        other += 1
                if not other:
                    self._forms[file] = "resources"
        return bulk if bulk.size else None

    @cached_property
    def _calls(self) -> Calls | None:
        """The variants of the MAF; it notes which samples a row took up."""
        return read_calls(self.maf) if self.maf is not None else None

    def _units(self) -> Iterator[Unit]:
        bulk = self._bulk if self._forms else None
        for file, name in self._folder.files:
            if self._forms.get(file) in ("resource", "resources"):
                continue
            try:
                yield from self._file(file, name)
            except PosthmaError as error:
                if not self.path.is_dir():
                    raise
                yield Unit(-1, error.place.replace(str(file), name), complaint=error.fact)
        if bulk is not None:
            for group in chain(bulk.groups(), bulk.strays()):
                place = group.parts[0].place
                yield Unit(-1, place, group=group, size=sum(part.size for part in group.parts))

    def _file(self, file: Path, name: str) -> Iterator[Unit]:
        suffix = file.suffix.lower()
        if suffix in LINES:
            bulk = self._forms.get(file) == "lines"
            for line in scan(file, name):
                if not (bulk and _alone(line.data) and _sound(line.data)):
                    yield Unit(-1, f"{name}:{line.number}", line=line.data, complaint=line.complaint)
        elif suffix in _ROWS or (not self.path.is_dir() and read_form(file)[0] == "table"):
            yield from self._rows(file)
        else:
            yield Unit(-1, name, file=str(file), size=file.stat().st_size)

    @property
    def left_out(self) -> list[str]:
        """What was passed over: files that are no patients by their names, resources and variants of nobody.

        Variants are told once all units were given.
        """
        told = []
        if others := self._folder.others:
            told.append(f"{others} files that are no records by their names")
        bulk = self._bulk if self._forms else None
        if bulk is not None and (kinds := bulk.left_out()):
            named = ", ".join(f"{kind} {many}" for kind, many in kinds.items())
            told.append(f"{sum(kinds.values())} resources of no patient ({named})")
        if strays := list(self._calls.strays()) if self._calls else []:
            many = sum(stray.lines for stray in strays)
            told.append(f"{many} variants of no patient (the first at {strays[0].place}: {strays[0].fact})")
        return told

    def _rows(self, file: Path) -> Iterator[Unit]:
        rows = _parquet(file) if file.suffix.lower() == ".parquet" else read_rows(file)
        for row in rows:
            if row.complaint:
                yield Unit(-1, row.place, complaint=row.complaint)
                continue
            own = None
            if self._calls is not None:
                patient, sample = row_names(row, self.columns)
                own = self._calls.take(sample or patient)
            yield Unit(-1, row.place, row=row, calls=own)

    def count(self) -> int | None:
        """Return about how many units there are, for the time left; None when that takes a reading."""
        total = 0
        for file, _ in self._folder.files:
            suffix = file.suffix.lower()
            if self._forms.get(file) == "resource":
                continue
            if suffix == ".parquet":
                total += int(_pyarrow(file).ParquetFile(file).metadata.num_rows)
            elif suffix == ".xlsx":
                return None
            elif suffix in LINES or suffix in _ROWS:
                with file.open("rb") as stream:
                    found = sum(part.count(b"\n") for part in iter(partial(stream.read, _READ), b""))
                total += max(1, found - (suffix not in LINES))
            else:
                total += 1
        if self._forms and self._bulk is not None:
            total += self._bulk.count - self._bulk.size
            total += sum(form == "resource" for form in self._forms.values())
        return max(1, total)

    def fingerprint(self) -> str:
        """Return a hash that tells this input from another: names, sizes and times of files, the mapping."""
        digest = hashlib.sha256(f"{self.columns!r}\0".encode())
        files = [file for file, _ in self._folder.files]
        for file in [*files, *([self.maf] if self.maf else [])]:
            try:
                state = file.stat()
            except OSError as error:
                raise UsageError(str(file), f"cannot be read: {error.strerror}", "check the name") from error
            digest.update(f"{file.name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
        return digest.hexdigest()


def _alone(data: bytes) -> bool:
    """Say whether a line is a resource that is no bundle."""
    return kind_of(data) not in ("", "Bundle")


def _sound(data: bytes) -> bool:
    """Say whether a line is JSON."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _pyarrow(path: Path) -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(path.name, "Parquet needs the package pyarrow", "install pyarrow, or use CSV") from error
    return pyarrow.parquet


def _parquet(path: Path) -> Iterator[Row]:
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

