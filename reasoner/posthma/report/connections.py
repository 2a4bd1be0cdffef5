"""Connections of the mechanism graph as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from posthma.graph import Connection, MechanismGraph
from posthma.report.layout import Page
from posthma.vocab import plain_iri


def as_text(graph: MechanismGraph, ends: tuple[str, str], found: Sequence[Connection], page: Page) -> str:
    """Return connections in words, each statement with its citation."""
    first, last = (f"{graph.label(end)} ({graph.kind(end)})" for end in ends)
    if not found:
        return f"Nothing in the mechanism graph connects {first} and {last}.\n"
    page.text(f"{first} and {last}: {len(found)} shortest connection{'s' if len(found) > 1 else ''}", style="strong")
    for number, connection in enumerate(found, 1):
        page.blank()
        page.text(" - ".join(map(graph.label, connection.nodes)), bullet=f"{number}.", style="head")
        for told in _told(graph, connection):
            page.text(told, indent=3, bullet="-")
    return str(page)


def _told(graph: MechanismGraph, connection: Connection) -> Iterator[str]:
    """Yield the sentences of a connection; what a mechanism or association says is told once, for both neighbours."""
    skip = False
    for i, step in enumerate(connection.steps):
        node = connection.nodes[i + 1]
        following = connection.steps[i + 1] if i + 1 < len(connection.steps) else ()
        if skip:
            skip = False
        elif graph.says(node) and all(edge.start == node for edge in (*step, *following)) and following:
            ends = f"{graph.label(connection.nodes[i])} and {graph.label(connection.nodes[i + 2])}"
            named = f"{graph.label(node)} ({graph.kind(node)}), on {ends}"
            yield f"{named}: {graph.says(node)} [{step[0].citation}]"
            skip = True
        else:
            for edge in step:
                said = graph.says(edge.start)
                told = f"{graph.label(edge.start)} {edge.words} {graph.label(edge.end)}"
                yield f"{told}{f': {said}' if said else ''} [{edge.citation}]"


def as_json(graph: MechanismGraph, ends: tuple[str, str], found: Sequence[Connection]) -> str:
    """Return connections as JSON; IRIs are whole."""
    rows = [
        {
            "nodes": [_node(graph, node) for node in connection.nodes],
            "steps": [
                [
                    {"from": plain_iri(e.start), "words": e.words, "to": plain_iri(e.end), "citation": e.citation}
                    for e in step
                ]
                for step in connection.steps
            ],
        }
        for connection in found
    ]
    whole = {"from": plain_iri(ends[0]), "to": plain_iri(ends[1]), "connections": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _node(graph: MechanismGraph, node: str) -> dict[str, str]:
    return {"iri": plain_iri(node), "label": graph.label(node), "kind": graph.kind(node), "says": graph.says(node)}
