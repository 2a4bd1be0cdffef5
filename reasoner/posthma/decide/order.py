"""The order of options, by a declared policy, with the reason for each place."""

from __future__ import annotations

import itertools
from dataclasses import replace

from posthma.decide.answer import OptionVerdict
from posthma.decide.criteria import Judge
from posthma.decide.guidance import Guidance, Policy
from posthma.vocab import P


def in_order(
    verdicts: list[OptionVerdict], guidance: Guidance, policy: Policy, judge: Judge
) -> tuple[OptionVerdict, ...]:
    """Return the options in the policy's order; each says by which key it stands above the next.

    Args:
        verdicts: The options.
        guidance: The knowledge.
        policy: The order.
        judge: Of the situation; a key that counts only for some situations is passed over in others.
    """
    counts = [not cls or judge.value(cls) == "met" for cls in policy.when]
    keyed = sorted(((_places(v, guidance, policy, counts), v.label, v) for v in verdicts), key=lambda item: item[:2])
    found = []
    for (places, _, verdict), below in itertools.zip_longest(keyed, keyed[1:]):
        reason = ""
        if below is not None and below[2].status == verdict.status:
            reason = _reason(places, below[0], policy, below[2].label)
        found.append(replace(verdict, order_reason=reason))
    return tuple(found)


def _places(verdict: OptionVerdict, guidance: Guidance, policy: Policy, counts: list[bool]) -> tuple[int, ...]:
    option = f"<{verdict.iri}>"
    found = []
    for (properties, values, present_first, _), counting in zip(policy.keys, counts, strict=True):
        if not counting:
            found.append(0)
            continue
        said = [o for prop in properties for o in guidance.objects(option, prop)]
        if properties == (P.status,):
            labels = [guidance.label(v) for v in values]
            found.append(labels.index(verdict.status) if verdict.status in labels else len(labels))
        elif present_first is not None:
            found.append(int(bool(said) is not present_first))
        else:
            ranks = [values.index(o) for o in said if o in values]
            found.append(min(ranks, default=len(values)))
    return tuple(found)


def _reason(upper: tuple[int, ...], lower: tuple[int, ...], policy: Policy, below: str) -> str:
    for mine, theirs, (_, _, _, reason) in zip(upper, lower, policy.keys, strict=True):
        if mine < theirs:
            return f"placed above {below} because {reason}"
    return f"placed beside {below}: no key of the policy tells them apart; the order is by name"
