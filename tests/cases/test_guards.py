"""What must not be offered, concluded or computed: the guards of the source, each held by a check that can fail."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from tests.cases.failure_table import RDF_TYPE, kb, p

import posthma
from posthma import resources

SHARED = Path(__file__).resolve().parents[3] / "shared" / "knowledge"
POSITIVE = {kb("prefer"), kb("offer")}
FIRST_LINE = {"nct03268954", "nct02942290", "nct03383575", "nct02775903", "nct02158936"}
HALTED = {"nct02992860", "nct02775903"}


@cache
def facts() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for s, predicate, o in posthma.load().knowledge.triples:
        found.setdefault((s, predicate), set()).add(o)
    return found


def of(subject: str, name: str) -> set[str]:
    return facts().get((subject, p(name)), set())


def typed(name: str) -> list[str]:
    return sorted(s for (s, predicate), o in facts().items() if predicate == RDF_TYPE and p(name) in o)


def options() -> list[str]:
    found = typed("Option")
    assert len(found) >= 50
    return found


def offers() -> list[str]:
    return [o for o in options() if of(o, "stance") & POSITIVE]


def members(cls: str) -> set[str]:
    """Return the findings that a criterion is made of."""
    owl, rdf = "<http://www.w3.org/2002/07/owl#", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    heads = facts().get((cls, f"{owl}intersectionOf>"), set()) | facts().get((cls, f"{owl}unionOf>"), set())
    if not heads:
        return {cls}
    found: set[str] = set()
    for head in heads:
        while head != f"{rdf}nil>":
            (first,), (head,) = facts()[(head, f"{rdf}first>")], facts()[(head, f"{rdf}rest>")]
            found |= members(first)
    return found


def population(option: str) -> set[str]:
    (cls,) = of(option, "forPopulation")
    return members(cls)


def test_no_option_is_bound_to_a_first_line_or_halted_trial() -> None:
    bound = {t for o in options() for t in of(o, "withinTrial")}
    assert len(bound) >= 10
    assert bound & {kb(t) for t in FIRST_LINE | HALTED} == set()


def test_each_trial_option_needs_failure_and_its_own_trial_on_offer() -> None:
    """The status of 2019 opens nothing: the record must have the trial on offer."""
    for option in options():
        for trial in of(option, "withinTrial"):
            number = trial[1:-1].rpartition("nct")[2]
            assert {p("AfterHmaFailure"), p(f"Nct{number}OnOffer")} <= population(option), option


def test_targeted_choices_ask_for_fresh_findings() -> None:
    targets = {p(n) for n in ("Idh1Mutated", "Idh2Mutated", "SpliceosomeMutated", "Tp53Mutated", "Del5qPresent")}
    chosen = [o for o in options() if population(o) & targets]
    assert len(chosen) >= 8
    assert [o for o in chosen if not any('"true"' in x for x in of(o, "requiresFreshFindings"))] == []


def test_the_kind_of_resistance_splits_nothing_beyond_the_article() -> None:
    kinds = {
        p(n)
        for n in (
            "PrimaryResistance", "SecondaryResistance", "SecondaryResistanceProvisional", "ResponseLost", "AzacitidineResponseLost",
        )
    }  # fmt: skip
    split = {o.rpartition("/option-")[2][:-1] for o in options() if population(o) & kinds}
    assert split == {"rigosertib-subgroup", "switch-resistance", "lenalidomide-add-on", "clinical-trial-after-loss"}


def test_no_mutation_decides_the_start_of_an_hma() -> None:
    genes = re.compile(r"Mutat|Del5q")
    first_line = [o for o in options() if kb("firstLine") in of(o, "setting")]
    assert first_line
    assert [o for o in first_line if any(genes.search(c) for c in population(o))] == []


def test_no_option_asks_for_methylation_score_or_chemotherapy_before_transplantation() -> None:
    classes = {c for o in options() for c in population(o)}
    assert [c for c in classes if re.search(r"Methylat|Score|PostHmaModel|Preemptive", c)] == []
    assert [o for o in options() if kb("preemptiveChemotherapy") in of(o, "intervention")] == []


def test_nothing_is_recommended_on_intermediate_dose_cytarabine() -> None:
    agents = {kb("intermediateDoseCytarabine"), kb("intermediateToHighDoseCytarabine")}
    assert agents <= {s for s, _ in facts()}
    assert [o for o in options() if of(o, "intervention") & agents] == []


def test_lower_risk_is_only_read_from_an_assignment() -> None:
    """Not from the jurisdiction, and not from the groups of the post-HMA model."""
    sources = {s for (s, predicate), o in facts().items() if predicate == p("riskClass") and p("LowerRisk") in o}
    assert sources
    assert {next(iter(of(s, "scheme"))) for s in sources} == {kb("ipss"), kb("ipssR"), kb("ipssM")}
    for rule in resources.path("queries/rules").rglob("*.rq"):
        if "p:LowerRisk" in rule.read_text(encoding="utf-8"):
            assert rule.stem in {"R-MEAS-070", "R-FIND-060"}, rule


def test_an_offer_never_rests_on_negative_statements_alone() -> None:
    negative = {kb("doesNotSupport"), kb("harms")}
    for option in offers():
        directions = [of(e, "direction") for e in of(option, "evidence")]
        assert all(directions), option
        if directions and option not in {kb("option-lenalidomide-non-del5q"), kb("option-switch-no-trial")}:
            assert any(not d & negative for d in directions), option


def test_an_experimental_agent_is_offered_within_a_trial_or_marked_investigational() -> None:
    experimental = {
        kb(n)
        for n in (
            "h3b8800",
            "guadecitabine",
            "cc486",
            "sotatercept",
            "luspatercept",
            "ivosidenib",
            "rigosertibIntravenous",
            "ipilimumab",
            "nivolumab",
            "talacotuzumab",
        )
    }
    found = [o for o in offers() if of(o, "intervention") & experimental]
    assert len(found) >= 3
    assert [o for o in found if not of(o, "withinTrial")] == []


def test_what_is_rebuilt_of_the_figure_is_marked() -> None:
    marked = 0
    for (s, predicate), ids in list(facts().items()):
        if predicate == p("registryId") and any('"DR-FIG' in i for i in ids):
            assert any('"true"' in x for x in of(s, "reconstructed")), s
            marked += 1
    assert marked >= 10


def test_transplantation_shows_its_retrospective_evidence() -> None:
    for option in ("option-transplantation",):
        assert {kb("ev-hsct-05"), kb("ev-hsct-06")} <= of(kb(option), "evidence")
    assert of(kb("ev-hsct-05"), "design") == {kb("retrospectiveAnalysis")}


def test_lenalidomide_and_tp53_and_switch_stand_both_ways() -> None:
    assert of(kb("ev-len-05"), "direction") != of(kb("ev-len-07"), "direction")
    assert {next(iter(of(kb(e), "direction"))) for e in ("ev-mut-09", "ev-mut-10", "ev-hsct-07")} == {
        kb("harms"),
        kb("supports"),
    }
    assert kb("ev-switch-03") in of(kb("option-switch-no-trial"), "evidence")


def test_venetoclax_rates_of_other_diseases_back_no_option_alone() -> None:
    assert kb("ev-ven-04") not in {e for o in options() for e in of(o, "evidence")}


def test_each_option_names_source_place_and_evidence() -> None:
    for option in options():
        for name in (
            "section",
            "lines",
            "registryId",
            "strength",
            "setting",
            "stance",
            "intervention",
            "forPopulation",
        ):
            assert of(option, name), (option, name)
        for statement in of(option, "evidence"):
            assert p("EvidenceStatement") in facts()[(statement, RDF_TYPE)], (option, statement)


def test_all_decision_rules_are_carried() -> None:
    """Every rule of the registry is an option, duty, point, note or guard, and nothing carries a rule that is none."""
    if not SHARED.exists():
        pytest.skip("the registry of facts is not beside this checkout")
    rules = {
        r["id"] for r in yaml.safe_load((SHARED / "seed-facts.yaml").read_text(encoding="utf-8"))["decision_rules"]
    }
    carried = {i.strip('"') for (_, predicate), ids in facts().items() if predicate == p("registryId") for i in ids}
    assert rules - carried == set()
    assert {i for i in carried if i.startswith("DR-")} - rules == set()


def test_strength_is_the_source_s_own_word() -> None:
    if not SHARED.exists():
        pytest.skip("the article is not beside this checkout")
    article = re.sub(r"-\n", "", (SHARED / "santini-2019.txt").read_text(encoding="utf-8"))
    plain = re.sub(r"\W+", "", article).lower()
    for option in options():
        for words in of(option, "strength"):
            for part in words.strip('"').split(";"):
                assert re.sub(r"\W+", "", part).lower() in plain, (option, part)
                assert len(part.split()) < 8, (option, part)
