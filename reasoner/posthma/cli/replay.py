"""``posthma replay``: is an answer still the same, to the byte?"""

from __future__ import annotations

import dataclasses

import click

from posthma.cli import common, output


@common.verb("replay")
@click.argument("receipt", type=click.Path())
@click.option("--record", metavar="RECORD", required=True, type=common.File(), help="The record that was assessed.")
@click.option("--show", is_flag=True, help="Print the JSON report that was made again.")
@click.option("--write", "wanted", is_flag=True, help="Assess RECORD now and write its RECEIPT; - is standard output.")
@common.asking
@common.policy
def command(
    receipt: str,
    record: str,
    show: bool,
    wanted: bool,
    asked: common.Asked,
    policy: str | None,
) -> int:
    """Make the answer of RECEIPT again and compare its JSON report to the byte.

    Ends with 0 when it is the same and with 1 when it differs; what went in otherwise is told either way. The question
    is the receipt's own: --at, --jurisdiction, --choose, --as-of and --without-source go with --write alone.
    --policy names the file again by which the answer was ordered.

    \b
    Example:
      posthma replay - --record kb/cases/patient-4/record.ttl --write
    """
    from posthma import receipt as receipts
    from posthma.errors import UsageError

    if wanted:
        output.put(receipts.write(_make(record, asked, policy)), None if receipt == "-" else receipt, "RECEIPT")
        return 0
    for name, value in dataclasses.asdict(asked).items():
        if value:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(option, "a replay puts the question of its receipt", "leave it out, or give --write")
    known = receipts.read(receipt)
    answer, differences = receipts.replay(known, record, policy=policy)
    changed = receipts.report_differs(known, answer)
    for difference in differences:
        common.warn(difference)
    common.write(receipts.json_report(answer) if show else "the report differs\n" if changed else "the same bytes\n")
    return int(changed)


def _make(record: str, asked: common.Asked, policy: str | None) -> dict[str, object]:
    from posthma import receipt as receipts

    question = asked.question()
    base = asked.load()
    read = base.read(record)
    return receipts.make(base.assess(read, **question, compare=True, policy=policy), base, read)
