"""The definitions and windows that an answer goes by, and what another choice would change, in words."""

from __future__ import annotations

from posthma.decide.answer import Answer, ChoiceMade, Claim, OtherChoice, Turned

HEADING = "Definitions and windows"
_BY = {"call": "chosen in the call", "record": "chosen in the record", "default": "by default"}
_SHOWN = 3
_NAMES = {"gate": "failure", "kind": "kind of failure", "certainty": "certainty of failure"}


def claims(answer: Answer) -> list[Claim]:
    """Return each choice with what was taken, who chose it and what else there is."""
    return [Claim(_said(made), made.triple, made.citations) for made in answer.choices]


def _said(made: ChoiceMade) -> str:
    rest = ", ".join(name for name in made.alternatives if name != made.taken)
    policy = "; no source gives it, the project's own number" if made.project_policy else ""
    note = f". {made.note}" if made.note else ""
    how = f"--choose {made.name}={made.taken}; else {rest}"
    return f"{made.label}: {made.taken_label}, {_BY[made.by]} ({how}){policy}{note}"


def short(answer: Answer) -> list[str]:
    """Return what conclusions rest on, a line for each choice that could change one; what was chosen first."""
    computed = sorted((made for made in answer.choices if made.computed), key=lambda made: made.by == "default")
    return [f"{made.label}: {made.taken_label}, {_BY[made.by]}" for made in computed]


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
    alike: dict[object, list[OtherChoice]] = {}
    for other in answer.other_choices:
        alike.setdefault((other.choice, other.failure, other.options, other.withheld), []).append(other)
    labels = {made.name: made.label for made in answer.choices}
    return [_other(labels.get(group[0].choice, group[0].choice), group, full) for group in alike.values()]


def _other(choice: str, alike: list[OtherChoice], full: bool) -> str:
    """Return alternatives of one choice that would all change the same, and what."""
    other = alike[0]
    shown = other.options if full else other.options[:_SHOWN]
    parts = [*map(_turned, other.failure), *map(_turned, shown)]
    if len(shown) < len(other.options):
        left = len(other.options) - len(shown)
        parts.append(f"and {left} more option{'' if left == 1 else 's'}")
    if other.withheld:
        parts.append(f"nothing would be recommended: {other.withheld}")
    named = " or ".join(f"“{one.label}” (--choose {one.choice}={one.alternative})" for one in alike)
    return f"{choice} {named} would change: {'; '.join(parts)}"


def _turned(turned: Turned) -> str:
    """Return what changes; of several conclusions under one name those alone that come or go."""
    before, after = turned.before.split(", "), turned.after.split(", ")
    if not turned.iri and set(before) & set(after):
        gone = [f"no longer {name}" for name in before if name not in after]
        new = [f"also {name}" for name in after if name not in before]
        return f"{_NAMES.get(turned.label, turned.label)}, {' and '.join([*gone, *new])}"
    return f"{_NAMES.get(turned.label, turned.label)}, from {turned.before} to {turned.after}"
