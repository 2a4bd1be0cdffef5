"""The ledger of a source: which of its claims is carried by what, and which clinical statement comes from which claim.

A source is read in parts, so its folder below kb/sources/ holds one ledger a part, ``coverage-<part>.tsv``;
``python -m posthma.lint.ledger`` joins them into ``coverage.tsv`` and prints the coverage, and with ``--check`` it only
says whether that file is current and the ledger whole.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from posthma import resources
from posthma.knowledge import read_knowledge
from posthma.lint.matter import Matter, described
from posthma.spelling import nearest
from posthma.terms import Triple
from posthma.validation import Finding
from posthma.vocab import KB, PREFIXES, RDF, P, curie

FILE = "coverage.tsv"
COLUMNS = ("registry_id", "iris", "status", "reason")
STATUSES = ("carried", "read as", "waived")
MOST_WAIVED = 0.03
_SOURCES = "kb/sources"
_DCTERMS_SOURCE, _REPORTED_IN = "<http://purl.org/dc/terms/source>", f"<{P.BASE}reportedIn>"
_REGISTRY_ID = f"<{P.BASE}registryId>"
KINDS = {
    f"<{P.BASE}{name}>"
    for name in (
        "BiologicalProcess", "CounsellingPoint", "CytogeneticFinding", "Definition", "Dispute", "DoseVariant", "Drug",
        "DrugClass", "Duty", "EvidenceStatement", "FixedCombination", "Gene", "GeneGroup", "GeneProduct", "GeneVariant",
        "GenomicAssociation", "GenomicFinding", "Guard", "Label", "Mechanism", "Option", "Pathway", "PreclinicalTool",
        "PriorExposure", "Procedure", "ProteinComplex", "ProteinFamily", "Regimen", "RegimenClass",
        "ResistanceMechanism", "SafetyNote", "Strategy", "SupportiveMeasure", "ToxicityMechanism", "Trial",
    )
}  # fmt: skip
"""Clinical statements and things: each that a source places has a row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a ledger.

    Attributes:
        place: ``file:line``.
        registry_id: The claim, by its id in the registry of the source.
        iris: CURIEs of what carries it.
        status: ``carried``, ``read as`` (a print artefact, with its reading) or ``waived``.
        reason: Why it is read so or waived; empty when carried.
    """

    place: str
    registry_id: str
    iris: tuple[str, ...]
    status: str
    reason: str


def parts(folder: Path) -> list[Path]:
    """Return the ledgers of the parts of a source."""
    return sorted(folder.glob("coverage-*.tsv"))


def read_rows(file: Path, root: Path) -> list[Row]:
    """Read one ledger."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        name = file.relative_to(root).as_posix()
        return [
            Row(f"{name}:{line}", row["registry_id"], tuple(row["iris"].split()), row["status"], row["reason"] or "")
            for line, row in enumerate(rows, 2)
        ]


def ledger(folder: Path, root: Path) -> list[Row]:
    """Return the rows of all parts of a source, sorted by id."""
    return sorted((row for file in parts(folder) for row in read_rows(file, root)), key=lambda row: row.registry_id)


def merged(folder: Path, root: Path) -> str:
    """Return the text of ``coverage.tsv``."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n", quotechar=None)
    writer.writerow(COLUMNS)
    for row in ledger(folder, root):
        writer.writerow((row.registry_id, " ".join(row.iris), row.status, row.reason))
    return text.getvalue()


def coverage(rows: list[Row]) -> str:
    """Say how much of a registry is carried."""
    count = {status: sum(row.status == status for row in rows) for status in STATUSES}
    kept = len(rows) - count["waived"]
    share = 100 * kept / len(rows) if rows else 0.0
    return (
        f"{len(rows)} claims: {count['carried']} carried, {count['read as']} read as, {count['waived']} waived; "
        f"{share:.1f} % covered"
    )


def check_ledger(matter: Matter) -> Iterator[Finding]:
    """Yield rows that lead nowhere or repeat an id, statements without a row, and a joined file that is out of date."""
    known = described(matter)
    for folder in sorted((matter.root / _SOURCES).iterdir()):
        if not parts(folder):
            continue
        rows = ledger(folder, matter.root)
        yield from _rows(rows, known)
        yield from _without_row(matter, f"<{KB.BASE}{folder.name}>", {iri for row in rows for iri in row.iris})
        joined = folder / FILE
        if not joined.exists() or joined.read_text(encoding="utf-8") != merged(folder, matter.root):
            place = joined.relative_to(matter.root).as_posix()
            yield _violation(place, "it is not what its parts say", "run python -m posthma.lint.ledger")


def _rows(rows: list[Row], known: set[str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row in rows:
        if row.registry_id in seen:
            yield _violation(row.place, f"{row.registry_id} has a row at {seen[row.registry_id]} too", "join the two")
        seen.setdefault(row.registry_id, row.place)
        if row.status not in STATUSES:
            yield _violation(row.place, f"status {row.status!r} is of no kind", f"write one of {', '.join(STATUSES)}")
        if row.status == "waived" and not row.reason:
            yield _violation(row.place, f"{row.registry_id} is waived without a reason", "say why it is not carried")
        if row.status != "waived" and not row.iris:
            yield _violation(row.place, f"{row.registry_id} is carried by nothing", "name what carries it, or waive it")
        for iri in row.iris:
            prefix, _, name = iri.partition(":")
            term = f"<{PREFIXES.get(prefix, '')}{name}>"
            if term not in known:
                hint = nearest(term, known) if prefix in PREFIXES else ""
                remedy = f"did you mean {hint}?" if hint else "name what carries the claim"
                yield _violation(row.place, f"{iri} is described nowhere", remedy)


def _without_row(matter: Matter, document: str, carried: set[str]) -> Iterator[Finding]:
    for term, facts in matter.said.items():
        placed = any(p == P.lines for _, p, _ in facts)
        if placed and _is_of(facts, document) and curie(term) not in carried:
            names = [o for _, p, o in facts if p == _REGISTRY_ID]
            remedy = f"add it to the row of {', '.join(names)}" if names else "add it to the row of its claim"
            yield _violation(matter.place_of(term), f"{curie(term)} stands in no row of the ledger", remedy)


def _is_of(facts: list[Triple], document: str) -> bool:
    kinds = {o for _, p, o in facts if p == RDF.type}
    return bool(kinds & KINDS) and any(p in (_DCTERMS_SOURCE, _REPORTED_IN) and o == document for _, p, o in facts)


def _violation(place: str, fact: str, remedy: str) -> Finding:
    return Finding(place, "violation", "ledger", fact, remedy)


def main(arguments: list[str]) -> int:
    """Write ``coverage.tsv`` of every source, or check it; print the coverage."""
    root = resources.root()
    for folder in sorted((root / _SOURCES).iterdir()):
        if parts(folder):
            if "--check" not in arguments:
                (folder / FILE).write_text(merged(folder, root), encoding="utf-8", newline="\n")
            print(f"{folder.name}: {coverage(ledger(folder, root))}")
    findings = list(check_ledger(Matter(read_knowledge(), {})))
    for finding in findings:
        print(finding, file=sys.stderr)
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
