"""The options of an HTML report: one card each, with its evidence, criteria tree and proof folded."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from posthma.decide.answer import CriterionNode, EvidenceItem, OptionVerdict
from posthma.report import drawings, words
from posthma.report.html_parts import Parts, joined, rows
from posthma.report.statements import status_fact
from posthma.terms import Triple

_DRAWN = ("applicable", "within trials only", "undetermined", "caution undetermined")
_FINDINGS = ("Finding", "Value", "Found", "Decided by", "Contrary")
_COLUMNS = ("Side", "Statement", "Design", "n", "Setting", "This patient", "Counted with", "Sources")


class OptionCards:
    """Writes the groups of options; numbers run through all groups but those ruled out."""

    def __init__(self, parts: Parts, groups: Sequence[tuple[words.Group, list[OptionVerdict]]]) -> None:
        self.parts = parts
        shown = [option for group, options in groups if group.tone != "dim" for option in options]
        self.numbers = {option.iri: number for number, option in enumerate(shown, start=1)}

    def link(self, option: OptionVerdict, short: bool = False) -> str:
        """Return a link to an option's card: number and name, or the number alone."""
        number = self.numbers[option.iri]
        if short:
            return f'<a href="#option-{number}" aria-label="{number} {escape(option.label)}">{number}</a>'
        return f'{number}\u00a0<a href="#option-{number}">{escape(option.label)}</a>'

    def group(self, group: words.Group, options: list[OptionVerdict]) -> str:
        """Return the options of one status."""
        css = group.status.replace(" ", "-")
        ruled_out = group.tone == "dim"
        cards = [self._line(option) if ruled_out else self._card(option) for option in options]
        inside = f"<ul>\n{joined(cards)}</ul>\n" if ruled_out else joined(cards)
        if group.status == "applicable" and (remark := words.no_label(options, self.parts.answer)):
            inside += f'<p class="dim">{escape(remark)}</p>\n'
        return (
            f'<section class="{css}" aria-labelledby="{css}"><h3 id="{css}">{group.heading} ({len(options)})</h3>\n'
            f"{inside}</section>\n"
        )

    def _line(self, option: OptionVerdict) -> str:
        proof = self._proof(option)
        return f"<li>{escape(option.label)}: {escape(words.failed(option))}{self.parts.cited([option])}{proof}</li>\n"

    def _card(self, option: OptionVerdict) -> str:
        number, parts = self.numbers[option.iri], self.parts
        trial = f", {option.trial}" if option.trial and option.trial not in option.label else ""
        pairs, shown = self._rows(option)
        return (
            f'<article id="option-{number}" aria-labelledby="option-{number}-name">\n'
            f'<h4 id="option-{number}-name">{number}. {escape(option.label + trial)}: {escape(words.stance(option))}'
            f"{parts.cited([option])}</h4>\n{rows(pairs)}"
            f"{self._besides(option, shown)}{self._ledger(option)}{self._tree(option, number)}{self._findings(option)}"
            f"{self._proof(option)}{self._order(option)}</article>\n"
        )

    def _rows(self, option: OptionVerdict) -> tuple[list[tuple[str, str]], list[EvidenceItem]]:
        """Return what is seen without unfolding, and the evidence among it."""
        parts = self.parts
        pairs: list[tuple[str, str]] = []
        shown: list[EvidenceItem] = []
        if option.missing:
            pairs.append(("Needs", escape(words.missing(option.missing))))
        elif option.status != "advised against" and option.criteria:
            pairs.append(("Why", escape(words.because(option.criteria))))
        others = words.opposing(option, parts.answer.options)
        but = "; ".join(f"{other.status}: {self.link(other)}" for other in others)
        pairs.append(("But", f"<strong>{but}</strong>" if but else ""))
        pairs.append(("Label", escape(words.label_known(option))))
        wanted: dict[str, tuple[str, ...]] = {"advised against": ("Against",)}
        wanted |= dict.fromkeys(("undetermined", "caution undetermined"), ())
        for name, items in words.sides(option)[:2]:
            item = words.leading(items)
            if item and name in wanted.get(option.status, ("For", "Against")):
                shown.append(item)
                pairs.append((name, escape(words.brief(item)) + parts.cited([item])))
        if option.status == "applicable":
            for name, advices in (("Safety", option.safety), ("Do", option.duties)):
                pairs += [(name, escape(advice.text) + parts.cited([advice])) for advice in advices]
        return pairs, shown

    def _ledger(self, option: OptionVerdict) -> str:
        count = sum(len(items) for _, items in words.sides(option))
        if not count:
            return ""
        head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
        body = joined(self._statement(name, item) for name, items in words.sides(option) for item in items)
        return (
            f"<details{self.parts.open}><summary>Evidence, {count} statement{'s' if count > 1 else ''}</summary>\n"
            f'<div class="figure" tabindex="0"><table><caption>Evidence on {escape(option.label)}</caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div></details>\n"
        )

    def _statement(self, side: str, item: EvidenceItem) -> str:
        text = words.figure(item)
        kind = "Disputed, orders nothing" if item.quarantined else "Disputed"
        dispute = (
            f"<br><strong>{kind}:</strong> {escape(words.disputed(item))}" if item.dispute or item.quarantined else ""
        )
        size = str(item.sample_size) if item.sample_size is not None else ""
        cells = [
            escape(cell) for cell in (item.design, size, item.setting, words.directness(item), item.independence_group)
        ]
        inside = joined(f"<td>{cell}</td>" for cell in (escape(text) + dispute, *cells, self.parts.cited([item])))
        return f'<tr><th scope="row">{side}</th>{inside}</tr>\n'

    def _tree(self, option: OptionVerdict, number: int) -> str:
        if option.criteria is None or option.status not in _DRAWN:
            return ""
        drawing = drawings.criteria(option.criteria, f"Criteria of {option.label}")
        unfolded = " open" if self.parts.open or option.status == "applicable" else ""
        return (
            f'<details{unfolded}><summary>Criteria tree</summary>\n<div class="figure" tabindex="0">'
            f"{drawing.svg(f'tree-{number}')}</div></details>\n"
        )

    def _findings(self, option: OptionVerdict) -> str:
        """Return the findings of an option as a table: value, how old, the test that decides, the contrary."""
        nodes = drawings.leaves(option.criteria) if option.criteria else []
        if not nodes:
            return ""
        head = "".join(f'<th scope="col">{name}</th>' for name in _FINDINGS)
        body = []
        for node in nodes:
            since = words.stale(node) if node.fresh is False else node.finding_date
            cells = (drawings.SIGNS[node.value].replace(" ", "\u00a0"), since, node.decided_by, node.contrary)
            body.append(
                f'<tr><th scope="row">{escape(node.label)}</th>{"".join(f"<td>{escape(c)}</td>" for c in cells)}</tr>\n'
            )
        return (
            f"<details{self.parts.open}><summary>Findings, {len(nodes)}</summary>\n"
            f'<div class="figure" tabindex="0"><table><caption>Findings that decide {escape(option.label)}</caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{joined(body)}</tbody></table></div></details>\n"
        )

    def _proof(self, option: OptionVerdict) -> str:
        """Return the proof of the status, and where it rests on something open those of the decided parts."""
        book, status = self.parts.book, status_fact(option)
        told = book is not None and book.number(status) is not None
        return self.parts.folded([status] if told and option.triple else [status, *_decided(option)])

    def _besides(self, option: OptionVerdict, shown: list[EvidenceItem]) -> str:
        left = words.rest(option, shown)
        return f'<p class="dim screen-only">Besides: {left}</p>\n' if left and shown else ""

    def _order(self, option: OptionVerdict) -> str:
        return f'<p class="dim screen-only">Order: {escape(option.order_reason)}</p>\n' if option.order_reason else ""


def _decided(option: OptionVerdict) -> list[Triple | None]:
    """Return the facts that carry an option's value: the whole when it is decided, else its decided parts."""
    if option.triple or option.criteria is None:
        return [option.triple]
    found: list[Triple | None] = []
    agenda: list[CriterionNode] = [option.criteria]
    while agenda:
        node = agenda.pop(0)
        if node.triple:
            found.append(node.triple)
        else:
            agenda += node.children
    return found
