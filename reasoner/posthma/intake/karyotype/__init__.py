"""Karyotypes as laboratories write them (ISCN), read liberally and concluded from strictly.

>>> from posthma.intake.karyotype import read_karyotype
>>> result = read_karyotype("46,XX,del(5)(q13q33)[10]/46,XX[10]")
>>> str(result.count), result.del5q, result.ipss_r.name
('1', True, 'good')
"""

from posthma.intake.karyotype.clones import Clone
from posthma.intake.karyotype.conclude import Count, Group
from posthma.intake.karyotype.items import Abnormality
from posthma.intake.karyotype.read import LIMIT, Karyotype, read_karyotype

__all__ = ["LIMIT", "Abnormality", "Clone", "Count", "Group", "Karyotype", "read_karyotype"]
