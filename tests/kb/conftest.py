"""What the tests of the knowledge base share: the merged graph and, where it is at hand, the material behind it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.kb.graphs import MATERIAL, knowledge_files, load_store


@pytest.fixture(scope="session")
def store() -> ox.Store:
    """The whole knowledge, merged."""
    return load_store(knowledge_files())


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of the source material; a test that needs it is skipped, aloud, where it is absent."""
    if not (MATERIAL / "seed-facts.yaml").exists():
        pytest.skip("the source material is not beside this checkout: nothing here was compared with the article")
    return MATERIAL


@pytest.fixture(scope="session")
def article(material: Path) -> list[str]:
    """The lines of the article; index 0 is a placeholder, so that line 1 has index 1."""
    return ["", *(material / "santini-2019.txt").read_text(encoding="utf-8").split("\n")]


@pytest.fixture(scope="session")
def registry(material: Path) -> dict:
    """The fact registry, by section."""
    yaml = pytest.importorskip("yaml", reason="pyyaml reads the fact registry")
    return yaml.safe_load((material / "seed-facts.yaml").read_text(encoding="utf-8"))
