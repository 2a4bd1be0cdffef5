"""The command ``posthma``: one verb, one module of this folder, imported only when it is called.

Answers go to standard output, messages to standard error. Exit codes: 0 done (undetermined options included); 1 the
input is at fault (findings of ``validate``, a record that cannot be assessed); 2 wrong use; 70 a fault of posthma
itself, told in one line (set ``POSTHMA_DEBUG`` to see where).
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

VERBS = {  # verb: module that holds its command, as `command`
    "check": "posthma.cli.check",
    "close": "posthma.cli.close",
    "cohort": "posthma.cli.cohort",
    "explain": "posthma.cli.explain",
    "fragile": "posthma.cli.fragile",
    "import": "posthma.cli.import_",
    "karyotype": "posthma.cli.karyotype",
    "lint": "posthma.cli.lint",
    "new": "posthma.cli.new",
    "next-test": "posthma.cli.next_test",
    "path": "posthma.cli.path",
    "query": "posthma.cli.query",
    "recommend": "posthma.cli.recommend",
    "replay": "posthma.cli.replay",
    "score": "posthma.cli.score",
    "template": "posthma.cli.template",
    "validate": "posthma.cli.validate",
    "variant": "posthma.cli.variant",
    "what-if": "posthma.cli.what_if",
    "why": "posthma.cli.why",
    "why-not": "posthma.cli.why_not",
}
INTERNAL = 70  # EX_SOFTWARE of sysexits.h


class Verbs(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs, sorted."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a verb and return its command."""
        if cmd_name not in VERBS:
            return None
        command = import_module(VERBS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest verb when the given one is not known."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            import difflib

            from posthma.errors import UsageError

            close = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"verbs are {', '.join(sorted(VERBS))}"
            raise UsageError("posthma", f"there is no verb {args[0]!r}", hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show each verb with its whole first sentence; click would cut it off."""
        with formatter.section("Verbs"):
            verbs = [(verb, self.get_command(ctx, verb)) for verb in self.list_commands(ctx)]
            formatter.write_dl([(verb, command.get_short_help_str(1000)) for verb, command in verbs if command])


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from posthma import __version__

        click.echo(f"posthma {__version__}")
        ctx.exit()


@click.group(
    cls=Verbs,
    epilog="Exit codes: 0 done, 1 the input is at fault, 2 wrong use, 70 a fault of posthma. "
    "A message reads PH-nnn place: fact; remedy.",
    subcommand_metavar="VERB [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Show the version.")
def cli() -> None:
    """Cited, proven answers on therapy of MDS after failure of hypomethylating agents.

    It informs professionals; it never decides. Nothing leaves this machine.

    \b
    Example:
      posthma recommend kb/cases/patient-4/record.ttl
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from posthma.errors import InvalidRecordError, PosthmaError

    if sys.stdout is None:  # the caller closed it: an answer goes to a file, if one is named
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    try:
        result = cli.main(args, prog_name="posthma", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        click.echo(_wrong_use(error), err=True)
        return 2
    except click.Abort:
        return 130
    except InvalidRecordError as error:
        for finding in error.findings or (error,):
            click.echo(str(finding), err=True)
        return error.exit_code
    except PosthmaError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except (BrokenPipeError, SystemExit):  # click turns the first into the second
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the reader of our output has gone; that is no fault
        return 0
    except OSError as error:
        if os.environ.get("POSTHMA_DEBUG"):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still to be written there is lost too
        place, why = error.filename or "standard output", error.strerror or str(error)
        click.echo(f"PH-100 {place}: it cannot be read or written ({why}); check path, rights and room left", err=True)
        return 2
    except Exception as error:
        if os.environ.get("POSTHMA_DEBUG"):
            raise
        click.echo(f"PH-999 posthma: {type(error).__name__}: {error}; {_report(error)}", err=True)
        return INTERNAL
    return result if isinstance(result, int) else 0


def _wrong_use(error: click.ClickException) -> str:
    """Return what click found wrong with the call, as a message like all others; a bare ``posthma`` shows the help."""
    context = getattr(error, "ctx", None)
    called = context.command_path if context else "posthma"
    if type(error).__name__ == "NoArgsIsHelpError":
        return error.format_message()
    place, fact = called, " ".join(error.format_message().rstrip(".").split())
    if isinstance(error, click.BadParameter) and error.param and not isinstance(error, click.MissingParameter):
        place, fact = error.param.get_error_hint(context).replace("'", ""), error.message.rstrip(".")
    return f"PH-100 {place}: {fact[0].lower()}{fact[1:]}; see {called} --help"


def _report(error: Exception) -> str:
    """Say where a fault of the program lies, without data of a patient."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"
    return f"this is a fault of posthma at {where}, please report it; POSTHMA_DEBUG=1 shows more"
