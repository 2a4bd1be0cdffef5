"""Measuring: medians of interleaved runs, memory of a fresh process, tables. Nothing here is a test."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def interleaved(tasks: Mapping[str, Callable[[], object]], repeat: int, warm: int = 1) -> dict[str, float]:
    """Return the median milliseconds of each task, run in turns so that a busy machine slows all alike."""
    for task in tasks.values():
        for _ in range(warm):
            task()
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeat):
        for name, task in tasks.items():
            gc.collect()
            start = time.perf_counter()
            task()
            taken[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def median_ms(task: Callable[[], object], repeat: int, warm: int = 1) -> float:
    """Return the median milliseconds of one task."""
    return interleaved({"": task}, repeat, warm)[""]


def fresh_process(code: str, timeout: float = 3600) -> dict[str, float]:
    """Run code in a process of its own and return what it printed as ``name value`` lines, and its peak memory.

    The code may print other lines. ``peak_mb`` is added by this function.
    """
    tail = """
from pathlib import Path as _Path
try:  # the peak of this program; ru_maxrss would count the parent's as well
    peak = int(_Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
except OSError:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print("peak_mb", peak)
"""
    path = os.pathsep.join([str(ROOT / "reasoner"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code + "\n" + tail],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
        cwd=ROOT,
    )
    found = {}
    for line in done.stdout.splitlines():
        name, _, number = line.rpartition(" ")
        try:
            found[name] = float(number)
        except ValueError:
            continue
    return found


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent of growth between the first and the last point: 1 is linear, 2 quadratic."""
    import math

    (x0, y0), (x1, y1) = points[0], points[-1]
    return math.log(y1 / y0) / math.log(x1 / x0)


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as aligned columns under a title."""
    cells = [[_cell(c) for c in row] for row in rows]
    widths = [max(len(r[i]) for r in [list(head), *cells]) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        return "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()

    return "\n".join([title, line(list(head)), line(["-" * w for w in widths]), *map(line, cells), ""])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return str(value)
