"""What shapes cannot say of the terms: uses in rules, existentials, tests that a guard names, files of a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from posthma.lint.matter import Matter
from posthma.lint.rules import rule_texts
from posthma.terms import Triple, literal_parts
from posthma.validation import Finding
from posthma.vocab import OWL, RDF, RDFS, P, curie

_OWL = "http://www.w3.org/2002/07/owl#"
_DISJOINT, _EQUIVALENT = f"<{_OWL}disjointWith>", f"<{_OWL}equivalentClass>"
_WAYS_IN = {
    f"<{P.BASE}{name}>"
    for name in (
        "aboveClass", "absentClass", "belowClass", "everBelowClass", "neverBelowClass", "presentClass", "riskClass",
        "unreportedClass",
    )
}  # fmt: skip
_SIDES = {f"<{P.BASE}{name}>" for name in ("aboveClass", "belowClass")}
_ALTERNATIVE_OF = f"<{P.BASE}alternativeOf>"
_HELD_BY = f"<{P.BASE}heldBy>"
_THRESHOLD = f"<{P.BASE}Threshold>"


def check_terms(matter: Matter) -> Iterator[Finding]:
    """Yield what is wrong with terms and what is said of them."""
    texts = rule_texts(matter.root)
    yield from _unused(matter, texts)
    yield from _thresholds(matter, texts)
    yield from _existentials(matter)
    yield from _guards(matter)
    yield from _unfinished(matter)


def _unused(matter: Matter, texts: str) -> Iterator[Finding]:
    """Find classes that rules or tables conclude, and that no rule, criterion or alternative reads."""
    classes = {s for s, facts in matter.said.items() if s[0] == "<" and (s, RDF.type, OWL.Class) in facts}
    read: set[str] = set()
    concluded: dict[str, Triple] = {}
    pairs: list[tuple[str, str]] = []
    for triple in matter.knowledge.triples:
        s, p, o = triple
        if p == P.contrary:
            pairs.append((s, o))
        if o in classes and p in _WAYS_IN:
            concluded.setdefault(o, triple)
        elif o in classes and p not in (P.contrary, _DISJOINT):
            read.add(o)
        if p in (P.shownAs, P.liftedFrom):
            read.add(s)
    heads, bodies = _heads_and_bodies(texts)
    minted = _minted(texts)
    for cls in classes:
        name = curie(cls)
        if name in heads and name not in minted:
            concluded.setdefault(cls, (cls, RDF.type, OWL.Class))
        if name in bodies:
            read.add(cls)
    read |= {o for s in _chosen(matter) for _, p, o in matter.said[s] if p in _SIDES}
    read |= {cls for pair in pairs if read.intersection(pair) for cls in pair}
    for cls in sorted(concluded.keys() - read):
        fact = f"{curie(cls)} is concluded and nothing reads it"
        yield Finding(
            matter.place_of(cls), "warning", "unused-class", fact, "use it in a criterion, a rule or an answer"
        )


def _chosen(matter: Matter) -> set[str]:
    """Return the thresholds that an alternative of a choice names, or that name one: through it rules read them."""
    alternatives = {s for s, p, _ in matter.knowledge.triples if p == _ALTERNATIVE_OF}
    ends = {(s, o) for s, _, o in matter.knowledge.triples if s in alternatives or o in alternatives}
    linked = {node for pair in ends for node in pair} - alternatives
    return {s for s in linked if (s, RDF.type, _THRESHOLD) in matter.said.get(s, ())}


def _heads_and_bodies(texts: str) -> tuple[set[str], set[str]]:
    """Return the names in CONSTRUCT templates and those in WHERE clauses; in a body VALUES conclude and are no use."""
    heads: set[str] = set()
    bodies: set[str] = set()
    for query in re.split(r"\n(?=CONSTRUCT\b|SELECT\b|ASK\b)", texts):
        template, _, where = query.partition("WHERE")
        if not template.lstrip().startswith("CONSTRUCT"):
            template, where = "", query
        given = " ".join(re.findall(r"VALUES[^{]*\{[^}]*\}", where))
        heads.update(re.findall(r"\bp:\w+", f"{template} {given}"))
        bodies.update(re.findall(r"\bp:\w+", re.sub(r"VALUES[^{]*\{[^}]*\}", " ", where)))
    return heads, bodies


def _minted(texts: str) -> set[str]:
    """Return the classes whose members rules make, such as measures: the kind of a new node, no conclusion."""
    made = set(re.findall(r"AS\s+(\?\w+)\s*\)", texts))
    return {name for variable, name in re.findall(r"(\?\w+)\s+a\s+(p:\w+)", texts) if variable in made}


def _thresholds(matter: Matter, texts: str) -> Iterator[Finding]:
    for s, facts in matter.said.items():
        if (s, RDF.type, _THRESHOLD) not in facts or any(p in _WAYS_IN for _, p, _ in facts):
            continue
        if not re.search(rf"{re.escape(curie(s))}\b", texts):
            fact = f"{curie(s)} has no class on either side and no rule names it"
            yield Finding(matter.place_of(s), "violation", "idle-threshold", fact, "add p:aboveClass and p:belowClass")


def _existentials(matter: Matter) -> Iterator[Finding]:
    """An anonymous class stands on the subclass side alone, and no definition is an equivalence."""
    for triple in matter.knowledge.triples:
        s, p, o = triple
        if o[0] == "_" and p == RDFS.subClassOf:
            remedy = "turn it round: [ a owl:Restriction ; ... ] rdfs:subClassOf a named class"
            yield Finding(
                matter.place(triple), "violation", "existential", f"{curie(s)} is below an anonymous class", remedy
            )
        elif p == _EQUIVALENT and s[0] == "_":
            remedy = "let rdfs:subClassOf lead to a named class"
            yield Finding(
                matter.place(triple), "violation", "existential", "an anonymous class is an equivalent", remedy
            )


def _guards(matter: Matter) -> Iterator[Finding]:
    """A guard names a test that exists; where the tests are not at hand, as in an installed wheel, nothing is said."""
    if not (matter.root / "tests").is_dir():
        return
    for triple in matter.knowledge.triples:
        if triple[1] == _HELD_BY:
            file = literal_parts(triple[2])[0].partition("::")[0]
            if not (matter.root / file).is_file():
                fact = f"{curie(triple[0])} is held by {file}, which does not exist"
                yield Finding(matter.place(triple), "violation", "guard-test", fact, "name the test that holds it")


def _unfinished(matter: Matter) -> Iterator[Finding]:
    for triple in matter.knowledge.triples:
        if "TODO" in triple[2] or "TODO" in triple[0]:
            about = "a member of a list" if triple[0][0] == "_" else f"{curie(triple[0])} {curie(triple[1])}"
            fact = f"{about} is not filled in"
            yield Finding(matter.place(triple), "violation", "unfinished", fact, "write what stands after TODO")
