"""Tables with one patient a row: cBioPortal clinical files, registries, spreadsheets; with a MAF of their variants.

Every filled cell is an item of the ledger. A row that cannot be read is refused with its place; the rest goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, Builder, Imported, Item, gene_targets
from posthma.intake.calls import Called, read_calls
from posthma.intake.cells import Cell, Row
from posthma.intake.columns import SEXES, Column, Columns, diseases
from posthma.intake.dates import DateReading, read_date
from posthma.intake.events import UNDATED, Events, GeneTest, Outcome
from posthma.intake.lines import line_column, take_lines, yes_no
from posthma.intake.names import Names
from posthma.intake.nodes import nodes
from posthma.intake.rows import read_rows
from posthma.intake.units import read_measurement
from posthma.intake.values import choices, look_up, read_number, shorten
from posthma.intake.variants import read_variant

__all__ = ["Refused", "import_row", "import_table", "row_names"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be read, with the reason; `variants` counts lines of a MAF that no patient took up."""

    place: str
    fact: str
    variants: int = 0


def import_table(
    path: str | Path, columns: Columns, maf: str | Path | None = None, names: Names | None = None
) -> Iterator[Imported | Refused]:
    """Yield one record a row.

    Args:
        path: CSV, TSV, TXT (cBioPortal, lines with ``#`` before the header), JSON, NDJSON, YAML or XLSX.
        columns: What the columns mean.
        maf: Variants by sample.
        names: Taken by records of other files.

    Raises:
        PosthmaError: A file cannot be read as a whole.
    """
    calls = read_calls(maf) if maf is not None else None
    names = names or Names()
    for row in read_rows(path):
        if row.complaint:
            yield Refused(row.place, row.complaint)
            continue
        patient, sample = row_names(row, columns)
        name, before = names.take(patient or sample or f"row-{row.number}", sample, row.place)
        if before:
            yield Refused(row.place, f"the patient {shorten(name)} stands already at {before}; give each a row")
            continue
        yield import_row(row, name, columns, None if calls is None else calls.take(sample or name))
    for stray in calls.strays() if calls else ():
        yield Refused(stray.place, stray.fact, stray.lines)


def row_names(row: Row, columns: Columns) -> tuple[str, str]:
    """Return the names of patient and sample that a row gives; empty where it gives none."""
    found = {"patient": "", "sample": ""}
    for header, cell in row.cells.items():
        column = columns.column(header)
        if column and column.role in found and not found[column.role]:
            found[column.role] = cell.text.strip()
    return found["patient"], found["sample"]


def import_row(row: Row, name: str, columns: Columns, calls: Sequence[Called] | None = None) -> Imported:
    """Return the record of one row.

    Args:
        row: A row without complaint.
        name: Of the patient.
        columns: What the columns mean.
        calls: Variants of the patient from a MAF; None when there is no MAF.
    """
    builder = Builder(name, columns.day)
    dates = _dates(row, columns, builder)
    bound = {column.date for column in columns.by_name.values()}
    general = next((reading for header, reading in dates.items() if header not in bound), None)
    events = Events(builder)
    genes = GeneTest(general)
    booked: list[int] = []
    if sex := _sex(row, columns):
        builder.sex(sex)  # a karyotype is read by it, wherever its column stands
    lines: dict[tuple[int, str], Cell] = {}
    decision = _decision(row, columns, builder)
    for header, cell in row.cells.items():
        text = cell.text.strip()
        if (place := line_column(header)) is not None and columns.usual:
            lines[place] = cell
            continue
        if header.strip().upper() in ("DECISION_DATE", "JURISDICTION") and columns.usual:
            continue
        if cell.fault:
            builder.book(cell.place, text, NOT_UNDERSTOOD, cell.fault)
            continue
        column = columns.column(header)
        if not text or (column and column.role == "date"):
            continue
        if column is None or column.role == "context":
            builder.book(cell.place, text, CONTEXT, "no meaning is known for this column" if column is None else "")
            continue
        if column.role in ("patient", "sample"):
            builder.book(cell.place, text, USED)
            continue
        if read_number(text).missing:
            builder.book(cell.place, text, CONTEXT, "missing")
            continue
        when = dates.get(column.date) if column.date else general
        use, why = _cell(events, column, cell, when, genes)
        if column.role == "gene" and use == USED:
            booked.append(len(builder.items))
        builder.book(cell.place, text, use, why)
    for call in calls or []:
        symbol = call.variant.gene or ""
        use, why = genes.variant(symbol, call.variant)
        if use == USED:
            booked.append(len(builder.items))
        builder.book(call.place, f"{symbol} {call.variant.text}".strip(), use, why)
    genes.looked_for += [gene_targets()[gene] for gene in columns.genes_tested if gene in gene_targets()]
    use, why = events.genes(genes)
    for at in booked if use != USED else ():  # such as no day to put the gene test on
        item = builder.items[at]
        builder.items[at] = Item(item.place, item.text, use, why)
    take_lines(builder, lines)
    if columns.diagnosis:
        builder.fact("Diagnosis", "diagnosis", general, {"disease": _kb(columns.diagnosis)})
    day, jurisdiction = decision
    asked = day or columns.day
    if asked:
        builder.question(asked, jurisdiction or columns.jurisdiction)
    return builder.done()


def _sex(row: Row, columns: Columns) -> str:
    """Return the sex that a row states; empty where it states none."""
    for header, cell in row.cells.items():
        column = columns.column(header)
        if column and column.role == "sex" and (sex := SEXES.get(cell.text.strip().lower())):
            return sex
    return ""


def _decision(row: Row, columns: Columns, builder: Builder) -> tuple[dt.date | None, str | None]:
    """Read the decision date and jurisdiction of a row."""
    day, jurisdiction = None, None
    for header, cell in row.cells.items():
        name, text = header.strip().upper(), cell.text.strip()
        if not columns.usual or not text or name not in ("DECISION_DATE", "JURISDICTION"):
            continue
        if name == "DECISION_DATE":
            reading = read_date(text)
            day = reading.day
            why = "; ".join(f.text for f in reading.findings) or "a decision date is one exact day"
        else:
            jurisdiction = {"EU": "EU", "US": "US", "OTHER": "otherJurisdiction"}.get(text.upper())
            why = f"{shorten(text)!r} is none of EU, US, other"
        known = day if name == "DECISION_DATE" else jurisdiction
        builder.book(cell.place, text, USED if known else NOT_UNDERSTOOD, "" if known else why)
    return day, jurisdiction


def _dates(row: Row, columns: Columns, builder: Builder) -> dict[str, DateReading]:
    found = {}
    for header, cell in row.cells.items():
        column = columns.column(header)
        if not column or column.role != "date" or not cell.text.strip() or cell.fault:
            continue
        reading = read_date(cell.text)
        if reading.earliest is not None:
            found[header] = reading
        why = "; ".join(finding.text for finding in reading.findings)
        use = USED if reading.earliest else CONTEXT if reading.missing else NOT_UNDERSTOOD
        builder.book(cell.place, cell.text.strip(), use, why or ("missing" if reading.missing else ""))
    return found


def _kb(name: str) -> str:
    return f"<https://w3id.org/posthma/kb/{name}>"


def _cell(events: Events, column: Column, cell: Cell, when: DateReading | None, genes: GeneTest) -> Outcome:
    """Take one cell into the record; return what became of it."""
    text, builder = cell.text.strip(), events.builder
    if column.role == "analyte":
        stated = read_number(text).rest
        reading = read_measurement(text, column.name, "" if stated else column.unit)
        why = "; ".join(finding.text for finding in reading.findings)
        if not reading.usable:
            return NOT_UNDERSTOOD, why
        return (USED, why) if builder.measurement(reading, when, _most(column.name)) else UNDATED
    if column.role == "karyotype":
        return events.karyotype(text, when)
    if column.role == "gene":
        return _gene(genes, column.name, text)
    if column.role == "sex":
        if text.lower() not in SEXES:
            return NOT_UNDERSTOOD, f"{shorten(text)!r} is neither female nor male"
        builder.sex(SEXES[text.lower()])  # a second that differs shows in the record
        return USED, ""
    if column.role == "complete":
        answer = yes_no(text)
        if answer is None:
            return NOT_UNDERSTOOD, f"{shorten(text)!r} is neither yes nor no"
        builder.complete_lines(answer)
        return USED, ""
    if column.role == "risk":
        return _risk(builder, column.name, text, when) or UNDATED
    if column.role == "diagnosis":
        disease = look_up(diseases(), text)
        if disease is None:
            near = choices(text, diseases()) or "; posthma template lists them"
            return NOT_UNDERSTOOD, f"{shorten(text)!r} is no disease of the record vocabulary{near}"
        return (USED, "") if builder.fact("Diagnosis", "diagnosis", when, {"disease": _kb(disease)}) else UNDATED
    return CONTEXT, ""


def _gene(genes: GeneTest, symbol: str, text: str) -> Outcome:
    """Read a gene column: 1 or 0, "mutated" or "wild type", or variants joined by a semicolon."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    answers = [genes.variant(symbol, read_variant(_WORDS.get(part.lower(), part), symbol)) for part in parts]
    return max(answers, key=lambda answer: (answer[0] == NOT_UNDERSTOOD, answer[0] == USED), default=(CONTEXT, ""))


_WORDS = {**dict.fromkeys(["1", "yes", "true"], "mutated"), **dict.fromkeys(["0", "no", "false"], "wild type")}
_GROUPS = {
    "ipss": {
        "low": "Low", "int-1": "Intermediate1", "intermediate-1": "Intermediate1", "int1": "Intermediate1",
        "int-2": "Intermediate2", "intermediate-2": "Intermediate2", "int2": "Intermediate2", "high": "High",
    },
    "ipssR": {
        "very low": "VeryLow", "low": "Low", "int": "Intermediate", "intermediate": "Intermediate", "high": "High",
        "very high": "VeryHigh",
    },
    "ipssM": {
        "very low": "VeryLow", "low": "Low", "moderate low": "ModerateLow", "moderate high": "ModerateHigh",
        "high": "High", "very high": "VeryHigh",
    },
}  # fmt: skip


def _risk(builder: Builder, scheme: str, text: str, when: DateReading | None) -> tuple[str, str] | None:
    key = " ".join(text.lower().replace("_", " ").split())
    group = _GROUPS[scheme].get(key) or _GROUPS[scheme].get(key.replace("-", " "))
    if group is None:
        label = {"ipss": "IPSS", "ipssR": "IPSS-R", "ipssM": "IPSS-M"}[scheme]
        return NOT_UNDERSTOOD, f"{shorten(text)!r} is no group of {label}; use one of {', '.join(_GROUPS[scheme])}"
    values = {"scheme": _kb(scheme), "group": _kb(f"{scheme}{group}")}
    return (USED, "") if builder.fact("RiskAssignment", scheme, when, values) else None


def _most(analyte: str) -> Decimal:
    return Decimal(nodes("kb/units.ttl")[f"plausible-{analyte}"]["rowAtMost"][0])
