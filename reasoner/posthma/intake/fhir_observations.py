"""Observations and reports of FHIR: measured values, karyotypes, genes and variants, responses.

All genes of one day are one gene test: a gene that was studied and has no variant was looked for and not found. What
is said of a variant's significance may stand with it or in an observation that is derived from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, gene_targets
from posthma.intake.codes import Concept
from posthma.intake.dates import DateReading
from posthma.intake.events import Events, GeneTest, Outcome
from posthma.intake.fhir_bundle import Bundle, Resource
from posthma.intake.fhir_therapy import Therapy
from posthma.intake.fhir_values import amount, codings, concept, gene_symbol, when
from posthma.intake.tree import Node
from posthma.intake.values import shorten
from posthma.intake.variants import Variant, read_variant

__all__ = ["Observations"]

_READ = {"final", "amended", "corrected", "preliminary"}
_REPORTED = {*_READ, "appended", "partial"}
_DESCRIBING = ("protein", "coding", "discrete")
_NO_PLACE = {
    "staging": "the stage of a solid tumour; the record vocabulary has no place for it",
    "tumourSize": "the size of a solid tumour; the record vocabulary has no place for it",
}
_SIGNIFICANCE: dict[str, Outcome] = {
    "benign": (CONTEXT, "classified as benign"),
    "uncertain": (NOT_UNDERSTOOD, "of unknown significance: neither found nor not found"),
}


class Observations:
    """Reads the observations and reports of one patient."""

    def __init__(self, bundle: Bundle, events: Events, therapy: Therapy) -> None:
        self.bundle, self.events, self.therapy = bundle, events, therapy
        self.tests: dict[tuple[object, object], GeneTest] = {}
        self.judged: dict[str, str] = {}

    def judge(self, resource: Resource) -> None:
        """Note what an observation says of the significance of the variants that it is derived from."""
        node = resource.node
        if resource.kind != "Observation" or node.get("status").text not in _READ:
            return
        for component in node.get("component").each():
            if concept(component.get("code"), "part").name == "significance":
                meaning = concept(component.get("valueCodeableConcept"), "significance")
                for variant in self.bundle.all(node.get("derivedFrom"), resource) if meaning else ():
                    self.judged.setdefault(variant.key, meaning.name)

    def read(self, resource: Resource) -> None:
        """Take one observation or report in."""
        node = resource.node
        status = node.get("status")
        if status.text not in (_REPORTED if resource.kind == "DiagnosticReport" else _READ):
            node.book(CONTEXT, f"its status is {status.text or 'not given'}")
            return
        if resource.kind == "DiagnosticReport":
            self._report(node)
            return
        about = concept(node.get("code"), "test", "analyte", "context")
        day = when(node, "effective")
        if about.name in ("variant", "region"):
            self._genes(resource, about.name, day)
            return
        if about.kind == "context":
            node.book(CONTEXT, _NO_PLACE[about.name])
            return
        outcome = self._value(resource, about, day)
        for component in node.get("component").each():
            self._component(component, day)
        if not _values(node) and not about and node.get("component"):
            outcome = CONTEXT, "each of its components has a code of its own"
        for leaf in [node.get("code"), *_values(node)]:
            leaf.book(*outcome)
        status.book(USED if outcome[0] == USED else CONTEXT, "")

    def genes(self, looked_for: Sequence[str]) -> None:
        """State the gene tests."""
        targets = gene_targets()
        for test in self.tests.values():
            test.looked_for += [targets[gene] for gene in looked_for if gene in targets]
            outcome = self.events.genes(test)
            for leaf in test.leaves:
                leaf.book(*outcome)

    def _report(self, node: Node) -> None:
        day = when(node, "effective")
        about = concept(node.get("code"), "test")
        text = node.get("conclusion")
        if about.name == "karyotype" and text:
            outcome = self.events.karyotype(text.text, day)
            for leaf in (node.get("code"), text, node.get("status")):
                leaf.book(*outcome)
        for stated in node.get("conclusionCode").each():
            disease = concept(stated, "disease")
            stated.book(*(self.events.diagnosis(disease.name, day) if disease else (CONTEXT, disease.why)))

    def _component(self, component: Node, day: DateReading | None) -> None:
        about = concept(component.get("code"), "analyte")
        outcome = self._measured(component, about, day)
        for leaf in [component.get("code"), *_values(component)]:
            leaf.book(*outcome)

    def _value(self, resource: Resource, about: Concept, day: DateReading | None) -> Outcome:
        node = resource.node
        if about.name == "karyotype":
            said = node.get("valueCodeableConcept")
            text = node.get("valueString").text or said.get("text").text
            return self.events.karyotype(text or next((c.label or c.code for c in codings(said)), ""), day)
        if about.name == "response":
            response = concept(node.get("valueCodeableConcept"), "response")
            if not response:
                return NOT_UNDERSTOOD, f"no response category: {response.why}"
            links = [*node.get("partOf").each(), *node.get("basedOn").each(), *node.get("focus").each()]
            told = [found for link in links if (found := self.bundle.resolve(link, resource))]
            lines = self.therapy.lines(told)
            outcome = self.events.response(response.name, day, lines)
            for link in links if lines else ():
                link.book(*outcome)
            return outcome[0], outcome[1] or response.why
        return self._measured(node, about, day)

    def _measured(self, node: Node, about: Concept, day: DateReading | None) -> Outcome:
        if node.get("dataAbsentReason") or not _values(node):
            return CONTEXT, "no value is given"
        if not about:
            return NOT_UNDERSTOOD, about.why
        quantity, span = node.get("valueQuantity"), node.get("valueRange")
        if quantity:
            text, unit, complaint = amount(quantity)
        elif span:
            low, unit, complaint = amount(span.get("low"))
            high, other, more = amount(span.get("high"))
            text, complaint = f"{low}-{high}" if low and high else "", complaint or more
            complaint = complaint or ("its two units differ" if unit != other else "")
        else:
            plain = node.first("valueInteger", "valueString", "valueDecimal")
            text, unit, complaint = plain.text, "", "" if plain else "its value is no number"
        if complaint or not text:
            return NOT_UNDERSTOOD, complaint or "no value is given"
        use, why = self.events.measure(about.name, text, unit, day)
        return use, why or about.why

    def _test(self, day: DateReading | None) -> GeneTest:
        key = (day.earliest, day.latest) if day else (None, None)
        return self.tests.setdefault(key, GeneTest(day))

    def _genes(self, resource: Resource, kind: str, day: DateReading | None) -> None:
        test, node = self._test(day), resource.node
        parts: dict[str, list[Node]] = {}
        for component in node.get("component").each():
            about = concept(component.get("code"), "part")
            if about:
                parts.setdefault(about.name, []).append(component)
        if kind == "region":
            self._region(node, parts.get("gene", []), test)
            return
        said = node.get("valueCodeableConcept")
        presence = concept(said, "presence") if said else concept(_first(node.get("interpretation")), "presence")
        if not presence:
            test.open.update(self._open(parts.get("gene", [])))
            node.book(NOT_UNDERSTOOD, f"it does not say whether the variant is present: {presence.why}")
            return
        iscn = parts.get("iscn", [])
        if iscn and presence.name == "present":
            for component in iscn:
                outcome = self.events.karyotype(_plain(component), day)
                for leaf in (*_values(component), component.get("code"), said, node.get("code")):
                    leaf.book(*outcome)
            return
        significance = self._significance(resource, parts.get("significance", []))
        if significance and presence.name == "present":
            if significance == "uncertain":
                test.open.update(self._open(parts.get("gene", [])))
            node.book(*_SIGNIFICANCE[significance])
            return
        self._variant(node, parts, test, present=presence.name == "present")

    def _significance(self, resource: Resource, components: list[Node]) -> str:
        own = (concept(component.get("valueCodeableConcept"), "significance").name for component in components)
        return next((name for name in own if name), self.judged.get(resource.key, ""))

    def _open(self, genes: list[Node]) -> list[str]:
        named = [gene_symbol(component.get("valueCodeableConcept"))[0] for component in genes]
        return [target for symbol in named if (target := gene_targets().get(symbol))]

    def _region(self, node: Node, genes: list[Node], test: GeneTest) -> None:
        for component in genes:
            value = component.get("valueCodeableConcept")
            separate = list(value.get("coding").each())
            for leaf in separate if len(separate) > 1 else [value]:
                symbol, why = gene_symbol(leaf)
                use, said = test.gene(symbol) if symbol else (NOT_UNDERSTOOD, why)
                if use == USED:
                    test.leaves += [leaf, component.get("code"), node.get("code")]
                else:
                    leaf.book(use, said)

    def _variant(self, node: Node, parts: dict[str, list[Node]], test: GeneTest, *, present: bool) -> None:
        genes = [component.get("valueCodeableConcept") for component in parts.get("gene", [])]
        symbol, why = (
            gene_symbol(genes[0]) if len(genes) == 1 else ("", f"{len(genes)} genes are named" if genes else "")
        )
        leaf, variant = _described(parts, symbol)
        symbol = symbol or (variant.gene or "" if not why else "")
        if why or not symbol:
            use, said = NOT_UNDERSTOOD, why or "no gene is named"
        elif leaf is None:
            use, said = test.variant(symbol, read_variant("mutated" if present else "", symbol), present=present)
        else:
            use, said = test.variant(symbol, variant, present=present)
        told = {part.path: part.get("code") for kind in _DESCRIBING for part in parts.get(kind, [])}
        codes = [code for path, code in told.items() if leaf is not None and leaf.path.startswith(f"{path}.")]
        codes += [component.get("code") for component in parts.get("gene", [])]
        leaves = [*genes, *([leaf] if leaf else []), *codes, node.get("valueCodeableConcept"), node.get("code")]
        if use == USED:
            test.leaves += leaves
            return
        if symbol and (target := gene_targets().get(symbol)) and use == NOT_UNDERSTOOD:
            test.open.add(target)
        for one in leaves:
            one.book(use, said)


def _first(node: Node) -> Node:
    return next(node.each(), node)


def _values(node: Node) -> list[Node]:
    return [node.get(key) for key in node.keys if key.startswith("value")]


def _plain(component: Node) -> str:
    """Return the text of a component's value: string, or code of its concept."""
    value = component.get("valueCodeableConcept")
    coded = next((c.code or c.label for c in codings(value)), "")
    return component.get("valueString").text or coded or value.get("text").text


def _described(parts: dict[str, list[Node]], symbol: str) -> tuple[Node | None, Variant]:
    """Return the most telling description: protein, coding, a whole name."""
    best: tuple[Node | None, Variant] = None, read_variant("", symbol or None)
    for kind in _DESCRIBING:
        for component in parts.get(kind, []):
            text = _plain(component)
            tail = text.rpartition(":")[2] if kind != "discrete" else text
            variant = read_variant(shorten(tail, 900), symbol or None)
            value = next(iter(_values(component)), component)
            if variant.kind == "variant" and variant.mutated is not None:
                return value, variant
            best = best if best[0] is not None else (value, variant)
    return best
