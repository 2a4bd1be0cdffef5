"""A tiny knowledge folder with every kind of rule, a record, and proofs over them written by hand.

The clinical words are only names here; numbers and rules are made up to exercise the checker.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from tests.check.owl_steps import FALSE, token, triple

PREFIX = """@prefix p: <https://w3id.org/posthma/ontology/> .
@prefix kb: <https://w3id.org/posthma/kb/> .
@prefix r: <http://example.org/record/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FILES = {
    "ontology/tiny.ttl": """
        p:Over20 a owl:Class ; p:contrary p:AtMost20 ; owl:disjointWith p:AtMost20 .
        p:GenePresent a owl:Class ; p:contrary p:GeneAbsent ; owl:disjointWith p:GeneAbsent .
        p:Wild owl:intersectionOf ( p:Over20 p:GeneAbsent ) .
        p:Either owl:unionOf ( p:Over20 p:GenePresent ) .
        [] a owl:Restriction ; owl:onProperty p:view ; owl:someValuesFrom p:Wild ; rdfs:subClassOf p:Seen .
    """,
    "kb/thresholds.ttl": """
        kb:threshold-20 a p:Threshold ; p:analyte kb:blasts ; p:limit 20 ; p:aboveClass p:Over20 ; p:belowClass p:AtMost20 .
        kb:gene p:presentClass p:GenePresent ; p:absentClass p:GeneAbsent .
        kb:panel p:covers kb:gene .
        kb:doubly p:says "stated twice" .
        kb:EU a p:Jurisdiction .
    """,
    "kb/sources/paper-1/options.ttl": """
        kb:option-1 a p:Option ; p:forPopulation p:Wild .
        kb:doubly p:says "stated twice" .
    """,
    "kb/sources/paper-2/options.ttl": """
        kb:option-2 a p:Option ; p:forPopulation p:Either .
    """,
    "queries/rules/layers.toml": 'order = ["time", "measures", "findings", "logic", "refute", "lift", "logic", "refute"]\n',
    "queries/rules/time/R-TIME-001.rq": """# id: R-TIME-001
# title: a made-up day number
# layer: time
# absence: none
CONSTRUCT { ?e p:day ?n } WHERE { ?e p:date ?t BIND(YEAR(?t) * 372 + MONTH(?t) * 31 + DAY(?t) AS ?n) }
""",
    "queries/rules/time/R-TIME-002.rq": """# id: R-TIME-002
# title: a situation sees what lies before its date
# layer: time
# absence: none
CONSTRUCT { ?q p:sees ?e } WHERE { ?q a p:Question ; p:about/p:event ?e ; p:day ?d . ?e p:day ?ed FILTER(?ed <= ?d) }
""",
    "queries/rules/measures/R-MEAS-001.rq": """# id: R-MEAS-001
# title: the latest measurement of an analyte; # and { in a comment do no harm
# layer: measures
# absence: record: no later measurement of the same analyte
CONSTRUCT { ?s p:current ?e }
WHERE { { SELECT ?s ?a (MAX(?d) AS ?last) { ?s p:sees ?x . ?x p:analyte ?a ; p:day ?d } GROUP BY ?s ?a }
  ?s p:sees ?e . ?e p:analyte ?a ; p:day ?last }
""",
    "queries/rules/measures/R-MEAS-002.rq": """# id: R-MEAS-002
# title: how many cycles are seen
# layer: measures
# absence: record: no further cycle
CONSTRUCT { ?s p:cyclesSeen ?n }
WHERE { { SELECT ?s (COUNT(?c) AS ?n) { ?s p:sees ?c . ?c a p:Cycle } GROUP BY ?s } FILTER NOT EXISTS { ?s p:summary ?any } }
""",
    "queries/rules/measures/R-MEAS-003.rq": """# id: R-MEAS-003
# title: a summary, made in the layer whose absence R-MEAS-002 looks for
# layer: measures
# absence: none
CONSTRUCT { ?s p:summary ?n } WHERE { ?s p:sees ?l . ?l a p:TherapyLine ; p:cycles ?n }
""",
    "queries/rules/findings/R-FIND-001.rq": """# id: R-FIND-001
# title: over a threshold or not
# layer: findings
# absence: none
CONSTRUCT { ?s a ?class }
WHERE { ?s p:current ?e . ?e p:analyte ?a ; p:low ?lo ; p:high ?hi .
  ?t a p:Threshold ; p:analyte ?a ; p:limit ?k ; p:aboveClass ?above ; p:belowClass ?below .
  BIND(IF(?lo > ?k, ?above, IF(?hi <= ?k, ?below, ?undecided)) AS ?class) FILTER(BOUND(?class)) }
""",
    "queries/rules/findings/R-FIND-002.rq": """# id: R-FIND-002
# title: a gene that the panel covers and did not find
# layer: findings
# absence: licence: the panel covers the gene
CONSTRUCT { ?s a ?class }
WHERE { ?s p:sees ?e . ?e p:panel/p:covers ?g . ?g p:absentClass ?class FILTER NOT EXISTS { ?e p:found/p:kindOf? ?g } }
""",
    "queries/rules/findings/R-FIND-003.rq": """# id: R-FIND-003
# title: a gene that was found
# layer: findings
# absence: none
CONSTRUCT { ?s a ?class } WHERE { ?s p:sees ?e . ?e p:found/p:kindOf? ?g . ?g p:presentClass ?class }
""",
    "queries/rules/refute/R-REF-001.rq": """# id: R-REF-001
# title: what is of the contrary class fails
# layer: refute
# absence: none
CONSTRUCT { ?x p:fails ?c } WHERE { ?x a ?d . ?c p:contrary|^p:contrary ?d }
""",
    "queries/rules/refute/R-REF-002.rq": """# id: R-REF-002
# title: an intersection fails with one member
# layer: refute
# absence: none
CONSTRUCT { ?x p:fails ?c } WHERE { ?x p:fails ?m . ?c owl:intersectionOf/rdf:rest*/rdf:first ?m }
""",
    "queries/rules/refute/R-REF-003.rq": """# id: R-REF-003
# layer: refute
CONSTRUCT { ?x p:failsAll ?l } WHERE { ?l rdf:rest rdf:nil ; rdf:first ?m . ?u owl:unionOf/rdf:rest* ?l . ?x p:fails ?m }
""",
    "queries/rules/refute/R-REF-004.rq": """# id: R-REF-004
# layer: refute
CONSTRUCT { ?x p:failsAll ?l } WHERE { ?x p:failsAll ?t . ?l rdf:rest ?t ; rdf:first ?m . ?x p:fails ?m }
""",
    "queries/rules/refute/R-REF-005.rq": """# id: R-REF-005
# title: a union fails when every member fails
# layer: refute
# absence: none
CONSTRUCT { ?x p:fails ?c } WHERE { ?c owl:unionOf ?l . ?x p:failsAll ?l }
""",
    "queries/rules/lift/R-LIFT-001.rq": """# id: R-LIFT-001
# title: no event seen leaves the union open
# layer: lift
# absence: licence: the patient's events are complete
CONSTRUCT { ?s a p:Closed }
WHERE { ?s a p:Question ; p:about/p:complete true ; p:cyclesSeen ?some
  FILTER NOT EXISTS { ?s p:sees ?e FILTER NOT EXISTS { ?e p:day ?d } FILTER NOT EXISTS { ?s p:fails p:Either } } }
""",
    "queries/rules/lift/R-LIFT-002.rq": """# id: R-LIFT-002
# title: an absence that its header does not license
# layer: lift
# absence: none
CONSTRUCT { ?s a p:Unlicensed } WHERE { ?s a p:Question FILTER NOT EXISTS { ?s p:never ?x } }
""",
}
RECORD = """
r:patient a p:Patient ; p:complete true ; p:event r:bm1, r:bm2, r:bm3, r:test, r:c1, r:c2, r:c3, r:late .
r:q a p:Question ; p:about r:patient ; p:date "2017-06-10"^^xsd:date .
r:bm1 p:analyte kb:blasts ; p:low 04 ; p:high 04 ; p:date "2017-01-02"^^xsd:date .
r:bm2 p:analyte kb:blasts ; p:low 30.50 ; p:high 30.50 ; p:date "2017-06-01"^^xsd:date .
r:bm3 p:analyte kb:blasts ; p:low 3 ; p:high 3 ; p:date "2018-06-01"^^xsd:date .
r:test p:panel kb:panel ; p:date "2017-06-05"^^xsd:date .
r:c1 a p:Cycle ; p:date "2017-02-01"^^xsd:date .
r:c2 a p:Cycle ; p:date "2017-03-01"^^xsd:date .
r:c3 a p:Cycle ; p:date "2017-04-01"^^xsd:date .
r:late a p:Cycle ; p:date "2017-09-01"^^xsd:date .
"""
CYCLES = "COUNT(?c)"
LATEST = "MAX(?d)"
LATEST_ABSENCE = {"pattern": "(grouping)", "licence": "record: no later measurement of the same analyte"}
GENE_ABSENCE = {"pattern": "NOT EXISTS { ?e p:found/p:kindOf? ?g }", "licence": "the panel covers the gene"}
SUMMARY_ABSENCE = {"pattern": "NOT EXISTS { ?s p:summary ?any }", "licence": "no further cycle"}

Step = dict[str, Any]


def day(year: int, month: int, date: int) -> int:
    """The made-up day number of rule R-TIME-001."""
    return year * 372 + month * 31 + date


def write(folder: Path, extra: dict[str, str] | None = None) -> Path:
    """Write the knowledge folder and return it."""
    for name, text in {**FILES, **(extra or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((PREFIX if name.endswith(".ttl") else "") + text, encoding="utf-8")
    return folder


def write_record(path: Path, text: str = RECORD) -> Path:
    """Write the record and return its path."""
    path.write_text(PREFIX + text, encoding="utf-8")
    return path


class Script:
    """A proof in the making: each call adds a step and returns its id; the same triple is stated once."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._ids: dict[tuple[str, ...], int] = {}

    def _add(self, text: str, **rest: Any) -> int:
        stated = tuple(FALSE) if text == "false" else triple(text)
        if stated not in self._ids:
            self._ids[stated] = len(self.steps) + 1
            self.steps.append({"id": self._ids[stated], "triple": list(stated), **rest})
        return self._ids[stated]

    def record(self, text: str) -> int:
        return self._add(text, kind="record", place="record.ttl:1")

    def question(self, text: str) -> int:
        return self._add(text, kind="question", place="asked in the call")

    def known(self, text: str, place: str = "kb/thresholds.ttl", **rest: Any) -> int:
        return self._add(text, kind="knowledge", place=place, **rest)

    def rule(self, name: str, text: str, premises: list[int], **rest: Any) -> int:
        return self._add(text, kind="rule", rule=name, premises=premises, says="a sentence", **rest)

    # --- the parts that several proofs share --------------------------------------------------------------

    def day_of(self, node: str, year: int, month: int, date: int, asked: bool = False) -> int:
        text = f'{node} p:date "{year}-{month:02}-{date:02}"^^xsd:date'
        leaf = self.question(text) if asked else self.record(text)
        return self.rule("R-TIME-001", f"{node} p:day {day(year, month, date)}", [leaf])

    def sees(self, event: str, year: int, month: int, date: int, node: str = "r:q") -> int:
        asked = node != "r:q"
        stated = self.question if asked else self.record
        about = [stated(f"{node} a p:Question"), stated(f"{node} p:about r:patient"), self.record(f"r:patient p:event {event}")]
        days = [self.day_of(node, 2017, 6, 10, asked), self.day_of(event, year, month, date)]
        return self.rule("R-TIME-002", f"{node} p:sees {event}", [*about, *days])

    def current(self, node: str = "r:q") -> int:
        date = (2017, 6, 1)
        rows = [self.sees("r:bm2", *date, node), self.record("r:bm2 p:analyte kb:blasts"), self.day_of("r:bm2", *date)]
        values = {"s": token(node), "e": token("r:bm2"), "last": token(str(day(*date))), "x": token("r:bm2")}
        return self.rule(
            "R-MEAS-001", f"{node} p:current r:bm2", rows, aggregates=[LATEST], absences=[dict(LATEST_ABSENCE)],
            substitution=values,
        )  # fmt: skip

    def over_20(self, node: str = "r:q") -> int:
        premises = [
            self.current(node), self.record("r:bm2 p:analyte kb:blasts"), self.record("r:bm2 p:low 30.50"),
            self.record("r:bm2 p:high 30.50"), self.known("kb:threshold-20 a p:Threshold"),
            self.known("kb:threshold-20 p:analyte kb:blasts"), self.known("kb:threshold-20 p:limit 20"),
            self.known("kb:threshold-20 p:aboveClass p:Over20"), self.known("kb:threshold-20 p:belowClass p:AtMost20"),
        ]  # fmt: skip
        return self.rule("R-FIND-001", f"{node} a p:Over20", premises)

    def gene_absent(self, node: str = "r:q") -> int:
        premises = [
            self.sees("r:test", 2017, 6, 5, node), self.record("r:test p:panel kb:panel"),
            self.known("kb:panel p:covers kb:gene"), self.known("kb:gene p:absentClass p:GeneAbsent"),
        ]  # fmt: skip
        values = {"s": token(node), "e": token("r:test"), "g": token("kb:gene"), "class": token("p:GeneAbsent")}
        return self.rule(
            "R-FIND-002", f"{node} a p:GeneAbsent", premises, absences=[dict(GENE_ABSENCE)], substitution=values
        )

    def proof(self, knowledge: str, record: Path | None) -> dict[str, Any]:
        """Return the proof of the last step."""
        said = {"sha256": hashlib.sha256(record.read_bytes()).hexdigest()} if record else None
        header = {"format": "posthma-proof/1", "knowledge": {"version": "0", "sha256": knowledge}, "record": said}
        return {**header, "goal": len(self.steps), "steps": self.steps}


def latest() -> Script:
    """The row with the maximum of two; a third lies after the question's date."""
    script = Script()
    script.current()
    return script


def count() -> Script:
    """Three of four cycles seen, and no summary: a count with an absence."""
    script = Script()
    rows = []
    for cycle, month in (("r:c1", 2), ("r:c2", 3), ("r:c3", 4)):
        rows += [script.sees(cycle, 2017, month, 1), script.record(f"{cycle} a p:Cycle")]
    script.rule("R-MEAS-002", "r:q p:cyclesSeen 3", rows, aggregates=[CYCLES], absences=[dict(SUMMARY_ABSENCE)])
    return script


def wild() -> Script:
    """A threshold, an absence that a panel licenses, and an intersection of both."""
    script = Script()
    premises = [script.known("p:Wild owl:intersectionOf (p:Over20 p:GeneAbsent)", "ontology/tiny.ttl")]
    premises += [script.over_20(), script.gene_absent()]
    script.rule("cls-int1", "r:q a p:Wild", premises, substitution={"y": token("r:q"), "c": token("p:Wild")})
    return script


def asked() -> Script:
    """The same for a question that the call adds to the record."""
    script = Script()
    node = "r:asked"
    script.question(f"{node} p:jurisdiction kb:EU")
    premises = [script.known("p:Wild owl:intersectionOf (p:Over20 p:GeneAbsent)", "ontology/tiny.ttl")]
    premises += [script.over_20(node), script.gene_absent(node)]
    script.rule("cls-int1", f"{node} a p:Wild", premises)
    return script


def refuted_intersection() -> Script:
    """No rule of this record refutes p:Wild; here the contrary of a record's own class does."""
    script = Script()
    contrary = script.known("p:Over20 p:contrary p:AtMost20", "ontology/tiny.ttl")
    fails = script.rule("R-REF-001", "r:q p:fails p:AtMost20", [script.over_20(), contrary])
    assert fails == len(script.steps)
    return script


def refuted_union() -> Script:
    """Both members of a union fail: one step of the closing rule."""
    script = Script()
    low = script.record("r:s a p:AtMost20")
    absent = script.record("r:s a p:GeneAbsent")
    first = script.rule(
        "R-REF-001", "r:s p:fails p:Over20", [low, script.known("p:Over20 p:contrary p:AtMost20", "ontology/tiny.ttl")]
    )
    contrary = script.known("p:GenePresent p:contrary p:GeneAbsent", "ontology/tiny.ttl")
    second = script.rule("R-REF-001", "r:s p:fails p:GenePresent", [absent, contrary])
    union = script.known("p:Either owl:unionOf (p:Over20 p:GenePresent)", "ontology/tiny.ttl")
    script.rule("R-REF-005", "r:s p:fails p:Either", [union, first, second])
    return script


def refuted_intersection_of_two() -> Script:
    """One member of an intersection fails; the list is opened for the rule's path."""
    script = Script()
    contrary = script.known("p:Over20 p:contrary p:AtMost20", "ontology/tiny.ttl")
    fails = script.rule("R-REF-001", "r:s p:fails p:Over20", [script.record("r:s a p:AtMost20"), contrary])
    wild = script.known("p:Wild owl:intersectionOf (p:Over20 p:GeneAbsent)", "ontology/tiny.ttl")
    script.rule("R-REF-002", "r:s p:fails p:Wild", [wild, fails])
    return script


def contradiction() -> Script:
    """Two disjoint classes."""
    script = Script()
    disjoint = script.known("p:Over20 owl:disjointWith p:AtMost20", "ontology/tiny.ttl")
    script.rule("cax-dw", "false", [disjoint, script.record("r:both a p:Over20"), script.record("r:both a p:AtMost20")])
    return script


def existential() -> Script:
    """A restriction without a name: its blank node carries the canonical label."""
    script = Script()
    place = "ontology/tiny.ttl"
    node = "_:c14n1"  # by RDFC-1.0 over this folder; its lists have the other labels
    premises = [
        script.known(f"{node} owl:someValuesFrom p:Wild", place), script.known(f"{node} owl:onProperty p:view", place),
        script.record("r:s p:view r:v"), script.record("r:v a p:Wild"),
    ]  # fmt: skip
    inside = script.rule("cls-svf1", f"r:s a {node}", premises)
    script.rule("cax-sco", "r:s a p:Seen", [script.known(f"{node} rdfs:subClassOf p:Seen", place), inside])
    return script


def documented() -> Script:
    """A triple of a named graph, whose document is named."""
    script = Script()
    script.known(
        "kb:option-1 p:forPopulation p:Wild", "kb/sources/paper-1/options.ttl:8",
        document="<https://w3id.org/posthma/kb/source-paper-1>",
    )  # fmt: skip
    return script


EXTRA_RECORD = """
r:s a p:AtMost20, p:GeneAbsent ; p:view r:v .
r:v a p:Wild .
r:both a p:Over20, p:AtMost20 .
"""
GOOD = {
    "latest": latest,
    "count": count,
    "wild": wild,
    "asked": asked,
    "refuted": refuted_intersection,
    "refuted-intersection": refuted_intersection_of_two,
    "refuted-union": refuted_union,
    "contradiction": contradiction,
    "existential": existential,
    "documented": documented,
}
