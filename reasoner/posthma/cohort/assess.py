"""From one unit of a cohort's input to a row or a reason why there is none.

Runs in a worker process, which loads the knowledge base once. Nothing that a patient's data does ends it: every
error of posthma is a reason for the quarantine, and so is a fault of posthma itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posthma.closed import Closure
from posthma.cohort.rows import Rows
from posthma.cohort.sound import Soundness
from posthma.cohort.units import Unit
from posthma.errors import InvalidRecordError, PosthmaError, RecordError
from posthma.intake.build import NOT_UNDERSTOOD, Imported
from posthma.intake.columns import Columns
from posthma.intake.rdf import Record, parse_record, read_record
from posthma.intake.rows import Row
from posthma.intake.rows import _object as row_of
from posthma.intake.table import Called
from posthma.intake.table import _import_row as import_row
from posthma.intake.table import _names as names
from posthma.intake.values import shorten
from posthma.question import ask
from posthma.terms import Triple

if TYPE_CHECKING:
    from posthma.engine import KnowledgeBase

__all__ = ["Assessor", "Outcome", "Settings"]

SHOWN = 5
"""So many violations of one record are told."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run asks of every patient.

    Attributes:
        columns: What the columns of a table mean.
        at: Decision date (ISO); the record's own when None.
        jurisdiction: Local name such as ``EU``; the record's own when None.
        as_of: Only documents in force on this date.
        without_source: A document or publication to leave out.
    """

    columns: Columns = field(default_factory=Columns)
    at: str | None = None
    jurisdiction: str | None = None
    as_of: str | None = None
    without_source: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one unit.

    Attributes:
        number: The unit's.
        place: The unit's.
        patient: Name or IRI; empty when it is not known.
        sample: Name of the sample, which tells two rows of one patient apart.
        row: The row; None when the patient is quarantined.
        code, fact, remedy: Why there is no row.
        cells: What was not understood: places and reasons.
    """

    number: int
    place: str
    patient: str = ""
    sample: str = ""
    row: dict[str, Any] | None = None
    code: str = ""
    fact: str = ""
    remedy: str = ""
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _TableRecord(Record):
    """A record made from a row: every fact stands at the row."""

    def place(self, triple: Triple) -> str:
        return self.path


class Assessor:
    """Assesses units one by one.

    Args:
        kb: The knowledge base.
        settings: What is asked.
    """

    def __init__(self, kb: KnowledgeBase, settings: Settings) -> None:
        self.kb, self.settings = kb, settings
        self.rows = Rows(kb)
        self.sound = Soundness(kb.knowledge)

    def warm(self) -> None:
        """Load the compiled program, so that the first patient need not wait for it."""
        _ = self.kb.program

    def outcome(self, unit: Unit) -> Outcome:
        """Return what becomes of a unit; never raises for what the input holds."""
        patient = ""
        try:
            if unit.complaint:
                return self._refused(unit, "", RecordError(unit.place, unit.complaint, "mend it and run it again"))
            if unit.row is not None:
                return self._table(unit, unit.row, unit.calls)
            if unit.line:
                value = _object(unit)
                if isinstance(value, Row):
                    return self._table(unit, value, None)
                record = parse_record(unit.line, f"{unit.place}.jsonld")
            else:
                record = read_record(unit.file)
            return self._assessed(unit, record)
        except PosthmaError as error:
            return self._refused(unit, patient, error)
        except (RecursionError, MemoryError) as error:
            what = "nested too deeply" if isinstance(error, RecursionError) else "too large for the memory there is"
            return self._refused(unit, patient, RecordError(unit.place, what, "make it smaller"))
        except Exception as error:
            fact = f"a fault of posthma ({type(error).__name__})"
            return Outcome(unit.number, unit.place, patient, "", None, "PH-999", fact, "please report it")

    def _table(self, unit: Unit, row: Row, calls: list[Called] | None) -> Outcome:
        if row.complaint:
            raise RecordError(row.place, row.complaint, "mend it and run it again")
        patient, sample = names(row, self.settings.columns)
        name = patient or sample or f"row-{row.number}"
        made = import_row(row, name, self.settings.columns, calls)
        cells = tuple((item.place, item.why) for item in made.items if item.use == NOT_UNDERSTOOD)
        try:
            found = self._assessed(unit, _record(row, made), len(cells))
        except PosthmaError as error:
            found = self._refused(unit, name, error)
        row_made = None if found.row is None else {**found.row, "patient": name}
        return Outcome(
            found.number, found.place, name, sample, row_made, found.code, found.fact, found.remedy, cells
        )  # fmt: skip

    def _assessed(self, unit: Unit, record: Record, not_understood: int = 0) -> Outcome:
        found = self.sound.violations(record)
        if found:
            told = "; ".join(f"{v.place}: {v.fact}" if i else v.fact for i, v in enumerate(found[:SHOWN]))
            more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            raise InvalidRecordError(found[0].place, told + more, found[0].remedy, found)
        asked = ask(record.triples, self.settings.at, self.settings.jurisdiction)
        # One derivation is kept for every fact, so that any of them can be proved while the closure lives.
        closure = Closure(self.kb.program.run(asked.triples), asked.triples, None, self.kb.sources(record, asked))
        row = self.rows.row(record, asked, closure, not_understood)
        row["place"] = unit.place
        return Outcome(unit.number, unit.place, row["patient"], "", row)

    def _refused(self, unit: Unit, patient: str, error: PosthmaError) -> Outcome:
        named = f"{unit.place}.jsonld"  # the name that gave a line its format
        place, fact = error.place.replace(named, unit.place), error.fact.replace(named, unit.place)
        within = unit.file and place.startswith(unit.file)
        place = unit.place + place[len(unit.file) :] if within else place
        return Outcome(unit.number, place or unit.place, patient, "", None, error.code, fact, error.remedy)


def _object(unit: Unit) -> Row | None:
    """Return a flat line of NDJSON as a row; None for JSON-LD.

    Raises:
        RecordError: It is no JSON object.
    """
    if b"\0" in unit.line:
        raise RecordError(unit.place, "holds NUL characters: it is not text", "save it as UTF-8 text")
    try:
        text = unit.line.decode("utf-8")
    except UnicodeDecodeError as error:
        fact = f"byte {unit.line[error.start]:#04x} is not UTF-8"
        raise RecordError(unit.place, fact, "save the file as UTF-8") from error
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise RecordError(unit.place, "nested too deeply", "give one flat record a line") from error
    except ValueError as error:
        raise RecordError(unit.place, f"is not JSON: {shorten(str(error), 120)}", "mend it at that place") from error
    if depth(text) > DEEPEST:
        raise RecordError(unit.place, "nested too deeply", "give one flat record a line")
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise RecordError(unit.place, "holds half a character (a lone surrogate)", "write it as UTF-8 text") from error
    nodes = value if isinstance(value, list) else [value]
    if any(isinstance(node, dict) and any(key.startswith("@") for key in node) for node in nodes):
        return None
    return row_of(unit.place, unit.number + 1, value)


DEEPEST = 100
"""The most brackets that may be open at once in JSON."""


def depth(text: str) -> int:
    """Return about how deeply JSON nests: brackets open at once, those within strings included."""
    deepest = level = 0
    for char in text:
        if char in "[{":
            level += 1
            deepest = max(deepest, level)
        elif char in "]}":
            level -= 1
    return deepest


def _record(row: Row, made: Imported) -> Record:
    return _TableRecord(row.place, "table", made.triples, "", "")
