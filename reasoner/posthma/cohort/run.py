"""A cohort from input to summary: read, assess on all cores, write down, go on where it was interrupted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from posthma.cohort.assess import Outcome, Settings
from posthma.cohort.journal import Journal, clear
from posthma.cohort.output import FORMS, Parts, Table
from posthma.cohort.page import page
from posthma.cohort.pool import outcomes
from posthma.cohort.rows import EACH, LISTS, Rows
from posthma.cohort.summary import Summary
from posthma.cohort.units import Input
from posthma.engine import load
from posthma.intake.names import name_of

__all__ = ["Progress", "Result", "run_cohort"]

PART = 500
"""So many patients a part of the output; at most these are done again after an interruption."""
SECONDS = 10.0
"""A part is written after so many seconds however few patients it holds."""

WRITTEN = (
    "quarantine.csv",
    "not-understood.csv",
    "summary.txt",
    "summary.html",
    *(f"patients.{form}" for form in FORMS),
)
"""Every file that a run may write beside its journal."""

Progress = Callable[[int, int, int | None, int], None]
"""Called with the units done, those of an earlier run among them, about how many there are, and the quarantined."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to.

    Attributes:
        summary: The counts.
        heading: What was run.
        files: What was written.
        resumed: Units that an earlier run had done.
    """

    summary: Summary
    heading: tuple[str, ...]
    files: tuple[Path, ...]
    resumed: int


def run_cohort(
    given: Input,
    output: Path,
    settings: Settings,
    *,
    form: str = "csv",
    fresh: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Assess every patient of an input.

    Args:
        given: The input.
        output: A new folder, or that of a run that was interrupted.
        settings: What is asked.
        form: ``csv``, ``ndjson`` or ``parquet``.
        fresh: Throw away what an earlier run wrote into the folder.
        workers: Processes; as many as there are cores when None.
        progress: Told how far the run has come.

    Raises:
        PosthmaError: The input as a whole cannot be read, or the folder holds something else.
    """
    kb = load(as_of=settings.as_of, without_source=settings.without_source)
    kb.chosen(settings.choices)  # an unknown name ends the run before it begins
    _ = kb.program  # compiled once, here; the workers find it in the cache
    rows = Rows(kb)
    asked = {key: value for key, value in asdict(settings).items() if key != "columns"}
    header = {"input": given.fingerprint(), "knowledge": kb.knowledge.sha256, "form": form, "options": asked}
    if fresh:
        clear(output, WRITTEN)
    journal = Journal(output, header)
    try:
        run = _Run(given, output, journal, rows, form)
        run.chosen = settings.choices or {}
        if not journal.state["finished"]:
            run.go(settings, _cores() if workers is None else workers, progress)
        return run.result()
    finally:
        journal.close()


def _cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


class _Run:
    def __init__(self, given: Input, output: Path, journal: Journal, rows: Rows, form: str) -> None:
        self.given, self.output, self.journal, self.rows, self.form = given, output, journal, rows, form
        self.chosen: dict[str, str] = {}
        self.done: int = journal.state["units"]
        self.resumed = self.done
        self.part: int = journal.state["parts"]
        self.summary = Summary(list(rows.statuses), rows.options, journal.state.get("summary"))

    def go(self, settings: Settings, workers: int, progress: Progress | None) -> None:
        """Assess what is left and write the summary."""
        parts = Parts(self.journal.folder / "parts", self.rows.columns, LISTS, self.form)
        sizes = self.journal.state["sizes"]
        head = ["patient", "place", "code", "reason", "remedy"]
        quarantine = Table(self.output / "quarantine.csv", head, sizes.get("quarantine", 0))
        cells = Table(self.output / "not-understood.csv", ["patient", "place", "reason"], sizes.get("cells", 0))
        total = self.given.count() if progress else None
        units = islice(iter(self.given), self.done, None)
        waiting: list[dict[str, Any]] = []
        begun = time.monotonic()

        def note() -> None:
            nonlocal begun
            if waiting:
                parts.write(self.part, waiting)
                self.part += 1
            sizes = {"quarantine": quarantine.force(), "cells": cells.force()}
            self.journal.note(units=self.done, parts=self.part, sizes=sizes, summary=self.summary.state)
            waiting.clear()
            begun = time.monotonic()

        try:
            for outcome in self._unique(outcomes(units, settings, workers)):
                self.summary.add(outcome)
                if outcome.row is None:
                    quarantine.add([outcome.patient, outcome.place, outcome.code, outcome.fact, outcome.remedy])
                else:
                    waiting.append({key: value for key, value in outcome.row.items() if key != EACH})
                for place, why in outcome.cells:
                    cells.add([outcome.patient, place, why])
                self.done = outcome.number + outcome.last  # a unit of several patients is done with its last
                if progress is not None:
                    progress(self.done, self.resumed, total, self.summary.quarantined)
                if outcome.last and (len(waiting) >= PART or time.monotonic() - begun > SECONDS):
                    note()
            note()
        finally:
            quarantine.close()
            cells.close()
        parts.join(self.part, self.output / f"patients.{self.form}")
        heading = self.heading()
        (self.output / "summary.txt").write_text(self.summary.text(heading), encoding="utf-8")
        (self.output / "summary.html").write_text(page(self.summary, heading), encoding="utf-8")
        self.journal.finish()

    def _unique(self, found: Iterator[Outcome]) -> Iterator[Outcome]:
        """Give each patient one row: a further sample gets a name of its own, a patient that came before is refused."""
        for outcome in found:
            if outcome.row is None:
                yield outcome
                continue
            place = partial(self.journal.first_place, unit=outcome.number, place=outcome.place)
            name, first = name_of(outcome.patient, outcome.sample, place)
            if first:
                fact = f"the patient stands already at {first}"
                remedy = "give each patient, or each sample of one, a row"
                yield replace(outcome, row=None, code="PH-240", fact=fact, remedy=remedy)
            else:
                yield replace(outcome, patient=name, row={**outcome.row, "patient": name})

    def heading(self) -> tuple[str, ...]:
        """Return lines on what was run."""
        knowledge = self.rows.kb.knowledge
        version = f"Knowledge: version {knowledge.version}, sha256 {knowledge.sha256[:16]}"
        lines = [f"Input: {self.given.path.name}", version]
        if knowledge.as_of or knowledge.without_source:
            said = [f"as of {knowledge.as_of}"] if knowledge.as_of else []
            said += [f"without {knowledge.without_source}"] if knowledge.without_source else []
            lines.append(f"Sources: {', '.join(said)}")
        if self.chosen:
            lines.append(f"Chosen: {', '.join(f'{name}={value}' for name, value in sorted(self.chosen.items()))}")
        if left_out := self.given.left_out:
            lines.append(f"Left out: {'; '.join(left_out)}")
        return tuple(lines)

    def result(self) -> Result:
        """Return what the run came to."""
        names = (f"patients.{self.form}", "quarantine.csv", "not-understood.csv", "summary.txt", "summary.html")
        return Result(self.summary, self.heading(), tuple(self.output / name for name in names), self.resumed)
