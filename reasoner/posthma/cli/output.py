"""Where a report goes: standard output, or a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posthma.cli import common

if TYPE_CHECKING:
    from posthma.decide.case import Case

option = click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(),
    help="Write to this file, in UTF-8, instead of standard output.",
)


def put(text: str, file: str | None, option: str = "--output") -> None:
    """Write a report to a file, or to standard output when none is named.

    Args:
        text: The report.
        file: Where to, or None.
        option: The option that named the file, for the message.

    Raises:
        UsageError: The file cannot be written.
    """
    if file is None:
        common.write(text)
        return
    from posthma.errors import UsageError

    try:
        Path(file).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(option, f"{file} cannot be written ({reason})", "name a file elsewhere") from error


def put_found(
    kind: str, found: Any, lay_out: Callable[..., str], form: str, file: str | None, case: Case | None = None
) -> None:
    """Write what a verb about one case found, as JSON or laid out as text.

    Args:
        kind: Name of the JSON form, such as ``posthma-why/1``.
        found: What was found, a dataclass of `decide`.
        lay_out: Lays it out on a page, given ``found``, the page, and date and version of the knowledge.
        form: ``json`` or ``text``.
        file: Where to, or None for standard output.
        case: The case, when ``found`` does not hold its date and knowledge itself.
    """
    from posthma.report import layout, supposition

    about = {"date": case.asked.date, "knowledge": case.kb.knowledge.version} if case else {}
    if form == "json":
        put(supposition.to_json(kind, found, **about), file)
    else:
        put(lay_out(found, layout.Page() if file else layout.terminal_page(), **about), file)
