"""Query files that can be called by name: their headers, their SPARQL and the names they use."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from posthma.errors import RuleError
from posthma.lint.matter import Matter, described
from posthma.lint.rules import code
from posthma.queries import find_queries, read_query
from posthma.spelling import nearest
from posthma.validation import Finding
from posthma.vocab import PREFIXES

GRAPH = "queries/graph"
_NAME = re.compile(r"\b(p|kb):([A-Za-z][\w-]*)")


def check_queries(matter: Matter) -> Iterator[Finding]:
    """Yield what is wrong with the queries of competency, answers and graph."""
    known = described(matter)
    for file in [*find_queries(matter.root), *sorted((matter.root / GRAPH).glob("*.rq"))]:
        place = file.relative_to(matter.root).as_posix()
        try:
            query = read_query(file, place)
            ox.Store().query(query.text, prefixes=PREFIXES)
        except RuleError as error:
            yield Finding(error.place, "violation", "query-header", error.fact, error.remedy)
            continue
        except SyntaxError as error:
            where = re.match(r"error at (\d+):", str(error.msg))
            at = f"{place}:{where[1]}" if where else place
            yield Finding(at, "violation", "query-syntax", f"it is not SPARQL: {error.msg}", "mend the query there")
            continue
        lines = query.text.splitlines()
        for prefix, name in dict.fromkeys(_NAME.findall(code(query.text))):
            term = f"<{PREFIXES[prefix]}{name}>"
            if term not in known:
                line = next((n for n, text in enumerate(lines, 1) if f"{prefix}:{name}" in text), 1)
                hint = nearest(term, known)
                remedy = f"did you mean {hint}?" if hint else "describe it in ontology/ or kb/"
                fact = f"{prefix}:{name} is described nowhere"
                yield Finding(f"{place}:{line}", "violation", "unknown-name", fact, remedy)
