"""What to find out next: the missing findings by the options that they settle, whichever way they come out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from posthma.decide.answer import Advice, CriterionNode
from posthma.decide.case import Case, named
from posthma.decide.changes import Change
from posthma.decide.criteria import unknown_leaves
from posthma.decide.outlook import Outlook
from posthma.errors import UsageError
from posthma.vocab import KB, RDFS, P, expand, plain_iri


@dataclass(frozen=True, slots=True)
class Missing:
    """A finding that no current result gives.

    Attributes:
        stale: It was known, but before reassessment began.
        if_met, if_not_met: Options that it alone settles when it holds, and when its contrary does; IRIs.
        either_way: Options that it settles whichever way it comes out.
    """

    iri: str
    label: str
    stale: bool
    if_met: tuple[str, ...]
    if_not_met: tuple[str, ...]
    either_way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextTest:
    """An examination with the missing findings that it gives.

    Attributes:
        due: Duties that ask for it now.
        findings: What it gives, most settling first.
        settles: Options that wait for nothing else: settled whatever it shows.
        may_settle: Options that it settles with one result and not with another.
        from_history: It looks back on therapy; complete the record rather than examine the patient.
    """

    iri: str
    label: str
    due: tuple[str, ...]
    findings: tuple[Missing, ...]
    settles: tuple[str, ...]
    may_settle: tuple[str, ...]
    from_history: bool = False


@dataclass(frozen=True, slots=True)
class WhatNext:
    """What to find out next, and what can be given meanwhile.

    Attributes:
        reassess: Duties that are due before any therapy is chosen.
        tests: In the order to do them: those that are due, then by what they settle.
        meanwhile: Options that hold and rest on no finding that a due test would renew, with supportive care.
        waiting: Options that wait for findings.
        labels: Label of every option named here.
    """

    reassess: tuple[Advice, ...]
    tests: tuple[NextTest, ...]
    meanwhile: tuple[str, ...]
    waiting: tuple[str, ...]
    labels: dict[str, str]


def what_next(case: Case) -> WhatNext:
    """Return what to find out next about a patient."""
    guidance, now = case.guidance, case.now
    waits = {o: [f"<{leaf.iri}>" for leaf in unknown_leaves(now.tree(o))] for o in guidance.options}
    waiting = {o: findings for o, findings in waits.items() if findings and now.statuses.get(o)}
    asked_for = _due(case)
    by_test: dict[str, list[str]] = defaultdict(list)
    for finding in dict.fromkeys(_one_of_pair(case, f) for findings in waiting.values() for f in findings):
        by_test[guidance.decided_by(finding)].append(finding)
    for test in asked_for:
        by_test.setdefault(test, [])
    tests = [_test(case, test, findings, waiting, asked_for.get(test, ())) for test, findings in by_test.items()]
    tests.sort(key=lambda t: (not t.due, t.from_history, -len(t.settles), -len(t.may_settle), t.label))
    given = _meanwhile(case, set(asked_for))
    return WhatNext(
        case.answer.first, tuple(tests), named(given, guidance), named(waiting, guidance),
        {plain_iri(o): guidance.text(o, RDFS.label) for o in sorted({*waiting, *given})},
    )  # fmt: skip


def settled(before: Outlook, after: Outlook) -> set[str]:
    """Return the options whose population was unknown and is known afterwards."""
    return {
        option
        for option in before.statuses
        if before.tree(option).value == "unknown" and not after.withheld and after.tree(option).value != "unknown"
    }


def outcomes(case: Case, finding: str) -> tuple[Outlook | None, Outlook | None]:
    """Return the outlooks when a finding holds and when its contrary does; None for one that cannot be."""
    found: list[Outlook | None] = []
    for cls in (finding, case.guidance.contrary.get(finding, "")):
        try:
            found.append(case.outlook([Change(cls, "met")]) if cls else None)
        except UsageError:
            found.append(None)
    return found[0], found[1]


def _one_of_pair(case: Case, finding: str) -> str:
    """Return the finding of a pair that names its contrary: one question is asked once."""
    contrary = case.guidance.contrary.get(finding, "")
    return contrary if contrary and not case.guidance.objects(finding, P.contrary) else finding


def _missing(case: Case, finding: str) -> Missing:
    now, guidance = case.now, case.guidance
    met, other = (settled(now, o) if o is not None else None for o in outcomes(case, finding))
    both = (met if met is not None else other or set()) & (other if other is not None else met or set())
    stale = now.whole.value(finding) != "unknown" and now.fresh.value(finding) == "unknown"
    return Missing(
        plain_iri(finding), guidance.label(finding), stale, named(met or (), guidance), named(other or (), guidance),
        named(both, guidance),
    )  # fmt: skip


def _test(
    case: Case, test: str, findings: list[str], waiting: dict[str, list[str]], due: tuple[str, ...] | list[str]
) -> NextTest:
    guidance = case.guidance
    missing = [_missing(case, finding) for finding in findings]
    missing.sort(key=lambda m: (-len(m.either_way), -len({*m.if_met, *m.if_not_met}), m.label))
    gives = set(findings) | {guidance.contrary.get(f, "") for f in findings}
    settles = {option for option, waits in waiting.items() if set(waits) <= gives}
    settles |= {expand(o) for m in missing for o in m.either_way}
    may = {expand(o) for m in missing for o in (*m.if_met, *m.if_not_met)} - settles
    history = guidance.text(test, P.changeable) == "false" or not test
    return NextTest(
        plain_iri(test), guidance.label(test) if test else "history of therapy", tuple(due), tuple(missing),
        named(settles, guidance), named(may, guidance), history,
    )  # fmt: skip


def _due(case: Case) -> dict[str, list[str]]:
    """Return the examinations that duties ask for now, with the duties' words."""
    guidance = case.guidance
    by_label = {guidance.label(test): test for duty in guidance.duties for test in guidance.objects(duty, P.asksFor)}
    found: dict[str, list[str]] = {}
    for advice in case.answer.first:
        for name in advice.asks_for:
            found.setdefault(by_label[name], []).append(guidance.text(f"<{advice.iri}>", RDFS.label) or advice.text)
    return found


def _meanwhile(case: Case, due: set[str]) -> set[str]:
    """Return what can be given while tests run: what holds without a finding to be renewed, and supportive care."""
    guidance, now = case.guidance, case.now
    given = guidance.label(KB.statusApplicable)
    found = set()
    for option, status in now.statuses.items():
        if status == given:
            rests_on = _resting(now.tree(option))
            renewed = any(guidance.decided_by(f) in due and now.fresh.value(f) == "unknown" for f in rests_on)
            if not renewed or KB.supportive in guidance.objects(option, P.intent):
                found.add(option)
    return found


def _resting(node: CriterionNode) -> set[str]:
    """Return the findings by which a criterion is met."""
    if node.value != "met":
        return set()
    if not node.children:
        return {f"<{node.iri}>"}
    return {finding for child in node.children for finding in _resting(child)}
