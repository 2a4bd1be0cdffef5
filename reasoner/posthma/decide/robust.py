"""Which conclusions are fragile: they hang on one publication, one document, one disputed figure, or one close value.

Publications are taken out one at a time and the answer is made again on the same closure: rules and criteria rest on
documents and on no single evidence statement, so only the ledger can change (a test holds that). Documents hold
criteria and options, so without one the record is closed again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from posthma.decide.answer import OptionVerdict
from posthma.decide.case import Case
from posthma.decide.changes import Change, Interval, Way, number
from posthma.decide.citations import short_name
from posthma.decide.guidance import Guidance, gather
from posthma.decide.options import verdict
from posthma.decide.outlook import Outlook
from posthma.decide.whatif import Flip, failure_flips, option_flips
from posthma.errors import UsageError
from posthma.knowledge import Knowledge, graph_of_file
from posthma.vocab import KB, RDFS, P, curie, plain_iri


@dataclass(frozen=True, slots=True)
class OnPublication:
    """Conclusions that one publication alone carries.

    Attributes:
        unsupported: Options all of whose supporting evidence it gives; labels.
        flips: Options whose status changes without it.
    """

    iri: str
    label: str
    unsupported: tuple[str, ...]
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True, slots=True)
class OnDocument:
    """Conclusions that one source document alone carries.

    Attributes:
        options: Options that no other document has, of those that the answer shows; labels.
        unsupported: Options of other documents all of whose supporting evidence it reports; labels.
        flips: Verdicts on failure and statuses of options of other documents that come out otherwise without it.
    """

    iri: str
    label: str
    options: tuple[str, ...]
    unsupported: tuple[str, ...] = ()
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True, slots=True)
class OnDispute:
    """Conclusions that turn with a disputed reading.

    Attributes:
        reading: What would be read otherwise.
        unsupported: Options all of whose supporting evidence is disputed by it; labels.
        flips: Conclusions that come out otherwise under the other reading.
    """

    iri: str
    label: str
    reading: str
    unsupported: tuple[str, ...] = ()
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True, slots=True)
class OnLimit:
    """Conclusions that turn when a value lies on the other side of a limit close to it.

    Attributes:
        value: The value as the record gives it.
        limit: The limit's words.
        distance: How far away it is, in the analyte's unit.
        margin: Within which distance counts as close.
        flips: What comes out otherwise on the other side.
    """

    iri: str
    label: str
    value: str
    limit: str
    distance: str
    margin: str
    place: str
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Fragile:
    """All conclusions of one answer that hang on one thing."""

    publications: tuple[OnPublication, ...]
    documents: tuple[OnDocument, ...]
    disputes: tuple[OnDispute, ...]
    limits: tuple[OnLimit, ...]


def fragile(case: Case) -> Fragile:
    """Return the conclusions that hang on one publication, document, disputed figure or value close to a limit."""
    return Fragile(
        tuple(on_publications(case)), tuple(on_documents(case)), tuple(on_disputes(case)), tuple(on_limits(case))
    )


# --- publications


def on_publications(case: Case) -> Iterator[OnPublication]:
    """Yield the publications without which an option of the answer loses its status or its last support."""
    shown = shown_options(case)
    cited: dict[str, None] = {}
    for option in shown:
        for item in (*option.evidence_for, *option.evidence_against, *option.evidence_context):
            for publication in case.guidance.objects(f"<{item.iri}>", P.publication):
                cited[publication] = None
    for publication in sorted(cited):
        without = replace(case.now, guidance=guidance_without(case, publication))
        lost, flips = [], []
        for option in shown:
            then = _again(case, without, option)
            if then is None or then.status != option.status:
                after = then.status if then else "gone"
                flips.append(Flip(option.iri, option.label, option.status, after))
            if option.evidence_for and (then is None or not then.evidence_for):
                lost.append(option.label)
        if lost or flips:
            label = short_name(case.guidance, publication)
            yield OnPublication(plain_iri(publication), label, tuple(lost), tuple(flips))


def shown_options(case: Case) -> list[OptionVerdict]:
    """Return the options that an answer has something to say of."""
    return [o for o in case.answer.options if o.status not in ("not applicable", "silent")]


def guidance_without(case: Case, publication: str) -> Guidance:
    """Return what the knowledge offers without the evidence statements of a publication."""
    said = case.guidance.said
    resting = {s for s in case.guidance.instances(P.EvidenceStatement) if publication in said[s].get(P.publication, ())}
    kept = tuple(t for t in case.kb.knowledge.triples if t[0] not in resting and t[2] not in resting)
    return gather(replace(case.kb.knowledge, triples=kept))


def _again(case: Case, without: Outlook, option: OptionVerdict) -> OptionVerdict | None:
    token = f"<{option.iri}>"
    if token not in without.guidance.options:
        return None
    return verdict(without, token, case.asked.jurisdiction)


# --- documents


def on_documents(case: Case) -> Iterator[OnDocument]:
    """Yield the source documents in force without which an option, its support or a verdict would be otherwise."""
    knowledge = case.kb.knowledge
    for graph in sorted({graph for file in knowledge.by_file if (graph := graph_of_file(file))}):
        less = case_without(case, graph)
        then = {option.iri: option for option in less.answer.options}
        shown = shown_options(case)
        gone = tuple(o.label for o in shown if o.iri not in then)
        lost = tuple(o.label for o in shown if o.iri in then and o.evidence_for and not then[o.iri].evidence_for)
        common = {o: status for o, status in case.now.statuses.items() if o in less.guidance.options}
        flips = (*failure_flips(case.now, less.now), *option_flips(replace(case.now, statuses=common), less.now))
        if gone or lost or flips:
            yield OnDocument(plain_iri(graph), case.guidance.label(graph), gone, lost, flips)


def case_without(case: Case, document: str) -> Case:
    """Return the same question put to the knowledge without the named graph of a document."""
    from posthma.engine import KnowledgeBase

    return Case(KnowledgeBase(knowledge_without(case.kb.knowledge, document), case.kb.cache), case.record, case.asked)


def knowledge_without(knowledge: Knowledge, document: str) -> Knowledge:
    """Return knowledge without the triples that only a document's named graph holds."""
    by_file = {file: triples for file, triples in knowledge.by_file.items() if graph_of_file(file) != document}
    kept = {triple for triples in by_file.values() for triple in triples}
    names = ", ".join(filter(None, (knowledge.without_source, curie(document))))
    fingerprint = hashlib.sha256(f"{knowledge.fingerprint} without {document}".encode()).hexdigest()
    triples = tuple(triple for triple in knowledge.triples if triple in kept)
    return replace(knowledge, triples=triples, by_file=by_file, without_source=names, fingerprint=fingerprint)


# --- disputes


def on_disputes(case: Case) -> Iterator[OnDispute]:
    """Yield disputes whose other reading would turn a conclusion, or that touch all support of an option."""
    yield from _on_definitions(case)
    touched: dict[str, list[str]] = defaultdict(list)
    for option in shown_options(case):
        if not option.evidence_for:
            continue
        behind = [set(case.guidance.disputes.get(f"<{item.iri}>", ())) for item in option.evidence_for]
        for dispute in set.intersection(*behind):
            touched[dispute].append(option.label)
    for dispute in sorted(touched):
        guidance = case.guidance
        effect = guidance.text(dispute, P.effect)
        yield OnDispute(plain_iri(dispute), guidance.text(dispute, RDFS.label), effect, tuple(touched[dispute]))


def _on_definitions(case: Case) -> Iterator[OnDispute]:
    """Yield the definitions, other than those chosen, under which the current values fall on the other side."""
    guidance, judge = case.guidance, case.now.whole
    thresholds = [s for s, facts in guidance.said.items() if P.definition in facts]
    chosen = guidance.definitions_taken
    by_definition = {d: t for t in sorted(thresholds) for d in guidance.objects(t, P.definition)}
    for definition, threshold in sorted(by_definition.items()):
        if definition in chosen:
            continue
        for one, mine in ((P.aboveClass, P.aboveLimitOf), (P.belowClass, P.belowLimitOf)):
            other_side = guidance.one(threshold, one)
            if judge.value(other_side) != "met":
                continue
            choice = guidance.one(definition, P.alternativeOf)
            for finding in [s for s, facts in guidance.said.items() if choice in facts.get(mine, ())]:
                if judge.value(finding) == "not met":
                    flips = _flips(case, Change(finding, "met"))
                    label = guidance.label(definition)
                    yield OnDispute(plain_iri(definition), label, guidance.label(finding), (), flips)


# --- limits


def on_limits(case: Case) -> Iterator[OnLimit]:
    """Yield the current values within the margin of a limit whose other side would turn a conclusion."""
    guidance, closure = case.guidance, case.now.closure
    margins = {guidance.one(m, P.analyte): m for m in guidance.instances(P.Margin)}
    for event in sorted(o for _, _, o in closure.match(case.asked.question, P.current)):
        said = {p: o for _, p, o in closure.match(event)}
        analyte = said.get(P.analyte, "")
        if analyte not in margins or P.low not in said or P.high not in said:
            continue
        margin = Decimal(guidance.text(margins[analyte], P.within))
        low, high = number(said[P.low]), number(said[P.high])
        place = case.record.place((event, P.analyte, analyte))
        seen: dict[tuple[Flip, ...], None] = {}
        for finding, way in case.ways.findings(analyte):
            distance = _distance(low, high, way, case)
            if distance is None or distance > margin or case.now.whole.value(finding) != "not met":
                continue
            flips = _flips(case, Change(analyte, "value", _other_side(way, distance, low, high)))
            if flips and flips not in seen:
                seen[flips] = None
                yield OnLimit(
                    plain_iri(analyte), guidance.label(analyte), f"{low}" if low == high else f"{low} to {high}",
                    guidance.label(way.threshold), f"{distance.normalize():f}", f"{margin}", place, flips,
                )  # fmt: skip


def _distance(low: Decimal, high: Decimal, way: Way, case: Case) -> Decimal | None:
    """Return how far a value lies from a side of a limit; None when part of it lies on that side."""
    limit = Decimal(case.guidance.text(way.threshold, P.limit))
    if way.interval.meet(Interval(low, high)) is not None:
        return None
    return limit - high if high <= limit else low - limit


def _other_side(way: Way, distance: Decimal, low: Decimal, high: Decimal) -> Interval:
    """Return the values on a side of a limit no farther from it than the value is, and at least one step wide."""
    step = max(distance, Decimal("0.1"))
    if way.interval.low is not None:
        near = Interval(None, way.interval.low + step)
    else:
        assert way.interval.high is not None
        near = Interval(max(way.interval.high - step, Decimal(0)), None)
    return way.interval.meet(near) or way.interval


def _flips(case: Case, change: Change) -> tuple[Flip, ...]:
    """Return what a change turns; nothing when it cannot be."""
    try:
        then = case.outlook([change])
    except UsageError:
        return ()
    silent = {case.guidance.label(KB.statusSilent)}
    options = [f for f in option_flips(case.now, then) if not {f.before, f.after} <= silent]
    return (*failure_flips(case.now, then), *options)
