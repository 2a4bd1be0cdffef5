"""What the knowledge base offers to decide with: options, evidence, duties, definitions, policies.

Gathered once from the asserted knowledge. Definitions are read from `owl:intersectionOf` and `owl:unionOf` as they are
asserted, never from anything derived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal, TypeVar

from posthma.knowledge import Knowledge
from posthma.terms import OWL, RDF, literal_parts
from posthma.vocab import KB, RDFS, P

Operator = Literal["all", "any", ""]
INTERSECTION, UNION = f"<{OWL}intersectionOf>", f"<{OWL}unionOf>"
FIRST, REST, NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
SKOS_NOTATION = "<http://www.w3.org/2004/02/skos/core#notation>"
DCTERMS_SOURCE = "<http://purl.org/dc/terms/source>"
Said = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Policy:
    """An order of options: keys compared in turn.

    Each key is ``(properties, values in order, present first or None, reason)``.

    Attributes:
        when: For each key the class that a situation must have for the key to count; empty for always.
        file: The file that a reader brought; empty for a policy of the knowledge base.
        sha256: Hash of that file.
    """

    iri: str
    label: str
    keys: tuple[tuple[tuple[str, ...], tuple[str, ...], bool | None, str], ...]
    when: tuple[str, ...] = ()
    file: str = ""
    sha256: str = ""
    places: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)
    """Option -> its place by each key, as far as worked out (`posthma.decide.order`)."""


@dataclass
class Guidance:
    """The knowledge by subject, with what `decide` asks of it looked up beforehand.

    Attributes:
        said: Subject -> predicate -> objects, as tokens.
        definitions: Class -> operator and members.
        contrary: Class -> its contrary, both ways.
        options: Options in the order of their IRIs.
        duties, counselling: What a population brings with it.
        safety: Intervention -> safety notes.
        labels_of: Intervention -> drug labels.
        disputes: Statement -> disputes.
        shown: Part of the answer -> classes in order.
        kept: What functions marked `remembered` have worked out.
        alternatives: What a question may choose: definitions, then windows.
    """

    knowledge: Knowledge
    said: Said
    definitions: dict[str, tuple[Operator, tuple[str, ...]]] = field(default_factory=dict)
    contrary: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)
    counselling: list[str] = field(default_factory=list)
    safety: dict[str, list[str]] = field(default_factory=dict)
    labels_of: dict[str, list[str]] = field(default_factory=dict)
    disputes: dict[str, list[str]] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[tuple[object, str], Any] = field(default_factory=dict, repr=False, compare=False)
    _texts: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)
    alternatives: list[str] = field(default_factory=list)

    @property
    def definitions_taken(self) -> set[str]:
        """The definitions that conclusions go by where several differ."""
        choices = {self.one(alternative, P.alternativeOf) for alternative in self.alternatives}
        return {self.one(choice, P.defaultAlternative) for choice in choices}

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Return what is said of a subject; empty when nothing is."""
        return self.said.get(subject, {}).get(predicate, [])

    def one(self, subject: str, predicate: str) -> str:
        """Return the first thing said of a subject, or an empty string."""
        found = self.said.get(subject, {}).get(predicate)
        return found[0] if found else ""

    def text(self, subject: str, predicate: str) -> str:
        """Return a literal's text, or an empty string."""
        key = (subject, predicate)
        found = self._texts.get(key)
        if found is None:
            token = self.one(subject, predicate)
            found = self._texts[key] = literal_parts(token)[0] if token.startswith('"') else ""
        return found

    def number(self, subject: str, predicate: str) -> int | None:
        """Return an integer said of a subject, or None."""
        text = self.text(subject, predicate)
        return int(text) if text.lstrip("-").isdigit() else None

    def label(self, token: str) -> str:
        """Return a term's label."""
        return self.knowledge.label(token)

    def unit(self, token: str) -> str:
        """Return the sign of a unit as readers write it, its label where none is known; a bare number has none."""
        sign = self.one(token, SKOS_NOTATION)
        return literal_parts(sign)[0] if sign else self.label(token)

    def instances(self, cls: str) -> list[str]:
        """Return the asserted members of a class, sorted."""
        return sorted(s for s, facts in self.said.items() if cls in facts.get(RDF_TYPE, ()))

    def decided_by(self, cls: str) -> str:
        """Return the examination that settles a finding, named at it or at its contrary."""
        return self.one(cls, P.decidedBy) or self.one(self.contrary.get(cls, ""), P.decidedBy)

    def leaves(self, cls: str) -> list[str]:
        """Return the findings that a criterion is made of, each once."""
        found: dict[str, None] = {}
        agenda, seen = [cls], set()
        while agenda:
            current = agenda.pop(0)
            if current in seen:
                continue
            seen.add(current)
            _, members = self.definitions.get(current, ("", ()))
            if members:
                agenda.extend(members)
            else:
                found[current] = None
        return list(found)

    def policy(self, iri: str = KB.policyOrder) -> Policy:
        """Return an order of options, made once."""
        key = (Policy, iri)
        if key not in self.kept:
            self.kept[key] = self._policy(iri)
        found: Policy = self.kept[key]
        return found

    def _policy(self, iri: str) -> Policy:
        keys, when = [], []
        for key in sorted(self.objects(iri, P.key), key=lambda k: self.number(k, P.rank) or 0):
            present = self.text(key, P.presentFirst)
            values = self._list(self.one(key, P.asIn))
            first = None if not present else present == "true"
            keys.append((tuple(self.objects(key, P.compares)), values, first, self.text(key, P.reasonAbove)))
            when.append(self.one(key, P.onlyWhen))
        label = self.text(iri, RDFS.label) or self.label(iri)
        return Policy(iri, label, tuple(keys), tuple(when))

    def _list(self, head: str) -> tuple[str, ...]:
        found = []
        while head and head != NIL:
            found += self.objects(head, FIRST)
            head = self.one(head, REST)
        return tuple(found)


RDF_TYPE = f"<{RDF}type>"
T = TypeVar("T")


def remembered(function: Callable[[Guidance, str], T]) -> Callable[[Guidance, str], T]:
    """Return a function of the knowledge and one of its terms that works each answer out once.

    For what no patient changes: citations, figures, the words of a duty.
    """

    @wraps(function)
    def again(guidance: Guidance, token: str) -> T:
        key = (function, token)
        if key not in guidance.kept:
            guidance.kept[key] = function(guidance, token)
        found: T = guidance.kept[key]
        return found

    return again


def gather(knowledge: Knowledge) -> Guidance:
    """Look up in the knowledge what `decide` needs."""
    said: Said = defaultdict(lambda: defaultdict(list))
    for s, p, o in knowledge.triples:
        said[s][p].append(o)
    plain: Said = {s: dict(facts) for s, facts in said.items()}
    found = Guidance(knowledge, plain)
    shown: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for subject, facts in plain.items():
        for predicate, operator in ((INTERSECTION, "all"), (UNION, "any")):
            for head in facts.get(predicate, ()):
                found.definitions[subject] = (operator, found._list(head))  # type: ignore[assignment]
        for other in facts.get(P.contrary, ()):
            found.contrary[subject] = other
            found.contrary[other] = subject
        for part in facts.get(P.shownAs, ()):
            shown[part].append((found.number(subject, P.shownRank) or 0, subject))
        kinds = facts.get(RDF_TYPE, ())
        if P.SafetyNote in kinds:
            for agent in facts.get(P.forIntervention, ()):
                found.safety.setdefault(agent, []).append(subject)
        if P.Label in kinds:
            for agent in facts.get(P.intervention, ()):
                found.labels_of.setdefault(agent, []).append(subject)
        if P.Dispute in kinds:
            for statement in [*facts.get(P.aboutStatement, ()), *facts.get(P.quarantines, ())]:
                found.disputes.setdefault(statement, []).append(subject)
    found.shown = {part: [c for _, c in sorted(classes)] for part, classes in shown.items()}
    found.options = found.instances(P.Option)
    found.duties = found.instances(P.Duty)
    found.counselling = found.instances(P.CounsellingPoint)
    found.alternatives = [*found.instances(P.DefinitionAlternative), *found.instances(P.WindowAlternative)]
    return found
