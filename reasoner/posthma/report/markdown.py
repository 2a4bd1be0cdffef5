"""The answer as Markdown, for notes and tumour boards: the same parts and words as the text, in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterable

from posthma.decide.answer import Answer, Citation, Claim, CriterionNode, EvidenceItem, OptionVerdict
from posthma.report import NOTICE, choices, words
from posthma.report.drawings import note
from posthma.report.layout import clean
from posthma.report.marks import Marks, described

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def escaped(text: str) -> str:
    r"""Return text in which Markdown finds nothing to interpret.

    >>> escaped("marrow blasts < 5 %, del_5q")
    'marrow blasts \\< 5 %, del\\_5q'
    """
    return _SPECIAL.sub(r"\\\1", clean(text))


def render(answer: Answer, *, full: bool = False) -> str:
    """Return the answer as Markdown (CommonMark with tables).

    Args:
        answer: The answer.
        full: Show the whole ledger of evidence and the criteria of every option.
    """
    return _Markdown(answer, full).render()


class _Markdown:
    def __init__(self, answer: Answer, full: bool) -> None:
        self.answer, self.full = answer, full
        self.marks = Marks()
        self.lines: list[str] = []
        self.numbers: dict[str, int] = {}

    def render(self) -> str:
        answer = self.answer
        groups = words.in_groups(answer.options)
        shown = [option for group, options in groups if group.tone != "dim" for option in options]
        self.numbers = {option.iri: number for number, option in enumerate(shown, start=1)}
        self._head()
        self._failure()
        self._disease()
        if answer.first:
            tests = f"Reassess first: {words.tests_first(answer)}"
            self._block(f"> **{escaped(tests)}**{self._cite(words.cited(answer.first))}")
        self._overview(groups)
        for group, options in groups:
            self._block(f"### {group.heading} ({len(options)})")
            for option in options:
                self._option(option)
            if group.status == "applicable" and (remark := words.no_label(options, answer)):
                self._block(f"*{escaped(remark)}*")
        self._tests()
        self._list(
            "To discuss and to do",
            [escaped(words.advice_text(a)) + self._cite(a.citations) for a in answer.counselling],
        )
        heading = "Reported in the record, compared and not relied on"
        self._list(heading, [escaped(line) for line in words.reported(answer)])
        if answer.choices:
            made = choices.claims(answer) if self.full else map(Claim, choices.short(answer))
            told = [self._claim(claim) for claim in made]
            self._list(choices.HEADING, [*told, *map(escaped, choices.others(answer, full=self.full))])
        self._list("Remarks", [self._claim(claim) for claim in answer.notices])
        self._list("Sources", [f"**[{mark}]** {escaped(described(c))}" for mark, c in self.marks.listed()])
        if self.marks.listed():
            self._block(f"*{words.LINES_NOTE}*")
        self._block("---")
        self._block(f"Knowledge {escaped(words.made_with(answer))}; record sha256 {answer.record_sha[:12]}.")
        self._block(NOTICE)
        return "\n".join(self.lines).strip("\n") + "\n"

    def _head(self) -> None:
        answer = self.answer
        self._block(f"# {words.TITLE}\n")
        patient = "; ".join(claim.text for claim in answer.patient_summary)
        rows = [("Patient", patient), ("Asked on", words.asked(answer)),
                ("Record", f"{answer.record_path}, {words.patient_name(answer)}")]  # fmt: skip
        self.lines += [f"- **{name}:** {escaped(text)}" for name, text in rows if text]
        for contradiction in answer.contradictions:
            places = f" ({', '.join(contradiction.places)})" if contradiction.places else ""
            self._block(f"> **Contradiction:** {escaped(contradiction.text + places)}")
        if words.withheld(answer):
            self._block(f"> **{words.WITHHELD}**")
        if answer.out_of_scope:
            self._block(f"> **Out of scope:** {escaped(answer.out_of_scope)}")

    def _failure(self) -> None:
        failure = self.answer.failure
        self._block("## Failure of hypomethylating therapy")
        self._block(f"**{escaped(words.verdict(self.answer))}**\n")
        for text, claims in words.reasons(self.answer):
            self.lines.append(f"- {escaped(text)}{self._cite(c for claim in claims for c in claim.citations)}")
        self.lines += [f"- Assumed: {self._claim(claim)}" for claim in failure.assumptions]
        if failure.definition:
            self._block(f"*Definition used: {escaped(failure.definition)}*")

    def _disease(self) -> None:
        answer = self.answer
        if not answer.disease_state:
            return
        self._block(f"## Disease on {answer.date}")
        self._block("| Date | Measured | Found |\n|---|---|---|")
        for date, measured, found in words.by_date(answer):
            values = "; ".join(escaped(text) + self._cite(claim.citations) for text, claim in measured)
            named = "; ".join(escaped(claim.text) + self._cite(claim.citations) for claim in found)
            self.lines.append(f"| {escaped(date)} | {values} | {named} |")

    def _overview(self, groups: list[tuple[words.Group, list[OptionVerdict]]]) -> None:
        self._block("## Therapies and trials")
        if not any(group.tone != "dim" for group, _ in groups):
            self._block(words.NOTHING)
        if groups:
            self._block("| Status | Options |\n|---|---|")
        for group, options in groups:
            names = words.named(group, options, self.answer, self.numbers).replace("\u00a0", " ")
            self.lines.append(f"| {group.heading} | {escaped(names)} |")
        if self.numbers and self.answer.order_policy:
            self._block(f"*Order within a group: {escaped(self.answer.order_policy)}. {words.LEGEND}*")

    def _option(self, option: OptionVerdict) -> None:
        if option.iri not in self.numbers:
            self._item(f"{escaped(f'{option.label}: {words.failed(option)}')}{self._cite(option.citations)}")
            return
        trial = f", {option.trial}" if option.trial and option.trial not in option.label else ""
        number, citations = self.numbers[option.iri], self._cite(option.citations)
        name = f"**{escaped(option.label + trial)}**: {escaped(words.stance(option))}{citations}"
        self._block(f"{number}. {name}")
        indent = " " * len(f"{number}. ")
        self.lines += [f"{indent}- {name}: {text}" for name, text in self._rows(option) if text]
        if self.full and option.criteria:
            self._criteria(option.criteria, indent)

    def _rows(self, option: OptionVerdict) -> list[tuple[str, str]]:
        against = option.status == "advised against"
        shown: list[EvidenceItem] = []
        rows = [("Needs", escaped(words.missing(option.missing)))]
        if not against and not option.missing and option.criteria:
            rows.append(("Why", escaped(words.because(option.criteria))))
        rows.append(("But", escaped(words.but(option, self.answer.options, self.numbers))))
        rows.append(("Label", escaped(words.label_known(option))))
        for name, items in words.sides(option):
            if self.full:
                rows += [(name, escaped(words.evidence(i)) + self._cite(i.citations)) for i in items]
                shown += items
            elif not option.missing and name in (("Against",) if against else ("For", "Against")):
                rows += self._leading(name, items, shown)
        rows += [("Safety", escaped(a.text) + self._cite(a.citations)) for a in option.safety]
        rows += [("Do", escaped(a.text) + self._cite(a.citations)) for a in option.duties]
        if option.status == "applicable":
            rows.append(("Besides", words.rest(option, shown)))
        if self.full:
            rows.append(("Order", escaped(option.order_reason)))
        return rows

    def _leading(self, name: str, items: tuple[EvidenceItem, ...], shown: list[EvidenceItem]) -> list[tuple[str, str]]:
        item = words.leading(items)
        if item is None:
            return []
        shown.append(item)
        return [(name, escaped(words.brief(item)) + self._cite(item.citations))]

    def _criteria(self, root: CriterionNode, indent: str) -> None:
        self.lines.append(f"{indent}- Criteria:")
        agenda = [(root, 1)]
        while agenda:
            node, depth = agenda.pop()
            self.lines.append(f"{indent}{'  ' * depth}- {escaped(node.label)}: {escaped(note(node))}")
            agenda += [(child, depth + 1) for child in reversed(node.children)]

    def _tests(self) -> None:
        waiting = words.waiting(self.answer.options)
        if not waiting:
            return
        self._block("## What a test would settle")
        self._block("| Test | Settles | For |\n|---|---|---|")
        for test, what, who in waiting:
            numbers = words.runs(self.numbers[option.iri] for option in who)
            self.lines.append(f"| {escaped(test)} | {escaped(', '.join(what))} | {numbers} |")

    def _claim(self, claim: Claim) -> str:
        place = f" ({claim.place})" if claim.place else ""
        return f"{escaped(claim.text + place)}{self._cite(claim.citations)}"

    def _cite(self, citations: Iterable[Citation]) -> str:
        marks = self.marks.text(citations)
        return f" {escaped(marks.strip())}" if marks else ""

    def _list(self, heading: str, items: list[str]) -> None:
        if items:
            self._block(f"## {heading}\n")
            self.lines += [f"- {item}" for item in items]

    def _block(self, text: str) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self.lines += text.split("\n")

    def _item(self, text: str) -> None:
        if self.lines and self.lines[-1].startswith("#"):
            self.lines.append("")
        self.lines.append(f"- {text}")
