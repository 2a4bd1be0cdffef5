"""The check of a whole proof: its leaves against record and knowledge, and every step from its premises alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posthma.check import owl
from posthma.check.material import Material, read_material
from posthma.check.ours import absence_faults, fault, says_all_members_fail, ways
from posthma.check.sources import Graph, knowledge_folder, read_record
from posthma.check.sparql import LOGIC, Row, SparqlRule
from posthma.check.structure import Proof, Step, read_proof
from posthma.check.terms import TYPE, XSD, P, Triple, terms_of
from posthma.check.verdict import REJECTED, UNCHECKED, Finding, Verdict, show
from posthma.errors import LimitError, ProofError, RuleError

QUESTION = (TYPE, f"<{P}about>", f"<{P}date>", f"<{P}jurisdiction>")
"""The predicates of a question; with what it chooses, the only triples that a proof may add to its record."""
CHOOSES, ALTERNATIVE_OF = f"<{P}chooses>", f"<{P}alternativeOf>"
WINDOWS = (f"<{P}attributionWindowDays>", f"<{P}reassessmentWindowDays>")
DAYS = re.compile(rf'"\d{{1,4}}"\^\^<{XSD}integer>')
DATE = re.compile(rf'"\d{{4}}-\d\d-\d\d"\^\^<{XSD}date>')
MAX_PROOF_BYTES = 50_000_000


def check(
    proof: Mapping[str, Any] | Path | str, record: Path | str | None = None, knowledge_dir: Path | str | None = None
) -> Verdict:
    """Check a proof step by step.

    Args:
        proof: The proof in JSON, read or as a file.
        record: The file that its record leaves are in. Without it they count as unchecked, and so do steps that
            speak of absence or count.
        knowledge_dir: The folder that holds ontology/, kb/ and queries/; the project's own when left out.

    Returns:
        The verdict, with one finding for each step that is not accepted.

    Raises:
        ProofError: The proof cannot be read as JSON.
        RecordError: The record cannot be read.
        KnowledgeError: The knowledge cannot be read.
    """
    if not isinstance(proof, Mapping):
        found = load_proofs(Path(proof))
        if len(found) != 1:
            raise ProofError(str(proof), f"it holds {len(found)} proofs", "check them with check_file")
        proof = found[0]
    read = read_proof(proof)
    if isinstance(read, Verdict):
        return read
    material = read_material(knowledge_folder(None if knowledge_dir is None else Path(knowledge_dir)))
    return _Check(read, None if record is None else read_record(Path(record)), material).run()


def check_file(
    path: Path | str, record: Path | str | None = None, knowledge_dir: Path | str | None = None
) -> list[Verdict]:
    """Check every proof of a file, one or a list of them; see `check`."""
    return [check(proof, record, knowledge_dir) for proof in load_proofs(Path(path))]


def load_proofs(path: Path) -> list[Mapping[str, Any]]:
    """Read a file with a proof or a list of proofs in JSON.

    Raises:
        ProofError: It cannot be read, or holds something else.
        LimitError: It is larger than `MAX_PROOF_BYTES`.
    """
    try:
        if path.stat().st_size > MAX_PROOF_BYTES:
            raise LimitError(str(path), f"more than {MAX_PROOF_BYTES} bytes", "check a smaller proof")
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ProofError(str(path), f"it cannot be read as JSON ({error})", "give the proof in JSON") from error
    proofs = found if isinstance(found, list) else [found]
    if not proofs or not all(isinstance(proof, dict) for proof in proofs):
        raise ProofError(str(path), "it holds no proof", "give a proof in JSON, or a list of proofs")
    return proofs


class _Check:
    """One proof under check."""

    def __init__(self, proof: Proof, record: Graph | None, material: Material) -> None:
        self.steps, self.proof = proof.steps, proof
        self.record, self.material, self.knowledge = record, material, material.knowledge
        self.findings: list[Finding] = []
        self.ranks: dict[int, int] = {}

    def run(self) -> Verdict:
        """Check all steps in order."""
        self._hashes()
        self._question()
        checks = {"record": self._record, "knowledge": self._knowledge, "rule": self._rule}
        for step in self.steps.values():
            self.ranks[step.id] = -1
            try:
                if step.kind in checks:
                    checks[step.kind](step)
            except (ValueError, RecursionError, LimitError) as error:
                self._reject(step, "a step within the limits of the checker", str(error)[:300])
        goal = self.steps[self.proof.goal].triple
        return Verdict(goal, len(self.steps), tuple(self.findings), self.proof.question)

    def _reject(self, step: Step | None, expected: str, found: str) -> None:
        self.findings.append(Finding(step.id if step else 0, REJECTED, expected, found))

    def _leave(self, step: Step, expected: str, found: str) -> None:
        self.findings.append(Finding(step.id, UNCHECKED, expected, found))

    # --- leaves ------------------------------------------------------------------------------------------

    def _hashes(self) -> None:
        """A proof that rests on our knowledge names it and its record; one over bare RDF need not name the file."""
        ours = any(step.kind == "knowledge" or step.rule in self.material.rules for step in self.steps.values())
        said = self.proof.knowledge_sha256
        if said != self.knowledge.sha256 and (said or ours):
            self._reject(None, f"knowledge with the hash {self.knowledge.sha256}", said or "no hash")
        said = self.proof.record_sha256
        recorded = any(step.kind == "record" for step in self.steps.values())
        if self.record and said != self.record.sha256 and (said or (ours and recorded)):
            self._reject(None, f"a record with the hash {self.record.sha256}", said or "no hash")

    def _question(self) -> None:
        """A proof may state one question: one node that the record does not know, each predicate once."""
        for triple in self.proof.question:
            fault = self._question_fault(triple)
            step = next((step for step in self.steps.values() if step.triple == triple), None)
            if fault:
                self._reject(step, fault, show(triple))

    def _question_fault(self, triple: Triple) -> str:
        subject, predicate, obj = triple
        others = [other for other in self.proof.question if other != triple]
        known = self.record.subjects if self.record else frozenset()
        if predicate not in (*QUESTION, CHOOSES, *WINDOWS) or (predicate == TYPE and obj != f"<{P}Question>"):
            return "type p:Question, p:about, p:date, p:jurisdiction or a choice of a question"
        single = predicate != CHOOSES
        if not subject.startswith("<") or any(s != subject or (single and p == predicate) for s, p, _ in others):
            return "one question with an IRI, each of its predicates once"
        if predicate == CHOOSES and not self._one_of_its_choice(obj, [o for _, p, o in others if p == CHOOSES]):
            return "one alternative of the knowledge for each choice"
        if predicate in WINDOWS and not DAYS.fullmatch(obj):
            return "a window as a whole number of days"
        if subject in known:
            return "a question that the record does not know"
        if predicate == QUESTION[1] and self.record and obj not in known:
            return "a question about a patient of the record"
        if predicate == QUESTION[2] and not DATE.fullmatch(obj):
            return "a question with a date"
        if predicate == QUESTION[3] and obj not in self.knowledge.subjects:
            return "a question with a jurisdiction of the knowledge"
        return ""

    def _one_of_its_choice(self, alternative: str, others: list[str]) -> bool:
        """Say whether an alternative belongs to one choice, of which a question names no other alternative."""
        known = [(s, o) for s, p, o in self.knowledge.files if p == ALTERNATIVE_OF]
        choice = {o for s, o in known if s == alternative}
        return len(choice) == 1 and not any(s in others and o in choice for s, o in known)

    def _record(self, step: Step) -> None:
        if self.record is None:
            self._leave(step, "a record to look the fact up in", "none given")
        elif step.triple not in self.record:
            self._reject(step, f"a fact of {Path(self.record.name).name}", f"{show(step.triple)}, which is not in it")

    def _knowledge(self, step: Step) -> None:
        triple = step.triple
        if triple not in self.knowledge:
            self._reject(step, "a triple of the knowledge", f"{show(triple)}, which is not in it")
            return
        files, documents = self.knowledge.files_of(triple), self.knowledge.documents_of(triple)
        file, _, line = step.place.rpartition(":")
        if (file if line.isdigit() else step.place) not in files:
            self._reject(step, f"the place {' or '.join(sorted(files))}", step.place or "none")
        undocumented = any(not name.startswith("kb/sources/") for name in files)
        if step.document not in documents and (step.document or not undocumented):
            self._reject(step, f"the document {' or '.join(sorted(documents)) or 'none'}", step.document or "none")

    # --- rules -------------------------------------------------------------------------------------------

    def _rule(self, step: Step) -> None:
        premises = frozenset(self.steps[number].triple for number in step.premises)
        if step.rule in self.material.rules:
            rule = self.material.rules[step.rule]
            if self._rank(step, rule.layer):
                self._ours(step, rule, premises)
        elif step.rule in owl.rules() or step.rule in owl.BUILT_IN:
            self._rank(step, LOGIC)
            self._owl(step, premises)
        else:
            self._reject(step, "a rule of OWL 2 RL or of queries/rules/", f"the name {step.rule}")

    def _rank(self, step: Step, layer: str) -> bool:
        """Find the first run of a layer in which all premises are there; knowledge alone is closed before all."""
        after = max((self.ranks[number] for number in step.premises), default=-1)
        known = layer == LOGIC and after == -1 and all(self._timeless(self.steps[number]) for number in step.premises)
        runs = [index for index, name in enumerate(self.material.layers) if name == layer and index >= after]
        self.ranks[step.id] = -1 if known else min(runs, default=after)
        if not known and not runs:
            self._reject(step, f"premises that layer {layer} can see", f"one of layer {self.material.layers[after]}")
        return known or bool(runs)

    def _timeless(self, step: Step) -> bool:
        return step.kind in ("knowledge", "rule")

    def _owl(self, step: Step, premises: frozenset[Triple]) -> None:
        found = owl.instance(step.rule, premises, step.triple)
        if step.absences or step.aggregates:
            self._reject(step, f"no absence and no count, as {step.rule} has none", "some")
        if found is None:
            self._reject(step, f"an instance of {owl.row(step.rule)}", _given(premises, step.triple))
            return
        terms = {term for triple in (*premises, step.triple) for term in terms_of(triple)}
        for name, term in step.substitution:
            if term not in terms:
                self._reject(step, f"a term of the step as {name}", term)

    def _names_only(self, step: Step, terms: tuple[str, ...]) -> None:
        """Reject values that a step names beside the terms it speaks of."""
        for name, term in step.substitution:
            if term not in terms:
                self._reject(step, f"subject or union as {name}", term)

    def _ours(self, step: Step, rule: SparqlRule, premises: frozenset[Triple]) -> None:
        for expected, found in absence_faults(step, rule):
            self._reject(step, expected, found)
        if says_all_members_fail(rule, premises, step.triple):
            self._names_only(step, (step.triple[0], step.triple[2]))
            return
        satisfied = ways(rule, premises, step.substitution)
        wrong = fault(rule, premises, step.triple, satisfied)
        if wrong:
            self._reject(step, f"what {rule.name} concludes from its premises alone", wrong)
        elif not satisfied:
            values = ", ".join(f"{name} = {term}" for name, term in step.substitution)
            self._reject(step, f"values under which the premises satisfy {rule.name}", values)
        elif not rule.monotone:
            self._replayed(step, rule, premises, satisfied)

    def _replayed(self, step: Step, rule: SparqlRule, premises: frozenset[Triple], satisfied: frozenset[Row]) -> None:
        """Hold a step with absence or count against all that the record makes true.

        Its premises must be there when its layer runs, and the way in which they satisfy the rule without its
        absences must be one in which the whole graph satisfies the rule with them.
        """
        if self.record is None:
            self._leave(step, "a record to replay absence and counting on", "none given")
            return
        question = self.proof.question
        if question and not {predicate for _, predicate, _ in question}.issuperset(QUESTION):
            self._leave(step, "the whole question (type, about, date, jurisdiction)", "a part of it")
            return
        try:
            made = self.material.replay(frozenset({*self.record.files, *self.record.lists, *question}))
        except RuleError as error:
            self._leave(step, "layers that can be replayed", str(error))
            return
        layer = self.ranks[step.id]
        if not satisfied & made.rows(rule, layer):
            values = ", ".join(f"{name} = {term}" for name, term in sorted(min(satisfied, key=sorted)))
            self._reject(step, f"a way in which the whole record satisfies {rule.name}", values)
        for premise in sorted(premises):
            if not premise[2].startswith("(") and not made.holds(premise, layer):
                self._reject(step, f"premises that are there when layer {rule.layer} runs", show(premise))


def _given(premises: frozenset[Triple], conclusion: Triple) -> str:
    told = " . ".join(show(triple) for triple in sorted(premises)[:12])
    more = f" . and {len(premises) - 12} more" if len(premises) > 12 else ""
    return f"{told}{more} | {show(conclusion)}"
