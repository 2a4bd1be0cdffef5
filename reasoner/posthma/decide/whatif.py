"""What if: two answers side by side, and every conclusion that flips with the finding that flips it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posthma.decide.answer import Answer, CriterionNode, Value
from posthma.decide.case import Case
from posthma.decide.changes import Change
from posthma.decide.guidance import RDF_TYPE
from posthma.decide.outlook import Outlook
from posthma.vocab import P, plain_iri


@dataclass(frozen=True, slots=True)
class Turn:
    """A finding whose value changed, of the patient or of one therapy line."""

    iri: str
    label: str
    before: Value
    after: Value
    of: str = ""


@dataclass(frozen=True, slots=True)
class Flip:
    """A conclusion that came out otherwise, and the findings by which it did."""

    iri: str
    label: str
    before: str
    after: str
    because: tuple[Turn, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A supposition and what follows from it.

    Attributes:
        changes: The changes as they were asked for.
        says: What was written into the record, one sentence each.
        removed: Places of facts that were taken out of the record.
        before, after: The answer about the record as it is, and about the changed one.
        failure: Flips of what is concluded about failure.
        options: Flips of options, in the order of the answer after the change.
    """

    changes: tuple[str, ...]
    says: tuple[str, ...]
    removed: tuple[str, ...]
    before: Answer
    after: Answer
    failure: tuple[Flip, ...]
    options: tuple[Flip, ...]


def what_if(case: Case, changes: Iterable[Change]) -> WhatIf:
    """Suppose changes and compare.

    Raises:
        UsageError: They cannot be.
    """
    wanted = tuple(changes)
    supposed = case.suppose(wanted)
    after = case.answer_to(supposed)
    then = case.outlook(wanted)
    order = [f"<{option.iri}>" for option in after.options]
    flips = {flip.iri: flip for flip in option_flips(case.now, then)}
    ordered = [plain_iri(o) for o in dict.fromkeys([*order, *case.guidance.options])]
    return WhatIf(
        changes=tuple(map(str, wanted)),
        says=supposed.says,
        removed=tuple(dict.fromkeys(case.record.place(triple) for triple in supposed.removed)),
        before=case.answer,
        after=after,
        failure=tuple(failure_flips(case.now, then)),
        options=tuple(flips[iri] for iri in ordered if iri in flips),
    )


def option_flips(before: Outlook, after: Outlook) -> list[Flip]:
    """Return the options whose status differs, with the findings that differ in their criteria."""
    found = []
    for option, status in before.statuses.items():
        then = after.statuses.get(option, "nothing recommended")
        if then != status:
            turns = _turns(before.tree(option), after.tree(option))
            label = before.guidance.text(option, "<http://www.w3.org/2000/01/rdf-schema#label>")
            found.append(Flip(plain_iri(option), label, status, then, tuple(turns), after.withheld))
    return found


def _turns(before: CriterionNode, after: CriterionNode) -> list[Turn]:
    """Return the findings of two trees of one criterion whose values differ; the criterion, where the trees do."""
    if not before.children or len(before.children) != len(after.children):
        return [Turn(before.iri, before.label, before.value, after.value)] if before.value != after.value else []
    pairs = zip(before.children, after.children, strict=True)
    return list(dict.fromkeys(turn for one, other in pairs for turn in _turns(one, other)))


def failure_flips(before: Outlook, after: Outlook) -> list[Flip]:
    """Return the verdicts on failure that differ, with the findings of therapy lines that differ."""
    found = []
    then = after.failure()
    for cls, value in before.failure().items():
        if then[cls] != value:
            turns = tuple(_line_turns(before, after, cls))
            found.append(Flip(plain_iri(cls), before.guidance.label(cls), value, then[cls], turns))
    return found


def _line_turns(before: Outlook, after: Outlook, cls: str) -> Iterable[Turn]:
    """Return the findings that differ below a verdict: of the lines that carry it, or of the situation."""
    guidance = before.guidance
    views = sorted(o for _, _, o in before.closure.match(before.whole.situation, P.view))
    lifted = [line for part in guidance.leaves(cls) for line in guidance.objects(part, P.liftedFrom)]
    for finding in dict.fromkeys(leaf for line in lifted for leaf in guidance.leaves(line)):
        for view in views:
            one, other = (_value(outlook, view, finding) for outlook in (before, after))
            if one != other:
                line = next((o for _, _, o in before.closure.match(view, P.ofLine)), "")
                name = before.closure.sources.label(line)
                yield Turn(plain_iri(finding), guidance.label(finding), one, other, name)
    if not lifted:
        yield from _turns(before.whole.node(cls), after.whole.node(cls))


def _value(outlook: Outlook, thing: str, cls: str) -> Value:
    if (thing, RDF_TYPE, cls) in outlook.closure:
        return "met"
    return "not met" if (thing, P.fails, cls) in outlook.closure else "unknown"
