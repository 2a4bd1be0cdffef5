"""What the columns of a table of patients mean: a mapping, from a small YAML or from well-known names.

```yaml
date: 2019-01-15            # day for rows without a date of their own; marked as constructed in the record
jurisdiction: EU
diagnosis: mds              # for every row
genes_tested: [IDH1, IDH2]  # a gene of this list without a variant was looked for and not found
columns:
  PATIENT: {patient: true}
  HGB:     {analyte: hemoglobin, unit: g/L, date: HGB_DATE}
  HGB_DATE: {date: true}
  KT:      {karyotype: true}
  IDH2:    {gene: IDH2}
  RISK:    {risk: ipssR}
```
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from posthma.errors import SyntaxRecordError, UsageError
from posthma.intake.build import gene_targets
from posthma.intake.dates import read_date
from posthma.intake.nodes import nodes
from posthma.intake.units import analytes
from posthma.intake.values import shorten
from posthma.intake.variants.read import current_symbol

__all__ = ["SEXES", "Column", "Columns", "diseases", "read_columns", "usual_column"]

SEXES = {"f": "female", "female": "female", "w": "female", "m": "male", "male": "male"}
"""Words for the sex of a patient, in lower case, by the name in the knowledge base."""

ROLES = frozenset(["patient", "sample", "date", "sex", "karyotype", "diagnosis", "complete", "context"])
_JURISDICTIONS = {"EU": "EU", "US": "US", "other": "otherJurisdiction"}
SCHEMES = frozenset(["ipss", "ipssR", "ipssM"])


@dataclass(frozen=True, slots=True)
class Column:
    """What one column means.

    Attributes:
        role: One of `ROLES`, ``analyte``, ``gene`` or ``risk``.
        name: Analyte, gene symbol or risk scheme.
        unit: Unit of a bare number.
        date: Column that holds the day of this one.
    """

    role: str
    name: str = ""
    unit: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The meaning of a table.

    Attributes:
        by_name: Columns that the mapping names.
        day: Day for facts without one.
        jurisdiction: For every row.
        diagnosis: For every row.
        genes_tested: Genes that were looked for in every row.
        usual: Whether well-known names are understood besides.
    """

    by_name: Mapping[str, Column] = field(default_factory=dict)
    day: dt.date | None = None
    jurisdiction: str | None = None
    diagnosis: str | None = None
    genes_tested: tuple[str, ...] = ()
    usual: bool = True

    def column(self, name: str) -> Column | None:
        """Return what a column means; None when nothing says so."""
        found = self.by_name.get(name)
        return found if found or not self.usual else usual_column(name)


_USUAL: dict[str, Column] = {
    **dict.fromkeys(["patient_id", "patient", "id", "leukid"], Column("patient")),
    **dict.fromkeys(["sample_id", "sample"], Column("sample")),
    **dict.fromkeys(["date", "sample_date"], Column("date")),
    **dict.fromkeys(["sex", "gender"], Column("sex")),
    **dict.fromkeys(["karyotype", "iscn", "cytogenetics"], Column("karyotype")),
    **dict.fromkeys(["diagnosis", "cancer_type_detailed"], Column("diagnosis")),
    **dict.fromkeys(["age", "age_at_diagnosis"], Column("analyte", "age", "years")),
    **dict.fromkeys(["hb", "hgb", "hemoglobin"], Column("analyte", "hemoglobin", "g/dL")),
    **dict.fromkeys(["plt", "platelets", "platelet"], Column("analyte", "platelets", "10^9/L")),
    **dict.fromkeys(["anc", "neutrophils"], Column("analyte", "neutrophils", "10^9/L")),
    **dict.fromkeys(["wbc", "leukocytes"], Column("analyte", "leukocytes", "10^9/L")),
    **dict.fromkeys(["bm_blast", "bm_blasts", "marrow_blasts"], Column("analyte", "marrowBlasts", "%")),
    **dict.fromkeys(["pb_blast", "pb_blasts", "blood_blasts"], Column("analyte", "bloodBlasts", "%")),
    "ecog": Column("analyte", "ecog"),
    "hma_lines_complete": Column("complete"),
    "karnofsky": Column("analyte", "karnofsky", "%"),
    **dict.fromkeys(["ipssr", "ipss_r", "ipssr_category", "ipss_r_category"], Column("risk", "ipssR")),
    **dict.fromkeys(["ipssm", "ipss_m", "ipssm_category", "ipss_m_category"], Column("risk", "ipssM")),
    **dict.fromkeys(["ipss", "ipss_category"], Column("risk", "ipss")),
}  # fmt: skip


def usual_column(name: str) -> Column | None:
    """Return what a well-known column name means.

    >>> usual_column("BM_BLAST").name, usual_column("IDH2").role, usual_column("COMMENT")
    ('marrowBlasts', 'gene', None)
    """
    found = _USUAL.get(name.strip().lower())
    if found:
        return found
    symbol = current_symbol(name.strip())
    return Column("gene", symbol) if symbol in gene_targets() else None


@cache
def diseases() -> Mapping[str, str]:
    """Return the diseases of the record vocabulary by name and label, in lower case; subtypes stand for their kind."""
    found = {}
    for name, node in nodes("kb/clinical.ttl").items():
        if "Disease" in node.get("type", ()):
            found[name.lower()] = name
            for key in ("hiddenLabel", "altLabel", "label"):
                found.update({label.lower(): name for label in node.get(key, ())})
    return found


def read_columns(path: str | Path) -> Columns:
    """Read a mapping from YAML.

    Raises:
        UsageError: There is no such file.
        SyntaxRecordError: It is no mapping of the form above; the message names the entry.
    """
    yaml = import_module("yaml")
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(str(path), f"cannot be read: {error.strerror}", "check the name") from error
    except UnicodeDecodeError as error:
        raise SyntaxRecordError(Path(path).name, "is not UTF-8 text", "save it as UTF-8") from error
    name = Path(path).name
    try:
        value = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SyntaxRecordError(name, f"is not YAML: {shorten(str(error), 200)}", "mend it at that place") from error
    if not isinstance(value, dict):
        raise SyntaxRecordError(name, "is no mapping of names to values", "see posthma import --help")
    known = {"date", "jurisdiction", "diagnosis", "genes_tested", "columns", "usual"}
    for key in value:
        if key not in known:
            raise SyntaxRecordError(f"{name} {key}", "is not an entry of a mapping", f"use {', '.join(sorted(known))}")
    columns = value.get("columns") or {}
    if not isinstance(columns, dict):
        raise SyntaxRecordError(f"{name} columns", "is no mapping", "write one line a column")
    return Columns(
        by_name={str(key): _column(f"{name} columns.{key}", item) for key, item in columns.items()},
        day=_day(name, value.get("date")),
        jurisdiction=_one_of(f"{name} jurisdiction", value.get("jurisdiction"), _JURISDICTIONS),
        diagnosis=_one_of(f"{name} diagnosis", value.get("diagnosis"), diseases()),
        genes_tested=_genes(name, value.get("genes_tested") or []),
        usual=str(value.get("usual", "true")).lower() != "false",
    )


def _day(name: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    reading = read_date(str(text))
    if reading.day is None:
        raise SyntaxRecordError(f"{name} date", f"{shorten(str(text))!r} is no day", "write YYYY-MM-DD")
    return reading.day


def _one_of(place: str, text: Any, known: Mapping[str, str]) -> str | None:
    if text is None:
        return None
    found = known.get(str(text)) or known.get(str(text).lower())
    if found is None:
        raise SyntaxRecordError(place, f"{shorten(str(text))!r} is not known", f"use one of {', '.join(sorted(known))}")
    return found


def _genes(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise SyntaxRecordError(f"{name} genes_tested", "is no list", "write [IDH1, IDH2]")
    return tuple(current_symbol(str(gene)) for gene in value)


def _column(place: str, value: Any) -> Column:
    if not isinstance(value, dict):
        raise SyntaxRecordError(place, "is no mapping", "write it as {analyte: hemoglobin, unit: g/dL}")
    date = "" if "date" in _flags(value) else str(value.get("date", ""))
    extra = {"unit": str(value.get("unit", "")), "date": date}
    roles = [key for key in value if key in ROLES and key in _flags(value)]
    for key, allowed in (("analyte", set(analytes())), ("risk", set(SCHEMES)), ("gene", None)):
        if key in value:
            name = str(value[key])
            if allowed is not None and name not in allowed:
                remedy = f"use one of {', '.join(sorted(allowed))}"
                raise SyntaxRecordError(place, f"{shorten(name)!r} is no {key}", remedy)
            return Column(key, current_symbol(name) if key == "gene" else name, **extra)
    if len(roles) != 1:
        words = ", ".join(sorted([*ROLES, "analyte", "gene", "risk"]))
        raise SyntaxRecordError(place, "does not say what the column means", f"give one of {words}")
    return Column(roles[0], **extra)


def _flags(value: Mapping[str, Any]) -> set[str]:
    return {key for key, item in value.items() if str(item).lower() == "true"}
