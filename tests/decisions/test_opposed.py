"""One intervention that applies and is advised against for the same patient: each such pair is in the source, and both are seen together.

Intensive chemotherapy is no such pair. Lines 324-325 name 65 years and adverse cytogenetics as bad signs among those who were treated and
advise nobody against it, so they are a point to talk over.
"""

from __future__ import annotations

from tests.decisions.everyone import POSITIVE, answers

from posthma.report.words import opposing
from posthma.vocab import curie

# What applies -> what is advised against -> lines of the article that say both.
BOTH_STAND = {
    ("kb:option-rigosertib-subgroup", "kb:option-rigosertib"): "536-542: the objective was missed in the whole group, three subgroups gained",
    ("kb:option-switch-intolerance", "kb:option-switch-resistance"): "357-359: suggested in intolerance, far from successful in resistance",
    ("kb:option-switch-no-trial", "kb:option-switch-resistance"): "354-359: has been given where no trial is, far from successful in resistance",
}  # fmt: skip


def test_only_pairs_of_the_article_are_opposed_and_each_names_the_other() -> None:
    """Over the four patients and every record of the table, and no pair of the list is left without a record."""
    seen = set()
    for found in answers():
        for option in found.options:
            if option.status not in POSITIVE:
                continue
            mine = set(option.intervention.split(" + "))
            against = [
                other
                for other in found.options
                if other.status == "advised against" and mine & set(other.intervention.split(" + "))
            ]
            named = {other.iri for other in opposing(option, found.options)}
            assert {other.iri for other in against} <= named, option.label
            seen |= {(curie(f"<{option.iri}>"), curie(f"<{other.iri}>")) for other in against}
    assert seen == set(BOTH_STAND)
