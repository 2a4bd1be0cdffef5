"""From the text of a variant field to what it says: gene, change, consequence, hotspot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from posthma.intake.nodes import of_type
from posthma.intake.values import MISSING, Finding, shorten
from posthma.intake.variants.coding import Coding, read_coding
from posthma.intake.variants.protein import Protein, read_protein

__all__ = ["LIMIT", "Variant", "current_symbol", "read_variant"]

LIMIT = 1_000
"""The longest text, in characters, that is read as a variant."""

_FILE = "kb/hotspots.ttl"


@dataclass(frozen=True, slots=True)
class Variant:
    """What a variant field says.

    Attributes:
        text: As given (cut when it passes `LIMIT`).
        kind: ``variant``; ``statement`` ("mutated", "wild type"); ``gene`` (a gene without variant); ``missing``;
            ``text`` when nothing was understood.
        gene: Current symbol; None when not named.
        transcript: Reference sequence as written.
        protein: Normal form in one-letter code.
        coding: Normal form.
        consequence: missense, nonsense, frameshift, inframe-deletion, inframe-insertion, inframe-duplication,
            inframe-delins, synonymous, start-loss, stop-loss, splice, splice-region, intronic, utr, coding,
            internal-tandem-duplication, partial-tandem-duplication, tyrosine-kinase-domain, unspecified, unknown.
        position: First residue.
        end: Last residue.
        hotspot: The hotspot class it belongs to.
        mutated: True for a variant that changes the protein or "mutated", False for "wild type", None where open.
        findings: What a reader should know.
    """

    text: str
    kind: str
    gene: str | None = None
    transcript: str = ""
    protein: str | None = None
    coding: str | None = None
    consequence: str = ""
    position: int | None = None
    end: int | None = None
    hotspot: str | None = None
    mutated: bool | None = None
    findings: tuple[Finding, ...] = ()


@cache
def _former() -> Mapping[str, str]:
    return {old: node["geneSymbol"][0] for node in of_type(_FILE, "FormerGeneName") for old in node["formerSymbol"]}


@cache
def _hotspots() -> Mapping[tuple[str, int], tuple[str, str]]:
    """Return label and residue letter by gene and residue number."""
    return {
        (node["geneSymbol"][0], int(node["residueNumber"][0])): (node["label"][0], node["residue"][0])
        for node in of_type(_FILE, "Hotspot")
    }


def current_symbol(gene: str) -> str:
    """Return the current symbol of a gene.

    >>> current_symbol("MLL")
    'KMT2A'
    """
    return _former().get(gene.upper(), gene.upper())


_SEQUENCE = re.compile(
    r"(?<![A-Z])(?:N[MPGRC]|X[MP]|ENS[TP]|LRG|CCDS)_?[0-9]{3,12}(?:\.[0-9]{1,3})?(?:[tp][0-9]{1,2})?", re.IGNORECASE
)
_GENE = re.compile(r"[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,5})?", re.IGNORECASE)
_ITD = re.compile(r"(?<![A-Z])(?:ITD|INTERNAL TANDEM DUP\w{0,9})", re.IGNORECASE)
_PTD = re.compile(r"(?<![A-Z])(?:PTD|PARTIAL TANDEM DUP\w{0,9})", re.IGNORECASE)
_TKD = re.compile(r"(?<![A-Z])TKD", re.IGNORECASE)
_DROPPED = re.compile(
    r"exon ?[0-9]{1,2}|(?:vaf|af) ?[:=]? ?[0-9.,]{1,8} ?%?|\bhet\w{0,12}\b|\bhom\w{0,12}\b|,", re.IGNORECASE
)
_WILD = frozenset([
    "wt", "wild type", "wildtype", "wild-type", "negative", "neg", "not detected", "not mutated", "unmutated", "absent",
    "none found", "no mutation", "no mutation detected", "no mutations detected",
])  # fmt: skip
_MUTATED = frozenset(
    ["mutated", "mut", "mutant", "positive", "pos", "detected", "mutation", "mutation detected", "present"]
)
_HARMLESS = frozenset({"synonymous", "intronic", "utr"})
_OPEN = frozenset({"splice-region", "unknown", "unspecified", "coding"})


def read_variant(text: str, gene: str | None = None) -> Variant:
    """Read a variant; never raises, never guesses.

    Args:
        text: The field.
        gene: Symbol from a column of its own, if there is one; a gene inside the text must agree with it.

    >>> read_variant("FLT3_ITD").consequence, read_variant("R882H", gene="DNMT3A").protein
    ('internal-tandem-duplication', 'p.R882H')
    """
    if len(text) > LIMIT:
        found = Finding("too-long", f"longer than {LIMIT} characters; not read", 0, len(text))
        return Variant(text[:LIMIT], "text", findings=(found,))
    findings: list[Finding] = []
    body = " ".join(text.replace("\ufeff", " ").replace("\x00", " ").split())
    given = current_symbol(gene.strip()) if gene and gene.strip() else None
    if body.lower() in MISSING:
        return Variant(text, "missing", given)
    transcript = ", ".join(found[0] for found in _SEQUENCE.finditer(body))
    body = _SEQUENCE.sub(" ", body)
    named, rest = _take_gene(body)
    if named and given and named != given:
        findings.append(Finding("gene-conflict", f"the text names {named}, its column {given}", 0, len(text)))
        return Variant(text, "text", None, transcript, findings=tuple(findings))
    symbol = named or given
    return _change(text, symbol, transcript, rest, findings)


def _take_gene(body: str) -> tuple[str | None, str]:
    """Split a leading gene symbol off, where what follows is a description or nothing."""
    clean = body.strip(" :;()[]")
    if clean.lower() in _WILD | _MUTATED:
        return None, body
    found = _GENE.match(clean)
    if not found:
        return None, body
    for symbol in dict.fromkeys((found[0].partition("-")[0], found[0])):
        rest = clean[len(symbol) :]
        tail = rest.lstrip("- ")
        if rest[:1] == "-" and not (_special(tail) or read_protein(tail) or read_coding(tail)):
            continue  # the hyphen belongs to the symbol
        if rest[:1].isalnum() or rest[:1] in (">", "=", "*", ".", "+", "<"):
            continue
        if _special(symbol) or symbol.lower() in _WILD | _MUTATED:
            return None, body
        if symbol != symbol.upper() and not any(char.isalnum() for char in rest):
            return None, body  # a word, not a symbol
        if not rest and (read_protein(symbol) or read_coding(symbol)):
            return None, body  # R172K, E746fs
        if rest[:1] == "_" and read_protein(clean):
            return None, body  # X126_splice, P95_R102del
        return current_symbol(symbol), rest.lstrip(" :_-.,;()")
    return None, body


def _special(body: str) -> str:
    for pattern, name in ((_ITD, "internal-tandem-duplication"), (_PTD, "partial-tandem-duplication"),
                          (_TKD, "tyrosine-kinase-domain")):  # fmt: skip
        if pattern.search(body):
            return name
    return ""


def _change(text: str, gene: str | None, transcript: str, rest: str, findings: list[Finding]) -> Variant:
    body = rest.strip(" :;")
    plain = body.strip("()[] .").lower()
    if gene and not plain:
        findings.append(Finding("no-variant", f"{gene} is named without a variant", 0, len(text)))
        return Variant(text, "gene", gene, transcript, findings=tuple(findings))
    if plain in _WILD or plain in _MUTATED:
        return Variant(text, "statement", gene, transcript, mutated=plain in _MUTATED, findings=tuple(findings))
    special = _special(body)
    if special:
        if gene is None:
            findings.append(Finding("no-gene", f"{shorten(body)!r} names no gene", 0, len(text)))
        return Variant(text, "variant", gene, transcript, consequence=special, mutated=True, findings=tuple(findings))
    protein: Protein | None = None
    coding: Coding | None = None
    for token in _DROPPED.sub(" ", body).replace(";", " ").replace(":", " ").split() or [body]:
        word = token.strip("()[],") if token.count("(") != token.count(")") or token.startswith("(") else token
        one, other = read_protein(word), read_coding(word)
        if word[:2].lower() == "c." or (other and not one):
            one = None
        else:
            other = None
        if (one and protein) or (other and coding) or not (one or other):
            findings.append(Finding("not-understood", f"{shorten(word)!r} is not understood", 0, len(text)))
            return Variant(text, "text", gene, transcript, findings=tuple(findings))
        protein, coding = protein or one, coding or other
    return _joined(text, gene, transcript, protein, coding, findings)


def _conflict(protein: Protein, coding: Coding) -> bool:
    """Say whether the two descriptions cannot be one change; indels may be placed differently and are not judged."""
    if not protein.start or not coding.codon or protein.consequence not in ("missense", "nonsense", "synonymous"):
        return False
    return not coding.codon <= protein.start <= (coding.last or coding.codon)


def _joined(text: str, gene: str | None, transcript: str, protein: Protein | None, coding: Coding | None,
            findings: list[Finding]) -> Variant:  # fmt: skip
    consequence = "unknown"
    if protein and protein.consequence != "unknown":
        consequence = protein.consequence
    elif coding:
        consequence = coding.consequence
    start = protein.start if protein and protein.start else coding.codon if coding else None
    end = protein.end if protein and protein.end else coding.last if coding else None
    if protein and coding and _conflict(protein, coding):
        why = f"{coding.text} lies in codon {coding.codon}, {protein.text} names residue {protein.start}"
        findings.append(Finding("codon-conflict", why, 0, len(text)))
        return Variant(text, "text", gene, transcript, protein.text, coding.text, findings=tuple(findings))
    hotspot = None
    if gene and protein and protein.start and protein.consequence == "missense":
        label, letter = _hotspots().get((gene, protein.start), (None, ""))
        if label and letter == protein.reference:
            hotspot = label
        elif label:
            why = f"residue {protein.start} of {gene} is {letter}, not {protein.reference}; check the transcript"
            findings.append(Finding("residue-conflict", why, 0, len(text)))
    if gene is None:
        findings.append(Finding("no-gene", "no gene is named", 0, len(text)))
    mutated = False if consequence in _HARMLESS else None if consequence in _OPEN else True
    if consequence == "unspecified":
        mutated = True  # "D835": which substitution is open, that there is one is not
    names = (protein.text if protein else None, coding.text if coding else None)
    return Variant(
        text, "variant", gene, transcript, *names, consequence, start, end, hotspot, mutated, tuple(findings)
    )
