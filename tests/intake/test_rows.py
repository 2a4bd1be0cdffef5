"""Rows of delimited text and spreadsheets: what a hospital's file may hold, and what is wrong with it, by place."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

openpyxl = pytest.importorskip("openpyxl")

from posthma.errors import LimitError, SyntaxRecordError  # noqa: E402
from posthma.intake.calls import read_calls  # noqa: E402
from posthma.intake.cells import MAX_WHOLE  # noqa: E402
from posthma.intake.columns import Columns  # noqa: E402
from posthma.intake.rows import read_rows  # noqa: E402
from posthma.intake.table import import_table  # noqa: E402

HEAD = "ID,HB,NOTE\n"


def rows(tmp_path, text, name="t.csv", encoding="utf-8"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return list(read_rows(tmp_path / name))


def told(found):
    return [(row.place, row.complaint) for row in found if row.complaint]


def texts(found):
    return [[cell.text for cell in row.cells.values()] for row in found if not row.complaint]


WHOLE = [["a", "9", "x"], ["b", "10", "y"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, ending):
    found = rows(tmp_path, (HEAD + "a,9,x\nb,10,ü\n").replace("\n", ending), encoding=encoding)
    assert texts(found) == [["a", "9", "x"], ["b", "10", "ü"]]


def test_lines_of_two_encodings(tmp_path):
    found = rows(tmp_path, HEAD.encode() + "a,9,ü\n".encode("cp1252") + "b,10,ü\n".encode())
    assert texts(found) == [["a", "9", "ü"], ["b", "10", "ü"]]


def test_half_a_character_of_utf_16_at_the_end(tmp_path):
    assert texts(rows(tmp_path, (HEAD + "a,9,x\nb,10,y\n").encode("utf-16") + b"\x0a")) == WHOLE


@pytest.mark.parametrize(
    ("text", "line", "fact"),
    [
        (HEAD + "a,9,x\nc,9,x,y\nb,10,y\n", 3, "has 4 cells, the header has 3"),
        (HEAD + "a,9,x\nc;9;x\nb,10,y\n", 3, "has one cell, the header has 3"),
        (HEAD + "a,9,x\nc,9\x00,x\nb,10,y\n", 3, "holds NUL characters"),
        (HEAD + "a,9,x\nc," + "9" * 1_000_001 + "\nb,10,y\n", 3, "longer than 1000000 characters"),
        (HEAD + 'a,9,x\nc,"' + "9" * 100_001 + '",x\nb,10,y\n', 3, "field larger than field limit"),
        (HEAD + 'a,9,x\nc,"9,x\nb,10,y\n', 3, "opens a quotation mark that is not closed"),
        (HEAD + 'c,9,"x\na,9,x\nb,10,y\n', 2, "opens a quotation mark that is not closed"),
        (HEAD + 'a,9,x\nb,10,y\nc,9,"x\n', 4, "opens a quotation mark that is not closed"),
    ],
    ids=["too-many", "other-mark", "nul", "long-line", "long-cell", "open", "open-first", "open-last"],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path, text, line, fact):
    found = rows(tmp_path, text)
    ((place, complaint),) = told(found)
    assert place == f"t.csv:{line}"
    assert fact in complaint
    assert texts(found) == WHOLE


def test_a_quotation_mark_that_is_never_closed_costs_one_line_of_many(tmp_path):
    lines = "".join(f"p{n},9,x\n" for n in range(3_000))
    found = rows(tmp_path, HEAD + 'q,9,"x\n' + lines + 'r,"9,x\n' + lines)
    assert len(texts(found)) == 6_000
    assert [place for place, _ in told(found)] == ["t.csv:2", "t.csv:3003"]


def test_quoted_line_breaks_and_inches(tmp_path):
    found = rows(tmp_path, HEAD + 'a,9,"x\ny"\nb,10,5" wide\n')
    assert texts(found) == [["a", "9", "x\ny"], ["b", "10", '5" wide']]
    assert [row.place for row in found] == ["t.csv:2", "t.csv:4"]


def test_cells_of_a_column_without_a_name_are_kept(tmp_path):
    found = rows(tmp_path, "ID,,HB\na,odd,9\nb,,10\n")
    assert found[0].cells["(column 2)"].text == "odd"
    assert list(found[1].cells) == ["ID", "HB"]
    (one, _) = import_table(tmp_path / "t.csv", Columns(day=dt.date(2019, 1, 1)))
    assert [(item.use, item.why) for item in one.items if item.text == "odd"] == [("context", "no meaning is known for this column")]


@pytest.mark.parametrize(
    ("name", "text", "fact"),
    [
        ("t.csv", "", "the file is empty"),
        ("t.csv", "\n\n", "has no header line"),
        ("t.csv", "ID,HB,HB\na,9,9\n", "'HB' stands there more than once"),
        ("t.csv", 'ID,"HB\na,9\n', "opens a quotation mark that is not closed"),
        ("t.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 2\n", "is a pointer of Git LFS"),
        ("t.xlsx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 2\n", "is a pointer of Git LFS"),
        ("t.json", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 2\n", "is a pointer of Git LFS"),
        ("t.xlsx", "no spreadsheet", "is not a sound XLSX file"),
        ("t.json", "[" * 100_000, "is not JSON"),
        ("t.yaml", "[" * 3_000, "is not YAML"),
    ],
)
def test_files_that_cannot_be_read_as_a_whole(tmp_path, name, text, fact):
    with pytest.raises(SyntaxRecordError) as caught:
        rows(tmp_path, text, name)
    assert caught.value.place.startswith(name)
    assert fact in caught.value.fact


def book(tmp_path, change):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "patients"
    for line in (["ID", "HB", "NOTE"], ["a", 9, "x"], ["b", 10, "y"]):
        sheet.append(line)
    change(made, sheet)
    made.save(tmp_path / "t.xlsx")
    return list(read_rows(tmp_path / "t.xlsx"))


def test_cells_are_read_as_the_sheet_shows_them(tmp_path):
    def change(_, sheet):
        sheet["B2"], sheet["C2"] = 0.085, dt.datetime(2019, 3, 1)
        sheet["B2"].number_format = "0.0%"
        sheet["C3"] = True

    assert texts(book(tmp_path, change)) == [["a", "8.5 %", "2019-03-01"], ["b", "10", "1"]]


def test_a_formula_without_a_stored_value_is_a_fault_of_its_cell(tmp_path):
    found = book(tmp_path, lambda _, sheet: sheet.__setitem__("B2", "=4+5"))
    cell = found[0].cells["HB"]
    assert (cell.place, cell.text) == ("t.xlsx patients!2 HB", "")
    assert cell.fault == "holds the formula '=4+5' without a stored value; calculate it and save".replace("'", "")
    assert found[1].cells["HB"].fault == ""
    one, _ = import_table(tmp_path / "t.xlsx", Columns(day=dt.date(2019, 1, 1)))
    assert [item.why for item in one.items if item.use == "not understood"] == [cell.fault]


def test_an_error_of_the_spreadsheet_is_no_number(tmp_path):
    book(tmp_path, lambda _, sheet: sheet.__setitem__("B2", "#REF!"))
    one, _ = import_table(tmp_path / "t.xlsx", Columns(day=dt.date(2019, 1, 1)))
    assert [item.why for item in one.items if item.use == "not understood"] == ["'#REF!' is not a number"]


@pytest.mark.parametrize(("area", "lines"), [("A2:A3", [3]), ("B3:C3", [3]), ("A2:C3", [2, 3]), ("E5:F6", [])])
def test_rows_with_merged_cells_are_refused(tmp_path, area, lines):
    found = book(tmp_path, lambda _, sheet: sheet.merge_cells(area))
    assert [place for place, _ in told(found)] == [f"t.xlsx patients!{line}" for line in lines]
    assert all(area in fact for _, fact in told(found))


def test_sheets_and_cells_beyond_the_table_are_named(tmp_path):
    def change(made, sheet):
        sheet["E2"] = "stray"
        made.create_sheet("more").append(["ID", "c"])
        made.create_sheet("values").append(["explains"])
        made.create_sheet("empty")

    found = told(book(tmp_path, change))
    assert [place for place, _ in found] == ["t.xlsx patients!2", "t.xlsx more"]
    assert "has 5 cells, the header has 3" in found[0][1]


def rezip(tmp_path, change):
    book(tmp_path, lambda made, sheet: None)
    old = zipfile.ZipFile(io.BytesIO((tmp_path / "t.xlsx").read_bytes()))
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            data = old.read(name)
            archive.writestr(name, change(data) if name.endswith("sheet1.xml") else data)


def test_a_zip_bomb_is_refused_by_its_limit(tmp_path):
    rezip(tmp_path, lambda data: data.replace(b"</sheetData>", b" " * (MAX_WHOLE + 1) + b"</sheetData>"))
    assert (tmp_path / "t.xlsx").stat().st_size < 200_000
    with pytest.raises(LimitError, match="unpacks to more than"):
        list(read_rows(tmp_path / "t.xlsx"))


def test_entities_are_refused_and_not_resolved(tmp_path):
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    rezip(tmp_path, lambda data: entity + data.replace(b"<v>9</v>", b"<v>&e;</v>"))
    with pytest.raises(SyntaxRecordError, match="declares entities"):
        list(read_rows(tmp_path / "t.xlsx"))


def test_a_sheet_that_breaks_off_is_refused(tmp_path):
    rezip(tmp_path, lambda data: data.replace(b"</sheetData>", b"<row><c><v>"))
    with pytest.raises(SyntaxRecordError, match="is not a sound XLSX file"):
        list(read_rows(tmp_path / "t.xlsx"))


def test_a_row_at_the_end_of_a_sheet_does_not_take_forever(tmp_path):
    def change(_, sheet):
        sheet["A300000"] = "c"

    assert texts(book(tmp_path, change))[-1] == ["c"]


def test_every_line_of_a_maf_is_accounted_for(tmp_path):
    (tmp_path / "m.maf").write_text(
        "Hugo_Symbol\tHGVSp_Short\tTumor_Sample_Barcode\nIDH2\tp.R172K\ta\nIDH1\tp.R132H\tnobody\n"
        "TP53\tp.R175H\tnobody\n\tp.R175H\ta\nTP53\tp.R175H\t\n"
    )
    (tmp_path / "t.csv").write_text("ID,DATE\na,2019-01-01\n")
    one, *strays = import_table(tmp_path / "t.csv", Columns(), tmp_path / "m.maf")
    assert [item.text for item in one.items if item.place.startswith("m.maf")] == ["IDH2 p.R172K"]
    assert [(stray.place, stray.fact, stray.variants) for stray in strays] == [
        ("m.maf:5", "names no Hugo_Symbol", 1),
        ("m.maf:6", "names no Tumor_Sample_Barcode", 1),
        ("m.maf:3", "no row of the table names the sample nobody", 2),
    ]
    calls = read_calls(tmp_path / "m.maf")
    assert sum(stray.lines for stray in calls.strays()) == 5


def test_columns_of_one_name_without_meaning_are_told_apart(tmp_path):
    """A clinical download of cBioPortal has "Overall Survival Status" twice; both are kept, neither is guessed at."""
    (tmp_path / "t.csv").write_text("ID,Status,HB,Status\na,x,9,y\n")
    (row,) = read_rows(tmp_path / "t.csv")
    assert {name: cell.text for name, cell in row.cells.items()} == {"ID": "a", "Status (1)": "x", "HB": "9", "Status (2)": "y"}
    (tmp_path / "u.csv").write_text("ID,Status,Status,Status (1)\na,x,y,z\n")
    with pytest.raises(SyntaxRecordError, match="numbered as another is named"):
        list(read_rows(tmp_path / "u.csv"))
