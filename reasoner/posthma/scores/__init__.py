"""Prognostic scores of myelodysplastic syndromes as plain functions on plain values.

Each returns the value, the category and what each input contributed; a missing input is named and never counted as
zero. The tables are knowledge (kb/scores.ttl); this package does the arithmetic. Most scores speak about untreated
patients: shown after failure of a hypomethylating agent, they describe the disease and do not predict survival.

>>> from posthma.scores import ipss_r
>>> counts = {"hemoglobin_g_dl": 9.1, "platelets_e9_l": 40, "neutrophils_e9_l": 0.5}
>>> result = ipss_r(marrow_blasts_pct=12, cytogenetics="good", **counts)
>>> str(result.value), result.category
('6.5', 'very high')
"""

from posthma.scores.additive import ipss, ipss_r, ipss_r_age_adjusted
from posthma.scores.model import Contribution, Scenario, Score
from posthma.scores.molecular import ipss_m
from posthma.scores.unavailable import post_hma, unavailable

__all__ = [
    "Contribution",
    "Scenario",
    "Score",
    "ipss",
    "ipss_m",
    "ipss_r",
    "ipss_r_age_adjusted",
    "post_hma",
    "unavailable",
]
