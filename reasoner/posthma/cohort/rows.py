"""One row a patient: what is kept of an assessment in a cohort.

A row says the same as `posthma recommend`, shorter; tests hold the two against each other. Evidence, sentences and
order, which a row does not show, are not made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from posthma.closed import Closure
from posthma.decide.contradictions import about_failure, contradictions
from posthma.decide.criteria import Judge
from posthma.decide.failure import first_met
from posthma.decide.guidance import Guidance
from posthma.decide.outlook import STATUS_OF
from posthma.intake.build import gene_targets
from posthma.intake.nodes import nodes
from posthma.question import Asked
from posthma.vocab import KB, RDFS, P, plain_iri

if TYPE_CHECKING:
    from posthma.engine import KnowledgeBase
    from posthma.intake.rdf import Record

__all__ = ["EACH", "LISTS", "NUMBERS", "Rows"]

LISTS = ("kind", "applicable", "missing_tests", "contradictions", "mutations", "tested_genes")
"""Columns that hold several values."""
EACH = "_statuses"
"""Key beside the columns: the status of each option, as its position among the statuses."""
NUMBERS = ("cells_not_understood",)
"""Columns that hold a number, beside those of the statuses."""


class Rows:
    """Makes rows from closures.

    Args:
        kb: The knowledge base.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.guidance: Guidance = kb.guidance

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Column by status, in the order of the policy for options."""
        guidance = self.guidance
        used = {guidance.one(guidance.one(o, P.stance), p) for o in guidance.options for p in STATUS_OF.values()}
        keys = guidance.policy().keys
        ranks = [value for properties, values, _, _ in keys if properties == (P.status,) for value in values]
        ordered = sorted(used, key=lambda s: (ranks.index(s) if s in ranks else len(ranks), guidance.label(s)))
        return {label: "options_" + label.replace(" ", "_") for label in map(guidance.label, ordered)}

    @property
    def columns(self) -> list[str]:
        """Every column, in order."""
        head = ["patient", "place", "date", "jurisdiction", "out_of_scope", "gate", "kind", "certainty"]
        return [*head, *self.statuses.values(), *LISTS[1:], *NUMBERS, "knowledge_version"]

    @cached_property
    def _genes(self) -> dict[str, str]:
        """The class of a mutation by the gene's symbol."""
        targets = nodes("kb/tests.ttl")
        return {
            symbol: f"<{P.BASE}{name}>"
            for symbol, target in sorted(gene_targets().items())
            for name in targets.get(target, {}).get("presentClass", ())
        }

    def row(self, record: Record, asked: Asked, closure: Closure, not_understood: int = 0) -> dict[str, Any]:
        """Return the row of a closed record.

        Args:
            record: The record.
            asked: The question put to it.
            closure: The record closed with that question.
            not_understood: How many items of the input were not understood.
        """
        guidance = self.guidance
        fresh = next((s for s, _, _ in closure.match(None, P.freshOf, asked.question)), asked.question)
        whole = Judge(closure, guidance, asked.question, asked.question)
        now = Judge(closure, guidance, fresh, asked.question)
        scope = first_met(guidance, whole, KB.partOutOfScope)
        clashes = contradictions(closure, guidance, record)
        settled = not clashes or not about_failure(closure, guidance, asked.question, clashes)
        gate = first_met(guidance, whole, KB.partGate) if settled else ""
        kinds = [c for c in guidance.shown.get(KB.partKind, ()) if whole.value(c) == "met"] if settled else []
        certainty = first_met(guidance, whole, KB.partCertainty) if settled else ""
        counts = dict.fromkeys(self.statuses, 0)
        applicable: list[str] = []
        missing: dict[str, None] = {}
        each: list[int] = []
        if not scope and not clashes:
            each = self._options(whole, now, counts, applicable, missing)
        values = {symbol: whole.value(cls) for symbol, cls in self._genes.items()}
        return {
            "patient": plain_iri(asked.patient),
            "place": record.path,
            "date": asked.date,
            "jurisdiction": guidance.label(asked.jurisdiction) if asked.jurisdiction else "",
            "out_of_scope": guidance.label(scope) if scope else "",
            "gate": guidance.label(gate) if gate else "cannot be determined",
            "kind": [guidance.label(c) for c in kinds],
            "certainty": guidance.label(certainty) if certainty else "",
            **{column: counts[label] for label, column in self.statuses.items()},
            "applicable": applicable,
            "missing_tests": list(missing),
            "contradictions": [clash.text for clash in clashes],
            "mutations": [symbol for symbol, value in values.items() if value == "met"],
            "tested_genes": [symbol for symbol, value in values.items() if value != "unknown"],
            "cells_not_understood": not_understood,
            "knowledge_version": self.kb.knowledge.version,
            EACH: each,
        }

    def _options(
        self, whole: Judge, now: Judge, counts: dict[str, int], applicable: list[str], missing: dict[str, None]
    ) -> list[int]:
        each = []
        places = {status: number for number, status in enumerate(self.statuses)}
        for population, by_value, fresh, label in self._prepared:
            judge = now if fresh else whole
            value = judge.value(population)
            status = by_value[value]
            counts[status] += 1
            each.append(places[status])
            if status == "applicable":
                applicable.append(label)
            if value == "unknown":
                for leaf in self._unknown(judge, population):
                    test = self.guidance.decided_by(leaf)
                    missing[self.guidance.label(test or leaf)] = None
        return each

    @property
    def options(self) -> list[str]:
        """The options by label, in the order in which `EACH` gives their statuses."""
        return [label for *_, label in self._prepared]

    @cached_property
    def _prepared(self) -> list[tuple[str, Mapping[str, str], bool, str]]:
        """What a row needs of each option, looked up once."""
        found: list[tuple[str, Mapping[str, str], bool, str]] = []
        for option in self.guidance.options:
            stance = self.guidance.one(option, P.stance)
            by_value = {value: self.guidance.label(self.guidance.one(stance, p)) for value, p in STATUS_OF.items()}
            fresh = self.guidance.text(option, P.requiresFreshFindings) == "true"
            label = self.guidance.text(option, RDFS.label)
            found.append((self.guidance.one(option, P.forPopulation), by_value, fresh, label))
        return found

    def _unknown(self, judge: Judge, cls: str) -> list[str]:
        """Return the findings that keep a criterion undecided; those below a decided part do not."""
        found: dict[str, None] = {}
        agenda = [cls]
        while agenda:
            current = agenda.pop()
            if judge.value(current) != "unknown":
                continue
            _, members = self.guidance.definitions.get(current, ("", ()))
            if members:
                agenda.extend(reversed(members))
            else:
                found[current] = None
        return list(found)
