"""HL7 FHIR R4: bundles, single resources and bulk NDJSON; mCODE and genomics-reporting profiles read by their codes.

Each leaf of a resource is booked once. Elements that the record vocabulary does not have are context; a resource with a
modifier extension or an implicit rule may mean something else than it says and is not understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from posthma.intake.ages import completed_years
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, Builder, Imported
from posthma.intake.columns import Columns
from posthma.intake.dates import DateReading, read_date
from posthma.intake.events import Events, Line, trials
from posthma.intake.fhir_bulk import ABOUT, CLINICAL, SHARED, read_lines
from posthma.intake.fhir_bundle import Bundle, Resource, bundle_of
from posthma.intake.fhir_observations import Observations
from posthma.intake.fhir_therapy import Therapy
from posthma.intake.fhir_values import concept, date, own_extensions, when
from posthma.intake.names import Names
from posthma.intake.ndjson import ENDINGS
from posthma.intake.table import Refused
from posthma.intake.tree import Document, Node, parse_json, read_text
from posthma.intake.values import shorten

__all__ = ["import_bundle", "import_fhir", "import_fhir_document", "import_fhir_files"]

_READ = {"Patient", *CLINICAL}
_NO_MEANING = "the record vocabulary has no place for it"


def import_fhir(
    path: str | Path,
    columns: Columns | None = None,
    *,
    lines_complete: bool | None = None,
    names: Names | None = None,
) -> Iterator[Imported | Refused]:
    """Yield one record a patient.

    Args:
        path: JSON or NDJSON.
        columns: Day for undated facts and of the question, jurisdiction, genes that were looked for.
        lines_complete: Whether the resources hold every line of a hypomethylating agent; FHIR has no element for it.
        names: Taken by records of other files.

    Raises:
        PosthmaError: The file cannot be read as a whole.
    """
    file = Path(path)
    if file.suffix.lower() in ENDINGS:
        yield from import_fhir_files([(file, file.name)], columns, lines_complete, names)
    else:
        yield from import_fhir_document(parse_json(file.name, read_text(file)), columns, lines_complete, names)


def import_fhir_files(
    files: Iterable[tuple[Path, str]],
    columns: Columns | None = None,
    lines_complete: bool | None = None,
    names: Names | None = None,
) -> Iterator[Imported | Refused]:
    """Yield one record a patient from NDJSON and JSON files whose resources belong together, as of a bulk export.

    Args:
        files: Paths with their names in places.
        columns: As for `import_fhir`.
        lines_complete: As for `import_fhir`.
        names: As for `import_fhir`.
    """
    names = names or Names()
    for bundle in read_lines(files):
        yield from import_bundle(bundle, columns or Columns(), lines_complete, names)


def import_fhir_document(
    document: Document,
    columns: Columns | None = None,
    lines_complete: bool | None = None,
    names: Names | None = None,
) -> Iterator[Imported | Refused]:
    """Yield one record for each patient of a document that has been read.

    Raises:
        PosthmaError: It is no FHIR.
    """
    yield from import_bundle(bundle_of(document), columns or Columns(), lines_complete, names)


def import_bundle(
    bundle: Bundle, columns: Columns, lines_complete: bool | None, names: Names | None = None
) -> Iterator[Imported | Refused]:
    """Yield one record for each patient of a bundle.

    Args:
        bundle: The resources.
        columns: As for `import_fhir`.
        lines_complete: As for `import_fhir`.
        names: As for `import_fhir`.
    """
    names = names or Names()
    yield from bundle.refused
    patients = [resource for resource in bundle.resources if resource.kind == "Patient"]
    strangers = {} if patients else _strangers(bundle)
    patients += strangers.values()
    clashes = _clashes(patients)
    groups: dict[int, list[Resource]] = {id(patient): [] for patient in patients}
    rest: list[Resource] = []
    for resource in bundle.resources:
        owner = resource if resource.kind == "Patient" else _owner(bundle, resource)
        owner = owner or strangers.get(_subject(resource).text)
        groups.get(id(owner), rest).append(resource)
    if not patients and bundle.resources:
        place = bundle.resources[0].node.document.name
        yield Refused(place, "no Patient resource is in it, and no resource refers to a patient")
    for patient in patients:
        name = patient.node.get("id").text or patient.node.first("identifier").get("value").text or "patient"
        complaint = clashes.get(patient.key, "")
        if not complaint and len(name) > 200:
            complaint = "the name of the patient is longer than 200 characters"
        if not complaint:
            before = names.take(name, "", patient.node.place)[1]
            if before:
                complaint = f"the patient {shorten(name)} stands already at {before}; give each one Patient resource"
        if complaint:
            yield Refused(patient.node.place, complaint)
            continue
        reader = _Patient(bundle, patient, columns, name)
        reader.read(groups[id(patient)])
        if lines_complete is not None and not reader.stated_complete:
            reader.builder.complete_lines(lines_complete)
        yield reader.done(groups[id(patient)], rest, bundle.envelope)
        rest, bundle.envelope, bundle.told = [], [], True


def _clashes(patients: list[Resource]) -> dict[str, str]:
    """Name the Patient resources of one id that differ: whose the other resources are is then not known."""
    first: dict[str, Resource] = {}
    found: dict[str, str] = {}
    for patient in patients:
        one = first.setdefault(patient.key, patient)
        if one.node.value != patient.node.value:
            where = f"{one.node.place} and {patient.node.place}"
            found[patient.key] = f"{shorten(patient.key)} differs between {where}; give each patient an id"
    return found


def _subject(resource: Resource) -> Node:
    return resource.node.first(*ABOUT).get("reference")


def _strangers(bundle: Bundle) -> dict[str, Resource]:
    """Return stand-ins for the patients that resources refer to, where the bundle holds no Patient resource at all."""
    found: dict[str, Resource] = {}
    for resource in bundle.resources:
        text = _subject(resource).text
        if text and resource.kind in _READ and text not in found:
            node = Document(resource.node.document.name, {"id": text.rpartition("/")[2] or text}).root
            found[text] = Resource("Patient", node, node)
    return found


def _owner(bundle: Bundle, resource: Resource) -> Resource | None:
    for name in ABOUT:
        if found := bundle.resolve(resource.node.get(name), resource):
            return found
    return None


class _Patient:
    """Reads the resources of one patient."""

    def __init__(self, bundle: Bundle, patient: Resource, columns: Columns, name: str) -> None:
        self.bundle, self.patient, self.columns = bundle, patient, columns
        self.builder = Builder(name, columns.day)
        self.events = Events(self.builder)
        self.born: DateReading | None = None
        self.stated_complete = False

    def read(self, resources: list[Resource]) -> None:
        """Read all resources; therapy before the responses that look for their line."""
        sound = [resource for resource in resources if _sound(resource)]
        therapy = Therapy(self.bundle, self.events)
        observations = Observations(self.bundle, self.events, therapy)
        if self.patient in sound:
            self._patient(self.patient.node)
        for resource in sound:
            if resource.kind == "Condition":
                self._condition(resource.node)
            elif resource.kind == "Procedure":
                self._procedure(resource.node)
            elif resource.kind == "ResearchSubject":
                self._trial(resource)
        therapy.read(sound)
        for resource in sound:
            observations.judge(resource)
        for resource in sound:
            if resource.kind in ("Observation", "DiagnosticReport"):
                observations.read(resource)
        observations.genes(self.columns.genes_tested)
        self._age(sound)
        if self.columns.diagnosis:
            self.events.diagnosis(self.columns.diagnosis, None)
        if self.columns.day:
            self.builder.question(self.columns.day, self.columns.jurisdiction)

    def done(self, resources: list[Resource], rest: list[Resource], envelope: list[Node]) -> Imported:
        """Return the record; the resources of nobody and the envelope are in the ledger of the first patient."""
        for resource in rest:
            if resource.kind in _READ:
                why = (
                    "the patient it refers to is not in the bundle" if _subject(resource) else "it refers to no patient"
                )
                resource.node.book(NOT_UNDERSTOOD, why)
        for resource in (*resources, *rest):
            resource.node.settle(USED, CONTEXT)
            known = resource.kind in _READ | SHARED
            why = _NO_MEANING if known else f"nothing is read from {shorten(resource.kind)}"
            self.builder.items += resource.entry.ledger(CONTEXT, why)
        for leaf in envelope:
            self.builder.items += leaf.ledger(CONTEXT, "the envelope of the bundle")
        return replace(self.builder.done(), place=self.patient.node.place)

    def _patient(self, node: Node) -> None:
        node.get("id").book(USED)
        gender = node.get("gender")
        if gender.text in ("female", "male"):
            self.builder.sex(gender.text)
            gender.book(USED)
        elif gender:
            missing = gender.text == "unknown"
            why = "missing" if missing else f"{shorten(gender.text)!r} is neither female nor male"
            gender.book(CONTEXT if missing else NOT_UNDERSTOOD, why)
        if born := node.get("birthDate"):
            reading = read_date(born.text)
            self.born = reading if reading.earliest else None
            if self.born is None:
                born.book(NOT_UNDERSTOOD, "; ".join(finding.text for finding in reading.findings))
        stated = own_extensions(node, frozenset({"hmaLinesComplete", "esaLinesComplete"}))
        self.stated_complete = "hmaLinesComplete" in stated
        iri = self.builder.triples[0][0]
        self.builder.triples += [
            (iri, f"<https://w3id.org/posthma/ontology/{key}>", token) for key, token in stated.items()
        ]

    def _age(self, resources: list[Resource]) -> None:
        """State the age on the first day of the record, from the birth date."""
        leaf = self.patient.node.get("birthDate")
        if self.born is None:
            return
        first = self._first_day()
        years = completed_years(self.born, first) if first else None
        if years is None:
            leaf.book(CONTEXT, "no date of the record follows it")
            return
        text = str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"
        use, why = self.events.measure("age", text, "years", first)
        leaf.book(use, why or "the age on the first date of the record")

    def _first_day(self) -> DateReading | None:
        names = ("/date>", "/earliest>")
        days = [o[1:11] for _, p, o in self.builder.triples if p.endswith(names) and o.startswith('"')]
        return read_date(min(days)) if days else None

    def _condition(self, node: Node) -> None:
        for status, allowed in (("verificationStatus", {"confirmed"}), ("clinicalStatus", _CLINICAL)):
            if node.get(status).text:  # not to be taken for one without a status
                node.book(NOT_UNDERSTOOD, f"its {status} is a plain code, as FHIR before R4 has it")
                return
            said = {c.text for coding in node.get(status, "coding").each() for c in [coding.get("code")] if c}
            if said and not said & allowed:
                if status == "verificationStatus" and said == {"refuted"}:
                    self._refuted(node)
                node.book(CONTEXT, f"its {status} is {', '.join(sorted(said))}")
                return
        about = concept(node.get("code"), "disease", "target")
        day = when(node, "onset", self.born) or date(node.get("recordedDate"))
        if not about:
            node.get("code").book(NOT_UNDERSTOOD, about.why)
            return
        if about.kind == "disease":
            use, why = self.events.diagnosis(about.name, day)
        else:
            use, why = self.events.finding(about.name, day, present=True)
        for leaf in (node.get("code"), node.get("verificationStatus")):
            leaf.book(use, why or about.why)

    def _refuted(self, node: Node) -> None:
        about = concept(node.get("code"), "target")
        if about:
            day = when(node, "onset", self.born) or date(node.get("recordedDate"))
            outcome = self.events.finding(about.name, day, present=False)
            node.get("code").book(*outcome)
            node.get("verificationStatus").book(*outcome)

    def _procedure(self, node: Node) -> None:
        status = node.get("status").text
        if status not in ("completed", "in-progress", "stopped"):
            node.book(CONTEXT, f"its status is {status or 'not given'}")
            return
        about = concept(node.get("code"), "agent")
        if not about:
            node.get("code").book(CONTEXT, f"no therapy of the record vocabulary ({about.why})")
            return
        use, why = self.events.line(Line([about.name], when(node, "performed", self.born)))
        node.get("code").book(use, why or about.why)

    def _trial(self, resource: Resource) -> None:
        node = resource.node
        study = self.bundle.resolve(node.get("study"), resource)
        identifiers = [i.get("value") for i in node.get("study", "identifier").each()]
        if study is not None:
            identifiers += [i.get("value") for i in study.node.get("identifier").each()]
        known = next(((leaf, name) for leaf in identifiers if (name := trials().get(leaf.text.upper()))), None)
        status = node.get("status").text
        if known is None or status in ("ineligible", "not-registered", "withdrawn", "screening"):
            why = "its trial is none of the knowledge base" if known is None else f"its status is {status}"
            node.book(CONTEXT, why)
            return
        day = date(node.get("period", "start"))
        outcome = self.events.trial(known[1], day)
        for leaf in (known[0], node.get("study"), node.get("status")):
            leaf.book(*outcome)


_CLINICAL = {"active", "recurrence", "relapse", "inactive", "remission", "resolved"}


def _sound(resource: Resource) -> bool:
    """Say whether a resource means what it says; one that stands twice has been booked already."""
    node = resource.node
    if node.get("modifierExtension") or node.get("implicitRules"):
        node.book(NOT_UNDERSTOOD, "a modifier extension or implicit rule may change its meaning")
        return False
    return not _twin(node)


def _twin(node: Node) -> bool:
    first = next(node.leaves(), None)
    found = node.document.booked.get(first.path) if first else None
    return bool(found and " stands already at " in found[1])
