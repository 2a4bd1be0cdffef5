"""How old a conclusion is: the latest date among the events of the record that any of its derivations rests on."""

from __future__ import annotations

from posthma.closed import Closure
from posthma.terms import Fact, Triple, literal_parts
from posthma.vocab import P

_DATES = (P.date, P.earliest, P.latest, P.endDate)
_FRAME = (P.asOfDay, P.freshOf, P.takes)
"""What a situation is; the line from whose end a fresh one counts dates no finding."""

_TO_PARTS, _FROM_PARTS = ("cls-int2", "cax-sco"), "cls-int1"
"""Rules that lead from a criterion back to its parts, and the one by which it was concluded from them."""


class Dates:
    """Dates of the conclusions of one closure; what one conclusion needs is kept for the next.

    A conclusion can follow in several ways, and its date is that of the latest event in any of them, so that it hangs
    neither on names nor on the order of rules; what leads from a criterion back to the parts from which it was
    concluded is no way. That a situation sees an event is dated by that event alone.

    Args:
        closure: The closed record, with all derivations; with one a fact, the date is that of the one kept.
        question: Token of the question; its own date dates nothing.
        until: Decision date, ISO form; a later date, such as the end of a line that still ran, does not count.
    """

    def __init__(self, closure: Closure, question: str, until: str) -> None:
        self._closure, self._until = closure, until
        self._found: dict[Fact, str] = {}
        self._of_event: dict[int | None, str] = {closure.terms.find(question): ""}
        self._seen = closure.terms.find(P.sees)
        self._dates = [p for p in map(closure.terms.find, _DATES) if p is not None]
        self._frame = {closure.terms.find(predicate) for predicate in _FRAME}

    def latest(self, triple: Triple) -> str:
        """Return the latest date that a conclusion rests on, or an empty string when it rests on none."""
        fact = self._closure.find(triple)
        if fact is None or fact not in self._closure.store.derivations:
            return ""
        if fact not in self._found:
            self._settle(fact)
        return self._found[fact]

    def _settle(self, goal: Fact) -> None:
        """Date a fact and all that it rests on: premises first, again while facts that rest on each other get later."""
        found, order, seen, circular = self._found, list[tuple[Fact, list[Fact]]](), {goal}, False
        agenda: list[tuple[Fact, list[Fact] | None]] = [(goal, None)]
        while agenda:
            fact, premises = agenda.pop()
            if premises is None:
                premises = self._premises(fact)
                if premises:
                    agenda.append((fact, premises))
                    for premise in premises:
                        if premise not in found and premise not in seen:
                            seen.add(premise)
                            agenda.append((premise, None))
                continue
            latest = ""
            for premise in premises:
                day = found.get(premise)
                if day is None:
                    circular = True
                elif day > latest:
                    latest = day
            found[fact] = latest
            order.append((fact, premises))
        while circular:
            circular = False
            for fact, premises in order:
                latest = max(found[premise] for premise in premises)
                if latest > found[fact]:
                    found[fact], circular = latest, True

    def _premises(self, fact: Fact) -> list[Fact]:
        """Return the facts about the record that a fact rests on; none where it is dated at once."""
        subject, predicate, thing = fact
        known, others = self._closure.store.derivations, self._closure.store.alternatives
        derivation = known[fact]
        premises: list[Fact] = []
        if predicate == self._seen:
            self._found[fact] = self._day(thing)
        elif derivation is None:
            self._found[fact] = self._day(subject)
        elif predicate not in self._frame:
            premises = [premise for premise in derivation[1] if premise in known]
            for rule, further in others.get(fact, ()) if others else ():
                concluded = known.get(further[0]) if rule.id in _TO_PARTS else None
                if concluded is None or concluded[0].id != _FROM_PARTS:
                    premises += [premise for premise in further if premise in known]
        if not premises:
            self._found.setdefault(fact, "")
        return premises

    def _day(self, event: int) -> str:
        """Return the latest date of an event up to the decision, or an empty string when it has none."""
        day = self._of_event.get(event)
        if day is None:
            name, objects = self._closure.terms.name, self._closure.store.objects
            days = [literal_parts(name(o))[0] for p in self._dates for o in objects(p, event)]
            day = self._of_event[event] = max((day for day in days if day <= self._until), default="")
        return day
