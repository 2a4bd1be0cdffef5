"""``posthma why``: what an option rests on."""

from __future__ import annotations

import click

from posthma.cli import common, output


@common.verb("why")
@common.record
@click.argument("option")
@common.asking
@common.form("text", "json")
@output.option
def command(record: str, option: str, asked: common.Asked, form: str, file: str | None) -> int:
    """Show the criteria of OPTION with their values, what each rests on and how old that is, and the evidence.

    The proof of each value is shown by posthma explain --option.

    \b
    Example:
      posthma why kb/cases/patient-4/record.ttl option-enasidenib-trial
    """
    from posthma.decide.ledger import why
    from posthma.report import grounds

    case = asked.case(record)
    found = why(case, option)
    output.put_found("posthma-why/1", found, grounds.why, form, file, case)
    return 0
