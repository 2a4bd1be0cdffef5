"""The order of options, made again from the Turtle of a policy and the JSON of an answer, without the code that ordered.

What is read: the policy, what the knowledge says of options, and the answer as it is published. Options are compared two
by two, key after key; nothing of `posthma.decide` is asked but for the answer.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import cache, cmp_to_key

import pyoxigraph as ox
import pytest
from tests.decide.conftest import PATIENTS, TABLE, knowledge

from posthma import resources
from posthma.report import json_

ONTOLOGY, CORE = "https://w3id.org/posthma/ontology/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
POLICIES = {
    "default": "https://w3id.org/posthma/kb/policyOrder",
    "preference first": "https://example.org/policy/preferenceFirst",
}
EXAMPLE = resources.path("kb/policies/examples/preference-first.ttl")
ROWS = ("stable-3", "stable-6", "best-missing-6", "pd-2")
WISHES = ("supportiveCareOnly", "activeTreatment")
NAMES = [*PATIENTS, *ROWS, *(f"patient-4, {wish}" for wish in WISHES)]


@cache
def told() -> ox.Store:
    """Return all that the ontology, the knowledge and the example policy say."""
    store = ox.Store()
    for folder in ("ontology", "kb"):
        for path in sorted(resources.path(folder).rglob("*.ttl")):
            if "cases" not in path.parts:
                store.load(path=path, format=ox.RdfFormat.TURTLE)
    return store


def values(subject, name):
    """Return what is said of a thing, in the order of the file."""
    prefix = "" if name.startswith("http") else ONTOLOGY
    return [quad.object for quad in told().quads_for_pattern(subject, ox.NamedNode(prefix + name), None)]


def text(subject, name):
    return next((value.value for value in values(subject, name)), "")


def listed(node):
    while node.value != f"{CORE}nil":
        yield from values(node, f"{CORE}first")
        (node,) = values(node, f"{CORE}rest")


@dataclass(frozen=True)
class Key:
    """What a policy compares first, second ...: it says of each option how far up it stands, 0 being highest."""

    compares: tuple[str, ...]
    ranked: tuple[str, ...]
    present_first: bool | None
    only_when: str
    reason: str

    def place(self, option):
        if self.compares == (f"{ONTOLOGY}status",):
            words = [text(ox.NamedNode(status), LABEL.value) for status in self.ranked]
            return words.index(option["status"])
        said = [value.value for name in self.compares for value in values(ox.NamedNode(option["iri"]), name)]
        if self.present_first is not None:
            return 0 if bool(said) is self.present_first else 1
        return min((self.ranked.index(value) for value in said if value in self.ranked), default=len(self.ranked))


@cache
def keys(policy):
    found = []
    for key in sorted(values(ox.NamedNode(policy), "key"), key=lambda key: int(text(key, "rank"))):
        present = text(key, "presentFirst")
        ranked = tuple(value.value for start in values(key, "asIn") for value in listed(start))
        compares = tuple(value.value for value in values(key, "compares"))
        found.append(
            Key(
                compares,
                ranked,
                present == "true" if present else None,
                text(key, "onlyWhen"),
                text(key, "reasonAbove"),
            )
        )
    return found


def counting(policy, answer):
    """Return the keys that count for a patient: one may be for those alone of whom a finding holds."""
    holding = {claim["triple"][2] for claim in answer["disease_state"] if claim["triple"]}
    return [key for key in keys(policy) if not key.only_when or f"<{key.only_when}>" in holding]


def parting(one, other, used):
    """Return the first key that tells two options apart; None where none does."""
    return next((key for key in used if key.place(one) != key.place(other)), None)


def remade(answer, used):
    def compare(one, other):
        key = parting(one, other, used)
        if key is not None:
            return -1 if key.place(one) < key.place(other) else 1
        return -1 if one["label"] < other["label"] else 1

    backwards = sorted(answer["options"], key=lambda option: option["iri"], reverse=True)
    return [option["iri"] for option in sorted(backwards, key=cmp_to_key(compare))]


@cache
def answered(name, policy, folder):
    """Return the JSON of an answer, read again."""
    kb = knowledge()
    case, _, wish = name.partition(", ")
    path = folder / f"{case}{wish}.ttl"
    if case in PATIENTS:
        said = resources.path(f"kb/cases/{case}/record.ttl").read_text(encoding="utf-8")
        if wish:
            said += f"""
<https://w3id.org/posthma/case/patient-4/wish> a p:Preference ; p:date "2017-04-01"^^xsd:date ; p:wants kb:{wish} .
<https://w3id.org/posthma/case/patient-4/patient> p:event <https://w3id.org/posthma/case/patient-4/wish> .
"""
    else:
        said = "".join(f"{s} {p} {o} .\n" for s, p, o in TABLE[case].triples)
    path.write_text(said, encoding="utf-8")
    chosen = None if policy == "default" else kb.order(EXAMPLE)
    return json.loads(json_.render(kb.assess(path, policy=chosen)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("order")


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", NAMES)
def test_the_order_follows_from_the_policy(name, policy, folder):
    answer = answered(name, policy, folder)
    used = counting(POLICIES[policy], answer)
    given = [option["iri"] for option in answer["options"]]
    assert len(given) > 50
    assert given == remade(answer, used)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", NAMES)
def test_the_key_named_is_the_first_that_differs(name, policy, folder):
    answer = answered(name, policy, folder)
    used = counting(POLICIES[policy], answer)
    for one, other in itertools.pairwise(answer["options"]):
        key = parting(one, other, used)
        if one["status"] != other["status"]:
            expected = ""
        elif key is None:
            expected = f"placed beside {other['label']}: no key of the policy tells them apart; the order is by name"
        else:
            expected = f"placed above {other['label']} because {key.reason}"
        assert one["order_reason"] == expected
    assert answer["options"][-1]["order_reason"] == ""


def test_the_records_put_every_key_to_use(folder):
    """A key that never decides would be held by nothing here."""
    for policy, iri in POLICIES.items():
        decides = set()
        for name in NAMES:
            answer = answered(name, policy, folder)
            pairs = itertools.pairwise(answer["options"])
            decides |= {parting(one, other, counting(iri, answer)) for one, other in pairs} - {None}
        assert decides == set(keys(iri))
