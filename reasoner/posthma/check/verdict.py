"""What the checker says of a proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from posthma.check.terms import CONTRADICTION, Triple

ACCEPTED, REJECTED, UNCHECKED = "accepted", "rejected", "unchecked"


@dataclass(frozen=True)
class Finding:
    """One step that is not accepted.

    Attributes:
        step: Id of the step; 0 for the proof as a whole.
        outcome: ``rejected`` or ``unchecked``.
        expected: What would have been right.
        found: What the proof says.
    """

    step: int
    outcome: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"step {self.step}" if self.step else "proof"
        return f"{where} {self.outcome}: expected {self.expected}; found {self.found}"


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check.

    Attributes:
        claim: The triple that the proof claims; None when the proof has no readable goal.
        steps: Number of steps.
        findings: One for each thing wrong or unchecked, in the order of the steps.
        question: Triples of a question that the proof adds to the record.
    """

    claim: Triple | None
    steps: int
    findings: tuple[Finding, ...] = ()
    question: tuple[Triple, ...] = ()

    @property
    def outcome(self) -> str:
        """``rejected`` when any step is, else ``unchecked`` when any step is, else ``accepted``."""
        outcomes = {finding.outcome for finding in self.findings}
        return next((outcome for outcome in (REJECTED, UNCHECKED) if outcome in outcomes), ACCEPTED)

    @property
    def accepted(self) -> bool:
        """Whether every step was checked and is right."""
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain JSON data."""
        return {
            "verdict": self.outcome,
            "claim": list(self.claim) if self.claim else None,
            "steps": self.steps,
            "question": [list(triple) for triple in self.question],
            "findings": [
                {"step": f.step, "outcome": f.outcome, "expected": f.expected, "found": f.found} for f in self.findings
            ],
        }

    def to_text(self) -> str:
        """Return the verdict as lines for a person."""
        claim = "nothing readable" if self.claim is None else show(self.claim)
        lines = [f"{self.outcome}: {claim}", f"{self.steps} steps"]
        if self.question:
            lines.append("under a question that is not in the record:")
            lines += [f"  {show(triple)}" for triple in self.question]
        return "\n".join([*lines, *map(str, self.findings)])


def show(triple: Triple) -> str:
    """Write a triple for a message, each term cut to a readable length."""
    if triple == CONTRADICTION:
        return "a contradiction"
    return " ".join(term if len(term) <= 120 else f"{term[:117]}..." for term in triple)
