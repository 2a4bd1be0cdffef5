"""Rows of a table of patients as inputs of the scores, cell by cell.

Columns go by the names of the published calculator (``HB``, ``PLT``, ``BM_BLAST``, ...) or by our own. A cell that
cannot be used is named with its place and counts as missing; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from posthma.errors import RecordError
from posthma.intake.cells import Cell, Row
from posthma.intake.columns import SEXES
from posthma.intake.karyotype import Karyotype, read_karyotype
from posthma.intake.units import read_measurement
from posthma.intake.values import Interval, read_number, shorten
from posthma.scores import Score, ipss, ipss_m, ipss_r, ipss_r_age_adjusted, post_hma
from posthma.scores.additive import cytogenetic_points
from posthma.scores.molecular import genes
from posthma.scores.tables import table

__all__ = ["COLUMNS", "SCHEMES", "Message", "Patient", "known_column", "score_row"]

MEASURED = {
    # column: other names, analyte, unit of a bare number
    "hemoglobin": (("HB", "HGB", "hemoglobin_g_dl", "haemoglobin"), "hemoglobin", "g/dL"),
    "platelets": (("PLT", "platelets_e9_l"), "platelets", "10^9/L"),
    "neutrophils": (("ANC", "neutrophils_e9_l"), "neutrophils", "10^9/L"),
    "marrow_blasts": (("BM_BLAST", "BLASTS", "marrow_blasts_pct", "bone_marrow_blasts"), "marrowBlasts", "%"),
    "age": (("AGE", "age_years"), "age", "years"),
    "tp53_max_fraction": (("TP53maxvaf",), "variantAlleleFraction", "fraction"),
    "ecog": (("ECOG",), "ecog", ""),
}
LESIONS = {
    "del5q": (("del5q",), "del5q"),
    "del7_7q": (("del7_7q",), "del7_7q"),
    "del17_17p": (("del17_17p",), "del17_17p"),
    "complex_karyotype": (("complex",), "complex"),
    "tp53_loh": (("TP53loh",), ""),
    "red_cell_transfusion_dependent": (("transfusion_dependent",), ""),
}
OTHER = {
    "id": (("ID", "PATIENT_ID", "patient"), "name of the patient, for the output"),
    "karyotype": (("KARYOTYPE", "ISCN", "CYTOGENETICS"), "karyotype (ISCN)"),
    "cyto_ipssr": (("CYTO_IPSSR", "cytogenetics_ipss_r"), "cytogenetic group of IPSS-R"),
    "cyto_ipss": (("CYTO_IPSS", "cytogenetics_ipss"), "cytogenetic group of IPSS"),
    "sex": (("SEX", "gender"), "female or male; says which chromosome 45,X lacks"),
    "tp53_mutations": (("TP53mut",), "number of TP53 mutations: 0, 1, '2 or more'"),
}
COLUMNS: dict[str, str] = {
    name.lower(): canonical
    for columns in (MEASURED, LESIONS, OTHER)
    for canonical, spec in columns.items()
    for name in (canonical, *spec[0])
}
"""Every accepted column name, in lower case, with the name it stands for; genes of IPSS-M come on top."""

SCHEMES = ("ipss", "ipss-r", "ipss-ra", "ipss-m", "post-hma")
_YES = frozenset({"1", "yes", "y", "true", "t", "mut", "mutated", "mutant", "positive", "pos", "present", "1.0"})
_NO = frozenset({
    "0", "no", "n", "false", "f", "wt", "wild type", "wildtype", "wild-type", "negative", "neg", "absent", "0.0",
})  # fmt: skip
_GENE_NAMES = {"MLL_PTD": ("MLL_PTD", "KMT2A_PTD", "MLL-PTD", "KMT2A-PTD")}


@dataclass(frozen=True, slots=True)
class Message:
    """What is wrong with a cell or row, and what was done about it."""

    place: str
    fact: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fact}"


@dataclass(slots=True)
class Patient:
    """One row with its scores.

    Attributes:
        id: As the table names the patient, or the number of the row.
        place: Where the row stands.
        scores: By scheme.
        messages: What a reader should know about the cells.
        unused: Columns that no score uses.
        faulty: A cell could not be used.
    """

    id: str
    place: str
    scores: dict[str, Score] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    faulty: bool = False


def known_column(name: str) -> str | None:
    """Return what a column stands for: one of our names, ``gene:SYMBOL``, or None.

    >>> known_column("BM_BLAST"), known_column("KMT2A_PTD"), known_column("comment")
    ('marrow_blasts', 'gene:MLL_PTD', None)
    """
    found = COLUMNS.get(name.strip().lower())
    if found:
        return found
    upper = name.strip().upper()
    for gene in genes():
        if upper in _GENE_NAMES.get(gene, (gene,)):
            return f"gene:{gene}"
    return None


def score_row(row: Row, schemes: tuple[str, ...] = SCHEMES) -> Patient:
    """Compute the scores of one row; a score whose input is impossible is left out with a message."""
    named: dict[str, Cell] = {}
    unused = []
    patient = Patient(f"row {row.number}", row.place)
    if row.complaint:
        patient.messages.append(Message(row.place, row.complaint))
        patient.faulty = True
        return patient
    for column, cell in row.cells.items():
        canonical = known_column(column)
        if cell.fault:
            _fault(patient, cell, f"{cell.fault}; counted as missing")
        elif canonical is None:
            unused.append(column)
        elif canonical in named:
            _fault(patient, cell, f"repeats what {shorten(named[canonical].place)} gives; not used")
        else:
            named[canonical] = cell
    patient.unused = tuple(unused)
    if "id" in named and named["id"].text.strip():
        patient.id = shorten(named["id"].text.strip(), 80)
    measured = {name: _measured(patient, named.get(name), *MEASURED[name][1:]) for name in MEASURED}
    truths = {name: _truth(patient, named.get(name)) for name in LESIONS}
    sex = SEXES.get(named["sex"].text.strip().lower(), "") if "sex" in named else ""
    karyotype = read_karyotype(named["karyotype"].text, sex) if "karyotype" in named else None
    _from_karyotype(patient, named.get("karyotype"), karyotype, truths)
    groups = {name: _group(patient, named.get(name), karyotype, name) for name in ("cyto_ipss", "cyto_ipssr")}
    mutated = {name[5:]: _truth(patient, cell) for name, cell in named.items() if name.startswith("gene:")}
    mutations = _mutations(patient, named.get("tp53_mutations"))
    counts = {
        "marrow_blasts_pct": measured["marrow_blasts"],
        "hemoglobin_g_dl": measured["hemoglobin"],
        "platelets_e9_l": measured["platelets"],
    }
    full = {**counts, "neutrophils_e9_l": measured["neutrophils"]}
    makers: dict[str, Callable[[], Score]] = {
        "ipss": lambda: ipss(cytogenetics=groups["cyto_ipss"], **full),
        "ipss-r": lambda: ipss_r(cytogenetics=groups["cyto_ipssr"], **full),
        "ipss-ra": lambda: ipss_r_age_adjusted(age_years=measured["age"], cytogenetics=groups["cyto_ipssr"], **full),
        "ipss-m": lambda: ipss_m(
            cytogenetics=groups["cyto_ipssr"],
            del5q=truths["del5q"],
            del7_7q=truths["del7_7q"],
            del17_17p=truths["del17_17p"],
            complex_karyotype=truths["complex_karyotype"],
            mutated=mutated,
            tp53_mutations=mutations,
            tp53_max_fraction=measured["tp53_max_fraction"],
            tp53_loh=truths["tp53_loh"],
            **counts,
        ),
        "post-hma": lambda: _post_hma(measured, truths, karyotype),
    }
    for scheme in schemes:
        try:
            patient.scores[scheme] = makers[scheme]()
        except RecordError as error:
            patient.messages.append(Message(row.place, f"no {scheme}: {error.place}: {error.fact}; {error.remedy}"))
            patient.faulty = True
    return patient


def _fault(patient: Patient, cell: Cell, fact: str) -> None:
    patient.messages.append(Message(cell.place, fact))
    patient.faulty = True


def _measured(patient: Patient, cell: Cell | None, analyte: str, unit: str) -> Interval | None:
    if cell is None:
        return None
    stated = read_number(cell.text).rest if len(cell.text) < 200 else ""
    reading = read_measurement(cell.text, analyte, "" if stated else unit)
    for finding in reading.findings:
        if reading.usable:
            patient.messages.append(Message(cell.place, finding.text))
        else:
            _fault(patient, cell, f"{finding.text}; counted as missing")
    return reading.interval if reading.usable else None


def _truth(patient: Patient, cell: Cell | None) -> bool | None:
    if cell is None:
        return None
    text = cell.text.strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if not read_number(text).missing:
        _fault(patient, cell, f"{shorten(cell.text)!r} is neither 1, 0 nor NA; counted as missing")
    return None


def _mutations(patient: Patient, cell: Cell | None) -> int | None:
    if cell is None:
        return None
    text = cell.text.strip().lower()
    number = read_number(text)
    if number.missing:
        return None
    if text in ("2 or more", ">1", ">=2", "≥2", "2+", "multi"):
        return 2
    value = number.interval.value if number.interval and not number.rest else None
    if value is None or value != int(value) or not 0 <= value <= 50:
        _fault(patient, cell, f"{shorten(cell.text)!r} is not 0, 1 or '2 or more'; counted as missing")
        return None
    return int(value)


def _group(patient: Patient, cell: Cell | None, karyotype: Karyotype | None, name: str) -> str | tuple[str, ...] | None:
    """Return the cytogenetic group: as the table says, else as the karyotype gives it (several where it is open)."""
    if cell is not None and not read_number(cell.text).missing:
        try:
            cytogenetic_points(table("ipssR" if name == "cyto_ipssr" else "ipss"), cell.text)
        except RecordError as error:
            _fault(patient, cell, f"{error.fact}; {error.remedy}; counted as missing")
            return None
        return cell.text
    if karyotype is None:
        return None
    found = karyotype.ipss_r if name == "cyto_ipssr" else karyotype.ipss
    return found.name or found.possible or None


def _from_karyotype(
    patient: Patient, cell: Cell | None, karyotype: Karyotype | None, truths: dict[str, bool | None]
) -> None:
    """Fill lesions from the karyotype where the table has no column for them; say where the two disagree."""
    if karyotype is None or cell is None:
        return
    for finding in karyotype.findings:
        patient.messages.append(Message(cell.place, finding.text))
    patient.faulty = patient.faulty or karyotype.kind in ("text", "partly")
    for name, (_, attribute) in LESIONS.items():
        if not attribute:
            continue
        seen = getattr(karyotype, attribute)
        if truths[name] is None:
            truths[name] = seen
        elif seen is not None and seen is not truths[name]:
            words = {True: "present", False: "absent"}
            fact = f"{name} is {words[seen]} here and {words[bool(truths[name])]} in its column; the column is used"
            patient.messages.append(Message(cell.place, fact))


def _post_hma(
    measured: Mapping[str, Interval | None], truths: Mapping[str, bool | None], karyotype: Karyotype | None
) -> Score:
    number = karyotype.count if karyotype else None
    span = None
    if number is not None:
        span = Interval(Decimal(number.least), None if number.most is None else Decimal(number.most))
    ecog = measured["ecog"].value if measured["ecog"] else None
    return post_hma(
        age_years=measured["age"],
        ecog=int(ecog) if ecog is not None else None,
        abnormalities=span,
        marrow_blasts_pct=measured["marrow_blasts"],
        platelets_e9_l=measured["platelets"],
        red_cell_transfusion_dependent=truths["red_cell_transfusion_dependent"],
    )
