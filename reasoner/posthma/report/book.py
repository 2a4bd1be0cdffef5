"""The proofs of an answer's claims in one book: each step once, numbered through, premises before conclusions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from posthma.closed import Closure
from posthma.decide.answer import Answer, Contradiction, CriterionNode
from posthma.proof import Builder, Proof, Step
from posthma.report.layout import Page
from posthma.report.proof import Telling, as_list, tell
from posthma.report.statements import Statement, status_fact
from posthma.terms import Triple


class Book:
    """Proofs of many facts of one closure.

    Args:
        closure: The closed record that the answer was drawn from.
        goals: The facts to prove; what does not hold is left out.
        clashes: The contradictions to prove, of the answer; what the closure does not hold is left out.

    Attributes:
        steps: Every step of every proof, once.
        label: Names things for a reader.
        telling: How a reader sees the steps: what one rule concludes in one sentence, once.
    """

    def __init__(self, closure: Closure, goals: Iterable[Triple], clashes: Iterable[Contradiction] = ()) -> None:
        sources = closure.sources

        def place(triple: Triple) -> tuple[str, str | None]:
            """Look up a list axiom by its first cell, which the closure finds at once."""
            s, p, o = triple
            held = next(closure.match(s, p), triple) if o.startswith("(") else triple
            return sources.knowledge_place(held)

        # A step is written once here and its sources asked once: 50 proofs one by one would repeat most of them.
        once = replace(
            sources, label=cache(sources.label), knowledge_place=cache(place),
            absences=cache(sources.absences), aggregates=cache(sources.aggregates),
        )  # fmt: skip
        builder = Builder(closure, once, closure.store.derivation)
        self.label: Callable[[str], str] = once.label
        self._numbers: dict[Triple, int] = {}
        for goal in dict.fromkeys(goals):
            fact = closure.find(goal)
            if fact is not None and fact in closure.store:
                self._numbers[goal] = builder.prove(fact)
        found = {(c.rule, c.premises): number for number, c in enumerate(closure.contradictions)}
        self._clashes = {
            clash: builder.refute(found[clash.rule, clash.premises])
            for clash in dict.fromkeys(clashes)
            if (clash.rule, clash.premises) in found
        }
        self.steps: list[Step] = builder.steps
        self.telling: Telling = tell(self.steps, self.label)
        self._header = tuple(sources.header.items())
        self._of_kind: dict[str, list[Step]] = {}
        for step in self.steps:
            self._of_kind.setdefault(step.kind, []).append(step)
        self._below = self._reached()

    def number(self, goal: Triple | None) -> int | None:
        """Return the number of the step that concludes a fact; None when it is not in the book."""
        return self._numbers.get(goal) if goal else None

    def refutation(self, clash: Contradiction) -> int | None:
        """Return the number of the step that concludes a contradiction; None when it is not in the book."""
        return self._clashes.get(clash)

    def step(self, number: int) -> Step:
        """Return a step by its number."""
        return self.steps[number - 1]

    def leaves(self, number: int, kind: str = "record") -> list[Step]:
        """Return the leaves of one kind that a step rests on, in order."""
        mask = self._below[number - 1]
        return [step for step in self._of_kind.get(kind, ()) if mask >> step.id & 1]

    def size(self, number: int) -> int:
        """Return how many steps that are shown the proof that ends with a step has."""
        return self._below[number - 1].bit_count()

    def proof(self, goal: Triple) -> Proof:
        """Return the proof of one fact, numbered from 1; `posthma check` accepts it.

        Raises:
            KeyError: The fact is not in the book.
        """
        inside = self._within(self._numbers[goal])
        renumbered = {old: new for new, old in enumerate(inside, start=1)}
        steps = tuple(
            replace(self.step(n), id=renumbered[n], premises=tuple(renumbered[p] for p in self.step(n).premises))
            for n in inside
        )
        return Proof(steps, len(steps), self._header)

    def whole(self) -> Proof:
        """Return all proofs as one, whose every step a checker looks at; its goal is the last step.

        Raises:
            IndexError: The book is empty.
        """
        return Proof(tuple(self.steps), self.steps[-1].id, self._header)

    def _within(self, number: int) -> list[int]:
        found, agenda = {number}, [number]
        while agenda:
            for premise in self.step(agenda.pop()).premises:
                if premise not in found:
                    found.add(premise)
                    agenda.append(premise)
        return sorted(found)

    def _reached(self) -> list[int]:
        """Return for each step a mask of the steps that its proof shows, itself among them."""
        masks: list[int] = []
        for step in self.steps:
            mask = 1 << self.telling.shown[step.id]
            for premise in step.premises:
                mask |= masks[premise - 1]
            masks.append(mask)
        return masks


def as_text(found: Iterable[Statement], book: Book, page: Page) -> str:
    """Write each statement with its place in the JSON and the numbers of its steps, then the steps."""
    for statement in found:
        proven = [*map(book.number, statement.facts), book.refutation(statement.clash) if statement.clash else None]
        steps = dict.fromkeys(str(book.telling.shown[number]) for number in proven if number)
        page.text(f"{statement.path}: {statement.text} [{', '.join(steps)}]", bullet="-")
    page.heading("Steps")
    as_list(book.steps, book.telling, page)
    return str(page)


def goals(answer: Answer) -> list[Triple]:
    """Return the facts that an answer says, each once: failure, disease, duties, and the value of every option."""
    found: list[Triple | None] = [premise for clash in answer.contradictions for premise in clash.premises]
    for claims in (
        answer.patient_summary,
        answer.failure.verdicts,
        answer.failure.sentences,
        answer.failure.assumptions,
        answer.disease_state,
        answer.first,
        answer.counselling,
        answer.notices,
    ):
        found += [claim.triple for claim in claims]
    found += [made.triple for made in answer.choices]
    for option in answer.options:
        found.append(status_fact(option))
        found += _decided(option.criteria) if option.criteria else [option.triple]
        found += [note.triple for note in (*option.safety, *option.duties)]
    return list(dict.fromkeys(triple for triple in found if triple))


def _decided(node: CriterionNode) -> list[Triple]:
    """Return the topmost criteria that have a proof: the whole when it is decided, else its decided parts."""
    if node.triple:
        return [node.triple]
    return [triple for child in node.children for triple in _decided(child)]
