"""What conclusions come to in one closure: whether anything may be recommended, by which situation, with what status.

An outlook holds nothing of the ledger, so that hundreds can be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posthma.closed import Closure
from posthma.decide.answer import Contradiction, CriterionNode, Value
from posthma.decide.contradictions import FAILURE_PARTS, about_failure, contradictions
from posthma.decide.criteria import Judge
from posthma.decide.failure import first_met
from posthma.decide.guidance import Guidance, remembered
from posthma.vocab import KB, P

if TYPE_CHECKING:
    from posthma.decide.dates import Dates
    from posthma.intake.rdf import Record
    from posthma.question import Asked

STATUS_OF = {"met": P.statusWhenMet, "not met": P.statusWhenNotMet, "unknown": P.statusWhenUnknown}


@dataclass
class Outlook:
    """What conclusions come to in one closure.

    Attributes:
        closure: The closure.
        whole: Values in the situation.
        fresh: Values in its fresh twin; the same when there is none.
        scope: Why the patient is out of scope; empty when in scope.
        contradictions: What the record says and cannot.
        unsettling: Those of them that leave the verdict on failure unsettled.
        withheld: Why nothing is recommended; empty when something may be.
        statuses: Option -> label of its status; empty when nothing is recommended.
    """

    closure: Closure
    guidance: Guidance
    whole: Judge
    fresh: Judge
    scope: str = ""
    contradictions: tuple[Contradiction, ...] = ()
    unsettling: tuple[Contradiction, ...] = ()
    withheld: str = ""
    statuses: dict[str, str] = field(default_factory=dict)

    def judge(self, option: str) -> Judge:
        """Return the judge by whose situation an option is judged."""
        return self.fresh if _standing(self.guidance, option)[0] else self.whole

    def status(self, option: str) -> str:
        """Return the label of an option's status: the entry of its stance for the value of its population."""
        fresh, population, statuses = _standing(self.guidance, option)
        return statuses[(self.fresh if fresh else self.whole).value(population)]

    def tree(self, option: str) -> CriterionNode:
        """Return the criteria of an option with their values."""
        return self.judge(option).node(self.guidance.one(option, P.forPopulation))

    def failure(self) -> dict[str, Value]:
        """Return the values of the classes by which an answer tells failure."""
        shown = (c for part in FAILURE_PARTS for c in self.guidance.shown.get(part, ()))
        return {cls: self.whole.value(cls) for cls in shown}


@remembered
def _standing(guidance: Guidance, option: str) -> tuple[bool, str, dict[str, str]]:
    """Return whether an option demands fresh findings, its population, and the label of its status by value."""
    stance = guidance.one(option, P.stance)
    return (
        guidance.text(option, P.requiresFreshFindings) == "true", guidance.one(option, P.forPopulation),
        {value: guidance.label(guidance.one(stance, status)) for value, status in STATUS_OF.items()},
    )  # fmt: skip


def look(closure: Closure, guidance: Guidance, asked: Asked, record: Record, dates: Dates | None = None) -> Outlook:
    """Return the outlook of a question's closure.

    Args:
        closure: The record closed with the question.
        guidance: What the knowledge offers.
        asked: The question.
        record: Tells where facts stand.
        dates: Tells how old findings are; without it no finding is dated.
    """
    question = asked.question
    twin = next((s for s, _, _ in closure.match(None, P.freshOf, question)), question)
    whole = Judge(closure, guidance, question, question, dates)
    found = Outlook(closure, guidance, whole, Judge(closure, guidance, twin, question, dates))
    scope = first_met(guidance, whole, KB.partOutOfScope)
    found.scope = guidance.label(scope) if scope else ""
    clashes = contradictions(closure, guidance, record)
    found.contradictions = tuple(clashes)
    found.unsettling = about_failure(closure, guidance, question, clashes) if clashes else ()
    first = next((c for c in found.contradictions if c.withholds), None)
    clash = f"the record contradicts itself: {first.text} ({', '.join(first.places)})" if first else ""
    found.withheld = found.scope or clash
    if not found.withheld:
        found.statuses = {option: found.status(option) for option in guidance.options}
    return found
