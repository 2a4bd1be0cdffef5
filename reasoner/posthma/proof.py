"""Proofs: the derivations behind one conclusion, down to the record and to the documents.

A proof lists steps, premises before conclusions, each once. A leaf is a fact of the record, a triple of the
knowledge, or the question asked; every other step names its rule, its substitution and its premises. Ids
count from 1 in the order of a walk that is the same every time, so equal answers give equal proofs.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from posthma.closed import Closure
from posthma.errors import ProofError
from posthma.rules.form import Rule
from posthma.rules.specialise import PATH_RULE
from posthma.store import SAME_TOKEN, Derivation
from posthma.terms import OWL, RDF, Fact, Triple

FIRST, REST, NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
FORMAT = "posthma-proof/1"
_OPEN = re.compile(r"\{\w+\}")
CONTRADICTION: Triple = ("<https://w3id.org/posthma/ontology/Contradiction>", f"<{RDF}type>", f"<{OWL}Nothing>")
"""What the proof of a contradiction concludes."""


@dataclass
class Sources:
    """Where facts come from and what things are called; everything a proof shows beyond the bare derivation.

    Attributes:
        label: Token -> readable name.
        template: Rule id -> sentence template, or None.
        record_place: Record triple -> place in the input ("record.ttl:31").
        knowledge_place: Knowledge triple -> (file, document or None).
        absences: Rule id -> what it finds absent and the licence, as the rule file's header says.
        question: IRIs of questions that the call added, not the record.
        header: Hashes and versions for the top of the JSON.
    """

    label: Callable[[str], str] = field(default=lambda token: short(token))
    template: Callable[[str], str | None] = field(default=lambda rule: None)
    record_place: Callable[[Triple], str] = field(default=lambda triple: "asserted")
    knowledge_place: Callable[[Triple], tuple[str, str | None]] = field(default=lambda triple: ("knowledge", None))
    absences: Callable[[str], list[dict[str, str]]] = field(default=lambda rule: [])
    aggregates: Callable[[str], list[str]] = field(default=lambda rule: [])
    question: frozenset[str] = frozenset()
    header: dict[str, Any] = field(default_factory=dict)


def short(token: str) -> str:
    """Return a token's last part, or a literal's text.

    >>> short("<https://w3id.org/posthma/kb/idh2>")
    'idh2'
    """
    if token[0] == "<":
        return token[1:-1].rstrip("/#").replace("#", "/").rpartition("/")[2] or token[1:-1]
    if token[0] == '"':
        return token[1 : token.rindex('"')]
    return token


@dataclass(frozen=True)
class Step:
    """One line of a proof.

    Attributes:
        id: Number, counted from 1.
        kind: ``record``, ``question``, ``knowledge`` or ``rule``.
        triple: What the step holds; a list in object place is written ``(<a> <b>)``.
        place: For leaves: where it stands.
        document: For knowledge: the source document's graph, when there is one.
        rule: For rule steps: OWL 2 RL's name or ours.
        premises: Ids of the steps that it rests on.
        substitution: Variable -> token.
        says: One sentence.
    """

    id: int
    kind: str
    triple: Triple
    place: str = ""
    document: str | None = None
    rule: str = ""
    premises: tuple[int, ...] = ()
    substitution: tuple[tuple[str, str], ...] = ()
    says: str = ""
    absences: tuple[tuple[tuple[str, str], ...], ...] = ()
    aggregates: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the step as it stands in the JSON."""
        found: dict[str, Any] = {"id": self.id, "kind": self.kind, "triple": list(self.triple)}
        if self.kind != "rule":
            found["place"] = self.place
            if self.document:
                found["document"] = self.document
            return found
        found |= {
            "rule": self.rule,
            "premises": list(self.premises),
            "substitution": dict(self.substitution),
            "says": self.says,
        }
        if self.absences:
            found["absences"] = [dict(a) for a in self.absences]
        if self.aggregates:
            found["aggregates"] = list(self.aggregates)
        return found


@dataclass(frozen=True)
class Proof:
    """A proof of one triple."""

    steps: tuple[Step, ...]
    goal: int
    header: tuple[tuple[str, Any], ...] = ()

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def conclusion(self) -> Triple:
        """The triple proven."""
        return self.steps[self.goal - 1].triple

    def to_dict(self) -> dict[str, Any]:
        """Return the proof in the form ``posthma-proof/1``."""
        return {"format": FORMAT, **dict(self.header), "goal": self.goal, "steps": [s.to_dict() for s in self.steps]}

    def to_json(self) -> str:
        """Return the proof as JSON text, the same bytes every time."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    def leaves(self) -> Iterator[Step]:
        """Yield the steps that rest on nothing."""
        return (s for s in self.steps if s.kind != "rule")

    def to_networkx(self) -> Any:
        """Return a `networkx.DiGraph` from premises to conclusions; nodes carry ``triple``, ``rule`` and ``says``."""
        import networkx as nx  # slow to import, wanted for drawing only

        graph = nx.DiGraph()
        for step in self.steps:
            graph.add_node(
                step.id, triple=step.triple, kind=step.kind, rule=step.rule, says=step.says, place=step.place
            )
            graph.add_edges_from((premise, step.id) for premise in step.premises)
        return graph


class Builder:
    """Walks derivations and numbers the steps."""

    def __init__(self, closure: Closure, sources: Sources, choose: Callable[[Fact], Derivation | None]) -> None:
        self.closure, self.sources, self.choose = closure, sources, choose
        self.terms, self.store = closure.terms, closure.store
        self.steps: list[Step] = []
        self.numbers: dict[Any, int] = {}
        self.first, self.rest = (self.terms.find(FIRST), self.terms.find(REST))

    def prove(self, goal: Fact) -> int:
        """Add the steps for a fact, without recursion, and return its id."""
        stack: list[tuple[Any, bool]] = [(goal, False)]
        while stack:
            item, ready = stack.pop()
            if item in self.numbers:
                continue
            if isinstance(item[2], tuple):
                self._knowledge(item)
                continue
            derivation = self.choose(item)
            if derivation is None:
                self._leaf(item)
                continue
            premises = self.premises(derivation)
            missing = [p for p in premises if p not in self.numbers]
            if ready or not missing:
                self._rule_step(item, derivation, [self.numbers[p] for p in premises])
            else:
                stack.append((item, True))
                stack.extend((p, False) for p in reversed(missing))
        return self.numbers[goal]

    def refute(self, number: int) -> int:
        """Add the steps for the closure's contradiction ``number`` (0 for the first) and return the id of the last."""
        rule, facts = list(self.store.contradictions)[number]
        premises = self.premises((rule, facts))
        for premise in premises:
            self.prove(premise)
        step = Step(
            len(self.steps) + 1, "rule", CONTRADICTION, rule=rule.id,
            premises=tuple(self.numbers[p] for p in premises),
            substitution=self._named(rule, substitution(rule, None, facts)),
            says=self.closure.contradictions[number].says,
        )  # fmt: skip
        self.steps.append(step)
        return step.id

    def premises(self, derivation: Derivation) -> list[Any]:
        """Return what a derivation rests on: axioms first, walks and lists written out."""
        rule, facts = derivation
        found: dict[Any, None] = {}
        for item in itertools.chain(rule.axioms, facts):
            for part in self._walk(item):
                found[part] = None
        return self._fold_lists(list(found))

    def _walk(self, item: Any) -> Iterator[Any]:
        if not isinstance(item[2], tuple):
            derivation = self.store.derivation(item)
            if derivation is not None and derivation[0] is PATH_RULE:
                yield from derivation[1]
                return
        yield item

    def _fold_lists(self, items: list[Any]) -> list[Any]:
        if self.first is None:
            return items
        cells = {i[0] for i in items if i[1] in (self.first, self.rest)}
        if not cells:
            return items
        told: set[int] = set()
        found = []
        for item in items:
            head = item[2]
            if item[1] in (self.first, self.rest) or isinstance(head, tuple) or head not in cells:
                found.append(item)
                continue
            members, walked = self._members(head)
            told |= walked
            found.append((item[0], item[1], members))
        return [i for i in found if i[0] not in told or i[1] not in (self.first, self.rest)]

    def _members(self, head: int) -> tuple[tuple[int, ...], set[int]]:
        """Return a list's members and its cells."""
        found, cells, nil = [], set(), self.terms.find(NIL)
        while head != nil:
            cells.add(head)
            found.append(next(self.store.objects(self.first or 0, head)))
            head = next(self.store.objects(self.rest or 0, head))
        return tuple(found), cells

    def _add(self, key: Any, step: Step) -> None:
        self.numbers[key] = step.id
        self.steps.append(step)

    def _triple(self, item: Any) -> Triple:
        name = self.terms.name
        o = f"({' '.join(name(m) for m in item[2])})" if isinstance(item[2], tuple) else name(item[2])
        return (name(item[0]), name(item[1]), o)

    def _knowledge(self, item: Any) -> None:
        triple = self._triple(item)
        if self.store.base is None:
            self._add(item, Step(len(self.steps) + 1, "record", triple, self.sources.record_place(triple)))
            return
        place, document = self.sources.knowledge_place(triple)
        self._add(item, Step(len(self.steps) + 1, "knowledge", triple, place, document))

    def _leaf(self, fact: Fact) -> None:
        written = self.store.written.get(fact)
        if written is None and self.store.base is not None:
            written = self.store.base.written.get(fact)
        if written is not None:
            self._other_form(fact, (fact[0], fact[1], written))
        elif isinstance(fact[2], int):
            self._plain_leaf(fact)

    def _other_form(self, fact: Fact, source: Fact) -> None:
        """Add the steps from a fact to the same fact with its literal in another form (dt-eq, eq-rep-o)."""
        if source not in self.numbers:
            self._plain_leaf(source)
        old, new = self.terms.name(source[2]), self.terms.name(fact[2])
        equal = ("dt-eq", source[2], fact[2])
        if equal not in self.numbers:
            says = f"{short(old)} and {short(new)} are one value"
            self._add(equal, Step(len(self.steps) + 1, "rule", (old, SAME_TOKEN, new), rule="dt-eq", says=says))
        triple = self._triple(fact)
        premises = (self.numbers[equal], self.numbers[source])
        says = " ".join(self.sources.label(t) for t in triple)
        self._add(fact, Step(len(self.steps) + 1, "rule", triple, rule="eq-rep-o", premises=premises, says=says))

    def _plain_leaf(self, fact: Fact) -> None:
        canonical = (fact[0], fact[1], self.terms.same_value(fact[2]))
        if canonical not in self.store.derivations and self.store.base is not None:
            self._knowledge(fact)
            return
        triple = self._triple(fact)
        if triple[0] in self.sources.question:
            self._add(fact, Step(len(self.steps) + 1, "question", triple, "asked in the call"))
        else:
            self._add(fact, Step(len(self.steps) + 1, "record", triple, self.sources.record_place(triple)))

    def _named(self, rule: Rule, env: dict[int, int]) -> tuple[tuple[str, str], ...]:
        """Return a substitution by name; list cells, which are blank, are left out."""
        found = ((n, self.terms.name(t if t >= 0 else env[t])) for n, t in rule.names if t >= 0 or t in env)
        return tuple((n, token) for n, token in found if self.store.base is None or token[0] != "_")

    def _rule_step(self, fact: Fact, derivation: Derivation, premises: list[int]) -> None:
        rule, facts = derivation
        env = substitution(rule, fact, facts)
        named = self._named(rule, env)
        triple = self._triple(fact)
        absences = tuple(tuple(a.items()) for a in self.sources.absences(rule.id))
        self._add(
            fact,
            Step(
                len(self.steps) + 1, "rule", triple, rule=rule.id, premises=tuple(dict.fromkeys(premises)),
                substitution=named, says=sentence(self.sources, rule.id, dict(named), triple),
                absences=absences, aggregates=tuple(self.sources.aggregates(rule.id)),
            ),
        )  # fmt: skip


def substitution(rule: Rule, fact: Fact | None, facts: tuple[Fact, ...]) -> dict[int, int]:
    """Return the values of a rule's variables in one derivation."""
    env: dict[int, int] = {}
    for atom, premise in zip(reversed(rule.body.atoms), reversed(facts), strict=False):
        for variable, term in zip(atom, premise, strict=True):
            if variable < 0:
                env[variable] = term
    for atom in rule.head:
        if fact is not None and all(
            (v >= 0 and v == t) or (v < 0 and env.get(v, t) == t) for v, t in zip(atom, fact, strict=True)
        ):
            env |= {v: t for v, t in zip(atom, fact, strict=True) if v < 0}
    return env


def sentence(sources: Sources, rule: str, values: dict[str, str], triple: Triple) -> str:
    """Fill a rule's sentence template with labels; without a template, say the triple."""
    template = sources.template(rule)
    if template is None:
        return " ".join(sources.label(t) for t in triple)
    out = template
    for name, token in values.items():
        out = out.replace("{" + name + "}", sources.label(token))
    return _OPEN.sub("…", out)  # a value that the step does not name, such as one that a grouping computed


def prove(closure: Closure, triple: Triple, mode: str = "one", limit: int = 10) -> Any:
    """Return a proof of a triple, or a list of proofs for mode ``all``; see `Closure.proof`.

    Raises:
        ProofError: The triple does not hold, or the mode is unknown.
    """
    if mode not in ("one", "shortest", "all"):
        raise ProofError("proof", f"no mode {mode!r}", "use one, shortest or all")
    fact = closure.find(triple)
    if fact is None or triple not in closure:
        raise ProofError(
            " ".join(short(t) for t in triple), "it does not hold in this closure", "ask why-not, or check the terms"
        )
    sources = closure.sources
    if fact not in closure.store:
        return _reflexive(closure, fact, mode)
    asked = (fact[0], fact[1], closure.terms.id(triple[2]))
    if mode == "one":
        return make(closure, sources, fact, closure.store.derivation, asked)
    from posthma.choices import cheapest, every  # it builds on this module

    full = closure.with_all_derivations()
    fact = full.find(triple)
    assert fact is not None
    if mode == "shortest":
        return make(full, sources, fact, cheapest(full, sources).__getitem__)
    return list(itertools.islice(every(full, sources, fact), limit))


def make(
    closure: Closure,
    sources: Sources,
    fact: Fact,
    choose: Callable[[Fact], Derivation | None],
    asked: Fact | None = None,
) -> Proof:
    """Return the proof of a fact.

    Args:
        closure: Where the fact holds.
        sources: What the proof cites.
        fact: What to prove.
        choose: Gives the derivation to take for each fact.
        asked: The same fact in another lexical form, if that was asked for.
    """
    builder = Builder(closure, sources, choose)
    goal = builder.prove(fact)
    if asked is not None and asked != fact:
        if asked not in builder.numbers:
            builder._other_form(asked, fact)
        goal = builder.numbers[asked]
    return Proof(tuple(builder.steps), goal, tuple(sources.header.items()))


def refute(closure: Closure, number: int) -> Proof:
    """Return why the closure's contradiction ``number`` (0 for the first) holds; see `Closure.refutation`."""
    builder = Builder(closure, closure.sources, closure.store.derivation)
    goal = builder.refute(number)
    return Proof(tuple(builder.steps), goal, tuple(closure.sources.header.items()))


def _reflexive(closure: Closure, fact: Fact, mode: str) -> Any:
    """Prove that a term equals itself from a fact that mentions it; owl:sameAs from such a conclusion about another."""
    store, same = closure.store, fact[1]
    leaf = next(store.match(fact[0], None, None), None) or next(
        (f for f in store.match(None, None, None) if fact[0] in f), None
    )
    if leaf is None:
        other = next(store.match(None, None, None))[0]
        inner = _reflexive(closure, (other, same, other), "one")
    else:
        inner = make(closure, closure.sources, leaf, store.derivation)
    name = closure.terms.name(fact[0])
    says = f"{short(name)} is itself"
    step = Step(
        len(inner.steps) + 1, "rule", (name, SAME_TOKEN, name), rule="eq-ref", premises=(inner.goal,), says=says
    )
    proof = Proof((*inner.steps, step), step.id, inner.header)
    return [proof] if mode == "all" else proof
