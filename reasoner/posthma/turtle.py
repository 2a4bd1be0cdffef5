"""Writing Turtle that is the same bytes every time: sorted, one statement a line, only the prefixes that are used.

The serializer of pyoxigraph writes prefixes in an order that changes from run to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from posthma.terms import Triple
from posthma.vocab import PREFIXES, RDF, XSD, curie

_DATATYPE = re.compile(r'(".*")\^\^(<[^>]*>)\Z', re.DOTALL)


def write_turtle(triples: Iterable[Triple]) -> str:
    """Return Turtle for token triples.

    >>> print(write_turtle([("<https://w3id.org/posthma/kb/a>", RDF.type, "<https://w3id.org/posthma/ontology/Option>")]))
    @prefix kb: <https://w3id.org/posthma/kb/> .
    @prefix p: <https://w3id.org/posthma/ontology/> .
    <BLANKLINE>
    kb:a
        a p:Option ;
    .
    <BLANKLINE>
    """
    used: set[str] = set()

    def short(token: str) -> str:
        if token.startswith("<"):
            name = curie(token)
            if not name.startswith("<"):
                used.add(name.partition(":")[0])
            return name
        match = _DATATYPE.match(token)
        if match is None:
            return token
        if match[2] in (XSD.integer, XSD.boolean) and re.fullmatch(r'"(?:0|-?[1-9]\d*|true|false)"', match[1]):
            return match[1][1:-1]
        return f"{match[1]}^^{short(match[2])}"

    lines: list[str] = []
    subject = ""
    for s, p, o in sorted(set(triples), key=lambda t: (t[0], t[1] != RDF.type, t)):
        if s != subject:
            lines += ["."] if subject else []
            lines += ["", short(s)]
            subject = s
        lines.append(f"    {'a' if p == RDF.type else short(p)} {short(o)} ;")
    lines += ["."] if subject else []
    head = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(used)]
    return "\n".join([*head, *lines]) + "\n"
