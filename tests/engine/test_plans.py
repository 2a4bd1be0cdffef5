"""Plans: deep bodies, shared shapes, values inside values, and a text that holds nothing of a rule."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

import posthma
from posthma.rules.form import Body, Rule
from posthma.rules.plan import Parameters, steps
from posthma.rules.run import build
from posthma.rules.source import DEEPEST, Form, _Writer, factory
from posthma.store import Store
from posthma.terms import OWL, RDF, Terms

EX = "http://example.org/"
A, B, C, X, Y = -1, -2, -3, -4, -5


def chain_axiom(length: int) -> list[tuple[str, str, str]]:
    links = [f"<{EX}p{n}>" for n in range(length)]
    triples = [(f"<{EX}whole>", f"<{OWL}propertyChainAxiom>", "_:l0")]
    for n, link in enumerate(links):
        triples.append((f"_:l{n}", f"<{RDF}first>", link))
        triples.append((f"_:l{n}", f"<{RDF}rest>", f"_:l{n + 1}" if n + 1 < length else f"<{RDF}nil>"))
    return triples


@pytest.mark.parametrize("length", [2, DEEPEST, DEEPEST + 1, DEEPEST + 2, 3 * DEEPEST])
def test_a_chain_longer_than_loops_can_stand_in_one_another_is_followed(length):
    walk = [(f"<{EX}n{n}>", f"<{EX}p{n}>", f"<{EX}n{n + 1}>") for n in range(length)]
    goal = (f"<{EX}n0>", f"<{EX}whole>", f"<{EX}n{length}>")
    assert goal in posthma.close([*chain_axiom(length), *walk])
    for missing in (0, length // 2, length - 1):
        broken = [t for n, t in enumerate(walk) if n != missing]
        assert goal not in posthma.close([*chain_axiom(length), *broken])


def numbered(store: Store, *names: str) -> list[int]:
    return [store.terms.id(f"<{EX}{name}>") for name in names]


def test_an_absence_deeper_than_loops_can_stand_in_one_another_is_searched_to_its_end():
    store = Store(Terms())
    has, next_, lonely, start, yes = numbered(store, "has", "next", "lonely", "start", "yes")
    variables = [-n for n in range(2, DEEPEST + 6)]
    walk = tuple((s, next_, o) for s, o in zip([A, *variables], variables, strict=False))
    rule = Rule("R-X", ((A, lonely, yes),), Body(((A, has, start),), absences=(Body(walk),)))
    nodes = numbered(store, *(f"n{n}" for n in range(len(walk) + 1)))
    store.add((nodes[0], has, start), None)
    for s, o in pairwise(nodes[:-1]):
        store.add((s, next_, o), None)
    build(rule, None)(store, 0, 0)
    assert (nodes[0], lonely, yes) in store  # one step is missing
    other = Store(store.terms)
    for fact in [*store.log[:-1], (nodes[-2], next_, nodes[-1])]:
        other.add(fact, None)
    build(rule, None)(other, 0, 0)
    assert (nodes[0], lonely, yes) not in other


def test_rules_that_differ_in_constants_share_a_function_and_keep_their_own_constants():
    store = Store(Terms())
    p, q, a, b, c = numbered(store, "p", "q", "a", "b", "c")
    store.add((a, p, b), None)
    factory.cache_clear()
    for target in (b, c):
        build(Rule("R-X", ((A, q, target),), Body(((A, p, target),))), None)(store, 0, 0)
    assert factory.cache_info().misses == 1
    assert (a, q, b) in store
    assert (a, q, c) not in store


def test_facts_below_are_found_beside_those_of_the_record():
    base = Store(Terms())
    p, q, a, b, c = numbered(base, "p", "q", "a", "b", "c")
    base.add((a, p, b), None)
    store = Store(Terms(base.terms), base)
    store.add((a, p, c), None)
    build(Rule("R-X", ((B, q, a),), Body(((a, p, B),))), None, base)(store, 0, 0)
    assert (b, q, a) in store
    assert (c, q, a) in store


def test_a_value_that_only_serves_another_is_computed_inside_it():
    body = Body(((A, 5, X),), binds=((B, ("month", ("var", X))), (C, ("+", ("var", B), ("value", 1)))))
    shape = Parameters(None).shape(body, (), (A, C))
    assert [(v.variable, v.inputs) for v in shape.values] == [(C, (X,))]
    tested = Body(body.atoms, body.binds, guards=((">", ("var", B), ("value", 2)),))
    assert {v.variable for v in Parameters(None).shape(tested, (), (A, C)).values} == {B, C, None}


def test_a_value_that_cannot_be_computed_concludes_nothing():
    store = Store(Terms())
    p, q, a = numbered(store, "p", "q", "a")
    rule = Rule("R-X", ((A, q, C),), Body(((A, p, X),), binds=((C, ("+", ("var", X), ("value", 1))),)))
    for token in (f"<{EX}iri>", '"4"^^<http://www.w3.org/2001/XMLSchema#integer>'):
        store.add((a, p, store.terms.id(token)), None)
    build(rule, None)(store, 0, 0)
    five = store.terms.find('"5"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert [f for f in store.log if f[1] == q] == [(a, q, five)]


def test_a_step_binds_by_every_atom_that_decides():
    body = Body(((A, 5, 6), (A, 7, B), (B, 8, 9)))
    plan = steps(Parameters(None).shape(body), ())
    assert [(step.kind, len(step.atoms)) for step in plan] == [("bind", 1), ("bind", 2)]


def test_the_text_of_every_plan_holds_numbered_names_alone():
    word = re.compile(
        r"(?:def|make|rule|given|run|store|group|rows|for|in|if|not|and|or|return|continue|True|False|None|is|list"
        r"|terms|out|inn|known|again|why|few|more|both|len|get|add|append|pairs|contradict|alternatives|derivations"
        r"|EMPTY|s|o|f\d+|v\d+|c\d+|\d+)\b|[\s().,:=<*!-]"
    )
    program = posthma.load().program
    seen = set()
    for groups in program.strata.values():
        for stratum in groups:
            for rule, _ in stratum.whole:
                if rule.body.aggregate is None:
                    parameters = Parameters(program.base)
                    shape = parameters.shape(rule.body, (), [t for atom in rule.head for t in atom if t < 0])
                    head = tuple(tuple(map(parameters.term, atom)) for atom in rule.head)
                    seen.add(Form(shape, head, len(parameters.given)))
    assert len(seen) > 50
    for form in seen:
        assert word.sub("", _Writer(form).text()) == ""
