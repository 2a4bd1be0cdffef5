"""Close LUBM data and ask its fourteen queries.

    python -m tests.conformance.lubm FOLDER

The folder holds ``univ-bench.owl`` and the generated ``University*.owl``. Answers are counted as distinct rows. For
the usual data of one university (LUBM(1,0): fifteen departments, index 0, seed 0) the counts are known.

Source: Guo, Pan, Heflin, "LUBM: a benchmark for OWL knowledge base systems", Journal of Web Semantics 3 (2005); the
queries and the answers to LUBM(1,0) are published with the benchmark.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from tests.owl.graphs import ntriples

import posthma

QUERIES = {
    1: "?x a ub:GraduateStudent ; ub:takesCourse <http://www.Department0.University0.edu/GraduateCourse0> .",
    2: """?x a ub:GraduateStudent ; ub:memberOf ?z ; ub:undergraduateDegreeFrom ?y .
        ?y a ub:University . ?z a ub:Department ; ub:subOrganizationOf ?y .""",
    3: "?x a ub:Publication ; ub:publicationAuthor <http://www.Department0.University0.edu/AssistantProfessor0> .",
    4: """?x a ub:Professor ; ub:worksFor <http://www.Department0.University0.edu> ; ub:name ?y1 ;
        ub:emailAddress ?y2 ; ub:telephone ?y3 .""",
    5: "?x a ub:Person ; ub:memberOf <http://www.Department0.University0.edu> .",
    6: "?x a ub:Student .",
    7: """?x a ub:Student ; ub:takesCourse ?y . ?y a ub:Course .
        <http://www.Department0.University0.edu/AssociateProfessor0> ub:teacherOf ?y .""",
    8: """?x a ub:Student ; ub:memberOf ?y ; ub:emailAddress ?z .
        ?y a ub:Department ; ub:subOrganizationOf <http://www.University0.edu> .""",
    9: """?x a ub:Student ; ub:advisor ?y ; ub:takesCourse ?z .
        ?y a ub:Faculty ; ub:teacherOf ?z . ?z a ub:Course .""",
    10: "?x a ub:Student ; ub:takesCourse <http://www.Department0.University0.edu/GraduateCourse0> .",
    11: "?x a ub:ResearchGroup ; ub:subOrganizationOf <http://www.University0.edu> .",
    12: "?x a ub:Chair ; ub:worksFor ?y . ?y a ub:Department ; ub:subOrganizationOf <http://www.University0.edu> .",
    13: "?x a ub:Person . <http://www.University0.edu> ub:hasAlumnus ?x .",
    14: "?x a ub:UndergraduateStudent .",
}
KNOWN = {1: 4, 2: 0, 3: 6, 4: 34, 5: 719, 6: 7790, 7: 67, 8: 7790, 9: 208, 10: 4, 11: 224, 12: 15, 13: 1, 14: 5916}
"""Answers to LUBM(1,0)."""
LUBM_1_0 = {f"University0_{i}.owl" for i in range(15)}


@dataclass(frozen=True)
class Answer:
    """What came of one query."""

    query: int
    rows: int
    seconds: float
    expected: int | None

    @property
    def is_right(self) -> bool:
        """Whether the count is the known one, where it is known."""
        return self.expected in (None, self.rows)


@dataclass(frozen=True)
class Run:
    """One closing of LUBM data with its answers."""

    asserted: int
    inferred: int
    contradictions: int
    close_seconds: float
    answers: tuple[Answer, ...]


def run(folder: Path) -> Run:
    """Close the data of a folder and ask the queries."""
    data = sorted(folder.glob("University*.owl"))
    files = [folder / "univ-bench.owl", *data]
    start = time.perf_counter()
    closure = posthma.close(files)
    taken = time.perf_counter() - start
    everything = closure.asserted | closure.inferred
    store = pyoxigraph.Store()
    store.load(ntriples(everything).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    known = KNOWN if {f.name for f in data} == LUBM_1_0 else {}
    answers = []
    for number, pattern in QUERIES.items():
        begun = time.perf_counter()
        query = f"PREFIX ub: <{_namespace(everything)}> SELECT DISTINCT * WHERE {{ {pattern} }}"
        rows = sum(1 for _ in store.query(query))  # type: ignore[union-attr]
        answers.append(Answer(number, rows, time.perf_counter() - begun, known.get(number)))
    inferred = len(everything) - len(closure.asserted)
    return Run(len(closure.asserted), inferred, len(closure.contradictions), taken, tuple(answers))


def _namespace(facts: set[tuple[str, str, str]]) -> str:
    """Return the namespace of the data; the generator is told it and writes what it was told."""
    for _, _, o in facts:
        found = re.fullmatch(r"<(.*#)UndergraduateStudent>", o)
        if found:
            return found[1]
    return "http://www.lehigh.edu/~zhp2/2004/0401/univ-bench.owl#"


def report(result: Run) -> str:
    """Return counts and seconds as a table."""
    lines = [
        f"{result.asserted} triples, {result.inferred} inferred, {result.contradictions} contradictions, "
        f"closed in {result.close_seconds:.2f} s",
        "query     rows  expected  seconds",
    ]
    for a in result.answers:
        expected = "-" if a.expected is None else str(a.expected)
        lines.append(f"{a.query:5} {a.rows:8} {expected:>9} {a.seconds:8.3f}{'' if a.is_right else '  WRONG'}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the run on a folder; exit 1 when a known count is missed."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "univ-bench.owl").exists():
        print(
            "usage: python -m tests.conformance.lubm FOLDER   (with univ-bench.owl and University*.owl)",
            file=sys.stderr,
        )
        return 2
    result = run(Path(arguments[0]))
    print(report(result))
    return int(not all(a.is_right for a in result.answers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
