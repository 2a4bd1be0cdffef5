"""One patient's question, closed once, and its outlook under any supposition."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from posthma.closed import Closure
from posthma.decide.answer import Answer
from posthma.decide.assess import assess
from posthma.decide.changes import Change, Ways
from posthma.decide.choices import resolve, under
from posthma.decide.draft import Supposed, write
from posthma.decide.guidance import Guidance
from posthma.decide.outlook import Outlook, look
from posthma.errors import ScopeError, UsageError
from posthma.intake.rdf import Record
from posthma.question import Asked, ask
from posthma.terms import Triple
from posthma.vocab import curie, expand, plain_iri

if TYPE_CHECKING:
    from posthma.engine import KnowledgeBase
    from posthma.proof import Sources


@dataclass(frozen=True)
class SupposedRecord(Record):
    """A record with changes written into it; places of what is supposed say so."""

    original: Record | None = None
    added: frozenset[Triple] = frozenset()

    def place(self, triple: Triple) -> str:
        """Return where the original record states a fact, or ``supposed``."""
        return "supposed" if triple in self.added or self.original is None else self.original.place(triple)


class Case:
    """A record with its question in a knowledge base.

    Args:
        kb: The knowledge base.
        record: A sound record.
        asked: The question.
    """

    def __init__(self, kb: KnowledgeBase, record: Record, asked: Asked) -> None:
        self.kb, self.record, self.asked = kb, record, asked
        self.guidance = under(kb.guidance, asked)
        self._seen: dict[frozenset[Change], Outlook] = {}

    @classmethod
    def open(
        cls, kb: KnowledgeBase, record: str | os.PathLike[str] | Record, at: str | None = None,
        jurisdiction: str | None = None, choices: Mapping[str, str] | None = None,
    ) -> Case:  # fmt: skip
        """Read and validate a record and ask its question.

        Raises:
            RecordError: The record is not sound.
            ScopeError: It is sound, and its patient out of scope.
            UsageError: A choice is unknown.
        """
        sound = kb.read(record)
        found = cls(kb, sound, ask(sound.triples, at, jurisdiction, resolve(choices, kb.guidance)))
        if found.now.withheld:
            raise ScopeError(sound.path, found.now.withheld, "nothing is recommended, so nothing can be compared")
        return found

    @cached_property
    def ways(self) -> Ways:
        """How findings come about."""
        return Ways(self.guidance)

    @cached_property
    def now(self) -> Outlook:
        """The outlook of the record as it is."""
        return self._outlook(self.asked.triples)

    @cached_property
    def answer(self) -> Answer:
        """The answer about the record as it is."""
        return assess(self.kb, self.record, self.asked, self.now.closure)

    def suppose(self, changes: Iterable[Change]) -> Supposed:
        """Write changes into the record's facts.

        Raises:
            UsageError: They cannot be.
        """
        return write(changes, self.ways, self.asked, self.now.closure)

    def outlook(self, changes: Iterable[Change]) -> Outlook:
        """Return the outlook under changes; equal ones are closed once.

        Raises:
            UsageError: They cannot be.
        """
        key = frozenset(changes)
        if not key:
            return self.now
        if key not in self._seen:
            self._seen[key] = self._outlook(self.suppose(sorted(key, key=str)).triples)
        return self._seen[key]

    def answer_to(self, supposed: Supposed) -> Answer:
        """Return the whole answer about changed facts."""
        original = self.record
        record = SupposedRecord(
            original.path, original.format, supposed.triples, original.sha256, original.text, original, supposed.added
        )
        return assess(self.kb, record, self.asked, self._closure(supposed.triples, record))

    def option(self, name: str) -> str:
        """Return the token of an option of the knowledge base.

        Raises:
            UsageError: There is none of this name.
        """
        import difflib

        token = expand(name if ":" in name or name.startswith("<") else f"kb:{name}")
        if token not in self.guidance.options:
            near = difflib.get_close_matches(curie(token), map(curie, self.guidance.options), n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else "see posthma recommend"
            raise UsageError(name, "it is no option of the knowledge base", hint)
        return token

    def _closure(self, triples: tuple[Triple, ...], record: Record) -> Closure:
        sources = self._sources if record is self.record else self.kb.sources(record, self.asked)
        return self.kb.closure_of(triples, sources)

    @cached_property
    def _sources(self) -> Sources:
        return self.kb.sources(self.record, self.asked)

    def _outlook(self, triples: tuple[Triple, ...]) -> Outlook:
        return look(self._closure(triples, self.record), self.guidance, self.asked, self.record)


def named(options: Iterable[str], guidance: Guidance) -> tuple[str, ...]:
    """Return the plain IRIs of options, sorted."""
    return tuple(sorted(plain_iri(option) for option in options if option in guidance.said))
