"""The summary of a cohort as one HTML page: plots in SVG, no scripts, nothing to fetch, fit for printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from posthma.cohort.summary import Summary, percent

__all__ = ["page"]

# The palette of Okabe and Ito, told apart with any colour vision, and by lightness in print.
_COLOURS = ("#009e73", "#56b4e9", "#d9d9d9", "#d55e00", "#e69f00", "#8c8c8c", "#f4f4f4", "#cc79a7")
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1060px; margin: 2em auto; padding: 0 1.2em; }
h1 { font-size: 1.5em; margin-bottom: .2em; } h2 { font-size: 1.12em; margin: 2em 0 .5em; }
.about { color: #555; margin: 0; } svg { max-width: 100%; height: auto; font: 13px system-ui, sans-serif; }
table { border-collapse: collapse; font-size: 13px; } th, td { padding: .25em .6em; text-align: right; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 1px solid #888; vertical-align: bottom; }
.figures { display: flex; gap: 2.2em; margin: 1.2em 0; flex-wrap: wrap; }
.figures b { display: block; font-size: 1.7em; }
footer { margin-top: 3em; color: #555; font-size: 13px; border-top: 1px solid #ccc; padding-top: .6em; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } svg { break-inside: avoid; } }
"""
_NAMES, _BAR, _ROW, _SIDE = 430, 520, 22, 80


def page(summary: Summary, heading: Sequence[str]) -> str:
    """Return the page.

    Args:
        summary: The counts.
        heading: Lines on what was run.
    """
    figures = [
        (summary.patients, "patients assessed"),
        (summary.quarantined, "quarantined"),
        (sum(summary.scope.values()), "out of scope"),
        (summary.contradictory, "with contradictory facts"),
        (summary.cells, "cells not understood"),
    ]
    shown = "".join(f"<span><b>{number:,}</b>{escape(name)}</span>" for number, name in figures)
    parts = [
        _section("Failure of hypomethylating therapy", _bars(summary.gates, summary.patients)),
        _section("Kinds of failure (a patient may have several)", _bars(summary.kinds, summary.patients)),
        _section("Certainty of failure", _bars(summary.certainties, summary.patients)),
        _section("Options, by what they come to for each patient", _stacked(summary)),
        _section("Missing data: examinations that would settle an option", _bars(summary.missing, summary.patients)),
        _section("Options per mutation", _mutations(summary)),
        _section("Quarantined, by reason", _bars(summary.reasons, summary.quarantined)),
        _section("Out of scope", _bars(summary.scope, summary.patients)),
    ]
    about = "".join(f'<p class="about">{escape(line)}</p>' for line in heading)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Cohort: summary</title>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        f'<h1>Cohort</h1>\n{about}\n<div class="figures">{shown}</div>\n{"".join(parts)}'
        "<footer>For professionals: decision support, never a decision. Shares are of the patients assessed unless a "
        "plot says otherwise.</footer>\n</body>\n</html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{body}\n" if body else ""


def _svg(rows: int, body: str, what: str, top: int = 0) -> str:
    height, width = rows * _ROW + top + 4, _NAMES + _BAR + _SIDE
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{escape(what)}">'
        f"{body}</svg>"
    )


def _name(text: str, y: float) -> str:
    short = text if len(text) <= 56 else text[:55].rstrip() + "…"
    inner = f"{escape(short)}<title>{escape(text)}</title>"
    return f'<text x="{_NAMES - 10}" y="{y + 15:g}" text-anchor="end">{inner}</text>'


def _bars(counts: Mapping[str, int], whole: int) -> str:
    """Return one bar a name, the longest first."""
    if not counts:
        return ""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    most = max(whole, ranked[0][1], 1)
    parts = []
    for at, (name, number) in enumerate(ranked):
        y, width = at * _ROW, max(1.0, _BAR * number / most)
        parts.append(
            f'{_name(name, y)}<rect x="{_NAMES}" y="{y + 3}" width="{width:.1f}" height="{_ROW - 6}" fill="#0072b2"/>'
            + _beside(f"{number:,} ({percent(number, whole)})", width, y)
        )
    return _svg(len(ranked), "".join(parts), "bar chart")


def _beside(text: str, width: float, y: float) -> str:
    """Write a number right of its bar, or within its end where there is no room."""
    if width > _BAR - 30:
        return f'<text x="{_NAMES + width - 6:.1f}" y="{y + 15:g}" text-anchor="end" fill="#fff">{text}</text>'
    return f'<text x="{_NAMES + width + 6:.1f}" y="{y + 15:g}">{text}</text>'


def _stacked(summary: Summary) -> str:
    """Return one bar an option, divided by status."""
    whole = max((sum(row) for row in summary.each), default=0)
    if not whole:
        return ""
    used = [status for status, number in summary.totals().items() if number]
    colour = dict(zip(summary.statuses, _COLOURS, strict=False))
    parts, x = [], 0.0
    for status in used:
        parts.append(_box(x, 2, 14, 14, colour[status]) + f'<text x="{x + 19:g}" y="14">{escape(status)}</text>')
        x += 34 + 7.2 * len(status)
    ranked = summary.ranked_options()
    for at, (option, counts) in enumerate(ranked):
        y, left = 28 + at * _ROW, float(_NAMES)
        parts.append(_name(option, y))
        for status in used:
            width = _BAR * counts[status] / whole
            if counts[status]:
                title = f"<title>{escape(option)}: {escape(status)} for {counts[status]:,}</title>"
                parts.append(_box(left, y + 3, width, _ROW - 6, colour[status], title))
            left += width
        first = counts[summary.statuses[0]]
        parts.append(f'<text x="{_NAMES + _BAR + 6}" y="{y + 15}">{f"{first:,}" if first else ""}</text>')
    note = f'<p class="about">At the right: patients for whom the option is {escape(summary.statuses[0])}.</p>'
    return _svg(len(ranked), "".join(parts), "options by status", top=28) + note


def _box(x: float, y: float, width: float, height: float, fill: str, inner: str = "") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:g}" width="{width:.1f}" height="{height}" fill="{fill}" stroke="#777" '
        f'stroke-width=".5">{inner}</rect>'
    )


def _mutations(summary: Summary) -> str:
    """Return a table: for each gene how many are mutated, and the share of them for whom each option applies."""
    genes = [gene for gene in sorted(summary.tested) if summary.mutated.get(gene)]
    none = [gene for gene in sorted(summary.tested) if not summary.mutated.get(gene)]
    total: dict[str, int] = {}
    for counts in summary.by_mutation.values():
        for option, number in counts.items():
            total[option] = total.get(option, 0) + number
    note = f'<p class="about">Tested and never mutated: {escape(", ".join(none))}.</p>' if none else ""
    if not genes:
        return note
    head = "".join(f"<th>{escape(g)}<br>{summary.mutated[g]:,} of {summary.tested[g]:,}</th>" for g in genes)
    rows = []
    for option, _ in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        cells = []
        for gene in genes:
            number, many = summary.by_mutation.get(gene, {}).get(option, 0), summary.mutated[gene]
            shade = f"rgba(0,158,115,{0.75 * number / many:.2f})" if number else "none"
            text = f"{number:,} ({percent(number, many)})" if number else ""
            cells.append(f'<td style="background:{shade}">{text}</td>')
        rows.append(f"<tr><td>{escape(option)}</td>{''.join(cells)}</tr>")
    return (
        f'{note}<p class="about">Patients with the mutation (of those tested) for whom the option applies.</p>'
        f"<table><thead><tr><th>option</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
