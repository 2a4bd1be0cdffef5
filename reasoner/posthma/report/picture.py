"""Connections of the mechanism graph as a picture: one lane a connection, between the two ends.

The ends are bars as tall as all lanes together, so that every line is level and none crosses another.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from posthma.graph import Connection, Edge, MechanismGraph

MARGIN, BOX, GAP, LANE_GAP, HEAD = 24, 176, 196, 26, 44
LINE, SMALL = 16, 13
_FONT = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
_FILLS = {"gene": "#dcebf7", "agent": "#e3f1df", "statement": "#fdf0d5", "trial": "#ece4f3", "other": "#eeeeee"}
_LETTERS_IN_BOX, _LETTERS_IN_GAP = 20, 27


@dataclass(frozen=True, slots=True)
class _Lane:
    """One connection with the height that its fullest box or line of words needs."""

    connection: Connection
    half: int
    """Room above and below the lane's line."""


def as_svg(graph: MechanismGraph, ends: tuple[str, str], found: Sequence[Connection]) -> str:
    """Return connections as an SVG document; without any, a picture of the two ends apart."""
    lanes = [_Lane(connection, _half(graph, connection)) for connection in found]
    inner = max((len(lane.connection.nodes) for lane in lanes), default=3) - 2
    width = 2 * MARGIN + (inner + 2) * BOX + (inner + 1) * GAP
    ends_need = max(len(_box_lines(graph, end)) for end in ends) * LINE + 2 * LINE
    body = max(sum(2 * lane.half for lane in lanes) + LANE_GAP * max(0, len(lanes) - 1), ends_need)
    height = HEAD + MARGIN + body
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{_FONT}" role="img">',
        f"<title>{escape(_title(graph, ends, found))}</title>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#555"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(MARGIN, 28, _title(graph, ends, found), 15, anchor="start", bold=True),
    ]
    right = width - MARGIN - BOX
    parts += _box(graph, ends[0], MARGIN, HEAD, body)
    parts += _box(graph, ends[1], right, HEAD, body)
    top = HEAD
    for lane in lanes:
        parts += _lane(graph, lane, MARGIN + BOX, right, top + lane.half)
        top += 2 * lane.half + LANE_GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def _title(graph: MechanismGraph, ends: tuple[str, str], found: Sequence[Connection]) -> str:
    first, last = map(graph.label, ends)
    return f"{first} and {last}: {len(found)} shortest connection{'' if len(found) == 1 else 's'}"


def _half(graph: MechanismGraph, connection: Connection) -> int:
    boxes = max((len(_box_lines(graph, node)) for node in connection.nodes[1:-1]), default=1) * LINE + 20
    above = below = 0
    for step in connection.steps:
        words, citation = _words(step)
        above, below = max(above, len(words) * SMALL), max(below, len(citation) * SMALL)
    return max(boxes // 2, above + 10, below + 14)


def _lane(graph: MechanismGraph, lane: _Lane, left: int, right: int, middle: int) -> list[str]:
    inner = lane.connection.nodes[1:-1]
    gap = (right - left - len(inner) * BOX) / (len(inner) + 1)
    starts = [left + gap * (i + 1) + BOX * i for i in range(len(inner))]
    parts = []
    for node, x in zip(inner, starts, strict=True):
        height = len(_box_lines(graph, node)) * LINE + 16
        parts += _box(graph, node, x, middle - height / 2, height)
    stops = [*starts, float(right)]
    begins = [float(left), *(x + BOX for x in starts)]
    for node, step, x1, x2 in zip(lane.connection.nodes[:-1], lane.connection.steps, begins, stops, strict=True):
        parts += _line(node, step, x1, x2, middle)
    return parts


def _line(node: str, step: tuple[Edge, ...], x1: float, x2: float, y: float) -> list[str]:
    """Draw the line between two boxes: an arrow in the statement's direction, words above, citation below."""
    tips = ""
    if any(edge.start == node for edge in step):
        tips += ' marker-end="url(#tip)"'
    if any(edge.start != node for edge in step):
        tips += ' marker-start="url(#tip)"'
    parts = [f'<line x1="{x1 + 2:g}" y1="{y:g}" x2="{x2 - 2:g}" y2="{y:g}" stroke="#555" stroke-width="1.4"{tips}/>']
    centre = (x1 + x2) / 2
    words, citation = _words(step)
    for i, text in enumerate(words):
        parts.append(_text(centre, y - 7 - SMALL * (len(words) - 1 - i), text, 12))
    for i, text in enumerate(citation):
        parts.append(_text(centre, y + 15 + SMALL * i, text, 10, colour="#555555"))
    return parts


def _words(step: tuple[Edge, ...]) -> tuple[list[str], list[str]]:
    words = textwrap.wrap("; ".join(dict.fromkeys(edge.words for edge in step)), _LETTERS_IN_GAP)
    citation = textwrap.wrap("; ".join(dict.fromkeys(edge.citation for edge in step)), _LETTERS_IN_GAP + 3)
    return words, citation[:4] if len(citation) <= 4 else [*citation[:3], citation[3][:_LETTERS_IN_GAP] + "..."]


def _box_lines(graph: MechanismGraph, node: str) -> list[str]:
    """Return the lines of a box: the label, then what the thing is."""
    return [*textwrap.wrap(graph.label(node), _LETTERS_IN_BOX), graph.kind(node)]


def _box(graph: MechanismGraph, node: str, x: float, y: float, height: float) -> list[str]:
    lines = _box_lines(graph, node)
    size = f'width="{BOX}" height="{height:g}"'
    parts = [f'<rect x="{x:g}" y="{y:g}" {size} rx="8" fill="{_fill(graph, node)}" stroke="#777777"/>']
    top = y + (height - len(lines) * LINE) / 2 + 12
    for i, line in enumerate(lines):
        last = i == len(lines) - 1
        parts.append(_text(x + BOX / 2, top + LINE * i, line, 11 if last else 13, bold=not last, italic=last))
    return parts


def _fill(graph: MechanismGraph, node: str) -> str:
    kind = graph.kind(node)
    if (kind.startswith("gen") and "association" not in kind) or "cytogenetic" in kind:
        return _FILLS["gene"]
    if "mechanism" in kind or "association" in kind or "outcome" in kind:
        return _FILLS["statement"]
    if kind == "trial":
        return _FILLS["trial"]
    if any(word in kind for word in ("drug", "regimen", "dose", "combination", "procedure", "measure")):
        return _FILLS["agent"]
    return _FILLS["other"]


def _text(
    x: float, y: float, text: str, size: int, *, anchor: str = "middle", colour: str = "#111111",
    bold: bool = False, italic: bool = False,
) -> str:  # fmt: skip
    style = (' font-weight="bold"' if bold else "") + (' font-style="italic"' if italic else "")
    place = f'x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}"{style}>{escape(text)}</text>'
