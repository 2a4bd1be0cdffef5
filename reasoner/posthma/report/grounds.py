"""Why and fragile laid out as text."""

from __future__ import annotations

from posthma.decide.answer import Citation, CriterionNode, EvidenceItem
from posthma.decide.ledger import Ground, Why
from posthma.decide.robust import Fragile
from posthma.report.layout import Page
from posthma.report.supposition import flips, foot

_VALUES = {"met": "met", "not met": "NOT met", "unknown": "unknown"}


def why(found: Why, page: Page, date: str, knowledge: str) -> str:
    """Lay out an option's criteria with their grounds, and its ledger."""
    option = found.option
    page.text(f"{option.label}: {option.status}", style="strong")
    words = f', in the source\'s words "{option.strength}"' if option.strength else ""
    page.field("Stance", f"{option.stance}{words}", indent=2)
    if option.label_status:
        page.field("Label", option.label_status, indent=2)
    page.field("Source", _cited(option.citations), indent=2)
    page.heading("Criteria")
    if option.criteria is not None:
        _node(page, option.criteria, {g.iri: g for g in found.grounds}, 2)
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
    for note in (*option.safety, *option.duties):
        page.field("Note", note.text, indent=2)
    return foot(page, date, knowledge)


def _node(page: Page, node: CriterionNode, grounds: dict[str, Ground], depth: int) -> None:
    how = {"all": ", all of", "any": ", any of", "": ""}[node.operator]
    found = grounds.get(node.iri)
    details = []
    if found is not None and found.latest:
        details.append(f"{found.latest}, {found.days} days old" if found.days != 1 else f"{found.latest}, 1 day old")
    if found is not None and found.places:
        details.append(", ".join(found.places))
    if node.fresh is False:
        details.append("older than the reassessment: repeat")
    if node.decided_by and (node.value == "unknown" or not details):
        details.append(f"by {node.decided_by}")
    marks = f" ({'; '.join(details)})" if details else ""
    page.text(f"{node.label}: {_VALUES[node.value]}{marks}{how}", indent=depth, bullet="-")
    for child in node.children:
        _node(page, child, grounds, depth + 2)


def _cited(citations: tuple[Citation, ...]) -> str:
    return "; ".join(", ".join(part for part in (c.label, c.locator) if part) for c in citations)


def _evidence(item: EvidenceItem) -> str:
    directness: str = item.directness if item.directness != "not stated" else ""
    if directness and item.difference:
        directness += f": {item.difference}"
    size = f"n = {item.sample_size}" if item.sample_size is not None else ""
    marks = "; ".join(part for part in (item.direction, item.design, size, item.setting, directness) if part)
    effect = f": {item.effect}" if item.effect else ""
    disputed = " DISPUTED, orders nothing" if item.quarantined else " (disputed)" if item.dispute else ""
    return f"{item.text.rstrip('.')}{effect} ({marks}){disputed} [{_cited(item.citations)}]"


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
