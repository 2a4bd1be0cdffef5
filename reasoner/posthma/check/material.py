"""The knowledge folder as the checker holds it: triples, rules, order of layers, and what follows from them.

Reading and closing the knowledge takes a second or more, so the last few folders are kept, by name, time and size of
their files.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

from posthma.check.chain import Chainer
from posthma.check.replay import Replay, replay
from posthma.check.sources import read_knowledge
from posthma.check.sparql import read_layers, read_rules
from posthma.check.terms import Triple

_Stamp = tuple[tuple[str, int, int], ...]


class Material:
    """Everything that one knowledge folder says."""

    def __init__(self, folder: Path) -> None:
        self.knowledge = read_knowledge(folder)
        self.rules = read_rules(folder)
        self.layers = read_layers(folder)
        self._replays: dict[frozenset[Triple], Replay] = {}

    @cached_property
    def closed(self) -> Chainer:
        """The knowledge, closed under OWL 2 RL."""
        chainer = Chainer()
        chainer.add([*self.knowledge.files, *self.knowledge.lists])
        return chainer

    def replay(self, given: frozenset[Triple]) -> Replay:
        """Return the facts of a record, layer by layer; the last few are kept."""
        if given not in self._replays:
            while len(self._replays) >= 4:
                del self._replays[next(iter(self._replays))]
            self._replays[given] = replay(self.closed, given, self.rules.values(), self.layers)
        return self._replays[given]


def read_material(folder: Path) -> Material:
    """Return what a knowledge folder says, read again when any of its files changed.

    Raises:
        KnowledgeError: A file of it is wrong.
    """
    return _material(folder, _stamp(folder))


@lru_cache(maxsize=4)
def _material(folder: Path, stamp: _Stamp) -> Material:
    return Material(folder)


def _stamp(folder: Path) -> _Stamp:
    found = []
    for name in ("ontology", "kb", "queries"):
        for path in sorted((folder / name).rglob("*")):
            if path.suffix in (".ttl", ".rq", ".toml"):
                status = path.stat()
                found.append((path.as_posix(), status.st_mtime_ns, status.st_size))
    return tuple(found)
