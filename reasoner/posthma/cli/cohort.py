"""``posthma cohort``: many patients at once."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from posthma.cli import common


@common.verb("cohort")
@click.argument("given", metavar="INPUT", type=common.File(folder=True))
@click.option("-o", "--output", metavar="OUT", required=True, type=click.Path(), help="Folder for what is written.")
@common.form("csv", "ndjson", "parquet")
@click.option("--columns", metavar="FILE.yaml", type=common.File(), help="What the columns of a table mean.")
@click.option("--maf", metavar="FILE.maf", type=common.File(), help="Variants, by Tumor_Sample_Barcode.")
@click.option(
    "--lines-complete", is_flag=True, help="Phenopackets, FHIR: every line of a hypomethylating agent is in the input."
)
@common.asking
@click.option("--fresh", is_flag=True, help="Begin anew: throw away what an earlier run wrote into OUT.")
@click.option("--workers", type=click.IntRange(0, 512), help="Processes; 0 works in this one. Default: one a core.")
@click.option("--progress/--no-progress", default=None, help="Show progress. Default: on a terminal.")
def command(
    given: str,
    output: str,
    form: str,
    columns: str | None,
    maf: str | None,
    lines_complete: bool,
    asked: common.Asked,
    fresh: bool,
    workers: int | None,
    progress: bool | None,
) -> int:
    """Assess every patient of a cohort, one row each.

    INPUT is a folder, mixed as it may be, or a file: records (Turtle, N-Triples, JSON-LD), FHIR R4 (bundles, bulk
    NDJSON with the resources of a patient in several files), Phenopackets, NDJSON with one of these or a flat row a
    line, tables (CSV, TSV, XLSX, Parquet; cBioPortal text). See 'posthma import', which says what is read of each. OUT
    gets

    \b
      patients.csv        id, failure, options by status, applicable options, missing tests, contradictions
      quarantine.csv      patients that could not be assessed, with place, reason and remedy
      not-understood.csv  cells and elements that could not be used
      summary.txt, .html  failure types, option statuses, missing data, options per mutation

    --choose holds for every patient; which other choice would change an answer is told by posthma recommend.
    A run that was interrupted goes on when the same command is given again. Standard output shows the summary. Ends
    with 1 when a patient was quarantined, or a cell or element was not understood.

    \b
    Example:
      posthma cohort kb/cases -o build/cohort --fresh
    """
    from posthma.cohort import Input, Settings, run_cohort
    from posthma.intake.columns import Columns, read_columns

    path = Path(given)
    meaning = read_columns(columns) if columns else Columns()
    question = asked.question()
    settings = Settings(
        meaning, question["at"], question["jurisdiction"], common.date(asked.as_of, "--as-of"), asked.without_source,
        lines_complete, question["choices"],
    )  # fmt: skip
    shown = _Line() if progress or (progress is None and sys.stderr.isatty()) else None
    try:
        source = Input(path, meaning, Path(maf) if maf else None)
        result = run_cohort(
            source, Path(output), settings, form=form, fresh=fresh, workers=workers, progress=shown
        )  # fmt: skip
    except KeyboardInterrupt:
        common.warn(f"\n{output}: interrupted; the same command goes on from here")
        raise
    finally:
        if shown:
            shown.end()
    if result.resumed:
        common.warn(f"{output}: {result.resumed} patients had been done before")
    common.write(result.summary.text(result.heading))
    if result.summary.quarantined:
        common.warn(f"{result.files[1]}: {result.summary.quarantined} quarantined, each with place and reason")
    if result.summary.cells:
        common.warn(f"{result.files[2]}: {result.summary.cells} cells or elements not understood, each with its place")
    return int(result.summary.quarantined > 0 or result.summary.cells > 0 or not result.summary.patients)


class _Line:
    """One line of progress that is written over: done, rate, time left."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.last = 0.0
        self.width = 0
        self.state: tuple[int, int, int | None, int] | None = None

    def __call__(self, done: int, before: int, total: int | None, quarantined: int) -> None:
        self.state = (done, before, total, quarantined)
        now = time.monotonic()
        if now - self.last >= 0.5:
            self.last = now
            self._show(now)

    def _show(self, now: float) -> None:
        assert self.state is not None
        done, before, total, quarantined = self.state
        rate = (done - before) / max(now - self.begun, 0.001)
        text = f"{done:,}" + (f" of {total:,}" if total else "") + f" patients, {rate:.{0 if rate >= 10 else 1}f}/s"
        if total and rate:
            text += f", {_clock(max(0, total - done) / rate)} left"
        text += f", {quarantined:,} quarantined" if quarantined else ""
        sys.stderr.write("\r" + text.ljust(self.width))
        sys.stderr.flush()
        self.width = len(text)

    def end(self) -> None:
        """Show the last state and end the line."""
        if self.state is not None:
            self._show(time.monotonic())
            sys.stderr.write("\n")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
