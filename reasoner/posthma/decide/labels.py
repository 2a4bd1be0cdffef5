"""What drug labels come to for a situation, in the words that the knowledge gives to each status of a label."""

# ruff: noqa: N815  (names of the ontology)

from __future__ import annotations

from posthma import vocab
from posthma.decide.criteria import Judge
from posthma.decide.guidance import Guidance
from posthma.vocab import RDFS


class P(vocab.P):
    """Ontology terms of drug labels."""

    labelStatus: str
    saysWhenMet: str
    saysWhenNotMet: str
    saysWhenUnknown: str


WORDS_OF = {"met": P.saysWhenMet, "not met": P.saysWhenNotMet, "unknown": P.saysWhenUnknown}


def label_status(guidance: Guidance, judge: Judge, interventions: list[str], jurisdiction: str) -> str:
    """Return what the labels of a jurisdiction, and those for which no regulator is named, come to for this situation.

    A label without a population that can be computed, one of another disease for instance, says nothing here.
    """
    found: dict[str, None] = {}
    for agent in interventions:
        for label in guidance.labels_of.get(agent, ()):
            places = guidance.objects(label, P.jurisdiction)
            population = guidance.one(label, P.forPopulation)
            if (places and jurisdiction not in places) or not population:
                continue
            words = guidance.text(guidance.one(label, P.labelStatus), WORDS_OF[judge.value(population)])
            if words:
                whose = "" if places else " by this source, no regulator named"
                found[f"{words}{whose} ({guidance.text(label, RDFS.label)})"] = None
    return "; ".join(found) or f"not known here for {guidance.label(jurisdiction)}"
