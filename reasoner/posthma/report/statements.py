"""Every statement of an answer with the facts that carry it: what a proof is made for, and what reports may say.

A statement stands at one place of the answer's structure, named by a JSON Pointer into the JSON report. Its facts hold
in the closure that tells the answer (`KnowledgeBase.tell`); each has a proof that `posthma check` accepts. A
contradiction rests on the conclusions that clash and has a proof of its own, that they do. What rests on absence has a
fact too: an open finding, a part of the answer of which no class is met, a jurisdiction without a label. The order of
options is no statement about the patient: it follows from the policy. What another choice would change is a
supposition, to be proven by the answer to that choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from posthma.decide.answer import Advice, Answer, Claim, Contradiction, CriterionNode, EvidenceItem, OptionVerdict
from posthma.report import choices
from posthma.terms import Triple, iri, literal_parts
from posthma.vocab import KB, PREFIXES, RDF, P, expand


class Facts(Protocol):
    """What a closure is asked: `posthma.closed.Closure` is one."""

    def match(self, s: str | None = None, p: str | None = None, o: str | None = None) -> Iterator[Triple]:
        """Yield the facts that fit."""

    def __contains__(self, triple: Triple) -> bool: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        path: Where it stands, as a JSON Pointer into the JSON report.
        kind: What it is about: ``failure``, ``criterion``, ``option``, ``evidence``, ``label``, ``duty`` ...
        text: What it says.
        facts: The facts that carry it; all of them have a proof.
        clash: The contradiction that it tells, which has a proof of its own: a refutation.
    """

    path: str
    kind: str
    text: str
    facts: tuple[Triple, ...]
    clash: Contradiction | None = None


def statements(answer: Answer, facts: Facts) -> list[Statement]:
    """Return every statement of an answer, in the order of its structure.

    Args:
        answer: The answer.
        facts: The closure of its record that tells the answer, in the same knowledge.
    """
    return list(_Walk(answer, facts))


def goals(found: Iterable[Statement]) -> list[Triple]:
    """Return the facts of statements, each once."""
    return list(dict.fromkeys(fact for statement in found for fact in statement.facts))


def clashes(found: Iterable[Statement]) -> list[Contradiction]:
    """Return the contradictions that statements tell."""
    return [statement.clash for statement in found if statement.clash]


def status_fact(option: OptionVerdict) -> Triple:
    """Return the fact that an option comes to its status in the situation in which it was judged."""
    name = option.iri.rpartition("/")[2]
    return f"<{option.situation}/option/{name}>", P.comesTo, f'"{option.status}"@en'


class _Walk:
    def __init__(self, answer: Answer, facts: Facts) -> None:
        self.answer, self.facts = answer, facts
        self.whole = expand(answer.situation)

    def __iter__(self) -> Iterator[Statement]:
        answer, failure = self.answer, self.answer.failure
        for number, clash in enumerate(answer.contradictions):
            held = tuple(fact for fact in clash.premises if fact in self.facts)
            yield Statement(f"/contradictions/{number}", "contradiction", clash.text, held, clash)
        yield from self._claims("/failure/verdicts", "failure", failure.verdicts)
        yield from self._claims("/failure/sentences", "failure", failure.sentences)
        yield from self._claims("/failure/assumptions", "assumption", failure.assumptions)
        if failure.definition:
            known = self._said(self.whole, P.takes)
            taken = tuple(t for t in known if any(self.facts.match(t[2], RDF.type, P.Definition)))
            yield Statement("/failure/definition", "definition", failure.definition, taken)
        yield from self._claims("/patient_summary", "patient", answer.patient_summary)
        yield from self._claims("/disease_state", "disease", answer.disease_state)
        for number, duty in enumerate(answer.first):
            yield self._duty(f"/first/{number}", duty)
        for number, option in enumerate(answer.options):
            yield from self._option(f"/options/{number}", option)
        for number, duty in enumerate(answer.counselling):
            yield self._duty(f"/counselling/{number}", duty)
        for number, row in enumerate(answer.reported):
            text = f"{row.reported}: {row.concluded}"
            yield Statement(f"/reported/{number}", "reported", text, (row.triple,) if row.triple else ())
        yield from self._claims("/choices", "definition", choices.claims(answer))
        yield from self._claims("/notices", "remark", answer.notices)
        for number, made in enumerate(answer.choices):
            text = f"{made.label}: {made.taken_label}"
            yield Statement(f"/choices/{number}", "choice", text, (made.triple,) if made.triple else ())
        if answer.out_of_scope:
            part = {s for s, _, _ in self.facts.match(None, P.shownAs, KB.partOutOfScope)}
            fitting = tuple(t for t in self._types() if t[2] in part)
            yield Statement("/out_of_scope", "scope", answer.out_of_scope, fitting)

    def _types(self) -> Iterator[Triple]:
        return self.facts.match(self.whole, RDF.type)

    def _claims(self, path: str, kind: str, claims: Iterable[Claim]) -> Iterator[Statement]:
        for number, claim in enumerate(claims):
            yield Statement(f"{path}/{number}", kind, claim.text, (claim.triple,) if claim.triple else ())

    def _said(self, subject: str, *predicates: str) -> tuple[Triple, ...]:
        return tuple(t for predicate in predicates for t in self.facts.match(subject, predicate))

    def _duty(self, path: str, duty: Advice) -> Statement:
        """A duty or point: its words, the tests it asks for, and that it is due, stands, or is met."""
        token = iri(duty.iri)
        held = [(self.whole, predicate, token) for predicate in (P.hasDue, P.hasStanding)]
        found = [fact for fact in held if fact in self.facts] or ([duty.triple] if duty.triple else [])
        facts = (*found, *self._said(token, P.says), *self._said(token, P.asksFor))
        return Statement(path, "duty", duty.text, facts)

    def _option(self, path: str, option: OptionVerdict) -> Iterator[Statement]:
        token, situation = iri(option.iri), iri(option.situation)
        yield Statement(
            f"{path}/status", "option", f"{option.label}: {option.status}",
            (*self._word(situation, "option", token, option.status), *self._said(token, P.stance, P.strength)),
        )  # fmt: skip
        yield from self._claims(f"{path}/labels", "label", option.labels)
        for side in ("evidence_for", "evidence_against", "evidence_context"):
            for number, item in enumerate(getattr(option, side)):
                yield self._evidence(f"{path}/{side}/{number}", situation, item)
        if option.criteria is not None:
            yield from self._criteria(f"{path}/criteria", situation, option.criteria)
        for name, nodes in (("missing", option.missing), ("failed", option.failed)):
            for number, node in enumerate(nodes):
                yield self._criterion(f"{path}/{name}/{number}", situation, node)
        for number, duty in enumerate(option.duties):
            yield self._duty(f"{path}/duties/{number}", duty)
        for number, note in enumerate(option.safety):
            brings = (token, P.bringsNote, iri(note.iri))
            carried = (note.triple,) if note.triple else ()
            yield Statement(
                f"{path}/safety/{number}", "safety", note.text, (brings, *carried, *self._said(iri(note.iri), P.says))
            )

    def _word(self, situation: str, kind: str, thing: str, word: str) -> tuple[Triple, ...]:
        """Return the fact that a thing comes to a word in a situation."""
        node = f"{situation[:-1]}/{kind}/{thing.rpartition('/')[2]}"
        return tuple(t for t in self.facts.match(node, P.comesTo) if literal_parts(t[2])[0] == word)

    def _evidence(self, path: str, situation: str, item: EvidenceItem) -> Statement:
        """An evidence statement: how it bears on the patient, and all that the knowledge says of it and disputes."""
        token = iri(item.iri)
        about = [t for t in self.facts.match(token) if t[1].startswith(f"<{PREFIXES['p']}")]
        disputes = [
            t for predicate in (P.aboutStatement, P.quarantines) for t in self.facts.match(None, predicate, token)
        ]
        directness = self._word(situation, "evidence", token, item.directness)
        return Statement(path, "evidence", item.text, (*directness, *about, *(disputes if item.dispute else ())))

    def _criteria(self, path: str, situation: str, root: CriterionNode) -> Iterator[Statement]:
        agenda = [(path, root)]
        while agenda:
            place, node = agenda.pop()
            yield self._criterion(place, situation, node)
            children = [(f"{place}/children/{n}", child) for n, child in enumerate(node.children)]
            agenda += reversed(children)

    def _criterion(self, path: str, situation: str, node: CriterionNode) -> Statement:
        """A criterion: met, not met, or open; a finding that a test decides names the test."""
        fact = node.triple or (situation, P.leavesOpen, iri(node.iri))
        return Statement(path, "criterion", f"{node.label}: {node.value}", (fact,))
