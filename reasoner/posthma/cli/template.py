"""``posthma template``: an empty table for patients."""

from __future__ import annotations

from pathlib import Path

import click

from posthma.cli import common


@common.verb("template")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Write to a file; its ending gives the form.")
@common.form("csv", "xlsx")
def command(output: str | None, form: str) -> int:
    """Write an empty table for patients: one row a patient, the columns explained.

    Fill it in and import it; every cell that cannot be used is named. Real names do not belong in it.

    \b
    Example:
      posthma template -o patients.xlsx
    """
    from posthma.errors import UsageError
    from posthma.intake.template import csv_template, xlsx_template

    suffix = Path(output).suffix.lower().lstrip(".") if output else form
    if suffix not in ("csv", "xlsx"):
        raise UsageError(str(output), "has an ending that says no form", "use .csv or .xlsx")
    if output is None and suffix == "xlsx":
        raise UsageError("--format xlsx", "is no text", "name a file with -o")
    if output is None:
        common.write(csv_template())
        return 0
    data = xlsx_template() if suffix == "xlsx" else csv_template().encode()
    try:
        with open(output, "xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise UsageError(output, "is there already", "choose another name; nothing was overwritten") from error
    except OSError as error:
        raise UsageError(output, f"cannot be written: {error.strerror}", "choose another place") from error
    return 0
