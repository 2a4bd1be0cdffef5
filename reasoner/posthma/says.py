"""Names and sentences for proofs: labels, rule templates, places of facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from posthma.intake.rdf import Record
from posthma.knowledge import Knowledge
from posthma.proof import short
from posthma.rules.sparql import RuleText
from posthma.terms import Triple, literal_parts
from posthma.vocab import OWL, PREFIXES, RDF, P, curie

_AGGREGATE = re.compile(r"\b(COUNT|SUM|MIN|MAX)\s*\(\s*(?:DISTINCT\s+)?[^)]*\)", re.IGNORECASE)
_MADE = re.compile(r"(<.+?)(/fresh)?(?:/(?!fresh/)([\w-]+)/(?!fresh>)([^/>]+))?>")
_ASKED = re.compile(r"<.*/asked/(\d{4}-\d\d-\d\d)/\w+>")
_NO_PANEL = "<https://w3id.org/posthma/kb/panelNotStated>"
_DESCRIBED = (P.analyte, P.agent, P.panel, P.disease, P.response, P.scheme, P.states, P.wants)


class Sentences:
    """Names things of the knowledge by their labels and record items by what they are.

    Args:
        knowledge: Labels and places of knowledge triples.
        rules: Sentence templates.
        record: Places and descriptions of record items; None for bare triples.
    """

    def __init__(self, knowledge: Knowledge, rules: Iterable[RuleText], record: Record | None) -> None:
        self.knowledge, self.record = knowledge, record
        self._rules = {rule.id: rule for rule in rules}
        self._items: dict[str, str] | None = None

    def label(self, token: str) -> str:
        """Return a readable name: a label, a description of a record item, a literal's text, or the IRI's end."""
        if token[0] == '"':
            return literal_parts(token)[0]
        if token[0] == "(":
            return token
        known = self.knowledge.label(token)
        if known and known != curie(token):
            return known
        return self._described().get(token) or self._made(token) or short(token)

    def _made(self, token: str) -> str:
        """Name what rules make for a situation: its fresh twin, the view of a line, a result; empty for others."""
        found = _MADE.fullmatch(token)
        if not found:
            asked = _ASKED.fullmatch(token)
            return f"the situation on {asked[1]}" if asked else ""
        situation, twin, kind, name = found[1] + ">", found[2], found[3], found[4]
        if twin and not kind:
            return f"{self.label(situation)}, by fresh findings"
        if name in self._lines:
            return self._lines[name]
        thing = {"result": "the current result for", "option": "what is said of", "evidence": "what is said of",
                 "label": "what is said of"}.get(kind)  # fmt: skip
        known = self.knowledge.label(f"<{PREFIXES['kb']}{name}>") if thing else ""
        return f"{thing} {known}" if known and ":" not in known.split(" ")[0] else ""

    @cached_property
    def _lines(self) -> dict[str, str]:
        """Local name of a therapy line -> its agents and dates."""
        found: dict[str, str] = {}
        said: dict[str, dict[str, list[str]]] = {}
        for s, p, o in self.record.triples if self.record else ():
            said.setdefault(s, {}).setdefault(p, []).append(o)
        for item, facts in said.items():
            if P.agent in facts:
                agents = " + ".join(sorted(self.knowledge.label(o) for o in facts[P.agent]))
                days = [literal_parts(facts[p][0])[0] for p in (P.date, P.endDate) if p in facts]
                found[item.rstrip(">").rpartition("/")[2]] = f"{agents}{', ' if days else ''}{' to '.join(days)}"
        return found

    def _described(self) -> dict[str, str]:
        if self._items is None:
            self._items = {}
            said: dict[str, dict[str, str]] = {}
            for s, p, o in self.record.triples if self.record else ():
                said.setdefault(s, {}).setdefault(p, o)
            for item, facts in said.items():
                kind = next((self.knowledge.label(facts[p]) for p in _DESCRIBED if p in facts), "")
                if facts.get(P.panel) == _NO_PANEL:
                    kind = f"{self.knowledge.label(facts[RDF.type])}, {kind},"
                reported = literal_parts(facts[P.reported])[0] if P.reported in facts else ""
                day = literal_parts(facts[P.date])[0] if P.date in facts else ""
                if P.Patient == facts.get(RDF.type):
                    self._items[item] = "the patient"
                elif P.Question == facts.get(RDF.type):
                    self._items[item] = f"the situation on {day}"
                elif kind:
                    self._items[item] = " ".join(
                        x for x in (kind, f"({reported})" if reported else "", f"of {day}" if day else "") if x
                    )
        return self._items

    def template(self, rule: str) -> str | None:
        """Return a rule's sentence template; None for rules of OWL 2 RL."""
        found = self._rules.get(rule)
        return found.says if found else None

    def record_place(self, triple: Triple) -> str:
        """Return where a fact stands in the record."""
        return self.record.place(triple) if self.record else "asserted"

    def knowledge_place(self, triple: Triple) -> tuple[str, str | None]:
        """Return file and source document of a knowledge triple; a list axiom is found by its subject."""
        s, p, o = triple
        if o.startswith("("):
            triple = self.knowledge.first(s, p) or triple
        documents = self.knowledge.documents_of(triple)
        files = self.knowledge.files_of(triple)
        return (files[0] if files else f"<{OWL.BASE}>"), (documents[0] if documents else None)

    def absences(self, rule: str) -> list[dict[str, str]]:
        """Return what a rule finds absent and the licence for it."""
        found = self._rules.get(rule)
        if found is None or found.absence == "none":
            return []
        patterns = not_exists(found.text)
        return [{"pattern": pattern, "licence": found.absence} for pattern in patterns or ["(grouping)"]]

    def aggregates(self, rule: str) -> list[str]:
        """Return the groupings of a rule as written."""
        found = self._rules.get(rule)
        if found is None:
            return []
        query = "\n".join(line for line in found.text.splitlines() if not line.startswith("#"))
        return [m.group(0) for m in _AGGREGATE.finditer(query)]


def not_exists(text: str) -> list[str]:
    """Return every outermost ``NOT EXISTS { ... }`` of a query, as written, white space folded."""
    found, start = [], 0
    query = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for match in re.finditer(r"NOT\s+EXISTS\s*\{", query):
        if match.start() < start:
            continue
        depth, end = 1, match.end()
        while depth and end < len(query):
            depth += {"{": 1, "}": -1}.get(query[end], 0)
            end += 1
        found.append(" ".join(query[match.start() : end].split()))
        start = end
    return found
