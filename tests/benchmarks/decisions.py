"""What comes after inference: the decisions about one patient, and the report as HTML, beside the closure itself.

    python -m tests.benchmarks.decisions [--repeat 50]

Medians of processor time, the tasks in turns, so that a busy machine slows all alike; the ratios are what to compare.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable

from tests.benchmarks.measure import table

import posthma
from posthma import resources
from posthma.decide.assess import assess
from posthma.question import ask
from posthma.report.book import Book, goals
from posthma.report.html import render


def in_turns(tasks: dict[str, Callable[[], object]], repeat: int) -> dict[str, float]:
    """Return the median milliseconds of processor time of each task, after one run to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    gc.collect()
    gc.freeze()  # what stands already is not walked again before each task
    for number in range(repeat + 1):
        for name, task in tasks.items():
            gc.collect()
            start = time.process_time()
            task()
            if number:
                taken[name].append((time.process_time() - start) * 1000)
    gc.unfreeze()
    return {name: statistics.median(values) for name, values in taken.items()}


def rows(kb: posthma.KnowledgeBase, repeat: int) -> list[tuple[object, ...]]:
    """Measure the four patients."""
    found: list[tuple[object, ...]] = []
    for path in sorted(resources.path("kb/cases").glob("*/record.ttl")):
        record = kb.read(path)
        asked = ask(record.triples)
        sources = kb.sources(record, asked)
        closure = kb.closure_of(asked.triples, sources)
        answer = assess(kb, record, asked, closure)
        taken = in_turns(
            {
                "closure": lambda asked=asked, sources=sources: kb.closure_of(asked.triples, sources),
                "decisions": lambda record=record, asked=asked, closure=closure: assess(kb, record, asked, closure),
                "html": lambda answer=answer, record=record: render(answer, Book(kb.tell(record), goals(answer))),
            },
            repeat,
        )
        share = taken["decisions"] / taken["closure"]
        found.append((path.parent.name, len(answer.options), *taken.values(), share))
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repeat", type=int, default=50)
    asked = parser.parse_args(arguments)
    head = ("record", "options", "closure ms", "decisions ms", "close + HTML ms", "decisions / closure")
    print(table("After inference (medians of processor time)", head, rows(posthma.load(), asked.repeat)))


if __name__ == "__main__":
    main()
