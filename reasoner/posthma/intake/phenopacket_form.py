"""The outer form of a Phenopacket: which version, which message, which file format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from posthma.errors import LimitError, SyntaxRecordError, UsageError
from posthma.intake.rows import MAX_WHOLE
from posthma.intake.tree import Document, Node, document_of, parse_json, parse_yaml, read_text
from posthma.intake.values import shorten

__all__ = ["Form", "form_of", "is_v2_field", "packets", "read_packets", "under"]

# Every field of the messages of version 2, phenopacket-schema and the parts of VRSATILE that it uses.
_FIELDS = frozenset(
    """
id subject phenotypicFeatures measurements biosamples interpretations diseases medicalActions files metaData proband
relatives consanguinousParents pedigree description members label reference evidenceCode code bodySite performed weeks
days iso8601duration start end gestationalAge age ageRange ontologyClass timestamp interval uri
individualToFileIdentifiers fileAttributes individualId derivedFromId sampledTissue sampleType taxonomy
timeOfCollection histologicalDiagnosis tumorProgression tumorGrade pathologicalStage pathologicalTnmFinding
diagnosticMarkers procedure materialSample sampleProcessing sampleStorage term excluded onset resolution diseaseStage
clinicalTnmFinding primarySite laterality alternateIds dateOfBirth timeAtLastEncounter vitalStatus sex karyotypicSex
gender status timeOfDeath causeOfDeath survivalTimeInDays progressStatus diagnosis summary disease
genomicInterpretations subjectOrBiosampleId interpretationStatus gene variantInterpretation
acmgPathogenicityClassification therapeuticActionability variationDescriptor assay value complexValue timeObserved
quantity typedQuantities type unit referenceRange low high action treatment radiationTherapy therapeuticRegimen
treatmentTarget treatmentIntent responseToTreatment adverseEvents treatmentTerminationReason agent
routeOfAdministration doseIntervals drugType cumulativeDose scheduleFrequency modality dosage fractions
externalReference startTime endTime regimenStatus name syntax version genomeAssembly chrom pos ref alt qual filter
info variation geneContext expressions vcfRecord xrefs alternateLabels extensions moleculeContext structuralType
vrsRefAlleleSeq allelicState valueId symbol alternateSymbols created createdBy submittedBy resources updates
phenopacketSchemaVersion externalReferences url namespacePrefix iriPrefix updatedBy comment severity modifiers
evidence persons familyId paternalId maternalId affectedStatus
""".split()  # noqa: SIM905
)
_ONLY_V1 = frozenset({"genes", "variants", "htsFiles"})
_ONLY_V2 = frozenset({"measurements", "interpretations", "medicalActions", "files"})
_SNAKE = re.compile(r"(?<!^)(?=[A-Z])")


def under(node: Node, *names: str) -> Node:
    """Return what stands under names, each in the JSON spelling or in that of the schema."""
    for name in names:
        node = node.first(name, _SNAKE.sub("_", name).lower())
    return node


def is_v2_field(key: str) -> bool:
    """Say whether a name is a field of version 2.

    >>> is_v2_field("timeObserved"), is_v2_field("time_observed"), is_v2_field("negated")
    (True, True, False)
    """
    return key in _FIELDS or re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), key) in _FIELDS


@dataclass(frozen=True, slots=True)
class Form:
    """What a document says of itself: message, version, and a complaint when it is not readable."""

    kind: str = ""
    version: str = ""
    complaint: str = ""
    remedy: str = ""


def form_of(node: Node, inherited: str = "") -> Form:
    """Return the form of a document or of one packet in it."""
    if isinstance(node.value, list):
        return Form("list") if node else Form(complaint="is an empty list", remedy="give Phenopackets of version 2")
    if not isinstance(node.value, dict):
        return Form(complaint="is no Phenopacket", remedy="give an object with id, subject and metaData")
    version = under(node, "metaData", "phenopacketSchemaVersion").text or inherited
    keys = set(node.keys)
    kind = "cohort" if "members" in keys else "family" if "proband" in keys else "packet"
    old = Form(
        kind, version, "is a Phenopacket of version 1", "convert it to version 2, for example with phenopacket-tools"
    )
    if re.match(r"v?1(\.|$)", version) or (not version and (keys & _ONLY_V1 or _looks_old(node))):
        return old
    if version and not re.match(r"v?2(\.|$)", version):
        return Form(kind, version, f"is of version {shorten(version)!r} of Phenopackets", "give version 2")
    if not version and kind == "packet" and not (keys & {*_ONLY_V2, "medical_actions"}) and not _looks_new(node):
        why = "does not say its version and has no field that only version 2 has"
        return Form(kind, version, why, 'state metaData.phenopacketSchemaVersion: "2.0"')
    return Form(kind, version)


def _looks_old(node: Node) -> bool:
    subject = under(node, "subject")
    features = under(node, "phenotypicFeatures").each()
    return bool(
        under(subject, "ageAtCollection")
        or subject.get("age")
        or any("negated" in feature.keys or "classOfOnset" in feature.keys for feature in features)
    )


def _looks_new(node: Node) -> bool:
    diseases = under(node, "diseases").each()
    return bool(under(node, "subject", "timeAtLastEncounter") or any(disease.get("onset") for disease in diseases))


def packets(root: Node, kind: str) -> Iterator[Node]:
    """Yield the packets of a document: one, the members of a cohort, the proband of a family."""
    if kind == "list":
        for part in root.each():
            yield from packets(part, form_of(part).kind)
    elif kind == "cohort":
        yield from under(root, "members").each()
    elif kind == "family":
        yield under(root, "proband")
    else:
        yield root


def read_packets(path: str | Path) -> Document:
    """Read a file with Phenopackets; JSON and YAML are told by the text, protobuf by the ending of the name.

    Raises:
        PosthmaError: The file cannot be read.
    """
    file = Path(path)
    if file.suffix.lower() in (".pb", ".protobuf", ".binpb"):
        return _protobuf(file)
    text = read_text(file)
    if text.lstrip().startswith(("{", "[")) and file.suffix.lower() not in (".yaml", ".yml"):
        return parse_json(file.name, text)
    return parse_yaml(file.name, text)


def _protobuf(file: Path) -> Document:
    """Read a binary packet through the package phenopackets; its paths are those of the JSON form."""
    try:
        schema, form = import_module("phenopackets.schema.v2"), import_module("google.protobuf.json_format")
    except ImportError as error:  # an optional dependency
        remedy = "install it, or write the packet as JSON"
        raise UsageError(file.name, "protobuf needs the package phenopackets", remedy) from error
    try:
        data = file.read_bytes() if file.stat().st_size <= MAX_WHOLE else None
    except OSError as error:
        raise UsageError(str(file), f"cannot be opened: {error.strerror}", "check the name") from error
    if data is None:
        raise LimitError(file.name, f"the file is larger than {MAX_WHOLE} bytes", "split it")
    packet = schema.Phenopacket()
    try:
        packet.ParseFromString(data)
        value: dict[str, Any] = form.MessageToDict(packet)
    except Exception as error:  # protobuf raises errors of its own
        why = shorten(str(error), 80)
        raise SyntaxRecordError(file.name, f"is no Phenopacket in protobuf ({why})", "write it as JSON") from error
    before = packet.ByteSize()
    packet.DiscardUnknownFields()
    if packet.ByteSize() != before or not data:
        fact = f"holds {before - packet.ByteSize()} bytes of fields that version 2 does not have"
        raise SyntaxRecordError(file.name, fact, "write it as a Phenopacket of version 2")
    return document_of(file.name, value)
