"""Loading the knowledge: read, compile and close it, or take the compiled program from the cache.

    python -m tests.benchmarks.loading [--repeat 5]

Every run is a fresh process with a cache folder of its own.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile

from tests.benchmarks.measure import fresh_process, table

CODE = """
import os, time
os.environ["XDG_CACHE_HOME"] = {folder!r}
start = time.perf_counter()
import posthma
imported = time.perf_counter()
kb = posthma.load(cache={cache})
read = time.perf_counter()
kb.program
ready = time.perf_counter()
print("import", (imported - start) * 1000)
print("read", (read - imported) * 1000)
print("program", (ready - read) * 1000)
"""


def loading(repeat: int) -> str:
    """Measure three ways: without cache, filling it, from it."""
    found: dict[str, list[dict[str, float]]] = {"without cache": [], "filling the cache": [], "from the cache": []}
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            found["without cache"].append(fresh_process(CODE.format(folder=folder, cache=False)))
            for name in ("filling the cache", "from the cache"):
                found[name].append(fresh_process(CODE.format(folder=folder, cache=True)))
    rows = [
        (name, *(statistics.median(r[key] for r in runs) for key in ("import", "read", "program", "peak_mb")))
        for name, runs in found.items()
    ]
    head = ("load", "import ms", "read ms", "compile and close ms", "peak MB")
    return table("Loading the knowledge in a fresh process (medians)", head, rows)


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    print(loading(parser.parse_args(arguments).repeat))


if __name__ == "__main__":
    main()
