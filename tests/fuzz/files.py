"""Parsers of whole files, with seeds that reach deep into each: tables, MAF, mappings, spreadsheets, FHIR, Phenopackets.

A target writes its bytes to a file and reads it as a user would; what it may raise is an error of the project, with a
place and a remedy.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from posthma.errors import PosthmaError
from posthma.intake.any import import_any
from posthma.intake.columns import Columns, read_columns
from posthma.intake.template import COLUMNS, xlsx_template

Target = Callable[[bytes], object]

_HERE = Path(__file__).parent.parent / "intake"


def _imported(name: str, **options: object) -> Target:
    def read(data: bytes) -> int:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes(data)
            try:
                return sum(len(getattr(found, "items", "x")) for found in import_any(file, Columns(), **options))  # type: ignore[arg-type]
            except PosthmaError:
                return 0

    return read


def _with_maf(data: bytes) -> int:
    with tempfile.TemporaryDirectory() as folder:
        maf = Path(folder) / "m.maf"
        maf.write_bytes(data)
        table = Path(folder) / "t.csv"
        table.write_text("ID,DATE\na,2019-01-02\n")
        try:
            return len(list(import_any(table, Columns(), maf=maf)))
        except PosthmaError:
            return 0


def _mapping(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "m.yaml"
        file.write_bytes(data)
        try:
            return read_columns(file)
        except PosthmaError:
            return None


def _sheet(data: bytes) -> int:
    """Put the bytes into a spreadsheet where its first sheet stands, so that they are reached behind the ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_template())) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name.endswith("sheet1.xml") else old.read(name))
    return _imported("t.xlsx")(made.getvalue())  # type: ignore[return-value]


def _sheet_seed() -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx_template())) as book:
        return book.read(next(name for name in book.namelist() if name.endswith("sheet1.xml")))


def _first(folder: str, pattern: str) -> bytes:
    return sorted((_HERE / folder).glob(pattern))[0].read_bytes()


_ROW = b'a,2017-06,2017-06-05,EU,f,70,mds,95 g/L,35,1.2,3,< 5,0,1,80,"46,XX,del(5)(q13q33)[10]",low,int,1,0,R140Q;R172K,1,0,p.R175H'
TABLE = ",".join(COLUMNS).encode() + b"\n" + _ROW + b"\n"

FILES: dict[str, tuple[Target, list[bytes]]] = {
    "table.csv": (_imported("t.csv"), [TABLE, TABLE.replace(b"\n", b"\r"), TABLE.decode().encode("utf-16"), b'a,"b\n"c,d\n']),
    "table.ndjson": (_imported("t.ndjson"), [b'{"ID": "a", "DATE": "2017-06", "HB": 9.5}\n{"ID": "b"}\n', b'{"a":' * 90 + b"1" + b"}" * 90]),
    "table.yaml": (_imported("t.yaml"), [b"- ID: a\n  DATE: 2017-06\n  HB: 9\n", b"a: &a [x]\nb: [*a, *a]\n"]),
    "table.maf": (_with_maf, [_first("table", "*.maf")]),
    "own.maf": (_imported("m.maf"), [_first("table", "*.maf")]),
    "mapping.yaml": (_mapping, [_first("table", "*.yaml"), b"columns: {A: {analyte: hemoglobin, unit: g/L}}\ndate: 2019-01-02\n"]),
    "sheet.xml": (_sheet, [_sheet_seed()]),
    "sheet.xlsx": (_imported("t.xlsx"), [xlsx_template()]),
    "fhir.json": (_imported("p.json"), [_first("fhir", "*.json")]),
    "phenopacket.json": (_imported("p.json"), [_first("phenopacket", "*.json")]),
}  # fmt: skip
