"""Layers and strata: what waits for what, and what is refused at load."""

from __future__ import annotations

from pathlib import Path

import pytest

from posthma.errors import RuleError
from posthma.rules.files import read_rule
from posthma.rules.program import compile_program

E = "https://example.org/"
PREFIX = f"PREFIX e: <{E}>\n"


def program(
    tmp_path: Path, rules: dict[str, tuple[str, str]], order=("one", "logic"), knowledge=(), keys=("p", "q", "r", "s")
):
    """Compile rules given as id -> (layer, query)."""
    sources = []
    for name, (layer, query) in rules.items():
        path = tmp_path / f"{name}.rq"
        path.write_text(
            f"# id: {name}\n# title: t\n# layer: {layer}\n# says: s\n# source: s\n# absence: none\n{PREFIX}{query}\n",
            encoding="utf-8",
        )
        sources.append(read_rule(path))
    return compile_program(list(knowledge), sources, tuple(order), [E + key for key in keys])


def t(s, p, o):
    return tuple(f"<{E}{x}>" for x in (s, p, o))


def inferred(program, *triples):
    store = program.run(triples)
    return {store.terms.triple(f) for f in store.log if store.derivations[f] is not None}


def test_absence_waits_for_what_it_must_find_absent(tmp_path):
    """R-1 finds e:q absent; R-2 concludes e:q in the same layer and must have run before, though its id is higher."""
    mine = program(tmp_path, {
        "R-1": ("one", "CONSTRUCT { ?x e:r e:none } WHERE { ?x e:p ?y FILTER NOT EXISTS { ?x e:q ?z } }"),
        "R-2": ("one", "CONSTRUCT { ?x e:q ?y } WHERE { ?x e:s ?y }"),
    })  # fmt: skip
    assert inferred(mine, t("a", "p", "b"), t("a", "s", "c")) == {t("a", "q", "c")}
    assert inferred(mine, t("a", "p", "b")) == {t("a", "r", "none")}


def test_a_rule_with_two_heads_is_in_time_for_the_reader_of_either(tmp_path):
    """e:q waits for nothing, e:r only for an absence; R-3 reads e:q, in the stratum before the absence is looked for."""
    mine = program(tmp_path, {
        "R-1": ("one", "CONSTRUCT { ?x e:q ?y . ?x e:r ?y } WHERE { ?x e:p ?y }"),
        "R-2": ("one", "CONSTRUCT { ?x e:r ?y } WHERE { ?x e:s ?y FILTER NOT EXISTS { ?x e:u ?z } }"),
        "R-3": ("one", "CONSTRUCT { ?x e:v ?y } WHERE { ?x e:q ?y }"),
        "R-4": ("one", "CONSTRUCT { ?x e:u ?y } WHERE { ?x e:w ?y }"),
    })  # fmt: skip
    found = inferred(mine, t("a", "p", "b"), t("a", "s", "c"))
    assert found == {t("a", "q", "b"), t("a", "r", "b"), t("a", "r", "c"), t("a", "v", "b")}


def test_a_count_waits_for_all_that_it_counts(tmp_path):
    mine = program(tmp_path, {
        "R-1": ("one", "CONSTRUCT { ?x e:n ?n } WHERE { { SELECT ?x (COUNT(?y) AS ?n) { ?x e:q ?y } GROUP BY ?x } }"),
        "R-2": ("one", "CONSTRUCT { ?x e:q ?y } WHERE { ?x e:p ?y }"),
    })  # fmt: skip
    found = inferred(mine, t("a", "p", "b"), t("a", "p", "c"), t("a", "q", "d"))
    assert (f"<{E}a>", f"<{E}n>", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>') in found


def test_a_circle_through_absence_is_refused_and_printed(tmp_path):
    with pytest.raises(RuleError, match=r"circle through absence.*[qr] \[R-[12]\].*[qr]"):
        program(tmp_path, {
            "R-1": ("one", "CONSTRUCT { ?x e:q ?y } WHERE { ?x e:p ?y FILTER NOT EXISTS { ?x e:r ?z } }"),
            "R-2": ("one", "CONSTRUCT { ?x e:r ?y } WHERE { ?x e:q ?y }"),
        })  # fmt: skip


def test_two_classes_of_one_predicate_are_two_nodes(tmp_path):
    """A generic rule specialised over the knowledge: the absence of one class does not wait for the other."""
    knowledge = [t("k1", "yes", "A"), t("k1", "no", "B")]
    mine = program(tmp_path, {
        "R-1": ("one", "CONSTRUCT { ?x a ?b } WHERE { ?x e:p ?k . ?k e:no ?b ; e:yes ?a FILTER NOT EXISTS { ?x a ?a } }"),
        "R-2": ("one", "CONSTRUCT { ?x a ?a } WHERE { ?x e:q ?k . ?k e:yes ?a }"),
    }, knowledge=knowledge)  # fmt: skip
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert (f"<{E}x>", type_, f"<{E}B>") in inferred(mine, t("x", "p", "k1"))
    assert (f"<{E}x>", type_, f"<{E}B>") not in inferred(mine, t("x", "p", "k1"), t("x", "q", "k1"))


def test_an_absence_that_a_later_layer_would_undo_is_refused(tmp_path):
    with pytest.raises(
        RuleError, match="R-1: in layer 'one' it needs q complete, which a later layer may still conclude"
    ):
        program(tmp_path, {
            "R-1": ("one", "CONSTRUCT { ?x e:r e:none } WHERE { ?x e:p ?y FILTER NOT EXISTS { ?x e:q ?z } }"),
            "R-2": ("two", "CONSTRUCT { ?x e:q ?y } WHERE { ?x e:s ?y }"),
        }, order=("one", "logic", "two"))  # fmt: skip


def test_an_absence_in_a_layer_that_runs_twice_is_refused(tmp_path):
    query = "CONSTRUCT { ?x e:r e:none } WHERE { ?x e:p ?y FILTER NOT EXISTS { ?x e:q ?z } }"
    with pytest.raises(RuleError, match="its layer 'one' runs more than once"):
        program(tmp_path, {"R-1": ("one", query)}, order=("one", "logic", "one"))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("CONSTRUCT { ?x e:q ?y } WHERE { ?x e:p ?y MINUS { ?x e:r ?y } }", "Minus is outside the rule fragment"),
        ("CONSTRUCT { [] e:q ?y } WHERE { ?x e:p ?y }", "a blank node in the head is outside the rule fragment; mint"),
        ("CONSTRUCT { ?x e:q ?n } WHERE { { SELECT ?x (GROUP_CONCAT(?y) AS ?n) { ?x e:p ?y } GROUP BY ?x } }", "use COUNT, SUM, MIN or MAX"),
        ("CONSTRUCT { ?x e:q ?n } WHERE { ?x e:p ?y BIND(SHA1(?y) AS ?n) }", "the function sha1 is outside"),
        ("CONSTRUCT { ?x e:q ?y } WHERE { SERVICE e:there { ?x e:p ?y } }", "outside the rule fragment"),
        ("CONSTRUCT { ?x e:q ?y } WHERE { GRAPH ?g { ?x e:p ?y } }", "Graph is outside the rule fragment"),
        ("CONSTRUCT { ?x e:q ?n } WHERE { ?x e:p ?y BIND(NOW() AS ?n) }", "the function now is outside"),
        ("SELECT ?x { ?x e:p ?y }", "a rule is one CONSTRUCT"),
        ("CONSTRUCT { ?x e:q ?y WHERE", "cannot be parsed"),
    ],
)  # fmt: skip
def test_what_is_outside_the_fragment_is_named(tmp_path, query, says):
    with pytest.raises(RuleError, match=says) as refused:
        program(tmp_path, {"R-1": ("one", query)})
    assert "R-1.rq" in str(refused.value)


def test_a_layer_that_is_not_declared_is_refused(tmp_path):
    with pytest.raises(RuleError, match="layer 'three' is not declared"):
        program(tmp_path, {"R-1": ("three", "CONSTRUCT { ?x e:q ?y } WHERE { ?x e:p ?y }")})


def test_a_header_without_licence_is_refused(tmp_path):
    path = tmp_path / "R-1.rq"
    path.write_text(
        "# id: R-1\n# title: t\n# layer: one\n# says: s\n# source: s\nCONSTRUCT {} WHERE {}\n", encoding="utf-8"
    )
    with pytest.raises(RuleError, match="has no '# absence:' line"):
        read_rule(path)
