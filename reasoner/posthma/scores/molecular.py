"""The molecular score IPSS-M, with best, mean and worst case for what is missing.

A missing variable takes the value of the average patient (mean), the most favourable one (best) or the least
favourable one (worst); it is never taken as "not mutated". Variables that are built from others (SF3B1 classes, TP53
multi-hit, the residual genes) are three-valued: they are missing only where the known inputs leave them open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from types import MappingProxyType

from posthma.intake.values import Interval, canonical, plain
from posthma.scores.additive import Group, cytogenetic_points, range_note
from posthma.scores.model import Contribution, Number, Scenario, Score, ScoreInputError, interval
from posthma.scores.tables import Table, Variable, table

__all__ = ["genes", "ipss_m", "tp53_multi_hit"]

Truth = bool | None
_Span = tuple[Decimal, Decimal, Decimal]
"""Best, mean and worst value of a variable."""

_ALIASES = {"KMT2A_PTD": "MLL_PTD", "MLL-PTD": "MLL_PTD", "KMT2A-PTD": "MLL_PTD"}
_DERIVED = frozenset({"CYTOVEC", "BLAST5", "TRANSF_PLT100", "HB1", "SF3B1_alpha", "SF3B1_5q", "TP53multi", "Nres2"})


@cache
def genes() -> tuple[str, ...]:
    """Return the genes that IPSS-M asks for, sorted; TP53 is asked for by its own arguments."""
    own = table("ipssM")
    direct = set(own.variables) - _DERIVED
    excluding = own.variables["SF3B1_alpha"].excluded_by
    return tuple(sorted({"SF3B1", *direct, *own.texts["residualGene"], *excluding}))


def ipss_m(
    *,
    hemoglobin_g_dl: Number = None,
    platelets_e9_l: Number = None,
    marrow_blasts_pct: Number = None,
    cytogenetics: Group = None,
    del5q: Truth = None,
    del7_7q: Truth = None,
    del17_17p: Truth = None,
    complex_karyotype: Truth = None,
    mutated: Mapping[str, Truth] = MappingProxyType({}),
    tp53_mutations: int | None = None,
    tp53_max_fraction: Number = None,
    tp53_loh: Truth = None,
) -> Score:
    """Return IPSS-M; ``value`` and ``category`` are those of the mean case, ``scenarios`` holds all three.

    Args:
        hemoglobin_g_dl: Haemoglobin, g/dL.
        platelets_e9_l: Platelets, 10^9/L.
        marrow_blasts_pct: Marrow blasts, per cent.
        cytogenetics: The IPSS-R cytogenetic group.
        del5q: Deletion of 5q present.
        del7_7q: Loss of chromosome 7 or deletion of 7q present.
        del17_17p: Loss of chromosome 17 or deletion of 17p present.
        complex_karyotype: Complex karyotype present.
        mutated: By gene (see `genes`; partial tandem duplication of KMT2A as ``MLL_PTD``): mutated, not mutated, or
            None where it was not tested. A gene that is left out was not tested.
        tp53_mutations: Number of TP53 mutations.
        tp53_max_fraction: Largest allele fraction of a TP53 mutation, 0 to 1.
        tp53_loh: Loss of heterozygosity at TP53, where it was looked for.

    Raises:
        ScoreInputError: An input is not possible, or a gene is not one of the score.
    """
    own = table("ipssM")
    notes: list[str] = []
    known = _genes(mutated)
    spans: dict[str, _Span | None] = dict.fromkeys(own.variables)
    shown: dict[str, str] = {}
    clinical = (
        ("HB1", "hemoglobin", "haemoglobin", interval("haemoglobin", hemoglobin_g_dl), "g/dL"),
        ("TRANSF_PLT100", "platelets", "platelets", interval("platelets", platelets_e9_l), "10^9/L"),
        ("BLAST5", "marrowBlasts", "marrow blasts", interval("marrow blasts", marrow_blasts_pct, most=100), "%"),
    )
    missing: list[str] = []
    for name, analyte, words, given, unit in clinical:
        range_note(analyte, words, given, unit, notes)
        spans[name] = None if given is None else _measured(own.variables[name], given)
        shown[name] = "missing" if given is None else f"{given} {unit}"
        missing += [words] if given is None else []
    if cytogenetics is None:
        missing.append("cytogenetics")
    else:
        spans["CYTOVEC"], shown["CYTOVEC"] = _cytogenetics(own, cytogenetics)
    for gene in set(spans) - _DERIVED:
        spans[gene] = _binary(known.get(gene))
    class_5q = _all(known.get("SF3B1"), del5q, _not(del7_7q), _not(complex_karyotype))
    excluded = (_not(known.get(gene)) for gene in own.variables["SF3B1_alpha"].excluded_by)
    spans["SF3B1_5q"] = _binary(class_5q)
    spans["SF3B1_alpha"] = _binary(_all(known.get("SF3B1"), _not(class_5q), *excluded))
    spans["TP53multi"] = _binary(tp53_multi_hit(tp53_mutations, tp53_max_fraction, tp53_loh, del17_17p))
    spans["Nres2"] = _residual(own, known)
    missing += [gene for gene in genes() if known.get(gene) is None]
    asked = {"del(5q)": del5q, "-7/del(7q)": del7_7q, "complex karyotype": complex_karyotype, "-17/del(17p)": del17_17p}
    missing += [name for name, value in asked.items() if value is None]
    if spans["TP53multi"] is None:
        missing.append("TP53 (mutations, allele fraction, loss of heterozygosity)")
    return _score(own, spans, shown, missing, notes)


def tp53_multi_hit(
    mutations: int | None, max_fraction: Number = None, loh: Truth = None, del17_17p: Truth = None
) -> Truth:
    """Say whether TP53 is hit twice in the sense of IPSS-M; None where the inputs leave it open.

    Two mutations are a multi-hit, none is not; one mutation is, when the other allele is lost: seen as such, inferred
    from an allele fraction above the limit of the table, or from a loss of 17p.

    >>> tp53_multi_hit(1, 0.6), tp53_multi_hit(1, 0.3, loh=False, del17_17p=False), tp53_multi_hit(1, 0.3)
    (True, False, None)
    """
    if mutations is None:
        return None
    if mutations < 0:
        raise ScoreInputError("TP53 mutations", f"{mutations} is not possible", "give 0, 1 or more")
    if mutations != 1:
        return mutations >= 2
    fraction = interval("TP53 allele fraction", max_fraction, most=1)
    limit = table("ipssM").numbers["lossOfHeterozygosityAbove"]
    above = False
    if fraction is not None and fraction.low is not None:
        above = fraction.low > limit or (fraction.low == limit and fraction.low_exclusive)
    return True if above or del17_17p else loh


def _genes(mutated: Mapping[str, Truth]) -> dict[str, Truth]:
    known: dict[str, Truth] = {}
    for name, value in mutated.items():
        gene = _ALIASES.get(name.upper(), name)
        if gene not in genes():
            raise ScoreInputError(f"gene {name}", "is not a gene of IPSS-M", f"use one of {', '.join(genes())}")
        known[gene] = value
    return known


def _all(*parts: Truth) -> Truth:
    """Kleene's conjunction."""
    return False if False in parts else None if None in parts else True


def _not(part: Truth) -> Truth:
    return None if part is None else not part


def _binary(value: Truth) -> _Span | None:
    return None if value is None else (Decimal(value), Decimal(value), Decimal(value))


def _clip(variable: Variable, value: Decimal) -> Decimal:
    if variable.floor is not None:
        value = max(value, variable.floor)
    if variable.cap is not None:
        value = min(value, variable.cap)
    return value / variable.divisor


def _measured(variable: Variable, given: Interval) -> _Span:
    """Return best, mean and worst of a measured value; they differ only where the value is censored."""
    low = _clip(variable, given.low or Decimal(0))
    high = max(variable.best, variable.worst) if given.high is None else _clip(variable, given.high)
    mean = min(max(variable.mean, low), high)
    return (low, mean, high) if variable.coefficient > 0 else (high, mean, low)


def _cytogenetics(own: Table, given: Group) -> tuple[_Span, str]:
    part = cytogenetic_points(table("ipssR"), given)
    mean = min(max(own.variables["CYTOVEC"].mean, part.lowest), part.highest)
    return (part.lowest, mean, part.highest), part.given


def _residual(own: Table, known: Mapping[str, Truth]) -> _Span:
    """Count the mutated residual genes, capped, with the published allowance for genes that were not tested."""
    listed = own.texts["residualGene"]
    cap, reference = own.numbers["residualCap"], own.numbers["residualReference"]
    untested = sum(known.get(gene) is None for gene in listed)
    hit = sum(known.get(gene) is True for gene in listed)
    allowance = (cap - hit) / cap * untested / len(listed) * reference
    best = min(Decimal(hit), cap)
    return best, best + max(allowance, Decimal(0)), min(Decimal(hit + untested), cap)


def _score(own: Table, spans: Mapping[str, _Span | None], shown: Mapping[str, str], missing: Iterable[str],
           notes: Iterable[str]) -> Score:  # fmt: skip
    unit = Decimal(2).ln()
    digits = Decimal(1).scaleb(-int(own.numbers["decimals"]))
    shares: dict[str, dict[str, Decimal]] = {"best": {}, "mean": {}, "worst": {}}
    for name, variable in own.variables.items():
        values = spans[name] or (variable.best, variable.mean, variable.worst)
        for scenario, value in zip(shares, values, strict=True):
            shares[scenario][name] = (value - variable.mean) * variable.coefficient / unit
    scenarios = {}
    for scenario, share in shares.items():
        value = canonical(sum(share.values(), Decimal(0)).quantize(digits, rounding=ROUND_HALF_EVEN))
        scenarios[scenario] = Scenario(value, own.category(value), share)
    parts = []
    for name in own.variables:
        low, mid, high = (canonical(shares[scenario][name].quantize(Decimal("0.0001"))) for scenario in shares)
        span = spans[name]
        text = shown.get(name) or ("missing" if span is None else plain(span[1].quantize(Decimal("0.0001"))))
        parts.append(Contribution(name, text, mid if low == high else None, low, high))
    best, mean, worst = scenarios["best"], scenarios["mean"], scenarios["worst"]
    return Score(
        own.label,
        value=mean.value,
        category=mean.category,
        lowest=best.value,
        highest=worst.value,
        categories=own.possible(Interval(best.value, worst.value)),
        contributions=tuple(parts),
        missing=tuple(missing),
        notes=tuple(notes),
        scenarios=MappingProxyType(scenarios),
        source=own.source,
    )

