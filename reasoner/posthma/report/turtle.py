"""The answer as PROV-O in Turtle: what was concluded, from which record and knowledge, resting on which sources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from posthma import __version__
from posthma.decide.answer import Advice, Answer, Claim, OptionVerdict
from posthma.report import NOTICE, choices
from posthma.terms import Triple, escape, iri
from posthma.turtle import write_turtle
from posthma.vocab import PREFIXES, RDF, expand, plain_iri

_PROV, _DCT, _RDFS, _RDF = (PREFIXES[name] for name in ("prov", "dcterms", "rdfs", "rdf"))
_TYPE = RDF.type[1:-1]


class _Graph:
    def __init__(self) -> None:
        self.triples: list[Triple] = []

    def add(self, node: str, /, **values: str | Iterable[str]) -> None:
        """State literals by Dublin Core name, or the label by RDFS; empty ones are left out."""
        for name, given in values.items():
            predicate = iri((_RDFS if name == "label" else _DCT) + name)
            for value in [given] if isinstance(given, str) else given:
                if value:
                    self.triples.append((expand(node), predicate, f'"{escape(value)}"'))

    def link(self, subject: str, predicate: str, value: str) -> None:
        """State a relation between two IRIs; an empty one is left out."""
        if value:
            self.triples.append((expand(subject), expand(predicate), expand(value)))


def render(answer: Answer) -> str:
    """Return the answer as Turtle, the same bytes for the same answer."""
    graph, base = _Graph(), plain_iri(expand(answer.situation))
    whole, run = f"{base}/assessment", f"{base}/assessment/run"
    record = f"urn:sha256:{answer.record_sha}"
    knowledge = f"urn:sha256:{answer.knowledge_sha}"
    for node, kind in ((whole, "Entity"), (run, "Activity"), (record, "Entity"), (knowledge, "Entity")):
        graph.link(node, _TYPE, _PROV + kind)
    graph.add(whole, title="Assessment", subject=answer.patient, date=answer.date, coverage=answer.jurisdiction)
    graph.add(whole, abstract=(answer.failure.gate, answer.failure.kind, answer.failure.certainty), rights=NOTICE)
    graph.add(whole, description=answer.out_of_scope)
    graph.add(record, title=answer.record_path)
    graph.add(knowledge, hasVersion=answer.knowledge_version, temporal=answer.as_of)
    graph.add(run, title=f"posthma {__version__}")
    graph.link(whole, _PROV + "wasGeneratedBy", run)
    graph.link(run, _PROV + "used", record)
    graph.link(run, _PROV + "used", knowledge)
    graph.link(whole, _DCT + "references", base)
    for position, option in enumerate(answer.options, start=1):
        _verdict(graph, whole, option, position)
    for part, claims in _parts(answer):
        for claim in claims:
            _statement(graph, whole, part, claim, (record, knowledge))
    for row in answer.reported:
        node = _node(graph, whole, "reported", f"{row.reported}: {row.concluded}")
        graph.link(node, _PROV + "wasDerivedFrom", record)
        graph.add(node, spatial=row.place)
    for contradiction in answer.contradictions:
        node = _node(graph, whole, "contradiction", contradiction.text)
        graph.link(node, _PROV + "wasDerivedFrom", record)
        graph.add(node, spatial=contradiction.places)
    return write_turtle(graph.triples)


def _parts(answer: Answer) -> Iterator[tuple[str, Iterable[Claim | Advice]]]:
    yield "patient", answer.patient_summary
    yield "failure", answer.failure.sentences
    yield "assumption", answer.failure.assumptions
    yield "disease state", answer.disease_state
    yield "reassess first", answer.first
    yield "counselling", answer.counselling
    yield "definition or window", choices.claims(answer)
    if answer.other_choices is not None:
        yield "other choice", [Claim(line) for line in choices.others(answer, full=True)]
    yield "remark", answer.notices


def _verdict(graph: _Graph, whole: str, option: OptionVerdict, position: int) -> None:
    node = f"{whole}/option/{plain_iri(expand(option.iri)).rstrip('/').rpartition('/')[2]}"
    graph.link(node, _TYPE, _PROV + "Entity")
    graph.link(node, _DCT + "isPartOf", whole)
    graph.link(node, _DCT + "subject", option.iri)
    graph.link(node, _PROV + "wasDerivedFrom", option.iri)
    graph.add(node, label=option.label, type=option.status, identifier=str(position), description=option.order_reason)
    for item in (*option.evidence_for, *option.evidence_against, *option.evidence_context):
        graph.link(node, _PROV + "wasDerivedFrom", item.iri)
        graph.link(item.iri, _TYPE, _PROV + "Entity")
        graph.add(item.iri, description=item.text)
        for citation in item.citations:
            graph.link(item.iri, _PROV + "hadPrimarySource", citation.iri)
    for advice in (*option.safety, *option.duties):
        graph.link(node, _PROV + "wasDerivedFrom", advice.iri)
    for citation in option.citations:
        graph.link(node, _PROV + "hadPrimarySource", citation.iri)
    graph.add(node, requires=[finding.label for finding in option.missing])


def _statement(graph: _Graph, whole: str, part: str, claim: Claim | Advice, inputs: tuple[str, str]) -> None:
    """State a claim, the fact that it says, and what it was derived from: the record, the knowledge, the advice."""
    node = _node(graph, whole, part, claim.text)
    for entity in inputs:
        graph.link(node, _PROV + "wasDerivedFrom", entity)
    if isinstance(claim, Advice):
        graph.link(node, _PROV + "wasDerivedFrom", claim.iri)
    elif claim.place:
        graph.add(node, spatial=claim.place)
    for citation in claim.citations:
        graph.link(node, _PROV + "hadPrimarySource", citation.iri)
    if claim.triple:
        graph.link(node, _TYPE, _RDF + "Statement")
        for name, token in zip(("subject", "predicate", "object"), claim.triple, strict=True):
            graph.triples.append((iri(node), iri(_RDF + name), token))


def _node(graph: _Graph, whole: str, part: str, text: str) -> str:
    node = f"{whole}/statement/{hashlib.sha256(f'{part}|{text}'.encode()).hexdigest()[:12]}"
    graph.link(node, _TYPE, _PROV + "Entity")
    graph.link(node, _DCT + "isPartOf", whole)
    graph.add(node, type=part, description=text)
    return node
