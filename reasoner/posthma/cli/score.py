"""``posthma score``: prognostic scores of the patients of a table."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable

import click

from posthma.cli import common


@common.verb("score")
@click.argument("file", metavar="FILE", type=common.File())
@click.option(
    "--score",
    "schemes",
    multiple=True,
    type=click.Choice(["ipss", "ipss-r", "ipss-ra", "ipss-m", "post-hma"]),
    help="Only this score; may be repeated. Default: all but post-hma.",
)
@common.form("text", "json", "csv")
def command(file: str, schemes: tuple[str, ...], form: str) -> int:
    """Compute IPSS, IPSS-R, its age adjustment and IPSS-M for the patients of a table.

    FILE is CSV, TSV, JSON, NDJSON, YAML or XLSX with one patient a row. Columns, upper or lower case; all optional:

    \b
      ID                     name of the patient
      HB, PLT, ANC           g/dL, 10^9/L, 10^9/L
      BM_BLAST, AGE          marrow blasts %, years
      KARYOTYPE, SEX         ISCN; sex tells what 45,X lacks
      CYTO_IPSSR, CYTO_IPSS  cytogenetic group
      del5q, del7_7q         1, 0 or NA
      del17_17p, complex     1, 0 or NA
      TP53mut                0, 1 or '2 or more'
      TP53maxvaf, TP53loh    fraction of 1; 1, 0 or NA
      MLL_PTD, FLT3, ...     a gene of IPSS-M: 1, 0 or NA
      ECOG,                  for --score post-hma, which
      transfusion_dependent  lists its inputs and no number

    The karyotype fills in groups and lesions that have no column.

    A value may carry its own unit or bound ("95 g/L", "< 5"). What is missing is named and never counted as zero:
    IPSS-M gives best, mean and worst case, the others a span. Ends with 1 when a cell could not be used; the rest of
    the table is computed all the same. These scores describe untreated disease.

    \b
    Example:
      posthma score tests/scores/one-patient.csv --score ipss-m
    """
    from posthma.intake.rows import read_rows
    from posthma.intake.score_rows import Patient, score_row

    wanted = schemes or ("ipss", "ipss-r", "ipss-ra", "ipss-m")
    faulty = False
    seen: set[str] = set()
    unused: tuple[str, ...] | None = None

    def patients() -> Iterable[Patient]:
        nonlocal faulty, unused
        for row in read_rows(file):
            patient = score_row(row, wanted)
            if unused is None and patient.unused:
                unused = patient.unused
                common.warn(f"{file}: no score uses the columns {', '.join(unused)}")
            if patient.id in seen:
                common.warn(f"{patient.place}: the patient {patient.id} stands there more than once; both are computed")
                faulty = True
            seen.add(patient.id)
            for message in patient.messages:
                common.warn(str(message))
            faulty = faulty or patient.faulty
            yield patient

    writer = {"text": _text, "json": _json, "csv": _csv}[form]
    writer(patients())
    if not seen:
        common.warn(f"{file}: no patient in it")
    return int(faulty or not seen)


def _text(patients: Iterable) -> None:  # type: ignore[type-arg]
    for patient in patients:
        common.write(f"{patient.id}\n")
        for score in patient.scores.values():
            common.write("".join(f"  {line}\n" for line in _lines(score)))
        common.write("\n")


def _lines(score) -> list[str]:  # type: ignore[no-untyped-def]
    from posthma.intake.values import plain

    if score.scenarios:
        cases = ", ".join(f"{name} {plain(s.value)} {s.category}" for name, s in score.scenarios.items())
        lines = [f"{score.scheme}: {plain(score.value)} {score.category} ({cases})"]
    elif score.value is not None:
        lines = [f"{score.scheme}: {plain(score.value)} {score.category}"]
    elif score.lowest is not None:
        span = f"{plain(score.lowest)} to {plain(score.highest)}"
        lines = [f"{score.scheme}: {span}, {score.category or ' or '.join(score.categories)}; {score.reason}"]
    else:
        lines = [f"{score.scheme}: not computed; {score.reason}"]
    shown = [part for part in score.contributions if not score.scenarios or part.given not in ("0", "missing")]
    for part in shown:
        points = "" if part.points is None and part.lowest == part.highest else _points(part)
        lines.append(f"  {part.name}: {part.given}{points}")
    if score.missing:
        lines.append(f"  missing: {', '.join(score.missing)}")
    return lines + [f"  note: {note}" for note in score.notes]


def _points(part) -> str:  # type: ignore[no-untyped-def]
    from posthma.intake.values import plain

    if part.points is not None:
        return f" ({plain(part.points)})"
    return f" ({plain(part.lowest)} to {plain(part.highest)})"


def _json(patients: Iterable) -> None:  # type: ignore[type-arg]
    rows = [
        {
            "id": patient.id,
            "place": patient.place,
            "scores": {name: score.as_dict() for name, score in patient.scores.items()},
            "messages": [str(message) for message in patient.messages],
        }
        for patient in patients
    ]
    common.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


def _csv(patients: Iterable) -> None:  # type: ignore[type-arg]
    from posthma.intake.values import plain

    head = ["id", "score", "value", "category", "lowest", "highest", "possible_categories", "missing", "reason"]
    common.write(_line(head))
    for patient in patients:
        for name, score in patient.scores.items():
            numbers = ["" if n is None else plain(n) for n in (score.value, score.lowest, score.highest)]
            parts = [patient.id, name, numbers[0], score.category or "", *numbers[1:], "; ".join(score.categories),
                     "; ".join(score.missing), score.reason]  # fmt: skip
            common.write(_line(parts))


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9.]{1,40}")


def _line(parts: list[str]) -> str:
    buffer = io.StringIO()
    # A cell that begins like a formula is quoted with an apostrophe, so that no spreadsheet runs it.
    safe = ["'" + part if part.startswith(_FORMULA) and not _NUMBER.fullmatch(part) else part for part in parts]
    csv.writer(buffer, lineterminator="\n").writerow(safe)
    return buffer.getvalue()
