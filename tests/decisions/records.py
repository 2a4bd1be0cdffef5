"""Patient records written as a haematologist would say them, and the table of rules that uses them.

A record is a list of facts with semicolons between, such as ``start; azacitidine, 6 cycles, stable disease; age 72``. The
question is asked on 1 June 2018; therapy ended on 20 May, whatever was found was found on 25 May (an age is that of the day), and what is called old
was found on 15 January, before reassessment began.

Facts:
    MDS; overt leukaemia; relapsed leukaemia; leukaemia before therapy: Diagnoses.
    all HMA lines recorded; all ESA lines recorded: What the record says it holds.
    azacitidine, 6 cycles, stable disease, ...: A line. Its standard dose and days are meant unless it says ``reduced dose``,
        ``5 days a cycle`` or ``schedule 5-2-2``. A response comes half-way, stable disease at the end; ``lost`` is a
        response lost at the end. Also ``not interrupted``, ``interrupted``, ``longest delay 36 days``, ``running``, and
        ``stopped for intolerance`` or another reason. Every response of a line is in the record.
    ESA, 7 weeks, no response; ESA, 7 weeks, running: A line of an erythropoiesis-stimulating agent, past or running.
    age 72; marrow blasts 15; platelets 40; ...: Measurements.
    IPSS intermediate-1; IPSS intermediate-1 before therapy: Risk as assigned.
    gene panel: IDH2, TP53; karyotype: normal; examination: fit; trial search: nothing found; ...: Examinations with what
        they found. What they look for and did not find is absent.
    wish: active treatment: What the patient wants.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from posthma.intake.rdf import Record, parse_record

TABLE = Path(__file__).with_name("rules.tsv")
ASKED, FOUND, END, OLD, FIRST = (dt.date(2018, *d) for d in ((6, 1), (5, 25), (5, 20), (1, 15), (1, 10)))
DIAGNOSED = dt.date(2015, 6, 1)

DISEASES = {
    "MDS": ("mdsExcessBlasts1", DIAGNOSED), "overt leukaemia": ("acuteMyeloidLeukemia", FOUND),
    "relapsed leukaemia": ("relapsedAml", FOUND), "leukaemia before therapy": ("acuteMyeloidLeukemia", DIAGNOSED),
}  # fmt: skip
AGENTS = {
    "azacitidine": ("azacitidine", 75, 7), "decitabine": ("decitabine", 20, 5), "lenalidomide": ("lenalidomide", 0, 0),
    "low-dose cytarabine": ("lowDoseCytarabine", 0, 0),
}  # fmt: skip
RESPONSES = {
    "stable disease": "stableDisease", "partial remission": "partialRemission", "lost": "responseLost",
    "haematological improvement": "hematologicImprovement", "no response": "noHematologicImprovement",
}  # fmt: skip
ANALYTES = {
    "age": ("age", "years"), "marrow blasts": ("marrowBlasts", "percent"), "marrow cellularity": ("marrowCellularity", "percent"),
    "haemoglobin": ("hemoglobin", "gramPerDeciliter"), "neutrophils": ("neutrophils", "gigaPerLiter"),
    "platelets": ("platelets", "gigaPerLiter"), "Sorror score": ("sorror", "score"),
}  # fmt: skip
EXAMINATIONS = {
    "gene panel": ("GeneTest", "panelMyeloid"), "IDH test": ("GeneTest", "panelIdh"),
    "target genes": ("GeneTest", "panelTargetGenes"), "karyotype": ("Karyotyping", "panelKaryotype"),
    "examination": ("ClinicalExamination", "panelClinicalExamination"),
    "review of counts": ("ClinicalExamination", "panelBloodCountReview"), "trial search": ("TrialSearch", "panelTrials"),
    "donor registry": ("DonorSearch", "panelDonorRegistry"), "family typing": ("DonorSearch", "panelFamilyDonors"),
    "donors of every kind": ("DonorSearch", "panelNotStated"),
}  # fmt: skip
TARGETS = {
    "nothing found": (), "normal": (), "IDH1": ("idh1",), "IDH2": ("idh2",), "TP53": ("tp53",), "ASXL1": ("asxl1",),
    "SF3B1": ("sf3b1",), "SRSF2": ("srsf2",), "numerous mutations": ("numerousMutations",), "del(5q)": ("del5q",),
    "trisomy 8": ("trisomy8",), "adverse": ("adverseCytogenetics",), "fit": ("fit",), "frail": ("frail",),
    "several comorbidities": ("severalComorbidities",), "anaemia": ("anemia",), "severe anaemia": ("severeAnemia",),
    "leukocytosis": ("leukocytosis",), "another trial": ("otherTrial",), "matched unrelated donor": ("matchedUnrelatedDonor",),
    "matched sibling donor": ("matchedSiblingDonor",), "haploidentical donor": ("haploidenticalDonor",),
}  # fmt: skip
DONORS = ("matchedSiblingDonor", "matchedUnrelatedDonor", "cordBloodUnit", "haploidenticalDonor")
WISHES = {"active treatment": "activeTreatment", "supportive care only": "supportiveCareOnly"}


@dataclass(frozen=True)
class Row:
    """One line of the table: a record with what is expected of it, and its near miss.

    Attributes:
        rule: Registry id of the decision rule.
        carrier: Local name of the option, duty, point or guard that carries it.
        watch: What is looked at: the carrier itself, or for a guard a class or an option.
        given, changed: Facts of the record and of its near miss.
        expected, then: What must come out for either.
        lines: Lines of the article that say so.
    """

    rule: str
    carrier: str
    watch: str
    given: tuple[str, ...]
    expected: str
    changed: tuple[str, ...]
    then: str
    lines: str

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.watch.removeprefix('p:')}"


def rows(path: Path = TABLE) -> Iterator[Row]:
    """Yield the rows of the table; `+ fact` adds one, `- fact` takes one away, `fact -> other` puts one for another."""
    text = path.read_text(encoding="utf-8").splitlines()
    begins = dict(line[2:].split(" = ") for line in text if line.startswith("# ") and " = " in line)
    for row in csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"):
        given = expand(row["given"], begins)
        yield Row(
            row["rule"], row["carrier"], row["watch"] or row["carrier"], given, row["expected"],
            change(given, row["near miss"]), row["then"], row["lines"],
        )  # fmt: skip


def expand(text: str, begins: dict[str, str]) -> tuple[str, ...]:
    """Return the facts of a record, shared beginnings written out.

    >>> expand("failed; age 72", {"failed": "start; azacitidine, 6 cycles", "start": "MDS"})
    ('MDS', 'azacitidine, 6 cycles', 'age 72')
    """
    found: list[str] = []
    for fact in (part.strip() for part in text.split(";")):
        found += expand(begins[fact], begins) if fact in begins else [fact]
    return tuple(found)


def change(facts: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return facts with one change.

    >>> change(("MDS", "age 72"), "age 72 -> age 60"), change(("MDS",), "+ age 60"), change(("MDS", "age 72"), "- age 72")
    (('MDS', 'age 60'), ('MDS', 'age 60'), ('MDS',))
    """
    if text.startswith("+ "):
        return (*facts, text[2:])
    old, _, new = text.removeprefix("- ").partition(" -> ")
    assert old in facts, f"{old!r} is not a fact of the record, so nothing is changed"
    return tuple(new if fact == old else fact for fact in facts if new or fact != old)


class Writer:
    """A record in the making, in Turtle."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.events: list[str] = []
        self.patient: list[str] = ["a p:Patient"]

    def event(self, kind: str, when: dt.date, *properties: str) -> str:
        name = f"r:event-{len(self.events) + 1}"
        self.events.append(name)
        self.nodes.append(" ; ".join((f"{name} a p:{kind}", f'p:date "{when}"^^xsd:date', *properties)) + " .")
        return name

    def text(self) -> str:
        patient = " ; ".join((*self.patient, f"p:event {', '.join(self.events)}"))
        question = f'a p:Question ; p:about r:patient ; p:date "{ASKED}"^^xsd:date ; p:jurisdiction kb:EU'
        prefixes = (
            "@prefix p: <https://w3id.org/posthma/ontology/> .\n@prefix kb: <https://w3id.org/posthma/kb/> .\n"
            "@prefix r: <https://w3id.org/posthma/case/table/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        )
        return "\n".join((prefixes, f"r:patient {patient} .", f"r:question {question} .", *self.nodes, ""))


def record(facts: tuple[str, ...]) -> Record:
    """Return the record that states the facts.

    Raises:
        ValueError: A fact is not understood.
    """
    writer = Writer()
    for fact in facts:
        for pattern, write in PATTERNS:
            if found := re.fullmatch(pattern, fact):
                write(writer, *found.groups())
                break
        else:
            raise ValueError(f"{fact!r} is no fact of records.py")
    return parse_record(writer.text().encode(), "table.ttl")


def _complete(writer: Writer, kind: str) -> None:
    writer.patient.append(f"p:{kind.lower()}LinesComplete true")


def _disease(writer: Writer, name: str) -> None:
    disease, when = DISEASES[name]
    writer.event("Diagnosis", when, f"p:disease kb:{disease}")


def _line(writer: Writer, agent: str, cycles: str, rest: str) -> None:
    name, dose, days = AGENTS[agent]
    said = [part.strip() for part in rest.split(",") if part.strip()]
    begin = END - dt.timedelta(days=28 * int(cycles) + 20)
    properties = [f"p:agent kb:{name}", "p:responsesComplete true"]
    running = "running" in said
    if not running:
        properties += [f'p:endDate "{END}"^^xsd:date', f"p:cycles {cycles}"]
    days = next((int(part.split()[0]) for part in said if part.endswith("days a cycle")), days)
    if dose:
        dose = dose * 2 // 3 if "reduced dose" in said else dose
        properties += [f"p:dose {dose}", "p:doseUnit kb:mgPerM2PerDay", f"p:daysPerCycle {days}"]
    if "schedule 5-2-2" in said:
        properties.append("p:schedule kb:fiveTwoTwo")
    for words, value in (("interrupted", "true"), ("not interrupted", "false")):
        if words in said:
            properties.append(f"p:interrupted {value}")
    delay = next((int(part.split()[2]) for part in said if part.startswith("longest delay")), 0)
    if delay or running:
        properties.append("p:cycle " + ", ".join(_cycles(writer, begin, int(cycles), delay or 28)))
    reason = next((part.removeprefix("stopped for ") for part in said if part.startswith("stopped for ")), "")
    if reason:
        properties.append(f"p:stopReason kb:stop{reason.capitalize()}")
    line = writer.event("TherapyLine", begin, *properties)
    middle = begin + (END - begin) / 2
    for words, response in RESPONSES.items():
        if words in said:
            when = END if words in ("stable disease", "lost") else middle
            writer.event("ResponseAssessment", when, f"p:ofLine {line}", f"p:response kb:{response}")
    understood = {"reduced dose", "schedule 5-2-2", "interrupted", "not interrupted", "running", *RESPONSES}
    rest_of = [s for s in said if s not in understood and not re.match(r"\d+ days a cycle|longest delay|stopped for", s)]
    assert not rest_of, f"{rest_of} is nothing that a line can say"


def _cycles(writer: Writer, begin: dt.date, count: int, delay: int) -> list[str]:
    """State cycles every 28 days, the second as much later as the delay says."""
    names = []
    for ordinal in range(1, count + 1):
        when = begin + dt.timedelta(days=28 * (ordinal - 1) + (delay - 28 if ordinal > 1 else 0))
        names.append(f"r:cycle-{len(writer.nodes)}-{ordinal}")
        writer.nodes.append(f'{names[-1]} a p:Cycle ; p:ordinal {ordinal} ; p:date "{when}"^^xsd:date .')
    return names


def _esa(writer: Writer, weeks: str) -> None:
    begin = dt.date(2016, 1, 4)
    end = begin + dt.timedelta(weeks=int(weeks))
    line = writer.event("TherapyLine", begin, "p:agent kb:esa", f'p:endDate "{end}"^^xsd:date', "p:responsesComplete true")
    writer.event("ResponseAssessment", end, f"p:ofLine {line}", f"p:response kb:{RESPONSES['no response']}")


def _running_esa(writer: Writer, weeks: str) -> None:
    writer.event("TherapyLine", ASKED - dt.timedelta(weeks=int(weeks)), "p:agent kb:esa")


def _measurement(writer: Writer, name: str, value: str) -> None:
    analyte, unit = ANALYTES[name]
    when = ASKED if name == "age" else FOUND  # an age of the week before may have passed a birthday
    writer.event("Measurement", when, f"p:analyte kb:{analyte}", f"p:low {value}", f"p:high {value}", f"p:unit kb:{unit}")


def _risk(writer: Writer, number: str, before: str) -> None:
    writer.event("RiskAssignment", DIAGNOSED if before else FOUND, "p:scheme kb:ipss", f"p:group kb:ipssIntermediate{number}")


def _examination(writer: Writer, old: str, name: str, found: str) -> None:
    kind, panel = EXAMINATIONS[name]
    targets = [t for words in found.split(", ") for t in TARGETS.get(words) or _trial(words)]
    properties = [f"p:panel kb:{panel}", "p:conclusive true", *(f"p:found kb:{target}" for target in targets)]
    if name == "donors of every kind":
        properties += [f"p:notFound kb:{donor}" for donor in DONORS if donor not in targets]
    writer.event(kind, OLD if old else FOUND, *properties)


def _trial(words: str) -> tuple[str, ...]:
    assert words in TARGETS or re.fullmatch(r"NCT\d{8}", words), f"{words!r} is nothing that an examination can find"
    return () if words in TARGETS else (words.lower(),)


def _wish(writer: Writer, wish: str) -> None:
    writer.event("Preference", FOUND, f"p:wants kb:{WISHES[wish]}")


PATTERNS: tuple[tuple[str, Callable[..., None]], ...] = (
    (r"all (HMA|ESA) lines recorded", _complete),
    (f"({'|'.join(DISEASES)})", _disease),
    (f"({'|'.join(AGENTS)}), ([0-9]+) cycles,?(.*)", _line),
    (r"ESA, (\d+) weeks, no response", _esa),
    (r"ESA, (\d+) weeks, running", _running_esa),
    (f"({'|'.join(ANALYTES)}) ([0-9.]+)", _measurement),
    (r"IPSS intermediate-([12])( before therapy)?", _risk),
    (f"(old )?({'|'.join(EXAMINATIONS)}): (.+)", _examination),
    (f"wish: ({'|'.join(WISHES)})", _wish),
)
