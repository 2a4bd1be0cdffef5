"""The files of a folder that can hold patients, told by the endings of their names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from posthma.errors import UsageError
from posthma.intake import ndjson

__all__ = ["DOCUMENTS", "LINES", "RECORDS", "TABLES", "Folder", "read_folder"]

RECORDS = (".ttl", ".turtle", ".nt", ".jsonld")
DOCUMENTS = (".json", ".yaml", ".yml", ".pb", ".protobuf", ".binpb")
LINES = ndjson.ENDINGS
TABLES = (".csv", ".tsv", ".xlsx", ".parquet")
_ALL = (*RECORDS, *DOCUMENTS, *LINES, *TABLES)


@dataclass(frozen=True, slots=True)
class Folder:
    """What stands in a folder and below it.

    Attributes:
        files: Paths with their names as places show them, in an order that is the same each time.
        others: How many files are no patients by their names.
    """

    files: tuple[tuple[Path, str], ...]
    others: int


def read_folder(path: Path) -> Folder:
    """Return the files of a folder; hidden ones are passed over.

    Raises:
        UsageError: None of them can hold patients.
    """
    found, others = [], 0
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in names:
            if name.startswith("."):
                continue
            if name.lower().endswith(_ALL):
                file = Path(folder, name)
                found.append((file, file.relative_to(path).as_posix()))
            else:
                others += 1
    if not found:
        fact = "holds no record" + (f"; {others} other files were seen" if others else "")
        raise UsageError(str(path), fact, f"name a folder of {', '.join(_ALL)} files, or a table")
    return Folder(tuple(sorted(found, key=lambda item: item[1])), others)
