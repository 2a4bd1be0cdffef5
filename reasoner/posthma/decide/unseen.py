"""Events that an answer leaves out because they may have happened after its date: which, where, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthma.closed import Closure
from posthma.decide.answer import Claim
from posthma.decide.ledger import by_line
from posthma.terms import literal_parts
from posthma.vocab import P

if TYPE_CHECKING:
    from posthma.intake.rdf import Record
    from posthma.question import Asked


def unseen(closure: Closure, asked: Asked, record: Record) -> tuple[Claim, ...]:
    """Return the events and cycles of a record whose range of days holds days before and after the decision date.

    A situation sees what certainly happened by its date (R-TIME-007), so that these count for nothing.
    """
    found: list[tuple[tuple[str, int, str], Claim]] = []
    events = list(closure.objects(asked.patient, P.event))
    for event in (*events, *(cycle for line in events for cycle in closure.objects(line, P.cycle))):
        for latest in closure.objects(event, P.latest):
            ends, last = (event, P.latest, latest), literal_parts(latest)[0]
            first = next((literal_parts(day)[0] for day in closure.objects(event, P.earliest)), "")
            if first <= asked.date < last:
                place = record.place(ends)
                text = (
                    f"{closure.sources.label(event)}, {first} to {last}, may have come after {asked.date} and is left "
                    f"out ({place}); it counts once its p:latest is {asked.date} or before, or the question is of "
                    f"{last} or later"
                )
                found.append((by_line(place), Claim(text, ends)))
    return tuple(claim for _, claim in sorted(found, key=lambda item: (item[0], item[1].text)))
