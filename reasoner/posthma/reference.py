"""The reference engine: rdflib, owlrl and the CONSTRUCT files as they stand, layer by layer.

Slow and literal: no specialisation, no derivations, one graph. It is the oracle that the compiled engine is held
against, and shows that the knowledge needs no engine of ours. Needs the packages ``rdflib`` and ``owlrl``.

Within a layer the rules run in the order of their ids, again and again until nothing is new. That is sound because a
rule that finds something absent, or counts, has a higher id than the rules of its layer that conclude it; `close`
checks this at the end of the layer and refuses an order in which a rule concluded what would not follow then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from posthma.engine import layers, rule_files
from posthma.errors import RuleError
from posthma.knowledge import Knowledge
from posthma.rules.files import RuleText
from posthma.terms import Triple

if TYPE_CHECKING:
    from rdflib import Graph

LOGIC = "logic"
_STRICT = re.compile(r"NOT\s+EXISTS|OPTIONAL|GROUP\s+BY", re.IGNORECASE)


def close(
    record: Iterable[Triple], knowledge: Knowledge | Iterable[Triple], rules: Sequence[RuleText] | None = None,
    order: Sequence[str] | None = None,
) -> Graph:  # fmt: skip
    """Close knowledge and record together and return the graph.

    Args:
        record: Triples of one or more records, with their questions.
        knowledge: The knowledge, or its triples where a caller leaves out what has no bearing on a patient.
        rules: The rule files; those of the knowledge's folder when None, so bare triples need them given.
        order: The layers; those of the knowledge's folder when None.

    Raises:
        RuleError: The ids of a layer's rules do not follow its absences.
    """
    if isinstance(knowledge, Knowledge):
        rules = rules if rules is not None else rule_files(knowledge.root)
        order = order if order is not None else layers(knowledge.root)
        knowledge = knowledge.triples
    graph = graph_of([*knowledge, *record])
    for layer in order or ():
        if layer == LOGIC:
            expand(graph)
        else:
            run_layer(graph, [rule for rule in rules or () if rule.layer == layer])
    return graph


def graph_of(triples: Iterable[Triple]) -> Graph:
    """Return a graph of triples whose terms are N-Triples tokens."""
    from rdflib import Graph

    graph = Graph()
    graph.parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt")
    return graph


def expand(graph: Graph) -> None:
    """Close a graph under OWL 2 RL in place, without the triples that only owlrl may write."""
    from owlrl import DeductiveClosure, OWLRL_Semantics
    from rdflib import Literal

    DeductiveClosure(OWLRL_Semantics).expand(graph)
    for triple in [t for t in graph if isinstance(t[0], Literal)]:
        graph.remove(triple)


def run_layer(graph: Graph, rules: Sequence[RuleText]) -> None:
    """Run the rules of one layer in the order of their ids to their fixpoint.

    Raises:
        RuleError: What a rule concluded from an absence or a count does not follow once the layer is done.
    """
    ordered = sorted(rules, key=lambda rule: rule.id)
    concluded: dict[str, set[tuple[Any, Any, Any]]] = {rule.id: set() for rule in ordered}
    size = -1
    while len(graph) != size:
        size = len(graph)
        for rule in ordered:
            concluded[rule.id].update(apply_rule(graph, rule))
    for rule in ordered:
        if concluded[rule.id] and _STRICT.search(rule.text):
            lost = concluded[rule.id] - set(graph.query(rule.text).graph or ())
            if lost:
                fact = f"{len(lost)} facts that it concluded do not follow once its layer is done"
                raise RuleError(rule.path, fact, "give it a higher id than the rules it waits for")


@contextmanager
def _groups_of_rows_only() -> Iterator[None]:
    """Let GROUP BY over no rows give no group (SPARQL 1.1, section 11.2); rdflib gives one without any value."""
    from rdflib.plugins.sparql import CUSTOM_EVALS
    from rdflib.plugins.sparql.evaluate import evalPart

    def evaluate(context: Any, part: Any) -> Any:
        if part.name == "AggregateJoin" and part.p.expr and not any(True for _ in evalPart(context, part.p.p)):
            return iter(())
        raise NotImplementedError

    CUSTOM_EVALS["posthma: GROUP BY over no rows"] = evaluate
    try:
        yield
    finally:
        del CUSTOM_EVALS["posthma: GROUP BY over no rows"]


def apply_rule(graph: Graph, rule: RuleText) -> list[tuple[Any, Any, Any]]:
    """Run one rule to its own fixpoint and return what it added."""
    added: list[tuple[Any, Any, Any]] = []
    while True:
        with _groups_of_rows_only():
            result = graph.query(rule.text).graph
        new = [triple for triple in result or () if triple not in graph]
        for triple in new:
            graph.add(triple)
        if not new:
            return added
        added += new
