"""``posthma import``: patients as hospitals have them, as records, and what became of every item."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posthma.cli import common

if TYPE_CHECKING:
    from posthma.intake.build import Imported
    from posthma.intake.table import Refused

_ALIKE = 20
"""So many items are named one by one with the same reason; the rest is counted. Text and JSON name each."""
_STRAYS = 20
"""How many samples of a MAF without a patient are named one by one."""


@common.verb("import")
@click.argument("file", metavar="FILE", type=common.File(folder=True))
@common.form("ttl", "json", "text")
@click.option("--columns", metavar="FILE.yaml", type=common.File(), help="What the columns of the table mean.")
@click.option("--maf", metavar="FILE.maf", type=common.File(), help="Variants, by Tumor_Sample_Barcode.")
@click.option(
    "--lines-complete", is_flag=True, help="Phenopackets, FHIR: every line of a hypomethylating agent is in the file."
)
@click.option("-o", "--output", metavar="DIR", type=click.Path(), help="Write one Turtle file a patient into a folder.")
def command(
    file: str, form: str, columns: str | None, maf: str | None, lines_complete: bool, output: str | None
) -> int:
    """Turn patients into records, and say of every item whether it was used.

    FILE is recognised by its content: a table (CSV, TSV, TXT of cBioPortal, JSON, NDJSON, YAML, XLSX; one patient a
    row, see 'posthma template'), a MAF, Phenopackets of version 2, FHIR R4 (bundle, NDJSON), or a record; or it is a
    folder of such files. FHIR resources that stand alone, a line or a file each, are gathered by patient.
    Of tables, well-known column names are understood; a mapping in YAML names the others:

    \b
      date: 2019-01-15            day of cells without one; marked as constructed
      jurisdiction: EU
      diagnosis: mds              for every row
      genes_tested: [IDH1, IDH2]  looked for in every row
      columns:
        HGB:  {analyte: hemoglobin, unit: g/L, date: HGB_DATE}
        KT:   {karyotype: true}

    Each filled cell, variant or leaf is used, kept as context, or not understood; the three add up to the input.
    Standard output holds the records, standard error the counts and what was not understood. Ends with 1 when a row
    was refused or an item not understood: the rest is imported all the same, and what is missing is named.

    \b
    Examples:
      posthma import tests/intake/table/sound.csv --format text
      posthma import tests/intake/fhir/patient-4.json
    """
    from posthma.intake.any import import_any
    from posthma.intake.columns import Columns, read_columns
    from posthma.intake.table import Refused

    if output is not None and form != "ttl":
        from posthma.errors import UsageError

        raise UsageError("-o", f"a folder of records does not go with --format {form}", "leave one of them out")
    meaning = read_columns(columns) if columns else Columns()
    counts: Counter[str] = Counter()
    strays: list[Refused] = []

    def counted() -> Iterator[Imported | Refused]:
        for found in import_any(file, meaning, maf=maf, lines_complete=lines_complete or None):
            if isinstance(found, Refused) and found.variants:
                strays.append(found)
                counts["not understood"] += found.variants
            elif isinstance(found, Refused):
                counts["refused"] += 1
                common.warn(f"{found.place}: {found.fact}")
            else:
                counts["patients"] += 1
                counts.update(found.counts)
            yield found

    {"ttl": _turtle, "json": _json, "text": _text}[form](counted(), output)
    for stray in strays[:_STRAYS]:
        common.warn(f"{stray.place}: {_many(stray.variants, 'line')} of no patient: {stray.fact}")
    if more := sum(stray.variants for stray in strays[_STRAYS:]):
        common.warn(f"{Path(str(maf)).name}: {_many(more, 'further line')} of no patient; --format json names each")
    items = sum(counts[use] for use in ("used", "context", "not understood"))
    common.warn(
        f"{Path(file).name}: {_many(counts['patients'], 'patient')}, {_many(items, 'item')}: {counts['used']} used, "
        f"{counts['context']} kept as context, {counts['not understood']} not understood; "
        f"{_many(counts['refused'], 'row')} refused"
    )
    return int(counts["refused"] > 0 or counts["not understood"] > 0 or not counts["patients"])


def _turtle(patients: Iterator[Imported | Refused], output: str | None) -> None:
    from posthma.intake.build import NOT_UNDERSTOOD, Imported
    from posthma.turtle import write_turtle

    folder = _folder(output)
    alike: Counter[str] = Counter()
    for found in patients:
        if not isinstance(found, Imported):
            continue
        for item in found.items:
            if item.use == NOT_UNDERSTOOD:
                alike[item.why] += 1
                if alike[item.why] <= _ALIKE:
                    common.warn(str(item))
        text = write_turtle(found.triples)
        if folder is None:
            common.write(text)
        else:
            _save(folder / f"{_file_name(found.patient)}.ttl", text)
    for why, number in alike.items():
        if number > _ALIKE:
            common.warn(f"{number - _ALIKE} more not understood: {why}; --format text names each")


def _folder(output: str | None) -> Path | None:
    from posthma.errors import UsageError

    if output is None:
        return None
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(output, f"cannot be made a folder: {error.strerror}", "choose another place") from error
    return folder


def _save(path: Path, text: str) -> None:
    from posthma.errors import UsageError

    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(str(path), "is there already", "name an empty folder; nothing was overwritten") from error
    except OSError as error:
        raise UsageError(str(path), f"cannot be written: {error.strerror}", "choose another place") from error


def _file_name(patient: str) -> str:
    """Return a name that every file system takes, different for different patients."""
    import hashlib
    from urllib.parse import quote

    name = quote(patient, safe="").replace(".", "%2E")
    if len(name) <= 120 and name == name.lower():
        return name  # a name with capitals could meet its twin where file names have no case
    return f"{name[:100]}-{hashlib.sha256(patient.encode()).hexdigest()[:8]}"


def _json(patients: Iterator[Imported | Refused], _: str | None) -> None:
    """Write an array, one patient at a time."""
    from posthma.intake.build import Imported
    from posthma.turtle import write_turtle

    before = "[\n"
    for found in patients:
        if isinstance(found, Imported):
            items = [{"place": i.place, "text": i.text, "use": i.use, "why": i.why} for i in found.items]
            value: dict[str, Any] = {
                "patient": found.patient,
                "counts": dict(found.counts),
                "items": items,
                "record": write_turtle(found.triples),
            }
        else:
            value = {"refused": {"place": found.place, "fact": found.fact}}
            if found.variants:
                value = {"variants_of_no_patient": {**value["refused"], "lines": found.variants}}
        common.write(before + json.dumps(value, ensure_ascii=False, indent=2))
        before = ",\n"
    common.write("[]\n" if before == "[\n" else "\n]\n")


def _text(patients: Iterator[Imported | Refused], _: str | None) -> None:
    from posthma.intake.build import Imported
    from posthma.report.layout import clean

    for found in patients:
        if not isinstance(found, Imported):
            continue
        counts = ", ".join(f"{number} {use}" for use, number in found.counts.items())
        common.write(f"{clean(found.patient)}: {len(found.items)} items: {counts}\n")
        for item in found.items:
            why = f"  ({clean(item.why)})" if item.why else ""
            common.write(f"  {item.use:14}  {clean(item.place)}: {clean(item.text)[:60]}{why}\n")
        common.write("\n")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
