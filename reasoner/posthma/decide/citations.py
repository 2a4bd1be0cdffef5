"""Citations and evidence items, read from the knowledge."""

from __future__ import annotations

from posthma.decide.answer import Advice, Citation, Directness, EvidenceItem, Value
from posthma.decide.criteria import Judge
from posthma.decide.guidance import DCTERMS_SOURCE, Guidance, remembered
from posthma.vocab import KB, RDFS, P, plain_iri

_DIRECTNESS: dict[Value, Directness] = {"met": "direct", "not met": "indirect", "unknown": "not decidable"}


def locator(guidance: Guidance, token: str) -> str:
    """Return section and lines of a statement in its source document."""
    section, lines = guidance.text(token, P.section), guidance.text(token, P.lines)
    return ", ".join(part for part in (section, f"lines {lines}" if lines else "") if part)


@remembered
def document(guidance: Guidance, token: str) -> tuple[Citation, ...]:
    """Return the citation of the source document that says something."""
    found = []
    for source in guidance.objects(token, DCTERMS_SOURCE) or guidance.objects(token, P.reportedIn):
        found.append(Citation(plain_iri(source), short_name(guidance, source), locator(guidance, token)))
    return tuple(found)


@remembered
def short_name(guidance: Guidance, publication: str) -> str:
    """Return ``Author year`` of a publication, or its label."""
    author, year = guidance.text(publication, P.firstAuthor), guidance.text(publication, P.year)
    return f"{author} {year}".strip() or guidance.label(publication)


def publication(guidance: Guidance, statement: str) -> tuple[Citation, ...]:
    """Return the citations of an evidence statement: its publication, then the document that reports it."""
    found = []
    for ref in guidance.objects(statement, P.publication):
        found.append(
            Citation(
                iri=plain_iri(ref),
                label=short_name(guidance, ref),
                number=guidance.number(statement, P.referenceNumber) or _number(ref),
                doi=guidance.text(ref, P.doi),
                pmid=guidance.text(ref, P.pmid),
                verification=guidance.label(guidance.one(ref, P.verification)),
            )
        )
    return (*found, *document(guidance, statement))


def _number(ref: str) -> int | None:
    digits = ref.rpartition("ref-")[2].rstrip(">")
    return int(digits) if digits.isdigit() else None


def effect(guidance: Guidance, statement: str) -> str:
    """Return an evidence statement's figure with operator, interval and unit; empty when it has none."""
    value = guidance.text(statement, P.value)
    low, high = guidance.text(statement, P.valueLow), guidance.text(statement, P.valueHigh)
    figure = value or (f"{low} to {high}" if low and high else low or high)
    if not figure:
        return ""
    operator = guidance.one(statement, P.valueOperator)
    unit = guidance.one(statement, P.unit)
    ci_low, ci_high = guidance.text(statement, P.ciLow), guidance.text(statement, P.ciHigh)
    interval = f"(95 % CI {ci_low} to {ci_high})" if ci_low and ci_high else ""
    parts = [guidance.label(operator) if operator else "", figure, guidance.unit(unit) if unit else "", interval]
    return " ".join(part for part in parts if part)


def evidence_item(guidance: Guidance, judge: Judge, statement: str) -> EvidenceItem:
    """Return an evidence statement as it bears on a situation: direct, indirect or not decidable."""
    said, population = _item(guidance, statement), guidance.one(statement, P.forPopulation)
    if not population:
        return said
    value, difference = judge.bearing(population)
    return EvidenceItem(  # by hand, since `replace` takes ten times as long
        said.iri, said.text, said.direction, _DIRECTNESS[value], difference,
        said.design, said.sample_size, said.endpoint, said.effect, said.setting, said.quarantined, said.dispute,
        said.independence_group, said.citations,
    )  # fmt: skip


@remembered
def _item(guidance: Guidance, statement: str) -> EvidenceItem:
    """Return an evidence statement as it bears on nobody yet."""
    disputes = guidance.disputes.get(statement, [])
    return EvidenceItem(
        iri=plain_iri(statement), text=guidance.text(statement, RDFS.label),
        direction=_name(guidance, statement, P.direction),
        difference=guidance.text(statement, P.populationText), design=_name(guidance, statement, P.design),
        sample_size=guidance.number(statement, P.sampleSize), endpoint=_name(guidance, statement, P.endpoint),
        effect=effect(guidance, statement), setting=_name(guidance, statement, P.setting),
        quarantined=guidance.text(statement, P.quarantined) == "true",
        dispute="; ".join(guidance.text(d, RDFS.label) or guidance.text(d, P.effect) for d in disputes),
        independence_group=_name(guidance, statement, P.independenceGroup), citations=publication(guidance, statement),
    )  # fmt: skip


def _name(guidance: Guidance, statement: str, predicate: str) -> str:
    token = guidance.one(statement, predicate)
    return guidance.label(token) if token.startswith("<") else guidance.text(statement, predicate)


@remembered
def side(guidance: Guidance, statement: str) -> str:
    """Return the side of the ledger on which a statement is shown: ``for``, ``against`` or ``context``."""
    where = guidance.one(guidance.one(statement, P.direction), P.countsAs) or KB.ledgerContext
    return guidance.label(where)


def advice(guidance: Guidance, judge: Judge, token: str) -> Advice:
    """Return a duty, counselling point or safety note."""
    said, population = _advice(guidance, token), guidance.one(token, P.forPopulation)
    if not population:
        return said
    triple = judge.triple(population)
    return Advice(said.iri, said.text, said.trigger, said.asks_for, said.citations, triple)  # as in `evidence_item`


@remembered
def _advice(guidance: Guidance, token: str) -> Advice:
    population = guidance.one(token, P.forPopulation)
    return Advice(
        iri=plain_iri(token), text=guidance.text(token, P.says) or guidance.text(token, RDFS.label),
        trigger=guidance.label(population) if population else "",
        asks_for=tuple(guidance.label(test) for test in guidance.objects(token, P.asksFor)),
        citations=document(guidance, token),
    )  # fmt: skip
