"""All rule cases, and the names of the rules as the profile's tables print them."""

from __future__ import annotations

from tests.owl.rules import table4, table5, table6, table7, table8, table9
from tests.owl.rules.case import RuleCase

_PROFILE = """
eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3
prp-ap prp-dom prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 prp-spo2 prp-eqp1 prp-eqp2 prp-pdw
prp-adp prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2
cls-thing cls-nothing1 cls-nothing2 cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 cls-avf cls-hv1 cls-hv2
cls-maxc1 cls-maxc2 cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 cls-oo
cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc
dt-type1 dt-type2 dt-eq dt-diff dt-not-type
scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1 scm-rng2 scm-hv
scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni
"""
PROFILE = _PROFILE.split()
"""The 78 rules of tables 4 to 9. Source: OWL 2 Profiles (second edition), section 4.3."""

CASES: list[RuleCase] = [case for table in (table4, table5, table6, table7, table8, table9) for case in table.CASES]
