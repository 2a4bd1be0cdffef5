"""Checks for authors of knowledge: shapes, rules of modelling, rule files, the ledger of a source."""

from posthma.lint.matter import Matter, read_matter
from posthma.lint.run import SEVERITIES, lint

__all__ = ["SEVERITIES", "Matter", "lint", "read_matter"]
