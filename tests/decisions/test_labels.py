"""What drug labels come to: by jurisdiction, or by the source alone where it names no regulator."""

from __future__ import annotations

import pytest
from tests.decisions.outcome import Facts, answer, knowledge, of
from tests.decisions.outcome import value as value_of
from tests.decisions.records import expand

from posthma import resources
from posthma.decide.answer import Answer
from posthma.vocab import expand as iri

FAILED: Facts = expand("MDS; all HMA lines recorded; azacitidine, 6 cycles, stable disease", {})
# Facts, jurisdiction, option, how the label reads, lines of the article.
EXPECTED: list[tuple[str, str, str, str, str]] = [
    ("karyotype: del(5q); marrow blasts 3", "EU", "lenalidomide-del5q", "on label by this source", "262"),
    ("karyotype: normal; marrow blasts 3", "EU", "lenalidomide-lower-risk", "outside the label by this source", "262"),
    ("marrow blasts 3", "EU", "lenalidomide-lower-risk", "label not decidable by this source", "262"),
    ("platelets 40", "EU", "tpo-mimetic", "within trials only by this source", "262"),
    ("relapsed leukaemia; IDH test: IDH2", "US", "enasidenib-relapsed-aml", "on label", "469-471"),
    ("relapsed leukaemia; IDH test: IDH2", "EU", "enasidenib-relapsed-aml", "not known here", "469-471"),
    ("relapsed leukaemia", "US", "enasidenib-relapsed-aml", "label not decidable", "469-471"),
    ("relapsed leukaemia; IDH test: nothing found", "US", "enasidenib-relapsed-aml", "outside the label", "469-471"),
    ("overt leukaemia; IDH test: IDH2", "US", "enasidenib-trial", "outside the label", "469-471"),
    ("marrow blasts 30", "US", "cpx351", "on label", "587-589"),
    ("marrow blasts 15", "US", "cpx351-trial", "outside the label", "587-589"),
    ("marrow blasts 30", "EU", "cpx351", "not known here", "587-589"),
]


def label(found: Answer, option: str) -> str:
    return next(o.label_status for o in found.options if o.iri == iri(f"kb:option-{option}")[1:-1])


@pytest.mark.parametrize(("facts", "place", "option", "words", "lines"), EXPECTED)
def test_label(facts: str, place: str, option: str, words: str, lines: str) -> None:
    assert label(answer((*FAILED, *expand(facts, {})), place), option).startswith(words), lines


def test_the_labels_of_the_published_patients() -> None:
    """Patient 2 has del(5q) on her second date; patient 4 has leukaemia that did not relapse."""
    cases = resources.path("kb/cases")
    second = knowledge().assess(cases / "patient-2" / "record.ttl", at="2016-04-25")
    assert label(second, "lenalidomide-del5q").startswith("on label by this source")
    first = knowledge().assess(cases / "patient-2" / "record.ttl", at="2015-07-06")
    assert not label(first, "lenalidomide-del5q").startswith("on label")
    fourth = cases / "patient-4" / "record.ttl"
    assert label(knowledge().assess(fourth, jurisdiction="US"), "enasidenib-trial").startswith("outside the label")
    assert label(knowledge().assess(fourth, jurisdiction="EU"), "enasidenib-trial").startswith("not known here")


@pytest.mark.parametrize(("risk", "value"), [("IPSS intermediate-2", "met"), ("IPSS intermediate-1", "not met")])
def test_the_european_label_of_hypomethylating_agents_is_higher_risk(risk: str, value: str) -> None:
    """Lines 39-40; the article speaks of the class. Whether it means decitabine is disputed, so that has no label by name."""
    assert not of("kb:label-decitabine-eu", "p:intervention")
    for name in ("azacitidine", "hma"):
        (population,) = of(f"kb:label-{name}-eu", "p:forPopulation")
        assert population == iri("p:HigherRisk")
        assert value_of((*FAILED, risk), "p:HigherRisk") == value


def test_labels_without_a_population_are_those_of_other_diseases() -> None:
    said = {s for s, facts in knowledge().guidance.said.items() if iri("p:Label") in facts.get(iri("rdf:type"), ())}
    assert len(said) == 14
    bare = {s for s in said if not knowledge().guidance.objects(s, iri("p:forPopulation"))}
    other = {"atezolizumab-solidTumors", "nivolumab-solidTumors", "pembrolizumab-solidTumors", "venetoclax-cll"}
    assert bare == {iri(f"kb:label-{name}") for name in other}
