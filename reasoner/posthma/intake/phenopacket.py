"""GA4GH Phenopackets, version 2: a packet, a family or a cohort, in JSON, YAML or protobuf.

Each leaf of the packet is booked once, by its JSON path. What version 2 has no field for is not understood; fields of
which the record vocabulary makes nothing are context. Packets of version 1 are refused by name. A gene test is dated by
its biosample, since an interpretation has no date of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from posthma.errors import PosthmaError, SyntaxRecordError
from posthma.intake.ages import at_age, completed_years, read_date, years_of
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, Builder, Imported
from posthma.intake.codes import Concept, coding_of, read_concept
from posthma.intake.columns import Columns
from posthma.intake.dates import DateReading
from posthma.intake.events import Events, Outcome, span
from posthma.intake.names import Names
from posthma.intake.ndjson import ENDINGS, scan
from posthma.intake.phenopacket_form import form_of, is_v2_field, packets, read_packets, under
from posthma.intake.phenopacket_genes import interpretations
from posthma.intake.phenopacket_therapy import action
from posthma.intake.table import Refused
from posthma.intake.tree import Document, Node, parse_json
from posthma.intake.values import shorten

__all__ = ["import_packets", "import_phenopacket"]

_NO_MEANING = "the record vocabulary has no place for it"


def import_phenopacket(
    path: str | Path,
    columns: Columns | None = None,
    *,
    lines_complete: bool | None = None,
    names: Names | None = None,
) -> Iterator[Imported | Refused]:
    """Yield one record a packet.

    Args:
        path: JSON, YAML or protobuf; NDJSON has one packet a line.
        columns: Day for undated facts and of the question, jurisdiction, genes that were looked for.
        lines_complete: Whether the packets hold every line of a hypomethylating agent; the format cannot say so.
        names: Taken by records of other files.

    Raises:
        PosthmaError: The file cannot be read as a whole.
    """
    file = Path(path)
    if file.suffix.lower() not in ENDINGS:
        yield from import_packets(read_packets(file), columns or Columns(), lines_complete, names)
        return
    names = names or Names()
    for line in scan(file):
        place = f"{file.name}:{line.number}"
        if line.complaint:
            yield Refused(place, line.complaint)
            continue
        try:
            document = parse_json(place, line.data.decode("utf-8", "surrogateescape"))
            yield from import_packets(document, columns or Columns(), lines_complete, names)
        except PosthmaError as error:
            yield Refused(error.place, f"{error.fact}; {error.remedy}")


def import_packets(
    document: Document, columns: Columns, lines_complete: bool | None = None, names: Names | None = None
) -> Iterator[Imported | Refused]:
    """Yield one record for each packet of a document.

    Raises:
        SyntaxRecordError: The document is no Phenopacket of version 2.
    """
    form = form_of(document.root)
    if form.complaint:
        raise SyntaxRecordError(document.name, form.complaint, form.remedy)
    names = names or Names()
    found = list(packets(document.root, form.kind))
    under(document.root, "relatives").book(CONTEXT, "a relative, not the patient")
    inside = {leaf.path for packet in found for leaf in packet.leaves()}
    outside = [leaf for leaf in document.root.leaves() if leaf.path not in inside]
    for number, packet in enumerate(found, 1):
        own = form_of(packet, inherited=form.version)
        name = under(packet, "subject", "id").text or packet.get("id").text or f"packet-{number}"
        complaint = f"{own.complaint}; {own.remedy}" if own.complaint else ""
        if len(name) > 200:
            complaint = "the name of the patient is longer than 200 characters"
        if not complaint:  # collections call many a subject "patient 1"; the ids of the packets tell them apart
            name, before = names.take(name, packet.get("id").text, packet.place)
            if before:
                complaint = f"the patient {shorten(name)} stands already at {before}; give each packet an id"
        if complaint:
            yield Refused(packet.place, complaint)
            continue
        reader = _Packet(packet, name, columns)
        if lines_complete is not None:
            reader.builder.complete_lines(lines_complete)
        reader.read()
        yield reader.done(outside)
        outside = []


class _Packet:
    """Reads one packet."""

    def __init__(self, packet: Node, name: str, columns: Columns) -> None:
        self.packet = packet
        self.columns = columns
        self.builder = Builder(name, columns.day)
        self.events = Events(self.builder)
        self.born: DateReading | None = None
        self.first: DateReading | None = None

    def read(self) -> None:
        """Read every part; order matters only for responses, which look for their line."""
        self._subject(under(self.packet, "subject"))
        for disease in under(self.packet, "diseases").each():
            self._disease(disease)
        for step in under(self.packet, "medicalActions").each():
            action(step, self.events, self.when)
        samples = {}
        for sample in under(self.packet, "biosamples").each():
            samples[sample.get("id").text] = self._biosample(sample)
        for feature in under(self.packet, "phenotypicFeatures").each():
            self._feature(feature, None)
        for measurement in under(self.packet, "measurements").each():
            self._measurement(measurement, None)
        interpretations(under(self.packet, "interpretations"), self.events, samples, self.columns.genes_tested)
        self._age(under(self.packet, "subject"))
        if self.columns.diagnosis:
            self.events.diagnosis(self.columns.diagnosis, None)
        if self.columns.day:
            self.builder.question(self.columns.day, self.columns.jurisdiction)

    def done(self, outside: list[Node]) -> Imported:
        """Return the record with every leaf of the packet in its ledger, and the leaves outside any packet if given."""
        _book_strangers(self.packet)
        for name in ("diseases", "phenotypicFeatures", "measurements", "medicalActions"):
            for element in under(self.packet, name).each():
                element.settle(USED, CONTEXT)
        self.builder.items += self.packet.ledger(CONTEXT, _NO_MEANING)
        for leaf in outside:
            self.builder.items += leaf.ledger(CONTEXT, _NO_MEANING)
        return replace(self.builder.done(), place=self.packet.place, sample=self.packet.get("id").text)

    def when(self, element: Node) -> DateReading | None:
        """Return the date of a time element; what it cannot tell is booked with the reason."""
        if not element:
            return None
        stamp, interval = element.get("timestamp"), element.get("interval")
        age, ages = element.get("age"), under(element, "ageRange")
        if element.text:  # a bare timestamp
            return self._date(element)
        if stamp:
            return self._date(stamp)
        if interval:
            return span(self._date(interval.get("start")), self._date(interval.get("end")))
        if age or ages:
            start = self._at_age(age or ages.get("start"))
            return span(start, self._at_age(ages.get("end"))) if ages else start
        element.book(CONTEXT, "it names no day")
        return None

    def _date(self, node: Node) -> DateReading | None:
        if not node:
            return None
        reading = read_date(node.text)
        why = "; ".join(finding.text for finding in reading.findings)
        if reading.earliest is None:
            node.book(CONTEXT if reading.missing else NOT_UNDERSTOOD, why or "missing")
            return None
        node.book_date(USED, why)
        if self.first is None or (self.first.earliest and reading.earliest < self.first.earliest):
            self.first = reading
        return reading

    def _at_age(self, node: Node) -> DateReading | None:
        text = under(node, "iso8601duration").text or node.text
        if not text:
            return None
        reading = at_age(text, self.born) if self.born else None
        if reading is None:
            if years_of(text) is None:
                node.book(NOT_UNDERSTOOD, f"{shorten(text)!r} is no ISO 8601 duration")
            else:
                node.book(CONTEXT, "without a birth date an age names no day")
            return None
        node.book_date(USED, "the days of that age, from the birth date")
        return reading

    def _subject(self, subject: Node) -> None:
        subject.get("id").book(USED)
        sex = subject.get("sex")
        name = {"FEMALE": "female", "MALE": "male", "1": "female", "2": "male"}.get(sex.text.upper())
        if name:
            self.builder.sex(name)
            sex.book(USED)
        elif sex:
            missing = sex.text.upper() in ("UNKNOWN_SEX", "0")
            why = "missing" if missing else f"{shorten(sex.text)!r} is neither FEMALE nor MALE"
            sex.book(CONTEXT if missing else NOT_UNDERSTOOD, why)
        born = under(subject, "dateOfBirth")
        if born:
            reading = read_date(born.text)
            self.born = reading if reading.earliest else None
            if self.born is None:
                born.book(NOT_UNDERSTOOD, "; ".join(finding.text for finding in reading.findings))

    def _age(self, subject: Node) -> None:
        """State the age once: at the first date of the packet, from the birth date; else as given, undated."""
        encounter = under(subject, "timeAtLastEncounter")
        if self.born is not None:
            years = completed_years(self.born, self.first) if self.first else None
            if years is None:
                under(subject, "dateOfBirth").book(CONTEXT, "no date of the packet follows it")
            else:
                text = str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"
                use, why = self.events.measure("age", text, "years", self.first)
                under(subject, "dateOfBirth").book(use, why or "the age on the first date of the packet")
            return
        age = under(encounter, "age", "iso8601duration")
        years_given = years_of(age.text) if age else None
        if years_given is not None:
            age.book(*self.events.measure("age", str(years_given), "years", None))

    def _disease(self, disease: Node) -> None:
        term = disease.get("term")
        if disease.get("excluded").text == "true":
            disease.book(CONTEXT, "excluded")
            return
        concept = _concept(term, "disease", "target")
        when = self.when(disease.get("onset"))
        term.book(*self._stated(concept, when))

    def _stated(self, concept: Concept, when: DateReading | None) -> Outcome:
        if not concept:
            return NOT_UNDERSTOOD, concept.why
        if concept.kind == "disease":
            use, why = self.events.diagnosis(concept.name, when)
        else:
            use, why = self.events.finding(concept.name, when, present=True)
        return use, why or concept.why

    def _feature(self, feature: Node, sampled: DateReading | None) -> None:
        concept = _concept(feature.get("type"), "target")
        if not concept:
            feature.get("type").book(CONTEXT, f"no criterion asks for it ({concept.why})")
            return
        when = self.when(feature.get("onset")) or sampled
        excluded = feature.get("excluded")
        use, why = self.events.finding(concept.name, when, present=excluded.text != "true")
        for leaf in (feature.get("type"), excluded):
            leaf.book(use, why or concept.why)

    def _biosample(self, sample: Node) -> DateReading | None:
        when = self.when(under(sample, "timeOfCollection"))
        diagnosis = under(sample, "histologicalDiagnosis")
        if diagnosis:
            diagnosis.book(*self._stated(_concept(diagnosis, "disease"), when))
        for measurement in sample.get("measurements").each():
            self._measurement(measurement, when)
        for feature in under(sample, "phenotypicFeatures").each():
            self._feature(feature, when)
        return when

    def _measurement(self, measurement: Node, sampled: DateReading | None) -> None:
        assay = measurement.get("assay")
        concept = _concept(assay, "analyte", "test")
        when = self.when(under(measurement, "timeObserved")) or sampled
        parts = list(under(measurement, "complexValue", "typedQuantities").each())
        for part in parts:
            kind = _concept(part.get("type"), "analyte")
            outcome = self._quantity(kind, part.get("quantity"), when)
            for leaf in (part.get("type"), part.get("quantity", "value"), part.get("quantity", "unit")):
                leaf.book(*outcome)
        if parts:
            assay.book(CONTEXT, "each of its parts names its own analyte")
            return
        value = measurement.get("value")
        quantity, term = value.get("quantity"), under(value, "ontologyClass")
        if concept.kind == "test":
            text = term.get("label").text or term.get("id").text
            if concept.name == "karyotype":
                outcome = self.events.karyotype(text, when)
            elif concept.name == "response":
                said = _concept(term, "response")
                outcome = self.events.response(said.name, when, ()) if said else (NOT_UNDERSTOOD, said.why)
            else:
                outcome = CONTEXT, "genes are read from the interpretations"
        elif term:
            outcome = NOT_UNDERSTOOD, concept.why or f"{shorten(term.get('label').text)!r} is no number"
        else:
            outcome = self._quantity(concept, quantity, when)
        for leaf in (assay, quantity.get("value"), quantity.get("unit"), term):
            leaf.book(*outcome)

    def _quantity(self, concept: Concept, quantity: Node, when: DateReading | None) -> Outcome:
        if not concept:
            return NOT_UNDERSTOOD, concept.why
        value = quantity.get("value")
        if not value:
            return CONTEXT, "no value is given"
        unit, why = unit_text(quantity.get("unit"))
        if why:
            return NOT_UNDERSTOOD, why
        use, said = self.events.measure(concept.name, value.text, unit, when)
        return use, said or concept.why


def _concept(node: Node, *kinds: str) -> Concept:
    return read_concept([coding_of(node.get("id").text, node.get("label").text)], "", kinds)


def unit_text(unit: Node) -> tuple[str, str]:
    """Return the spelling of a unit that stands as ontology class, or why there is none."""
    identifier, label = unit.get("id").text, unit.get("label").text
    if identifier.lower().startswith("ucum:"):
        return identifier[5:], ""
    concept = read_concept([coding_of(identifier, "")], "", ("unit",))
    return (concept.name if concept else label), "" if concept or label or not unit else concept.why


def _book_strangers(node: Node) -> None:
    """Book what version 2 has no field for."""
    for key in node.keys:
        child = node.get(key)
        if not is_v2_field(key):
            child.book(NOT_UNDERSTOOD, f"{shorten(key)!r} is no field of Phenopackets v2")
        elif key not in ("variation", "fileAttributes", "individualToFileIdentifiers"):
            _book_strangers(child)
    if isinstance(node.value, list):
        for child in node.each():
            _book_strangers(child)
