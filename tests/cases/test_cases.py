"""The four published patients: what the article says must come out, comes out, and nothing that it says must not."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

import posthma
from posthma import resources
from posthma.vocab import expand

CASES = sorted(resources.path("kb/cases").glob("*/expected.toml"))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "knowledge" / "seed-facts.yaml"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
NEGATIVE = {"<https://w3id.org/posthma/kb/avoid>", "<https://w3id.org/posthma/kb/contraindicated>"}


@cache
def knowledge() -> posthma.KnowledgeBase:
    return posthma.load()


@cache
def said() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for s, p, o in knowledge().knowledge.triples:
        found.setdefault((s, p), set()).add(o)
    return found


def one(subject: str, name: str) -> str:
    return next(iter(said().get((expand(subject), expand(name)), {""})))


class Situation:
    """One question of a case, closed, with the words that expected.toml uses."""

    def __init__(self, case: Path, name: str) -> None:
        record = case.parent / "record.ttl"
        self.triples = [(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(path=str(record))]
        self.closure = knowledge().close(self.triples)
        self.base = f"https://w3id.org/posthma/case/{case.parent.name}/"
        self.iri = f"<{self.base}{name}>"
        self.name = name

    def view(self, line: str) -> str:
        return f"<{self.base}{self.name}/line/{line}>"

    def has(self, subject: str, cls: str) -> bool:
        return (subject, TYPE, expand(cls)) in self.closure

    def fails(self, subject: str, cls: str) -> bool:
        return (subject, expand("p:fails"), expand(cls)) in self.closure

    def value(self, cls: str, fresh: bool = False) -> str:
        where = f"{self.iri[:-1]}/fresh>" if fresh else self.iri
        return "met" if self.has(where, cls) else "not met" if self.fails(where, cls) else "unknown"

    def option(self, option: str) -> tuple[str, bool]:
        """Return the value of an option's population and whether it advises against."""
        iri = f"kb:option-{option}"
        assert one(iri, "p:forPopulation"), f"{iri} is not in the knowledge base"
        fresh = one(iri, "p:requiresFreshFindings").startswith('"true"')
        return self.value(one(iri, "p:forPopulation"), fresh), one(iri, "p:stance") in NEGATIVE


OPTION_VALUES = {
    "applicable": ("met", False),
    "not_applicable": ("not met", False),
    "undetermined": ("unknown", False),
    "advised_against": ("met", True),
}


def check(situation: Situation, expected: dict[str, Any]) -> list[str]:
    """Return what does not come out as expected, in words; nothing when all is well."""
    s, wrong = situation, []
    for key in ("types", "findings"):
        wrong += [f"{s.name} is not {c}" for c in expected.get(key, ()) if not s.has(s.iri, c)]
    for key in ("not_types", "not_findings"):
        wrong += [f"{s.name} is {c}" for c in expected.get(key, ()) if s.has(s.iri, c)]
    options = {**{k: v for k, v in expected.items() if k in OPTION_VALUES}, **expected.get("options", {})}
    for status, names in options.items():
        if status in OPTION_VALUES:
            wrong += [f"{o} is {s.option(o)}, not {status}" for o in names if s.option(o) != OPTION_VALUES[status]]
    for key, met in (("due", True), ("not_due", False)):
        for duty in [*expected.get(key, ()), *options.get(key, ())]:
            assert one(duty, "p:forPopulation"), f"{duty} is not in the knowledge base"
            if (s.value(one(duty, "p:forPopulation")) == "met") != met:
                wrong.append(f"{duty} is {'not ' if met else ''}due")
    line = s.view(expected["line"]) if isinstance(expected.get("line"), str) else ""
    wrong += [f"{line} is not {c}" for c in expected.get("line_types", ()) if not s.has(line, c)]
    wrong += [f"{line} is {c}" for c in expected.get("not_line_types", ()) if s.has(line, c)]
    wrong += [f"{line} does not assume {a}" for a in expected.get("line_assumes", ())
              if (line, expand("p:assumes"), expand(a)) not in s.closure]  # fmt: skip
    for key, value in (("label_met", "met"), ("label_not_met", "not met")):
        wrong += [f"{x} is not {value}" for x in expected.get(key, ()) if s.value(one(x, "p:forPopulation")) != value]
    return wrong + _absent(s, expected)


def _absent(s: Situation, expected: dict[str, Any]) -> list[str]:
    wrong = []
    if pattern := expected.get("no_type_like"):
        types = {o for x, _, o in s.closure.match(None, TYPE, None) if x.startswith(s.iri[:-1])}
        assert len(types) > 20
        wrong += [f"{t} is concluded" for t in types if re.search(pattern, t)]
    for agent in expected.get("no_option_for", ()):
        assert any(x == expand(agent) for x, _ in said()), agent
        wrong += [f"{x} is about {agent}" for (x, p), o in said().items()
                  if "/kb/option-" in x and p == expand("p:intervention") and expand(agent) in o]  # fmt: skip
    for agent in expected.get("no_advice_against", ()):
        against = [x for (x, p), o in said().items() if "/kb/option-" in x and p == expand("p:stance") and o & NEGATIVE]
        assert against
        wrong += [f"{x} advises against {agent}" for x in against
                  if expand(agent) in said().get((x, expand("p:intervention")), ())]  # fmt: skip
    if line := expected.get("no_view_of"):
        assert (f"<{s.base}{line}>" in {x for x, _, _ in s.triples}) or line == "cytarabine"
        if list(s.closure.match(s.view(line), None, None)):
            wrong.append(f"{line} has a view")
    if day := expected.get("no_measurement_before"):
        dated = {x: o for x, p, o in s.triples if p == expand("p:date")}
        wrong += [f"{x} is before {day}" for x, p, _ in s.triples if p == expand("p:analyte") and dated[x][1:11] < day]
    if limit := expected.get("no_measurement_over"):
        of = {x for x, p, o in s.triples if p == expand("p:analyte") and o == expand(limit["analyte"])}
        high = {x: float(o.split('"')[1]) for x, p, o in s.triples if x in of and p == expand("p:high")}
        assert high
        wrong += [f"{x} is {v}" for x, v in high.items() if v > limit["high"]]
    note, option = expected.get("safety"), expected.get("strength_of")
    if note and expand(expected["safety_of"]) not in said().get((expand(note), expand("p:forIntervention")), ()):
        wrong.append(f"{note} does not speak of {expected['safety_of']}")
    if option and expected["strength_has"] not in one(f"kb:option-{option}", "p:strength"):
        wrong.append(f"{option} is not {expected['strength_has']}")
    return wrong


def questions() -> list[Any]:
    found = []
    for case in CASES:
        for question in tomllib.loads(case.read_text(encoding="utf-8"))["question"]:
            found.append(pytest.param(case, question, id=f"{case.parent.name}-{question['name']}"))
    return found


def test_all_four_are_there() -> None:
    assert [case.parent.name for case in CASES] == ["patient-1", "patient-2", "patient-3", "patient-4"]


@pytest.mark.parametrize(("case", "question"), questions())
def test_answer(case: Path, question: dict[str, Any]) -> None:
    """Failure, findings, options and duties come out as the article has them."""
    assert check(Situation(case, question["name"]), question) == []


@pytest.mark.parametrize(("case", "question"), questions())
def test_lines(case: Path, question: dict[str, Any]) -> None:
    """Each line has its verdict and rests on the assumptions that are named, and on no others."""
    situation = Situation(case, question["name"])
    for line in question["line"]:
        view = situation.view(line["name"])
        assert [c for c in line["types"] if not situation.has(view, c)] == []
        assert [c for c in line["not_types"] if situation.has(view, c)] == []
        assert [c for c in line.get("fails", ()) if not situation.fails(view, c)] == []
        assumed = {o for _, _, o in situation.closure.match(view, expand("p:assumes"), None)}
        assert assumed == {expand(a) for a in line["assumes"]}


def assertions() -> list[Any]:
    found = []
    for case in CASES:
        for question in tomllib.loads(case.read_text(encoding="utf-8"))["question"]:
            for kind in ("conclude", "not_conclude"):
                for n, item in enumerate(question.get(kind, ()), start=1):
                    found.append(
                        pytest.param(
                            case, question["name"], item, id=f"{case.parent.name}-{question['name']}-{kind}-{n}"
                        )
                    )
    return found


@pytest.mark.parametrize(("case", "name", "item"), assertions())
def test_should_and_should_not_conclude(case: Path, name: str, item: dict[str, Any]) -> None:
    """Each item of the registry, one by one."""
    assert set(item) > {"registry"}, "the item checks nothing"
    assert check(Situation(case, name), item) == []


def test_every_item_of_the_registry_is_asserted() -> None:
    """No item of should_conclude or should_not_conclude is left out or made up."""
    if not SHARED.exists():
        pytest.skip("the registry of facts is not beside this checkout")
    cases = yaml.safe_load(SHARED.read_text(encoding="utf-8"))["cases"]
    for number, entry in enumerate(cases, start=1):
        path = resources.path(f"kb/cases/patient-{number}/expected.toml")
        stated = tomllib.loads(path.read_text(encoding="utf-8"))["question"]
        for ours, theirs in (("conclude", "should_conclude"), ("not_conclude", "should_not_conclude")):
            assert {item["registry"] for q in stated for item in q.get(ours, ())} == set(entry[theirs])


def test_a_wrong_expectation_is_noticed() -> None:
    """The check is not vacuous: each kind of expectation can fail."""
    situation = Situation(CASES[0], "question")
    for wrong in (
        {"types": ["p:SecondaryResistance"]}, {"not_types": ["p:PrimaryResistance"]}, {"applicable": ["enasidenib-trial"]},
        {"not_applicable": ["transplantation"]}, {"advised_against": ["supportive-care"]}, {"due": ["kb:duty-six-cycles"]},
        {"line": "azacitidine", "line_types": ["p:RespondedLine"]}, {"no_type_like": "PrimaryResistance"},
        {"no_option_for": ["kb:lenalidomide"]}, {"no_view_of": "azacitidine"}, {"label_met": ["kb:label-enasidenib-us"]},
    ):  # fmt: skip
        assert check(situation, wrong) != []
