"""The value of a criterion for a situation: met, not met or unknown, down to the findings.

Met is a type in the closed graph, not met is `p:fails`, unknown is neither (Kleene's three values).
"""

from __future__ import annotations

from typing import Literal

from posthma.closed import Closure
from posthma.decide.answer import CriterionNode, Value
from posthma.decide.dates import Dates
from posthma.decide.guidance import RDF_TYPE, Guidance, Operator, remembered
from posthma.terms import Triple
from posthma.vocab import P, plain_iri


class Judge:
    """Values of criteria in one situation.

    Args:
        closure: The closed record.
        guidance: Definitions and examinations.
        situation: Token of the situation asked about.
        whole: The situation of which it is the fresh twin; the same when it is not.
        dates: Tells how old findings are; without it no finding is dated.
    """

    def __init__(
        self, closure: Closure, guidance: Guidance, situation: str, whole: str, dates: Dates | None = None
    ) -> None:
        self.closure, self.guidance = closure, guidance
        self.situation, self.whole, self.dates = situation, whole, dates
        self._types, self._fails = self._settled(situation)
        self._old_types, self._old_fails = (self._types, self._fails) if situation == whole else self._settled(whole)
        self._nodes: dict[str, CriterionNode] = {}
        self._bearings: dict[str, tuple[Value, str]] = {}

    def _settled(self, situation: str) -> tuple[set[str], set[str]]:
        """Return the classes that are met and those that are not; one that is both, by a contradiction, is neither."""
        types, fails = (set(self.closure.objects(situation, p)) for p in (RDF_TYPE, P.fails))
        return types - fails, fails - types

    def value(self, cls: str) -> Value:
        """Return the value of a class."""
        if cls in self._types:
            return "met"
        return "not met" if cls in self._fails else "unknown"

    def triple(self, cls: str) -> Triple | None:
        """Return the fact that carries a class's value; None when it is unknown."""
        value = self.value(cls)
        if value == "unknown":
            return None
        return (self.situation, RDF_TYPE if value == "met" else P.fails, cls)

    def node(self, cls: str) -> CriterionNode:
        """Return the explanation tree of a class."""
        found = self._nodes.get(cls)
        if found is None:
            found = self._nodes[cls] = self._node(cls)
        return found

    def bearing(self, population: str) -> tuple[Value, str]:
        """Return the value of a studied population, and the labels of the findings by which it is not met or open."""
        found = self._bearings.get(population)
        if found is None:
            node = self.node(population)
            differing = failed_leaves(node) if node.value == "not met" else unknown_leaves(node)
            found = self._bearings[population] = node.value, ", ".join([leaf.label for leaf in differing])
        return found

    def _node(self, cls: str) -> CriterionNode:
        iri, label, operator, members, test, contrary = _outline(self.guidance, cls)
        value = self.value(cls)
        fresh: bool | None = None
        before: Literal["met", "not met", ""] = ""
        triple = carrier = self.triple(cls)
        if self.situation != self.whole and not members:
            fresh = None if value == "unknown" else True
            if value == "unknown" and cls in self._old_types:
                fresh, before, carrier = False, "met", (self.whole, RDF_TYPE, cls)
            elif value == "unknown" and cls in self._old_fails:
                fresh, before, carrier = False, "not met", (self.whole, P.fails, cls)
        dated = self.dates is not None and carrier is not None and not members
        return CriterionNode(
            iri=iri, label=label, value=value, operator=operator,
            children=tuple(map(self.node, members)) if members else (), decided_by=test,
            finding_date=self.dates.latest(carrier) if dated else "",  # type: ignore[union-attr, arg-type]
            fresh=fresh, before=before, triple=triple, contrary=contrary,
        )  # fmt: skip


@remembered
def _outline(guidance: Guidance, cls: str) -> tuple[str, str, Operator, tuple[str, ...], str, str]:
    """Return what no patient changes of a criterion: IRI, label, operator, members, deciding test, contrary."""
    operator, members = guidance.definitions.get(cls, ("", ()))
    test = guidance.decided_by(cls) if not members else ""
    contrary = guidance.contrary.get(cls, "")
    return (
        plain_iri(cls), guidance.label(cls), operator, members, guidance.label(test) if test else "",
        guidance.label(contrary) if contrary else "",
    )  # fmt: skip


def unknown_leaves(node: CriterionNode) -> list[CriterionNode]:
    """Return the findings that keep a criterion undecided."""
    if node.value != "unknown":
        return []
    if not node.children:
        return [node]
    return _unique(leaf for child in node.children for leaf in unknown_leaves(child))


def failed_leaves(node: CriterionNode) -> list[CriterionNode]:
    """Return the findings by which a criterion is not met: the failing members, down to the findings."""
    if node.value != "not met":
        return []
    if not node.children:
        return [node]
    return _unique(leaf for child in node.children for leaf in failed_leaves(child))


def _unique(nodes: object) -> list[CriterionNode]:
    found: dict[str, CriterionNode] = {}
    for node in nodes:  # type: ignore[attr-defined]
        found.setdefault(node.iri, node)
    return list(found.values())
