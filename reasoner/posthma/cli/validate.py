"""``posthma validate``: is a record sound?"""

from __future__ import annotations

import dataclasses
import json

import click

from posthma.cli import common


@common.verb("validate")
@click.argument("records", metavar="RECORD...", nargs=-1, required=True, type=common.File())
@common.form("text", "json")
def command(records: tuple[str, ...], form: str) -> int:
    """Check patient records: what is wrong, where, and how to mend it.

    Prints one line a finding. Ends with 1 when a record has a violation or cannot be read; warnings do not count.

    \b
    Example:
      posthma validate kb/cases/patient-4/record.ttl
    """
    from posthma.errors import PosthmaError, UsageError
    from posthma.intake.rdf import read_record
    from posthma.knowledge import read_knowledge
    from posthma.validation import validate

    knowledge = read_knowledge()
    rows: list[dict[str, str]] = []
    failed = False
    for path in records:
        try:
            findings = validate(read_record(path), knowledge)
        except UsageError:
            raise
        except PosthmaError as error:  # one unreadable record does not keep the others from being checked
            failed = True
            common.warn(str(error))
            fields = {"place": error.place, "code": error.code, "fact": error.fact, "remedy": error.remedy}
            rows.append({"record": path, "severity": "violation", **fields})
            continue
        failed = failed or any(finding.severity == "violation" for finding in findings)
        rows += [{"record": path, **dataclasses.asdict(finding)} for finding in findings]
        if form == "text":
            for finding in findings:
                common.write(f"{finding}\n")
            if not findings:
                common.write(f"{path}: sound\n")
    if form == "json":
        common.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    return int(failed)
