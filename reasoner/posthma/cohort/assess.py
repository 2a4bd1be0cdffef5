"""From one unit of a cohort's input to rows, or reasons why there are none.

Runs in a worker process, which loads the knowledge base once. Nothing that a patient's data does ends it: every
error of posthma is a reason for the quarantine, and so is a fault of posthma itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthma.closed import Closure
from posthma.cohort.rows import Rows
from posthma.cohort.sound import Soundness
from posthma.cohort.units import Unit
from posthma.errors import InvalidRecordError, PosthmaError, RecordError
from posthma.intake.any import import_form, is_document, is_stray, read_form
from posthma.intake.build import NOT_UNDERSTOOD, Imported
from posthma.intake.calls import Called
from posthma.intake.cells import Row, row_of
from posthma.intake.columns import Columns
from posthma.intake.fhir import import_bundle, import_fhir_document
from posthma.intake.fhir_bulk import read_group
from posthma.intake.folder import RECORDS
from posthma.intake.phenopacket import import_packets
from posthma.intake.rdf import Record, parse_record, read_record
from posthma.intake.table import Refused, import_row, row_names
from posthma.intake.tree import Document, parse_json
from posthma.intake.values import shorten
from posthma.question import ask
from posthma.terms import Triple
from posthma.vocab import P

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
        lines_complete: Every line of a hypomethylating agent is in a Phenopacket or FHIR bundle.
        choices: Definitions and windows by name; the record's own or the default when not named.
    """

    columns: Columns = field(default_factory=Columns)
    at: str | None = None
    jurisdiction: str | None = None
    as_of: str | None = None
    without_source: str | None = None
    lines_complete: bool = False
    choices: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one patient.

    Attributes:
        number: The unit's.
        place: Where the patient stands.
        patient: Name or IRI; empty when it is not known.
        sample: Name of the sample, which tells two rows of one patient apart.
        row: The row; None when the patient is quarantined.
        code, fact, remedy: Why there is no row.
        cells: What was not understood: places and reasons.
        last: It is the last of its unit.
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
    last: bool = True


@dataclass(frozen=True)
class _Made(Record):
    """A record that an importer made: every fact stands where its patient does."""

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
        self.chosen = kb.chosen(settings.choices)

    def warm(self) -> None:
        """Load the compiled program, so that the first patient need not wait for it."""
        _ = self.kb.program

    def outcomes(self, unit: Unit) -> list[Outcome]:
        """Return what becomes of a unit, at least one outcome; never raises for what the input holds."""
        found: list[Outcome] = []
        try:
            found.extend(self._outcomes(unit))
        except PosthmaError as error:
            found.append(self._refused(unit, "", error))
        except (RecursionError, MemoryError) as error:
            what = "nested too deeply" if isinstance(error, RecursionError) else "too large for the memory there is"
            found.append(self._refused(unit, "", RecordError(unit.place, what, "make it smaller")))
        except Exception as error:
            found.append(self._fault(unit, "", error))
        if not found:
            found.append(self._refused(unit, "", RecordError(unit.place, "holds no patient", "give a patient")))
        return [replace(one, last=one is found[-1]) for one in found] if len(found) > 1 else found

    def _outcomes(self, unit: Unit) -> Iterator[Outcome]:
        """Yield the outcomes of a unit.

        Raises:
            PosthmaError: It cannot be read.
        """
        columns, complete = self.settings.columns, self.settings.lines_complete or None
        if unit.complaint or (unit.group and unit.group.complaint):
            fact = unit.complaint or (unit.group.complaint if unit.group else "")
            yield self._refused(unit, "", RecordError(unit.place, fact, "mend it and run it again"))
        elif unit.row is not None:
            yield self._table(unit, unit.row, unit.calls)
        elif unit.group is not None:
            yield from self._each(unit, import_bundle(read_group(unit.group.parts), columns, complete))
        elif unit.line:
            value = _object(unit)
            if isinstance(value, Row):
                yield self._table(unit, value, None)
            elif value is None:
                yield self._record(unit, parse_record(unit.line, f"{unit.place}.jsonld"))
            elif value.root.get("resourceType"):
                yield from self._each(unit, import_fhir_document(value, columns, complete))
            else:
                yield from self._each(unit, import_packets(value, columns, complete))
        elif unit.file.lower().endswith(RECORDS):
            yield self._record(unit, read_record(unit.file))
        else:
            yield from self._file(unit, Path(unit.file), complete)

    def _file(self, unit: Unit, file: Path, complete: bool | None) -> Iterator[Outcome]:
        form, document = read_form(file, unit.place)
        if form == "record":
            ending = "" if file.suffix.lower() in (*RECORDS, ".json") else ".ttl"
            yield self._record(unit, parse_record(file.read_bytes(), f"{unit.file}{ending}"))
        elif is_stray(file, form):
            fact = "is neither a record, a Phenopacket, a FHIR resource nor a list of rows"
            raise RecordError(unit.place, fact, "take it out of the folder")
        else:
            columns = self.settings.columns
            yield from self._each(unit, import_form(file, form, document, columns, lines_complete=complete))

    def _each(self, unit: Unit, found: Iterator[Imported | Refused]) -> Iterator[Outcome]:
        for one in found:
            if isinstance(one, Refused):
                yield self._refused(unit, "", RecordError(one.place, one.fact, "mend it and run it again"))
            else:
                yield self._imported(unit, one.place or unit.place, one, one.sample)

    def _record(self, unit: Unit, record: Record) -> Outcome:
        try:
            row = self._assessed(record)
        except PosthmaError as error:
            return self._refused(unit, "", error)
        return Outcome(unit.number, unit.place, row["patient"], "", {**row, "place": unit.place})

    def _table(self, unit: Unit, row: Row, calls: Sequence[Called] | None) -> Outcome:
        if row.complaint:
            raise RecordError(row.place, row.complaint, "mend it and run it again")
        patient, sample = row_names(row, self.settings.columns)
        name = patient or sample or f"row-{row.number}"
        return self._imported(unit, row.place, import_row(row, name, self.settings.columns, calls), sample)

    def _imported(self, unit: Unit, place: str, made: Imported, sample: str = "") -> Outcome:
        """Assess what an importer made of a patient."""
        cells = tuple((item.place, item.why) for item in made.items if item.use == NOT_UNDERSTOOD)
        try:
            if not any(p == P.event for _, p, _ in made.triples):
                raise _nothing(place, made, cells)
            row = self._assessed(_Made(place, "table", made.triples, "", ""), len(cells))
        except PosthmaError as error:
            found = self._refused(unit, made.patient, error, place)
        except Exception as error:
            found = self._fault(unit, made.patient, error, place)
        else:
            row = {**row, "patient": made.patient, "place": place}
            return Outcome(unit.number, place, made.patient, sample, row, cells=cells)
        return replace(found, sample=sample, cells=cells)

    def _assessed(self, record: Record, not_understood: int = 0) -> dict[str, Any]:
        """Return the row of a record.

        Raises:
            PosthmaError: It is not sound, or asks nothing.
        """
        found = self.sound.violations(record)
        if found:
            told = "; ".join(f"{v.place}: {v.fact}" if i else v.fact for i, v in enumerate(found[:SHOWN]))
            more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            raise InvalidRecordError(found[0].place, told + more, found[0].remedy, found)
        asked = ask(record.triples, self.settings.at, self.settings.jurisdiction, self.chosen)
        # One derivation is kept for every fact, so that any of them can be proved while the closure lives.
        closure = Closure(self.kb.program.run(asked.triples), asked.triples, None, self.kb.sources(record, asked))
        return self.rows.row(record, asked, closure, not_understood)

    def _refused(self, unit: Unit, patient: str, error: PosthmaError, at: str = "") -> Outcome:
        named = f"{unit.place}.jsonld"  # the name that gave a line its format
        place, fact = error.place.replace(named, unit.place), error.fact.replace(named, unit.place)
        within = unit.file and place.startswith(unit.file)
        place = unit.place + place[len(unit.file) :] if within else place
        if place.startswith("<") or not place:  # a node of the record that was made
            place = at or unit.place
        return Outcome(unit.number, place, patient, "", None, error.code, fact, error.remedy)

    def _fault(self, unit: Unit, patient: str, error: Exception, at: str = "") -> Outcome:
        fact = f"a fault of posthma ({type(error).__name__})"
        return Outcome(unit.number, at or unit.place, patient, "", None, "PH-999", fact, "please report it")


def _nothing(place: str, made: Imported, cells: Sequence[tuple[str, str]]) -> RecordError:
    """Say why an import has no event, which is what an assessment is about."""
    first = f", such as {cells[0][0]}: {cells[0][1]}" if cells else ""
    fact = f"no fact of it could be used: of {len(made.items)} items {len(cells)} are not understood{first}"
    return RecordError(place, fact, "see posthma import, which says of every item why")


def _object(unit: Unit) -> Row | Document | None:
    """Return a line of NDJSON as a row, FHIR and Phenopackets as a document; None for JSON-LD.

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
    if is_document(value):
        return parse_json(unit.place, text)
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
