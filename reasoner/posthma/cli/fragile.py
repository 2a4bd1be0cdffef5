"""``posthma fragile``: conclusions that hang on one thing."""

from __future__ import annotations

from posthma.cli import common, output


@common.verb("fragile")
@common.record
@common.asking
@common.form("text", "json")
@output.option
def command(record: str, asked: common.Asked, form: str, file: str | None) -> int:
    """List conclusions that hang on one publication or document, one disputed reading, or one value close to a limit.

    Without a publication its evidence statements are gone, without a document all that it says. How close is close is
    the project's choice: kb/policies/margins.ttl.

    \b
    Example:
      posthma fragile kb/cases/patient-3/record.ttl
    """
    from posthma.decide.robust import fragile
    from posthma.report import grounds

    case = asked.case(record)
    found = fragile(case)
    output.put_found("posthma-fragile/1", found, grounds.fragile, form, file, case)
    return 0
