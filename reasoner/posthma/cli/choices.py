"""What ``--choose list`` shows: every choice with its alternatives and its default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posthma.decide.guidance import Guidance

_HOW = "Choose with --choose NAME=VALUE, such as --choose aml=who; a window also takes a number of days."


def table(guidance: Guidance) -> str:
    """Return the choices, one alternative a line, the default marked."""
    from posthma.decide.choices import choices

    lines = [_HOW]
    for choice in choices(guidance):
        lines += ["", f"{choice.name}: {guidance.label(choice.iri)}"]
        width = max(map(len, choice.alternatives))
        for name, alternative in choice.alternatives.items():
            default = " (default)" if alternative == choice.default else ""
            lines.append(f"  {name.ljust(width)}  {guidance.label(alternative)}{default}")
        if not choice.computed:
            lines.append("  No conclusion differs between these; the answer names the one that is chosen.")
    return "\n".join(lines) + "\n"
