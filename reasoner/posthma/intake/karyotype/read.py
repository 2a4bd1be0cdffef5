"""From the text of a karyotype field to what it says: the front door of this package."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from posthma.intake.karyotype.clones import Clone, read_clone, split
from posthma.intake.karyotype.conclude import (
    Count,
    Group,
    Limits,
    Truth,
    both,
    count,
    group,
    is_clonal,
    is_variant,
    lesions,
    limits,
    monosomal,
    target,
    worst,
)
from posthma.intake.karyotype.items import Abnormality
from posthma.intake.karyotype.statements import statement
from posthma.intake.karyotype.stems import resolve
from posthma.intake.values import Finding, shorten

__all__ = ["LIMIT", "Karyotype", "read_karyotype"]

LIMIT = 20_000
"""The longest text, in characters, that is read as a karyotype."""

_UNDECIDED = Group(None, ())


@dataclass(frozen=True, slots=True)
class Karyotype:
    """What a karyotype field says.

    Attributes:
        text: As given (cut when it passes `LIMIT`).
        kind: ``karyotype``; ``partly`` when some of it was not understood; ``statement`` ("normal", "complex");
            ``failed`` (no metaphases); ``missing``; ``donor`` (only donor cells); ``text`` when nothing was understood.
        clones: The patient's clones, resolved.
        statements: What the text states without giving the karyotype, such as ``reported normal``.
        count: Independent abnormalities over all clones.
        largest: Abnormalities of the clone with the most.
        normal: Whether no clone has an acquired abnormality.
        complex: Whether there are 3 or more.
        monosomal: Whether the karyotype is monosomal.
        del5q: Whether 5q is deleted.
        del7_7q: Whether chromosome 7 is lost or 7q deleted.
        del17_17p: Whether chromosome 17 is lost or 17p deleted.
        ipss: Cytogenetic group of IPSS.
        ipss_r: Cytogenetic group of IPSS-R.
        constitutional: Items marked constitutional; they do not count.
        donor: The donor's part of a chimera (behind ``//``); it does not count.
        context: What stands behind the karyotype (FISH, remarks).
        findings: What a reader should know, with places.
    """

    text: str
    kind: str
    clones: tuple[Clone, ...] = ()
    statements: tuple[str, ...] = ()
    count: Count | None = None
    largest: Count | None = None
    normal: Truth = None
    complex: Truth = None
    monosomal: Truth = None
    del5q: Truth = None
    del7_7q: Truth = None
    del17_17p: Truth = None
    trisomy8: Truth = None
    ipss: Group = _UNDECIDED
    ipss_r: Group = _UNDECIDED
    constitutional: tuple[str, ...] = ()
    donor: str = ""
    context: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def abnormalities(self) -> tuple[Abnormality, ...]:
        """All abnormalities over all clones, each once, in order of appearance."""
        return tuple({a.text: a for clone in self.clones for a, _ in clone.abnormalities}.values())

    @property
    def cells(self) -> int | None:
        """Metaphases in all; None when not every clone states them."""
        numbers = [clone.cells for clone in self.clones]
        return None if not numbers or None in numbers else sum(n for n in numbers if n is not None)


_EQUAL = str.maketrans({
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "～": "~", "∼": "~", "×": "x", "＋": "+", "，": ",", "；": ";",
    "（": "(", "）": ")", "{": "(", "}": ")", "\u00a0": " ", "\u202f": " ", "\ufeff": " ", "\u200b": " ", "\t": " ",
    "\r": " ", "\n": " ", "_": " ", "\"": " ", "'": " ", "\x00": " ", "→": ">", "\\": "/", "|": "/",
})  # fmt: skip
_CONTEXT = re.compile(
    r"[.,;/]?\s{0,5}(?:nuc\s{0,3}ish|\.\s{0,3}ish|(?<![a-z])ish\b|fish\b|arr\b|arr[\[(]|pcr\b|snp\b|cgh\b"
    r"|(?<![a-z])(?:s?seq|ogm|rsa|mlpa)\b"
    r"|(?<=[\])])\s{0,3}[.;]\s{0,3}(?=[A-Za-z]{3}))",
    re.IGNORECASE,
)
_SUSPECT = re.compile(
    r"posit|nachweis|del|loss|lost|gain|extra|fusion|monoso|trisom|tetras|amp|ins|inv|dup|rearr|split|sep|con|t\("
    r"|\)\s?x\s?[0134-9]|x\s?[0134-9]\b|[+-]\s?[0-9xy]|[0-9][pq]-|abn|complex",
    re.IGNORECASE,
)
_NONCLONAL = re.compile(
    r"(?:non-?clonal(?: ?w(?:ith)? ?clonal)?(?: abn\w{0,12})?|ncsca)\s{0,3}(?:\[[0-9]{0,3}\])?[ .,]{0,3}",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,5});")
_PREFIX = re.compile(
    r"\s{0,20}[.,]?\s{0,5}(mos|chi|karyotype|karyotyp|iscn(?: ?20[0-9]{2})?)\b[:.]?\s{0,5}", re.IGNORECASE
)
_JOINED = re.compile(r"(?<=\])\s{0,3}(?=[0-9]{2}[,~-])")
_STARTS = re.compile(
    r"[\s.,~>]{0,20}[0-9]{2,3}\s{0,2}(?:[~-]{1,2}\s{0,2}[0-9]{2,3})?\s{0,2}(?:<[0-9]n[+-]?>)?c?\s{0,2}"
    r"(?:[,.;\s]\s{0,3}(?:[xyu]|idem|sl|sdl|der|[-+?][0-9xy])|[xy]{1,6}(?![a-z])|\[)",
    re.IGNORECASE,
)


def read_karyotype(text: str, sex: str = "") -> Karyotype:
    """Read a karyotype; never raises, never guesses: what is not understood is listed.

    Args:
        text: The field.
        sex: ``female`` or ``male`` when the patient's sex is known; it says which chromosome ``45,X`` lacks.

    >>> read_karyotype("normal").kind, read_karyotype("normal").normal
    ('statement', None)
    """
    if len(text) > LIMIT:
        why = f"longer than {LIMIT} characters; not read"
        return Karyotype(text[:LIMIT], "text", findings=(Finding("too-long", why, 0, len(text)),))
    return _read_karyotype(text, sex)


@lru_cache(maxsize=512)  # most patients of a cohort have one of a few karyotypes
def _read_karyotype(text: str, sex: str) -> Karyotype:
    findings: list[Finding] = []
    if "\x00" in text:
        at = text.index("\x00")
        findings.append(Finding("nul", "the text holds NUL characters, read as blanks", at, at + 1))
    body = _ENTITY.sub(lambda found: " " * len(found[0]), text.translate(_EQUAL))
    body = re.sub(r"(?<=\bw)/", " ", body, flags=re.IGNORECASE)  # "nonclonal w/clonal abnormalities"
    body, context = _cut_context(body)
    constitutional_only = False
    if prefix := _PREFIX.match(body):
        constitutional_only = prefix[1].lower() == "mos"
        body = " " * prefix.end() + body[prefix.end() :]
    if (lead := re.match(r"([^/]{1,60})/", body)) and _NONCLONAL.fullmatch(lead[1].strip()):
        why = f"{shorten(lead[1].strip())!r}: what the laboratory calls nonclonal is not counted"
        findings.append(Finding("nonclonal-cells", why, 0, lead.end()))
        body = " " * lead.end() + body[lead.end() :]
    if not _STARTS.match(body) and not body.lstrip(" .").startswith("//"):
        return _no_karyotype(text, context, findings)
    recipient, donor = body, ""
    if "//" in body:
        recipient, _, donor = body.partition("//")
    if not recipient.strip(" ."):
        why = "all cells are the donor's; nothing is known of the patient's own"
        findings.append(Finding("donor-only", why, 0, len(text)))
        return Karyotype(text, "donor", donor=donor.strip(), context=context, findings=tuple(findings))
    recipient = _JOINED.sub("/", recipient) if _JOINED.search(recipient) else recipient
    parts = [(start, part) for start, part in split(recipient, "/;") if part.strip(" .,")]
    clones, extra = _clones(parts, findings)
    if constitutional_only:
        why = "mos marks a constitutional mosaic; its clones are not acquired"
        findings.append(Finding("mosaic", why, 0, len(text)))
    clones = resolve(clones, findings, {"female": "XX", "male": "XY"}.get(sex, ""))
    return _conclude(text, clones, donor.strip(), " ".join([*extra, context]).strip(), constitutional_only, findings)


def _cut_context(body: str) -> tuple[str, str]:
    """Cut off what stands behind the karyotype: FISH, array, remarks."""
    found = _CONTEXT.search(body, 2)
    return (body[: found.start()], body[found.start() :].strip(" .;,/")) if found else (body, "")


def _no_karyotype(text: str, context: str, findings: list[Finding]) -> Karyotype:
    kind, said = statement(text)
    if kind == "statement":
        findings.append(Finding("statement-only", f"no karyotype, only a statement: {', '.join(said)}", 0, len(text)))
    elif kind == "text":
        findings.append(Finding("not-understood", f"{shorten(text)!r} is not a karyotype", 0, len(text)))
    return Karyotype(text, kind, statements=said, context=context, findings=tuple(findings))


def _clones(parts: Sequence[tuple[int, str]], findings: list[Finding]) -> tuple[list[Clone], list[str]]:
    """Read the clones; a part that begins like no clone is context when it has no item of a karyotype."""
    clones: list[Clone] = []
    extra: list[str] = []
    for start, part in parts:
        stem = re.match(r"\s{0,5}(?:idem|sl|sdl)", part, re.IGNORECASE)
        if clones and not _STARTS.match(part) and not stem:
            if _NONCLONAL.fullmatch(part.strip()):
                why = f"{shorten(part.strip())!r}: what the laboratory calls nonclonal is not counted"
                findings.append(Finding("nonclonal-cells", why, start, start + len(part)))
                continue
            extra.append(part.strip())
            why = f"{shorten(part.strip())!r} is not a clone"
            findings.append(Finding("clone-not-understood", why, start, start + len(part)))
            clones.append(Clone(part.strip(), start, unread=(part.strip(),)))
            continue
        clones.append(read_clone(part, start, findings))
    return clones, extra


def _conclude(text: str, clones: list[Clone], donor: str, context: str, constitutional: bool,
              findings: list[Finding]) -> Karyotype:  # fmt: skip
    bar = limits()
    slack = sum(_unexplained(clone, findings) for clone in clones)
    complete = not any(clone.unread or clone.incomplete for clone in clones) and slack == 0
    number = count(clones, bar, slack)
    alone = [count([clone], Limits(0, 0, bar.complex)) for clone in clones]
    largest = max(alone, key=lambda each: (each.most is None, each.most or 0, each.least))
    if constitutional:
        number, complete = Count(0, None), False
    if any(finding.code == "nonclonal-cells" for finding in findings):
        complete = False
    other_method = bool(_SUSPECT.search(context)) and not any(clone.text in context for clone in clones if clone.unread)
    if other_method:
        number, complete = Count(number.least, None), False
        why = f"another method speaks of a change: {shorten(context)!r}; absence is not concluded from the karyotype"
        findings.append(Finding("other-method", why, 0, len(text)))
    _remark_cells(clones, bar, findings)
    pairs = [lesions(a) for a in {a.text: a for c in clones for a, _ in c.abnormalities}.values()]
    if any(clone.ploidy != 2 for clone in clones):
        pairs.append((frozenset({"polyploidy"}), frozenset()))
    groups = {score: _group(score, number, pairs, clones, bar, findings) for score in ("ipss", "ipssR")}
    normal: Truth = True if all(clone.normal for clone in clones) else None if number.least == 0 else False
    return Karyotype(
        text=text,
        kind="partly" if any(clone.unread for clone in clones) else "karyotype",
        clones=tuple(clones),
        count=number,
        largest=largest,
        normal=None if constitutional or not complete else normal,
        complex=number.at_least(bar.complex),
        monosomal=monosomal(clones, bar, complete),
        del5q=target("del5q", clones, bar, complete),
        del7_7q=target("del7_7q", clones, bar, complete),
        del17_17p=target("del17_17p", clones, bar, complete),
        trisomy8=target("trisomy8", clones, bar, complete),
        ipss=groups["ipss"],
        ipss_r=groups["ipssR"],
        constitutional=tuple(dict.fromkeys(item for clone in clones for item in clone.constitutional)),
        donor=donor,
        context=context,
        findings=tuple(findings),
    )


def _group(score: str, number: Count, pairs: list[tuple[frozenset[str], frozenset[str]]], clones: list[Clone],
           bar: Limits, findings: list[Finding]) -> Group:  # fmt: skip
    """Return the group on which both ways of counting clones agree: all of them together, and the worst alone."""
    together = group(score, number, pairs)
    if sum(bool(clone.abnormalities) for clone in clones) < 2:
        return together
    alone = []
    for clone in clones:
        own = count([clone], bar, 0, clones)
        alone.append(group(score, own, [lesions(a) for a, _ in clone.abnormalities]))
    single = worst(score, alone)
    if together.name and single.name and together.name != single.name and score == "ipssR":
        why = f"all clones together give {together.name}, the worst clone alone {single.name}; the group stays open"
        findings.append(Finding("clones-counted-two-ways", why, 0, sum(len(clone.text) for clone in clones)))
    if together.name and single.name:
        return both(score, together, single)
    return together


def _unexplained(clone: Clone, findings: list[Finding]) -> int:
    """Return by how many chromosomes the stated number and the items differ."""
    vague = clone.unread or clone.incomplete or clone.composite or clone.constitutional or clone.ploidy != 2
    written = len(clone.sex) > 2 and not any(a.kind == "extra sex" for a, _ in clone.abnormalities)
    if clone.low is None or clone.high is None or vague or "x" in clone.stem or written:
        return 0
    low = high = 46
    for abnormality, copies in clone.abnormalities:
        down, up = _change(abnormality)
        low, high = low + down * copies, high + up * copies
    low, high = low - clone.lost, high - clone.lost
    gap = max(low - clone.high, clone.low - high, 0)
    if gap:
        stated = f"{clone.low}" if clone.low == clone.high else f"{clone.low} to {clone.high}"
        expected = f"{low}" if low == high else f"{low} to {high}"
        why = f"{stated} chromosomes are stated, the abnormalities give {expected}; something is missing or mistyped"
        findings.append(Finding("number-does-not-fit", why, clone.start, clone.start + len(clone.text)))
    return gap


def _change(abnormality: Abnormality) -> tuple[int, int]:
    """Return by how much an abnormality changes the chromosome number, at least and at most."""
    if abnormality.kind == "gain":
        return abnormality.least, abnormality.most
    if abnormality.kind in ("loss", "sex"):
        return -abnormality.most, -abnormality.least
    if abnormality.kind in ("marker", "ring", "extra sex"):
        return abnormality.least, abnormality.most
    if abnormality.kind == "dmin":
        return 0, 0
    down, up = _step(abnormality)
    times = abnormality.most
    return (down * times, up * times) if down == up else (min(down, down * times), max(up, up * times))


def _step(abnormality: Abnormality) -> tuple[int, int]:
    """Return by how much one copy of a rearranged chromosome changes the number, at least and at most."""
    step = {"+": 1, "-": -1}.get(abnormality.sign, 0)
    first = abnormality.pieces[0]
    joined = len(first.chromosomes) - 1
    if joined and first.kind in ("dic", "der", "rob", "tas", "trc", "psudic", "psuidic", "ider"):
        loose = first.kind in ("der", "tas") or step > 0
        return step - joined, step if loose else step - joined
    if first.kind in ("dic", "idic", "fis", "r", "dim"):
        return step - 1, step + 1
    if not step and set(first.chromosomes) <= {"X", "Y"}:
        return 0, 1  # 46,X,del(X)(q13), or beside two others: 47,XY,i(X)(q10)
    return step, step


def _remark_cells(clones: Sequence[Clone], bar: Limits, findings: list[Finding]) -> None:
    """Report what may not count: too few cells, or a change that is common in the population."""
    seen = set()
    for clone in clones:
        for abnormality, _ in clone.abnormalities:
            if abnormality.text in seen:
                continue
            seen.add(abnormality.text)
            if is_variant(abnormality):
                why = f"{abnormality.text} is common in the population and not marked c; whether it counts stays open"
                findings.append(Finding("population-variant", why, clone.start, clone.start + len(clone.text)))
            if not is_clonal(abnormality, clones, bar):
                need = bar.loss if abnormality.kind in ("loss", "sex") else bar.gain
                why = f"{abnormality.text} was seen in fewer than {need} cells, too few for a clone; it stays open"
                findings.append(Finding("not-clonal", why, clone.start, clone.start + len(clone.text)))
