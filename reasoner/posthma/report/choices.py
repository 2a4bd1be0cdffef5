"""The definitions and windows that an answer goes by, and what another choice would change, in words."""

from __future__ import annotations

from posthma.decide.answer import Answer, ChoiceMade, Claim, OtherChoice, Turned

HEADING = "Definitions and windows"
_BY = {"call": "chosen in the call", "record": "chosen in the record", "default": "by default"}
_SHOWN = 3


def claims(answer: Answer) -> list[Claim]:
    """Return each choice with what was taken, who chose it and what else there is."""
    return [Claim(_said(made), made.triple, made.citations) for made in answer.choices]


def _said(made: ChoiceMade) -> str:
    rest = ", ".join(name for name in made.alternatives if name != made.taken)
    policy = "; no source gives it, the project's own number" if made.project_policy else ""
    note = f". {made.note}" if made.note else ""
    how = f"--choose {made.name}={made.taken}; else {rest}"
    return f"{made.label}: {made.taken_label}, {_BY[made.by]} ({how}){policy}{note}"


def short(answer: Answer) -> str:
    """Return what conclusions rest on in one line: what was chosen first, then what was taken by default."""
    computed = [made for made in answer.choices if made.computed]
    parts = [f"{made.label}: {made.taken_label} ({_BY[made.by]})" for made in computed if made.by != "default"]
    rest = [f"{made.label}: {made.taken_label}" for made in computed if made.by == "default"]
    return "; ".join([*parts, *([f"by default {'; '.join(rest)}"] if rest else [])])


def others(answer: Answer, *, full: bool) -> list[str]:
    """Return a line for each other choice that would change the answer; one line when none would.

    Args:
        answer: The answer.
        full: Name every option that would change, not the first few alone.
    """
    if answer.other_choices is None:
        return ["Other choices were not tried."]
    if not answer.other_choices:
        return ["No other named choice would change failure, the state of the disease or the status of an option."]
    return [_other(other, full) for other in answer.other_choices]


def _other(other: OtherChoice, full: bool) -> str:
    shown = other.options if full else other.options[:_SHOWN]
    parts = [*map(_turned, other.failure), *map(_turned, shown)]
    if len(shown) < len(other.options):
        parts.append(f"and {len(other.options) - len(shown)} more options")
    if other.withheld:
        parts.append(f"nothing would be recommended: {other.withheld}")
    return f"{other.choice}={other.alternative} ({other.label}) would change: {'; '.join(parts)}"


def _turned(turned: Turned) -> str:
    return f"{turned.label}, from {turned.before} to {turned.after}"
