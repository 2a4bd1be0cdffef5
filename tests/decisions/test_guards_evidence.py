"""How evidence is shown, held over every record of the table and the four patients."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.decisions.everyone import FACTS, NEGATIVE, START, direction, shape, typed, verdicts
from tests.decisions.outcome import answer, of
from tests.decisions.records import record

import posthma
from posthma.decide.guidance import gather
from posthma.vocab import curie
from posthma.vocab import expand as iri


def test_negative_statements_are_never_shown_in_favour() -> None:
    """What does not support or harms stands against or beside, never for, and no offer rests on it alone."""
    seen = 0
    for found in verdicts():
        for item in found.evidence_for:
            assert not direction(item.iri) & NEGATIVE, (found.iri, item.iri)
        against = {e.iri for e in found.evidence_against}
        for statement in of(f"<{found.iri}>", "p:evidence"):
            if direction(statement[1:-1]) & NEGATIVE:
                assert statement[1:-1] in against, (found.iri, statement)
                seen += 1
        if found.status == "applicable" and found.evidence_against:
            assert found.evidence_for or found.evidence_context, found.iri
    assert seen >= 500


def without(drop: frozenset[str], predicates: frozenset[str]) -> posthma.KnowledgeBase:
    """Return the knowledge without links to some statements and without some properties."""
    base = posthma.load()
    kept = tuple(t for t in base.knowledge.triples if t[2] not in drop and t[0] not in drop and t[1] not in predicates)
    assert len(kept) < len(base.knowledge.triples)
    changed = posthma.KnowledgeBase(base.knowledge)
    object.__setattr__(changed, "guidance", gather(replace(base.knowledge, triples=kept)))
    return changed


def test_quarantined_figures_select_and_order_nothing() -> None:
    quarantined = frozenset(iri(e) for e in typed("p:EvidenceStatement") if of(e, "p:quarantined"))
    assert len(quarantined) >= 7
    used = {curie(e) for o in typed("p:Option") for e in of(o, "p:evidence") if e in quarantined}
    assert used
    fewer = without(quarantined, frozenset())
    for facts in FACTS[::5]:
        assert shape(fewer.assess(record(facts))) == shape(answer(facts))
    for found in verdicts():
        for item in (*found.evidence_for, *found.evidence_against, *found.evidence_context):
            assert item.quarantined == (f"<{item.iri}>" in quarantined)


def test_no_figure_orders_options() -> None:
    """Without any figure of any study the options are the same, in the same order: medians are never compared."""
    figures = frozenset(iri(f"p:{n}") for n in ("value", "valueLow", "valueHigh", "ciLow", "ciHigh", "sampleSize", "figure"))
    bare = without(frozenset(), figures)
    for facts in FACTS[::5]:
        assert shape(bare.assess(record(facts))) == shape(answer(facts))
    compared = {o for key in typed("p:OrderKey") for o in of(key, "p:compares")}
    assert compared
    assert compared & (figures | {iri("p:evidence"), iri("p:endpoint")}) == set()


def test_evidence_on_transplantation_is_labelled_by_its_design() -> None:
    """Nothing behind it is prospective, and the retrospective analysis is called so."""
    seen = 0
    for found in verdicts():
        if found.iri.endswith("option-transplantation"):
            items = {curie(f"<{e.iri}>"): e for e in (*found.evidence_for, *found.evidence_context)}
            assert "retrospective" in items["kb:ev-hsct-05"].design
            assert "kb:ev-hsct-06" in items
        if "transplantation" in found.iri:
            for item in (*found.evidence_for, *found.evidence_against, *found.evidence_context):
                assert item.design, item.iri
                assert not re.search("phase|random|prospective", item.design.replace("retrospective", "")), item.iri
                seen += 1
    assert seen >= 500


def test_switch_rates_are_shown_as_small_retrospective_series() -> None:
    seen = 0
    for found in verdicts():
        if "option-switch-no-trial" in found.iri or "option-switch-resistance" in found.iri:
            items = {curie(f"<{e.iri}>"): e for e in (*found.evidence_for, *found.evidence_against, *found.evidence_context)}
            for rate in ("kb:ev-switch-01", "kb:ev-switch-02"):
                assert "small retrospective" in items[rate].design, rate
            assert "kb:ev-switch-03" in items
            seen += 1
    assert seen >= 200


def test_rates_after_a_switch_are_direct_after_the_agent_that_failed() -> None:
    """Decitabine after azacitidine, and azacitidine after decitabine that came first (lines 361-364)."""
    decitabine = tuple(fact.replace("azacitidine", "decitabine") for fact in START)
    both = (*START, "decitabine, 6 cycles, stable disease")
    table = {
        START: {"kb:ev-switch-01": "direct", "kb:ev-switch-02": "indirect"},
        decitabine: {"kb:ev-switch-01": "indirect", "kb:ev-switch-02": "direct"},
        both: {"kb:ev-switch-01": "direct", "kb:ev-switch-02": "indirect"},
    }
    for facts, expected in table.items():
        (option,) = (o for o in answer(facts).options if o.iri.endswith("option-switch-resistance"))
        items = {curie(f"<{e.iri}>"): e.directness for e in (*option.evidence_for, *option.evidence_against, *option.evidence_context)}
        assert {name: items[name] for name in expected} == expected, facts


def test_the_intensive_series_is_no_figure_of_higher_risk() -> None:
    """The series is mixed: none of its statements claims a risk group, and the mix is shown with the option."""
    statements = [e for e in typed("p:EvidenceStatement") if re.fullmatch(r"kb:ev-ic-0[2-4]", e)]
    assert len(statements) == 3
    for name in statements:
        assert not of(name, "p:forPopulation") & {iri("kb:pop-after-failure-higher-risk"), iri("kb:pop-after-failure-lower-risk")}
    for found in verdicts():
        if found.iri.endswith("option-intensive-chemotherapy"):
            assert "kb:ev-ic-04" in {curie(f"<{e.iri}>") for e in found.evidence_context}


def test_venetoclax_rates_of_other_patients_are_never_direct() -> None:
    seen = 0
    for found in verdicts():
        for item in (*found.evidence_for, *found.evidence_against, *found.evidence_context):
            if curie(f"<{item.iri}>") in {"kb:ev-ven-03", "kb:ev-ven-04"}:
                assert item.directness != "direct", item.iri
                assert item.setting, item.iri
                seen += 1
    assert seen >= 200
    assert of("kb:ev-ven-03", "p:setting") | of("kb:ev-ven-04", "p:setting") == {iri("kb:mixedPretreated"), iri("kb:untreatedAml")}


def test_reports_on_lenalidomide_stand_side_by_side() -> None:
    facts = (*START, "IPSS intermediate-2", "karyotype: normal")
    found = {o.iri: o for o in answer(facts).options}
    for name in ("lenalidomide-higher-risk", "lenalidomide-high-dose-higher-risk"):
        option = found[iri(f"kb:option-{name}")[1:-1]]
        assert option.status == "advised against"
        assert option.evidence_for, name
        assert option.evidence_against, name
        groups = [e.independence_group for e in (*option.evidence_for, *option.evidence_against)]
        assert len(set(groups)) >= 2, name


def test_the_three_statements_on_tp53_stay_apart() -> None:
    """Outcome on HMA, response to 10-day decitabine and outcome of transplantation: three statements, two directions."""
    outcome, response, transplant = "kb:ev-mut-09", "kb:ev-mut-10", "kb:ev-hsct-07"
    assert of(outcome, "p:direction") == of(transplant, "p:direction") == {iri("kb:harms")}
    assert of(response, "p:direction") == {iri("kb:supports")}
    assert len({of(e, "p:endpoint") for e in (outcome, response, transplant)}) == 3
    facts = (*START, "gene panel: TP53", "examination: fit", "donor registry: matched unrelated donor")
    found = {curie(f"<{o.iri}>"): o for o in answer(facts).options}
    assert found["kb:option-decitabine-ten-day-tp53"].status == "within trials only"
    assert found["kb:option-transplantation"].status == "applicable"
    assert {curie(f"<{a.iri}>") for a in answer(facts).counselling} >= {"kb:point-tp53-transplant"}
    for option, others in (("kb:option-decitabine-ten-day-tp53", {outcome, transplant}), ("kb:option-transplantation", {outcome, response})):
        shown = {curie(f"<{e.iri}>") for e in (*found[option].evidence_for, *found[option].evidence_against)}
        assert shown & others == set(), option
