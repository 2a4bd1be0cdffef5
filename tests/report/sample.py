"""One answer with every part filled; its facts are invented and say nothing about any drug."""

from __future__ import annotations

from posthma.decide.answer import (
    Advice,
    Answer,
    Citation,
    Claim,
    Contradiction,
    CriterionNode,
    EvidenceItem,
    FailureSummary,
    OptionVerdict,
    Reported,
)

KB = "https://w3id.org/posthma/kb/"
PAPER = Citation(f"{KB}ref-901", "Author 2001", "lines 10-12", 91, "10.5555/1", "1", "verified")
OTHER = Citation(f"{KB}ref-902", "Writer 2002", "lines 20-21", 92, verification="probable")
GUIDE = Citation(f"{KB}invented-guide", "Guide 2003", "section A, lines 5-9")
TRIPLE = ("<http://example.org/q1>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{KB}x>")


def criterion(label, value, **more):
    return CriterionNode(KB + label.replace(" ", "-"), label, value, **more)


APPLICABLE = OptionVerdict(
    KB + "option-1",
    "drug one within a trial",
    "applicable",
    "offer",
    strength="may be considered",
    trial="trial T1 (phase 2)",
    label_status="no label known here",
    evidence_for=(
        EvidenceItem(
            KB + "ev-1",
            "Overall response",
            "supports",
            "indirect",
            "overt leukaemia",
            "phase 2",
            40,
            effect="30 % (95 % CI 20–42)",
            setting="after HMA failure",
            citations=(PAPER,),
        ),
    ),
    evidence_against=(
        EvidenceItem(
            KB + "ev-2",
            "Median survival",
            "does not support",
            "not decidable",
            "adverse karyotype",
            effect="87 months",
            quarantined=True,
            dispute="the figure cannot be survival after failure",
            citations=(OTHER,),
        ),
    ),
    criteria=criterion(
        "population one",
        "met",
        operator="all",
        children=(criterion("gene one mutated", "met"), criterion("failure of therapy", "met")),
    ),
    safety=(Advice(KB + "s1", "Watch the kidney.", citations=(GUIDE,)),),
    order_reason="above drug two because a trial comes first",
    citations=(GUIDE,),
)
OPEN = OptionVerdict(
    KB + "option-2",
    "drug two",
    "undetermined",
    "offer",
    missing=(
        criterion("gene two mutated", "unknown", decided_by="gene test"),
        criterion("donor found", "unknown", decided_by="donor search", finding_date="2016-01-01", fresh=False, before="met"),
    ),
    citations=(GUIDE,),
)
RULED_OUT = OptionVerdict(
    KB + "option-3",
    "drug three",
    "not applicable",
    "offer",
    failed=(criterion("del(5q)", "not met", finding_date="2017-05-01", contrary="no del(5q)"),),
    citations=(GUIDE,),
)
AVOID = OptionVerdict(
    KB + "option-4",
    "drug four",
    "advised against",
    "avoid",
    citations=(OTHER,),
    criteria=criterion("kidney failing", "met"),
)
TRIAL_ONLY = OptionVerdict(
    KB + "option-5",
    "drug five",
    "within trials only",
    "investigational only",
    strength="in trials",
    evidence_for=(EvidenceItem(KB + "ev-3", "Some respond, 30 of 100.", "supports", "direct", effect="30 %"),),
    criteria=criterion("failure of therapy", "met"),
    citations=(GUIDE,),
)
CURRENT = ("<http://example.org/q1>", "<https://w3id.org/posthma/ontology/current>", "<http://example.org/e1>")

ANSWER = Answer(
    record_path="record.ttl",
    record_sha="a" * 64,
    patient="http://example.org/patient-0",
    situation="http://example.org/q1",
    date="2017-06-01",
    jurisdiction="EU",
    knowledge_version="1.2.3",
    knowledge_sha="b" * 64,
    failure=FailureSummary(
        "failure by resistance",
        "secondary",
        "provisional",
        "definition of the invented guide",
        (Claim("Response was lost on 2017-05-01.", TRIPLE, (GUIDE,), "record.ttl:31"),),
        (Claim("No cycle was left out; the record does not say."),),
    ),
    patient_summary=(Claim("woman"), Claim("70 years")),
    disease_state=(
        Claim("platelets 39 x10^9/L (2017-05-20)", CURRENT, place="record.ttl:44"),
        Claim("blasts in blood 63 % (2017-05-30)", CURRENT, place="record.ttl:42"),
        Claim("haemoglobin 6.8 g/dL (2017-05-30)", CURRENT, place="record.ttl:43"),
        Claim("Marrow blasts ≥ 20 %: AML", TRIPLE, (GUIDE,), "record.ttl:40"),
        Claim("anaemic", TRIPLE),
    ),
    first=(
        Advice(KB + "d1", "Repeat the marrow.", "findings are older than the failure", ("marrow aspirate",), (GUIDE,)),
    ),
    options=(APPLICABLE, TRIAL_ONLY, OPEN, RULED_OUT, AVOID),
    counselling=(Advice(KB + "c1", "Explain randomisation.", "a trial applies"),),
    reported=(Reported("secondary resistance", "secondary resistance, provisional", False, "record.ttl:50"),),
    notices=(Claim("Another definition of AML would not change the answer."),),
    order_policy="as in the invented guide",
    constructed_dates=True,
)
CONTRADICTION = Contradiction(
    "gene one mutated and not mutated in one sample", "cax-dw", ("record.ttl:3", "record.ttl:9")
)
