"""``posthma check``: does a proof hold?"""

from __future__ import annotations

import json

import click

from posthma.cli import common


@common.verb("check")
@click.argument("proof", metavar="PROOF", type=common.File())
@click.option(
    "--record",
    metavar="RECORD",
    type=common.File(),
    help="The record that the proof speaks about. Without it its facts, absences and counts count as unchecked.",
)
@click.option(
    "--knowledge",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="The folder with ontology/, kb/ and queries/. Default: the installed one.",
)
@common.form("text", "json")
def command(proof: str, record: str | None, knowledge: str | None, form: str) -> int:
    """Check a proof, or a file with several, step by step, with code that the engine does not share.

    Every leaf is looked up in the record or the knowledge, every step derived again from its premises alone; steps
    that speak of absence or count are held against the whole record. Ends with 0 when the proof is accepted, with 1
    when a step is rejected or could not be checked.

    \b
    Example:
      posthma explain kb/cases/patient-4/record.ttl --class p:AfterHmaFailure --format json -o proof.json
      posthma check proof.json --record kb/cases/patient-4/record.ttl
    """
    from posthma.check import check_file

    verdicts = check_file(proof, record, knowledge)
    if form == "json":
        told = [verdict.to_json() for verdict in verdicts]
        common.write(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2) + "\n")
    else:
        common.write("\n\n".join(verdict.to_text() for verdict in verdicts) + "\n")
    return 0 if all(verdict.accepted for verdict in verdicts) else 1
