"""What several verbs share: arguments, options, the question they put, writing to standard output."""

from __future__ import annotations

import datetime as dt
import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from posthma.cli.help import CODES, Verb
from posthma.errors import UsageError

if TYPE_CHECKING:
    from posthma.decide.case import Case
    from posthma.engine import KnowledgeBase

Command = TypeVar("Command", bound=Callable[..., Any])


class File(click.Path):
    """A file to read; one that is not there is wrong use, told alike by every verb."""

    name = "file"

    def __init__(self, folder: bool = False) -> None:
        super().__init__()
        self.folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the path.

        Raises:
            UsageError: Nothing is there, or a folder where only a file will do.
        """
        path = str(value)
        if not os.path.exists(path):
            raise UsageError(path, f"there is no such file{' or folder' if self.folder else ''}", "check the path")
        if os.path.isdir(path) and not self.folder:
            raise UsageError(path, "it is a folder", "name one file")
        return path


def verb(name: str, codes: str = CODES) -> Callable[[Callable[..., Any]], Verb]:
    """Return the decorator that makes a function the command of a verb, whose help ends with the exit codes."""
    return click.command(name, cls=Verb, epilog=codes)


record = click.argument("record", metavar="RECORD", type=File())
at = click.option(
    "--at",
    metavar="DATE",
    help="Decision date, YYYY-MM-DD: what came later is not seen. Default: the record's last question or event.",
)
jurisdiction = click.option(
    "--jurisdiction",
    metavar="[EU|US|other]",
    type=click.Choice(["EU", "US", "other"], case_sensitive=False),
    help="Whose drug labels count. Default: as the record's question says.",
)
as_of = click.option("--as-of", metavar="DATE", help="Take only documents in force on this date. Default: today.")
without_source = click.option(
    "--without-source",
    metavar="SOURCE",
    help="Leave out a document or publication, such as santini-2019 or kb:ref-041.",
)

policy = click.option(
    "--policy",
    metavar="FILE",
    type=File(),
    help="Put options in the order of a policy of your own; see kb/policies/examples/. Default: kb/policies/order.ttl.",
)


def _show_choices(ctx: click.Context, _: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Show the choices and end, when that is what was asked for."""
    if "list" in given and not ctx.resilient_parsing:
        from posthma.cli.choices import table

        write(table(load().guidance))
        ctx.exit()
    return given


choose = click.option(
    "--choose",
    metavar="NAME=VALUE",
    multiple=True,
    is_eager=True,
    callback=_show_choices,
    help="Choose a definition or window, such as aml=who or attribution=60; 'list' shows all with their defaults.",
)


def form(*choices: str) -> Callable[[Command], Command]:
    """Return the option ``--format``; it changes the form of an answer, never its content."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="Form of the output.",
    )


def date(text: str | None, option: str) -> str | None:
    """Check a date given on the command line.

    Raises:
        UsageError: It is no date.
    """
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(option, f"{text!r} is not a date", "write it as YYYY-MM-DD, such as 2019-02-07") from error


def write(text: str) -> None:
    """Write an answer to standard output, in characters that it can show."""
    from posthma.report.layout import encodable

    sys.stdout.write(encodable(text, sys.stdout.encoding))


def warn(text: str) -> None:
    """Write a message to standard error."""
    click.echo(text, err=True)


_JURISDICTIONS = {"EU": "EU", "US": "US", "other": "otherJurisdiction"}


def load(as_of: str | None = None, without_source: str | None = None) -> KnowledgeBase:
    """Return the knowledge base that the options ask for."""
    from posthma.engine import load

    day = date(as_of, "--as-of")
    base = load(as_of=day, without_source=without_source)
    documents = base.knowledge.documents.values()
    if day and not any(document.in_force(day) for document in documents):
        first = min(document.valid_from for document in documents)
        warn(f"--as-of: no source document is in force on {day}, so there are no options; the first is from {first}")
    return base


class Asking(TypedDict):
    """Keywords of `KnowledgeBase.assess` and ``close`` that make up the question."""

    at: str | None
    jurisdiction: str | None
    choices: dict[str, str] | None


@dataclass(frozen=True)
class Asked:
    """What the options of a verb ask: which question, of which knowledge.

    Attributes:
        at: Decision date as given, or None.
        jurisdiction: ``EU``, ``US`` or ``other``, or None.
        choose: Definitions and windows chosen, each ``NAME=VALUE``.
        as_of: Date on which documents must be in force, or None for today.
        without_source: Document or publication to leave out, or None.
    """

    at: str | None
    jurisdiction: str | None
    choose: tuple[str, ...]
    as_of: str | None
    without_source: str | None

    def question(self) -> Asking:
        """Return the question, as keywords of `KnowledgeBase.assess`.

        Raises:
            UsageError: A date or choice is not written as it must be.
        """
        return question(self.at, self.jurisdiction, self.choose)

    def load(self) -> KnowledgeBase:
        """Return the knowledge base that is asked."""
        return load(self.as_of, self.without_source)

    def case(self, path: str) -> Case:
        """Return the record at ``path`` closed for this question, ready for what-if and the like."""
        from posthma.decide.case import Case

        asked = self.question()  # what is written wrongly is told before anything slow begins
        return Case.open(self.load(), path, **asked)


def asking(command: Command) -> Command:
    """Give a verb the options of a question, as one argument ``asked``."""

    @functools.wraps(command)
    def called(
        *args: Any,
        at: str | None,
        jurisdiction: str | None,
        choose: tuple[str, ...],
        as_of: str | None,
        without_source: str | None,
        **more: Any,
    ) -> Any:
        return command(*args, asked=Asked(at, jurisdiction, choose, as_of, without_source), **more)

    for option in (without_source, as_of, choose, jurisdiction, at):
        called = option(called)
    return called  # type: ignore[return-value]


def question(at: str | None, jurisdiction: str | None, choose: tuple[str, ...] = ()) -> Asking:
    """Return what the options say about the question asked, as keywords of `KnowledgeBase.assess` and ``close``.

    Raises:
        UsageError: A date or choice is not written as it must be.
    """
    place = _JURISDICTIONS[jurisdiction] if jurisdiction else None
    return {"at": date(at, "--at"), "jurisdiction": place, "choices": _choices(choose)}


def _choices(choose: tuple[str, ...]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for text in choose:
        name, sign, value = text.partition("=")
        if not sign or not value:
            raise UsageError("--choose", f"{text!r} has no value", "write NAME=VALUE, or list to see all")
        if name.strip() in found:
            raise UsageError("--choose", f"{name.strip()} is chosen twice", "keep one")
        found[name.strip()] = value
    return found or None
