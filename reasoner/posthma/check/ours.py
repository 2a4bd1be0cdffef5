"""Whether a step by one of the project's own rules follows from its premises.

Three questions, each answered from the rule file and the step alone: does the rule, run over a graph of exactly the
premises, conclude this; is every premise needed; and does the step name its absences as the rule does.
"""

from __future__ import annotations

from posthma.check.sources import store
from posthma.check.sparql import Row, SparqlRule, as_stored, concludes, rows
from posthma.check.structure import Step
from posthma.check.terms import OWL, P, Triple, members, terms_of
from posthma.check.verdict import show

FAILS = f"<{P}fails>"
UNION = f"<{OWL}unionOf>"
GROUPING = "(grouping)"
"""How a proof writes the absence that a count or an extreme implies: no further row."""


def says_all_members_fail(rule: SparqlRule, premises: frozenset[Triple], conclusion: Triple) -> bool:
    """Tell whether a step refutes a union in one go.

    The rule files walk the list of a union cell by cell and leave a mark (p:failsAll) on each. A proof shows the walk
    as one step of the rule that closes it: the union axiom, and one p:fails for each member.
    """
    subject, predicate, union = conclusion
    if predicate != FAILS or "failsAll" not in rule.text or "unionOf" not in rule.text:
        return False
    axioms = [triple for triple in premises if triple[:2] == (union, UNION) and triple[2].startswith("(")]
    if len(axioms) != 1:
        return False
    items = members(axioms[0][2])
    return bool(items) and premises == {axioms[0], *((subject, FAILS, item) for item in items)}


def ways(rule: SparqlRule, premises: frozenset[Triple], said: tuple[tuple[str, str], ...]) -> frozenset[Row]:
    """Return the ways in which the premises satisfy a rule, absences taken out, by the values that a step names.

    A variable that the rule keeps inside a subquery cannot be seen; its value must be a term of the premises.
    """
    wanted = {name.lstrip("?$"): _stored(term) for name, term in said}
    found = rows(rule.positive, store(premises))
    seen = {name for row in found for name, _ in row}
    terms = {term for triple in premises for term in terms_of(triple)}
    if any(name not in seen and term not in terms for name, term in wanted.items()):
        return frozenset()
    return frozenset(row for row in found if all(wanted.get(name, term) == term for name, term in row))


def fault(rule: SparqlRule, premises: frozenset[Triple], conclusion: Triple, satisfied: frozenset[Row]) -> str:
    """Return what is wrong with a step as an instance of its rule; "" when nothing is.

    With absences taken out the rule must conclude this from the premises. Every premise must be needed: without it
    either the conclusion is gone or the way of reaching it, with all values that the rule names. A maximum rests on
    one row at the extreme, a count or sum on every row.
    """
    if not concludes(rule.positive, premises, conclusion):
        told = " . ".join(show(triple) for triple in sorted(premises)[:12])
        return f"{show(conclusion)}, which does not follow from {told or 'nothing'}"
    for premise in sorted(premises):
        fewer = premises - {premise}
        if concludes(rule.positive, fewer, conclusion) and satisfied & rows(rule.positive, store(fewer)):
            return f"a premise that it does not need: {show(premise)}"
    return ""


def _stored(term: str) -> str:
    """Write a term as a store writes it."""
    if not term.startswith('"'):
        return term
    return next(iter(as_stored([("<x:s>", "<x:p>", term)])))[2]


def absence_faults(step: Step, rule: SparqlRule) -> list[tuple[str, str]]:
    """Compare the absences and counts that a step names with those of its rule, as (expected, found) pairs."""
    faults = []
    text = _words(rule.text)
    denies = rule.denies or bool(rule.aggregates)  # a count says that there is no further row
    if denies and not rule.licence:
        faults.append((f"a rule that says what licenses its absence, in the header of {rule.name}", "none"))
    if denies and not step.absences:
        faults.append((f"the absences of {rule.name}, each with its licence", "none"))
    for start, end in rule.absences if step.absences else ():
        if not any(_words(rule.text[start:end]) in _words(absence.pattern) for absence in step.absences):
            faults.append((f"the absence {rule.text[start:end]}", "it left out"))
    for absence in step.absences:
        grouped = absence.pattern == GROUPING and rule.aggregates and not rule.absences
        if not grouped and (not absence.pattern or _words(absence.pattern) not in text):
            faults.append((f"an absence that {rule.name} speaks of", absence.pattern or "an empty one"))
        if not absence.licence or _words(absence.licence) not in _words(rule.licence):
            faults.append((f"the licence of {rule.name} ({rule.licence or 'none'})", absence.licence or "none"))
    if bool(rule.aggregates) != bool(step.aggregates):
        faults.append((f"the counts {', '.join(rule.aggregates) or 'none'}", ", ".join(step.aggregates) or "none"))
    for count in step.aggregates:
        if _words(count) not in text:
            faults.append((f"a count of {rule.name}", count))
    return faults


def _words(text: str) -> str:
    return "".join(text.split())
