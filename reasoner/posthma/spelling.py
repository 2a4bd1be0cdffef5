"""The term that was meant: nearest names of p: and kb:."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from posthma.vocab import curie


def local_name(term: str) -> str:
    """Return the last part of an IRI.

    >>> local_name("<https://w3id.org/posthma/kb/idh2>")
    'idh2'
    """
    return re.split(r"[/#]", term.strip("<>"))[-1]


def nearest(term: str, known: Iterable[str]) -> str:
    """Return the CURIEs of up to two known terms that a term may have meant, or an empty string.

    >>> nearest("<https://w3id.org/posthma/kb/ihd2>", {"<https://w3id.org/posthma/kb/idh2>"})
    'kb:idh2'
    """
    space = term[: term.rfind("/") + 1]
    names: dict[str, list[str]] = {}
    for other in sorted(known):
        names.setdefault(local_name(other).lower(), []).append(other)
    close = difflib.get_close_matches(local_name(term).lower(), names, n=3, cutoff=0.7)
    terms = [other for name in close for other in names[name]]
    terms.sort(key=lambda other: not other.startswith(space))
    return " or ".join(map(curie, terms[:2]))
