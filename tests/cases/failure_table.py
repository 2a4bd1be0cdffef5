"""Records made of the rows of failure-table.tsv, which a haematologist can read, with what must come out.

A row is one line of a hypomethylating agent; rows of one patient follow each other. A time is counted in cycles of 28
days from the first day of the patient's first line: ``@8`` is day 224, ``@-2`` is 56 days before.

Columns:
    patient, what: Name of the record and what it is about.
    agent, dose, days, exposure: Drug, dose in mg/m2 a day, days a cycle (or 5-2-2), exposure as reported (standard, reduced).
    start, end: First and last day, as times; no end while the line runs.
    cycles, months: Length, as stated.
    gaps: Days from one cycle's start to the next; the cycles are then listed with dates.
    interrupted, complete, best, stop: yes or no; responses complete, yes; best response; reason for stopping.
    responses: Assessments, such as ``HI@3 lost@8``.
    events: Everything else, such as ``marrow 25@8; aml@9; risk ipssIntermediate1@-1; idh@8 idh2R172K; offer@8 nct02577406``.
    ask: Time of the question.
    lines: yes when the record holds every HMA line.
    gate, kind, certainty, remarks: What must come out; a dash for nothing, plus signs between several.

option-table.tsv has a row for every patient: under each status the options that must have it, and why.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from posthma.terms import Triple

TABLE = Path(__file__).with_name("failure-table.tsv")
OPTION_TABLE = Path(__file__).with_name("option-table.tsv")
DAY_ZERO = dt.date(2016, 1, 4)
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"
RESPONSES = {
    "CR": "completeRemission", "mCR": "marrowCompleteRemission", "PR": "partialRemission", "HI": "hematologicImprovement",
    "SD": "stableDisease", "PD": "progressiveDisease", "none": "noHematologicImprovement", "lost": "responseLost",
}  # fmt: skip
ANALYTES = {
    "marrow": ("marrowBlasts", "percent"), "blood": ("bloodBlasts", "percent"), "cell": ("marrowCellularity", "percent"),
    "hb": ("hemoglobin", "gramPerDeciliter"), "anc": ("neutrophils", "gigaPerLiter"), "plt": ("platelets", "gigaPerLiter"),
    "age": ("age", "years"), "sorror": ("sorror", "score"),
}  # fmt: skip
PANELS = {
    "idh": ("GeneTest", "panelIdh"), "genes": ("GeneTest", "panelMyeloid"), "noidh": ("GeneTest", "panelMyeloidWithoutIdh"),
    "somegene": ("GeneTest", "panelNotStated"), "karyotype": ("Karyotyping", "panelKaryotype"),
    "offer": ("TrialSearch", "panelNotStated"), "alltrials": ("TrialSearch", "panelTrials"),
    "exam": ("ClinicalExamination", "panelClinicalExamination"), "donors": ("DonorSearch", "panelNotStated"),
    "registry": ("DonorSearch", "panelDonorRegistry"), "family": ("DonorSearch", "panelFamilyDonors"),
    "counts": ("ClinicalExamination", "panelBloodCountReview"),
}  # fmt: skip
DISEASES = {"aml": "acuteMyeloidLeukemia", "relapsed": "relapsedAml"}
STATUSES = (
    "applicable", "within trials only", "undetermined", "not applicable", "advised against", "caution undetermined", "silent",
)  # fmt: skip


def p(name: str) -> str:
    return f"<https://w3id.org/posthma/ontology/{name}>"


def kb(name: str) -> str:
    return f"<https://w3id.org/posthma/kb/{name}>"


def number(text: str) -> str:
    return f'"{text}"^^<{XSD}{"decimal" if "." in text else "integer"}>'


def truth(text: str) -> str:
    return f'"{"true" if text == "yes" else "false"}"^^<{XSD}boolean>'


@dataclass
class Record:
    """Triples of one patient and what must come out."""

    name: str
    what: str
    triples: list[Triple] = field(default_factory=list)
    gate: str = "-"
    kind: str = "-"
    certainty: str = "-"
    remarks: str = "-"
    count: int = 0

    @property
    def base(self) -> str:
        return f"https://w3id.org/posthma/case/{self.name}/"

    @property
    def question(self) -> str:
        return f"<{self.base}question>"

    def node(self, name: str, kind: str) -> str:
        iri = f"<{self.base}{name}>"
        self.say(iri, RDF_TYPE, p(kind))
        return iri

    def say(self, s: str, predicate: str, o: str) -> None:
        self.triples.append((s, predicate, o))

    def event(self, kind: str, when: str, name: str = "") -> str:
        self.count += 1
        iri = self.node(name or f"event-{self.count}", kind)
        self.say(f"<{self.base}patient>", p("event"), iri)
        self.dated(iri, when)
        return iri

    def dated(self, iri: str, when: str, predicate: str = "date") -> None:
        """Give a date; ``3/5`` means some day between both times."""
        times = when.split("/")
        names = (predicate,) if len(times) == 1 else ("earliest", "latest")
        for name, time in zip(names, times, strict=True):
            self.say(iri, p(name), f'"{day(time)}"^^<{XSD}date>')


def day(time: str) -> dt.date:
    """Return the date of a time in cycles, with an optional number of days after ``+`` or ``-``.

    >>> day("1+2")
    datetime.date(2016, 2, 3)
    """
    cycles, days = re.fullmatch(r"(-?[\d.]+)([+-]\d+)?", time).groups()  # type: ignore[union-attr]
    return DAY_ZERO + dt.timedelta(days=round(28 * float(cycles)) + int(days or 0))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table by its heads; lines that begin with a number sign are remarks."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def expected_statuses(path: Path = OPTION_TABLE) -> dict[str, dict[str, str]]:
    """Return for each patient the status that every named option must have; none for a patient out of scope."""
    return {
        row["patient"]: {option: status for status in STATUSES for option in row[status].split()}
        for row in rows_of(path)
    }


def records(path: Path = TABLE) -> Iterator[Record]:
    """Yield the records of a table."""
    rows = rows_of(path)
    for name, group in groupby(rows, key=lambda row: row["patient"]):
        yield _record(name, list(group))


def _record(name: str, rows: list[dict[str, str]]) -> Record:
    record = Record(name, rows[0]["what"])
    patient = record.node("patient", "Patient")
    last = rows[-1]
    if last["lines"]:
        record.say(patient, p("hmaLinesComplete"), truth(last["lines"]))
    record.say(record.event("Diagnosis", "-3"), p("disease"), kb("mdsExcessBlasts1"))
    question = record.node("question", "Question")
    record.say(question, p("about"), patient)
    record.dated(question, last["ask"])
    record.say(question, p("jurisdiction"), kb("EU"))
    for number_, row in enumerate(rows, start=1):
        if row["agent"]:
            _line(record, row, f"line-{number_}")
        for text in filter(None, (part.strip() for part in row["events"].split(";"))):
            _event(record, text)
    record.gate, record.kind, record.certainty = last["gate"], last["kind"], last["certainty"]
    record.remarks = last["remarks"]
    return record


def _line(record: Record, row: dict[str, str], name: str) -> None:
    line = record.event("TherapyLine", row["start"], name)
    record.say(line, p("agent"), kb(row["agent"]))
    if row["end"]:
        record.dated(line, row["end"], "endDate")
    if row["dose"]:
        record.say(line, p("dose"), number(row["dose"]))
        record.say(line, p("doseUnit"), kb("mgPerM2PerDay"))
    if row["days"] == "5-2-2":
        record.say(line, p("schedule"), kb("fiveTwoTwo"))
    elif row["days"]:
        record.say(line, p("daysPerCycle"), number(row["days"]))
    for column, predicate in (("cycles", "cycles"), ("months", "months")):
        if row[column]:
            record.say(line, p(predicate), number(row[column]))
    for column, predicate in (("interrupted", "interrupted"), ("complete", "responsesComplete")):
        if row[column]:
            record.say(line, p(predicate), truth(row[column]))
    if row["exposure"]:
        record.say(line, p("exposureReported"), kb(row["exposure"] + "Exposure"))
    if row["best"]:
        record.say(line, p("bestResponse"), kb(RESPONSES[row["best"]]))
    if row["stop"]:
        record.say(line, p("stopReason"), kb("stop" + row["stop"][0].upper() + row["stop"][1:]))
    if row["gaps"]:
        _cycles(record, line, row, name)
    for text in row["responses"].split():
        category, _, when = text.partition("@")
        assessment = record.event("ResponseAssessment", when)
        record.say(assessment, p("ofLine"), line)
        record.say(assessment, p("response"), kb(RESPONSES[category]))


def _cycles(record: Record, line: str, row: dict[str, str], name: str) -> None:
    """List cycles by their gaps; ``28x4`` repeats a gap, ``r`` before a gap marks the next cycle as given at half dose."""
    begins = [(day(row["start"]), False)]
    for text in row["gaps"].split(","):
        gap, _, times = text.strip().removeprefix("r").partition("x")
        for _ in range(int(times or 1)):
            begins.append((begins[-1][0] + dt.timedelta(days=int(gap)), text.strip().startswith("r")))
    for ordinal, (begin, reduced) in enumerate(begins, start=1):
        cycle = record.node(f"{name}-cycle-{ordinal}", "Cycle")
        record.say(line, p("cycle"), cycle)
        record.say(cycle, p("ordinal"), number(str(ordinal)))
        record.say(cycle, p("date"), f'"{begin}"^^<{XSD}date>')
        if reduced:
            record.say(cycle, p("dose"), number(f"{float(row['dose']) / 2}"))


def _event(record: Record, text: str) -> None:
    """Add one entry of the events column."""
    what, _, rest = text.partition("@")
    when, _, found = rest.partition(" ")
    kind, _, value = what.partition(" ")
    if kind in ANALYTES:
        analyte, unit = ANALYTES[kind]
        measurement = record.event("Measurement", when)
        record.say(measurement, p("analyte"), kb(analyte))
        record.say(measurement, p("unit"), kb(unit))
        low, high = value, value
        if value.startswith("<"):
            low, high = "0", value[1:]
            record.say(measurement, p("highExclusive"), truth("yes"))
        elif value.startswith(">"):
            low, high = value[1:], "100"
            record.say(measurement, p("lowExclusive"), truth("yes"))
        elif "-" in value:
            low, high = value.split("-")
        record.say(measurement, p("low"), number(low))
        record.say(measurement, p("high"), number(high))
    elif kind in DISEASES:
        record.say(record.event("Diagnosis", when), p("disease"), kb(DISEASES[kind]))
    elif kind == "risk":
        assignment = record.event("RiskAssignment", when)
        record.say(assignment, p("scheme"), kb("ipssR" if value.startswith("ipssR") else "ipss"))
        record.say(assignment, p("group"), kb(value))
    else:
        test_kind, panel = PANELS[kind]
        test = record.event(test_kind, when)
        record.say(test, p("panel"), kb(panel))
        record.say(test, p("conclusive"), truth("yes"))
        for target in found.split():
            record.say(test, p("found"), kb(target))
