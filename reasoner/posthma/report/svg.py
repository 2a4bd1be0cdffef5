"""Drawing trees and directed graphs without circles: boxes in columns, the conclusion on the left.

A box stands one column right of all that rest on it. A line that passes a column gets a lane of its own there, so that
no line crosses a box. Boxes differ by border and by words, never by colour alone.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

BOX_WIDTH, COLUMN_GAP, ROW_GAP, MARGIN = 210.0, 46.0, 12.0, 10.0
LANE_HEIGHT, LINE_HEIGHT, PADDING, SIZE = 6.0, 14.0, 7.0, 11.0
SWEEPS = 6
_NARROW, _WIDE, _CAPITALS = set("iljtfrI.,:;'|!()[]/ -"), set("mwMW@%—"), set("ABCDEFGHJKLNOPQRSTUVXYZ0123456789<>=+×_")
_BORDER = {  # style: stroke width, dashes, fill
    "met": ("1.6", "", "#eef5ee"),
    "not met": ("1.6", "7 2", "#f7eeee"),
    "unknown": ("1.2", "2 3", "#fffdf2"),
    "record": ("1", "", "#eef3f9"),
    "knowledge": ("1", "4 2", "#f6f6f6"),
    "question": ("1", "1 2", "#f6f6f6"),
    "rule": ("1.4", "", "#ffffff"),
}


@dataclass(frozen=True)
class Box:
    """One node of a drawing.

    Attributes:
        key: Name that edges use.
        text: What it says; wrapped to the box.
        note: A second part below, in italics: a value, a rule, a place.
        style: ``met``, ``not met``, ``unknown``, ``record``, ``knowledge``, ``question`` or ``rule``.
    """

    key: str
    text: str
    note: str = ""
    style: str = "rule"


@dataclass(eq=False)
class _Cell:
    """A box, or the lane of a line that passes by, in its column."""

    key: str
    column: int
    height: float
    box: Box | None = None
    lines: list[tuple[str, bool]] = field(default_factory=list)
    left: list[_Cell] = field(default_factory=list)
    right: list[_Cell] = field(default_factory=list)
    y: float = 0.0  # of its middle


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: size in pixels and the SVG inside."""

    width: float
    height: float
    body: str
    title: str = ""
    description: str = ""

    def svg(self, ident: str = "drawing") -> str:
        """Return the ``<svg>`` element; ``ident`` keeps its ids apart from those of other drawings on a page."""
        name = quoteattr(f"{ident}-title {ident}-text")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby={name} '
            f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}" '
            f'font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif" font-size="{SIZE:g}">'
            f"<title id={quoteattr(ident + '-title')}>{escape(self.title)}</title>"
            f"<desc id={quoteattr(ident + '-text')}>{escape(self.description)}</desc>{self.body}</svg>\n"
        )


def draw(boxes: Sequence[Box], edges: Iterable[tuple[str, str]], *, title: str = "", description: str = "") -> Drawing:
    """Lay out boxes and the lines between them.

    Args:
        boxes: In the order in which they should stand from top to bottom, where lines leave a choice.
        edges: Pairs of keys: what stands left, and what it rests on, to its right.
        title: Name of the drawing.
        description: What it says, in words, for those who cannot see it.

    Raises:
        ValueError: An edge names no box, or the edges run in a circle.
    """
    cells = _cells(boxes, list(dict.fromkeys(edges)))
    columns: list[list[_Cell]] = []
    for cell in cells:
        while len(columns) <= cell.column:
            columns.append([])
        columns[cell.column].append(cell)
    _order(columns)
    height = _place(columns)
    parts = [_curves(cell) for column in columns for cell in column if cell.right or cell.box is None]
    parts += [_drawn(cell) for column in columns for cell in column if cell.box is not None]
    width = 2 * MARGIN + len(columns) * BOX_WIDTH + max(0, len(columns) - 1) * COLUMN_GAP
    return Drawing(width, height + 2 * MARGIN, "".join(parts), title, description)


def stack(drawings: Sequence[Drawing], ident: str = "drawing") -> str:
    """Return one ``<svg>`` with drawings below each other, each with its title."""
    if len(drawings) == 1:
        return drawings[0].svg(ident)
    width, height, parts = max(d.width for d in drawings), MARGIN, []
    for number, one in enumerate(drawings, start=1):
        inner = one.svg(f"{ident}-{number}").rstrip().replace("<svg ", f'<svg y="{height + LINE_HEIGHT:g}" ', 1)
        parts.append(f'<text x="{MARGIN:g}" y="{height + SIZE:g}" font-weight="bold">{escape(one.title)}</text>{inner}')
        height += one.height + LINE_HEIGHT + MARGIN
    whole = Drawing(width, height, "".join(parts), drawings[0].title, f"{len(drawings)} drawings below each other.")
    return whole.svg(ident)


def text_width(text: str) -> float:
    """Return about how wide a text is in pixels, rather too wide than too narrow."""
    wide = sum(0.36 if c in _NARROW else 0.98 if c in _WIDE else 0.72 if c in _CAPITALS else 0.62 for c in text)
    return wide * SIZE


@lru_cache(maxsize=4096)  # trees of one report share most of their boxes
def wrapped(text: str, width: float) -> tuple[str, ...]:
    """Break text into lines of at most ``width`` pixels; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for given in text.split():
        word = given
        while text_width(word) > width:
            cut = max(1, next(n for n in range(len(word), 0, -1) if n == 1 or text_width(word[:n]) <= width))
            if line:
                lines.append(line)
            line, word = word[:cut], word[cut:]
            lines.append(line)
            line = ""
        if line and text_width(f"{line} {word}") > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return (*lines, line) if line or not lines else tuple(lines)


def _cells(boxes: Sequence[Box], edges: list[tuple[str, str]]) -> list[_Cell]:
    column = _columns([box.key for box in boxes], edges)
    cells: dict[str, _Cell] = {}
    for box in boxes:
        inner = BOX_WIDTH - 2 * PADDING
        lines = [(line, False) for line in wrapped(box.text, inner)]
        lines += [(line, True) for line in wrapped(box.note, inner)] if box.note else []
        height = len(lines) * LINE_HEIGHT + 2 * PADDING
        cells[box.key] = _Cell(box.key, column[box.key], height, box, lines)
    lanes: dict[tuple[str, int], _Cell] = {}
    for upper, lower in edges:
        right = cells[lower]
        for at in range(right.column - 1, cells[upper].column, -1):
            known = lanes.get((lower, at))
            lane = known or lanes.setdefault((lower, at), _Cell(lower, at, LANE_HEIGHT))
            if known is None:
                _join(lane, right)
            right = lane
        _join(cells[upper], right)
    return [*cells.values(), *lanes.values()]


def _join(left: _Cell, right: _Cell) -> None:
    if right not in left.right:
        left.right.append(right)
        right.left.append(left)


def _columns(keys: list[str], edges: list[tuple[str, str]]) -> dict[str, int]:
    """Return for each key the longest way to it from the left."""
    lower_of: dict[str, list[str]] = {key: [] for key in keys}
    waiting = dict.fromkeys(keys, 0)
    for upper, lower in edges:
        if upper not in waiting or lower not in waiting:
            raise ValueError(f"the edge {upper} to {lower} names no box")
        lower_of[upper].append(lower)
        waiting[lower] += 1
    column = dict.fromkeys(keys, 0)
    ready = [key for key in keys if not waiting[key]]
    done = 0
    while ready:
        key = ready.pop()
        done += 1
        for lower in lower_of[key]:
            column[lower] = max(column[lower], column[key] + 1)
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    if done < len(keys):
        raise ValueError("the edges run in a circle")
    return column


def _order(columns: list[list[_Cell]]) -> None:
    """Order each column so that few lines cross: first as a walk meets the cells, then by the middle of neighbours."""
    seen: dict[_Cell, int] = {}
    agenda = [cell for column in reversed(columns) for cell in reversed(column) if not cell.left]
    while agenda:
        cell = agenda.pop()
        if cell not in seen:
            seen[cell] = len(seen)
            agenda += reversed(cell.right)
    for column in columns:
        column.sort(key=seen.__getitem__)
    best, fewest = [list(column) for column in columns], _crossings(columns)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        rightwards = sweep % 2 == 0
        for column, beside in _pairs(columns, rightwards):
            rank = {cell: number for number, cell in enumerate(beside)}
            own = {cell: number for number, cell in enumerate(column)}
            column.sort(key=lambda cell: (_middle(cell, rank, rightwards, own), own[cell]))
        crossings = _crossings(columns)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    for column, chosen in zip(columns, best, strict=True):
        column[:] = chosen


def _pairs(columns: list[list[_Cell]], rightwards: bool) -> list[tuple[list[_Cell], list[_Cell]]]:
    pairs = list(zip(columns[1:], columns, strict=False))
    return pairs if rightwards else [(left, right) for right, left in reversed(pairs)]


def _middle(cell: _Cell, rank: dict[_Cell, int], rightwards: bool, own: dict[_Cell, int]) -> float:
    beside = cell.left if rightwards else cell.right
    return sum(rank[c] for c in beside) / len(beside) if beside else float(own[cell])


def _crossings(columns: list[list[_Cell]]) -> int:
    count = 0
    for left, right in itertools.pairwise(columns):
        rank = {cell: number for number, cell in enumerate(right)}
        seen: list[int] = []  # two lines cross when the one that begins below ends above
        for cell in left:
            for end in sorted(rank[c] for c in cell.right):
                count += len(seen) - bisect_right(seen, end)
                insort(seen, end)
    return count


def _place(columns: list[list[_Cell]]) -> float:
    """Give every cell its height on the page, near its neighbours, and return the height of all."""
    for column in columns:
        _settle(column, [0.0] * len(column))
    for sweep in range(SWEEPS):
        rightwards = sweep % 2 == 1
        for column, _ in _pairs(columns, rightwards):
            _settle(column, [_wanted(cell, rightwards) for cell in column])
    _settle(columns[0], [_wanted(cell, False) for cell in columns[0]]) if columns else None
    cells = [cell for column in columns for cell in column]
    top = min((c.y - c.height / 2 for c in cells), default=0.0)
    for cell in cells:
        cell.y += MARGIN - top
    return max((c.y + c.height / 2 for c in cells), default=0.0) - MARGIN


def _wanted(cell: _Cell, rightwards: bool) -> float:
    beside = (cell.left if rightwards else cell.right) or cell.left or cell.right
    return sum(c.y for c in beside) / len(beside) if beside else cell.y


def _settle(column: list[_Cell], wanted: list[float]) -> None:
    """Place a column as near as can be to what is wanted, in its order and without overlap.

    Least squares under an order is isotonic regression; neighbours that would overlap are pooled.
    """
    offsets, offset = [], 0.0
    for above, cell in zip([None, *column], column, strict=False):
        offset += (above.height + cell.height) / 2 + ROW_GAP if above else 0.0
        offsets.append(offset)
    pools: list[tuple[float, int]] = []  # mean, size
    for want, off in zip(wanted, offsets, strict=True):
        mean, size = want - off, 1
        while pools and pools[-1][0] > mean:
            other, many = pools.pop()
            mean, size = (mean * size + other * many) / (size + many), size + many
        pools.append((mean, size))
    places = [mean for mean, size in pools for _ in range(size)]
    for cell, place, off in zip(column, places, offsets, strict=True):
        cell.y = place + off


def _x(cell: _Cell) -> float:
    return MARGIN + cell.column * (BOX_WIDTH + COLUMN_GAP)


def _curves(cell: _Cell) -> str:
    x = _x(cell)
    start, end = x + BOX_WIDTH, x + BOX_WIDTH + COLUMN_GAP
    bend = (start + end) / 2
    path = "" if cell.box else f"M{x:g} {cell.y:.1f}H{start:g}"
    bent = f"M{start:g} {cell.y:.1f}C{bend:g} {cell.y:.1f} {bend:g}"
    path += "".join(f"{bent} {c.y:.1f} {end:g} {c.y:.1f}" for c in cell.right)
    return f'<path d="{path}" fill="none" stroke="#444" stroke-width="1"/>'


def _drawn(cell: _Cell) -> str:
    assert cell.box is not None
    width, dashes, fill = _BORDER[cell.box.style]
    x, top = _x(cell), cell.y - cell.height / 2
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    out = [
        f'<rect x="{x:g}" y="{top:.1f}" width="{BOX_WIDTH:g}" height="{cell.height:g}" rx="4" fill="{fill}" '
        f'stroke="#111" stroke-width="{width}"{dashed}/><text fill="#111">'
    ]
    for number, (line, italic) in enumerate(cell.lines):
        y = top + PADDING + SIZE * 0.9 + number * LINE_HEIGHT
        slant = ' font-style="italic"' if italic else ""
        out.append(f'<tspan x="{x + PADDING:g}" y="{y:.1f}"{slant}>{escape(line)}</tspan>')
    return "".join([*out, "</text>"])
