"""How a test finds wording of the article in the knowledge, run by run of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from tests.kb.graphs import ROOT

RUN = 8
"""So many words in a row are a copy. Names of trials, titles and sections are names, not wording."""

NAMES = {"section", "terms", "title", "registeredTitle", "journal"}


def words(text: str) -> list[str]:
    """Return the words of a text as the comparison sees them.

    >>> words("Del(5q), at 20 %")
    ['del', '5q', 'at', '20']
    """
    return re.findall(r"[a-z0-9]+", text.lower())


def runs_of(article: Iterable[str]) -> set[tuple[str, ...]]:
    """Return every run of words of the article: a word that a line breaks may be one word or, as in low-dose, two."""
    text = " ".join(article)
    found = set()
    for whole in (re.sub(r"-\s+", "", text), text):
        read = words(whole)
        found |= {tuple(read[i : i + RUN]) for i in range(len(read) - RUN + 1)}
    return found


def turtle_files() -> list[Path]:
    """Return every Turtle file of the ontology and the knowledge base, shapes and worked patients too."""
    return sorted([*(ROOT / "ontology").rglob("*.ttl"), *(ROOT / "kb").rglob("*.ttl")])


def literals(files: Iterable[Path]) -> Iterator[tuple[str, str, str, str]]:
    """Yield file, subject, property and text of each literal that is wording."""
    for file in files:
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.Literal):
                name = re.split(r"[/#]", quad.predicate.value)[-1]
                if name not in NAMES:
                    yield file.relative_to(ROOT).as_posix(), str(quad.subject), name, quad.object.value


def copied(files: Iterable[Path], article: Iterable[str]) -> list[str]:
    """Return the runs that literals share with the article, with their places."""
    runs = runs_of(article)
    assert len(runs) > 5000
    found = []
    for file, subject, name, text in literals(files):
        found += [f"{file} {subject} {name}: {run}" for run in shared(text, runs)]
    return found


def shared(text: str, runs: set[tuple[str, ...]]) -> list[str]:
    """Return the runs of a text that are among those of the article."""
    own = words(text)
    return [" ".join(own[i : i + RUN]) for i in range(len(own) - RUN + 1) if tuple(own[i : i + RUN]) in runs]
