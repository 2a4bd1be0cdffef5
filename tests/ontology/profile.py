"""Which axioms lie outside OWL 2 RL, with the one exception of this project.

The exception: a named class may be defined as a union (`owl:unionOf` directly on it). Read as an equivalence it is
outside the grammar of OWL 2 RL, whose unions stand on the subclass side only; the rules cls-uni and scm-uni cover it.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), sections 4.2.3 to 4.2.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from posthma.terms import DATATYPES, OWL, RDF, RDFS, Triple, literal_parts

TYPE = f"<{RDF}type>"
NEVER = (
    "disjointUnionOf", "hasSelf", "onDatatype", "withRestrictions", "datatypeComplementOf", "onProperties", "hasKey",
    "minCardinality", "minQualifiedCardinality", "cardinality", "qualifiedCardinality", "topObjectProperty",
    "bottomObjectProperty", "topDataProperty", "bottomDataProperty", "complementOf",
)  # fmt: skip
"""Outside OWL 2 RL, or, for hasKey and complementOf, given up by the design."""
KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")


def faults(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield every construct outside the profile, in words."""
    triples = list(triples)
    said: dict[str, dict[str, list[str]]] = {}
    for s, p, o in triples:
        said.setdefault(s, {}).setdefault(p, []).append(o)
    for s, p, o in triples:
        for name in NEVER:
            if f"<{OWL}{name}>" in (p, o):
                yield f"{s}: owl:{name} is not used"
        if (p, o) == (TYPE, f"<{OWL}ReflexiveProperty>"):
            yield f"{s}: reflexive properties are outside OWL 2 RL"
        if p in (f"<{OWL}maxCardinality>", f"<{OWL}maxQualifiedCardinality>") and literal_parts(o)[0] not in ("0", "1"):
            yield f"{s}: a maximal cardinality is 0 or 1"
        axiom = p.startswith((f"<{OWL}", f"<{RDFS}")) and p not in (f"<{RDFS}label>", f"<{RDFS}comment>")
        if axiom and o.startswith("<http://www.w3.org/2001/XMLSchema#") and o[1:-1] not in DATATYPES:
            yield f"{s}: {o} is outside the datatype map"
    for s, facts in said.items():
        yield from _class_faults(s, facts, said)
        kinds = [k for k in KINDS if f"<{OWL}{k}>" in facts.get(TYPE, ())]
        if len(kinds) > 1:
            yield f"{s}: it is both {kinds[0]} and {kinds[1]}"


def _class_faults(s: str, facts: dict[str, list[str]], said: dict[str, dict[str, list[str]]]) -> Iterator[str]:
    def above(term: str) -> bool:
        """Say whether a class expression stands where more is demanded than concluded."""
        return any(
            term in others.get(p, ())
            for others in said.values()
            for p in (f"<{RDFS}subClassOf>", f"<{OWL}equivalentClass>", f"<{RDFS}domain>", f"<{RDFS}range>")
        ) or bool(said.get(term, {}).get(f"<{OWL}equivalentClass>"))

    operators = [p for p in (f"<{OWL}intersectionOf>", f"<{OWL}unionOf>", f"<{OWL}oneOf>") if p in facts]
    if len(operators) > 1 or any(len(facts[p]) > 1 for p in operators):
        yield f"{s}: more than one set operator on one class"
    if f"<{OWL}unionOf>" in facts and s.startswith("_:") and above(s):
        yield f"{s}: an anonymous union on the superclass side"
    if f"<{OWL}oneOf>" in facts and (above(s) or s.startswith("<")):
        yield f"{s}: an enumeration on the superclass side"
    if f"<{OWL}someValuesFrom>" in facts and (above(s) or s.startswith("<")):
        yield f"{s}: an existential on the superclass side"
    if f"<{OWL}allValuesFrom>" in facts and facts.get(f"<{RDFS}subClassOf>"):
        yield f"{s}: a universal on the subclass side"
