"""Variants as reports and tables write them: HGVS in its common spellings, FLT3-ITD, partial tandem duplications.

>>> from posthma.intake.variants import read_variant
>>> result = read_variant("IDH2 p.(Arg172Lys)")
>>> result.gene, result.protein, result.consequence, result.hotspot
('IDH2', 'p.R172K', 'missense', 'IDH2 R172')
"""

from posthma.intake.variants.read import LIMIT, Variant, read_variant
from posthma.intake.variants.tp53 import Tp53, tp53_state

__all__ = ["LIMIT", "Tp53", "Variant", "read_variant", "tp53_state"]
