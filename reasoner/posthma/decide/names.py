"""Terms that suppositions read and write, beside those of `posthma.vocab`."""

# ruff: noqa: N815  (names of the ontology)

from __future__ import annotations

from posthma import vocab

__all__ = ["KB", "P"]


class P(vocab.P):
    """Ontology terms of record events and of the ways into findings."""

    CareWish: str
    Disease: str
    Margin: str
    Measurement: str
    Preference: str
    RiskAssignment: str
    RiskGroup: str
    Test: str
    TherapyLine: str
    aboveClass: str
    aboveLimitOf: str
    absentClass: str
    asOfDay: str
    belowClass: str
    belowLimitOf: str
    byTest: str
    changeable: str
    computedFrom: str
    conclusive: str
    covers: str
    currentRisk: str
    definition: str
    discordantWith: str
    group: str
    intent: str
    kindOf: str
    latestDay: str
    limit: str
    limitBelongsTo: str
    notFound: str
    ofSituation: str
    plausibleHigh: str
    plausibleLow: str
    presentClass: str
    riskClass: str
    stopReason: str
    target: str
    unreportedClass: str
    wholeNumbers: str
    within: str


class KB(vocab.KB):
    """Individuals of the knowledge base that suppositions name."""

    panelNotStated: str
    partOutOfScope: str
    statusApplicable: str
    statusSilent: str
    statusTrialOnly: str
    supportive: str
