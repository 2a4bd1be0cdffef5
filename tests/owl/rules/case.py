"""The form of a rule case: what is given, what follows, and a near miss where it must not follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class More:
    """A further firing or near miss of the same rule: another spelling, a longer list, a value in other clothes."""

    why: str
    given: str
    gives: str = ""


@dataclass(frozen=True)
class RuleCase:
    """One rule of the profile with a firing case and a near miss, in Turtle without the prefixes.

    A rule whose conclusion is ``false`` has an empty ``gives``: the firing case must contradict, by this
    rule and no other, and the near miss must not contradict at all.

    Args:
        rule: Name in the profile.
        given: Input of the firing case.
        gives: Triples that must be in the closure; empty for a rule that concludes ``false``.
        near: Input that differs from ``given`` in one point.
        why: What the near miss lacks.
        lacks: Triples that must not be in the near miss's closure; by default those of ``gives``.
        also_by: Rules by which the same conclusion may as well be reached, with no fault.
        inside: The rule shows inside the proof of ``gives`` and not at its root.
        contradicts: Names by which the contradiction may be reported; by default the rule's own.
        aside: Rules that may contradict as well.
        more: Further firing cases.
        misses: Further near misses; their ``gives`` is what must not follow.
    """

    rule: str
    given: str
    gives: str = ""
    near: str = ""
    why: str = ""
    lacks: str = ""
    also_by: tuple[str, ...] = ()
    inside: bool = False
    contradicts: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    more: tuple[More, ...] = ()
    misses: tuple[More, ...] = ()

    @property
    def is_false(self) -> bool:
        """Whether the rule concludes ``false``."""
        return not self.gives
