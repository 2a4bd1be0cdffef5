"""``posthma next-test``: what to find out next."""

from __future__ import annotations

from posthma.cli import common, output


@common.verb("next-test")
@common.record
@common.asking
@common.form("text", "json")
@output.option
def command(record: str, asked: common.Asked, form: str, file: str | None) -> int:
    """Rank the missing findings by the options that they settle, whichever way they come out.

    Examinations that are due come first. What can be given while they run stands at the end.

    \b
    Example:
      posthma next-test kb/cases/patient-4/record.ttl
    """
    from posthma.decide.nexttest import what_next
    from posthma.report import supposition

    case = asked.case(record)
    found = what_next(case)
    output.put_found("posthma-next-test/1", found, supposition.next_test, form, file, case)
    return 0
