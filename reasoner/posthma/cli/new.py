"""``posthma new``: the skeleton of a finding, criterion or option."""

from __future__ import annotations

from pathlib import Path

import click

from posthma.cli import common


@common.verb("new")
@click.argument("kind", metavar="finding|criterion|option", type=click.Choice(["finding", "criterion", "option"]))
@click.argument("name", metavar="NAME")
@click.option("--label", default="", help="The label. Default: made of the name.")
@click.option(
    "--source", metavar="DOCUMENT", default="santini-2019", show_default=True, help="The document that says so."
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Write to a new file, not to standard output.")
def command(kind: str, name: str, label: str, source: str, output: str | None) -> int:
    """Write a Turtle skeleton for authors; TODO marks what is to be filled in.

    NAME is of words joined by hyphens or of camel case. When all is filled in, posthma lint FILE finds nothing to mend.

    \b
    Examples:
      posthma new finding low-platelets --label "platelets under 20 x10^9/L"
      posthma new option drug-x-after-failure
    """
    from posthma.errors import UsageError
    from posthma.knowledge import read_knowledge
    from posthma.skeleton import skeleton

    text = skeleton(kind, name, read_knowledge(), label, source)
    if output is None:
        common.write(text)
        return 0
    try:
        with Path(output).open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(output, "the file is there already", "name a new file, or take it away") from error
    except OSError as error:
        raise UsageError(
            output, f"it cannot be written ({error.strerror})", "name a file in a folder of yours"
        ) from error
    common.warn(f"wrote {output}; fill in what says TODO, then: posthma lint {output}")
    return 0
