"""How old a conclusion is: the latest date among the events of the record that its derivation rests on."""

from __future__ import annotations

from posthma.closed import Closure
from posthma.terms import Fact, Triple, literal_parts
from posthma.vocab import P

_DATES = (P.date, P.earliest, P.latest, P.endDate)


class Dates:
    """Dates of the conclusions of one closure; what one derivation needs is kept for the next.

    Args:
        closure: The closed record.
        situation: Token of the situation asked about, which names the events that are seen.
        until: Decision date, ISO form; a later date, such as the end of a line that still ran, does not count.
    """

    def __init__(self, closure: Closure, situation: str, until: str) -> None:
        self._closure, self._found = closure, dict[Fact, str]()
        self._of_event: dict[int, str] = {}
        for _, _, event in closure.match(situation, P.sees):
            days = [literal_parts(o)[0] for p in _DATES for _, _, o in closure.match(event, p)]
            number = closure.terms.find(event)
            if number is not None:
                self._of_event[number] = max((day for day in days if day <= until), default="")

    def latest(self, triple: Triple) -> str:
        """Return the latest date that a conclusion rests on, or an empty string when it rests on none."""
        fact = self._closure.find(triple)
        if fact is None or fact not in self._closure.store:
            return ""
        derivations, found = self._closure.store.derivations, self._found
        agenda = [(fact, False)]
        while agenda:
            current, ready = agenda.pop()
            if current in found:
                continue
            derivation = derivations.get(current)
            if derivation is None:
                found[current] = self._of_event.get(current[0], "") if current in derivations else ""
            elif ready:
                found[current] = max((found.get(premise, "") for premise in derivation[1]), default="")
            else:
                agenda.append((current, True))
                agenda += [(premise, False) for premise in derivation[1] if premise not in found]
        return found[fact]
