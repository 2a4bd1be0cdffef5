"""Parsers of single strings, with the alphabets and seeds that reach deep into each."""

from __future__ import annotations

from collections.abc import Callable

from posthma.intake.dates import read_date
from posthma.intake.karyotype import read_karyotype
from posthma.intake.units import read_measurement, unit_of
from posthma.intake.values import read_number
from posthma.intake.variants import read_variant

Target = Callable[[str], object]

TARGETS: dict[str, tuple[Target, str, list[str]]] = {
    "karyotype": (
        read_karyotype,
        "0123456789XYxycpqt()[];,/+-~?<>n .*abdeilmnorsuv",
        ["46,XX", "45,X,-Y[3]/46,XY[17]", "46,XY,der(5)t(5;17)(q12;q11)[4]/47,idem,+8[cp5]", "92<4n>,XXYY,-4x2,+1~3mar,inc",
         "46,XX//46,XY[20]", "46,XX[20].nuc ish(EGR1x1)[3/200]", "normal", "47,XXYc,+mar1~5[]"],
    ),
    "variant": (
        read_variant,
        "ACGTacgtKMRpc.>_*=?()[]:;0123456789delinsupfsTrXx -+,",
        ["IDH2 p.R172K", "NM_002168.4(IDH2):c.515G>A (p.Arg172Lys)", "FLT3_ITD", "X126_splice", "c.1216+1G>A", "p.V172fs*>140",
         "KMT2A-PTD", "p.*394Qext*?", "c.863_864insTCTG"],
    ),
    "number": (read_number, "0123456789.,' -+~<>=eE±%≤≥\u00a0toabc", ["< 5 %", "5-9", "1.234,5", "1,500", "ca. 20", "1e999"]),
    "date": (read_date, "0123456789-./ TZ:JunAprMayeq,", ["2017-06", "31.02.2019", "06/05/2017", "June 5, 2017", "2017-06-05T10:00:00Z"]),
    "hemoglobin": (lambda text: read_measurement(text, "hemoglobin"), "0123456789.,gGdDlL/ <>%µ^*x", ["95 g/L", "9.5 g/dL"]),
    "platelets": (lambda text: read_measurement(text, "platelets", "10^9/L"), "0123456789.,/uLlkK^*x10 µ⁹", ["35 K/uL", "150x10⁹/L"]),
    "ecog": (lambda text: read_measurement(text, "ecog"), "0123456789-. ECOG", ["1", "80", "0-1"]),
    "unit": (unit_of, "xX10^*⁹9/LluUµdgGkK%()[] ", ["x10^9/L", "g/dL", "%"]),
}  # fmt: skip
