"""The answer as one HTML file: no script, nothing from elsewhere, proofs that fold open, two pages when printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib import resources

from posthma.decide.answer import Advice, Answer, Citation, Claim, OptionVerdict
from posthma.report import NOTICE, choices, words
from posthma.report.book import Book
from posthma.report.html_options import OptionCards
from posthma.report.html_parts import Parts, joined, rows, section
from posthma.report.marks import LINES, described

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(answer: Answer, book: Book | None = None, *, full: bool = False) -> str:
    """Return the answer as an HTML document.

    Args:
        answer: The answer.
        book: Proofs of what the answer says; without it claims carry their citations alone.
        full: Begin with everything unfolded.
    """
    return _Document(answer, book, full).render()


@cache
def _style() -> str:
    return resources.files("posthma.report").joinpath("report.css").read_text(encoding="utf-8")


class _Document(Parts):
    def render(self) -> str:
        answer = self.answer
        groups = words.in_groups(answer.options)
        cards = OptionCards(self, groups)
        body = [
            self._contradictions(),
            self._failure(),
            self._disease(),
            self._first(),
            self._overview(groups, cards),
            *(cards.group(group, options) for group, options in groups),
            self._tests(cards),
            self._advices("discuss", "To discuss and to do", answer.counselling),
            self._reported(),
            self._choices(),
            self._remarks(),
            self._sources(),
            self._steps(),
        ]
        title = escape(f"{words.TITLE}: {words.patient_name(answer)}, {answer.date}")
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
            '<a class="skip" href="#options">To the options</a>\n'
            f"{self._header()}<main>\n{joined(body)}</main>\n{self._footer()}</body>\n</html>\n"
        )

    def _header(self) -> str:
        answer = self.answer
        facts = [
            ("Patient", escape("; ".join(claim.text for claim in answer.patient_summary))),
            ("Asked on", escape(words.asked(answer))),
            ("Record", escape(f"{answer.record_path}, {words.patient_name(answer)}")),
        ]
        links = [("failure", "Failure"), ("disease", "Disease"), ("options", "Options"), ("tests", "Tests"),
                 ("discuss", "To discuss"), ("choices", "Definitions"), ("sources", "Sources"),
                 ("steps", "Proofs")]  # fmt: skip
        nav = " · ".join(f'<a href="#{key}">{name}</a>' for key, name in links if self.has(key))
        head = f"<h1>{escape(words.TITLE)}</h1>\n{rows(facts)}"
        return f'<header>\n{head}<nav aria-label="Parts">{nav}</nav>\n</header>\n'

    def _contradictions(self) -> str:
        answer = self.answer
        out = []
        for clash in answer.contradictions:
            places = f" ({', '.join(clash.places)})" if clash.places else ""
            out.append(f"<p>{escape(clash.text + places)}</p>\n{self.refuted(clash)}")
        lines = [words.WITHHELD] if words.withheld(answer) else []
        lines += [f"Out of scope: {answer.out_of_scope}"] if answer.out_of_scope else []
        inside = joined([*out, *(f"<p>{escape(line)}</p>" for line in lines)])
        return f'<section class="alarm" aria-label="Warning">{inside}</section>\n' if inside else ""

    def _failure(self) -> str:
        failure = self.answer.failure
        verdict = f'<p class="verdict">{escape(words.verdict(self.answer))}</p>\n'
        out = [f"{verdict}{self.proofs(failure.verdicts)}<ul>\n"]
        for text, claims in words.reasons(self.answer):
            out.append(f"<li>{escape(text)}{self.cited(claims)}{self.proofs(claims)}</li>\n")
        for claim in failure.assumptions:
            out.append(f"<li>Assumed: {escape(claim.text)}{self.cited([claim])}{self.proofs([claim])}</li>\n")
        out.append("</ul>\n")
        if failure.definition:
            out.append(f'<p class="dim">Definition used: {escape(failure.definition)}</p>\n')
        return section("failure", "Failure of hypomethylating therapy", joined(out))

    def _disease(self) -> str:
        answer = self.answer
        if not answer.disease_state:
            return ""
        out = ["<table><caption>Measured values and findings, latest first</caption>\n<thead><tr>"]
        out += [f'<th scope="col">{name}</th>' for name in ("Date", "Values", "Findings")]
        out.append("</tr></thead>\n<tbody>\n")
        for date, measured, found in words.by_date(answer):
            values = "; ".join(escape(text) + _place(claim) + self.cited([claim]) for text, claim in measured)
            named = "; ".join(escape(claim.text) + self.cited([claim]) for claim in found)
            head = f'<th scope="row" class="date">{escape(date)}</th>'
            out.append(f"<tr>{head}<td>{values}</td><td>{named}</td></tr>\n")
        out.append("</tbody></table>\n")
        out.append(self.proofs(answer.disease_state))
        return section("disease", f"Disease on {answer.date}", joined(out))

    def _first(self) -> str:
        first = self.answer.first
        if not first:
            return ""
        inside = "".join(f"<li>{escape(words.advice_text(a))}{self.cited([a])}</li>" for a in first)
        tests = escape(words.tests_first(self.answer))
        return (
            f'<aside class="first" role="note" aria-label="Reassess first">Reassess first: {tests}{self.cited(first)}'
            f"</aside>\n<details{self.open}><summary>Why these tests</summary><ul>{inside}</ul>"
            f"{self.proofs(first)}</details>\n"
        )

    def _overview(self, groups: Sequence[tuple[words.Group, list[OptionVerdict]]], cards: OptionCards) -> str:
        out = []
        if not any(group.tone != "dim" for group, _ in groups):
            out.append(f"<p>{words.NOTHING}</p>\n")
        if groups:
            out.append("<table><caption>Options by status</caption>\n<thead><tr>")
            out.append('<th scope="col">Status</th><th scope="col">Options</th></tr></thead>\n<tbody>\n')
        for group, options in groups:
            shown = [option for option in options if option.iri in cards.numbers]
            names = "; ".join(cards.link(o) + words.see(o, self.answer, cards.numbers) for o in shown)
            names = names or f"{len(options)}, listed below"
            out.append(f'<tr><th scope="row">{group.heading}</th><td>{names}</td></tr>\n')
        if groups:
            out.append("</tbody></table>\n")
        if cards.numbers and self.answer.order_policy:
            out.append(f'<p class="dim">Order within a group: {escape(self.answer.order_policy)}. {words.LEGEND}</p>\n')
        return section("options", "Therapies and trials", joined(out))

    def _tests(self, cards: OptionCards) -> str:
        waiting = words.waiting(self.answer.options)
        if not waiting:
            return ""
        head = joined(f'<th scope="col">{name}</th>' for name in ("Test", "Settles", "For"))
        caption = "Missing facts by the test that settles them; most options first"
        out = [f"<table><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"]
        for test, what, who in waiting:
            links = ", ".join(cards.link(option, short=True) for option in who)
            cells = f"<td>{escape(', '.join(what))}</td><td>{links}</td>"
            out.append(f'<tr><th scope="row">{escape(test)}</th>{cells}</tr>\n')
        return section("tests", "What a test would settle", joined([*out, "</tbody></table>\n"]))

    def _advices(self, key: str, heading: str, advices: Iterable[Advice]) -> str:
        items = "".join(
            f"<li>{escape(words.advice_text(a))}{self.cited([a])}{self.proofs([a])}</li>\n" for a in advices
        )
        return section(key, heading, f"<ul>\n{items}</ul>\n") if items else ""

    def _reported(self) -> str:
        items = "".join(f"<li>{escape(line)}</li>\n" for line in words.reported(self.answer))
        heading = "Reported in the record, compared and not relied on"
        return section("reported", heading, f"<ul>\n{items}</ul>\n") if items else ""

    def _choices(self) -> str:
        made = choices.claims(self.answer)
        if not made:
            return ""
        others = "".join(f"<li>{escape(line)}</li>\n" for line in choices.others(self.answer, full=bool(self.open)))
        items = "".join(f"<li>{escape(c.text)}{self.cited([c])}{self.proofs([c])}</li>\n" for c in made)
        short = escape("; ".join(choices.short(self.answer)))
        summary = f"<summary>{short}</summary>"
        told = f"<details{self.open}>{summary}<ul>\n{items}</ul></details>\n"
        told += f'<p class="print-only">{short}</p>\n'
        return section("choices", choices.HEADING, f"{told}<ul>\n{others}</ul>\n")

    def _remarks(self) -> str:
        def item(claim: Claim) -> str:
            place = f" ({claim.place})" if claim.place else ""
            return f"<li>{escape(claim.text + place)}{self.cited([claim])}</li>\n"

        items = "".join(map(item, self.answer.notices))
        return section("remarks", "Remarks", f"<ul>\n{items}</ul>\n") if items else ""

    def _sources(self) -> str:
        listed = self.marks.listed()
        if not listed:
            return ""
        items = "".join(f'<dt id="source-{m}">{m}</dt><dd>{_publication(c)}</dd>\n' for m, c in listed)
        note = escape(words.LINES_NOTE) if any(LINES in c.locator for _, c in listed) else ""
        return section("sources", "Sources", f'<p class="dim">{note}</p><dl class="rows">\n{items}</dl>\n')

    def _steps(self) -> str:
        """List every step once; the folded proofs above lead here."""
        if self.book is None or not self.book.steps:
            return ""
        telling = self.book.telling
        number = len(telling.sentences)
        out = [f"<details{self.open}><summary>{number} steps, premises before conclusions</summary>\n"]
        out.append('<ol class="steps">\n')
        for step in self.book.steps:
            if step.id not in telling.sentences:
                continue
            rests = ", ".join(f'<a href="#step-{n}">{n}</a>' for n in telling.premises(step))
            rests = f"; rests on {rests}" if rests else ""
            sentence, whence = self.told(self.book, step.id)
            out.append(
                f'<li id="step-{step.id}" value="{step.id}">{sentence} '
                f'<span class="rule">[{whence}{rests}]</span></li>\n'
            )
        return section("steps", "Proofs, step by step", joined([*out, "</ol></details>\n"]), "screen-only")

    def _footer(self) -> str:
        answer = self.answer
        folded = "Criteria trees, the whole ledger and every proof fold open in the electronic form of this report."
        return (
            f"<footer>\n<p>Knowledge {escape(words.made_with(answer))}; record sha256 {answer.record_sha[:12]}.</p>\n"
            f'<p class="print-only">{folded}</p>\n<p>{escape(NOTICE)}</p>\n</footer>\n'
        )


def _place(claim: Claim) -> str:
    return f'<span class="place screen-only"> {escape(claim.place)}</span>' if claim.place else ""


def _publication(citation: Citation) -> str:
    return escape(described(citation))
