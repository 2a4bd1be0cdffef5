"""What a cohort comes to: counts that grow row by row, and their report as text.

The state is plain numbers and strings, so that the journal can hold it. It grows with the knowledge, not with the
patients.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from posthma.cohort.assess import Outcome
from posthma.cohort.rows import EACH

__all__ = ["Summary", "percent"]

WIDTH = 100
Counts = dict[str, int]


class Summary:
    """Counts over the patients of a cohort.

    Args:
        statuses: Statuses of options, in order.
        options: Labels of the options, in order.
        state: The counts of an interrupted run.
    """

    def __init__(self, statuses: Sequence[str], options: Sequence[str], state: Mapping[str, Any] | None = None) -> None:
        self.statuses, self.options = list(statuses), list(options)
        found = dict(state or {})
        self.patients: int = found.get("patients", 0)
        self.quarantined: int = found.get("quarantined", 0)
        self.contradictory: int = found.get("contradictory", 0)
        self.cells: int = found.get("cells", 0)
        self.reasons: Counts = found.get("reasons", {})
        self.gates: Counts = found.get("gates", {})
        self.kinds: Counts = found.get("kinds", {})
        self.certainties: Counts = found.get("certainties", {})
        self.scope: Counts = found.get("scope", {})
        self.missing: Counts = found.get("missing", {})
        self.each: list[list[int]] = found.get("each") or [[0] * len(self.statuses) for _ in self.options]
        self.mutated: Counts = found.get("mutated", {})
        self.tested: Counts = found.get("tested", {})
        self.by_mutation: dict[str, Counts] = found.get("by_mutation", {})

    @property
    def state(self) -> dict[str, Any]:
        """Everything counted, as plain values."""
        return {key: value for key, value in vars(self).items() if key not in ("statuses", "options")}

    def add(self, outcome: Outcome) -> None:
        """Count one patient."""
        self.cells += len(outcome.cells)
        row = outcome.row
        if row is None:
            self.quarantined += 1
            _one(self.reasons, f"{outcome.code} {_kind_of(outcome)}")
            return
        self.patients += 1
        self.contradictory += bool(row["contradictions"])
        _one(self.gates, row["gate"])
        if row["certainty"]:
            _one(self.certainties, row["certainty"])
        for kind in row["kind"]:
            _one(self.kinds, kind)
        if row["out_of_scope"]:
            _one(self.scope, row["out_of_scope"])
        for test in row["missing_tests"]:
            _one(self.missing, test)
        for number, status in enumerate(row[EACH]):
            self.each[number][status] += 1
        for gene in row["tested_genes"]:
            _one(self.tested, gene)
        for gene in row["mutations"]:
            _one(self.mutated, gene)
            for option in row["applicable"]:
                _one(self.by_mutation.setdefault(gene, {}), option)

    def totals(self) -> Counts:
        """Return how often each status was given."""
        return {status: sum(row[at] for row in self.each) for at, status in enumerate(self.statuses)}

    def ranked_options(self) -> list[tuple[str, Counts]]:
        """Return the options with the patients in each status, those that apply most often first."""
        rows = [(o, dict(zip(self.statuses, row, strict=True))) for o, row in zip(self.options, self.each, strict=True)]
        return sorted(rows, key=lambda item: ([-item[1][s] for s in self.statuses[:3]], item[0]))

    def text(self, heading: Sequence[str]) -> str:
        """Return the summary as text.

        Args:
            heading: Lines on what was run, such as input and knowledge.
        """
        lines = ["COHORT", *heading, ""]
        lines.append(
            f"{self.patients} assessed, {self.quarantined} quarantined, {self.contradictory} with contradictory facts"
        )
        lines += [f"{self.cells} cells not understood"] if self.cells else []
        lines += _block("Quarantined, by reason", self.reasons, self.quarantined)
        lines += _block("Out of scope", self.scope, self.patients)
        lines += _block("Failure of hypomethylating therapy", self.gates, self.patients)
        lines += _block("Kinds of failure (a patient may have several)", self.kinds, self.patients)
        lines += _block("Certainty", self.certainties, self.patients)
        lines += self._options_text()
        lines += _block("Missing data: examinations that would settle an option", self.missing, self.patients)
        lines += self._mutations_text()
        lines += ["", "For professionals: decision support, never a decision."]
        return "\n".join(lines) + "\n"

    def _options_text(self) -> list[str]:
        if not self.patients:
            return []
        lines = ["", "Options, patients in each status"]
        legend = "   ".join(f"{at}: {s}" for at, s in enumerate(self.statuses, 1))
        lines += textwrap.wrap(legend, WIDTH, initial_indent="  ", subsequent_indent="  ")
        lines.append(" " * 54 + "".join(f"{at:>7}" for at in range(1, len(self.statuses) + 1)))
        for option, counts in self.ranked_options():
            name = textwrap.shorten(option, 50, placeholder=" …")
            lines.append(f"  {name:52}" + "".join(f"{counts[s] or '.':>7}" for s in self.statuses))
        return lines

    def _mutations_text(self) -> list[str]:
        if not self.tested:
            return []
        lines = ["", "Options per mutation"]
        for gene in sorted(self.tested):
            many = self.mutated.get(gene, 0)
            lines.append(f"  {gene}: {many} mutated of {self.tested[gene]} tested")
            for option, number in _ranked(self.by_mutation.get(gene, {})):
                lines.append(f"    {number:>6}  {percent(number, many):>5}  {option}")
        return lines


def _one(counts: Counts, key: str) -> None:
    counts[key] = counts.get(key, 0) + 1


def _kind_of(outcome: Outcome) -> str:
    """Return what kind of trouble it was, without anything of the patient's own."""
    kinds = {
        "PH-200": "cannot be read", "PH-210": "broken syntax", "PH-220": "out of scope", "PH-230": "not a sound record",
        "PH-240": "a patient that stands there already", "PH-300": "past a limit", "PH-999": "a fault of posthma",
    }  # fmt: skip
    return kinds.get(outcome.code, "other")


def _ranked(counts: Counts) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def percent(number: int, whole: int) -> str:
    """Return a share as a reader wants it.

    >>> percent(1, 3), percent(1, 1000), percent(0, 0)
    ('33 %', '<1 %', '-')
    """
    if not whole:
        return "-"
    return "<1 %" if 0 < number * 100 < whole else f"{round(100 * number / whole)} %"


def _block(title: str, counts: Counts, whole: int) -> list[str]:
    if not counts:
        return []
    return ["", title, *(f"  {number:>8}  {percent(number, whole):>5}  {name}" for name, number in _ranked(counts))]
