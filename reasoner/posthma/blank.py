"""Blank nodes: deterministic labels, and telling them apart by what is said of them.

Records and knowledge name their nodes by IRIs; what remains are lists and restrictions, whose content and place in
the graph identify them. So two readings of one file can be matched without solving graph isomorphism.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from posthma.terms import Triple


def has_blank(triple: Triple) -> bool:
    """Say whether subject or object is a blank node."""
    return triple[0][0] == "_" or triple[2][0] == "_"


def relabel(triples: Iterable[Triple], prefix: str = "b") -> list[Triple]:
    """Name blank nodes by the order of their first appearance.

    >>> relabel([("<a>", "<b>", "_:x7f"), ("_:x7f", "<c>", "_:k")])
    [('<a>', '<b>', '_:b1'), ('_:b1', '<c>', '_:b2')]
    """
    labels: dict[str, str] = {}

    def label(term: str) -> str:
        return labels.setdefault(term, f"_:{prefix}{len(labels) + 1}") if term[0] == "_" else term

    return [(label(s), p, label(o)) for s, p, o in triples]


def contents(triples: Iterable[Triple]) -> list[Triple]:
    """Return each triple with its blank nodes replaced by where they hang and what is said of them, to the leaves."""
    triples = list(triples)
    said: dict[str, list[tuple[str, str]]] = {}
    parents: dict[str, tuple[str, str]] = {}
    for s, p, o in triples:
        if s[0] == "_":
            said.setdefault(s, []).append((p, o))
        if o[0] == "_":
            parents[o] = (s, p)
    content: dict[str, str] = {}
    for start in said:
        stack = [(start, False)]
        while stack:  # depth first, a node after its children
            node, ready = stack.pop()
            if ready:
                content[node] = _digest(sorted(f"{p} {content.get(o, o)}" for p, o in said.get(node, ())))
            elif node not in content:
                content[node] = "_:"  # a node inside its own content is not followed again
                stack.append((node, True))
                stack += [(o, False) for _, o in said.get(node, ()) if o[0] == "_" and o not in content]

    def address(node: str) -> str:
        steps: list[str] = []
        while node[0] == "_" and len(steps) < len(triples):
            above, p = parents.get(node, ("<>", ""))
            steps.append(f"{p} {content.get(node, '')}")
            node = above
        return _digest([node, *steps])

    known = {node: address(node) for node in {*said, *parents}}
    return [(known.get(s, s), p, known.get(o, o)) for s, p, o in triples]


def _digest(parts: list[str]) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
