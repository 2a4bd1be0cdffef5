"""Laying out text: wrapping at any width, colour only where a terminal shows it, ASCII where nothing else prints."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from dataclasses import dataclass, field

PIPE_WIDTH = 100
NARROWEST, WIDEST = 30, 116
_STYLES = {"head": "1;36", "good": "1;32", "open": "1;33", "bad": "1;31", "dim": "2", "strong": "1", "": ""}
_ASCII = str.maketrans(
    {
        "–": "-", "—": "--", "−": "-", "·": "-", "•": "*", "×": "x", "≥": ">=", "≤": "<=", "→": "->", "…": "...",
        "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "µ": "u", "μ": "u", "±": "+/-", "≈": "~", "∼": "~",
        "²": "2", "³": "3", "⁹": "^9", "α": "alpha", "β": "beta", "├": "|", "└": "`", "│": "|", "─": "-",
    }
)  # fmt: skip


@dataclass
class Page:
    """Text under construction, a given number of columns wide.

    Attributes:
        width: Columns to fill; what is wider than reads well is capped, what is narrower than holds a word is raised.
        colour: Whether to write ANSI styles.
    """

    width: int = PIPE_WIDTH
    colour: bool = False
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.width = max(NARROWEST, min(WIDEST, self.width))

    def style(self, text: str, style: str) -> str:
        """Return text in a style: head, good, open, bad, dim or strong."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and style and text else text

    def blank(self) -> None:
        """Leave one empty line, never two."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def heading(self, text: str) -> None:
        """Begin a section."""
        self.blank()
        for line in wrap(text.upper(), self.width):
            self.lines.append(self.style(line, "head"))

    def text(self, text: str, *, indent: int = 0, bullet: str = "", style: str = "") -> None:
        """Write a paragraph, its further lines aligned after the bullet."""
        indent = min(indent, self.width // 5)
        lead = " " * indent + (bullet + " " if bullet else "")
        for number, line in enumerate(wrap(text, self.width - len(lead))):
            start = lead if number == 0 else " " * len(lead)
            self.lines.append(start + self.style(line, style))

    def field(self, name: str, text: str, *, indent: int = 0, column: int = 10, style: str = "") -> None:
        """Write a name and its text beside it, or below it where the page is narrow."""
        indent = min(indent, self.width // 5)
        if self.width < 56:
            if name:
                self.lines.append(" " * indent + self.style(name, "dim"))
            self.text(text, indent=indent + 2, style=style)
            return
        column = max(column, len(name) + 1)
        for number, line in enumerate(wrap(text, self.width - indent - column)):
            start = self.style(name, "dim") + " " * (column - len(name)) if number == 0 else " " * column
            self.lines.append(" " * indent + start + self.style(line, style))

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).strip("\n") + "\n"


def wrap(text: str, width: int) -> list[str]:
    """Break text into lines, never at a no-break space, which is written as a plain one; a longer word is cut.

    >>> wrap("one two three", 8)
    ['one two', 'three']
    >>> wrap("one two\u00a0three", 10)
    ['one', 'two three']
    """
    lines = textwrap.wrap(clean(text), max(10, width), break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines] or [""]


def clean(text: str) -> str:
    """Take out control characters: labels of a record must not steer the terminal."""
    return "".join(c if c == " " or unicodedata.category(c)[0] != "C" else " " for c in text)


def encodable(text: str, encoding: str | None) -> str:
    """Return text that an encoding can write: unchanged where it can, else with plain look-alikes.

    >>> encodable("20 – 30 % of n ≥ 5", "ascii")
    '20 - 30 % of n >= 5'
    """
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", text.translate(_ASCII)).encode(encoding, "replace").decode(encoding)
    except LookupError:
        return encodable(text, "ascii")
    return text


def terminal_page() -> Page:
    """Return a page for standard output: as wide as the terminal, in colour there; 100 columns plain in a pipe."""
    terminal = sys.stdout.isatty()
    asked = os.environ.get("COLUMNS", "")
    width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if terminal else int(asked) if asked.isdecimal() else 0
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Page(width or PIPE_WIDTH, terminal and not plain)
