"""The answer about one patient on one date: what `decide` makes and `report` prints.

An answer is structure, never prose: a report of any format is written from these fields alone. Wherever a field is
called ``iri`` it holds the plain IRI; wherever it is called ``triple`` it holds three N-Triples tokens, as the closure
has them, so that a proof can be asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posthma.vocab import Triple

Value = Literal["met", "not met", "unknown"]
Status = Literal[
    "applicable",
    "within trials only",
    "undetermined",
    "not applicable",
    "advised against",
    "caution undetermined",
    "silent",
    "out of scope",
]
Directness = Literal["direct", "indirect", "not decidable", "not stated"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim can be read: a publication and the place in it, or in the document that reports it.

    Attributes:
        iri: The publication or source document.
        label: Short form for a reader, such as ``Author 2017``.
        locator: Section and lines, as the knowledge states them; empty when it states none.
        number: The reference number that the source document gives to the publication.
        doi: DOI without resolver, where one was seen.
        pmid: PubMed identifier, where one was seen.
        verification: ``verified``, ``probable`` or ``unresolved``; empty for the source document itself.
    """

    iri: str
    label: str
    locator: str = ""
    number: int | None = None
    doi: str = ""
    pmid: str = ""
    verification: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the answer, the fact that it says, and its citations.

    ``triple`` is the conclusion in the closed graph (``posthma explain`` proves it) and is None for sentences that no
    single fact carries, such as a counted summary. ``place`` is where the record states it, when it does. ``date`` is,
    for a finding, that of the latest event of the record that it rests on.
    """

    text: str
    triple: Triple | None = None
    citations: tuple[Citation, ...] = ()
    place: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class FailureSummary:
    """Gate, kind and certainty of the failure of hypomethylating therapy, with reasons and assumptions.

    Attributes:
        gate: Whether and by which way failure was established, such as ``failure by resistance`` or ``none``.
        kind: Primary (by which condition), secondary, or empty.
        certainty: ``conclusive``, ``provisional``, or empty when there is no failure.
        definition: Label of the definition that was used.
        sentences: Why, most important first.
        assumptions: What the verdict rests on without a fact in the record.
        verdicts: Gate, kinds and certainty again, each with its fact; a gate that cannot be determined has the fact
            that none of its classes is met.
    """

    gate: str
    kind: str = ""
    certainty: str = ""
    definition: str = ""
    sentences: tuple[Claim, ...] = ()
    assumptions: tuple[Claim, ...] = ()
    verdicts: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to do or to say: a duty, a counselling point or a safety note, with what triggers it."""

    iri: str
    text: str
    trigger: str = ""
    asks_for: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    triple: Triple | None = None


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One evidence statement as it bears on one option for this patient.

    ``directness`` says whether the patient belongs to the studied population; ``difference`` names what differs or
    which finding is missing. A quarantined figure is shown as such and orders nothing.
    """

    iri: str
    text: str
    direction: str
    directness: Directness = "not stated"
    difference: str = ""
    design: str = ""
    sample_size: int | None = None
    endpoint: str = ""
    effect: str = ""
    setting: str = ""
    quarantined: bool = False
    dispute: str = ""
    independence_group: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionNode:
    """One criterion of an option, its value for this patient, and the criteria that it is made of.

    ``operator`` is ``all`` or ``any`` for a criterion with children and empty for a finding. ``decided_by`` names the
    test that settles a finding, ``contrary`` its contrary, and ``finding_date`` the latest event of the record that a
    decided finding rests on. ``fresh`` is False for a finding older than the reassessment, None when age plays no
    part; such a finding is unknown, and ``before`` is the value that it had.
    """

    iri: str
    label: str
    value: Value
    operator: Literal["all", "any", ""] = ""
    children: tuple[CriterionNode, ...] = ()
    decided_by: str = ""
    finding_date: str = ""
    fresh: bool | None = None
    before: Literal["met", "not met", ""] = ""
    contrary: str = ""
    triple: Triple | None = None


@dataclass(frozen=True, slots=True)
class OptionVerdict:
    """One option (a stance of a source on an intervention for a population) and what it comes to for this patient.

    ``situation`` is where it was judged: the whole, or the fresh situation of what was found since reassessment began.
    ``labels`` are the drug labels of ``label_status``, each with its fact.
    """

    iri: str
    label: str
    status: Status
    stance: str
    strength: str = ""
    intervention: str = ""
    trial: str = ""
    label_status: str = ""
    labels: tuple[Claim, ...] = ()
    situation: str = ""
    evidence_for: tuple[EvidenceItem, ...] = ()
    evidence_against: tuple[EvidenceItem, ...] = ()
    evidence_context: tuple[EvidenceItem, ...] = ()
    criteria: CriterionNode | None = None
    missing: tuple[CriterionNode, ...] = ()
    failed: tuple[CriterionNode, ...] = ()
    duties: tuple[Advice, ...] = ()
    safety: tuple[Advice, ...] = ()
    citations: tuple[Citation, ...] = ()
    order_reason: str = ""
    triple: Triple | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that cannot hold together; nothing is recommended for a situation that they touch.

    ``premises`` are the conclusions that ``rule`` forbids together; each has a proof, and so has the contradiction.
    """

    text: str
    rule: str = ""
    places: tuple[str, ...] = ()
    withholds: bool = True
    premises: tuple[Triple, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """What a person reported in the record beside what was concluded here; ``triple`` is the fact compared."""

    reported: str
    concluded: str
    agrees: bool | None = None
    place: str = ""
    triple: Triple | None = None


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """A definition or window that the answer goes by, where another could have been chosen.

    Attributes:
        iri: The choice.
        name: By which a call names it.
        label: What is chosen.
        taken: Name of the alternative that was taken, or its number of days.
        taken_label: The same in words.
        by: Who chose it: the call, the record's question, or nobody.
        computed: False when no conclusion differs between the alternatives.
        note: Remark on the choice; empty when there is none.
        project_policy: Whether no source gives it.
        alternatives: Names of all that could be chosen.
    """

    iri: str
    name: str
    label: str
    taken: str
    taken_label: str
    by: Literal["call", "record", "default"]
    computed: bool = True
    note: str = ""
    project_policy: bool = False
    alternatives: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    triple: Triple | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A conclusion that comes out otherwise by another choice; ``iri`` names the option, where it is one."""

    iri: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """An alternative that was not taken and that would change the answer.

    Attributes:
        choice: Name of the choice.
        alternative: Name of the alternative.
        label: The alternative in words.
        failure: What would change in gate, kind, certainty, remarks and the state of the disease.
        options: Options whose status would change.
        withheld: Why nothing would be recommended; empty when something would be.
    """

    choice: str
    alternative: str
    label: str
    failure: tuple[Turned, ...] = ()
    options: tuple[Turned, ...] = ()
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is said about one patient on one date in one jurisdiction.

    Attributes:
        situation: IRI of the situation (one question of the record).
        date: Decision date, ISO form.
        out_of_scope: Reason why nothing is recommended; empty when the patient is in scope. A record that cannot be
            assessed makes the command line end with exit code 1.
        first: What comes before any list of drugs (reassessment that is due).
        options: In the order of the policy.
        order_policy: Label of the ordering policy.
        order_policy_file: Name of the file that a reader brought it in; empty for the knowledge base's own.
        order_policy_sha: SHA-256 of that file.
        notices: Further remarks; the notice on decision support is added by every report.
        choices: Definitions and windows that the answer goes by.
        other_choices: Alternatives that would change the answer, each alone; None when they were not tried.
    """

    record_path: str
    record_sha: str
    patient: str
    situation: str
    date: str
    jurisdiction: str
    knowledge_version: str
    knowledge_sha: str
    failure: FailureSummary
    patient_summary: tuple[Claim, ...] = ()
    disease_state: tuple[Claim, ...] = ()
    first: tuple[Advice, ...] = ()
    options: tuple[OptionVerdict, ...] = ()
    counselling: tuple[Advice, ...] = ()
    reported: tuple[Reported, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    notices: tuple[Claim, ...] = ()
    out_of_scope: str = ""
    order_policy: str = ""
    as_of: str = ""
    without_source: str = ""
    constructed_dates: bool = False
    choices: tuple[ChoiceMade, ...] = ()
    other_choices: tuple[OtherChoice, ...] | None = None
    order_policy_file: str = ""
    order_policy_sha: str = ""
