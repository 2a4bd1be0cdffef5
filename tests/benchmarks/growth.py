"""Growth: time by size of the record and by size of the knowledge.

python -m tests.benchmarks.growth [--repeat 20] [--sizes 50 180 500 1500 5000] [--factors 1 10 100]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.benchmarks.inputs import case_records, grown_knowledge, grown_record
from tests.benchmarks.measure import median_ms, slope, table

import posthma


def by_record(kb: posthma.KnowledgeBase, sizes: list[int], repeat: int) -> str:
    """Close records of growing size; linear growth has slope 1."""
    record = max(case_records().values(), key=len)
    rows, points = [], []
    for size in sizes:
        grown = grown_record(record, size)
        closure = kb.close(grown)
        ms = median_ms(lambda grown=grown: kb.close(grown), repeat)
        points.append((float(len(grown)), ms))
        rows.append((size, len(grown), len(closure.inferred), ms, ms * 1000 / len(grown)))
    said = f"slope {slope(points):.2f}" if len(points) > 1 else ""
    head = ("asked", "triples", "inferred", "ms", "us a triple")
    return table(f"Growth with the record (medians) {said}", head, rows)


def by_knowledge(factors: list[int], repeat: int) -> str:
    """Close the same record on ever larger knowledge; the copies speak of other things."""
    record = max(case_records().values(), key=len)
    rows = []
    first = 0.0
    for factor in factors:
        with tempfile.TemporaryDirectory() as folder:
            root = grown_knowledge(Path(folder), factor)
            start = time.perf_counter()
            kb = posthma.load(root=root, cache=False)
            try:
                closure = kb.close(record)
            except posthma.PosthmaError as error:
                rows.append((f"{factor}x", len(kb.knowledge.triples), f"refused: {error.code}", "-", "-", "-"))
                continue
            ready = (time.perf_counter() - start) * 1000
            ms = median_ms(lambda kb=kb: kb.close(record), repeat)
            first = first or ms
            rows.append((f"{factor}x", len(kb.knowledge.triples), ready, len(closure.inferred), ms, ms / first))
    head = ("knowledge", "triples", "load and compile ms", "inferred", "ms a patient", "ratio")
    return table("Growth with the knowledge (medians)", head, rows)


def main(arguments: list[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 180, 500, 1500, 5000])
    parser.add_argument("--factors", type=int, nargs="*", default=[1, 10, 100])
    options = parser.parse_args(arguments)
    if options.sizes:
        print(by_record(posthma.load(), options.sizes, options.repeat))
    if options.factors:
        print(by_knowledge(options.factors, options.repeat))


if __name__ == "__main__":
    main()
