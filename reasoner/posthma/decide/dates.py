"""How old a conclusion is: the latest date among the events of the record that any of its derivations rests on."""

from __future__ import annotations

from posthma.closed import Closure
from posthma.store import Derivation
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
    neither on names nor on the order of rules. That a situation sees an event is dated by that event alone.

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
        self._frame = {closure.terms.find(predicate) for predicate in _FRAME}

    def latest(self, triple: Triple) -> str:
        """Return the latest date that a conclusion rests on, or an empty string when it rests on none."""
        fact = self._closure.find(triple)
        if fact is None or fact not in self._closure.store:
            return ""
        if fact not in self._found:
            self._settle(fact)
        return self._found[fact]

    def _settle(self, goal: Fact) -> None:
        """Date a fact and all that it rests on: premises first, again while facts that rest on each other get later."""
        found, order = self._found, list[tuple[Fact, list[Fact]]]()
        agenda: list[tuple[Fact, list[Fact] | None]] = [(goal, None)]
        seen, circular = {goal}, False
        while agenda:
            fact, premises = agenda.pop()
            if premises is not None:
                circular = circular or not all(premise in found for premise in premises)
                found[fact] = max((found.get(premise, "") for premise in premises), default="")
                order.append((fact, premises))
                continue
            premises = self._premises(fact)
            if premises is None:
                continue
            agenda.append((fact, premises))
            for premise in premises:
                if premise not in seen and premise not in found:
                    seen.add(premise)
                    agenda.append((premise, None))
        while circular:
            circular = False
            for fact, premises in order:
                latest = max((found[premise] for premise in premises), default="")
                if latest > found[fact]:
                    found[fact], circular = latest, True

    def _premises(self, fact: Fact) -> list[Fact] | None:
        """Return what a fact rests on; None for one that is dated by itself."""
        subject, predicate, _ = fact
        store = self._closure.store
        derivation = store.derivations.get(fact)
        if predicate == self._seen:
            self._found[fact] = self._day(fact[2])
        elif predicate in self._frame:
            self._found[fact] = ""
        elif derivation is None:
            self._found[fact] = self._day(subject) if fact in store.derivations else ""
        else:
            others = store.alternatives.get(fact, ()) if store.alternatives is not None else ()
            further = (premise for other in others if not self._back(other) for premise in other[1])
            return [*derivation[1], *further]
        return None

    def _back(self, derivation: Derivation) -> bool:
        """Whether a derivation only leads back: from a criterion to a part from which it was concluded."""
        rule, premises = derivation
        if rule.id not in _TO_PARTS:
            return False
        kept = self._closure.store.derivations.get(premises[0])
        return kept is not None and kept[0].id == _FROM_PARTS

    def _day(self, event: int) -> str:
        """Return the latest date of an event up to the decision, or an empty string when it has none."""
        day = self._of_event.get(event)
        if day is None:
            closure, name = self._closure, self._closure.terms.name(event)
            days = (literal_parts(o)[0] for p in _DATES for _, _, o in closure.match(name, p))
            day = self._of_event[event] = max((day for day in days if day <= self._until), default="")
        return day
