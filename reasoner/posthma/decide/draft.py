"""A record with changes written into it as events of the decision date.

Every event that is added is marked as constructed and says that it is supposed. A finding that is set takes the place
of results of the decision date itself; older results stay, since the newer one counts. A finding that is unset goes out
of every event that the situation sees. What only therapy lines bring about is supposed of the situation itself, without
an event.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from posthma.closed import Closure
from posthma.decide.changes import Change, Interval, Way, Ways, as_findings
from posthma.decide.guidance import RDF_TYPE
from posthma.errors import UsageError
from posthma.question import Asked
from posthma.terms import XSD, Triple
from posthma.vocab import KB, P, curie

SUPPOSED = '"supposed, not observed"'
TRUE = f'"true"^^<{XSD}boolean>'


@dataclass(frozen=True)
class Supposed:
    """What became of a record.

    Attributes:
        triples: The facts with the changes.
        added: The facts that the record does not hold.
        removed: Facts of the record that were taken out.
        says: What was changed, one sentence each.
    """

    triples: tuple[Triple, ...]
    added: frozenset[Triple]
    removed: tuple[Triple, ...]
    says: tuple[str, ...]


def write(changes: Iterable[Change], ways: Ways, asked: Asked, closure: Closure) -> Supposed:
    """Write changes into a record.

    Args:
        changes: What is supposed.
        ways: How findings come about.
        asked: The record's facts with one question.
        closure: The record closed, unchanged.

    Raises:
        UsageError: Two changes cannot both be, or one names nothing that a record can state.
    """
    draft = _Draft(ways, asked, closure)
    guidance = ways.guidance
    found = [c for change in changes for c in as_findings(change, guidance)]
    for change in (c for c in found if c.to == "unset"):
        draft.unset(change.term)
    for change in (c for c in found if c.to != "unset"):
        draft.want(change)
    draft.settle()
    return draft.result()


class _Draft:
    """Facts under change."""

    def __init__(self, ways: Ways, asked: Asked, closure: Closure) -> None:
        self.ways, self.guidance, self.asked, self.closure = ways, ways.guidance, asked, closure
        self.facts: dict[str, dict[Triple, None]] = {}
        for triple in asked.triples:
            self.add(triple)
        self.says: list[str] = []
        self.seen = sorted(o for _, _, o in closure.match(asked.question, P.sees))
        self.day = next(o for _, _, o in closure.match(asked.question, P.date))
        today = {o for _, _, o in closure.match(asked.question, P.asOfDay)}
        self.tied = [e for e in self.seen if any(o in today for _, _, o in closure.match(e, P.latestDay))]
        self.wanted: dict[str, bool] = {}
        self.limits: dict[str, Interval] = {}
        self.asked_limits: dict[str, list[str]] = {}
        self.risk: list[str] = []
        self.supposed: list[str] = []
        self.others: list[Way] = []

    # --- reading and writing

    def objects(self, event: str, predicate: str) -> list[str]:
        """Return what is said of an event now."""
        return [o for _, p, o in self.facts.get(event, ()) if p == predicate]

    def add(self, triple: Triple) -> None:
        """Enter a fact."""
        self.facts.setdefault(triple[0], {})[triple] = None

    def remove(self, triple: Triple) -> None:
        """Take a fact out."""
        self.facts.get(triple[0], {}).pop(triple, None)

    # --- wishes, gathered before anything is written

    def want(self, change: Change) -> None:
        """Take in one change that sets something."""
        guidance, term = self.guidance, change.term
        if change.to == "value":
            if not guidance.one(term, P.unit):
                raise UsageError("--set", f"{curie(term)} is not measured", "give a value to an analyte only")
            self._limit(term, change.interval, str(change))
        elif change.to == "met":
            ways = self.ways.of(term)
            if not ways:
                self._suppose(term)
            else:
                self._way(next((w for w in ways if w.form != "diagnosis" or w.present), ways[0]), term)
        else:
            form, present = self.ways.form(term), change.to == "found"
            if not guidance.one(term, P.presentClass) and form == "test" and not guidance.objects(term, P.kindOf):
                raise UsageError("--set", f"{curie(term)} is nothing that is found or absent", "set a target")
            if form in ("wish", "risk") and not present:
                raise UsageError("--set", f"{curie(term)} cannot be absent", "set another of its kind, or unset it")
            self._way(Way(form, term, present), term)

    def _way(self, way: Way, wish: str) -> None:
        if way.form == "limit":
            self._limit(way.term, way.interval, curie(wish))
        elif way.form == "risk":
            self.risk.append(wish)
        elif way.form == "wish":
            self.others.append(way)
        else:
            self._target(way.term, way.present)

    def _target(self, term: str, present: bool) -> None:
        for other, wanted in self.wanted.items():
            clash = (term == other and present != wanted) or (
                present != wanted and (other if present else term) in self.ways.above(term if present else other)
            )
            if clash:
                fact = f"{curie(term)} and {curie(other)} cannot both be so"
                raise UsageError("--set", fact, "leave one of them out")
        self.wanted[term] = present

    def _limit(self, analyte: str, interval: Interval, wish: str) -> None:
        both = self.limits.get(analyte, Interval()).meet(interval)
        self.asked_limits.setdefault(analyte, []).append(wish)
        if both is None:
            fact = f"no value is {' and '.join(self.asked_limits[analyte])}"
            raise UsageError("--set", fact, "leave one of them out")
        self.limits[analyte] = both

    def _suppose(self, finding: str) -> None:
        value = (self.asked.question, P.fails, finding) in self.closure
        if value:
            fact = f"{self.guidance.label(finding)} is refuted by the therapy lines of the record"
            raise UsageError("--set", fact, "change the lines in the record itself")
        self.supposed.append(finding)

    # --- writing

    def settle(self) -> None:
        """Write what was gathered."""
        for term in sorted(self.wanted):
            self._write_target(term, self.wanted[term])
        for analyte in sorted(self.limits):
            self._write_value(analyte)
        for wish in dict.fromkeys(self.risk):
            self._write_risk(wish)
        for way in self.others:
            self._write_wish(way.term)
        situations = [self.asked.question, *(s for s, _, _ in self.closure.match(None, P.freshOf, self.asked.question))]
        for finding in dict.fromkeys(self.supposed):
            for situation in situations:
                self.add((situation, RDF_TYPE, finding))
            self.says.append(f"{self.guidance.label(finding)}: taken to hold; only the history of therapy can show it")

    def _event(self, kind: str, name: str, *facts: tuple[str, str]) -> None:
        event = f"{self.asked.patient[:-1]}/supposed/{name.rstrip('>').rpartition('/')[2]}>"
        self.add((self.asked.patient, P.event, event))
        marks = ((P.date, self.day), (P.constructedDate, TRUE), (P.reported, SUPPOSED))
        for predicate, value in ((RDF_TYPE, kind), *marks, *facts):
            self.add((event, predicate, value))

    def _write_target(self, term: str, present: bool) -> None:
        label = self.guidance.label(term)
        if self.ways.form(term) == "diagnosis":
            if present:
                self._event(P.Diagnosis, term, (P.disease, term))
            else:
                self.forget_disease(term, self.seen)
            self.says.append(f"{label}: {'diagnosed' if present else 'not diagnosed'}")
            return
        self.forget_target(term, self.tied)
        panel = ((P.panel, KB.panelNotStated), (P.conclusive, TRUE))
        if present:
            self._event(P.Test, term, *panel, (P.found, term))
        else:
            self._event(P.Test, term, *panel, *((P.notFound, kind) for kind in self.ways.below(term)))
        self.says.append(f"{label}: {'found' if present else 'looked for and not found'}")

    def _write_value(self, analyte: str) -> None:
        interval = self.limits[analyte]
        for cls, way in self.ways.findings(analyte):  # what is known of the value stays known where it can
            if (self.asked.question, RDF_TYPE, cls) in self.closure:
                interval = interval.meet(way.interval) or interval
        low, high = (self.guidance.text(analyte, p) for p in (P.plausibleLow, P.plausibleHigh))
        plausible = Interval(Decimal(low) if low else None, Decimal(high) if high else None)
        within = interval.meet(plausible)
        if self.ways.whole_numbers(analyte) and within is not None:
            within = within.whole()
        if within is None:
            raise UsageError("--set", f"{curie(analyte)} {interval} is not plausible", f"give {plausible}")
        for event in self.tied:
            if analyte in self.objects(event, P.analyte):
                self.remove_event(event)
        facts = [(P.analyte, analyte), (P.unit, self.guidance.one(analyte, P.unit))]
        for predicate, flag, bound, out in (
            (P.low, P.lowExclusive, within.low, within.low_out),
            (P.high, P.highExclusive, within.high, within.high_out),
        ):
            if bound is not None:
                facts.append((predicate, _decimal(str(bound))))
                facts += [(flag, TRUE)] if out else []
        self._event(P.Measurement, analyte, *facts)
        self.says.append(f"{self.guidance.label(analyte)}: {interval} {self.guidance.label(facts[1][1])}")

    def _write_risk(self, wish: str) -> None:
        guidance = self.guidance
        groups: dict[str, str] = {}
        for group in guidance.instances(P.RiskGroup):
            if wish in (group, *guidance.objects(group, P.riskClass)):
                groups.setdefault(guidance.one(group, P.scheme), group)
        now = [o for _, _, o in self.closure.match(self.asked.question, P.currentRisk)]
        schemes = sorted({x for r in now for x in self.objects(r, P.scheme) if x in groups}) or sorted(groups)[:1]
        for event in [*now, *self.tied]:  # an assignment by a score that cannot say so would stand against it
            if P.RiskAssignment in self.objects(event, RDF_TYPE) and event in self.tied + [
                e for e in now if not set(self.objects(e, P.scheme)) & set(schemes)
            ]:
                self.remove_event(event)
        for scheme in schemes:
            self._event(P.RiskAssignment, groups[scheme], (P.scheme, scheme), (P.group, groups[scheme]))
            self.says.append(f"{guidance.label(scheme)}: {guidance.label(groups[scheme])} assigned")

    def _write_wish(self, wish: str) -> None:
        for event in self.tied:
            if P.Preference in self.objects(event, RDF_TYPE):
                self.remove_event(event)
        self._event(P.Preference, wish, (P.wants, wish))
        self.says.append(f"wish of the patient: {self.guidance.label(wish)}")

    # --- taking out

    def unset(self, term: str) -> None:
        """Take a term or finding out of every event that the situation sees."""
        said = self.guidance.said[term]
        ways = self.ways.of(term) or self.ways.of(self.guidance.contrary.get(term, ""))
        if not ways and (P.presentClass in said or P.kindOf in said or P.riskClass in said):
            ways = [Way(self.ways.form(term), term)]
        elif not ways and self.guidance.one(term, P.unit):
            ways = [Way("limit", term)]
        if not ways:
            fact = f"{curie(term)} does not come from single events of a record"
            raise UsageError("--unset", fact, "name a target, an analyte or a finding of one")
        for way in ways:
            if way.form == "limit":
                self._remove_all(P.analyte, way.term)
            elif way.form == "risk":
                self._remove_kind(P.RiskAssignment)
            elif way.form == "wish":
                self._remove_kind(P.Preference)
            elif way.form == "diagnosis":
                self.forget_disease(way.term, self.seen)
            else:
                self.forget_target(way.term, self.seen)
        self.says.append(f"{self.guidance.label(term)}: taken out of the record")

    def _remove_all(self, predicate: str, value: str) -> None:
        for event in self.seen:
            if value in self.objects(event, predicate):
                self.remove_event(event)

    def _remove_kind(self, kind: str) -> None:
        self._remove_all(RDF_TYPE, kind)

    def remove_event(self, event: str) -> None:
        """Take an event out."""
        self.facts.pop(event, None)
        self.remove((self.asked.patient, P.event, event))

    def forget_disease(self, disease: str, events: Iterable[str]) -> None:
        """Take a disease out of diagnoses; what it is a kind of stays diagnosed."""
        kinds = set(self.ways.below(disease))
        for event in events:
            named = self.objects(event, P.disease)
            if set(named) & kinds:
                self._generalise(event, P.disease, named, kinds)
                if not self.objects(event, P.disease):
                    self.remove_event(event)

    def forget_target(self, target: str, events: Iterable[str]) -> None:
        """Take a target out of tests, which then neither found it nor looked for it; all else they say stays."""
        kinds = set(self.ways.below(target))
        for event in events:
            found, missed = self.objects(event, P.found), set(self.objects(event, P.notFound))
            covered = [g for panel in self.objects(event, P.panel) for g in self.guidance.objects(panel, P.covers)]
            if not kinds & {*found, *covered, *missed}:
                continue
            had = {g for x in found for g in self.ways.above(x)}
            self._generalise(event, P.found, found, kinds)
            for term in missed & kinds:
                self.remove((event, P.notFound, term))
            if kinds & set(covered):
                for panel in self.objects(event, P.panel):
                    self.remove((event, P.panel, panel))
                self.add((event, P.panel, KB.panelNotStated))
                for term in covered:
                    if term not in kinds and term not in had:
                        self.add((event, P.notFound, term))
            if not self.objects(event, P.found) and not self.objects(event, P.notFound):
                self.remove_event(event)

    def _generalise(self, event: str, predicate: str, named: list[str], kinds: set[str]) -> None:
        """Replace kinds of a term by what is known besides: the terms that they are kinds of."""
        for term in named:
            if term in kinds:
                self.remove((event, predicate, term))
                for general in self.ways.above(term):
                    if general not in kinds:
                        self.add((event, predicate, general))

    def result(self) -> Supposed:
        """Return the changed facts."""
        before = dict.fromkeys(self.asked.triples)
        after = dict.fromkeys(triple for facts in self.facts.values() for triple in facts)
        added = frozenset(t for t in after if t not in before)
        return Supposed(tuple(after), added, tuple(t for t in before if t not in after), tuple(self.says))


def _decimal(text: str) -> str:
    """Write a number as the record does: an integer where it is one, else a decimal."""
    return f'"{text}"^^<{XSD}{"decimal" if "." in text else "integer"}>'
