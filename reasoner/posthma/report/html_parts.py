"""Pieces of an HTML report: sections, rows, citations that link to the list, proofs that fold open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from posthma.decide.answer import Advice, Answer, Claim, Contradiction, EvidenceItem, OptionVerdict
from posthma.report.book import Book
from posthma.report.marks import Marks
from posthma.report.proof import origin
from posthma.terms import Triple

Cited = Claim | Advice | EvidenceItem | OptionVerdict


def section(key: str, heading: str, inside: str, kind: str = "") -> str:
    """Return a section named by its heading."""
    css = f' class="{kind}"' if kind else ""
    head = f'<h2 id="{key}-heading">{escape(heading)}</h2>'
    return f'<section id="{key}" aria-labelledby="{key}-heading"{css}>\n{head}\n{inside}</section>\n'


def rows(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names with their text, already HTML, as a description list; empty ones are left out."""
    inside = "".join(f"<dt>{name}</dt><dd>{text}</dd>\n" for name, text in pairs if text)
    return f'<dl class="rows">\n{inside}</dl>\n' if inside else ""


def joined(parts: Iterable[str]) -> str:
    """Return parts as one text."""
    return "".join(parts)


class Parts:
    """What every part of an HTML report shares.

    Args:
        answer: The answer.
        book: Its proofs, or None.
        full: Begin with everything unfolded.
    """

    def __init__(self, answer: Answer, book: Book | None, full: bool) -> None:
        self.answer, self.book = answer, book
        self.open = " open" if full else ""
        self.marks = Marks()
        self._said: dict[int, str] = {}
        self._told: dict[int, tuple[str, str]] = {}

    def has(self, key: str) -> bool:
        """Say whether the report has a part."""
        answer = self.answer
        present = {
            "disease": bool(answer.disease_state),
            "tests": any(option.missing for option in answer.options),
            "discuss": bool(answer.counselling),
            "choices": bool(answer.choices),
            "sources": bool(answer.options or answer.first or answer.counselling),
            "steps": bool(self.book and self.book.steps),
        }
        return present.get(key, True)

    def cited(self, claims: Iterable[Cited]) -> str:
        """Return the marks of claims as links to the list of sources."""
        parts = self.marks.parts(citation for claim in claims for citation in claim.citations)
        if not parts:
            return ""
        links = (
            f'<a href="#source-{mark}" aria-label="source {mark}">{mark}</a>{f":{escape(place)}" if place else ""}'
            for mark, place in parts
        )
        return f' <span class="cite">[{"; ".join(links)}]</span>'

    def proofs(self, claims: Sequence[Claim | Advice | OptionVerdict]) -> str:
        """Return the proofs of claims, folded."""
        return self.folded([claim.triple for claim in claims])

    def folded(self, goals: Iterable[Triple | None]) -> str:
        """Return the proofs of facts, folded; nothing without a book."""
        book = self.book
        return self._folded([n for goal in goals if book and (n := book.number(goal))])

    def refuted(self, clash: Contradiction) -> str:
        """Return the proof of a contradiction, folded."""
        number = self.book.refutation(clash) if self.book else None
        return self._folded([number] if number else [])

    def _folded(self, found: Iterable[int]) -> str:
        book = self.book
        numbers = list(dict.fromkeys(book.telling.shown[n] for n in found)) if book else []
        if book is None or not numbers:
            return ""
        return (
            f"<details{self.open}><summary>{'Proof' if len(numbers) == 1 else f'{len(numbers)} proofs'}</summary>\n"
            f"{''.join(self._proof(book, number) for number in numbers)}</details>\n"
        )

    def _proof(self, book: Book, number: int) -> str:
        leaves = book.leaves(number)
        facts = "".join(f"<li>{self._sentence(book, step.id)}</li>" for step in leaves)
        return (
            f"<p>{self._sentence(book, number)}, {book.size(number)} steps. It rests on:</p>\n"
            f"<ul>{''.join(self._premise(book, n, 1) for n in book.telling.premises(book.step(number)))}</ul>\n"
            + (f"<p>Facts of the record behind it:</p>\n<ul>{facts}</ul>\n" if facts else "")
        )

    def _premise(self, book: Book, number: int, deeper: int) -> str:
        premises = book.telling.premises(book.step(number)) if deeper else ()
        inner = "".join(self._premise(book, n, deeper - 1) for n in premises)
        return f"<li>{self._sentence(book, number)}{f'<ul>{inner}</ul>' if inner else ''}</li>"

    def _sentence(self, book: Book, number: int) -> str:
        found = self._said.get(number)
        if found is None:
            sentence, whence = self.told(book, number)
            found = f'<a href="#step-{number}">step {number}</a> {sentence} <span class="rule">[{whence}]</span>'
            self._said[number] = found
        return found

    def told(self, book: Book, number: int) -> tuple[str, str]:
        """Return what a step says and where it stands or by which rule it follows, as HTML."""
        found = self._told.get(number)
        if found is None:
            found = self._told[number] = (escape(book.telling.sentences[number]), escape(origin(book.step(number))))
        return found
