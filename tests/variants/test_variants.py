"""Variants: HGVS and the spellings of public tables; hotspots; TP53 by the definition of IPSS-M."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthma.intake.variants import LIMIT, read_variant, tp53_state

READ = [
    # text, gene, protein, coding, consequence
    ("IDH2 R172K", "IDH2", "p.R172K", None, "missense"),
    ("IDH2 p.R172K", "IDH2", "p.R172K", None, "missense"),
    ("IDH2:p.(Arg172Lys)", "IDH2", "p.R172K", None, "missense"),
    ("IDH2-R172K", "IDH2", "p.R172K", None, "missense"),
    ("idh2_R172K", "IDH2", "p.R172K", None, "missense"),
    ("NM_002168.4(IDH2):c.515G>A (p.Arg172Lys)", "IDH2", "p.R172K", "c.515G>A", "missense"),
    ("NM_002168.4:c.515G>A", None, None, "c.515G>A", "coding"),
    ("TP53 p.V172fs*2", "TP53", "p.V172fs", None, "frameshift"),
    ("TP53 p.Val172GlyfsTer2", "TP53", "p.V172fs", None, "frameshift"),
    ("ASXL1 c.1934dup p.Gly646TrpfsTer12", "ASXL1", "p.G646fs", "c.1934dup", "frameshift"),
    ("TET2 p.Q916*", "TET2", "p.Q916*", None, "nonsense"),
    ("TET2 p.Gln916Ter", "TET2", "p.Q916*", None, "nonsense"),
    ("TET2 Q916X", "TET2", "p.Q916*", None, "nonsense"),
    ("SRSF2 p.P95_R102del", "SRSF2", "p.P95_R102del", None, "inframe-deletion"),
    ("SRSF2 p.P95_R102delPPDSHHSR", "SRSF2", "p.P95_R102del", None, "inframe-deletion"),
    ("SRSF2 p.R94_P95insR", "SRSF2", "p.R94_P95insR", None, "inframe-insertion"),
    ("FLT3 p.Asp600_Leu601dup", "FLT3", "p.D600_L601dup", None, "inframe-duplication"),
    ("RUNX1 p.E309>GRQ", "RUNX1", "p.E309delinsGRQ", None, "inframe-delins"),
    ("FLT3_ITD", "FLT3", None, None, "internal-tandem-duplication"),
    ("FLT3-ITD", "FLT3", None, None, "internal-tandem-duplication"),
    ("FLT3 TKD", "FLT3", None, None, "tyrosine-kinase-domain"),
    ("MLL PTD", "KMT2A", None, None, "partial-tandem-duplication"),
    ("KMT2A-PTD", "KMT2A", None, None, "partial-tandem-duplication"),
    ("TP53 X126_splice", "TP53", "p.X126_splice", None, "splice"),
    ("TP53 c.375+1G>A", "TP53", None, "c.375+1G>A", "splice"),
    ("TP53 c.376-2A>G", "TP53", None, "c.376-2A>G", "splice"),
    ("TP53 c.993+5G>A", "TP53", None, "c.993+5G>A", "splice-region"),
    ("TP53 c.993+40G>A", "TP53", None, "c.993+40G>A", "intronic"),
    ("TP53 p.M1?", "TP53", "p.M1?", None, "start-loss"),
    ("TP53 p.Met1Val", "TP53", "p.M1V", None, "start-loss"),
    ("TP53 c.1A>G", "TP53", None, "c.1A>G", "start-loss"),
    ("TP53 p.*394Qext*?", "TP53", "p.*394Qext", None, "stop-loss"),
    ("TP53 p.R213=", "TP53", "p.R213=", None, "synonymous"),
    ("TP53 p.R213R", "TP53", "p.R213=", None, "synonymous"),
    ("TP53 p.?", "TP53", "p.?", None, "unknown"),
    ("NPM1 c.863_864insTCTG", "NPM1", None, "c.863_864insTCTG", "frameshift"),
    ("CEBPA c.937_939del", "CEBPA", None, "c.937_939del", "inframe-deletion"),
    ("TP53 c.*12A>G", "TP53", None, "c.*12A>G", "utr"),
    ("EGFR p.E746_A750delELREAinsV", "EGFR", "p.E746_A750delinsV", None, "inframe-delins"),
    ("TET2 c.1518_1519delTGinsCG", "TET2", None, "c.1518_1519delinsCG", "inframe-delins"),
    ("TET2 c.1518_1520delTGAinsCG", "TET2", None, "c.1518_1520delinsCG", "frameshift"),
    ("SFRS2 p.P95H", "SRSF2", "p.P95H", None, "missense"),
]


@pytest.mark.parametrize(("text", "gene", "protein", "coding", "consequence"), READ, ids=[row[0] for row in READ])
def test_spellings(text, gene, protein, coding, consequence):
    result = read_variant(text)
    assert (result.gene, result.protein, result.coding, result.consequence) == (gene, protein, coding, consequence)


@pytest.mark.parametrize(
    ("text", "hotspot"),
    [
        ("IDH1 p.R132C", "IDH1 R132"), ("IDH2 p.R140Q", "IDH2 R140"), ("IDH2 p.Arg172Lys", "IDH2 R172"),
        ("SF3B1 p.K700E", "SF3B1 K700"), ("SF3B1 p.K666N", "SF3B1 K666"), ("SRSF2 p.P95L", "SRSF2 P95"),
        ("U2AF1 p.S34F", "U2AF1 S34"), ("U2AF1 p.Q157P", "U2AF1 Q157"),
        ("IDH2 p.R149Q", None), ("IDH1 p.R172K", None), ("SRSF2 p.P95_R102del", None), ("IDH1 p.R132=", None),
        ("IDH1 p.R132fs", None), ("SF3B1 p.G742D", None),
    ],
)  # fmt: skip
def test_hotspots_and_near_misses(text, hotspot):
    assert read_variant(text).hotspot == hotspot


@pytest.mark.parametrize(
    ("text", "gene", "kind", "mutated"),
    [
        ("IDH2 wild type", None, "statement", False), ("WT", "IDH2", "statement", False), ("mutated", "IDH2", "statement", True),
        ("not detected", "IDH2", "statement", False), ("NA", "IDH2", "missing", None), ("", "IDH2", "missing", None),
        ("IDH2", None, "gene", None), ("something else", "IDH2", "text", None), ("1", "IDH2", "text", None),
        ("p.R172=", "IDH2", "variant", False), ("c.993+40G>A", "TP53", "variant", False), ("p.?", "TP53", "variant", None),
        ("c.993+5G>A", "TP53", "variant", None), ("c.515G>A", "IDH2", "variant", None),
    ],
)  # fmt: skip
def test_statements_and_open_ends(text, gene, kind, mutated):
    result = read_variant(text, gene)
    assert (result.kind, result.mutated) == (kind, mutated)


def test_gene_of_the_column_must_agree():
    assert read_variant("IDH1 R132H", gene="IDH2").findings[0].code == "gene-conflict"
    assert read_variant("MLL PTD", gene="KMT2A").gene == "KMT2A"


def test_codon_and_residue_must_agree():
    """c.818 lies in codon (818 + 2) // 3 = 273."""
    assert read_variant("TP53 c.818G>A p.R273H").kind == "variant"
    finding = read_variant("TP53 c.818G>A p.R175H").findings[0]
    assert (finding.code, finding.text) == ("codon-conflict", "c.818G>A lies in codon 273, p.R175H names residue 175")


def test_a_residue_that_is_not_there_is_reported():
    assert read_variant("IDH2 K172R").findings[0].code == "residue-conflict"


def test_too_long():
    assert read_variant("IDH2 p.R172" + "K" * LIMIT).findings[0].code == "too-long"


def tp53(*pairs, **known):
    return tp53_state([(read_variant(text, "TP53"), None if vaf is None else Decimal(vaf)) for text, vaf in pairs], **known)


@pytest.mark.parametrize(
    ("pairs", "known", "state"),
    [
        ([("p.R273H", "0.4"), ("p.R175H", "0.3")], {"tested": True}, "multi-hit"),
        ([("p.R273H", "0.4"), ("p.Arg273His", "0.4")], {"tested": True}, "unknown"),  # one variant, written twice
        ([("p.R273H", "0.4")], {"tested": True, "loh": False, "del17_17p": False}, "single hit"),
        ([("p.R273H", "0.56")], {"tested": True}, "multi-hit"),
        ([("p.R273H", "0.4")], {"tested": True, "del17_17p": True}, "multi-hit"),
        ([("p.R273H", "0.4")], {"tested": True}, "unknown"),
        ([("p.R213=", "0.5")], {"tested": True}, "not mutated"),
        ([("p.?", "0.5")], {"tested": True}, "unknown"),
        ([("mutated", None)], {"tested": True}, "unknown"),
        ([], {"tested": True}, "not mutated"),
        ([], {"tested": None}, "unknown"),
    ],
)  # fmt: skip
def test_tp53(pairs, known, state):
    assert tp53(*pairs, **known).state == state


LETTERS = "ARNDCQEGHILKMFPSTWYV"
THREE = ["Ala", "Arg", "Asn", "Asp", "Cys", "Gln", "Glu", "Gly", "His", "Ile", "Leu", "Lys", "Met", "Phe", "Pro", "Ser",
         "Thr", "Trp", "Tyr", "Val"]  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(list(zip(LETTERS, THREE, strict=True))[1:]), st.integers(2, 4000), st.sampled_from(THREE))
def test_one_and_three_letters_mean_the_same(reference, place, alternate):
    """Every substitution reads alike in four spellings."""
    one = dict(zip(THREE, ["A", "R", "N", "D", "C", "Q", "E", "G", "H", "I", "L", "K", "M", "F", "P", "S", "T", "W", "Y", "V"], strict=True))
    long, short = f"{reference[1]}{place}{alternate}", f"{one[reference[1]]}{place}{one[alternate]}"
    forms = {read_variant(form).protein for form in (f"p.{long}", f"p.({long})", f"p.{short}", f"TP53 p.{short}")}
    assert len(forms) == 1
    assert None not in forms
