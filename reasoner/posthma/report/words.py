"""The sentences that every form of a report shares, each made from the structure of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from posthma.decide.answer import Advice, Answer, Citation, Claim, CriterionNode, EvidenceItem, OptionVerdict, Status
from posthma.vocab import P

TITLE = "Options after failure of hypomethylating agents in MDS"


@dataclass(frozen=True)
class Group:
    """Options of one status, under one heading.

    ``tone`` is the style of the heading: good, open, bad or dim.
    """

    status: Status
    heading: str
    tone: str


GROUPS = (
    Group("applicable", "Applicable", "good"),
    Group("within trials only", "Only within a trial", "open"),
    Group("advised against", "Advised against", "bad"),
    Group("caution undetermined", "Caution, not decided", "open"),
    Group("undetermined", "Cannot be decided yet", "open"),
    Group("not applicable", "Ruled out", "dim"),
    Group("out of scope", "Out of scope", "dim"),
)
WITHHELD = "The record contradicts itself, so nothing is recommended here."
NOTHING = "None can be named for this patient on this date."
MANY = 10  # options not decided, above which an overview names the tests and not the options
NO_DATE = "no date"
LEGEND = (
    "Evidence is direct when it speaks of patients like this one, indirect when of others, "
    "not decidable while a finding is missing that would tell."
)
LINES_NOTE = "After a colon: the lines of that document."
_DATED = re.compile(r"(.*) \((\d{4}-\d\d-\d\d|no date)\)")
_SETTINGS = ("after ", "before ", "first-line", "setting ")
_ONE_LINE = re.compile(r"\blines (\d+)-\1(?![\d,-])(?!, \d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def in_groups(options: Iterable[OptionVerdict]) -> list[tuple[Group, list[OptionVerdict]]]:
    """Return the groups that have options, in the order of a report; silent options are in none."""
    options = list(options)
    found = [(group, [option for option in options if option.status == group.status]) for group in GROUPS]
    return [(group, members) for group, members in found if members]


def patient_name(answer: Answer) -> str:
    """Return the end of the patient's IRI."""
    return answer.patient.strip("<>").rstrip("/#").replace("#", "/").rpartition("/")[2]


def asked(answer: Answer) -> str:
    """Return decision date and jurisdiction."""
    constructed = " (dates of this record are constructed)" if answer.constructed_dates else ""
    return f"{answer.date}{constructed}, jurisdiction: {answer.jurisdiction}"


def verdict(answer: Answer) -> str:
    """Return gate, kind and certainty of the failure in one line."""
    failure = answer.failure
    return " · ".join(part for part in (failure.gate, failure.kind, failure.certainty) if part)


def reasons(answer: Answer) -> list[tuple[str, tuple[Claim, ...]]]:
    """Return why, one sentence for each therapy line; its verdicts that rest on the same findings are joined."""
    by_view: dict[object, list[Claim]] = {}
    for claim in answer.failure.sentences:
        by_view.setdefault(claim.triple[0] if claim.triple else claim, []).append(claim)
    found: list[tuple[str, tuple[Claim, ...]]] = []
    for claims in by_view.values():
        head = claims[0].text.partition(": ")[0]
        if len(claims) == 1 or not all(claim.text.startswith(f"{head}: ") for claim in claims):
            found += [(claim.text, (claim,)) for claim in claims]
            continue
        said: dict[str, list[str]] = {}
        for claim in claims:
            what, bracket, why = claim.text[len(head) + 2 :].partition(" (")
            said.setdefault(bracket + why, []).append(what)
        found.append((f"{head}: {'; '.join(', '.join(w) + why for why, w in said.items())}", tuple(claims)))
    return found


def assumptions(answer: Answer) -> str:
    """Return what the verdict rests on without a fact of the record, in one line."""
    return "; ".join(claim.text.partition(": ")[0] for claim in answer.failure.assumptions)


def measured(answer: Answer) -> list[tuple[str, list[tuple[str, Claim]]]]:
    """Return the measured values by date, latest first."""
    found: dict[str, list[tuple[str, Claim]]] = {}
    for claim in answer.disease_state:
        if claim.triple and claim.triple[1] == P.current:
            match = _DATED.fullmatch(claim.text)
            text, date = (match[1], match[2]) if match else (claim.text, NO_DATE)
            found.setdefault(date, []).append((text, claim))
    return sorted(found.items(), key=lambda item: (item[0] != NO_DATE, item[0]), reverse=True)


def findings(answer: Answer) -> list[tuple[str, list[Claim]]]:
    """Return the findings that hold by date, latest first and those without date last, without the measured values."""
    found: dict[str, list[Claim]] = {}
    for claim in answer.disease_state:
        if not (claim.triple and claim.triple[1] == P.current):
            found.setdefault(claim.date, []).append(claim)
    return sorted(found.items(), reverse=True)


def by_date(answer: Answer) -> list[tuple[str, list[tuple[str, Claim]], list[Claim]]]:
    """Return date, measured values and findings, latest first and what has no date last."""
    values = dict(measured(answer))
    found = {date or NO_DATE: claims for date, claims in findings(answer)}
    dates = sorted({*values, *found}, key=lambda date: (date != NO_DATE, date), reverse=True)
    return [(date, values.get(date, []), found.get(date, [])) for date in dates]


def dated(claim: Claim) -> str:
    """Return a claim with the date of a finding."""
    return f"{claim.text} ({claim.date})" if claim.date else claim.text


def tests_first(answer: Answer) -> str:
    """Return the tests still open before a therapy is chosen, each once."""
    tests = dict.fromkeys(test for advice in answer.first for test in advice.asks_for)
    return ", ".join(tests) or "; ".join(advice.text.rstrip(".") for advice in answer.first)


def cited(advices: Iterable[Advice]) -> list[Citation]:
    """Return the citations of several pieces of advice."""
    return [citation for advice in advices for citation in advice.citations]


def advice_text(advice: Advice) -> str:
    """Return a duty or point with its tests and what triggers it."""
    tests = f" Tests: {', '.join(advice.asks_for)}." if advice.asks_for else ""
    trigger = f" Because: {advice.trigger}." if advice.trigger else ""
    return f"{advice.text}{tests}{trigger}"


def lines(locator: str) -> str:
    """Return a locator in which a single line is named once.

    >>> lines("Figure 1 caption, lines 262-262")
    'Figure 1 caption, line 262'
    """
    return _ONE_LINE.sub(r"line \1", locator)


def stance(option: OptionVerdict) -> str:
    """Return the stance with the strength in the source's own words."""
    return f"{option.stance}, “{option.strength}”" if option.strength else option.stance


def opposing(option: OptionVerdict, options: Iterable[OptionVerdict]) -> list[OptionVerdict]:
    """Return the advice against the intervention of an option that applies or may apply: both must be seen together."""
    if option.status not in ("applicable", "within trials only", "undetermined"):
        return []
    mine = set(option.intervention.split(" + ")) - {""}
    return [
        other
        for other in options
        if other.status in ("advised against", "caution undetermined") and mine & set(other.intervention.split(" + "))
    ]


def but(option: OptionVerdict, options: Iterable[OptionVerdict], numbers: dict[str, int]) -> str:
    """Say that the intervention of an option is also advised against, and where; empty when it is not."""
    said = {"advised against": "advised against", "caution undetermined": "perhaps advised against"}
    return "; ".join(
        f"{said[other.status]} as {numbers[other.iri]} {other.label}" for other in opposing(option, options)
    )


def named(group: Group, members: Sequence[OptionVerdict], answer: Answer, numbers: dict[str, int]) -> str:
    """Return the options of a group in one line: numbers and names, or the tests awaited where they are many."""
    if group.tone == "dim":
        return f"{len(members)}, see below"
    if len(members) > MANY and group.status == "undetermined":
        first, last = numbers[members[0].iri], numbers[members[-1].iri]
        awaited = ", ".join(f"{test} ({len(who)})" for test, _, who in waiting(members))
        return f"{first} to {last}, waiting for: {awaited}"
    return "; ".join(f"{numbers[option.iri]}\u00a0{option.label}{see(option, answer, numbers)}" for option in members)


def see(option: OptionVerdict, answer: Answer, numbers: dict[str, int]) -> str:
    """Return a pointer to the advice against the same intervention, or nothing."""
    others = [str(numbers[other.iri]) for other in opposing(option, answer.options)]
    return f" (but see {', '.join(others)})" if others else ""


def label_known(option: OptionVerdict) -> str:
    """Return the label status, or nothing when no label is known."""
    return "" if option.label_status.startswith(("not known", "no label")) else option.label_status


def no_label(options: Iterable[OptionVerdict], answer: Answer) -> str:
    """Say once that labels are not known; nothing when each is."""
    if all(label_known(option) for option in options):
        return ""
    return f"Where no drug label is named, none is known here ({answer.jurisdiction})."


def evidence(item: EvidenceItem) -> str:
    """Return an evidence statement with design, size, setting, directness and dispute."""
    size = f"n = {item.sample_size}" if item.sample_size is not None else ""
    details = [item.design, size, setting(item), directness(item), group(item)]
    marks = "; ".join(part for part in details if part)
    return f"{figure(item)}{f' ({marks})' if marks else ''}{dispute(item)}"


def group(item: EvidenceItem) -> str:
    """Return what a statement is counted with, unless that is the very patient or study that it names already."""
    return "" if item.independence_group == item.difference else item.independence_group


def figure(item: EvidenceItem) -> str:
    """Return the sentence of a statement, with its figure unless the sentence tells it."""
    told = set(_NUMBER.findall(item.text))
    if not item.effect or set(_NUMBER.findall(item.effect)) <= told:
        return item.text.rstrip(".")
    return f"{item.text.rstrip('.')}: {item.effect}"


def setting(item: EvidenceItem) -> str:
    """Return the setting of a statement, named as such where its words alone would not tell."""
    return item.setting if not item.setting or item.setting.startswith(_SETTINGS) else f"setting: {item.setting}"


def directness(item: EvidenceItem) -> str:
    """Say whether the patient belongs to the studied population, and what differs."""
    if item.directness == "not stated":
        return f"studied: {item.difference}" if item.difference else ""
    if not item.difference:
        return item.directness
    return f"{item.directness}; {'not met' if item.directness == 'indirect' else 'unknown'}: {item.difference}"


def dispute(item: EvidenceItem) -> str:
    """Say that a figure is quarantined or disputed, and what is disputed."""
    what = disputed(item)
    if item.quarantined:
        return f" DISPUTED, orders nothing{f': {what}' if what else ''}"
    return f" (disputed: {what})" if what else ""


def disputed(item: EvidenceItem) -> str:
    """Return what is disputed of a statement, each point once: what quarantines a figure may also doubt it."""
    return "; ".join(dict.fromkeys(item.dispute.split("; "))) if item.dispute else ""


def brief(item: EvidenceItem) -> str:
    """Return an evidence statement in one line: the figure once, directness, size, whether it is disputed."""
    text = figure(item)
    size = f"n = {item.sample_size}" if item.sample_size is not None else ""
    where = setting(item) if item.directness not in ("direct", "not decidable") else ""
    known = item.directness if item.directness != "not stated" else ""
    disputed = "DISPUTED, orders nothing" if item.quarantined else "disputed" if item.dispute else ""
    marks = "; ".join(part for part in (size, where, known, disputed) if part)
    return f"{text} ({marks})" if marks else text


def leading(items: Sequence[EvidenceItem]) -> EvidenceItem | None:
    """Return the statement to show where one line must do.

    No judgement of effect: what speaks of patients like this one goes before what does not, a publication before a
    remark, a stated figure before none, more patients before fewer; a quarantined figure is never chosen.
    """
    rank = {"direct": 0, "not decidable": 1, "not stated": 2, "indirect": 2}

    def key(item: EvidenceItem) -> tuple[int, bool, bool, bool, int]:
        published = any(citation.number for citation in item.citations)
        return (
            rank[item.directness], not published, not item.effect, bool(item.dispute), -(item.sample_size or 0),
        )  # fmt: skip

    return min((item for item in items if not item.quarantined), key=key, default=None)


def rest(option: OptionVerdict, shown: Iterable[EvidenceItem]) -> str:
    """Count the evidence that is not shown: ``3 more statements for, 1 as context``."""
    hidden = {item.iri for item in shown}
    counts: list[str] = []
    for name, items in sides(option):
        left = sum(item.iri not in hidden for item in items)
        if left:
            statements = f" statement{'' if left == 1 else 's'}" if not counts else ""
            side = "as context" if name == "Context" else name.lower()
            counts.append(f"{left}{' more' if left < len(items) else ''}{statements} {side}")
    return ", ".join(counts)


def sides(option: OptionVerdict) -> tuple[tuple[str, tuple[EvidenceItem, ...]], ...]:
    """Return the ledger: name of the side and its statements."""
    return ("For", option.evidence_for), ("Against", option.evidence_against), ("Context", option.evidence_context)


def finding(node: CriterionNode) -> str:
    """Return a finding with the test that decides it, or why it is not current."""
    if node.fresh is False:
        test = f" the {node.decided_by}" if node.decided_by else ""
        return f"{node.label} ({stale(node)}: repeat{test})"
    return f"{node.label} ({node.decided_by})" if node.decided_by else node.label


def stale(node: CriterionNode) -> str:
    """Return what a stale finding was, and when: ``was met on 2016-01-01, before the reassessment``."""
    was = f"was {node.before}" if node.before else "known"
    return f"{was}{f' on {node.finding_date}' if node.finding_date else ''}, before the reassessment"


def missing(nodes: Iterable[CriterionNode]) -> str:
    """Return missing findings by the test that decides them: ``gene panel: TP53 mutated``."""
    by_test: dict[str, list[str]] = {}
    for node in nodes:
        old = f" (to repeat: {stale(node)})" if node.fresh is False else ""
        by_test.setdefault(node.decided_by, []).append(node.label + old)
    return "; ".join(f"{test}: {', '.join(what)}" if test else ", ".join(what) for test, what in by_test.items())


def because(root: CriterionNode) -> str:
    """Return the findings that make a criterion what it is, left to right."""
    return "; ".join(dict.fromkeys(node.label for node in carrying(root))) or root.label


def carrying(node: CriterionNode) -> Iterator[CriterionNode]:
    """Yield the findings of a criterion that share its value."""
    if not node.children:
        yield node
    for child in node.children:
        if child.value == node.value:
            yield from carrying(child)


def failed(option: OptionVerdict) -> str:
    """Return the findings that rule an option out: of each criterion that fails the contrary, which was found."""
    text = "; ".join(
        f"{n.contrary or f'not “{n.label}”'}{f' ({n.finding_date})' if n.finding_date else ''}" for n in option.failed
    )
    return f"ruled out by {text}" if text else option.status


def waiting(options: Iterable[OptionVerdict]) -> list[tuple[str, list[str], list[OptionVerdict]]]:
    """Return each test with what it would settle and the options that wait for it; most options first."""
    found: dict[str, tuple[dict[str, None], dict[str, OptionVerdict]]] = {}
    for option in options:
        if option.status in ("undetermined", "caution undetermined"):
            for node in option.missing:
                what, who = found.setdefault(node.decided_by or "not decided by a test", ({}, {}))
                what[node.label] = None
                who[option.iri] = option
    rows = [(test, list(what), list(who.values())) for test, (what, who) in found.items()]
    return sorted(rows, key=lambda row: (-len(row[2]), row[0]))


def runs(numbers: Iterable[int]) -> str:
    """Return numbers in order, neighbours joined.

    >>> runs([3, 1, 2, 7])
    '1 to 3, 7'
    """
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    joined = {0: "{0}", 1: "{0}, {1}"}
    return ", ".join(joined.get(last - first, "{0} to {1}").format(first, last) for first, last in found)


def reported(answer: Answer) -> list[str]:
    """Return what a person reported beside what was concluded here."""
    words = {True: "agrees", False: "DIFFERS", None: "not comparable"}
    lines = []
    for row in answer.reported:
        place = f" ({row.place})" if row.place else ""
        what = row.reported.removesuffix(", as reported")
        lines.append(f"reported: {what}{place}; concluded: {row.concluded}; {words[row.agrees]}")
    return lines


def made_with(answer: Answer) -> str:
    """Return version and hash of the knowledge, with what the call chose."""
    chosen = f", as of {answer.as_of}" if answer.as_of else ""
    chosen += f", without {answer.without_source}" if answer.without_source else ""
    return f"{answer.knowledge_version} (sha256 {answer.knowledge_sha[:12]}){chosen}"


def withheld(answer: Answer) -> bool:
    """Say whether a contradiction forbids any recommendation."""
    return any(contradiction.withholds for contradiction in answer.contradictions)
