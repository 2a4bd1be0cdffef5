"""``posthma replay``: is an answer still the same, to the byte?"""

from __future__ import annotations

from pathlib import Path

import click

from posthma.cli import common


@click.command("replay")
@click.argument("receipt", type=click.Path())
@click.option("--record", metavar="RECORD", required=True, type=click.Path(), help="The record that was assessed.")
@click.option("--show", is_flag=True, help="Print the JSON report that was made again.")
@click.option(
    "--write", "wanted", is_flag=True, help="Assess RECORD now and write its RECEIPT; - is standard output."
)
@common.at
@common.jurisdiction
@common.choose
@common.as_of
@common.without_source
@common.policy
def command(
    receipt: str,
    record: str,
    show: bool,
    wanted: bool,
    at: str | None,
    jurisdiction: str | None,
    choose: tuple[str, ...],
    as_of: str | None,
    without_source: str | None,
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

    given = {
        "--at": at, "--jurisdiction": jurisdiction, "--choose": choose or None, "--as-of": as_of,
        "--without-source": without_source,
    }  # fmt: skip
    if wanted:
        text = receipts.write(_make(record, common.question(at, jurisdiction, choose), as_of, without_source, policy))
        if receipt == "-":
            common.write(text)
        else:
            Path(receipt).write_text(text, encoding="utf-8")
        return 0
    for option, value in given.items():
        if value is not None:
            raise UsageError(option, "a replay puts the question of its receipt", "leave it out, or give --write")
    known = receipts.read(receipt)
    answer, differences = receipts.replay(known, record, policy=policy)
    changed = receipts.report_differs(known, answer)
    for difference in differences:
        common.warn(difference)
    common.write(receipts.json_report(answer) if show else "the report differs\n" if changed else "the same bytes\n")
    return int(changed)


def _make(
    record: str, asked: common.Asking, as_of: str | None, without_source: str | None, policy: str | None
) -> dict[str, object]:
    from posthma import receipt as receipts

    base = common.load(as_of, without_source)
    read = base.read(record)
    return receipts.make(base.assess(read, **asked, compare=True, policy=policy), base, read)
