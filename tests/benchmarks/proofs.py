"""Extracting proofs: milliseconds by number of steps, for every conclusion of the worked cases.

python -m tests.benchmarks.proofs [--repeat 20] [--conclusions 200]
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict

from tests.benchmarks.inputs import case_records
from tests.benchmarks.measure import interleaved, table

import posthma

BANDS = ((1, 10), (11, 20), (21, 50), (51, 100), (101, 10_000))


def by_length(kb: posthma.KnowledgeBase, repeat: int, conclusions: int) -> str:
    """Prove conclusions of each length band and print the medians of each mode."""
    found: dict[tuple[int, int], list[dict[str, float]]] = defaultdict(list)
    for record in case_records().values():
        closure = kb.close(record)
        chosen = sorted(closure.inferred)
        for triple in chosen[:: max(1, len(chosen) // conclusions)]:
            steps = len(closure.proof(triple))  # type: ignore[arg-type]
            band = next(b for b in BANDS if b[0] <= steps <= b[1])
            taken = interleaved(
                {
                    "one": lambda c=closure, t=triple: c.proof(t),
                    "json": lambda c=closure, t=triple: c.proof(t).to_json(),
                },
                repeat,
            )
            found[band].append(taken | {"steps": steps})
    rows = [
        (
            f"{low}-{high}",
            len(found[low, high]),
            *(statistics.median(t[k] for t in found[low, high]) for k in ("steps", "one", "json")),
            max(t["one"] for t in found[low, high]),
        )
        for low, high in BANDS
        if found[low, high]
    ]
    head = ("steps", "proofs", "median steps", "one ms", "one + JSON ms", "slowest ms")
    return table("Extracting a proof (medians)", head, rows)


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--conclusions", type=int, default=200)
    options = parser.parse_args(arguments)
    print(by_length(posthma.load(), options.repeat, options.conclusions))


if __name__ == "__main__":
    main()
