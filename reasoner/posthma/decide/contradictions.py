"""What a record cannot say at once, and tests that disagree: which facts, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from posthma.closed import Closure
from posthma.closed import Contradiction as Clash
from posthma.decide.answer import Claim, Contradiction
from posthma.decide.guidance import Guidance
from posthma.decide.ledger import TELLING, by_line
from posthma.terms import Triple, literal_parts
from posthma.vocab import KB, P

if TYPE_CHECKING:
    from posthma.intake.rdf import Record
    from posthma.proof import Proof

FAILURE_PARTS = (KB.partGate, KB.partKind, KB.partRemark, KB.partCertainty)
"""The parts of an answer that tell failure."""
_DATES = (P.date, P.earliest, P.latest)
_OF_ONE_EVENT = (P.found, P.notFound, P.response)
"""Facts that clash although both conclusions rest on both of them."""


def contradictions(closure: Closure, guidance: Guidance, record: Record) -> dict[Contradiction, tuple[Triple, ...]]:
    """Return the contradictions of a closed record, each by the record facts that clash, once for the same facts.

    A rule that finds a contradiction names two conclusions; what clashes in the record are the facts on which one of
    them rests and the other does not. Nothing may be recommended for a situation that one touches. Beside each stands
    every conclusion that those facts make clash.
    """
    found: dict[tuple[Triple, ...], Contradiction] = {}
    conclusions: dict[tuple[Triple, ...], tuple[Triple, ...]] = {}
    for clash in closure.contradictions:
        facts = tuple(sorted(_clashing(closure, clash), key=lambda fact: (by_line(record.place(fact)), fact)))
        conclusions[facts] = (*conclusions.get(facts, ()), *clash.premises)
        if facts in found:
            continue
        told = " and ".join(_said(closure, guidance, fact) for fact in facts)
        text = f"{told} contradict each other" if len(facts) > 1 else clash.says
        places = tuple(record.place(fact) for fact in facts)
        found[facts] = Contradiction(text, clash.rule, places, premises=clash.premises)
    return {contradiction: conclusions[facts] for facts, contradiction in found.items()}


def about_failure(
    closure: Closure, guidance: Guidance, situation: str, found: dict[Contradiction, tuple[Triple, ...]]
) -> tuple[Contradiction, ...]:
    """Return those contradictions that leave the verdict on failure unsettled: about a line, or about the verdict."""
    views = {view for _, _, view in closure.match(situation, P.view)}
    shown = {c for part in FAILURE_PARTS for c in guidance.shown.get(part, ())}
    return tuple(
        contradiction
        for contradiction, conclusions in found.items()
        if any(s in views or (s == situation and o in shown) for s, _, o in conclusions)
    )


def _clashing(closure: Closure, clash: Clash) -> list[Triple]:
    """Return the record facts that clash."""
    leaves = [_leaves(closure, premise) for premise in clash.premises]
    shared = set.intersection(*map(set, leaves)) if leaves else set()
    own = [[leaf for leaf in one if leaf not in shared and leaf[1] in TELLING] for one in leaves]
    every = list(dict.fromkeys(leaf for one in leaves for leaf in one))
    if sum(map(bool, own)) > 1:
        return list(dict.fromkeys(leaf for one in own for leaf in one))
    return (
        [leaf for leaf in every if leaf[1] in _OF_ONE_EVENT] or [leaf for leaf in every if leaf[1] in TELLING] or every
    )


def _leaves(closure: Closure, premise: Triple) -> list[Triple]:
    return [step.triple for step in cast("Proof", closure.proof(premise)).leaves() if step.kind == "record"]


def _said(closure: Closure, guidance: Guidance, fact: Triple) -> str:
    """Return a record fact in words, with the date of its event and the line that it speaks of."""
    event, predicate, value = fact
    what = literal_parts(value)[0] if value.startswith('"') else guidance.label(value)
    words = [guidance.label(predicate), what]
    for _, _, line in closure.match(event, P.ofLine):
        words.append(f"of {closure.sources.label(line)}")
    dates = [literal_parts(o)[0] for date in _DATES for _, _, o in closure.match(event, date)]
    return " ".join([*words, *([f"on {' to '.join(dates)}"] if dates else [])])


def discordances(closure: Closure, guidance: Guidance, situation: str, record: Record) -> tuple[Claim, ...]:
    """Return what a test missed that another of its day found; the positive result stands."""
    found: dict[tuple[str, str], Claim] = {}
    for result, _, missed in sorted(closure.match(None, P.discordantWith)):
        if (result, P.ofSituation, situation) not in closure:
            continue
        for _, _, target in closure.match(result, P.target):
            positive = sorted(
                t for _, _, t in closure.match(result, P.byTest) if (result, P.discordantWith, t) not in closure
            )
            names = " and ".join(_test(closure, guidance, test, record) for test in positive)
            text = (
                f"{guidance.label(target)} was found by {names} and not found by "
                f"{_test(closure, guidance, missed, record)} of the same day; the positive result stands"
            )
            found[(target, missed)] = Claim(text, (result, P.discordantWith, missed))
    return tuple(found.values())


def contested(closure: Closure, guidance: Guidance, situation: str, record: Record) -> tuple[Claim, ...]:
    """Return the limits on both sides of which current values of one day lie, so that none of them counts."""
    found: dict[str, list[Triple]] = {}
    for _, _, event in closure.match(situation, P.current):
        for triple in closure.match(event, P.contested):
            found.setdefault(triple[2], []).append(triple)
    claims = []
    for limit, triples in sorted(found.items()):
        values = [fact for event, _, _ in triples for fact in closure.match(event, P.analyte)]
        places = ", ".join(sorted(map(record.place, values), key=by_line))
        name = guidance.label(values[0][2])
        text = f"{name} of one day lie on both sides of a limit ({guidance.label(limit)}): {places}"
        claims.append(Claim(f"{text}; what hangs on it stays unknown", min(triples)))
    return tuple(claims)


def _test(closure: Closure, guidance: Guidance, test: str, record: Record) -> str:
    """Return a test by its panel, or by what it is, and where it stands."""
    for fact in closure.match(test, P.panel):
        return f"{guidance.label(fact[2])} ({record.place(fact)})"
    return closure.sources.label(test)
