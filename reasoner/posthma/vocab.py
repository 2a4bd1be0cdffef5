"""Closed namespaces and the form of terms.

A term inside posthma is an N-Triples token: ``'<iri>'``, ``'"lex"^^<datatype>'``, ``'"lex"@en'`` or ``'_:label'``.
Each namespace class lists the names that the Python code uses; a misspelt name raises `AttributeError` instead of
matching nothing, and a test holds every name of `P` and `KB` against the ontology and the knowledge base.

>>> P.Patient
'<https://w3id.org/posthma/ontology/Patient>'
>>> curie(P.Patient)
'p:Patient'
"""

from __future__ import annotations

import re
from typing import ClassVar

from posthma.errors import UsageError
from posthma.terms import Triple, literal_parts

__all__ = [
    "KB",
    "OWL",
    "PREFIXES",
    "RDF",
    "RDFS",
    "XSD",
    "ClosedNamespace",
    "P",
    "Triple",
    "curie",
    "expand",
    "plain",
    "plain_iri",
]


class ClosedNamespace:
    """Base of the namespace classes: each annotated name becomes the token of its IRI, ``BASE`` with the name."""

    BASE: ClassVar[str]

    def __init_subclass__(cls) -> None:
        for name in cls.__annotations__:
            setattr(cls, name, f"<{cls.BASE}{name}>")

    @classmethod
    def names(cls) -> list[str]:
        """Return the listed names, sorted."""
        return sorted(cls.__annotations__)


class P(ClosedNamespace):
    """Ontology terms that the Python code names."""

    BASE = "https://w3id.org/posthma/ontology/"

    CareWish: str
    CounsellingPoint: str
    Definition: str
    DefinitionAlternative: str
    Diagnosis: str
    Disease: str
    Dispute: str
    Duty: str
    EvidenceStatement: str
    Label: str
    Margin: str
    Measurement: str
    Option: str
    OrderKey: str
    OrderPolicy: str
    Patient: str
    Preference: str
    Publication: str
    Question: str
    ReadRefusal: str
    RiskAssignment: str
    RiskGroup: str
    SafetyNote: str
    Situation: str
    Status: str
    Test: str
    TherapyLine: str
    WindowAlternative: str
    about: str
    aboutStatement: str
    aboveClass: str
    aboveLimitOf: str
    absentClass: str
    agent: str
    allowsRead: str
    alternativeName: str
    alternativeOf: str
    analyte: str
    asIn: str
    asOfDay: str
    asksAbout: str
    asksFor: str
    assumes: str
    attributionDays: str
    attributionWindowDays: str
    belowClass: str
    belowLimitOf: str
    bringsNote: str
    byTest: str
    changeable: str
    choiceName: str
    chooses: str
    ciHigh: str
    ciLow: str
    comesTo: str
    comparedWith: str
    compares: str
    computedFrom: str
    conclusive: str
    constructedDate: str
    contested: str
    contrary: str
    countsAs: str
    covers: str
    current: str
    currentRisk: str
    cycle: str
    cycles: str
    date: str
    days: str
    decidedBy: str
    defaultAlternative: str
    definition: str
    design: str
    direction: str
    discordantWith: str
    disease: str
    doi: str
    earliest: str
    effect: str
    endDate: str
    endpoint: str
    event: str
    evidence: str
    fails: str
    firstAuthor: str
    folder: str
    forIntervention: str
    forPopulation: str
    found: str
    freshOf: str
    group: str
    hasDue: str
    hasStanding: str
    high: str
    highExclusive: str
    independenceGroup: str
    intent: str
    intervention: str
    jurisdiction: str
    key: str
    kindOf: str
    labelStatus: str
    latest: str
    latestDay: str
    latestView: str
    leavesOpen: str
    liftedFrom: str
    limit: str
    limitBelongsTo: str
    lines: str
    low: str
    lowExclusive: str
    madeBy: str
    months: str
    nctId: str
    neverComputed: str
    noLabelIn: str
    notFound: str
    ofLine: str
    ofSituation: str
    onlyWhen: str
    panel: str
    plausibleHigh: str
    plausibleLow: str
    pmid: str
    populationText: str
    presentClass: str
    presentFirst: str
    projectPolicy: str
    publication: str
    quarantined: str
    quarantines: str
    rank: str
    reasonAbove: str
    reassessmentDays: str
    reassessmentWindowDays: str
    referenceNumber: str
    refusedBecause: str
    refuses: str
    reported: str
    reportedIn: str
    requiresFreshFindings: str
    response: str
    riskClass: str
    sampleSize: str
    says: str
    saysWhenMet: str
    saysWhenNotMet: str
    saysWhenUnknown: str
    scheme: str
    section: str
    sees: str
    setting: str
    sex: str
    shownAs: str
    shownRank: str
    showsNone: str
    stance: str
    states: str
    status: str
    statusWhenMet: str
    statusWhenNotMet: str
    statusWhenUnknown: str
    stopReason: str
    strength: str
    takes: str
    target: str
    unit: str
    unreportedClass: str
    validFrom: str
    validUntil: str
    value: str
    valueHigh: str
    valueLow: str
    valueOperator: str
    verification: str
    view: str
    wants: str
    wholeNumbers: str
    within: str
    withinTrial: str
    year: str


class KB(ClosedNamespace):
    """Individuals of the knowledge base that the Python code names."""

    BASE = "https://w3id.org/posthma/kb/"

    EU: str
    US: str
    ledgerContext: str
    orderReads: str
    otherJurisdiction: str
    panelNotStated: str
    partCertainty: str
    partDiseaseState: str
    partGate: str
    partKind: str
    partOutOfScope: str
    partRemark: str
    policy: str
    policyOrder: str
    statusApplicable: str
    statusSilent: str
    statusTrialOnly: str
    supportive: str


class RDF(ClosedNamespace):
    """RDF terms."""

    BASE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

    first: str
    nil: str
    rest: str
    type: str


class RDFS(ClosedNamespace):
    """RDF Schema terms."""

    BASE = "http://www.w3.org/2000/01/rdf-schema#"

    label: str
    subClassOf: str
    subPropertyOf: str


class OWL(ClosedNamespace):
    """OWL terms."""

    BASE = "http://www.w3.org/2002/07/owl#"

    AnnotationProperty: str
    Class: str
    DatatypeProperty: str
    ObjectProperty: str
    Ontology: str
    disjointWith: str
    intersectionOf: str
    onProperty: str
    sameAs: str
    someValuesFrom: str
    unionOf: str
    versionIRI: str
    versionInfo: str


class XSD(ClosedNamespace):
    """XML Schema datatypes."""

    BASE = "http://www.w3.org/2001/XMLSchema#"

    boolean: str
    date: str
    decimal: str
    integer: str
    string: str


PREFIXES: dict[str, str] = {
    "p": P.BASE,
    "kb": KB.BASE,
    "rule": "https://w3id.org/posthma/rule/",
    "shape": "https://w3id.org/posthma/shape/",
    "rdf": RDF.BASE,
    "rdfs": RDFS.BASE,
    "owl": OWL.BASE,
    "xsd": XSD.BASE,
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "hgnc": "http://identifiers.org/hgnc/",
    "nct": "https://clinicaltrials.gov/study/",
}

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")


def plain_iri(token: str) -> str:
    """Return the plain IRI of an IRI token; other tokens come back unchanged.

    >>> plain_iri("<https://example.org/a>")
    'https://example.org/a'
    """
    return token[1:-1] if token.startswith("<") else token


def curie(token: str) -> str:
    """Return the short form of an IRI token, or the token itself where no prefix fits.

    >>> curie("<https://w3id.org/posthma/kb/idh2>")
    'kb:idh2'
    """
    text = plain_iri(token)
    for prefix, base in PREFIXES.items():
        if text.startswith(base) and _LOCAL.match(text[len(base) :]):
            return f"{prefix}:{text[len(base) :]}"
    return token


def expand(text: str) -> str:
    """Return the IRI token of a CURIE, an IRI in angle brackets, or a plain absolute IRI.

    Raises:
        UsageError: The prefix is not known.

    >>> expand("kb:idh2")
    '<https://w3id.org/posthma/kb/idh2>'
    """
    if text.startswith("<") and text.endswith(">"):
        return text
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return f"<{PREFIXES[prefix]}{local}>"
    if colon and (local.startswith("//") or prefix == "urn"):
        return f"<{text}>"
    raise UsageError(text, "it is neither an IRI nor a CURIE of a known prefix", f"use one of {', '.join(PREFIXES)}")


def plain(token: str) -> str:
    """Return what a reader wants to see of a term: the lexical form of a literal, the CURIE of an IRI."""
    return literal_parts(token)[0] if token.startswith('"') else curie(token)
