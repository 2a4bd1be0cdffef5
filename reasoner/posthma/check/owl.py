"""OWL 2 RL as a table of text patterns, and the test whether a step is an instance of its rule.

Source of every row: OWL 2 Web Ontology Language Profiles, section 4.3, tables 4 to 9. A row is ``name | premises |
conclusions``; premises are joined by `` . ``, alternative conclusions by `` ; ``. ``?L`` stands for a list and is bound
by the premise that has it as object. ``?L[*]`` repeats its premise for every member, ``?v[*]`` is then a variable of
that repetition and ``?v[*+1]`` of the next one; ``?L[i]`` and ``?L[j]`` are members at two different positions. ``0``
and ``1`` are any literals of that value. ``false`` is written as the triple `CONTRADICTION`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from posthma.check.terms import (
    CONTRADICTION,
    DATATYPES,
    OWL,
    RDF,
    RDFS,
    SAME,
    TYPE,
    Triple,
    in_datatype,
    is_literal,
    members,
    value,
)

TABLE = """
eq-ref   | ?s ?p ?o | ?s owl:sameAs ?s ; ?p owl:sameAs ?p ; ?o owl:sameAs ?o
eq-sym   | ?x owl:sameAs ?y | ?y owl:sameAs ?x
eq-trans | ?x owl:sameAs ?y . ?y owl:sameAs ?z | ?x owl:sameAs ?z
eq-rep-s | ?s owl:sameAs ?s2 . ?s ?p ?o | ?s2 ?p ?o
eq-rep-p | ?p owl:sameAs ?p2 . ?s ?p ?o | ?s ?p2 ?o
eq-rep-o | ?o owl:sameAs ?o2 . ?s ?p ?o | ?s ?p ?o2
eq-diff1 | ?x owl:sameAs ?y . ?x owl:differentFrom ?y | false
eq-diff2 | ?x a owl:AllDifferent . ?x owl:members ?L . ?L[i] owl:sameAs ?L[j] | false
eq-diff3 | ?x a owl:AllDifferent . ?x owl:distinctMembers ?L . ?L[i] owl:sameAs ?L[j] | false

prp-dom  | ?p rdfs:domain ?c . ?x ?p ?y | ?x a ?c
prp-rng  | ?p rdfs:range ?c . ?x ?p ?y | ?y a ?c
prp-fp   | ?p a owl:FunctionalProperty . ?x ?p ?y1 . ?x ?p ?y2 | ?y1 owl:sameAs ?y2
prp-ifp  | ?p a owl:InverseFunctionalProperty . ?x1 ?p ?y . ?x2 ?p ?y | ?x1 owl:sameAs ?x2
prp-irp  | ?p a owl:IrreflexiveProperty . ?x ?p ?x | false
prp-symp | ?p a owl:SymmetricProperty . ?x ?p ?y | ?y ?p ?x
prp-asyp | ?p a owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x | false
prp-trp  | ?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z | ?x ?p ?z
prp-spo1 | ?p1 rdfs:subPropertyOf ?p2 . ?x ?p1 ?y | ?x ?p2 ?y
prp-spo2 | ?p owl:propertyChainAxiom ?L . ?u[*] ?L[*] ?u[*+1] | ?u[0] ?p ?u[n]
prp-eqp1 | ?p1 owl:equivalentProperty ?p2 . ?x ?p1 ?y | ?x ?p2 ?y
prp-eqp2 | ?p1 owl:equivalentProperty ?p2 . ?x ?p2 ?y | ?x ?p1 ?y
prp-pdw  | ?p1 owl:propertyDisjointWith ?p2 . ?x ?p1 ?y . ?x ?p2 ?y | false
prp-adp  | ?x a owl:AllDisjointProperties . ?x owl:members ?L . ?u ?L[i] ?v . ?u ?L[j] ?v | false
prp-inv1 | ?p1 owl:inverseOf ?p2 . ?x ?p1 ?y | ?y ?p2 ?x
prp-inv2 | ?p1 owl:inverseOf ?p2 . ?x ?p2 ?y | ?y ?p1 ?x
prp-key  | ?c owl:hasKey ?L . ?x a ?c . ?x ?L[*] ?z[*] . ?y a ?c . ?y ?L[*] ?z[*] | ?x owl:sameAs ?y
prp-npa1 | ?x owl:sourceIndividual ?i . ?x owl:assertionProperty ?p . ?x owl:targetIndividual ?j . ?i ?p ?j | false
prp-npa2 | ?x owl:sourceIndividual ?i . ?x owl:assertionProperty ?p . ?x owl:targetValue ?v . ?i ?p ?v | false

cls-thing    | | owl:Thing a owl:Class
cls-nothing1 | | owl:Nothing a owl:Class
cls-nothing2 | ?x a owl:Nothing | false
cls-int1 | ?c owl:intersectionOf ?L . ?y a ?L[*] | ?y a ?c
cls-int2 | ?c owl:intersectionOf ?L . ?y a ?c | ?y a ?L[i]
cls-uni  | ?c owl:unionOf ?L . ?y a ?L[i] | ?y a ?c
cls-com  | ?c1 owl:complementOf ?c2 . ?x a ?c1 . ?x a ?c2 | false
cls-svf1 | ?x owl:someValuesFrom ?y . ?x owl:onProperty ?p . ?u ?p ?v . ?v a ?y | ?u a ?x
cls-svf2 | ?x owl:someValuesFrom owl:Thing . ?x owl:onProperty ?p . ?u ?p ?v | ?u a ?x
cls-avf  | ?x owl:allValuesFrom ?y . ?x owl:onProperty ?p . ?u a ?x . ?u ?p ?v | ?v a ?y
cls-hv1  | ?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u a ?x | ?u ?p ?y
cls-hv2  | ?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u ?p ?y | ?u a ?x
cls-maxc1 | ?x owl:maxCardinality 0 . ?x owl:onProperty ?p . ?u a ?x . ?u ?p ?y | false
cls-maxc2 | ?x owl:maxCardinality 1 . ?x owl:onProperty ?p . ?u a ?x . ?u ?p ?y1 . ?u ?p ?y2 | ?y1 owl:sameAs ?y2
cls-maxqc1 | ?x owl:maxQualifiedCardinality 0 . ?x owl:onProperty ?p . ?x owl:onClass ?c . ?u a ?x . ?u ?p ?y \
    . ?y a ?c | false
cls-maxqc2 | ?x owl:maxQualifiedCardinality 0 . ?x owl:onProperty ?p . ?x owl:onClass owl:Thing . ?u a ?x . ?u ?p ?y \
    | false
cls-maxqc3 | ?x owl:maxQualifiedCardinality 1 . ?x owl:onProperty ?p . ?x owl:onClass ?c . ?u a ?x . ?u ?p ?y1 \
    . ?y1 a ?c . ?u ?p ?y2 . ?y2 a ?c | ?y1 owl:sameAs ?y2
cls-maxqc4 | ?x owl:maxQualifiedCardinality 1 . ?x owl:onProperty ?p . ?x owl:onClass owl:Thing . ?u a ?x . ?u ?p ?y1 \
    . ?u ?p ?y2 | ?y1 owl:sameAs ?y2
cls-oo   | ?c owl:oneOf ?L | ?L[i] a ?c

cax-sco  | ?c1 rdfs:subClassOf ?c2 . ?x a ?c1 | ?x a ?c2
cax-eqc1 | ?c1 owl:equivalentClass ?c2 . ?x a ?c1 | ?x a ?c2
cax-eqc2 | ?c1 owl:equivalentClass ?c2 . ?x a ?c2 | ?x a ?c1
cax-dw   | ?c1 owl:disjointWith ?c2 . ?x a ?c1 . ?x a ?c2 | false
cax-adc  | ?x a owl:AllDisjointClasses . ?x owl:members ?L . ?z a ?L[i] . ?z a ?L[j] | false

scm-cls  | ?c a owl:Class | ?c rdfs:subClassOf ?c ; ?c owl:equivalentClass ?c ; ?c rdfs:subClassOf owl:Thing \
    ; owl:Nothing rdfs:subClassOf ?c
scm-sco  | ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c3 | ?c1 rdfs:subClassOf ?c3
scm-eqc1 | ?c1 owl:equivalentClass ?c2 | ?c1 rdfs:subClassOf ?c2 ; ?c2 rdfs:subClassOf ?c1
scm-eqc2 | ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1 | ?c1 owl:equivalentClass ?c2
scm-op   | ?p a owl:ObjectProperty | ?p rdfs:subPropertyOf ?p ; ?p owl:equivalentProperty ?p
scm-dp   | ?p a owl:DatatypeProperty | ?p rdfs:subPropertyOf ?p ; ?p owl:equivalentProperty ?p
scm-spo  | ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p3 | ?p1 rdfs:subPropertyOf ?p3
scm-eqp1 | ?p1 owl:equivalentProperty ?p2 | ?p1 rdfs:subPropertyOf ?p2 ; ?p2 rdfs:subPropertyOf ?p1
scm-eqp2 | ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1 | ?p1 owl:equivalentProperty ?p2
scm-dom1 | ?p rdfs:domain ?c1 . ?c1 rdfs:subClassOf ?c2 | ?p rdfs:domain ?c2
scm-dom2 | ?p2 rdfs:domain ?c . ?p1 rdfs:subPropertyOf ?p2 | ?p1 rdfs:domain ?c
scm-rng1 | ?p rdfs:range ?c1 . ?c1 rdfs:subClassOf ?c2 | ?p rdfs:range ?c2
scm-rng2 | ?p2 rdfs:range ?c . ?p1 rdfs:subPropertyOf ?p2 | ?p1 rdfs:range ?c
scm-hv   | ?c1 owl:hasValue ?i . ?c1 owl:onProperty ?p1 . ?c2 owl:hasValue ?i . ?c2 owl:onProperty ?p2 \
    . ?p1 rdfs:subPropertyOf ?p2 | ?c1 rdfs:subClassOf ?c2
scm-svf1 | ?c1 owl:someValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?c2 owl:someValuesFrom ?y2 . ?c2 owl:onProperty ?p \
    . ?y1 rdfs:subClassOf ?y2 | ?c1 rdfs:subClassOf ?c2
scm-svf2 | ?c1 owl:someValuesFrom ?y . ?c1 owl:onProperty ?p1 . ?c2 owl:someValuesFrom ?y . ?c2 owl:onProperty ?p2 \
    . ?p1 rdfs:subPropertyOf ?p2 | ?c1 rdfs:subClassOf ?c2
scm-avf1 | ?c1 owl:allValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?c2 owl:allValuesFrom ?y2 . ?c2 owl:onProperty ?p \
    . ?y1 rdfs:subClassOf ?y2 | ?c1 rdfs:subClassOf ?c2
scm-avf2 | ?c1 owl:allValuesFrom ?y . ?c1 owl:onProperty ?p1 . ?c2 owl:allValuesFrom ?y . ?c2 owl:onProperty ?p2 \
    . ?p1 rdfs:subPropertyOf ?p2 | ?c2 rdfs:subClassOf ?c1
scm-int  | ?c owl:intersectionOf ?L | ?c rdfs:subClassOf ?L[i]
scm-uni  | ?c owl:unionOf ?L | ?L[i] rdfs:subClassOf ?c
"""
BUILT_IN = ("prp-ap", "dt-type1", "dt-type2", "dt-eq", "dt-diff", "dt-not-type")
"""Rules whose conclusion depends on the terms themselves, not on a pattern; `_built_in` knows them."""

_ANNOTATIONS = frozenset(
    [f"<{RDFS}{name}>" for name in ("label", "comment", "seeAlso", "isDefinedBy")]
    + [f"<{OWL}{name}>" for name in ("deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith")]
    + [f"<{OWL}incompatibleWith>"]
)
_PREFIXES = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}
MAX_TRIES = 200_000

Pattern = tuple[str, str, str]
Bindings = dict[str, str]


@dataclass(frozen=True)
class OwlRule:
    """One row of the table.

    Attributes:
        name: The profile's name of the rule.
        premises: Patterns of the premises; `repeated` tells which are written once per list member.
        conclusions: Patterns, of which a step concludes one.
    """

    name: str
    premises: tuple[Pattern, ...]
    conclusions: tuple[Pattern, ...]

    @property
    def listed(self) -> int | None:
        """The premise that has the list as object, if the rule reads a list."""
        return next((i for i, premise in enumerate(self.premises) if premise[2] == "?L"), None)

    def unrolled(self, items: tuple[str, ...]) -> Iterator[tuple[tuple[Pattern, ...], tuple[Pattern, ...]]]:
        """Write the rule out for one list: premises besides the list's own, and conclusions.

        Yields:
            One pair for every choice of the positions i and j that the rule mentions.
        """
        rest = [premise for premise in self.premises if premise[2] != "?L"]
        text = " ".join(" ".join(pattern) for pattern in (*rest, *self.conclusions))
        chosen = [name for name in ("i", "j") if f"?L[{name}]" in text]
        for places in permutations(range(len(items)), len(chosen)):
            place = dict(zip(chosen, places, strict=True))
            body: list[Pattern] = []
            for premise in rest:
                times = len(items) if any("[*" in term for term in premise) else 1
                body += [_at(premise, items, place, k) for k in range(times)]
            yield tuple(body), tuple(_at(pattern, items, place, 0) for pattern in self.conclusions)


def _at(pattern: Pattern, items: tuple[str, ...], place: dict[str, int], k: int) -> Pattern:
    """Fill in the indexed terms of a pattern for repetition ``k``."""

    def fill(term: str) -> str:
        found = re.fullmatch(r"(\?\w+)\[(\*|\*\+1|\d|n|i|j)\]", term)
        if found is None:
            return term
        where = {"*": k, "*+1": k + 1, "n": len(items), **place}
        index = where[found[2]] if found[2] in where else int(found[2])
        return items[index] if found[1] == "?L" else f"{found[1]}.{index}"

    return fill(pattern[0]), fill(pattern[1]), fill(pattern[2])


@cache
def rules() -> dict[str, OwlRule]:
    """Return the rows of the table by name."""
    found = {}
    for line in TABLE.splitlines():
        if line.strip():
            name, premises, conclusions = (part.strip() for part in line.split("|"))
            body = tuple(_pattern(text) for text in premises.split(" . ") if text.strip())
            found[name] = OwlRule(name, body, tuple(_pattern(text) for text in conclusions.split(" ; ")))
    return found


def _pattern(text: str) -> Pattern:
    if text.strip() == "false":
        return CONTRADICTION
    subject, predicate, obj = (_term(word) for word in text.split())
    return subject, predicate, obj


def _term(word: str) -> str:
    if word == "a":
        return TYPE
    prefix, colon, local = word.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>" if colon and not word.startswith("?") else word


def row(name: str) -> str:
    """Return a row of the table as it is written, for a message."""
    found = next((" ".join(line.split()) for line in TABLE.splitlines() if line.split("|")[0].strip() == name), name)
    return found.replace(" | ", ": ", 1).replace(" | ", " => ", 1)


def bind(pattern: Pattern, triple: Triple, bindings: Bindings) -> Bindings | None:
    """Match one pattern with one triple under bindings; return the extended bindings, or None."""
    new = bindings
    for want, found in zip(pattern, triple, strict=True):
        if want[0] == "?":
            known = new.get(want)
            if known is None:
                new = {**new, want: found}
            elif known != found:
                return None
        elif want in ("0", "1"):
            if not is_literal(found) or value(found) != ("number", int(want)):
                return None
        elif want != found:
            return None
    return new


def instance(name: str, premises: frozenset[Triple], conclusion: Triple) -> Bindings | None:
    """Return bindings under which a rule has exactly these premises and this conclusion.

    Returns:
        None when no instance of the rule is this step.

    Raises:
        ValueError: The search passes `MAX_TRIES`.
    """
    if name in BUILT_IN:
        return {} if _built_in(name, premises, conclusion) else None
    rule = rules()[name]
    if rule.listed is None:
        return _first(rule.premises, rule.conclusions, premises, conclusion, {})
    axiom = rule.premises[rule.listed]
    for triple in sorted(premises):
        known = bind(axiom, triple, {})
        if known is None or not triple[2].startswith("("):
            continue
        items = members(triple[2])
        for body, heads in rule.unrolled(items) if items else ():
            found = _first((axiom, *body), heads, premises, conclusion, known)
            if found is not None:
                return found
    return None


def _first(
    body: tuple[Pattern, ...],
    heads: tuple[Pattern, ...],
    premises: frozenset[Triple],
    conclusion: Triple,
    known: Bindings,
) -> Bindings | None:
    """Return the first bindings that make every pattern one of the premises and leave no premise over."""
    tries = 0

    def search(index: int, bindings: Bindings, used: frozenset[Triple]) -> Bindings | None:
        nonlocal tries
        while index < len(body) and (known := ground(body[index], bindings)) is not None:
            if known not in premises:
                return None
            index, used = index + 1, used | {known}  # no choice, so no deeper: a list may have many members
        if len(premises) - len(used) > len(body) - index:
            return None
        if index == len(body):
            return bindings
        for triple in ordered:
            tries += 1
            if tries > MAX_TRIES:
                raise ValueError(f"more than {MAX_TRIES} ways to match the premises")
            extended = bind(body[index], triple, bindings)
            found = None if extended is None else search(index + 1, extended, used | {triple})
            if found is not None:
                return found
        return None

    def ground(pattern: Pattern, bindings: Bindings) -> Triple | None:
        subject, predicate, obj = (bindings.get(term, term) for term in pattern)
        return None if any(term[0] in "?01" for term in (subject, predicate, obj)) else (subject, predicate, obj)

    ordered = sorted(premises)
    for head in heads:
        start = bind(head, conclusion, known)
        found = None if start is None else search(0, start, frozenset())
        if found is not None:
            return found
    return None


def _built_in(name: str, premises: frozenset[Triple], conclusion: Triple) -> bool:
    """Check the rules about literals and datatypes (table 8) and prp-ap, which have no patterns."""
    subject, predicate, obj = conclusion
    if name == "dt-not-type":
        if conclusion != CONTRADICTION or len(premises) != 1:
            return False
        literal, predicate, datatype = next(iter(premises))
        return predicate == TYPE and is_literal(literal) and in_datatype(literal, datatype[1:-1]) is False
    if premises:
        return False
    if name == "prp-ap":
        return subject in _ANNOTATIONS and (predicate, obj) == (TYPE, f"<{OWL}AnnotationProperty>")
    if name == "dt-type1":
        return subject[1:-1] in DATATYPES and (predicate, obj) == (TYPE, f"<{RDFS}Datatype>")
    if not is_literal(subject):
        return False
    if name == "dt-type2":
        return predicate == TYPE and in_datatype(subject, obj[1:-1]) is True
    if not is_literal(obj):
        return False
    left, right = value(subject), value(obj)
    if name == "dt-eq":
        return predicate == SAME and left is not None and left == right
    return predicate == f"<{OWL}differentFrom>" and left is not None and right is not None and left != right
