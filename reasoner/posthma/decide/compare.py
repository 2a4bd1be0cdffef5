"""Which other choices would change an answer, and how.

Each alternative that was not taken is tried alone, by closing the same facts under a question that takes it: about as
long as one more assessment without its evidence, so a cohort run leaves it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthma.closed import Closure
from posthma.decide.answer import OtherChoice, Turned
from posthma.decide.choices import others
from posthma.decide.failure import UNDETERMINED, verdict
from posthma.decide.guidance import Guidance, remembered
from posthma.decide.outlook import Outlook, look
from posthma.decide.whatif import option_flips
from posthma.question import Asked
from posthma.vocab import KB, P

if TYPE_CHECKING:
    from posthma.engine import KnowledgeBase
    from posthma.intake.rdf import Record


def other_choices(kb: KnowledgeBase, record: Record, asked: Asked, closure: Closure) -> tuple[OtherChoice, ...]:
    """Return the alternatives that would change the answer about a sound record, by choice and value.

    Args:
        kb: The knowledge base.
        record: The record.
        asked: The question.
        closure: The record closed with that question.
    """
    now = look(closure, kb.guidance, asked, record)
    found = []
    for choice, name, otherwise in others(asked, kb.guidance):
        then = look(kb.closure_of(otherwise.triples, closure.sources), kb.guidance, otherwise, record)
        failure = (*_failure(now, then), *_states(now, then))
        options = _options(now, then)
        if failure or options:
            label = kb.guidance.label(choice.alternatives[name])
            found.append(OtherChoice(choice.name, name, label, failure, options, then.withheld))
    return tuple(found)


def _failure(now: Outlook, then: Outlook) -> list[Turned]:
    """Return what differs in gate, kind and certainty."""
    label = now.guidance.label
    told = []
    for outlook in (now, then):
        gate, kinds, certainty = verdict(outlook)
        kind = ", ".join(map(label, kinds)) or "none"
        told.append((label(gate) if gate else UNDETERMINED, kind, label(certainty) if certainty else "none"))
    names = ("gate", "kind", "certainty")
    return [Turned("", name, one, other) for name, one, other in zip(names, *told, strict=True) if one != other]


def _states(now: Outlook, then: Outlook) -> list[Turned]:
    """Return the remarks on failure and the states of the disease of which others hold."""
    found = []
    for name, part in (("remarks", KB.partRemark), ("state of the disease", KB.partDiseaseState)):
        held = [{c for c in now.guidance.shown.get(part, ()) if o.whole.value(c) == "met"} for o in (now, then)]
        if held[0] != held[1]:
            labels = (sorted(map(now.guidance.label, one - other)) for one, other in (held, held[::-1]))
            before, after = (", ".join(names) or "none" for names in labels)
            found.append(Turned("", name, before, after))
    return found


@remembered
def _ranks(guidance: Guidance, cls: str) -> dict[str, int]:
    """Return the ranks of statuses by their labels."""
    return {guidance.label(status): guidance.number(status, P.rank) or 0 for status in guidance.instances(cls)}


def _options(now: Outlook, then: Outlook) -> tuple[Turned, ...]:
    """Return the options whose status differs, the highest of both statuses first (p:rank)."""
    guidance = now.guidance
    ranks = _ranks(guidance, P.Status)
    flips = [Turned(flip.iri, flip.label, flip.before, flip.after) for flip in option_flips(now, then)]
    return tuple(sorted(flips, key=lambda t: (min(ranks.get(t.before, 99), ranks.get(t.after, 99)), t.label, t.iri)))
