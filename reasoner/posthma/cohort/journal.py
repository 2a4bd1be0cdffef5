"""What is done is written down once, in order, so that a run goes on where it was interrupted.

A run's folder holds ``.run/`` until it ends: a part for every few hundred patients, an index of the patients seen, and
the journal. A line of the journal is written and forced to disk after the part that it speaks of; what comes after the
last whole line is thrown away and done again. So no patient is lost and none is done twice.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from posthma.errors import UsageError

__all__ = ["FORMAT", "Journal", "clear", "force"]

FORMAT = "posthma-cohort/1"
FOLDER = ".run"


class Journal:
    """The journal of a run and its index of patients.

    Args:
        output: The folder of the run; made when it is not there.
        header: What a run must share with an earlier one to go on with it: input, knowledge, options.

    Raises:
        UsageError: The folder holds something else, another run is at work in it, or it cannot be written.
    """

    def __init__(self, output: Path, header: dict[str, Any]) -> None:
        self.output = output
        self.folder = output / FOLDER
        self.path = self.folder / "journal.ndjson"
        self.state: dict[str, Any] = {"units": 0, "parts": 0, "sizes": {}, "finished": False}
        header = {"format": FORMAT, **header}
        try:
            if output.exists() and any(output.iterdir()) and not self.path.exists() and not self._began():
                fact, remedy = "it holds files that are not of a cohort run", "name a new or empty folder"
                raise UsageError(str(output), fact, remedy)
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(str(output), f"cannot be written: {error.strerror}", "choose another place") from error
        self._seen = self._index()
        if self.path.exists():
            self._go_on(header)
        if not self.path.exists():
            self._append(header)
        self._seen.execute("DELETE FROM seen WHERE unit >= ?", (self.state["units"],))

    def _began(self) -> bool:
        """Say whether an earlier start got no further than its index."""
        return self.folder.is_dir() and {path.name for path in self.output.iterdir()} == {FOLDER}

    def _index(self) -> sqlite3.Connection:
        index = sqlite3.connect(self.folder / "patients.sqlite", timeout=1.0, isolation_level=None)
        try:
            index.execute("PRAGMA locking_mode=EXCLUSIVE")
            index.execute("PRAGMA synchronous=FULL")
            index.execute("PRAGMA cache_size=-8000")
            index.execute("BEGIN EXCLUSIVE")
            columns = "name TEXT PRIMARY KEY, unit INTEGER, place TEXT"
            index.execute(f"CREATE TABLE IF NOT EXISTS seen ({columns}) WITHOUT ROWID")
        except sqlite3.OperationalError as error:
            index.close()
            fact = "another run is at work in it" if "locked" in str(error) else str(error)
            raise UsageError(str(self.output), fact, "wait for it, or name another folder") from error
        except sqlite3.DatabaseError as error:
            index.close()
            raise UsageError(str(self.output), f"its index is damaged ({error})", "name another folder") from error
        return index

    def _go_on(self, header: dict[str, Any]) -> None:
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.splitlines()
        if not lines:
            self.path.unlink()
            return
        try:
            first, last = json.loads(lines[0]), json.loads(lines[-1])
        except ValueError as error:
            raise UsageError(str(self.path), "the journal is damaged", "name another folder") from error
        if first != header:
            differ = ", ".join(sorted(key for key in {*first, *header} if first.get(key) != header.get(key)))
            fact = f"it holds a run that differs in {differ}"
            raise UsageError(str(self.output), fact, "name another folder, or run it as it was begun")
        if len(whole) < len(data):
            with self.path.open("r+b") as file:
                file.truncate(len(whole))
        if len(lines) > 1:
            self.state = last

    def _append(self, value: dict[str, Any]) -> None:
        with self.path.open("ab") as file:
            file.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def first_place(self, name: str, unit: int, place: str) -> str:
        """Return where a patient stood first, or ``""`` and note that it stands here."""
        row = self._seen.execute("SELECT place FROM seen WHERE name = ?", (name,)).fetchone()
        if row is not None:
            return str(row[0])
        self._seen.execute("INSERT INTO seen VALUES (?, ?, ?)", (name, unit, place))
        return ""

    def note(self, **state: Any) -> None:
        """Write down how far the run has come; what it speaks of must be on disk already."""
        self._seen.execute("COMMIT")
        self._seen.execute("BEGIN EXCLUSIVE")
        self.state = {**self.state, **state}
        self._append(self.state)

    def finish(self) -> None:
        """Write down that the run is over and take its parts away; the journal stays."""
        self.note(finished=True)
        shutil.rmtree(self.folder / "parts", ignore_errors=True)

    def close(self) -> None:
        """Let go of the folder."""
        self._seen.close()


def clear(output: Path, names: Sequence[str]) -> None:
    """Take away a run with the files it wrote; a folder without a run is left as it is."""
    if not (output / FOLDER).is_dir():
        return
    for name in names:
        (output / name).unlink(missing_ok=True)
    shutil.rmtree(output / FOLDER)


def force(path: Path) -> None:
    """Force a file or folder to disk, where the system allows it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return  # a folder on Windows
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
