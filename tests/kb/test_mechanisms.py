"""The mechanism graph: agent, target, gene, disease; resistance; the three meanings of TP53."""

from __future__ import annotations

from collections import deque

import pytest
from tests.kb.graphs import load_store
from tests.kb.places import PREFIXES, ask, local, own_files, values

# Agent -> targets, read from the printed lines.
ACTS_ON = {
    "enasidenib": {"target-idh2Mutant"},
    "ivosidenib": {"target-idh1Mutant"},
    "venetoclax": {"target-bcl2"},
    "talacotuzumab": {"target-cd123"},
    "ipilimumab": {"target-ctla4"},
    "durvalumab": {"target-pdL1"},
    "atezolizumab": {"target-pdL1"},
    "pembrolizumab": {"target-pd1"},
    "entinostat": {"target-hdac"},
    "luspatercept": {"target-tgfBetaPathway"},
    "sotatercept": {"target-tgfBetaPathway"},
    "rigosertibIntravenous": {"target-poloLikeKinase", "target-akt", "target-pi3k"},
    "cedazuridine": {"target-cytidineDeaminase"},
    "antiIntegrinAlpha5Antibody": {"target-integrinAlpha5"},
    "pevonedistat": set(),
    "lenalidomide": set(),
    "clofarabine": set(),
}
RESISTANCE = {
    "mx-quiescence": ({"target-integrinAlpha5"}, "statedAsPreclinical"),
    "mx-nucenz": ({"target-nucleosideEnzymes"}, "statedAsChallenged"),
    "mx-transport": ({"target-nucleosideTransporters"}, "statedAsChallenged"),
    "mx-dmr": ({"target-dnaMethylation"}, "statedAsAwaitingConfirmation"),
    "mx-ici-overexp": ({"target-pd1", "target-ctla4"}, "statedAsFact"),
}
TP53 = {
    "assoc-tp53-hmaOutcome": ("hma", "harms"),
    "assoc-tp53-decitabineTenDay": ("decitabineTenDay", "supports"),
    "assoc-tp53-transplantation": ("allogeneicTransplantation", "harms"),
}
# Association -> direction, read from the printed lines; the three of TP53 stand above.
DIRECTIONS = {
    "assoc-tet2-hmaResponse": "supports",
    "assoc-tet2-hmaSurvival": "doesNotSupport",
    "assoc-dnmt3a-hmaResponse": "supports",
    "assoc-asxl1-hmaResponse": "harms",
    "assoc-asxl1-hmaSurvival": "harms",
    "assoc-asxl1-transplantation": "supports",
    "assoc-numerousMutations-transplantation": "supports",
    "assoc-noMutation-trialChoice": "doesNotSupport",
    "assoc-mutations-hmaStart": "doesNotSupport",
    "assoc-idh-testingAtFailure": "supports",
    "assoc-del5q-lenalidomide": "supports",
    "assoc-nonDel5q-lenalidomide": "doesNotSupport",
    "assoc-adverseCytogenetics-intensiveChemotherapy": "harms",
    "assoc-complexKaryotype-prognosis": "harms",
    "assoc-tet2-methylation": "context",
    "assoc-dnmt3a-methylation": "context",
    "assoc-idh2-prevalence": "context",
}
# Every mechanism that the text does not state without reserve.
RESERVES = {
    "statedAsAssumption": {"mx-hypometh"},
    "statedAsInference": {"mx-meth-quant"},
    "statedAsExpectation": {"mx-cc486-exp"},
    "statedAsHypothesis": {"mx-addon"},
    "statedAsSingleCase": {"mx-idh2-morph"},
    "statedAsPreclinical": {"mx-quiescence", "mx-bcl2"},
    "statedAsAwaitingConfirmation": {"mx-dmr", "mx-cxcl"},
    "statedAsOpenQuestion": {"mx-epi-open", "mx-idh1"},
    "statedAsChallenged": {"mx-nucenz", "mx-transport", "mx-slight-diff"},
    "statedAsPossible": {
        "mx-epi-mut", "mx-tp53", "mx-lipo", "mx-hypocell", "mx-exposure", "mx-adherence", "mx-obs"},
}  # fmt: skip
# The text gives the class hypomethylating activity (lines 401-404) and no mechanism of its own.
UNEXPLAINED = [("guadecitabine", "target-dnaMethylation")]
EDGES = """p:actsOn p:productOf p:alteredIn p:component p:memberOf p:formOf p:aboutGene p:aboutTarget p:aboutIntervention
           p:aboutDisease p:ofTrial p:tests p:entryGene p:kindOf p:association"""


@pytest.mark.parametrize("agent", sorted(ACTS_ON))
def test_an_agent_acts_on_the_targets_of_the_text(agent, store):
    assert {local(o) for o in values(store, agent, "p:actsOn")} == ACTS_ON[agent]


@pytest.mark.parametrize("name", sorted(RESISTANCE))
def test_a_resistance_mechanism_has_its_target_and_its_reserve(name, store):
    targets, certainty = RESISTANCE[name]
    assert {local(o) for o in values(store, name, "a")} == {"ResistanceMechanism"}
    assert {local(o) for o in values(store, name, "p:aboutTarget")} == targets
    assert {local(o) for o in values(store, name, "p:statedCertainty")} == {certainty}


def test_reserve_of_the_text_is_kept(store):
    for certainty, names in RESERVES.items():
        rows = ask(store, f"SELECT ?s {{ ?s p:statedCertainty kb:{certainty} }}")
        assert {local(row["s"]) for row in rows} == names, certainty


@pytest.mark.parametrize("name", sorted(DIRECTIONS))
def test_an_association_points_the_way_of_the_text(name, store):
    assert {local(o) for o in values(store, name, "p:direction")} == {DIRECTIONS[name]}


def test_every_mechanism_says_how_sure_the_text_is(store):
    text = "SELECT ?s { ?s a ?k . VALUES ?k { p:Mechanism p:ResistanceMechanism p:ToxicityMechanism } %s }"
    assert len(ask(store, text % "")) == 44
    for path in ("p:statedCertainty", "dcterms:description", "p:registryId", "p:aboutIntervention"):
        assert ask(store, text % f"FILTER NOT EXISTS {{ ?s {path} ?o }}") == [], path


def test_an_edge_from_drug_to_target_is_explained_by_a_mechanism(store):
    """A mechanism names the drug, its class or its form together with that target; one edge rests on the class."""
    text = """SELECT ?a ?t { ?a a p:Drug ; p:actsOn ?t FILTER NOT EXISTS {
                ?m p:aboutTarget ?t ; p:aboutIntervention ?x . ?a (p:memberOf|p:formOf|^p:formOf)? ?x } }"""
    assert sorted((local(row["a"]), local(row["t"])) for row in ask(store, text)) == UNEXPLAINED


def test_challenged_mechanisms_name_their_challenger(store):
    rows = ask(store, "SELECT ?a ?b { ?a p:challenges ?b }")
    assert {(local(row["a"]), local(row["b"])) for row in rows} == {
        ("mx-challenge", "mx-nucenz"), ("mx-challenge", "mx-transport"), ("mx-aza-dna", "mx-slight-diff")}  # fmt: skip


def test_the_three_meanings_of_tp53_stay_apart(store):
    assert {local(o) for o in values(store, "tp53", "p:association")} == set(TP53)
    for name, (agent, direction) in TP53.items():
        assert {local(o) for o in values(store, name, "p:aboutIntervention")} == {agent}
        assert {local(o) for o in values(store, name, "p:direction")} == {direction}


def test_an_association_has_one_kind_one_direction_and_a_gene(store):
    rows = ask(store, "SELECT ?s { ?s a p:GenomicAssociation }")
    assert len(rows) >= 25
    for row in rows:
        for path in ("p:associationKind", "p:direction", "dcterms:description"):
            assert len(values(store, local(row["s"]), path)) == 1, (local(row["s"]), path)
        assert values(store, local(row["s"]), "p:aboutGene"), local(row["s"])


def test_the_named_variant_belongs_to_its_gene(store):
    own = load_store(own_files())
    assert {local(o) for o in values(own, "idh2R172K", "p:kindOf")} == {"idh2"}


def shortest_path(store, start, goal):
    """Return the nodes of a shortest way between two entries over the edges of the graph, either direction."""
    neighbours = {}
    for row in ask(store, f"SELECT ?a ?b {{ VALUES ?p {{ {EDGES} }} ?a ?p ?b }}"):
        a, b = local(row["a"]), local(row["b"])
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    before, queue = {start: None}, deque([start])
    while queue:
        node = queue.popleft()
        if node == goal:
            way = [node]
            while before[way[-1]] is not None:
                way.append(before[way[-1]])
            return way[::-1]
        for other in sorted(neighbours.get(node, ())):
            if other not in before:
                before[other] = node
                queue.append(other)
    return None


def test_idh2_and_venetoclax_meet_in_a_trial_that_reports_by_genotype(store):
    assert shortest_path(store, "idh2", "venetoclax") == ["idh2", "subgroup-nct02966782-idh2", "venetoclax"]


def test_enasidenib_reaches_idh2_through_the_mutant_protein(store):
    text = "ASK { kb:enasidenib p:actsOn ?t . ?t p:productOf kb:idh2 . kb:idh2 p:alteredIn kb:mds }"
    assert bool(store.query(PREFIXES + text))
