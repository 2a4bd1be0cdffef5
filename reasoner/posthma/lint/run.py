"""All checks for authors, in one pass."""

from __future__ import annotations

import re

from posthma.lint.matter import Matter
from posthma.lint.queries import check_queries
from posthma.lint.rules import check_rules
from posthma.lint.shapes import check_shapes
from posthma.lint.terms import check_terms
from posthma.validation import Finding

SEVERITIES = ("violation", "warning", "info")
"""From the gravest to the lightest."""


def lint(matter: Matter) -> list[Finding]:
    """Return what is to be mended, file by file and line by line; nothing when all is well."""
    from posthma.lint.ledger import check_ledger  # a command too, which must not be imported before it is run

    checks = [check_shapes, check_terms, check_rules, check_queries]
    if not matter.drafts:  # a draft is in no ledger yet
        checks.append(check_ledger)
    found = {finding for check in checks for finding in check(matter)}
    return sorted((f for f in found if matter.is_meant(f.place)), key=lambda f: (_numbers(f.place), f))


def _numbers(place: str) -> list[tuple[int, int, str]]:
    """Order places as a reader does: line 9 before line 10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", place) if part]
