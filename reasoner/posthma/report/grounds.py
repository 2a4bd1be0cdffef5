"""Why and fragile laid out as text."""

from __future__ import annotations

import datetime as dt

from posthma.decide.answer import Citation, CriterionNode, EvidenceItem
from posthma.decide.ledger import Ground, Why
from posthma.decide.robust import Fragile
from posthma.report import words
from posthma.report.layout import Page
from posthma.report.supposition import flips, foot

_TOLD = ("supports", "context only")  # by the heading above
_VALUES = {"met": "met", "not met": "NOT met", "unknown": "unknown"}


def why(found: Why, page: Page, date: str, knowledge: str) -> str:
    """Lay out an option's criteria with their grounds, and its ledger."""
    option = found.option
    page.text(f"{option.label}: {option.status}", style="strong")
    page.field("Stance", words.stance(option), indent=2)
    if option.label_status:
        page.field("Label", option.label_status, indent=2)
    page.field("Source", _cited(option.citations), indent=2)
    if option.order_reason:
        page.field("Order", option.order_reason, indent=2)
    page.heading("Criteria")
    if option.criteria is not None:
        _node(page, option.criteria, {g.iri: g for g in found.grounds}, 2, date)
    for heading, items in (
        ("Evidence for", option.evidence_for),
        ("Evidence against", option.evidence_against),
        ("Evidence as context", option.evidence_context),
    ):
        if items:
            page.heading(heading)
        for item in items:
            page.text(_evidence(item), indent=2, bullet="-")
    if not (option.evidence_for or option.evidence_against or option.evidence_context):
        page.heading("Evidence")
        page.text("The knowledge base holds no statement on this option.", indent=2)
    for heading, notes in (("Safety", option.safety), ("To do", option.duties)):
        if notes:
            page.heading(heading)
        for note in notes:
            page.text(f"{note.text} [{_cited(note.citations)}]", indent=2, bullet="-")
    return foot(page, date, knowledge)


def _node(page: Page, node: CriterionNode, grounds: dict[str, Ground], depth: int, date: str) -> None:
    how = {"all": ", all of", "any": ", any of", "": ""}[node.operator]
    marks = "; ".join(part for part in _details(node, grounds.get(node.iri), date) if part and not node.children)
    page.text(f"{node.label}: {_VALUES[node.value]}{f' ({marks})' if marks else ''}{how}", indent=depth, bullet="-")
    for child in node.children:
        _node(page, child, grounds, depth + 2, date)


def _details(node: CriterionNode, found: Ground | None, date: str) -> list[str]:
    """Return how old a finding is, where it stands, which test decides it, and what its contrary is."""
    day = found.latest if found is not None and found.latest else node.finding_date
    test = f"by {node.decided_by}" if node.decided_by else ""
    if node.fresh is False:
        known = [f"{words.stale(node)}, {_age(day, date)}" if day else words.stale(node)]
        test = f"repeat {node.decided_by}" if node.decided_by else "repeat"
    elif node.value == "unknown":
        known = ["nothing in the record settles it"]
        test = f"needs {node.decided_by}" if node.decided_by else ""
    else:
        known = [f"{day}, {_age(day, date)}" if day else ""]
    places = ", ".join(found.places) if found is not None else ""
    return [*known, places, test, f"contrary: {node.contrary}" if node.contrary else ""]


def _age(day: str, date: str) -> str:
    days = (dt.date.fromisoformat(date) - dt.date.fromisoformat(day)).days
    return f"{days} day{'' if days == 1 else 's'} old"


def _cited(citations: tuple[Citation, ...]) -> str:
    return "; ".join(", ".join(part for part in (c.label, words.lines(c.locator)) if part) for c in citations)


def _evidence(item: EvidenceItem) -> str:
    size = f"n = {item.sample_size}" if item.sample_size is not None else ""
    side = "" if item.direction in _TOLD else item.direction
    parts = (side, item.design, size, words.setting(item), words.directness(item), words.group(item))
    marks = "; ".join(part for part in parts if part)
    return f"{words.figure(item)} ({marks}){words.dispute(item)} [{_cited(item.citations)}]"


def fragile(found: Fragile, page: Page, date: str, knowledge: str) -> str:
    """Lay out the conclusions that hang on one thing."""
    page.text("Conclusions that hang on one thing", style="strong")
    page.heading("One value close to a limit")
    for near in found.limits:
        where = f" ({near.place})" if near.place else ""
        far = f"{near.distance} from the limit of {near.limit}"
        page.text(f"{near.label} {near.value}{where}, {far}; on its other side:", indent=2, bullet="-")
        flips(page, near.flips, 4)
    if not found.limits:
        page.text("None within the margins of kb/policies/margins.ttl.", indent=2)
    page.heading("One disputed figure or reading")
    for dispute in found.disputes:
        page.text(f"{dispute.label}: {dispute.reading}", indent=2, bullet="-")
        if dispute.unsupported:
            page.field("All support of", "; ".join(dispute.unsupported), indent=4, column=15)
        flips(page, dispute.flips, 4)
    if not found.disputes:
        page.text("None.", indent=2)
    page.heading("One publication")
    for one in found.publications:
        if one.unsupported:
            page.text(f"{one.label}: all supporting evidence for {'; '.join(one.unsupported)}", indent=2, bullet="-")
        flips(page, one.flips, 4)
    if not found.publications:
        page.text("None.", indent=2)
    page.heading("One source document")
    for document in found.documents:
        page.text(f"{document.label}:", indent=2, bullet="-")
        if document.options:
            page.field("It alone has", "; ".join(document.options), indent=4, column=19)
        if document.unsupported:
            page.field("All support of", "; ".join(document.unsupported), indent=4, column=19)
        flips(page, document.flips, 4)
    if not found.documents:
        page.text("None.", indent=2)
    return foot(page, date, knowledge)
