"""``posthma lint``: is the knowledge well made?"""

from __future__ import annotations

import dataclasses
import json

import click

from posthma.cli import common


@common.verb("lint")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path())
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info"]),
    default="violation",
    show_default=True,
    help="End with 1 when a finding is at least this grave.",
)
@common.form("text", "json")
def command(path: str | None, fail_on: str, form: str) -> int:
    """Check ontology, knowledge base and rules as their author: what is wrong, where, and how to mend it.

    PATH narrows the findings to a file or folder, or names a draft elsewhere (.ttl or .rq), which is read as if it were
    part of the knowledge. Prints one line a finding.

    \b
    Examples:
      posthma lint kb/genes.ttl
      posthma lint --fail-on warning queries/rules/time
    """
    from posthma.lint import SEVERITIES, lint, read_matter

    matter = read_matter(path)
    findings = lint(matter)
    if form == "json":
        rows = [dataclasses.asdict(finding) for finding in findings]
        common.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        for finding in findings:
            common.write(f"{finding}\n")
        if not findings and path:
            common.write(f"{path}: clean\n")
        elif not findings:
            files, rules = len(matter.knowledge.by_file), len(list((matter.root / "queries/rules").rglob("*.rq")))
            common.write(f"the knowledge: clean ({files} files, {rules} rules)\n")
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return int(any(finding.severity in grave for finding in findings))
