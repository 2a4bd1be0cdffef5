"""What must not be offered, concluded or computed, held over every record of the table and the four patients.

Each guard of kb/sources/santini-2019/guards.ttl names one test by its place, most of them here and in test_guards_evidence.py.
"""

from __future__ import annotations

import re

import pytest
from tests.decisions.everyone import FACTS, OPEN, POSITIVE, START, shape, status, typed, verdicts
from tests.decisions.outcome import answer, knowledge, of, said, value
from tests.decisions.records import EXAMINATIONS, record

from posthma import resources
from posthma.errors import PosthmaError
from posthma.vocab import curie
from posthma.vocab import expand as iri

LOST = (*START[:3], "azacitidine, 6 cycles, partial remission, not interrupted, lost")
EVERY_TRIAL = "trial search: NCT02019069, NCT02281084, NCT02508870, NCT02530463, NCT02841540, NCT02890329, NCT02907359, NCT02936752, NCT02966782, NCT03259516, NCT03404193"
HALTED = {"kb:nct02992860", "kb:nct02775903"}
FIRST_LINE = {"kb:nct03268954", "kb:nct02942290", "kb:nct03383575", "kb:nct02775903", "kb:nct02158936"}


# Trials


def test_first_line_trials_are_never_offered_after_failure() -> None:
    assert set(FIRST_LINE) == {t for t in typed("p:Trial") if iri("kb:firstLine") in of(t, "p:setting")}
    numbers = {t.removeprefix("kb:").upper() for t in FIRST_LINE}
    offered = {v.trial for v in verdicts() if v.status in POSITIVE | OPEN and v.trial}
    assert len(offered) >= 10
    assert offered & numbers == set()


def test_halted_trials_are_never_proposed() -> None:
    stopped = {t for t in typed("p:Trial") if any(re.search("hold|suspend", o) for o in of(t, "p:statusAsOfSource"))}
    assert stopped == HALTED
    assert {v.trial for v in verdicts()} & {t.removeprefix("kb:").upper() for t in HALTED} == set()


@pytest.mark.parametrize("trial", sorted(FIRST_LINE | HALTED))
def test_a_closed_trial_that_a_record_offers_opens_nothing(trial: str) -> None:
    """A record that has such a trial on offer is refused, or no trial is on offer for it."""
    facts = (*START, f"trial search: {trial.removeprefix('kb:').upper()}")
    refused, found = "", None
    try:
        found = answer(facts)
    except PosthmaError as error:
        refused = str(error)
    if found is None:
        assert trial.removeprefix("kb:") in refused
        return
    assert value(facts, "p:TrialOnOffer") != "met"
    assert not [v.iri for v in found.options if v.status in POSITIVE and v.iri.endswith("-trial")]


def test_a_trial_counts_only_when_the_record_has_it_on_offer_and_its_status_is_dated() -> None:
    (published,) = {o for t in typed("p:Trial") for o in of(t, "p:statusAsOf")}
    assert published.startswith('"2019-02-07"')
    assert [t for t in typed("p:Trial") if not of(t, "p:statusAsOf") or not of(t, "p:statusAsOfSource")] == []
    checked = 0
    for facts in FACTS:
        on_offer = set(re.findall(r"NCT\d{8}", " ".join(f for f in facts if f.startswith("trial search"))))
        for found in answer(facts).options:
            if found.trial and found.status in POSITIVE:
                assert found.trial in on_offer, (facts, found.iri)
                checked += 1
    assert checked >= 10


def test_primary_and_secondary_resistance_get_the_same_experimental_agents() -> None:
    """But for the rigosertib subgroup, the add-on and the trial after loss, where the article speaks of one kind."""
    facts = ("marrow blasts 15", "age 80", "gene panel: SRSF2", EVERY_TRIAL)
    primary, secondary = status((*START, *facts)), status((*LOST, *facts))
    assert sum(s in POSITIVE for s in primary.values()) >= 12
    differ = {curie(f"<{o}>").removeprefix("kb:option-") for o in primary if primary[o] != secondary[o]}
    assert differ <= {"lenalidomide-add-on", "clinical-trial-after-loss", "rigosertib-subgroup"}


def test_trials_come_first_and_those_with_a_target_before_the_others() -> None:
    facts = (*START, "age 70", "marrow blasts 15", "gene panel: SRSF2", "examination: fit", "donor registry: matched unrelated donor", EVERY_TRIAL)
    shown = [curie(f"<{o.iri}>").removeprefix("kb:option-") for o in answer(facts).options if o.status == "applicable"]
    trials = [name for name in shown if "trial" in name]
    assert len(trials) >= 10
    assert shown[: len(trials)] == trials
    assert trials.index("h3b8800-trial") < trials.index("guadecitabine-trial")
    assert shown.index("transplantation") > len(trials) - 1


# Agents


EXPERIMENTAL = {
    "azacitidinePlusAtezolizumab", "azacitidinePlusVenetoclax", "cc486", "checkpointInhibitor", "chemotherapyPlusNivolumab",
    "decitabinePlusIpilimumab", "decitabineTenDay", "decitabineTenDayPlusVenetoclax", "durvalumab", "e7107", "enasidenib",
    "entinostatPlusPembrolizumab", "guadecitabine", "h3b8800", "ipilimumab", "ivosidenib", "luspatercept", "nivolumab",
    "rigosertibIntravenous", "sotatercept", "talacotuzumab", "tpoMimetic",
}  # fmt: skip
"""What the article calls experimental, under study or in early stages (lines 261-262, 374-606, 619-623)."""


def test_experimental_agents_are_never_plainly_applicable_without_a_trial() -> None:
    """Within a trial that the record has on offer, or for trials only; but for a labelled use in relapsed leukaemia."""
    agents = {iri(f"kb:{name}") for name in EXPERIMENTAL}
    assert agents <= {i for o in typed("p:Option") for i in of(o, "p:intervention")}
    seen = 0
    for found in verdicts():
        name = curie(f"<{found.iri}>")
        if of(name, "p:intervention") & agents and name != "kb:option-enasidenib-relapsed-aml" and found.status == "applicable":
            assert found.trial, name
            seen += 1
    assert seen >= 15


def test_labelled_uses_off_trial_show_their_label() -> None:
    facts = (*START, "relapsed leukaemia", "IDH test: IDH2")
    for place, words in (("US", "on label"), ("EU", "not known here")):
        found = {o.iri: o for o in answer(facts, place).options}
        for name in ("enasidenib-relapsed-aml", "cpx351"):
            option = found[iri(f"kb:option-{name}")[1:-1]]
            assert option.status == "applicable"
            assert option.label_status.startswith(words), (place, option.label_status)


def test_advice_against_rests_on_a_statement_and_not_on_absence_from_the_figure() -> None:
    seen = 0
    for found in verdicts():
        if found.status == "advised against":
            assert found.evidence_against, found.iri
            assert all(of(f"<{e.iri}>", "p:section") for e in found.evidence_against)
            assert not any("Figure" in o for e in found.evidence_against for o in of(f"<{e.iri}>", "p:section"))
            seen += 1
    assert seen >= 500


def test_only_lenalidomide_and_tpo_mimetics_are_marked_in_the_figure() -> None:
    marked = {curie(i) for x in typed("p:Label") for i in of(x, "p:intervention") if of(x, "p:labelStatus") & {iri("kb:offLabel"), iri("kb:trialsOnly")}}
    assert marked == {"kb:lenalidomide", "kb:tpoMimetic"}


def test_no_option_or_duty_asks_for_chemotherapy_before_transplantation() -> None:
    asked = {i for o in typed("p:Option") for i in of(o, "p:intervention")}
    assert iri("kb:preemptiveChemotherapy") in {s for s, _ in said()}
    assert iri("kb:preemptiveChemotherapy") not in asked
    facts = (*START, "marrow blasts 30", "examination: fit", "donor registry: matched unrelated donor")
    assert status(facts)[iri("kb:option-transplantation")[1:-1]] == "applicable"


def test_intermediate_dose_cytarabine_is_neither_offered_nor_advised_against() -> None:
    agents = {iri("kb:intermediateDoseCytarabine"), iri("kb:intermediateToHighDoseCytarabine")}
    assert agents <= {s for s, _ in said()}
    assert [v.iri for v in verdicts() if of(f"<{v.iri}>", "p:intervention") & agents] == []


def test_safety_notes_stand_with_their_agent_and_with_no_other() -> None:
    notes = {note: {curie(i) for i in of(note, "p:forIntervention")} for note in typed("p:SafetyNote")}
    assert len(notes) == 4
    shown: set[str] = set()
    for found in verdicts():
        agents = {curie(i) for i in of(f"<{found.iri}>", "p:intervention")}
        expected = {note for note, about in notes.items() if about & agents}
        assert {curie(f"<{a.iri}>") for a in found.safety} == expected, found.iri
        shown |= expected
    assert shown == set(notes)


# Findings


def test_a_missing_fact_leaves_things_open_and_is_named() -> None:
    """Without one examination nothing new is decided, and what is open names a finding and how to settle it."""
    dropped = 0
    for facts in FACTS:
        whole = status(facts)
        for fact in facts:
            if fact.removeprefix("old ").partition(":")[0] in EXAMINATIONS:
                fewer = answer(tuple(f for f in facts if f != fact))
                for option in fewer.options:
                    assert option.status == whole[option.iri] or option.status in OPEN, (facts, fact, option.iri)
                dropped += 1
    assert dropped >= 150
    for found in verdicts():
        if found.status in OPEN:
            assert found.missing, found.iri
            assert all(leaf.label and leaf.decided_by for leaf in found.missing), (found.iri, found.missing)
        else:
            assert not found.missing, found.iri


def test_old_findings_carry_no_targeted_choice() -> None:
    """What was found before reassessment began leaves every choice by target open, whatever flag the option bears."""
    targets = {iri(f"p:{n}") for n in ("Idh1Mutated", "Idh2Mutated", "SpliceosomeMutated", "Tp53Mutated", "Del5qPresent")}
    chosen = {o for o in typed("p:Option") if targets & set(knowledge().guidance.leaves(next(iter(of(o, "p:forPopulation")))))}
    assert len(chosen) >= 8
    aged = 0
    for facts in FACTS:
        old = tuple(f"old {f}" if f.partition(":")[0] in ("gene panel", "IDH test", "karyotype") else f for f in facts)
        if old != facts:
            for option in answer(old).options:
                if curie(f"<{option.iri}>") in chosen:
                    assert option.status not in POSITIVE, (old, option.iri)
                    aged += 1
    assert aged >= 200


def test_no_mutation_decides_whether_an_hma_is_given() -> None:
    line = (*START[:3], "azacitidine, 6 cycles, reduced dose, stable disease, running")
    plain = status(line)[iri("kb:option-adequate-exposure")[1:-1]]
    assert plain == "applicable"
    for gene in ("IDH1", "IDH2", "TP53", "ASXL1", "SF3B1", "SRSF2", "nothing found"):
        assert status((*line, f"gene panel: {gene}"))[iri("kb:option-adequate-exposure")[1:-1]] == plain


def test_no_methylation_can_be_stated_or_asked_for() -> None:
    known = {s for s, _ in said()}
    assert [c for c in known if c.startswith(iri("p:")[:-1]) and "ethylat" in c and "Mutated" in c] == []
    asked = {leaf for o in typed("p:Option") for leaf in knowledge().guidance.leaves(next(iter(of(o, "p:forPopulation"))))}
    assert len(asked) >= 40
    assert [c for c in asked if "ethylat" in c] == []


def test_the_jurisdiction_changes_no_finding_and_no_status() -> None:
    """Lower risk is read from an assignment: where a patient lives decides labels alone."""
    for facts in FACTS[::10]:
        assert shape(answer(facts, "US")) == shape(answer(facts, "EU"))
    assert value(START, "p:LowerRisk") == value(START, "p:HigherRisk") == "unknown"


def test_no_post_hma_score_is_computed() -> None:
    """With every variable of the model at hand no group comes out, and the answer says why."""
    facts = (*START, "age 72", "karyotype: adverse", "marrow blasts 25", "platelets 20", "examination: fit")
    found = answer(facts)
    assert not [c for c in found.disease_state if re.search("score|model", c.text, re.IGNORECASE) and "Sorror" not in c.text]
    point = next(a for a in found.counselling if a.iri == iri("kb:point-prognosis")[1:-1])
    assert "no score" in point.text
    closure = knowledge().close(record(facts))
    assert not [t for t in closure.inferred if re.search(r"postHma(Model|Score)", "".join(t), re.IGNORECASE)]
    schemes = {curie(x) for (_, p), o in said().items() if p == iri("p:scheme") for x in o}
    assert {"kb:ipss", "kb:ipssR", "kb:ipssM"} <= schemes
    assert not [s for s in schemes if "postHma" in s]


def test_groups_of_the_post_hma_model_are_no_ipss_groups() -> None:
    """Only the groups of the three IPSS schemes have a risk class; those of the model can be no assignment."""
    classed = {s for (s, p), _ in said().items() if p == iri("p:riskClass")}
    assert {curie(x) for s in classed for x in of(s, "p:scheme")} == {"kb:ipss", "kb:ipssR", "kb:ipssM"}
    groups = {s for s, _ in said() if re.search("postHma.*(Lower|Higher)", s)}
    assert groups & classed == set()


# The figure, and the guards themselves


def test_what_is_rebuilt_of_the_figure_is_marked() -> None:
    marked = 0
    for (s, p), ids in said().items():
        if p == iri("p:registryId") and any('"DR-FIG' in i for i in ids):
            assert any('"true"' in x for x in of(s, "p:reconstructed")), s
            marked += 1
    assert marked >= 16


def test_each_guard_names_a_test_that_exists() -> None:
    guards = typed("p:Guard")
    assert len(guards) >= 30
    for guard in guards:
        (held,) = of(guard, "p:heldBy")
        file, _, name = held.strip('"').partition("::")
        assert re.search(rf"^def {name}\(", (resources.root() / file).read_text(encoding="utf-8"), re.MULTILINE), guard
        assert name.startswith("test_"), guard
