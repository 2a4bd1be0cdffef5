"""Choices of the one who asks: definitions that differ, and windows that no source gives (kb/choices.ttl).

A call names them as ``{"aml": "who", "attribution": "60"}``; what it does not name is as the record's question says, or
the default. The conclusions are drawn by rules that read what the question takes, so that another choice is another
closure of the same program.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from posthma.decide.answer import ChoiceMade
from posthma.decide.citations import publication
from posthma.decide.guidance import Guidance
from posthma.errors import UsageError
from posthma.question import WINDOWS, Asked, Chosen
from posthma.terms import XSD
from posthma.vocab import P, plain_iri

TAKEN = {P.chooses: P.takes, P.attributionWindowDays: P.attributionDays, P.reassessmentWindowDays: P.reassessmentDays}
"""What a situation takes, by the property with which its question chooses it."""
LONGEST_DAYS = 3660
"""The longest window, as the shapes of records have it."""
_NOTE = "<http://www.w3.org/2004/02/skos/core#editorialNote>"


@dataclass(frozen=True)
class Choice:
    """One point on which a choice is possible.

    Attributes:
        iri: Token of the choice.
        name: Short name, such as ``aml``.
        made_by: The property by which a question makes it.
        default: Token of the default alternative.
        alternatives: Short name -> token, in the order of their values or names.
        computed: Whether any conclusion rests on it.
    """

    iri: str
    name: str
    made_by: str
    default: str
    alternatives: dict[str, str]
    computed: bool

    @property
    def window(self) -> bool:
        """Whether it is a number of days."""
        return self.made_by in WINDOWS


def choices(guidance: Guidance) -> list[Choice]:
    """Return the choices that the knowledge base knows, by name."""
    members: dict[str, list[str]] = {}
    for alternative in guidance.alternatives:
        members.setdefault(guidance.one(alternative, P.alternativeOf), []).append(alternative)
    found = []
    for iri, alternatives in members.items():
        ranked = sorted(
            alternatives, key=lambda a: (guidance.number(a, P.days) or 0, guidance.text(a, P.alternativeName))
        )
        names = {guidance.text(alternative, P.alternativeName): alternative for alternative in ranked}
        made_by, default = guidance.one(iri, P.madeBy), guidance.one(iri, P.defaultAlternative)
        computed = guidance.text(iri, P.neverComputed) != "true"
        found.append(Choice(iri, guidance.text(iri, P.choiceName), made_by, default, names, computed))
    return sorted(found, key=lambda choice: choice.name)


def resolve(wanted: Mapping[str, str] | None, guidance: Guidance) -> tuple[Chosen, ...]:
    """Return what a call chooses, by name.

    Args:
        wanted: Name of a choice -> name of an alternative, or a number of days for a window.
        guidance: The knowledge base.

    Raises:
        UsageError: A name is unknown; the error lists those that there are.
    """
    if not wanted:
        return ()
    known = {choice.name: choice for choice in choices(guidance)}
    return tuple(_chosen(known, name, value.strip(), guidance) for name, value in sorted(wanted.items()))


def _chosen(known: dict[str, Choice], name: str, value: str, guidance: Guidance) -> Chosen:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError("--choose", f"{name!r} is no choice", f"{hint}choose one of {', '.join(known)}")
    choice = known[name]
    alternative = choice.alternatives.get(value, "")
    token = alternative
    if choice.window:
        days = guidance.one(alternative, P.days) if alternative else _days(value)
        default = guidance.one(choice.default, P.days)
        token = "" if days == default else days
    elif alternative == choice.default:
        token = ""
    if not alternative and not token and not (choice.window and days):
        names = ", ".join(f"{n} (default)" if a == choice.default else n for n, a in choice.alternatives.items())
        more = f"; or a number of days, 0 to {LONGEST_DAYS}" if choice.window else ""
        raise UsageError("--choose", f"{value!r} is no alternative of {name}", f"choose one of {names}{more}")
    return Chosen(choice.made_by, token, frozenset(choice.alternatives.values()))


def _days(text: str) -> str:
    """Return a number of days as a token; empty when it is none."""
    whole = text.isascii() and text.isdigit() and int(text) <= LONGEST_DAYS
    return f'"{int(text)}"^^<{XSD}integer>' if whole else ""


def taken(choice: Choice, asked: Asked, guidance: Guidance) -> str:
    """Return what a question takes: the token of an alternative, or of a number of days."""
    members = set(choice.alternatives.values())
    for prop, value in asked.choices:
        if prop == choice.made_by and (choice.window or value in members):
            return value
    return guidance.one(choice.default, P.days) if choice.window else choice.default


def made(asked: Asked, guidance: Guidance) -> tuple[ChoiceMade, ...]:
    """Return every choice with what was taken, and who chose it."""
    return tuple(_made(choice, asked, guidance) for choice in choices(guidance))


def _made(choice: Choice, asked: Asked, guidance: Guidance) -> ChoiceMade:
    value = taken(choice, asked, guidance)
    name, alternative = _named(choice, value, guidance)
    said = (choice.made_by, value) in asked.choices
    label = guidance.label(alternative) if alternative else f"{name} days"
    return ChoiceMade(
        iri=plain_iri(choice.iri), name=choice.name, label=guidance.label(choice.iri), taken=name, taken_label=label,
        by=("call" if asked.added else "record") if said else "default",
        computed=choice.computed, note=guidance.text(choice.iri, _NOTE),
        project_policy=choice.window or guidance.text(alternative, P.projectPolicy) == "true",
        alternatives=tuple(choice.alternatives), citations=publication(guidance, alternative) if alternative else (),
        triple=(asked.question, TAKEN[choice.made_by], value),
    )  # fmt: skip


def _named(choice: Choice, value: str, guidance: Guidance) -> tuple[str, str]:
    """Return the name of what was taken and its alternative, which a free number of days has not."""
    for name, alternative in choice.alternatives.items():
        if value == (guidance.one(alternative, P.days) if choice.window else alternative):
            return name, alternative
    return value.partition('"^^')[0].lstrip('"'), ""


def others(asked: Asked, guidance: Guidance) -> Iterator[tuple[Choice, str, Asked]]:
    """Yield each alternative that was not taken: its choice, its name, and the question that takes it instead."""
    for choice in choices(guidance):
        if not choice.computed:
            continue
        now = taken(choice, asked, guidance)
        rest = tuple((p, v) for p, v in asked.choices if (p, v) != (choice.made_by, now))
        for name, alternative in choice.alternatives.items():
            value = guidance.one(alternative, P.days) if choice.window else alternative
            if value != now:
                yield choice, name, with_choices(asked, (*rest, (choice.made_by, value)))


def with_choices(asked: Asked, chosen: tuple[tuple[str, str], ...]) -> Asked:
    """Return the same question with other choices."""
    kept = [t for t in asked.triples if (t[1], t[2]) not in asked.choices or t[0] != asked.question]
    triples = (*kept, *((asked.question, prop, value) for prop, value in chosen))
    return replace(asked, triples=triples, choices=tuple(sorted(chosen)))


def under(guidance: Guidance, asked: Asked) -> Guidance:
    """Return the guidance in which the definitions that a question takes stand as defaults.

    What asks the guidance by which limits a finding comes about then gets the answer that holds for this question.
    """
    changed = {}
    for choice in choices(guidance):
        value = taken(choice, asked, guidance)
        if not choice.window and value != choice.default:
            changed[choice.iri] = {**guidance.said[choice.iri], P.defaultAlternative: [value]}
    return replace(guidance, said={**guidance.said, **changed}, kept={}) if changed else guidance
