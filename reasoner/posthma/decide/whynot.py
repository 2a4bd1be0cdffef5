"""Why not: the criteria that stand against an option, and the smallest sets of findings that would turn it.

An option that may be given is turned by meeting its criteria; a warning is turned by failing them. A set is minimal:
with all its findings the option turns, with any one less it does not; each was tried as a supposition.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from posthma.decide.answer import CriterionNode, Value
from posthma.decide.case import Case
from posthma.decide.changes import Change
from posthma.decide.criteria import failed_leaves, unknown_leaves
from posthma.decide.guidance import Guidance
from posthma.decide.outlook import Outlook
from posthma.errors import UsageError
from posthma.vocab import KB, RDFS, P, plain_iri

Act = Literal["find", "repeat", "replace", "complete the history", "cannot change"]
Sets = frozenset[frozenset[str]]
_WIDEST = 4096
"""The most candidate sets that are carried along while a tree is walked; the smallest stay."""


@dataclass(frozen=True, slots=True)
class Need:
    """A finding that would have to hold.

    Attributes:
        act: ``find`` what is unknown, ``repeat`` what is stale, ``replace`` what is otherwise now, ``complete the
            history`` where the record is silent about therapy; or it ``cannot change``.
        by: The examination that settles it.
    """

    iri: str
    label: str
    act: Act
    by: str = ""


@dataclass(frozen=True, slots=True)
class TurningSet:
    """Findings that together turn an option.

    Attributes:
        by_tests: Whether examinations can settle all of them.
        possible: Whether none of them is beyond change.
    """

    needs: tuple[Need, ...]
    by_tests: bool
    possible: bool


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an option does not stand otherwise.

    Attributes:
        status: What the option comes to now.
        goal: The status that the sets would give it; empty when nothing is to be turned.
        failed, unknown: Findings that stand against it, or are missing.
        sets: The smallest first; those that need what cannot change come last.
        complete: Whether these are all; False when the limit cut them off.
    """

    iri: str
    label: str
    status: str
    goal: str
    failed: tuple[Need, ...]
    unknown: tuple[Need, ...]
    sets: tuple[TurningSet, ...]
    complete: bool = True


def why_not(case: Case, name: str, limit: int = 20) -> WhyNot:
    """Return what stands against an option and what would turn it.

    Args:
        case: The patient's question.
        name: CURIE, IRI or local name of the option.
        limit: The most sets to return.

    Raises:
        UsageError: There is no such option.
    """
    if limit < 1:
        raise UsageError("--limit", f"{limit} sets cannot be shown", "ask for one or more")
    guidance, option = case.guidance, case.option(name)
    stance, node = guidance.one(option, P.stance), case.now.tree(option)
    warns = guidance.one(stance, P.statusWhenNotMet) == KB.statusSilent
    want: Value = "not met" if warns else "met"
    goal = guidance.label(guidance.one(stance, P.statusWhenNotMet if warns else P.statusWhenMet))
    status = case.now.statuses[option]
    if status == goal:
        return WhyNot(plain_iri(option), guidance.text(option, RDFS.label), status, "", (), (), ())
    found, complete = minimal_sets(case, option, want, limit)
    turning = [_turning(case, option, findings) for findings in found]
    turning.sort(key=lambda s: (not s.possible, not s.by_tests, len(s.needs), [n.label for n in s.needs]))
    return WhyNot(
        plain_iri(option), guidance.text(option, RDFS.label), status, goal,
        tuple(need(case, option, f"<{leaf.iri}>") for leaf in failed_leaves(node)),
        tuple(need(case, option, f"<{leaf.iri}>") for leaf in unknown_leaves(node)),
        tuple(turning[:limit]), complete and len(turning) <= limit,
    )  # fmt: skip


def need(case: Case, option: str, finding: str) -> Need:
    """Return how a finding stands that would have to hold for an option."""
    guidance, judge = case.guidance, case.now.judge(option)
    value, whole = judge.value(finding), case.now.whole.value(finding)
    if value == "not met":
        act: Act = "replace" if case.ways.can_change(finding) else "cannot change"
    elif case.ways.from_history(finding):
        act = "complete the history"
    else:
        act = "find" if whole == "unknown" else "repeat"
    test = guidance.decided_by(finding)
    return Need(plain_iri(finding), guidance.label(finding), act, guidance.label(test) if test else "")


def _turning(case: Case, option: str, findings: Iterable[str]) -> TurningSet:
    needs = tuple(sorted((need(case, option, f) for f in findings), key=lambda n: n.label))
    acts = {n.act for n in needs}
    return TurningSet(needs, not acts & {"cannot change", "complete the history"}, "cannot change" not in acts)


def minimal_sets(case: Case, option: str, want: Value, limit: int = 20) -> tuple[list[frozenset[str]], bool]:
    """Return the smallest sets of findings that give an option's population a value, and whether these are all."""
    node = case.now.tree(option)
    search = _Search(case, option, want)
    sets = search.sets(node, want)
    found: list[frozenset[str]] = []
    tried = 0
    agenda = sorted(sets, key=_size)
    while agenda and len(found) < limit and tried < 20 * limit:
        findings = agenda.pop(0)
        if any(smaller <= findings for smaller in found):
            continue
        tried += 1
        if search.beyond(findings):
            found.append(findings)
            continue
        outlook = search.try_(findings)
        if outlook is None:
            continue
        if outlook.judge(option).value(f"<{node.iri}>") == want:
            found.append(search.shrink(findings))
            continue
        # A finding that is met now was lost on the way: ask for it too.
        more = _Search(case, option, want).sets(outlook.tree(option), want)
        wider = {findings | extra for extra in more if not extra <= findings}
        agenda = sorted({*agenda, *wider}, key=_size)
    unique = [s for s in dict.fromkeys(found) if not any(other < s for other in found)]
    return unique, not agenda


def _size(findings: frozenset[str]) -> tuple[int, list[str]]:
    return len(findings), sorted(findings)


class _Search:
    """The candidate sets of one option."""

    def __init__(self, case: Case, option: str, want: Value) -> None:
        self.case, self.option, self.want = case, option, want

    def sets(self, node: CriterionNode, want: Value) -> Sets:
        """Return the sets of findings that give a criterion a value, by its tree; Kleene's tables read backwards."""
        if node.value == want:
            return frozenset([frozenset()])
        if not node.children:
            return self._leaf(node, want)
        parts = [self.sets(child, want) for child in node.children]
        if (node.operator == "all") is (want == "met"):
            found: Sets = frozenset([frozenset()])
            for part in parts:
                found = _smallest(one | other for one, other in itertools.product(found, part))
            return found
        return _smallest(itertools.chain.from_iterable(parts))

    def _leaf(self, node: CriterionNode, want: Value) -> Sets:
        finding = wanted(f"<{node.iri}>", want, self.case.guidance)
        return frozenset([frozenset([finding])]) if finding else frozenset()

    def beyond(self, findings: frozenset[str]) -> bool:
        """Say whether a set holds what cannot change, so that nothing can be tried."""
        judge = self.case.now.judge(self.option)
        return any(judge.value(f) == "not met" and not self.case.ways.can_change(f) for f in findings)

    def try_(self, findings: Iterable[str]) -> Outlook | None:
        """Return the outlook under findings; None when they cannot be together."""
        try:
            outlook = self.case.outlook(Change(f, "met") for f in findings)
        except UsageError:
            return None
        return None if outlook.withheld else outlook

    def shrink(self, findings: frozenset[str]) -> frozenset[str]:
        """Leave out what the others bring about anyway."""
        for finding in sorted(findings):
            rest = findings - {finding}
            outlook = self.try_(rest)
            if outlook is not None and outlook.tree(self.option).value == self.want:
                return self.shrink(rest)
        return findings


def wanted(finding: str, want: Value, guidance: Guidance) -> str:
    """Return the finding that gives another its value: itself, or its contrary; empty when it has none."""
    return finding if want == "met" else guidance.contrary.get(finding, "")


def _smallest(sets: Iterable[frozenset[str]]) -> Sets:
    """Return the sets that hold no other of them."""
    found: list[frozenset[str]] = []
    for findings in sorted(set(sets), key=_size):
        if not any(smaller <= findings for smaller in found):
            found.append(findings)
    return frozenset(found[:_WIDEST])
