"""Where a report goes: standard output, or a file."""

from __future__ import annotations

from pathlib import Path

import click

from posthma.cli import common

option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write to this file, in UTF-8, instead of standard output.",
)


def put(text: str, file: str | None) -> None:
    """Write a report to a file, or to standard output when none is named.

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
        raise UsageError(
            "--output", f"{file} cannot be written ({reason})", "name a file elsewhere"
        ) from error
