"""Any patient file or folder of them, recognised by what is in it: RDF, Phenopackets, FHIR, a table, a MAF.

The name decides only where the content cannot: protobuf has no mark, and a table is told from its text by its ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from posthma.errors import PosthmaError, SyntaxRecordError, UsageError
from posthma.intake.build import NOT_UNDERSTOOD, USED, Imported, Item
from posthma.intake.columns import Columns
from posthma.intake.fhir import import_fhir, import_fhir_document, import_fhir_files
from posthma.intake.fhir_bulk import bulk_form
from posthma.intake.folder import read_folder
from posthma.intake.maf import import_maf
from posthma.intake.names import Names
from posthma.intake.ndjson import ENDINGS, scan
from posthma.intake.phenopacket import import_packets, import_phenopacket
from posthma.intake.phenopacket_form import is_v2_field
from posthma.intake.rdf import Record, parse_record
from posthma.intake.table import Refused, import_table
from posthma.intake.tree import Document, parse_json, read_text
from posthma.intake.values import shorten
from posthma.vocab import curie

__all__ = ["FORMATS", "import_any", "import_form", "is_document", "is_stray", "read_form", "recognise"]

FORMATS = ("record", "phenopacket", "fhir", "maf", "table")
"""What `read_form` and `recognise` can answer."""

_HEAD = 65_536
_TURTLE = re.compile(r"(?:\s|#[^\n]*\n)*(?:@prefix|@base|PREFIX\s|BASE\s|<[a-z][a-z0-9+.-]{0,20}:[^>\s]{0,2000}>\s+<)")
_PACKET = {
    "phenotypicFeatures", "phenotypic_features", "metaData", "meta_data", "medicalActions", "medical_actions",
    "interpretations", "biosamples", "proband", "members", "subject", "htsFiles", "hts_files",
}  # fmt: skip
_PACKET_YAML = re.compile(rf"^(?:- )?(?:{'|'.join(sorted(_PACKET))})\s*:", re.MULTILINE)


def recognise(path: str | Path) -> str:
    """Return the format of a file, one of `FORMATS`.

    Raises:
        PosthmaError: It cannot be opened, or is a format that is not read.
    """
    file = Path(path)
    if file.is_dir():
        raise UsageError(str(path), "is a folder", "name a file in it")
    return read_form(file)[0]


def import_any(
    path: str | Path,
    columns: Columns | None = None,
    *,
    maf: str | Path | None = None,
    lines_complete: bool | None = None,
) -> Iterator[Imported | Refused]:
    """Yield one record a patient from a file of any format.

    Args:
        path: The file, or a folder of files in any of these formats; resources of FHIR that stand alone in a folder, a
            line or a file each, are gathered by patient.
        columns: The meaning of a table's columns; of other formats the day for undated facts and of the question, the
            jurisdiction, and the genes that were looked for.
        maf: Variants for a table.
        lines_complete: Whether Phenopackets or FHIR resources hold every line of a hypomethylating agent.

    Raises:
        PosthmaError: The file cannot be read as a whole.
    """
    file = Path(path)
    if file.is_dir():
        yield from _folder(file, columns or Columns(), maf, lines_complete)
        return
    form, document = read_form(file)
    if maf is not None and form != "table":
        raise UsageError(str(maf), f"a MAF goes with a table; {file.name} is a {form}", "leave it out")
    yield from import_form(file, form, document, columns or Columns(), maf, lines_complete)


def import_form(
    file: Path,
    form: str,
    document: Document | None,
    columns: Columns,
    maf: str | Path | None = None,
    lines_complete: bool | None = None,
    names: Names | None = None,
) -> Iterator[Imported | Refused]:
    """Yield one record a patient from a file whose form is known; other arguments as for `import_any`.

    Args:
        file: The file.
        form: One of `FORMATS`.
        document: What `read_form` read already.
        columns: The meaning of a table's columns.
        maf: Variants for a table.
        lines_complete: Whether every line of a hypomethylating agent is there.
        names: Taken by records of other files; those of RDF and MAF are not looked up.

    Raises:
        PosthmaError: The file cannot be read as a whole.
    """
    if form == "record":
        yield _record(parse_record(file.read_bytes(), _named(file)))
    elif form == "phenopacket" and document:
        yield from import_packets(document, columns, lines_complete, names)
    elif form == "phenopacket":
        yield from import_phenopacket(file, columns, lines_complete=lines_complete, names=names)
    elif form == "fhir" and document:
        yield from import_fhir_document(document, columns, lines_complete, names)
    elif form == "fhir":
        yield from import_fhir(file, columns, lines_complete=lines_complete, names=names)
    elif form == "maf":
        yield from import_maf(file, columns)
    else:
        yield from import_table(file, columns, maf, names)


def _folder(
    path: Path, columns: Columns, maf: str | Path | None, lines_complete: bool | None
) -> Iterator[Imported | Refused]:
    """Yield the patients of a folder; a file that cannot be read is refused, the others go on."""
    together: list[tuple[Path, str]] = []
    names = Names()
    for file, name in read_folder(path).files:
        try:
            if bulk_form(file):
                together.append((file, name))
                continue
            form, document = read_form(file, name)
            if is_stray(file, form):
                yield Refused(name, "is neither a record, a Phenopacket, a FHIR resource nor a list of rows")
                continue
            own = maf if form == "table" else None
            found = import_form(file, form, document, columns, own, lines_complete, names)
            yield from _single(found, name, names) if form in ("record", "maf") else found
        except PosthmaError as error:
            yield Refused(error.place.replace(str(file), name), f"{error.fact}; {error.remedy}")
    if together:
        yield from import_fhir_files(together, columns, lines_complete, names)


def _single(found: Iterator[Imported | Refused], name: str, names: Names) -> Iterator[Imported | Refused]:
    """Refuse a patient whom another file gave already."""
    for one in found:
        before = names.take(one.patient, "", name)[1] if isinstance(one, Imported) else ""
        if before and isinstance(one, Imported):
            fact = f"the patient {shorten(one.patient)} stands already at {before}; give each one file"
            yield Refused(name, fact)
        else:
            yield one


def is_stray(file: Path, form: str) -> bool:
    """Say whether a file is no table of patients though nothing else was seen in it: an object, such as a manifest."""
    suffix = file.suffix.lower()
    if form != "table" or suffix not in (".json", ".yaml", ".yml"):
        return False
    with file.open("rb") as stream:
        head = stream.read(_HEAD).decode("utf-8-sig", "replace").lstrip()
    return not (head.startswith("[") if suffix == ".json" else re.search(r"^- ", head, re.MULTILINE))


def read_form(file: Path, name: str = "") -> tuple[str, Document | None]:
    """Return the format, and the document where it had to be read for that.

    Args:
        file: The file.
        name: Its name in places.

    Raises:
        PosthmaError: It cannot be opened, or is a format that is not read.
    """
    name = name or file.name
    try:
        with file.open("rb") as stream:
            data = stream.read(_HEAD)
    except FileNotFoundError as error:
        raise UsageError(str(file), "is not there", "check the name") from error
    except OSError as error:
        raise UsageError(str(file), f"cannot be opened: {error.strerror}", "name a file that can be read") from error
    suffix = file.suffix.lower()
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        fact = "is a pointer of Git LFS, not the file itself"
        raise SyntaxRecordError(file.name, fact, "fetch the file with: git lfs pull")
    if not data.strip():
        raise SyntaxRecordError(file.name, "the file is empty", "give a patient")
    if data.startswith(b"PK\x03\x04") or suffix == ".xlsx":
        if suffix != ".xlsx":
            raise SyntaxRecordError(file.name, "is a ZIP archive", "unpack it, or name a spreadsheet .xlsx")
        return "table", None
    if suffix in (".pb", ".protobuf", ".binpb"):
        return "phenopacket", None
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = data.decode("utf-16" if utf16 else "utf-8-sig", "replace").lstrip()
    if head.startswith("<") and re.match(r"<\?xml|<!DOCTYPE|<html|<Bundle|<Patient|<rdf:RDF", head, re.IGNORECASE):
        raise SyntaxRecordError(file.name, "is XML or HTML", "give FHIR as JSON, and a record as Turtle")
    if _TURTLE.match(head) or suffix in (".ttl", ".nt", ".turtle"):
        return "record", None
    if head.startswith(("{", "[")):
        return _json(file, name, head)
    if suffix in (".yaml", ".yml"):
        return ("phenopacket" if _PACKET_YAML.search(head) else "table"), None
    first = next((line for line in head.splitlines() if not line.startswith("#")), "").lower()
    return ("maf" if {"hugo_symbol", "tumor_sample_barcode"} <= set(first.split("\t")) else "table"), None


def _json(file: Path, name: str, head: str) -> tuple[str, Document | None]:
    """Tell what a JSON text is; of NDJSON the first line that can be read decides."""
    if file.suffix.lower() in ENDINGS:
        for line in scan(file):
            try:
                return _of_value(parse_json(name, line.data.decode("utf-8", "surrogateescape")).value), None
            except SyntaxRecordError:
                continue
        return "table", None
    if file.suffix.lower() == ".jsonld" or re.search(r'"@(?:context|graph|id)"\s*:', head):
        return "record", None
    document = parse_json(name, read_text(file))
    form = _of_value(document.value)
    return form, document if form in ("phenopacket", "fhir") else None


def is_document(value: Any) -> bool:
    """Say whether a value of JSON is FHIR or a Phenopacket."""
    return _of_value(value) in ("fhir", "phenopacket")


def _of_value(whole: Any) -> str:
    value = whole[0] if isinstance(whole, list) and whole else whole
    if not isinstance(value, dict):
        return "table"
    if "resourceType" in value:
        return "fhir"
    nested = {key for key, item in value.items() if isinstance(item, (dict, list))}
    if nested & _PACKET and any(is_v2_field(key) for key in value):
        return "phenopacket"
    return "table"


def _named(file: Path) -> str:
    """Return the name by which a record's syntax is known."""
    if file.suffix.lower() in (".ttl", ".turtle", ".nt", ".jsonld", ".json"):
        return str(file)
    return f"{file}.ttl"


def _record(record: Record) -> Imported:
    """Return a record in RDF as it stands: each triple is an item, and each key that JSON-LD drops."""
    items = [Item(record.place(t), " ".join(curie(token) for token in t), USED) for t in record.triples]
    items += [Item(place, "", NOT_UNDERSTOOD, "no context maps this name") for place in record.dropped]
    patient = next((s for s, p, o in record.triples if o == "<https://w3id.org/posthma/ontology/Patient>"), "")
    return Imported(patient.strip("<>") or record.name, record.triples, tuple(items))
