"""Resources of FHIR that stand alone, a line or a file each, gathered by patient in bounded memory.

A bulk export has a file a type of resource, so those of one patient are far apart. A first pass notes where each stands
and whom it is about, in a database on disk that is gone when it is closed; then the resources of one patient after
another are read from where they stand. Medications and studies belong to no patient and go to each that refers to them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from posthma.errors import LimitError, PosthmaError, SyntaxRecordError, UsageError
from posthma.intake.fhir_bundle import Bundle, bundle_of
from posthma.intake.ndjson import ENDINGS, scan
from posthma.intake.rows import MAX_WHOLE
from posthma.intake.table import Refused
from posthma.intake.tree import parse_json, read_text

__all__ = ["ABOUT", "CLINICAL", "SHARED", "Bulk", "Group", "Part", "bulk_form", "kind_of", "read_group", "read_lines"]

CLINICAL = frozenset({
    "Condition", "DiagnosticReport", "MedicationAdministration", "MedicationRequest", "MedicationStatement",
    "Observation", "Procedure", "ResearchSubject",
})  # fmt: skip
"""The types, beside Patient, of which facts are made."""
SHARED = frozenset({"Medication", "ResearchStudy"})
"""The types that resources of several patients refer to."""
ABOUT = ("subject", "patient", "individual")
"""The elements that say whom a resource is about."""
_LINKS = ("medicationReference", "study")
_HEAD = 65_536
_FIRST = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')


def kind_of(data: bytes) -> str:
    """Return the type of the resource that a JSON text holds; empty for anything else.

    >>> kind_of(b'{"id": "a", "resourceType": "Patient"}'), kind_of(b'[{"resourceType": "Patient"}]')
    ('Patient', '')
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if found := _FIRST.match(data):
        return found[1].decode()
    if b'"resourceType"' not in data:
        return ""
    kind = _object(data).get("resourceType")
    return kind if isinstance(kind, str) else ""


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def bulk_form(file: Path) -> str:
    """Return ``lines`` for NDJSON of FHIR, ``resource`` for a JSON file of one resource, no bundle, else ``""``.

    Raises:
        PosthmaError: It cannot be opened, or is no UTF-8 text.
    """
    if file.suffix.lower() in ENDINGS:
        for line in scan(file):
            if kind_of(line.data):
                return "lines"
            if _readable(line.data):
                return ""
        return ""
    if file.suffix.lower() != ".json":
        return ""
    try:
        with file.open("rb") as stream:
            data = stream.read(_HEAD)
            if not _FIRST.match(data.removeprefix(b"\xef\xbb\xbf")) and b'"resourceType"' in data:
                data += stream.read(MAX_WHOLE)
    except OSError as error:
        raise UsageError(str(file), f"cannot be opened: {error.strerror}", "name a file that can be read") from error
    kind = kind_of(data)
    return "resource" if kind and kind != "Bundle" else ""


def _readable(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """Where a resource stands; `again` when the ledger of an earlier patient holds it already."""

    place: str
    file: str
    offset: int
    size: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The resources of one patient.

    Attributes:
        patient: The reference by which they name the patient.
        parts: Where they stand.
        complaint: Why they make no patient.
    """

    patient: str
    parts: tuple[Part, ...]
    complaint: str = ""


class Bulk:
    """An index of resources by patient. It lies on disk; what it holds in memory does not grow."""

    def __init__(self) -> None:
        self._index = sqlite3.connect("", isolation_level=None)  # a file without a name, gone with the connection
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-16000",
            "PRAGMA temp_store=FILE",
            "CREATE TABLE part (seq INTEGER PRIMARY KEY, owner TEXT, kind TEXT, file INTEGER, at INTEGER, "
            "size INTEGER, place TEXT, taken INTEGER DEFAULT 0)",
            "CREATE TABLE patient (owner TEXT PRIMARY KEY, seq INTEGER) WITHOUT ROWID",
            "CREATE TABLE shared (key TEXT PRIMARY KEY, seq INTEGER) WITHOUT ROWID",
            "CREATE TABLE link (owner TEXT, key TEXT, PRIMARY KEY (owner, key)) WITHOUT ROWID",
            "BEGIN",
        ):
            self._index.execute(statement)
        self._files: list[str] = []
        self._ready = False
        self.size = 0
        """How many resources there are."""

    def close(self) -> None:
        """Throw the index away."""
        self._index.close()

    def add(self, file: str, place: str, offset: int, data: bytes) -> None:
        """Note a resource.

        Raises:
            SyntaxRecordError: It is not JSON.
        """
        try:
            value = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
        except UnicodeDecodeError as error:
            fact = f"byte {error.object[error.start]:#04x} is not UTF-8"
            raise SyntaxRecordError(place, fact, "save the file as UTF-8") from error
        except (ValueError, RecursionError) as error:
            raise SyntaxRecordError(place, f"is not JSON: {str(error)[:120]}", "mend it at that place") from error
        if not self._files or self._files[-1] != file:
            self._files.append(file)
        kind, key = str(value["resourceType"]), _sound(f"{value['resourceType']}/{value.get('id') or place}")
        owner = key if kind == "Patient" else next((text for name in ABOUT if (text := _reference(value, name))), "")
        row = (owner, kind, len(self._files) - 1, offset, len(data), place)
        number = self._index.execute(
            "INSERT INTO part (owner, kind, file, at, size, place) VALUES (?, ?, ?, ?, ?, ?)", row
        ).lastrowid
        self.size += 1
        if kind == "Patient":
            self._index.execute("INSERT OR IGNORE INTO patient VALUES (?, ?)", (key, number))
        elif kind in SHARED and not owner:
            self._index.execute("INSERT OR IGNORE INTO shared VALUES (?, ?)", (key, number))
        for name in _LINKS:
            if owner and (link := _reference(value, name)):
                self._index.execute("INSERT OR IGNORE INTO link VALUES (?, ?)", (owner, link))

    def _prepare(self) -> None:
        """Take references as patients where no Patient resource is there at all; sort."""
        if self._ready:
            return
        self._ready = True
        self._index.execute("CREATE INDEX owners ON part (owner, seq)")
        if self._one("SELECT COUNT(*) FROM patient") == 0:
            kinds = ", ".join(f"'{kind}'" for kind in sorted(CLINICAL))
            self._index.execute(
                "INSERT INTO patient SELECT owner, MIN(seq) FROM part "
                f"WHERE owner != '' AND kind IN ({kinds}) GROUP BY owner"
            )
        self._index.execute("CREATE INDEX firsts ON patient (seq)")
        # What some patient refers to is read with that patient; the rest belongs to nobody.
        self._index.execute(
            "UPDATE part SET taken = 1 WHERE seq IN (SELECT shared.seq FROM shared WHERE EXISTS "
            "(SELECT 1 FROM link JOIN patient ON patient.owner = link.owner WHERE link.key = shared.key))"
        )

    def _one(self, query: str, *values: object) -> int:
        return int(self._index.execute(query, values).fetchone()[0])

    def _parts(self, rows: Sequence[tuple[int, int, int, str, int]]) -> tuple[Part, ...]:
        return tuple(Part(place, self._files[file], at, size, taken == 2) for file, at, size, place, taken in rows)

    @property
    def count(self) -> int:
        """How many patients there are."""
        self._prepare()
        return self._one("SELECT COUNT(*) FROM patient")

    def groups(self) -> Iterator[Group]:
        """Yield the patients in the order of the input."""
        self._prepare()
        for (owner,) in self._index.execute("SELECT owner FROM patient ORDER BY seq"):
            columns = "file, at, size, place, taken"
            own = self._index.execute(f"SELECT {columns} FROM part WHERE owner = ? ORDER BY seq", (owner,)).fetchall()
            linked = self._index.execute(
                "SELECT part.seq, file, at, size, place, taken FROM link JOIN shared ON shared.key = link.key "
                "JOIN part ON part.seq = shared.seq WHERE link.owner = ? ORDER BY part.seq",
                (owner,),
            ).fetchall()
            yield Group(owner, self._parts([*own, *(row[1:] for row in linked)]))

    def told(self, group: Group) -> None:
        """Note that the ledger of a patient holds what it refers to; a later one that does need not list it again."""
        query = "SELECT seq FROM shared WHERE key IN (SELECT key FROM link WHERE owner = ?)"
        self._index.execute(f"UPDATE part SET taken = 2 WHERE seq IN ({query})", (group.patient,))

    def _nobodys(self, columns: str, more: str = "") -> sqlite3.Cursor:
        self._prepare()
        return self._index.execute(
            f"SELECT {columns} FROM part WHERE taken = 0 AND owner NOT IN (SELECT owner FROM patient) {more}"
        )

    def rest(self) -> Iterator[Part]:
        """Yield the resources that belong to no patient."""
        for row in self._nobodys("file, at, size, place, taken", "ORDER BY seq"):
            yield from self._parts([row])

    def strays(self) -> Iterator[Group]:
        """Yield what tells of no known patient though it should: by the reference, and one by one without any."""
        kinds = ", ".join(f"'{kind}'" for kind in sorted(CLINICAL))
        told = f"AND kind IN ({kinds})"
        query = f"{told} AND owner != '' GROUP BY owner ORDER BY MIN(seq)"
        for owner, place, many, _ in self._nobodys("owner, place, COUNT(*), MIN(seq)", query):
            several = f"{many} resources refer" if many > 1 else "a resource refers"
            why = f"{several} to {owner[:200]}, which is not among the Patient resources"
            yield Group(owner, (Part(place, "", 0, 0),), why)
        for (place,) in self._nobodys("place", f"{told} AND owner = '' ORDER BY seq"):
            yield Group("", (Part(place, "", 0, 0),), "the resource refers to no patient")

    def left_out(self) -> dict[str, int]:
        """Return how many resources of each other type belong to no patient, such as organisations."""
        kinds = ", ".join(f"'{kind}'" for kind in sorted(CLINICAL))
        query = f"AND kind NOT IN ({kinds}) GROUP BY kind ORDER BY kind"
        return {str(kind): int(many) for kind, many in self._nobodys("kind, COUNT(*)", query)}


def _reference(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    text = found.get("reference") if isinstance(found, dict) else None
    return _sound(text.strip().partition("/_history/")[0]) if isinstance(text, str) else ""


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def read_group(parts: Sequence[Part]) -> Bundle:
    """Return resources as a bundle; one that cannot be read is among its refusals.

    Raises:
        LimitError: They are more than one patient's resources may be.
    """
    total = sum(part.size for part in parts)
    if total > MAX_WHOLE:
        limit = f"the resources of one patient have {total // 1_000_000} MB, more than {MAX_WHOLE // 1_000_000} MB"
        raise LimitError(parts[0].place, limit, "leave out what is not about the disease")
    bundle = Bundle()
    for part in parts:
        try:
            with Path(part.file).open("rb") as stream:
                stream.seek(part.offset)
                data = stream.read(part.size)
            document = parse_json(part.place, data.decode("utf-8-sig"))
            bundle.take(document.root, listed=not part.again)
        except UnicodeDecodeError as error:
            bundle.refused.append(Refused(part.place, f"byte {data[error.start]:#04x} is not UTF-8"))
        except OSError as error:
            bundle.refused.append(Refused(part.place, f"cannot be read again: {error.strerror}"))
        except PosthmaError as error:
            bundle.refused.append(Refused(error.place, error.fact))
    return bundle


def read_lines(files: Iterable[tuple[Path, str]]) -> Iterator[Bundle]:
    """Yield the bundles of NDJSON and JSON files: each bundle by itself, all other resources by patient.

    Args:
        files: Paths with the names by which places show them.
    """
    with closing(Bulk()) as bulk:
        for file, name in files:
            for place, offset, data, complaint in _texts(file, name):
                if complaint:
                    yield Bundle(refused=[Refused(place, complaint)])
                    continue
                try:
                    if (kind := kind_of(data)) and kind != "Bundle":
                        bulk.add(str(file), place, offset, data)
                    else:
                        yield bundle_of(parse_json(place, data.decode("utf-8-sig")))
                except UnicodeDecodeError as error:
                    fact = f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
                    yield Bundle(refused=[Refused(place, fact)])
                except PosthmaError as error:
                    yield Bundle(refused=[Refused(error.place, f"{error.fact}; {error.remedy}")])
        yield from _gathered(bulk)


def _texts(file: Path, name: str) -> Iterator[tuple[str, int, bytes, str]]:
    if file.suffix.lower() in ENDINGS:
        for line in scan(file, name):
            yield f"{name}:{line.number}", line.offset, line.data, line.complaint
    else:
        yield name, 0, read_text(file).encode(), ""


def _gathered(bulk: Bulk) -> Iterator[Bundle]:
    """Yield the patients; what belongs to nobody goes along with the first of them, for their ledgers."""
    if not bulk.count:
        if bulk.size:
            first = next(bulk.rest())
            several = f" in these {bulk.size} resources" if bulk.size > 1 else ""
            fact = f"no Patient resource is in it{several}, and no resource refers to a patient"
            yield Bundle(refused=[Refused(first.place, fact)])
        return
    rest = bulk.rest()
    at_once = max(1000, bulk.size // bulk.count)
    waiting: list[Part] = []
    for group in bulk.groups():
        waiting = waiting or list(islice(rest, at_once))
        room = MAX_WHOLE - sum(part.size for part in (*group.parts, *waiting))
        along = waiting if room >= 0 else []
        try:
            bundle = read_group([*group.parts, *along])
        except LimitError as error:
            bundle = Bundle(refused=[Refused(error.place, f"{error.fact}; {error.remedy}")])
        yield bundle
        if bundle.told:  # a patient that is refused has no ledger
            bulk.told(group)
            waiting = waiting[len(along) :]
    if left := len(waiting) + sum(1 for _ in rest):
        at = waiting[0].place if waiting else "the end of the input"
        fact = f"resources of no patient from here on: {left}; too few patients were read to hold them in their ledgers"
        yield Bundle(refused=[Refused(at, fact)])
