"""The project's own table for patients: one row a patient, as CSV or XLSX, with every accepted value beside it."""

from __future__ import annotations

import csv
import io

from posthma.intake.columns import diseases
from posthma.intake.lines import FIELDS, agents, values

__all__ = ["COLUMNS", "csv_template", "xlsx_template"]

COLUMNS: dict[str, str] = {
    "PATIENT_ID": "name of the patient; no real names",
    "DATE": "day of the findings of this row, YYYY-MM-DD; YYYY-MM or YYYY when no more is known",
    "DECISION_DATE": "day on which therapy is to be chosen, YYYY-MM-DD",
    "JURISDICTION": "EU, US or other",
    "SEX": "female or male",
    "AGE": "years",
    "DIAGNOSIS": "a disease of the list of accepted values",
    "HB": "haemoglobin, g/dL; another unit may be written: 95 g/L",
    "PLT": "platelets, 10^9/L",
    "ANC": "neutrophils, 10^9/L",
    "WBC": "leukocytes, 10^9/L",
    "BM_BLAST": "marrow blasts, %; a bound may be written: < 5",
    "PB_BLAST": "blasts in blood, %",
    "ECOG": "0 to 5",
    "KARNOFSKY": "0 to 100; not converted from ECOG",
    "KARYOTYPE": "ISCN, as the laboratory wrote it",
    "IPSS": "low, intermediate-1, intermediate-2 or high",
    "IPSSR": "very low, low, intermediate, high or very high",
    "ASXL1": "1, 0, or variants joined by a semicolon; empty when not tested",
    "IDH1": "as ASXL1",
    "IDH2": "as ASXL1",
    "SF3B1": "as ASXL1",
    "SRSF2": "as ASXL1",
    "TP53": "as ASXL1",
    "HMA_LINES_COMPLETE": "yes when the row holds every line of azacitidine or decitabine",
    **{f"LINE{number}_{name}": text for number in (1, 2, 3) for name, text in FIELDS.items()},
}
"""Columns of the template with what to write."""


def _accepted() -> dict[str, list[str]]:
    """Return what the columns with a fixed vocabulary accept: labels, and names where there is no label."""
    lists = {
        "DIAGNOSIS": diseases(),
        "LINE_AGENT": agents(),
        "LINE_RESPONSE": values("ResponseCategory"),
        "LINE_STOP": values("StopReason"),
    }
    found = {}
    for column, known in lists.items():
        labelled = {name: word for word, name in known.items() if word != name.lower()}
        found[column] = sorted({labelled.get(name, word) for word, name in known.items()})
    return found


def csv_template() -> str:
    """Return the template as CSV; the lines with ``#`` explain the columns and are left out on reading."""
    buffer = io.StringIO()
    rows = [[f"# {name}: {text}"] for name, text in COLUMNS.items()]
    rows += [[f"# accepted values of {name}: {'; '.join(known)}"] for name, known in _accepted().items()]
    csv.writer(buffer, lineterminator="\n").writerows([*rows, list(COLUMNS)])
    return buffer.getvalue()


def xlsx_template() -> bytes:
    """Return the template as XLSX: the table, the columns explained, the accepted values."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "patients"
    sheet.append(list(COLUMNS))
    sheet.freeze_panes = "B2"
    columns = book.create_sheet("columns")
    for row in COLUMNS.items():
        columns.append(row)
    accepted = book.create_sheet("values")
    lists = _accepted()
    accepted.append(list(lists))
    for at in range(max(len(known) for known in lists.values())):
        accepted.append([known[at] if at < len(known) else None for known in lists.values()])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
