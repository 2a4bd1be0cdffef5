"""A second oracle: the rules of tables 4 to 9 written once more, as an answer set program.

The program is generic: one predicate ``t(S,P,O)``, the rules as the profile prints them. Only rules over lists are
written out for each list of the input, and Python computes which literals are equal, different or typed.
Conclusions of ``false`` become atoms ``false(rule)``.

Source: OWL 2 Profiles, section 4.3, tables 4 to 9.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, permutations

import clingo
from tests.differential.values import DATATYPES, ILL_FORMED, contains, value
from tests.owl.graphs import OWL, RDF, RDFS, Triple, is_literal, lists

_OWL = """sameAs differentFrom AllDifferent members distinctMembers AnnotationProperty FunctionalProperty
InverseFunctionalProperty IrreflexiveProperty SymmetricProperty AsymmetricProperty TransitiveProperty
propertyChainAxiom equivalentProperty propertyDisjointWith AllDisjointProperties inverseOf hasKey
sourceIndividual assertionProperty targetIndividual targetValue Thing Nothing Class intersectionOf unionOf
complementOf someValuesFrom allValuesFrom onProperty hasValue maxCardinality maxQualifiedCardinality onClass
oneOf equivalentClass disjointWith AllDisjointClasses ObjectProperty DatatypeProperty"""
_NAMES = {
    RDF: ["type"],
    RDFS: ["subClassOf", "subPropertyOf", "domain", "range", "Datatype"],
    OWL: _OWL.split(),
}
_CONSTANT = {f"<{base}{name}>": "k_" + name for base, names in _NAMES.items() for name in names}
ANNOTATION_PROPERTIES = [f"<{RDFS}{n}>" for n in ("label", "comment", "seeAlso", "isDefinedBy")] + [
    f"<{OWL}{n}>" for n in ("deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith")
]

PROGRAM = """
% table 4
t(S,k_sameAs,S) :- t(S,P,O).    t(P,k_sameAs,P) :- t(S,P,O).    t(O,k_sameAs,O) :- t(S,P,O).
t(Y,k_sameAs,X) :- t(X,k_sameAs,Y).
t(X,k_sameAs,Z) :- t(X,k_sameAs,Y), t(Y,k_sameAs,Z).
t(Y,P,O) :- t(S,k_sameAs,Y), t(S,P,O).
t(S,Q,O) :- t(P,k_sameAs,Q), t(S,P,O).
t(S,P,Z) :- t(O,k_sameAs,Z), t(S,P,O).
false("eq-diff1") :- t(X,k_sameAs,Y), t(X,k_differentFrom,Y).
% table 5
t(X,k_type,C) :- t(P,k_domain,C), t(X,P,Y).
t(Y,k_type,C) :- t(P,k_range,C), t(X,P,Y).
t(Y,k_sameAs,Z) :- t(P,k_type,k_FunctionalProperty), t(X,P,Y), t(X,P,Z).
t(X,k_sameAs,Z) :- t(P,k_type,k_InverseFunctionalProperty), t(X,P,Y), t(Z,P,Y).
false("prp-irp") :- t(P,k_type,k_IrreflexiveProperty), t(X,P,X).
t(Y,P,X) :- t(P,k_type,k_SymmetricProperty), t(X,P,Y).
false("prp-asyp") :- t(P,k_type,k_AsymmetricProperty), t(X,P,Y), t(Y,P,X).
t(X,P,Z) :- t(P,k_type,k_TransitiveProperty), t(X,P,Y), t(Y,P,Z).
t(X,Q,Y) :- t(P,k_subPropertyOf,Q), t(X,P,Y).
t(X,Q,Y) :- t(P,k_equivalentProperty,Q), t(X,P,Y).
t(X,P,Y) :- t(P,k_equivalentProperty,Q), t(X,Q,Y).
false("prp-pdw") :- t(P,k_propertyDisjointWith,Q), t(X,P,Y), t(X,Q,Y).
t(Y,Q,X) :- t(P,k_inverseOf,Q), t(X,P,Y).
t(Y,P,X) :- t(P,k_inverseOf,Q), t(X,Q,Y).
false("prp-npa1") :- t(N,k_sourceIndividual,X), t(N,k_assertionProperty,P), t(N,k_targetIndividual,Y), t(X,P,Y).
false("prp-npa2") :- t(N,k_sourceIndividual,X), t(N,k_assertionProperty,P), t(N,k_targetValue,Y), t(X,P,Y).
% table 6
t(k_Thing,k_type,k_Class).    t(k_Nothing,k_type,k_Class).
false("cls-nothing2") :- t(X,k_type,k_Nothing).
false("cls-com") :- t(C,k_complementOf,D), t(X,k_type,C), t(X,k_type,D).
t(U,k_type,X) :- t(X,k_someValuesFrom,Y), t(X,k_onProperty,P), t(U,P,V), t(V,k_type,Y).
t(U,k_type,X) :- t(X,k_someValuesFrom,k_Thing), t(X,k_onProperty,P), t(U,P,V).
t(V,k_type,Y) :- t(X,k_allValuesFrom,Y), t(X,k_onProperty,P), t(U,k_type,X), t(U,P,V).
t(U,P,Y) :- t(X,k_hasValue,Y), t(X,k_onProperty,P), t(U,k_type,X).
t(U,k_type,X) :- t(X,k_hasValue,Y), t(X,k_onProperty,P), t(U,P,Y).
false("cls-maxc1") :- t(X,k_maxCardinality,L), zero(L), t(X,k_onProperty,P), t(U,k_type,X), t(U,P,Y).
t(Y,k_sameAs,Z) :- t(X,k_maxCardinality,L), one(L), t(X,k_onProperty,P), t(U,k_type,X), t(U,P,Y), t(U,P,Z).
false("cls-maxqc1") :- t(X,k_maxQualifiedCardinality,L), zero(L), t(X,k_onProperty,P), t(X,k_onClass,C),
    t(U,k_type,X), t(U,P,Y), t(Y,k_type,C).
false("cls-maxqc2") :- t(X,k_maxQualifiedCardinality,L), zero(L), t(X,k_onProperty,P), t(X,k_onClass,k_Thing),
    t(U,k_type,X), t(U,P,Y).
t(Y,k_sameAs,Z) :- t(X,k_maxQualifiedCardinality,L), one(L), t(X,k_onProperty,P), t(X,k_onClass,C),
    t(U,k_type,X), t(U,P,Y), t(Y,k_type,C), t(U,P,Z), t(Z,k_type,C).
t(Y,k_sameAs,Z) :- t(X,k_maxQualifiedCardinality,L), one(L), t(X,k_onProperty,P), t(X,k_onClass,k_Thing),
    t(U,k_type,X), t(U,P,Y), t(U,P,Z).
% table 7
t(X,k_type,D) :- t(C,k_subClassOf,D), t(X,k_type,C).
t(X,k_type,D) :- t(C,k_equivalentClass,D), t(X,k_type,C).
t(X,k_type,C) :- t(C,k_equivalentClass,D), t(X,k_type,D).
false("cax-dw") :- t(C,k_disjointWith,D), t(X,k_type,C), t(X,k_type,D).
% table 8
t(D,k_type,k_Datatype) :- datatype(D).
t(L,k_type,D) :- holds(L,D).
t(L,k_sameAs,M) :- equal(L,M).
t(L,k_differentFrom,M) :- differ(L,M).
false("dt-not-type") :- t(L,k_type,D), holds_not(L,D).
% table 9
t(C,k_subClassOf,C) :- t(C,k_type,k_Class).           t(C,k_equivalentClass,C) :- t(C,k_type,k_Class).
t(C,k_subClassOf,k_Thing) :- t(C,k_type,k_Class).     t(k_Nothing,k_subClassOf,C) :- t(C,k_type,k_Class).
t(A,k_subClassOf,C) :- t(A,k_subClassOf,B), t(B,k_subClassOf,C).
t(A,k_subClassOf,B) :- t(A,k_equivalentClass,B).      t(B,k_subClassOf,A) :- t(A,k_equivalentClass,B).
t(A,k_equivalentClass,B) :- t(A,k_subClassOf,B), t(B,k_subClassOf,A).
t(P,k_subPropertyOf,P) :- t(P,k_type,k_ObjectProperty).      t(P,k_equivalentProperty,P) :- t(P,k_type,k_ObjectProperty).
t(P,k_subPropertyOf,P) :- t(P,k_type,k_DatatypeProperty).    t(P,k_equivalentProperty,P) :- t(P,k_type,k_DatatypeProperty).
t(P,k_subPropertyOf,R) :- t(P,k_subPropertyOf,Q), t(Q,k_subPropertyOf,R).
t(P,k_subPropertyOf,Q) :- t(P,k_equivalentProperty,Q).       t(Q,k_subPropertyOf,P) :- t(P,k_equivalentProperty,Q).
t(P,k_equivalentProperty,Q) :- t(P,k_subPropertyOf,Q), t(Q,k_subPropertyOf,P).
t(P,k_domain,D) :- t(P,k_domain,C), t(C,k_subClassOf,D).     t(P,k_domain,C) :- t(Q,k_domain,C), t(P,k_subPropertyOf,Q).
t(P,k_range,D) :- t(P,k_range,C), t(C,k_subClassOf,D).       t(P,k_range,C) :- t(Q,k_range,C), t(P,k_subPropertyOf,Q).
t(C,k_subClassOf,D) :- t(C,k_hasValue,I), t(C,k_onProperty,P), t(D,k_hasValue,I), t(D,k_onProperty,Q), t(P,k_subPropertyOf,Q).
t(C,k_subClassOf,D) :- t(C,k_someValuesFrom,Y), t(C,k_onProperty,P), t(D,k_someValuesFrom,Z), t(D,k_onProperty,P), t(Y,k_subClassOf,Z).
t(C,k_subClassOf,D) :- t(C,k_someValuesFrom,Y), t(C,k_onProperty,P), t(D,k_someValuesFrom,Y), t(D,k_onProperty,Q), t(P,k_subPropertyOf,Q).
t(C,k_subClassOf,D) :- t(C,k_allValuesFrom,Y), t(C,k_onProperty,P), t(D,k_allValuesFrom,Z), t(D,k_onProperty,P), t(Y,k_subClassOf,Z).
t(D,k_subClassOf,C) :- t(C,k_allValuesFrom,Y), t(C,k_onProperty,P), t(D,k_allValuesFrom,Y), t(D,k_onProperty,Q), t(P,k_subPropertyOf,Q).
"""


def _list_rules(node: str, m: list[str]) -> list[str]:
    """Write out the rules over one list for its members."""
    c = "C"
    out = []
    if m:
        out.append(f"t(Y,k_type,{c}) :- t({c},k_intersectionOf,{node}), {', '.join(f't(Y,k_type,{x})' for x in m)}.")
    for x in m:
        out.append(f"t(Y,k_type,{x}) :- t({c},k_intersectionOf,{node}), t(Y,k_type,{c}).")
        out.append(f"t(Y,k_type,{c}) :- t({c},k_unionOf,{node}), t(Y,k_type,{x}).")
        out.append(f"t({x},k_type,{c}) :- t({c},k_oneOf,{node}).")
        out.append(f"t({c},k_subClassOf,{x}) :- t({c},k_intersectionOf,{node}).")
        out.append(f"t({x},k_subClassOf,{c}) :- t({c},k_unionOf,{node}).")
    if m:
        steps = ", ".join(f"t(U{i},{x},U{i + 1})" for i, x in enumerate(m))
        out.append(f"t(U0,P,U{len(m)}) :- t(P,k_propertyChainAxiom,{node}), {steps}.")
        keys = ", ".join(f"t(X,{x},Z{i}), t(Y,{x},Z{i})" for i, x in enumerate(m))
        out.append(f"t(X,k_sameAs,Y) :- t({c},k_hasKey,{node}), t(X,k_type,{c}), t(Y,k_type,{c}), {keys}.")
    for x, y in combinations(m, 2):
        same, members = f"t({x},k_sameAs,{y})", f"t(D,k_members,{node})"
        out.append(f'false("eq-diff2") :- t(D,k_type,k_AllDifferent), {members}, {same}.')
        out.append(f'false("eq-diff3") :- t(D,k_type,k_AllDifferent), t(D,k_distinctMembers,{node}), {same}.')
        out.append(f'false("prp-adp") :- t(D,k_type,k_AllDisjointProperties), {members}, t(U,{x},V), t(U,{y},V).')
        out.append(
            f'false("cax-adc") :- t(D,k_type,k_AllDisjointClasses), {members}, t(Z,k_type,{x}), t(Z,k_type,{y}).'
        )
    return out


def close(facts: Iterable[Triple], *, literals: bool = True) -> tuple[set[Triple], set[str]]:
    """Return the closure of a graph and the names of the rules that conclude ``false``.

    Args:
        facts: The graph.
        literals: Whether the rules of table 8 run.
    """
    facts = set(facts)
    tokens = sorted(
        {t for triple in facts for t in triple} | set(_CONSTANT) | set(DATATYPES) | set(ANNOTATION_PROPERTIES)
    )
    code = {token: _CONSTANT.get(token, str(i)) for i, token in enumerate(tokens)}
    name: dict[int | str, str] = dict(enumerate(tokens)) | {c: t for t, c in _CONSTANT.items()}

    lines = [PROGRAM]
    lines += [f"t({code[s]},{code[p]},{code[o]})." for s, p, o in sorted(facts)]
    lines += [f"t({code[a]},k_type,{code[f'<{OWL}AnnotationProperty>']})." for a in ANNOTATION_PROPERTIES]
    lines += [f"datatype({code[d]})." for d in DATATYPES]
    for node, members in sorted(lists(facts).items()):
        lines += _list_rules(code[node], [code[m] for m in members])
    lines += _literal_facts([t for t in tokens if is_literal(t)], code, literals)

    control = clingo.Control(["--warn=none"])
    control.add("base", [], "\n".join(lines))
    control.ground([("base", [])])
    closed: set[Triple] = set()
    false: set[str] = set()
    for atom in control.symbolic_atoms:
        symbol = atom.symbol
        if symbol.name == "t":
            s, p, o = (name[a.number] if a.type is clingo.SymbolType.Number else name[a.name] for a in symbol.arguments)
            closed.add((s, p, o))
        elif symbol.name == "false":
            false.add(symbol.arguments[0].string)
    return closed, false


def _literal_facts(found: list[str], code: dict[str, str], rules: bool) -> list[str]:
    values = {literal: value(literal) for literal in found}
    one, zero = (
        value('"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        value('"0"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    )
    lines = [
        "#defined zero/1.",
        "#defined one/1.",
        "#defined holds/2.",
        "#defined holds_not/2.",
        "#defined equal/2.",
        "#defined differ/2.",
    ]
    lines += [f"zero({code[x]})." for x, v in values.items() if v == zero]
    lines += [f"one({code[x]})." for x, v in values.items() if v == one]
    if not rules:
        return lines
    known = {x: v for x, v in values.items() if v is not None and v != ILL_FORMED}
    for x, y in permutations(known, 2):
        lines.append(f"{'equal' if known[x] == known[y] else 'differ'}({code[x]},{code[y]}).")
    for x in found:
        for datatype in DATATYPES:
            inside = contains(datatype, x)
            if inside is not None:
                lines.append(f"{'holds' if inside else 'holds_not'}({code[x]},{code[datatype]}).")
    return lines
