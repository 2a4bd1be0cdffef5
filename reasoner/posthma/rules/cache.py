"""Compiled programs kept between runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from posthma.rules.program import Program, compile_program
from posthma.rules.sparql import RuleText
from posthma.terms import Triple


def compiled(
    fingerprint: str,
    knowledge: Sequence[Triple],
    rules: Callable[[], Sequence[RuleText]],
    order: Callable[[], Sequence[str]],
    record_keys: Callable[[], Iterable[str]],
    use: bool = True,
) -> Program:
    """Return the program of a knowledge base."""
    return compile_program(knowledge, rules(), order(), record_keys())
