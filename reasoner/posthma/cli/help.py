"""How a verb shows its help: no line wider than the terminal, where a line can be folded."""

from __future__ import annotations

import re

import click

CODES = "Exit codes: 0 done, 1 the input is at fault, 2 wrong use, 70 a fault of posthma."


class Verb(click.Command):
    """A verb; its help folds what click leaves as it stands."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the help, no line of it wider than the terminal if it can be folded."""
        width = ctx.make_formatter().width
        return "\n".join(fold(line, width) for line in super().get_help(ctx).split("\n"))


def fold(line: str, width: int) -> str:
    r"""Fold a line: a command as the shell reads it on, a row of two columns under its second column.

    >>> print(fold("  posthma explain record.ttl --format svg", 30))
      posthma explain record.ttl \
        --format svg
    >>> print(fold("  summary.txt  failure types, missing data", 30))
      summary.txt  failure types,
                   missing data
    """
    if len(line) <= width:
        return line
    indent = len(line) - len(line.lstrip())
    row = re.match(r" *\S+(?: \S+)*  +(?=\S)", line)
    command = line.lstrip().startswith("posthma ")
    end, hang = (" \\", indent + 2) if command else ("", row.end() if row else indent)
    pieces = re.findall(r"""\S*"[^"]*"\S*|\S+""", line) if command else line[hang if row else 0 :].split()
    shown, current = [], line[:hang] if row and not command else " " * indent
    empty = current
    for piece in pieces:
        if current != empty and len(current) + 1 + len(piece) + len(end) > width:
            shown.append(current + end)
            current = empty = " " * hang
        current += piece if current == empty else f" {piece}"
    return "\n".join([*shown, current])
