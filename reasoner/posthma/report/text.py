"""The answer laid out for a haematologist: what matters on the first screen, the reasons below it."""

from __future__ import annotations

from collections.abc import Iterable

from posthma.decide.answer import Advice, Answer, Claim, EvidenceItem, OptionVerdict
from posthma.report import NOTICE, choices, words
from posthma.report.layout import Page
from posthma.report.marks import Marks, described


def render(answer: Answer, page: Page | None = None, *, full: bool = False) -> str:
    """Return the answer as text.

    Args:
        answer: The answer.
        page: Where to lay it out; 100 columns without colour when None.
        full: Show the whole ledger of evidence, the places in the record, every duty and each reason of the order.
    """
    return _Text(answer, page or Page(), full).render()


class _Text:
    def __init__(self, answer: Answer, page: Page, full: bool) -> None:
        self.answer, self.page, self.full = answer, page, full
        self.marks = Marks()
        self.numbers: dict[str, int] = {}

    def render(self) -> str:
        answer, page = self.answer, self.page
        self._head()
        self._failure()
        self._disease()
        self._first()
        groups = words.in_groups(answer.options)
        numbered = [option for group, options in groups if group.tone != "dim" for option in options]
        self.numbers = {option.iri: number for number, option in enumerate(numbered, start=1)}
        self._overview(groups)
        for group, options in groups:
            page.blank()
            page.text(f"{group.heading} ({len(options)})", style=group.tone if group.tone != "dim" else "head")
            for option in options:
                self._option(option)
            if group.status == "applicable" and (remark := words.no_label(options, answer)):
                page.text(remark, indent=2, style="dim")
        self._waiting()
        self._advice("To discuss and to do", answer.counselling)
        self._lines("Reported in the record, compared and not relied on", words.reported(answer))
        self._choices()
        if answer.notices:
            page.heading("Remarks")
            self._claims(answer.notices)
        self._sources()
        self._foot()
        return str(page)

    def _head(self) -> None:
        answer, page = self.answer, self.page
        page.text(words.TITLE, style="strong")
        page.field("Record", f"{answer.record_path}, {words.patient_name(answer)}")
        if answer.patient_summary:
            page.field("Patient", "; ".join(claim.text for claim in answer.patient_summary))
        page.field("Asked on", words.asked(answer))
        for contradiction in answer.contradictions:
            places = f" ({', '.join(contradiction.places)})" if contradiction.places else ""
            page.text(f"{contradiction.text}{places}", bullet="!", style="bad")
        if words.withheld(answer):
            page.text(words.WITHHELD, style="bad")
        if answer.out_of_scope:
            page.heading("Out of scope")
            page.text(answer.out_of_scope, indent=2)

    def _failure(self) -> None:
        failure, page = self.answer.failure, self.page
        page.heading("Failure of hypomethylating therapy")
        page.text(words.verdict(self.answer), indent=2, style="strong")
        for text, claims in words.reasons(self.answer):
            places = ", ".join(dict.fromkeys(claim.place for claim in claims if claim.place))
            citations = self.marks.text(c for claim in claims for c in claim.citations)
            page.text(f"{text}{f' ({places})' if places else ''}{citations}", indent=2, bullet="-")
        if self.full and failure.assumptions:
            page.text("This rests on assumptions:", indent=2)
            self._claims(failure.assumptions, indent=4)
        elif failure.assumptions:
            citations = self.marks.text(c for claim in failure.assumptions for c in claim.citations)
            page.text(f"Assumed: {words.assumptions(self.answer)}{citations}", indent=2)
        if failure.definition:
            page.text(f"Definition used: {failure.definition}", indent=2, style="dim")

    def _choices(self) -> None:
        if not self.answer.choices:
            return
        self.page.heading(choices.HEADING)
        if self.full:
            self._claims(choices.claims(self.answer))
        else:
            for line in choices.short(self.answer):
                self.page.text(line, indent=2, bullet="-")
        for line in choices.others(self.answer, full=self.full):
            self.page.text(line, indent=2, bullet="-")

    def _disease(self) -> None:
        answer, page = self.answer, self.page
        if not answer.disease_state:
            return
        page.heading(f"Disease on {answer.date}")
        if self.full:
            self._claims(answer.disease_state)
            return
        for number, (date, values) in enumerate(words.measured(answer)):
            citations = self.marks.text(c for _, claim in values for c in claim.citations)
            text = f"{date}: {', '.join(v for v, _ in values)}{citations}"
            page.field("" if number else "Measured", text, indent=2)
        for number, (date, claims) in enumerate(words.findings(answer)):
            citations = self.marks.text(c for claim in claims for c in claim.citations)
            told = "; ".join(claim.text for claim in claims) + citations
            page.field("" if number else "Found", f"{date}: {told}" if date else told, indent=2)

    def _first(self) -> None:
        answer, page = self.answer, self.page
        if not answer.first:
            return
        page.blank()
        line = f"Reassess first: {words.tests_first(answer)}{self.marks.text(words.cited(answer.first))}"
        page.text(line, bullet="!", style="open")
        if self.full:
            for advice in answer.first:
                self._bullet(words.advice_text(advice), advice)

    def _overview(self, groups: list[tuple[words.Group, list[OptionVerdict]]]) -> None:
        page = self.page
        page.heading("Therapies and trials")
        if not any(group.tone != "dim" for group, _ in groups):
            page.text(words.NOTHING, indent=2)
        for group, options in groups:
            names = words.named(group, options, self.answer, self.numbers)
            page.field(f"{group.heading}:", names, indent=2, column=23, style=group.tone)
        if self.numbers and self.answer.order_policy:
            page.text(f"Order within a group: {self.answer.order_policy}", indent=2, style="dim")
            page.text(words.LEGEND, indent=2, style="dim")

    def _option(self, option: OptionVerdict) -> None:
        if option.iri not in self.numbers:
            text = f"{option.label}: {words.failed(option)}{self.marks.text(option.citations)}"
            self.page.text(text, indent=2, bullet="x")
        elif self.full:
            self._whole(option)
        elif option.status == "applicable":
            self._applicable(option)
        else:
            self._short(option)

    def _title(self, option: OptionVerdict, more: str = "", style: str = "strong") -> None:
        citations = self.marks.text(option.citations)
        trial = f", {option.trial}" if option.trial and option.trial not in option.label else ""
        text = f"{option.label}{trial}: {words.stance(option)}{more}{citations}"
        self.page.text(text, indent=2, bullet=f"{self.numbers[option.iri]}.", style=style)

    def _applicable(self, option: OptionVerdict) -> None:
        page = self.page
        shown: list[EvidenceItem] = []
        self._title(option)
        why = words.because(option.criteria) if option.criteria else ""
        rows = [("Why", why), ("But", self._but(option)), ("Label", words.label_known(option))]
        for name, items in words.sides(option)[:2]:
            item = words.leading(items)
            if item:
                shown.append(item)
                rows.append((name, words.brief(item) + self.marks.text(item.citations)))
        rows += [("Safety", advice.text + self.marks.text(advice.citations)) for advice in option.safety]
        rows += [("Do", advice.text + self.marks.text(advice.citations)) for advice in option.duties]
        rows.append(("Besides", words.rest(option, shown)))
        for name, text in rows:
            if text:
                page.field(name, text, indent=5, column=9, style="bad" if name == "But" else "")

    def _but(self, option: OptionVerdict) -> str:
        return words.but(option, self.answer.options, self.numbers)

    def _short(self, option: OptionVerdict) -> None:
        """One or two lines: the reason against, or the finding that is missing and its test."""
        if option.missing:
            self._title(option, style="")
            self.page.field("Needs", words.missing(option.missing), indent=5, column=9, style="open")
            if but := self._but(option):
                self.page.field("But", but, indent=5, column=9, style="bad")
            return
        against = option.status == "advised against"
        item = words.leading(option.evidence_against if against else (*option.evidence_for, *option.evidence_context))
        self._title(option, style="")
        if not against and option.criteria:
            self.page.field("Why", words.because(option.criteria), indent=5, column=9)
        if but := self._but(option):
            self.page.field("But", but, indent=5, column=9, style="bad")
        if item:
            name = "Against" if against else "For" if item in option.evidence_for else "Context"
            self.page.field(name, words.brief(item) + self.marks.text(item.citations), indent=5, column=9)

    def _whole(self, option: OptionVerdict) -> None:
        page = self.page
        self._title(option)
        page_rows = [("But", self._but(option)), ("Label", words.label_known(option))]
        page_rows += [(name, self._evidence(item)) for name, items in words.sides(option) for item in items]
        for name, advices in (("Safety", option.safety), ("Do", option.duties)):
            page_rows += [(name, f"{advice.text}{self.marks.text(advice.citations)}") for advice in advices]
        for name, text in page_rows:
            if text:
                page.field(name, text, indent=5)
        if option.missing:
            page.field("Missing", "; ".join(map(words.finding, option.missing)), indent=5, style="open")
        elif option.criteria is not None:
            page.field("Because", words.because(option.criteria), indent=5)
        if option.order_reason:
            page.field("Order", option.order_reason, indent=5)

    def _evidence(self, item: EvidenceItem) -> str:
        return f"{words.evidence(item)}{self.marks.text(item.citations)}"

    def _waiting(self) -> None:
        rows = words.waiting(self.answer.options)
        if rows:
            self.page.heading("What a test would settle")
        for test, what, who in rows:
            numbers = [self.numbers[option.iri] for option in who]
            names = ", ".join(option.label for option in who) if self.full else words.runs(numbers)
            self.page.text(f"{test}: {', '.join(what)}; for {names}", indent=2, bullet="?")

    def _advice(self, heading: str, advices: Iterable[Advice]) -> None:
        advices = list(advices)
        if advices:
            self.page.heading(heading)
        for advice in advices:
            self._bullet(words.advice_text(advice), advice)

    def _bullet(self, text: str, advice: Advice) -> None:
        self.page.text(f"{text}{self.marks.text(advice.citations)}", indent=2, bullet="-")

    def _claims(self, claims: Iterable[Claim], indent: int = 2) -> None:
        for claim in claims:
            place = f" ({claim.place})" if claim.place else ""
            self.page.text(f"{words.dated(claim)}{place}{self.marks.text(claim.citations)}", indent=indent, bullet="-")

    def _lines(self, heading: str, lines: list[str]) -> None:
        if lines:
            self.page.heading(heading)
        for line in lines:
            self.page.text(line, indent=2, bullet="-")

    def _sources(self) -> None:
        listed = self.marks.listed()
        if listed:
            self.page.heading("Sources")
            self.page.text(words.LINES_NOTE, indent=2, style="dim")
        for mark, citation in listed:
            self.page.text(described(citation), indent=2, bullet=f"[{mark}]")

    def _foot(self) -> None:
        page = self.page
        page.blank()
        page.field("Knowledge", words.made_with(self.answer), column=11)
        page.field("Record", f"sha256 {self.answer.record_sha[:12]}", column=11)
        if not self.full and self.answer.options:
            page.text("Shortened: --full shows the whole ledger, places in the record and the reasons of the order.")
        page.text(NOTICE)
