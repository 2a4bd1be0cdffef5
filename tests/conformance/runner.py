"""Run OWL 2 test cases and say of each whether we pass it.

    python -m tests.conformance.runner FOLDER

The outcomes:

    pass            as published
    fail            not as published, though the rules of tables 4 to 9 would give it (a second engine shows that)
    not derivable   true in the RDF-Based Semantics, but the RL rules do not conclude it (the second engine agrees)
    unsupported     the case cannot be run: functional syntax only, broken RDF/XML, an import that is not there
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.cases import OWL, RDF, Case, Folder, Triple
from tests.conformance.graphs import Match, maps_into
from tests.owl.graphs import SAME

import posthma

OUTCOMES = ("pass", "fail", "not derivable", "unsupported")
ORACLE_LIMIT = 3000
"""Premises with more triples are not given to the second engine."""


@dataclass(frozen=True)
class Result:
    """What came of one case."""

    case: Case
    outcome: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.outcome:14} {self.case.name} ({self.case.kind}){': ' + self.why if self.why else ''}"


def run(case: Case) -> Result:
    """Run one case with our engine; ask the second engine where we do not pass."""
    if case.problem:
        return Result(case, "unsupported", case.problem)
    try:
        closure = posthma.close(sorted(case.premise))
    except posthma.PosthmaError as error:
        return Result(case, "fail", str(error))
    clashes = sorted({c.rule for c in closure.contradictions})
    if case.kind == "ConsistencyTest":
        return Result(case, "fail", f"contradiction by {', '.join(clashes)}") if clashes else Result(case, "pass")
    if case.kind == "InconsistencyTest":
        return Result(case, "pass") if clashes else _missed(case, "no contradiction")
    follows = _entailed(case, _match_of(closure), clashes)
    if case.kind == "NegativeEntailmentTest":
        return Result(case, "fail", "the non-conclusion follows") if follows else Result(case, "pass")
    if follows:
        return Result(case, "pass")
    missing = next((t for t in sorted(_said(case)) if not maps_into([t], _match_of(closure))), None)
    return _missed(case, f"missing {' '.join(missing)}" if missing else "the blank nodes do not fit together")


def _said(case: Case) -> set[Triple]:
    """Return the conclusion; one that must follow is asked for without its ontology header, which says nothing."""
    if case.kind == "NegativeEntailmentTest":
        return case.conclusion
    headers = {s for s, p, o in case.conclusion if p == f"<{RDF}type>" and o == f"<{OWL}Ontology>"}
    return {t for t in case.conclusion if t[0] not in headers}


def _entailed(case: Case, match: Match, clashes: Iterable[str]) -> bool:
    """Say whether the conclusion follows; from a contradiction everything does."""
    return bool(list(clashes)) or maps_into(_said(case), match)


def _match_of(closure: posthma.Closure) -> Match:
    def match(s: str | None, p: str | None, o: str | None) -> Iterator[Triple]:
        if s is not None and p is not None and o is not None:
            if (s, p, o) in closure:
                yield (s, p, o)
            return
        yield from closure.match(s, p, o)
        known = s or o
        if p == SAME and known is not None and (known, SAME, known) in closure:
            yield (known, SAME, known)  # eq-ref is answered, not stored

    return match


def _missed(case: Case, why: str) -> Result:
    try:
        from tests.differential import clingo_oracle  # the second engine is asked seldom
    except ImportError:
        return Result(case, "fail", why + "; without clingo nobody can say whether the rules give it")
    if len(case.premise) > ORACLE_LIMIT:
        return Result(case, "fail", why + "; too large for the second engine")
    closed, false = clingo_oracle.close(case.premise)
    if case.kind == "InconsistencyTest":
        return (
            Result(case, "fail", f"{why}, expected one by {', '.join(sorted(false))}")
            if false
            else Result(case, "not derivable", why)
        )
    by_subject: dict[str, list[Triple]] = {}
    for triple in closed:
        by_subject.setdefault(triple[0], []).append(triple)

    def match(s: str | None, p: str | None, o: str | None) -> Iterator[Triple]:
        for triple in by_subject.get(s, ()) if s is not None else closed:
            if p in (None, triple[1]) and o in (None, triple[2]):
                yield triple

    derivable = _entailed(case, match, false)
    return Result(case, "fail" if derivable else "not derivable", why)


def report(results: list[Result]) -> str:
    """Return the outcomes by name and their counts."""
    lines = [str(r) for outcome in reversed(OUTCOMES) for r in results if r.outcome == outcome]
    for kind in sorted({r.case.kind for r in results}):
        counted = Counter(r.outcome for r in results if r.case.kind == kind)
        lines.append(f"{kind:24} " + "  ".join(f"{counted[o]:4} {o}" for o in OUTCOMES))
    counted = Counter(r.outcome for r in results)
    lines.append(f"{'all':24} " + "  ".join(f"{counted[o]:4} {o}" for o in OUTCOMES))
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run the cases of a folder and print what came of each; exit 1 when one failed."""
    if len(arguments) != 1:
        print("usage: python -m tests.conformance.runner FOLDER", file=sys.stderr)
        return 2
    results = [run(case) for case in Folder(Path(arguments[0])).cases()]
    print(report(results))
    return int(any(r.outcome == "fail" for r in results) or not results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
