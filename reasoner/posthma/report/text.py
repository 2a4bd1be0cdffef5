"""The answer laid out for a haematologist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posthma.decide.answer import (
    Advice,
    Answer,
    Citation,
    Claim,
    CriterionNode,
    EvidenceItem,
    OptionVerdict,
)
from posthma.report import NOTICE
from posthma.report.layout import Page

_GROUPS = (  # status, heading, style
    ("applicable", "Applicable", "good"),
    ("advised against", "Advised against", "bad"),
    ("caution undetermined", "Caution, not decided", "open"),
    ("undetermined", "Cannot be decided yet", "open"),
    ("not applicable", "Ruled out", "dim"),
    ("out of scope", "Out of scope", "dim"),
)
_NO_LABEL = ("not known", "no label")
_VALUES = {"met": "met", "not met": "NOT met", "unknown": "unknown"}


class _Sources:
    """The citations of an answer: a short mark beside each claim, the list at the end."""

    def __init__(self) -> None:
        self.marks: dict[str, str] = {}
        self.cited: dict[str, Citation] = {}

    def mark(self, citations: Iterable[Citation]) -> str:
        parts = [self._one(citation) for citation in citations]
        return f" [{'; '.join(dict.fromkeys(parts))}]" if parts else ""

    def _one(self, citation: Citation) -> str:
        if citation.iri not in self.marks:
            wanted = str(citation.number) if citation.number else f"S{len(self.marks) + 1}"
            taken = set(self.marks.values())
            self.marks[citation.iri] = wanted if wanted not in taken else f"S{len(self.marks) + 1}"
            self.cited[citation.iri] = citation
        mark = self.marks[citation.iri]
        *_, lines = citation.locator.rpartition(", lines ")  # the section is in JSON; beside a claim the lines do
        locator = f"lines {lines}" if ", lines " in citation.locator else citation.locator
        return f"{mark}: {locator}" if locator else mark

    def listed(self) -> list[tuple[str, Citation]]:
        def order(item: tuple[str, Citation]) -> tuple[int, int, str]:
            return (0, int(item[0]), "") if item[0].isdigit() else (1, 0, item[0])

        return sorted(((self.marks[iri], citation) for iri, citation in self.cited.items()), key=order)


def render(answer: Answer, page: Page | None = None) -> str:
    """Return the answer as text, laid out on ``page`` (100 columns without colour when None)."""
    page = page or Page()
    sources = _Sources()
    _head(answer, page)
    for contradiction in answer.contradictions:
        places = f" ({', '.join(contradiction.places)})" if contradiction.places else ""
        page.text(f"{contradiction.text}{places}", bullet="!", style="bad")
    if any(contradiction.withholds for contradiction in answer.contradictions):
        page.text("The record contradicts itself, so nothing is recommended here.", style="bad")
    if answer.out_of_scope:
        page.heading("Out of scope")
        page.text(answer.out_of_scope, indent=2)
    _failure(answer, page, sources)
    if answer.disease_state:
        page.heading(f"Disease on {answer.date}")
        _claims(answer.disease_state, page, sources)
    if answer.first:
        page.heading("Reassess first")
        for advice in answer.first:
            _advice(advice, page, sources, bullet="!", style="open")
    _options(answer, page, sources)
    _missing(answer.options, page)
    _ruled_out(answer.options, page, sources)
    if answer.counselling:
        page.heading("To discuss and to do")
        for advice in answer.counselling:
            _advice(advice, page, sources)
    _reported(answer, page)
    if answer.notices:
        page.heading("Remarks")
        _claims(answer.notices, page, sources)
    _sources(sources, page)
    _foot(answer, page)
    return str(page)


def _head(answer: Answer, page: Page) -> None:
    page.text("Options after failure of hypomethylating agents in MDS", style="strong")
    patient = answer.patient.strip("<>").rstrip("/#").replace("#", "/").rpartition("/")[2]
    page.field("Record", f"{answer.record_path}, {patient}")
    if answer.patient_summary:
        page.field("Patient", "; ".join(claim.text for claim in answer.patient_summary))
    constructed = " (dates of this record are constructed)" if answer.constructed_dates else ""
    page.field("Asked on", f"{answer.date}{constructed}, for {answer.jurisdiction}")


def _failure(answer: Answer, page: Page, sources: _Sources) -> None:
    failure = answer.failure
    page.heading("Failure of hypomethylating therapy")
    verdict = " · ".join(part for part in (failure.gate, failure.kind, failure.certainty) if part)
    page.text(verdict, indent=2, style="strong")
    _claims(failure.sentences, page, sources)
    if failure.definition:
        page.text(f"Definition used: {failure.definition}", indent=2, style="dim")
    if failure.assumptions:
        page.text("This rests on assumptions:", indent=2)
        _claims(failure.assumptions, page, sources, indent=4)


def _claims(claims: Iterable[Claim], page: Page, sources: _Sources, indent: int = 2) -> None:
    for claim in claims:
        place = f" ({claim.place})" if claim.place else ""
        page.text(f"{claim.text}{place}{sources.mark(claim.citations)}", indent=indent, bullet="-")


def _advice(advice: Advice, page: Page, sources: _Sources, bullet: str = "-", style: str = "") -> None:
    tests = f" Tests: {', '.join(advice.asks_for)}." if advice.asks_for else ""
    trigger = f" Because: {advice.trigger}." if advice.trigger else ""
    page.text(f"{advice.text}{tests}{trigger}{sources.mark(advice.citations)}", indent=2, bullet=bullet, style=style)


def _options(answer: Answer, page: Page, sources: _Sources) -> None:
    shown = [option for option in answer.options if option.status not in ("silent", "not applicable", "out of scope")]
    page.heading("Therapies and trials")
    if not shown:
        page.text("None can be named for this patient on this date.", indent=2)
    elif answer.order_policy:
        page.text(f"Order within a group: {answer.order_policy}", indent=2, style="dim")
    for status, heading, style in _GROUPS:
        labels = [option.label for option in shown if option.status == status]
        if labels:
            page.field(f"{heading}:", "; ".join(labels), indent=2, column=23, style=style)
    if any(option.label_status.startswith(_NO_LABEL) for option in shown):
        page.text(f"No drug label of {answer.jurisdiction} is known here where none is named.", indent=2, style="dim")
    number = 0
    for status, heading, style in _GROUPS:
        group = [option for option in shown if option.status == status]
        if group:
            page.blank()
            page.text(f"{heading} ({len(group)})", indent=2, style=style)
        for option in group:
            number += 1
            _option(option, number, page, sources)


def _option(option: OptionVerdict, number: int, page: Page, sources: _Sources) -> None:
    page.text(f"{option.label}{sources.mark(option.citations)}", indent=2, bullet=f"{number}.", style="strong")
    stance = f'{option.stance}, in the source\'s words "{option.strength}"' if option.strength else option.stance
    label = "" if option.label_status.startswith(_NO_LABEL) else option.label_status
    rows = [("Stance", stance), ("Trial", option.trial), ("Label", label)]
    for name, text in rows:
        if text:
            page.field(name, text, indent=5)
    for name, items in (
        ("For", option.evidence_for),
        ("Against", option.evidence_against),
        ("Context", option.evidence_context),
    ):
        for item in items:
            page.field(name, _evidence(item, sources), indent=5)
    for name, advices in (("Safety", option.safety), ("Do", option.duties)):
        for advice in advices:
            page.field(name, f"{advice.text}{sources.mark(advice.citations)}", indent=5)
    if option.missing:
        page.field("Missing", "; ".join(_finding(node) for node in option.missing), indent=5, style="open")
    elif option.criteria is not None:
        page.field("Because", _because(option.criteria), indent=5)
    if option.order_reason:
        page.field("Order", option.order_reason, indent=5)


def _evidence(item: EvidenceItem, sources: _Sources) -> str:
    """Return one evidence statement as a sentence with design, size, directness and citation."""
    details = [item.design, f"n = {item.sample_size}" if item.sample_size is not None else "", item.setting]
    directness: str = item.directness if item.directness != "not stated" else ""
    if directness and item.difference:
        directness += f": {item.difference}"
    marks = "; ".join(part for part in (*details, directness) if part)
    text = f"{item.text.rstrip('.')}: {item.effect}" if item.effect else item.text
    disputed = " DISPUTED, orders nothing" if item.quarantined else " (disputed)" if item.dispute else ""
    disputed += f": {item.dispute}" if item.dispute and item.quarantined else ""
    return f"{text}{f' ({marks})' if marks else ''}{disputed}{sources.mark(item.citations)}"


def _finding(node: CriterionNode) -> str:
    """Return a finding with the test that decides it, or why it is not current."""
    if node.fresh is False:
        old = f"found {node.finding_date}, " if node.finding_date else ""
        return (
            f"{node.label} ({old}before the reassessment: repeat{f' the {node.decided_by}' if node.decided_by else ''})"
        )
    return f"{node.label}{f' ({node.decided_by})' if node.decided_by else ''}"


def _because(root: CriterionNode) -> str:
    """Return the findings that make a criterion met, left to right."""
    leaves = [node.label for node in _leaves(root) if node.value == "met"]
    return "; ".join(dict.fromkeys(leaves)) or root.label


def _leaves(node: CriterionNode) -> Iterable[CriterionNode]:
    if not node.children:
        yield node
    for child in node.children:
        if child.value == node.value:
            yield from _leaves(child)


def _missing(options: Sequence[OptionVerdict], page: Page) -> None:
    """List each missing finding once, with the options that wait for it."""
    waiting: dict[str, list[str]] = {}
    for option in options:
        if option.status in ("undetermined", "caution undetermined"):
            for node in option.missing:
                waiting.setdefault(_finding(node), []).append(option.label)
    if waiting:
        page.heading("Missing facts")
        for text, labels in sorted(waiting.items(), key=lambda item: (-len(item[1]), item[0])):
            page.text(f"{text}: {', '.join(dict.fromkeys(labels))}", indent=2, bullet="?")


def _ruled_out(options: Sequence[OptionVerdict], page: Page, sources: _Sources) -> None:
    ruled_out = [option for option in options if option.status in ("not applicable", "out of scope")]
    if ruled_out:
        page.heading("Ruled out")
    for option in ruled_out:
        reasons = "; ".join(
            f"{node.label}: {_VALUES[node.value]}{f' (found {node.finding_date})' if node.finding_date else ''}"
            for node in option.failed
        )
        page.text(f"{option.label}: {reasons or option.status}{sources.mark(option.citations)}", indent=2, bullet="x")


def _reported(answer: Answer, page: Page) -> None:
    if answer.reported:
        page.heading("Reported in the record, compared and not relied on")
    for row in answer.reported:
        verdict = {True: "agrees", False: "DIFFERS", None: "not comparable"}[row.agrees]
        place = f" ({row.place})" if row.place else ""
        page.text(f"reported: {row.reported}{place}; concluded: {row.concluded}; {verdict}", indent=2, bullet="-")


def _sources(sources: _Sources, page: Page) -> None:
    listed = sources.listed()
    if listed:
        page.heading("Sources")
    for mark, citation in listed:
        ids = [f"doi:{citation.doi}" if citation.doi else "", f"PMID {citation.pmid}" if citation.pmid else ""]
        known = f" ({citation.verification})" if citation.verification else ""
        page.text(f"{', '.join(filter(None, [citation.label, *ids]))}{known}", indent=2, bullet=f"[{mark}]")


def _foot(answer: Answer, page: Page) -> None:
    page.blank()
    chosen = f", as of {answer.as_of}" if answer.as_of else ""
    chosen += f", without {answer.without_source}" if answer.without_source else ""
    page.field("Knowledge", f"{answer.knowledge_version} (sha256 {answer.knowledge_sha[:12]}){chosen}", column=11)
    page.field("Record", f"sha256 {answer.record_sha[:12]}", column=11)
    page.text(NOTICE)
