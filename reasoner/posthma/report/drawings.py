"""Criteria trees and proofs as drawings."""

from __future__ import annotations

from collections.abc import Callable

from posthma.decide.answer import CriterionNode
from posthma.proof import Proof
from posthma.report import words
from posthma.report.proof import origin, tell
from posthma.report.svg import Box, Drawing, draw

SIGNS = {"met": "✓ met", "not met": "✗ not met", "unknown": "? unknown"}
_OPERATORS = {"all": "all of these", "any": "any of these", "": ""}


def criteria(root: CriterionNode, title: str) -> Drawing:
    """Draw an option's criteria, each with its value; a part that appears twice is drawn twice."""
    boxes: list[Box] = []
    edges: list[tuple[str, str]] = []
    agenda = [(root, "0")]
    while agenda:
        node, key = agenda.pop()
        boxes.append(Box(key, node.label, note(node), node.value))
        edges += [(key, f"{key}.{number}") for number in range(len(node.children))]
        agenda += [(child, f"{key}.{number}") for number, child in reversed(list(enumerate(node.children)))]
    return draw(boxes, edges, title=title, description=outline(root))


def leaves(root: CriterionNode) -> list[CriterionNode]:
    """Return the findings that a criterion is made of, each once, in the order of the tree."""
    found: dict[str, CriterionNode] = {}
    agenda = [root]
    while agenda:
        node = agenda.pop()
        if not node.children:
            found.setdefault(node.iri, node)
        agenda += reversed(node.children)
    return list(found.values())


def note(node: CriterionNode) -> str:
    """Return value, operator and test of a criterion, as the box shows them."""
    parts = [SIGNS[node.value]]
    if node.children:
        parts.append(_OPERATORS[node.operator])
    elif node.fresh is False:
        parts.append(words.stale(node))
    elif node.finding_date:
        parts.append(node.finding_date)
    if node.decided_by and not node.children:
        does = {"met": "by", "not met": "by", "unknown": "repeat" if node.fresh is False else "needs"}[node.value]
        parts.append(f"{does} {node.decided_by}")
    return "; ".join(part for part in parts if part)


def outline(node: CriterionNode) -> str:
    """Return a criterion and its parts as one sentence.

    >>> outline(CriterionNode("http://example.org/a", "fit", "met"))
    'fit is met'
    """
    own = f"{node.label} is {node.value}"
    if not node.children:
        return own
    return f"{own}, {_OPERATORS[node.operator]}: ({'; '.join(outline(child) for child in node.children)})"


def proof(made: Proof, label: Callable[[str], str]) -> Drawing:
    """Draw a proof: the conclusion on the left, what it rests on to the right, leaves with their places."""
    steps = {step.id: step for step in made.steps}
    telling = tell(made.steps, label)
    goal = telling.shown[made.goal]
    order: dict[int, tuple[int, ...]] = {}
    agenda = [goal]
    while agenda:
        number = agenda.pop()
        if number not in order:
            order[number] = telling.premises(steps[number])
            agenda += reversed(order[number])
    boxes = [Box(str(n), f"{n}. {telling.sentences[n]}", origin(steps[n]), steps[n].kind) for n in order]
    edges = [(str(n), str(premise)) for n, premises in order.items() for premise in premises]
    text = "; ".join(f"step {n} rests on {', '.join(map(str, premises))}" for n, premises in order.items() if premises)
    description = f"A proof of {len(boxes)} steps: {text or 'a leaf'}."
    return draw(boxes, edges, title=telling.sentences[goal], description=description)
