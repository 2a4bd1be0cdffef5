"""Tables of patients: cBioPortal files with their header, a MAF, a mapping; every cell booked once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from posthma.errors import SyntaxRecordError
from posthma.intake.build import CONTEXT, NOT_UNDERSTOOD, USED, Imported
from posthma.intake.columns import Columns, read_columns
from posthma.intake.rdf import parse_record
from posthma.intake.table import Refused, import_table
from posthma.knowledge import read_knowledge
from posthma.turtle import write_turtle
from posthma.validation import validate
from posthma.vocab import curie, plain

HERE = Path(__file__).parent / "table"
pytest.importorskip("yaml")


@pytest.fixture(scope="module")
def patients():
    found = list(import_table(HERE / "clinical.txt", read_columns(HERE / "mapping.yaml"), HERE / "mutations.maf"))
    return {patient.patient: patient for patient in found}


def facts(patient, kind):
    """The properties of all events of a kind, as short texts."""
    nodes = {}
    for s, p, o in patient.triples:
        nodes.setdefault(s, []).append((curie(p).removeprefix("p:"), plain(o)))
    kinds = [values for values in nodes.values() if any(value == f"p:{kind}" for _, value in values)]
    return [{key: sorted(v for k, v in values if k == key) for key, _ in values} for values in kinds]


def test_measurements_with_bounds_and_units(patients):
    rows = {row["analyte"][0]: row for row in facts(patients["P-1"], "Measurement")}
    assert set(rows) == {"kb:age", "kb:hemoglobin", "kb:platelets", "kb:marrowBlasts", "kb:cytogeneticAbnormalities"}
    assert (rows["kb:hemoglobin"]["low"], rows["kb:hemoglobin"]["unit"]) == (["9.1"], ["kb:gramPerDeciliter"])
    blasts = rows["kb:marrowBlasts"]
    assert (blasts["low"], blasts["high"], blasts["highExclusive"], blasts["reported"]) == (["0"], ["5"], ["true"], ["< 5"])
    assert (blasts["date"], blasts["constructedDate"]) == (["2019-01-15"], ["true"])


def test_karyotype_says_what_was_found_and_what_was_not(patients):
    one, two = facts(patients["P-1"], "Karyotyping")[0], facts(patients["P-2"], "Karyotyping")[0]
    assert one["found"] == ["kb:chromosomeAbnormality", "kb:del5q"]
    lesions = ["kb:lossOf17p", "kb:minus7OrDel7q", "kb:monosomalKaryotype", "kb:trisomy8"]
    assert one["notFound"] == ["kb:abnormalityBesideDel5q", *lesions]
    assert one["panel"] == ["kb:panelNotStated"]
    assert "found" not in two
    assert two["notFound"] == ["kb:abnormalityBesideDel5q", "kb:chromosomeAbnormality", "kb:del5q", *lesions]
    assert facts(patients["P-3"], "Karyotyping") == []  # "complex" is a statement, no karyotype


def test_genes_found_and_not_found(patients):
    one, two = facts(patients["P-1"], "GeneTest")[0], facts(patients["P-2"], "GeneTest")[0]
    assert one["found"] == ["kb:idh2R172K", "kb:sf3b1", "kb:tet2"]
    assert one["notFound"] == ["kb:asxl1", "kb:idh1", "kb:tp53"]
    assert one["variant"] == ["p.K700E", "p.Q916*", "p.R172K"]
    assert (two["found"], two["notFound"]) == (["kb:tp53"], ["kb:asxl1", "kb:idh1", "kb:idh2"])


@pytest.mark.parametrize(
    ("tp53", "karyotype", "found", "absent"),
    [
        ("R175H; R248Q", "46,XX[20]", True, False), ("R175H", "45,XX,-17[20]", True, False),
        ("R175H", "46,XX[20]", False, False), ("R175H", "", False, False), ("1", "45,XX,-17[20]", False, False),
        ("R175H; R175H", "46,XX[20]", False, False), ("0", "45,XX,-17[20]", False, False),
    ],
)  # fmt: skip
def test_multi_hit_tp53_where_the_row_settles_it(tmp_path, tp53, karyotype, found, absent):
    """IPSS-M: two mutations, or one with loss of the other allele. A karyotype does not see every such loss."""
    (tmp_path / "t.csv").write_text(f'ID,DATE,TP53,KARYOTYPE\na,2019-01-02,{tp53},"{karyotype}"\n')
    (one,) = import_table(tmp_path / "t.csv", Columns())
    test = facts(one, "GeneTest")[0]
    assert ("kb:tp53MultiHit" in test.get("found", []), "kb:tp53MultiHit" in test.get("notFound", [])) == (found, absent)


def test_a_splicing_gene_counts_and_one_that_nobody_asks_for_is_kept(tmp_path):
    (tmp_path / "m.maf").write_text(
        "Hugo_Symbol\tHGVSp_Short\tTumor_Sample_Barcode\nU2AF1\tp.S34F\ta\nRUNX1\tp.R201Q\ta\nRUNX1\tp.L56=\ta\n"
    )
    (tmp_path / "t.csv").write_text("ID,DATE,TET2\na,2019-01-02,0\n")
    (one,) = import_table(tmp_path / "t.csv", Columns(), tmp_path / "m.maf")
    test = facts(one, "GeneTest")[0]
    assert (test["found"], test["notFound"], test["variant"]) == (["kb:u2af1"], ["kb:tet2"], ["RUNX1 p.R201Q", "p.S34F"])
    assert [item.use for item in one.items if item.place.startswith("m.maf")] == [USED, CONTEXT, CONTEXT]


def test_every_item_is_booked_once(patients):
    """Three rows of ten cells, one of them empty, and five variants: the counts add up to the input."""
    assert sum(len(patient.items) for patient in patients.values()) == 3 * 10 - 1 + 5
    assert all(sum(patient.counts.values()) == len(patient.items) for patient in patients.values())
    places = [item.place for patient in patients.values() for item in patient.items]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    ("patient", "place", "use", "why"),
    [
        ("P-1", "clinical.txt:6 COMMENT", CONTEXT, "no meaning is known for this column"),
        ("P-1", "mutations.maf:4", CONTEXT, "no criterion asks for TET2"),
        ("P-1", "clinical.txt:6 PLT", USED, ""),
        ("P-2", "clinical.txt:7 AGE", CONTEXT, "missing"),
        ("P-2", "clinical.txt:7 HB", NOT_UNDERSTOOD, "95 g/dL is outside 2 to 22 g/dL; in g/L it would be 9.5 g/dL"),
        ("P-2", "mutations.maf:6", CONTEXT, "synonymous changes leave the protein alone"),
        ("P-3", "clinical.txt:8 SEX", NOT_UNDERSTOOD, "'X' is neither female nor male"),
        ("P-3", "clinical.txt:8 CYTOGENETICS", CONTEXT, "no karyotype, only a statement: reported complex"),
    ],
)
def test_what_became_of_an_item(patients, patient, place, use, why):
    item = next(item for item in patients[patient].items if item.place == place)
    assert (item.use, item.why) == (use, why)


@pytest.mark.parametrize("name", ["P-1", "P-2", "P-3"])
def test_the_record_is_sound(patients, name):
    record = parse_record(write_turtle(patients[name].triples).encode(), f"{name}.ttl")
    violations = [f for f in validate(record, read_knowledge()) if f.severity == "violation" and "no HMA" not in f.fact]
    assert [str(finding) for finding in violations if "hypomethylating" not in str(finding)] == []


def test_a_table_with_dates_of_its_own(tmp_path):
    (tmp_path / "t.csv").write_text("ID,DATE,BM_BLAST,IDH2\na,2017-06,12 %,R140Q\nb,31.02.2019,12 %,0\nc,,x,1\n")
    one, two, three = import_table(tmp_path / "t.csv", Columns())
    row = facts(one, "Measurement")[0]
    assert (row["earliest"], row["latest"]) == (["2017-06-01"], ["2017-06-30"])
    assert facts(one, "GeneTest")[0]["found"] == ["kb:idh2"]
    whys = {item.place: item.why for item in two.items if item.use == NOT_UNDERSTOOD}
    assert "February 2019 has 28 days" in whys["t.csv:3 DATE"]
    assert "there is no date for it" in whys["t.csv:3 BM_BLAST"]
    assert "there is no date for it" in whys["t.csv:3 IDH2"]
    assert two.counts[USED] == 1  # the name
    assert three.counts[NOT_UNDERSTOOD] == 2


def test_refused_rows_have_a_place_and_the_rest_goes_on(tmp_path):
    (tmp_path / "t.csv").write_text("ID,HB\na,9\na,9\nb,9,9\nc,9\n")
    found = list(import_table(tmp_path / "t.csv", Columns(day=dt.date(2019, 1, 1))))
    assert [type(row) for row in found][1:3] == [Refused, Refused]
    assert found[1] == Refused("t.csv:3", "the patient a stands already at t.csv:2; give each a row")
    assert found[3].patient == "c"


def test_a_further_sample_has_a_name_of_its_own_and_the_same_one_twice_is_refused(tmp_path):
    """As for a cohort: a row for each sample of a patient; the message names both places."""
    rows = ["a,a1,9", "a,a1,9", "a,a2,9", "a,a2,9", "a,,9", "b,b,9"]
    (tmp_path / "t.csv").write_text("\n".join(["PATIENT_ID,SAMPLE_ID,HB", *rows]) + "\n")
    found = list(import_table(tmp_path / "t.csv", Columns(day=dt.date(2019, 1, 1))))
    assert [one.patient if isinstance(one, Imported) else (one.place, one.fact) for one in found] == [
        "a",
        ("t.csv:3", "the patient a/a1 stands already at t.csv:2; give each a row"),
        "a/a2",
        ("t.csv:5", "the patient a/a2 stands already at t.csv:4; give each a row"),
        ("t.csv:6", "the patient a stands already at t.csv:2; give each a row"),
        "b",
    ]


@pytest.mark.parametrize(
    ("text", "place", "fact"),
    [
        ("colums: {}", "m.yaml colums", "is not an entry of a mapping"),
        ("columns: {A: {analyte: hb}}", "m.yaml columns.A", "'hb' is no analyte"),
        ("columns: {A: {}}", "m.yaml columns.A", "does not say what the column means"),
        ("date: 31.02.2019", "m.yaml date", "is no day"),
        ("jurisdiction: Mars", "m.yaml jurisdiction", "'Mars' is not known"),
        ("- a", "m.yaml", "is no mapping of names"),
        ("a: [", "m.yaml", "is not YAML"),
    ],
)
def test_mappings_that_are_none(tmp_path, text, place, fact):
    (tmp_path / "m.yaml").write_text(text)
    with pytest.raises(SyntaxRecordError) as caught:
        read_columns(tmp_path / "m.yaml")
    assert caught.value.place == place
    assert fact in caught.value.fact


def test_a_mapping_names_columns_units_and_dates(tmp_path):
    (tmp_path / "m.yaml").write_text(
        "columns:\n  P: {patient: true}\n  H: {analyte: hemoglobin, unit: g/L, date: D}\n  D: {date: true}\n"
        "  K: {karyotype: true}\nusual: false\n"
    )
    (tmp_path / "t.csv").write_text("P,H,D,K,AGE\nx,95,2018-03-01,46+XX,70\n")
    (patient,) = import_table(tmp_path / "t.csv", read_columns(tmp_path / "m.yaml"))
    (row,) = facts(patient, "Measurement")
    assert (row["low"], row["date"]) == (["9.5"], ["2018-03-01"])
    assert patient.counts == {USED: 3, CONTEXT: 1, NOT_UNDERSTOOD: 1}


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Vidaza", "azacitidine"), ("DACOGEN", "decitabine"), ("Revlimid", "lenalidomide"), ("Venclexta", "venetoclax"),
        ("Vyxeos", "cpx351"), ("Idhifa", "enasidenib"), ("Tibsovo", "ivosidenib"), ("aza", "azacitidine"),
    ],
)  # fmt: skip
def test_brands_and_abbreviations_with_a_source_are_agents(tmp_path, agent, name):
    (tmp_path / "t.csv").write_text(f"ID,LINE1_AGENT,LINE1_START\na,{agent},2017-01-02\n")
    (one,) = import_table(tmp_path / "t.csv", Columns())
    assert facts(one, "TherapyLine")[0]["agent"] == [f"kb:{name}"]


@pytest.mark.parametrize(
    ("said", "names", "why"),
    [
        ("SD", ["stableDisease"], ""), ("pd", ["progressiveDisease"], ""), ("marrow CR", ["marrowCompleteRemission"], ""),
        ("mCR+HI", ["marrowCompleteRemission", "hematologicImprovement"], ""), ("CRi", [], "'CRi' is no response category; use one of"),
        ("mCR + nonsense", [], "'nonsense' is no response category; use one of"),
    ],
)  # fmt: skip
def test_response_abbreviations_with_a_source(tmp_path, said, names, why):
    """IWG 2006 judges marrow and blood apart, so "mCR+HI" is two responses; CRi is none of its categories."""
    (tmp_path / "t.csv").write_text(
        f"ID,LINE1_AGENT,LINE1_START,LINE1_RESPONSE,LINE1_RESPONSE_DATE\na,AZA,2017-01-02,{said},2017-06-02\n"
    )
    (one,) = import_table(tmp_path / "t.csv", Columns())
    found = [value for fact in facts(one, "ResponseAssessment") for value in fact["response"]]
    assert sorted(found) == sorted(f"kb:{name}" for name in names)
    assert why in next(item.why for item in one.items if item.place == "t.csv:2 LINE1_RESPONSE")


@pytest.mark.parametrize(
    ("said", "disease"),
    [
        ("MDS-EB1", "mdsExcessBlasts1"), ("MDS-EB-2", "mdsExcessBlasts2"), ("MDS-MLD", "mdsMultilineageDysplasia"),
        ("MDS-RS-SLD", "mds"), ("MDS-U", "mds"), ("AML", "acuteMyeloidLeukemia"), ("Myelodysplastic Syndromes", "mds"),
    ],
)  # fmt: skip
def test_subtypes_of_2016_are_diagnoses(tmp_path, said, disease):
    """Those that no criterion tells apart are read as myelodysplastic syndrome."""
    (tmp_path / "t.csv").write_text(f"ID,DATE,DIAGNOSIS\na,2017-01-02,{said}\n")
    (one,) = import_table(tmp_path / "t.csv", Columns())
    assert facts(one, "Diagnosis")[0]["disease"] == [f"kb:{disease}"]
