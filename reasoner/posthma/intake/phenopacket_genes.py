"""Interpretations of a Phenopacket: genes and variants as gene tests, one for each biosample, and karyotypes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, gene_targets
from posthma.intake.codes import Concept, coding_of, read_concept
from posthma.intake.dates import DateReading
from posthma.intake.events import Events, GeneTest
from posthma.intake.nodes import nodes
from posthma.intake.phenopacket_form import under
from posthma.intake.tree import Node
from posthma.intake.values import shorten
from posthma.intake.variants import Variant, read_variant
from posthma.intake.variants.read import current_symbol

__all__ = ["gene_named", "interpretations", "symbols"]

Samples = Mapping[str, DateReading | None]


def interpretations(found: Node, events: Events, samples: Samples, looked_for: Iterable[str]) -> None:
    """Take all interpretations in.

    Args:
        found: The list of interpretations.
        events: The patient's events.
        samples: The date of each biosample.
        looked_for: Genes that were looked for in every sample.
    """
    tests: dict[str, GeneTest] = {}
    for interpretation in found.each():
        diagnosis = interpretation.get("diagnosis")
        diagnosis.get("disease").book(CONTEXT, "the diagnosis that the interpretation is about")
        for one in under(diagnosis, "genomicInterpretations").each():
            about = under(one, "subjectOrBiosampleId").text
            name = about if about in samples else ""
            _genomic(one, tests.setdefault(name, GeneTest(samples.get(name))), events)
    genes = gene_targets()
    for test in tests.values():
        test.looked_for += [genes[gene] for gene in looked_for if gene in genes]
        use, why = events.genes(test)
        for leaf in test.leaves:
            leaf.book(use, why)


def _genomic(one: Node, test: GeneTest, events: Events) -> None:
    status, call = under(one, "interpretationStatus"), under(one, "variantInterpretation")
    acmg, described = under(call, "acmgPathogenicityClassification"), under(call, "variationDescriptor")
    if status.text in ("REJECTED", "1"):
        one.book(CONTEXT, "rejected as no cause of the disease")
        return
    if acmg.text in ("BENIGN", "LIKELY_BENIGN", "1", "2"):
        one.book(CONTEXT, "classified as benign")
        return
    gene = under(described, "geneContext") if described else one.get("gene")
    symbol, why = _symbol(gene)
    if acmg.text in ("UNCERTAIN_SIGNIFICANCE", "3"):
        test.open.update(target for target in [gene_targets().get(symbol)] if target)
        described.book(NOT_UNDERSTOOD, "of uncertain significance: neither found nor not found")
        return
    if described:
        for expression in described.get("expressions").each():
            if expression.get("syntax").text.lower() == "iscn":
                expression.book(*events.karyotype(expression.get("value").text, test.when))
                return
        leaf, variant = _variant(described, symbol)
    else:
        leaf = gene
        established = status.text in ("CAUSATIVE", "CONTRIBUTORY", "3", "4")
        variant = read_variant("mutated" if established else "", symbol)
    symbol = symbol or variant.gene or ""
    use, said = (NOT_UNDERSTOOD, why) if why else test.variant(symbol, variant)
    leaves = [leaf, gene.get("symbol"), under(gene, "valueId")]
    if use == USED:
        test.leaves += [*leaves, under(one, "subjectOrBiosampleId"), status]
        return
    for node in leaves:
        node.book(use, said)


@cache
def symbols() -> Mapping[str, str]:
    """Return the symbols of the genes of the knowledge base by their names in it."""
    found = nodes("kb/genes.ttl").items()
    return {name: node["label"][0] for name, node in found if "Gene" in node.get("type", ())}


def gene_named(identifiers: Iterable[str]) -> str:
    """Return the symbol of the gene that one of several CURIEs names; empty when none is known.

    >>> gene_named(["HGNC:5383"])
    'IDH2'
    """
    for identifier in identifiers:
        known = read_concept([coding_of(identifier)], "", ("gene",)) if identifier else Concept()
        if known:
            return symbols().get(known.name, "")
    return ""


def _symbol(gene: Node) -> tuple[str, str]:
    """Return the symbol of a gene descriptor, or why it has none."""
    symbol = current_symbol(gene.get("symbol").text) if gene.get("symbol") else ""
    identifier = under(gene, "valueId").text
    named = gene_named([identifier])
    if named and symbol and named != symbol:
        return "", f"{shorten(identifier)} is {named}, the symbol says {shorten(symbol)}"
    return named or symbol, ""


def _variant(described: Node, symbol: str) -> tuple[Node, Variant]:
    """Return the most telling description of a variant: protein, any HGVS, coding, label."""
    order = {"hgvs.p": 0, "hgvs": 1, "hgvs.c": 2}
    told = [(order.get(e.get("syntax").text.lower(), 9), e) for e in described.get("expressions").each()]
    leaves = [e.get("value") for rank, e in sorted(told, key=lambda pair: pair[0]) if rank < 9]
    leaves.append(described.get("label"))
    best: tuple[Node, Variant] | None = None
    for leaf in leaves:
        variant = read_variant(re.sub(r"^[^\s:]{3,40}:(?=[cp]\.)", "", leaf.text), symbol or None)
        if leaf and variant.kind in ("variant", "statement") and variant.mutated is not None:
            return leaf, variant
        best = best or (leaf, variant)
    return best or (described, read_variant("", symbol or None))
