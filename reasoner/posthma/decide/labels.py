"""What drug labels come to for a situation, in the words that the knowledge gives to each status of a label."""

from __future__ import annotations

from collections.abc import Iterator

from posthma.decide.answer import Claim
from posthma.decide.citations import document
from posthma.decide.criteria import Judge
from posthma.decide.guidance import Guidance
from posthma.vocab import RDFS, P

WORDS_OF = {"met": P.saysWhenMet, "not met": P.saysWhenNotMet, "unknown": P.saysWhenUnknown}


def known_labels(
    guidance: Guidance, judge: Judge, option: str, interventions: list[str], jurisdiction: str
) -> tuple[Claim, ...]:
    """Return what the labels of a jurisdiction, and those for which no regulator is named, come to for this situation.

    A label without a population that can be computed, one of another disease for instance, says nothing here. Where
    none says anything, that is the claim.
    """
    found = dict(_known(guidance, judge, interventions, jurisdiction))
    claims = (
        Claim(words, (said_of(judge.situation, "label", label), P.comesTo, _word(guidance, judge, label)),
              document(guidance, label))
        for words, label in found.items()
    )  # fmt: skip
    none = (said_of(judge.situation, "option", option), P.noLabelIn, jurisdiction)
    return tuple(claims) or (Claim(f"not known here ({guidance.label(jurisdiction)})", none),)


def said_of(situation: str, kind: str, thing: str) -> str:
    """Return the node of what an answer says of a thing in a situation; rules of the layer ``answer`` make it."""
    return f"{situation[:-1]}/{kind}/{thing.rpartition('/')[2]}"


def _word(guidance: Guidance, judge: Judge, label: str) -> str:
    words = WORDS_OF[judge.value(guidance.one(label, P.forPopulation))]
    return guidance.one(guidance.one(label, P.labelStatus), words)


def _known(guidance: Guidance, judge: Judge, interventions: list[str], jurisdiction: str) -> Iterator[tuple[str, str]]:
    """Yield the words of each label that says something, with its token."""
    for agent in interventions:
        for label in guidance.labels_of.get(agent, ()):
            places = guidance.objects(label, P.jurisdiction)
            population = guidance.one(label, P.forPopulation)
            if (places and jurisdiction not in places) or not population:
                continue
            words = guidance.text(guidance.one(label, P.labelStatus), WORDS_OF[judge.value(population)])
            if words:
                whose = "" if places else " by this source, no regulator named"
                yield f"{words}{whose} ({guidance.text(label, RDFS.label)})", label
