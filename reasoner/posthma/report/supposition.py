"""What-if, why-not and next-test laid out as text and as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Any

from posthma.decide.nexttest import Missing, NextTest, WhatNext
from posthma.decide.whatif import Flip, WhatIf
from posthma.decide.whynot import Need, TurningSet, WhyNot
from posthma.report import NOTICE
from posthma.report.layout import Page

_ACTS = {
    "find": "not known; find out",
    "repeat": "older than the reassessment; repeat",
    "replace": "not so now; it would take another result",
    "complete the history": "the record is silent; complete it",
    "cannot change": "not so, and cannot change",
}


def to_json(form: str, found: Any, **more: Any) -> str:
    """Return an answer of `decide` as JSON text with the name of its form; equal answers give equal bytes."""
    whole = {"format": form, "notice": NOTICE, **dataclasses.asdict(found), **more}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def foot(page: Page, date: str, knowledge: str) -> str:
    """End a page with date, knowledge version and notice, and return it."""
    page.blank()
    page.field("Asked on", date, column=11)
    page.field("Knowledge", knowledge, column=11)
    page.text(NOTICE)
    return str(page)


# --- what if


def what_if(found: WhatIf, page: Page) -> str:
    """Lay out a supposition: what was changed, what flips, both sides."""
    page.text("What if: a supposition, not a finding", style="strong")
    for sentence in found.says:
        page.text(f"{sentence} (supposed on {found.after.date})", indent=2, bullet="*")
    if found.removed:
        page.field("Left out", _places(found.removed), indent=2)
    page.heading("Failure of hypomethylating therapy")
    _sides(page, _verdict(found.before.failure), _verdict(found.after.failure))
    flips(page, found.failure)
    page.heading("Options that come out otherwise")
    if not found.options:
        page.text("None.", indent=2)
    flips(page, found.options)
    page.heading("Options by status")
    before, after = (_by_status(side.options) for side in (found.before, found.after))
    for status in dict.fromkeys([*before, *after]):
        counts = f"{len(before.get(status, ()))} as recorded, {len(after.get(status, ()))} as supposed"
        page.field(status, counts, indent=2, column=24)
    for contradiction in found.after.contradictions:
        page.text(contradiction.text, bullet="!", style="bad")
    return foot(page, found.before.date, found.before.knowledge_version)


def _places(places: Sequence[str]) -> str:
    """Join places, the lines of one file once: ``record.ttl:33, 269-277``."""
    lines: dict[str, list[int]] = {}
    for place in places:
        name, _, line = place.rpartition(":")
        lines.setdefault(name if line.isdigit() else place, []).extend([int(line)] if line.isdigit() else [])
    return "; ".join(f"{name}:{_runs(sorted(set(found)))}" if found else name for name, found in lines.items())


def _runs(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _verdict(failure: Any) -> str:
    return " · ".join(part for part in (failure.gate, failure.kind, failure.certainty) if part)


def _sides(page: Page, before: str, after: str) -> None:
    page.field("As recorded", before, indent=2, column=13)
    page.field("As supposed", after if after != before else "the same", indent=2, column=13)


def flips(page: Page, found: Iterable[Flip], indent: int = 2) -> None:
    """Write conclusions that come out otherwise, each with the findings that turn it."""
    for flip in found:
        page.text(f"{flip.label}: {flip.before} -> {flip.after}", indent=indent, bullet="-")
        for turn in flip.because:
            of = f" ({turn.of})" if turn.of else ""
            page.field("because", f"{turn.label}{of}: {turn.before} -> {turn.after}", indent=indent + 2)
        if flip.remark:
            page.field("because", flip.remark, indent=indent + 2)


def _by_status(options: Iterable[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for option in options:
        found.setdefault(option.status, []).append(option.label)
    return found


# --- why not


def why_not(found: WhyNot, page: Page, date: str, knowledge: str) -> str:
    """Lay out what stands against an option and what would turn it."""
    page.text(f"{found.label}: {found.status}", style="strong")
    if not found.goal:
        page.text("Nothing stands against it.", indent=2)
        return foot(page, date, knowledge)
    for heading, needs in (("Not met", found.failed), ("Not known", found.unknown)):
        if needs:
            page.heading(heading)
        for need in needs:
            page.text(_need(need), indent=2, bullet="x" if heading == "Not met" else "?")
    groups = (
        ("What examinations could show", [s for s in found.sets if s.by_tests]),
        ("What a complete history could show", [s for s in found.sets if s.possible and not s.by_tests]),
        ("What cannot come about any more", [s for s in found.sets if not s.possible]),
    )
    for heading, sets in groups:
        if sets:
            page.heading(f"{heading}, to make it {found.goal}")
            _sets(page, sets, {need.label for need in (*found.failed, *found.unknown)})
    if not found.sets:
        page.text(f"No set of findings would make it {found.goal}.", indent=2)
    if not found.complete:
        page.text("There are more; ask with a higher --limit.", indent=2, style="dim")
    return foot(page, date, knowledge)


def _need(need: Need) -> str:
    by = f": {need.by}" if need.by else ""
    return f"{need.label} ({_ACTS[need.act]}{by})"


def _sets(page: Page, sets: Sequence[TurningSet], known: set[str]) -> None:
    """Write sets of findings; what each of them takes is not said again of those that stand above."""
    for number, one in enumerate(sets, 1):
        told = (need.label if need.label in known else _need(need) for need in one.needs)
        page.text("; ".join(told), indent=2, bullet=f"{number}.")


# --- next test


def next_test(found: WhatNext, page: Page, date: str, knowledge: str) -> str:
    """Lay out what to find out next and what can be given meanwhile."""
    if found.reassess:
        tests = dict.fromkeys(test for advice in found.reassess for test in advice.asks_for)
        page.text(f"Reassess first: {', '.join(tests)}.", style="open")
    page.heading("To find out")
    if not found.tests:
        page.text("No option waits for a finding.", indent=2)
    for number, test in enumerate(found.tests, 1):
        _test(page, number, test, found.labels)
    page.heading("While that is under way")
    for option in found.meanwhile:
        page.text(found.labels[option], indent=2, bullet="-")
    if not found.meanwhile:
        page.text("Nothing holds yet that rests on no finding to be renewed.", indent=2)
    return foot(page, date, knowledge)


def _test(page: Page, number: int, test: NextTest, labels: dict[str, str]) -> None:
    marks = ["due now"] if test.due else []
    marks += ["complete the record"] if test.from_history else []
    shown = f" ({', '.join(marks)})" if marks else ""
    page.text(f"{test.label}{shown}", indent=2, bullet=f"{number}.", style="strong")
    if test.due:
        page.field("Duty", "; ".join(test.due), indent=5)
    for name, options in (("Settles", test.settles), ("May settle", test.may_settle)):
        if options:
            page.field(name, "; ".join(labels[o] for o in options), indent=5, column=12)
    alike: dict[str, list[str]] = {}
    for missing in test.findings:
        alike.setdefault(_settling(missing), []).append(f"{missing.label}{' (stale, repeat)' if missing.stale else ''}")
    for settling, names in alike.items():
        each = "each " if len(names) > 1 else ""
        page.text(f"{', '.join(names)}: {each}{settling}", indent=5, bullet="?")


def _settling(missing: Missing) -> str:
    met, not_met, either = (
        str(len(found) or "none") for found in (missing.if_met, missing.if_not_met, missing.either_way)
    )
    options = " option" if met == "1" else " options" if met != "none" else ""
    return f"settles {met}{options} if so, {not_met} if not; {either} whatever comes out"
