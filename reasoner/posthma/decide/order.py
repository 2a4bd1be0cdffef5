"""The order of options, by a declared policy, with the reason for each place."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from posthma.decide.criteria import Judge
from posthma.decide.guidance import Guidance, Policy
from posthma.vocab import RDFS, P


def in_order(statuses: Mapping[str, str], guidance: Guidance, policy: Policy, judge: Judge) -> list[tuple[str, str]]:
    """Return the options in the policy's order; each with the key by which it stands above the next.

    Args:
        statuses: Option -> label of its status.
        guidance: The knowledge.
        policy: The order.
        judge: Of the situation; a key that counts only for some situations is passed over in others.
    """
    counts = [number for number, cls in enumerate(policy.when) if not cls or judge.value(cls) == "met"]
    by_status = {
        number: {guidance.label(value): place for place, value in enumerate(values)}
        for number, (properties, values, _, _) in enumerate(policy.keys)
        if properties == (P.status,)
    }
    reasons = [policy.keys[number][3] for number in counts]
    keyed = []
    for option, status in statuses.items():
        places = policy.places.get(option)
        if places is None:
            places = policy.places[option] = _places(option, guidance, policy)
        now = [by_status[n].get(status, len(by_status[n])) if n in by_status else places[n] for n in counts]
        keyed.append((now, guidance.text(option, RDFS.label), option))
    keyed.sort(key=lambda item: item[:2])
    found = []
    for (places_of, _, option), below in itertools.zip_longest(keyed, keyed[1:]):
        reason = ""
        if below is not None and statuses[below[2]] == statuses[option]:
            reason = _reason(places_of, below[0], reasons, below[1])
        found.append((option, reason))
    return found


def _places(option: str, guidance: Guidance, policy: Policy) -> tuple[int, ...]:
    """Return the place of an option by each key; that of its status is another for each patient."""
    found = []
    for properties, values, present_first, _ in policy.keys:
        said = [o for prop in properties for o in guidance.objects(option, prop)]
        if present_first is not None:
            found.append(int(bool(said) is not present_first))
        else:
            found.append(min((values.index(o) for o in said if o in values), default=len(values)))
    return tuple(found)


def _reason(upper: list[int], lower: list[int], reasons: list[str], below: str) -> str:
    for mine, theirs, reason in zip(upper, lower, reasons, strict=True):
        if mine < theirs:
            return f"placed above {below} because {reason}"
    return f"placed beside {below}: no key of the policy tells them apart; the order is by name"
