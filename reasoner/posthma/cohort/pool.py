"""Worker processes that take batches of units and give back their outcomes, in the order of the input.

One batch is on its way to each worker at a time, and batches that wait for an earlier one are bounded, so memory does
not grow with the input. A worker that dies or hangs is replaced; its batch is done again one unit at a time, and a unit
that takes its worker with it is quarantined.
"""

from __future__ import annotations

import gc
import multiprocessing as mp
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from posthma.cohort.assess import Assessor, Outcome, Settings
from posthma.cohort.units import Unit
from posthma.engine import load
from posthma.errors import UsageError

__all__ = ["BATCH", "outcomes"]

BATCH = 16
"""Units sent at once."""
AHEAD = 4
"""So many batches a worker may be ahead of the one that is waited for."""
SECONDS_A_UNIT = 60.0
"""A unit that takes longer is given up."""
BYTES_A_UNIT = 5_000_000
"""A file of so many bytes more has as much time again."""
SECONDS_TO_START = 600.0
"""A worker may compile the knowledge before its first unit."""


def outcomes(
    units: Iterable[Unit], settings: Settings, workers: int, seconds: float = SECONDS_A_UNIT
) -> Iterator[Outcome]:
    """Yield what became of each unit, in the order of the input.

    Args:
        units: Read lazily, a bounded number ahead.
        settings: What is asked of each.
        workers: Processes to use; with 0 all is done here.
        seconds: The most time for one unit.
    """
    if workers < 1:
        kb = load(as_of=settings.as_of, without_source=settings.without_source)
        assessor = Assessor(kb, settings)
        yield from chain.from_iterable(map(assessor.outcomes, units))
        return
    pool = _Pool(settings, workers, seconds)
    try:
        yield from pool.run(iter(units))
    finally:
        pool.close()


@contextmanager
def _deaf() -> Iterator[None]:
    """Hold Ctrl-C back; a process started meanwhile never hears it, where it would end with a traceback of its own."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, settings: Settings) -> None:
    """Answer batches until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    assessor = Assessor(load(as_of=settings.as_of, without_source=settings.without_source), settings)
    assessor.warm()
    gc.collect()
    gc.freeze()  # the knowledge stays; collections need not walk it again
    gc.disable()  # a closure makes many objects and little garbage; it is collected between batches
    pipe.send(None)  # ready
    with suppress(EOFError, ConnectionError):  # the run is over, or was killed
        while True:
            batch: list[Unit] = pipe.recv()
            pipe.send([outcome for unit in batch for outcome in assessor.outcomes(unit)])
            gc.collect()


@dataclass
class _Batch:
    """A batch on its way."""

    order: int
    units: list[Unit]
    alone: bool = False


@dataclass
class _Worker:
    """A process, our end of its pipe, and what it works on."""

    process: BaseProcess
    pipe: Connection
    batch: _Batch | None = None
    deadline: float = 0.0
    ready: bool = False


@dataclass
class _Pool:
    settings: Settings
    size: int
    seconds: float
    workers: list[_Worker] = field(default_factory=list)
    again: deque[_Batch] = field(default_factory=deque)

    def run(self, units: Iterator[Unit]) -> Iterator[Outcome]:
        sent = given = 0
        done: dict[int, list[Outcome]] = {}
        waiting: dict[int, int] = {}  # order: units of a batch that is done again, one by one, still open
        dry = False
        while True:
            for worker in self._idle():
                if self.again:
                    self._give(worker, self.again.popleft())
                elif not dry and sent - given < self.size * AHEAD:
                    taken = list(islice(units, BATCH))
                    dry = not taken
                    if taken:
                        self._give(worker, _Batch(sent, taken))
                        sent += 1
            while given in done and not waiting.get(given):
                yield from sorted(done.pop(given), key=lambda outcome: outcome.number)
                given += 1
            busy = [worker for worker in self.workers if worker.batch is not None]
            if not busy:
                if dry and not self.again:
                    return
                continue
            for batch, found in self._finished(busy):
                if found is None:
                    waiting[batch.order] = len(batch.units)
                    done.setdefault(batch.order, [])
                    self.again.extend(_Batch(batch.order, [unit], alone=True) for unit in batch.units)
                else:
                    done.setdefault(batch.order, []).extend(found)
                    if batch.alone:
                        waiting[batch.order] -= 1
                        if not waiting[batch.order]:
                            del waiting[batch.order]

    def _idle(self) -> list[_Worker]:
        """Return the workers without work; a missing one is started when there is work for it."""
        while len(self.workers) < self.size:
            self.workers.append(self._start())
        return [worker for worker in self.workers if worker.batch is None]

    def _start(self) -> _Worker:
        context = mp.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.settings), daemon=True)
        with _deaf():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _give(self, worker: _Worker, batch: _Batch) -> None:
        worker.batch = batch
        worker.deadline = time.monotonic() + (self._time(batch) if worker.ready else SECONDS_TO_START)
        with suppress(BrokenPipeError, ConnectionError):  # it died; `_finished` sees that
            worker.pipe.send(batch.units)

    def _finished(self, busy: list[_Worker]) -> Iterator[tuple[_Batch, list[Outcome] | None]]:
        """Wait for workers; yield their batches with the outcomes, or None for a batch to be done again."""
        left = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ready = wait([worker.pipe for worker in busy], timeout=left)
        now = time.monotonic()
        for worker in busy:
            batch = worker.batch
            assert batch is not None
            why = ""
            if worker.pipe in ready:
                try:
                    found: list[Outcome] | None = worker.pipe.recv()
                    if found is None:
                        worker.ready = True
                        worker.deadline = now + self._time(batch)
                        continue
                    worker.batch = None
                    yield batch, found
                    continue
                except (EOFError, OSError):
                    why = "the process that worked on it died"
            elif worker.deadline <= now:
                why = f"it took longer than {self._time(batch):g} s"
            if why:
                self._end(worker)
                if not worker.ready:
                    fact = "a worker process ended before it began"
                    raise UsageError("--workers", fact, "try --workers 0, which does all in one process")
                if not batch.alone:
                    yield batch, None
                else:
                    unit = batch.units[0]
                    remedy = "look for what is unusual in it; assess it alone with posthma recommend"
                    yield batch, [Outcome(unit.number, unit.place, "", "", None, "PH-300", why, remedy)]

    def _time(self, batch: _Batch) -> float:
        """Return the seconds that a batch may take: a large file holds many patients."""
        return self.seconds * sum(1 + unit.size // BYTES_A_UNIT for unit in batch.units)

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        self.workers.remove(worker)

    def close(self) -> None:
        for worker in list(self.workers):
            self._end(worker)
