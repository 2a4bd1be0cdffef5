"""Ways to falsify a proof. Each function yields (what was done, mutated copy) for every place where it can be done."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

Proof = dict[str, Any]
Mutant = tuple[str, Proof]

STRANGER = "<http://example.org/stranger>"


def _copies(proof: Proof, kind: str = "") -> Iterator[tuple[Proof, dict[str, Any]]]:
    for index, step in enumerate(proof["steps"]):
        if not kind or step["kind"] == kind:
            mutant = copy.deepcopy(proof)
            yield mutant, mutant["steps"][index]


def premise_dropped(proof: Proof) -> Iterator[Mutant]:
    """One premise less; the step that it pointed at stays in the proof."""
    for _, step in _copies(proof, "rule"):
        for position in range(len(step["premises"])):
            mutant = copy.deepcopy(proof)
            del mutant["steps"][step["id"] - 1]["premises"][position]
            yield f"step {step['id']} without premise {position}", mutant


def premise_added(proof: Proof) -> Iterator[Mutant]:
    """One premise more, an earlier step that has nothing to do with it."""
    for _, step in _copies(proof, "rule"):
        for other in range(1, step["id"]):
            if other not in step["premises"]:
                mutant = copy.deepcopy(proof)
                mutant["steps"][step["id"] - 1]["premises"].append(other)
                yield f"step {step['id']} with premise {other}", mutant
                break


def term_changed(proof: Proof) -> Iterator[Mutant]:
    """A subject, predicate or object is another one."""
    for _, step in _copies(proof):
        for position in range(3):
            mutant = copy.deepcopy(proof)
            mutant["steps"][step["id"] - 1]["triple"][position] = STRANGER
            yield f"step {step['id']}, term {position}", mutant


def conclusion_changed(proof: Proof) -> Iterator[Mutant]:
    """A rule step concludes what another step says."""
    for _, step in _copies(proof, "rule"):
        for other in proof["steps"]:
            if other["triple"] != step["triple"] and other["id"] != step["id"]:
                mutant = copy.deepcopy(proof)
                mutant["steps"][step["id"] - 1]["triple"] = list(other["triple"])
                yield f"step {step['id']} concludes as step {other['id']}", mutant
                break


def rule_renamed(proof: Proof) -> Iterator[Mutant]:
    """A step names another rule: one that exists, and one that does not."""
    names = {step["rule"] for step in proof["steps"] if step["kind"] == "rule"} | {"cax-sco", "prp-dom", "R-NONE-001"}
    for _, step in _copies(proof, "rule"):
        for name in sorted(names - {step["rule"]}):
            mutant = copy.deepcopy(proof)
            mutant["steps"][step["id"] - 1]["rule"] = name
            yield f"step {step['id']} by {name}", mutant


def leaf_invented(proof: Proof) -> Iterator[Mutant]:
    """A conclusion is passed off as given."""
    for _, step in _copies(proof, "rule"):
        for kind in ("record", "knowledge", "question"):
            mutant = copy.deepcopy(proof)
            leaf = {"id": step["id"], "kind": kind, "triple": step["triple"], "place": "record.ttl:1"}
            mutant["steps"][step["id"] - 1] = leaf
            yield f"step {step['id']} as {kind} leaf", mutant


def record_value_changed(proof: Proof) -> Iterator[Mutant]:
    """A value of the record is another one, or the same value in other clothes."""
    for mutant, step in _copies(proof, "record"):
        if step["triple"][2].startswith('"'):
            lexical, quote, rest = step["triple"][2][1:].partition('"')
            step["triple"][2] = f'"9{lexical}{quote}{rest}'
            yield f"step {step['id']}, value", mutant


def document_changed(proof: Proof) -> Iterator[Mutant]:
    """A knowledge leaf names another document, and another place."""
    for mutant, step in _copies(proof, "knowledge"):
        step["document"] = "<https://w3id.org/posthma/kb/source-paper-2>"
        yield f"step {step['id']}, document", mutant
    for mutant, step in _copies(proof, "knowledge"):
        if step.pop("document", None):
            yield f"step {step['id']}, no document", mutant
    for mutant, step in _copies(proof, "knowledge"):
        step["place"] = "kb/sources/paper-2/options.ttl:1"
        yield f"step {step['id']}, place", mutant


def absence_unlicensed(proof: Proof) -> Iterator[Mutant]:
    """An absence without licence, with another licence, of another pattern, or not told at all."""
    for _, step in _copies(proof, "rule"):
        for key, value in (("licence", ""), ("licence", "because I say so"), ("pattern", "NOT EXISTS { ?a ?b ?c }")):
            if step.get("absences"):
                mutant = copy.deepcopy(proof)
                mutant["steps"][step["id"] - 1]["absences"][0][key] = value
                yield f"step {step['id']}, {key} {value!r}", mutant
        if step.get("absences"):
            mutant = copy.deepcopy(proof)
            del mutant["steps"][step["id"] - 1]["absences"]
            yield f"step {step['id']}, absences left out", mutant


def absence_claimed(proof: Proof) -> Iterator[Mutant]:
    """An absence or a count that the rule does not have."""
    for mutant, step in _copies(proof, "rule"):
        if not step.get("absences"):
            step["absences"] = [{"pattern": "NOT EXISTS { ?s ?p ?o }", "licence": "none needed"}]
            yield f"step {step['id']}, an absence", mutant
    for mutant, step in _copies(proof, "rule"):
        if not step.get("aggregates"):
            step["aggregates"] = ["MAX(?x)"]
            yield f"step {step['id']}, a count", mutant
        else:
            del step["aggregates"]
            yield f"step {step['id']}, count left out", mutant


def circle(proof: Proof) -> Iterator[Mutant]:
    """A step rests on itself, or on one that comes later."""
    for mutant, step in _copies(proof, "rule"):
        step["premises"].append(step["id"])
        yield f"step {step['id']} on itself", mutant
    for mutant, step in _copies(proof, "rule"):
        if step["id"] < len(proof["steps"]):
            step["premises"].append(step["id"] + 1)
            yield f"step {step['id']} on the next one", mutant


def premises_swapped(proof: Proof) -> Iterator[Mutant]:
    """Two steps change their premises for each other's."""
    rules = [step for step in proof["steps"] if step["kind"] == "rule"]
    for one, other in itertools.pairwise(rules):
        if set(one["premises"]) != set(other["premises"]):
            mutant = copy.deepcopy(proof)
            first, second = mutant["steps"][one["id"] - 1], mutant["steps"][other["id"] - 1]
            first["premises"], second["premises"] = second["premises"], first["premises"]
            yield f"steps {one['id']} and {other['id']}", mutant


def count_changed(proof: Proof) -> Iterator[Mutant]:
    """A counted or computed number is one more, in the step and wherever it stands in the proof."""
    for _, step in _copies(proof, "rule"):
        obj = step["triple"][2]
        if obj.startswith('"') and obj[1:].partition('"')[0].isdigit():
            number, _, rest = obj[1:].partition('"')
            mutant = copy.deepcopy(proof)
            for other in mutant["steps"]:
                if other["triple"] == step["triple"]:
                    other["triple"][2] = f'"{int(number) + 1}"{rest}'
            yield f"step {step['id']}, {number} plus 1", mutant


def substitution_changed(proof: Proof) -> Iterator[Mutant]:
    """A variable has another value than the premises give it."""
    for _, step in _copies(proof, "rule"):
        for name in step.get("substitution", {}):
            mutant = copy.deepcopy(proof)
            mutant["steps"][step["id"] - 1]["substitution"][name] = STRANGER
            yield f"step {step['id']}, ?{name}", mutant


def hash_changed(proof: Proof) -> Iterator[Mutant]:
    """The proof was made for other knowledge, or for another record."""
    for key in ("knowledge", "record"):
        for value in ("0" * 64, ""):
            mutant = copy.deepcopy(proof)
            mutant[key]["sha256"] = value
            kinds = {step["kind"] for step in proof["steps"]}
            if value or key in kinds:
                yield f"hash of the {key} {value[:4] or 'left out'}", mutant


def form_broken(proof: Proof) -> Iterator[Mutant]:
    """What a proof must have is not there, or is of another kind."""
    for key in ("format", "goal", "steps"):
        mutant = copy.deepcopy(proof)
        del mutant[key]
        yield f"without {key}", mutant
    for name, goal in (("0", 0), ("one too many", len(proof["steps"]) + 1), ("text", "1"), ("true", True)):
        yield f"goal {name}", {**copy.deepcopy(proof), "goal": goal}
    for key in ("id", "kind", "triple", "rule", "premises"):
        mutant = copy.deepcopy(proof)
        last = mutant["steps"][-1]
        if key in last:
            del last[key]
            yield f"last step without {key}", mutant
    for mutant, step in _copies(proof):
        step["id"] += 1
        yield f"step {step['id'] - 1} numbered wrongly", mutant
        break
    for mutant, step in _copies(proof):
        step["kind"] = "belief"
        yield f"step {step['id']} a belief", mutant
        break


MUTATIONS: list[Callable[[Proof], Iterator[Mutant]]] = [
    premise_dropped, premise_added, term_changed, conclusion_changed, rule_renamed, leaf_invented, record_value_changed,
    document_changed, absence_unlicensed, absence_claimed, circle, premises_swapped, count_changed,
    substitution_changed, hash_changed, form_broken,
]  # fmt: skip
