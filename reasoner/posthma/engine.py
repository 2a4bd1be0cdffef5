"""The knowledge base as a reasoner: load once, close and assess any number of records.

>>> import posthma
>>> kb = posthma.load()
>>> answer = kb.assess(kb.knowledge.root / "kb/cases/patient-4/record.ttl")
>>> answer.failure.gate
'after HMA failure'
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from posthma.closed import Closure
from posthma.closure import Before
from posthma.errors import RuleError
from posthma.knowledge import Knowledge, read_knowledge
from posthma.question import Asked, Chosen, ask
from posthma.rules.cache import compiled
from posthma.rules.files import RuleText, read_rule
from posthma.rules.program import Program
from posthma.terms import Triple

if TYPE_CHECKING:
    from posthma.decide.answer import Answer
    from posthma.decide.guidance import Guidance, Policy
    from posthma.intake.rdf import Record
    from posthma.proof import Sources


class KnowledgeBase:
    """Ontology, knowledge and rules, compiled.

    Args:
        knowledge: What was read from ontology/ and kb/.
        cache: Use and fill the cache of compiled programs.
    """

    def __init__(self, knowledge: Knowledge, cache: bool = True) -> None:
        self.knowledge = knowledge
        self.cache = cache

    @cached_property
    def program(self) -> Program:
        """The compiled program, from the cache when it holds this knowledge."""
        return self._compiled(told=False)

    @cached_property
    def telling(self) -> Program:
        """The program that goes on to state what an answer says, so that every statement of it has a proof."""
        return self._compiled(told=True)

    def _compiled(self, told: bool) -> Program:
        root = self.knowledge.root
        order = cache(lambda: layers(root, told=told))
        return compiled(
            f"{self.knowledge.fingerprint} told" if told else self.knowledge.fingerprint,
            lambda: self.knowledge.triples,
            lambda: [rule for rule in self.rules if told or rule.layer not in told_layers(root)],
            order,
            lambda: record_keys(root),
            self.cache,
        )

    @cached_property
    def rules(self) -> list[RuleText]:
        """The rule files of queries/rules/, in the order of their ids."""
        return rule_files(self.knowledge.root)

    @cached_property
    def guidance(self) -> Guidance:
        """Options, evidence, duties and definitions, gathered for `decide`."""
        from posthma.decide.guidance import gather

        return gather(self.knowledge)

    def read(self, record: str | os.PathLike[str] | Record) -> Record:
        """Read and validate a record.

        Raises:
            RecordError: It cannot be read, or does not conform; the findings are in the error.
        """
        from posthma.intake.rdf import Record, read_record
        from posthma.validation import refuse, validate

        found = record if isinstance(record, Record) else read_record(record)
        refuse(found, validate(found, self.knowledge))
        return found

    def close(
        self,
        record: str | os.PathLike[str] | Record | Iterable[Triple],
        *,
        at: str | None = None,
        jurisdiction: str | None = None,
        choices: Mapping[str, str] | None = None,
    ) -> Closure:
        """Close a record: rules and OWL 2 RL, layer by layer.

        Args:
            record: A path or record, validated first, or bare triples, closed as they are with all their questions.
            at: Decision date (ISO); the record's last question when None.
            jurisdiction: Local name such as ``EU``; the question's own when None.
            choices: Definitions and windows by name, as for `assess`.

        Raises:
            RecordError: The record is not sound.
            LimitError: It explodes.
            UsageError: A choice is unknown.
        """
        return self._close(record, at, jurisdiction, choices, self.program)

    def tell(
        self,
        record: str | os.PathLike[str] | Record,
        *,
        at: str | None = None,
        jurisdiction: str | None = None,
        choices: Mapping[str, str] | None = None,
    ) -> Closure:
        """Close a record and state what an answer says: statuses, open findings, directness, labels, duties.

        So that every statement of an answer has a proof; see `posthma.report.statements`. Arguments and errors are
        those of `close`.
        """
        return self._close(record, at, jurisdiction, choices, self.telling)

    def _close(
        self,
        record: str | os.PathLike[str] | Record | Iterable[Triple],
        at: str | None,
        jurisdiction: str | None,
        choices: Mapping[str, str] | None,
        program: Program,
    ) -> Closure:
        from posthma.intake.rdf import Record

        if isinstance(record, (str, os.PathLike, Record)):
            sound = self.read(record)
            asked = ask(sound.triples, at, jurisdiction, self.chosen(choices))
            return self._closed(asked.triples, self.sources(sound, asked), None, program)
        return self._closed(tuple(record), self.sources(None, None), None, program)

    def assess(
        self,
        record: str | os.PathLike[str] | Record,
        *,
        at: str | None = None,
        jurisdiction: str | None = None,
        choices: Mapping[str, str] | None = None,
        compare: bool = False,
        policy: str | os.PathLike[str] | Policy | None = None,
    ) -> Answer:
        """Assess one patient.

        Args:
            record: A path or a record that was read.
            at: Decision date (ISO); the record's last question when None.
            jurisdiction: Local name such as ``EU``; the question's own when None.
            choices: Definitions and windows by name, such as ``{"aml": "who", "attribution": "60"}`` (kb/choices.ttl);
                what the record's question says, or the default, when not named.
            compare: Try every other choice too and tell which would change the answer.
            policy: A Turtle file with an order of options, or one that was read; the default order when None.

        Raises:
            RecordError: The record is not sound: there is no answer then.
            LimitError: It explodes.
            UsageError: A choice is unknown.
            PolicyError: The policy is not sound, or would order by evidence.
        """
        from posthma.decide.assess import assess

        sound = self.read(record)
        asked = ask(sound.triples, at, jurisdiction, self.chosen(choices))
        closure = self.closure_of(asked.triples, self.sources(sound, asked))
        answer = assess(self, sound, asked, closure, self.order(policy))
        if compare:
            from posthma.decide.compare import other_choices

            return replace(answer, other_choices=other_choices(self, sound, asked, closure))
        return answer

    def order(self, policy: str | os.PathLike[str] | Policy | None) -> Policy | None:
        """Return a policy of order, read from its file where one is named.

        Raises:
            UsageError: The file cannot be read.
            PolicyError: The policy is not sound, or would order by evidence.
        """
        if not isinstance(policy, (str, os.PathLike)):
            return policy
        from posthma.decide.policy import read_policy

        return read_policy(policy, self.guidance)

    def chosen(self, choices: Mapping[str, str] | None) -> tuple[Chosen, ...]:
        """Return what a call chooses.

        Raises:
            UsageError: A name is unknown.
        """
        if not choices:
            return ()
        from posthma.decide.choices import resolve

        return resolve(choices, self.guidance)

    def closure_of(self, triples: tuple[Triple, ...], sources: Sources) -> Closure:
        """Close triples as they are and keep every derivation; proofs cite ``sources``."""
        return self._closed(triples, sources, None, self.program, keep_all=True)

    def _closed(
        self, triples: tuple[Triple, ...], sources: Sources, before: Before | None, program: Program,
        keep_all: bool = False,
    ) -> Closure:  # fmt: skip
        store, start = program.start(triples, keep_all, before)
        return Closure(
            store,
            triples,
            again=lambda: Closure(program.run(triples, keep_all=True), triples, None, sources),
            sources=sources,
            change=lambda changed: self._closed(changed, sources, start, program, keep_all),
        )

    def sources(self, record: Record | None, asked: Asked | None) -> Sources:
        """Return what proofs of a record's closure cite."""
        from posthma.proof import Sources
        from posthma.says import Sentences

        sentences = Sentences(self.knowledge, self.rules, record)
        header: dict[str, object] = {
            "knowledge": {"version": self.knowledge.version, "sha256": self.knowledge.sha256},
            "record": {"sha256": record.sha256 if record else ""},
        }
        if asked is not None and asked.added:
            header["question"] = [list(t) for t in asked.triples if t[0] in asked.added]
        return Sources(
            label=sentences.label, template=sentences.template, record_place=sentences.record_place,
            knowledge_place=sentences.knowledge_place, absences=sentences.absences, aggregates=sentences.aggregates,
            question=asked.added if asked else frozenset(), header=header,
        )  # fmt: skip


def load(
    *, as_of: str | None = None, without_source: str | None = None, root: Path | None = None, cache: bool = True
) -> KnowledgeBase:
    """Load the knowledge base.

    Args:
        as_of: ISO date: only source documents in force on that day. Today when None.
        without_source: A source document or publication to leave out.
        root: Folder with ontology/, kb/ and queries/; the project's own when None.
        cache: Use the cache of compiled programs in the user's cache folder.

    Raises:
        KnowledgeError: A file of the knowledge base is wrong.
        UsageError: An argument names nothing known.
    """
    return KnowledgeBase(read_knowledge(root, as_of=as_of, without_source=without_source), cache)


def rule_files(root: Path) -> list[RuleText]:
    """Read every rule file below ``queries/rules/``.

    Raises:
        RuleError: Two files carry one id, or a header is not whole.
    """
    found: dict[str, RuleText] = {}
    for path in sorted((root / "queries" / "rules").rglob("*.rq")):
        source = read_rule(path, path.relative_to(root).as_posix())
        if source.id in found:
            raise RuleError(
                source.path, f"the id {source.id} is taken by {found[source.id].path}", "give it an id of its own"
            )
        found[source.id] = source
    return [found[key] for key in sorted(found)]


def layers(root: Path, *, told: bool = False) -> tuple[str, ...]:
    """Return the declared order of layers.

    Args:
        root: Folder with queries/rules/layers.toml.
        told: With the layers that state what an answer says; see `told_layers`.

    Raises:
        RuleError: ``queries/rules/layers.toml`` is missing or names none.
    """
    return (*_declared(root, "order"), *(told_layers(root) if told else ()))


def told_layers(root: Path) -> tuple[str, ...]:
    """Return the layers that run after all others, and only when proofs of an answer's statements are wanted."""
    return _declared(root, "told")


def _declared(root: Path, key: str) -> tuple[str, ...]:
    path = root / "queries" / "rules" / "layers.toml"
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
        order = declared["order"] if key == "order" else declared.get(key, ())
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise RuleError(
            "queries/rules/layers.toml", f"no order of layers ({error})", 'write order = ["time", ...]'
        ) from error
    return tuple(order)


def record_keys(root: Path) -> list[str]:
    """Return the IRIs that a record may use as predicate or class: those that the record's shapes mention."""
    import pyoxigraph as ox

    found: dict[str, None] = {}
    for path in sorted((root / "ontology" / "shapes").glob("*.ttl")):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.NamedNode):
                found[quad.object.value] = None
    return list(found)
