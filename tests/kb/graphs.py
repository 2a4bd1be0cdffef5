"""Where the knowledge lies and how a test reads it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[2]
MATERIAL = ROOT.parent / "shared" / "knowledge"


def knowledge_files() -> list[Path]:
    """Return the Turtle files of ontology and knowledge base, without shapes and cases."""
    files = [*(ROOT / "ontology").rglob("*.ttl"), *(ROOT / "kb").rglob("*.ttl")]
    return sorted(file for file in files if not {"shapes", "cases"} & set(file.relative_to(ROOT).parts))


def load_store(files: list[Path]) -> ox.Store:
    """Return one store with all files in its default graph."""
    store = ox.Store()
    for file in files:
        store.load(path=str(file), format=ox.RdfFormat.TURTLE)
    return store
