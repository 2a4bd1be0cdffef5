"""Tiny knowledge folders for the checker's tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def empty_knowledge(tmp_path_factory) -> Path:
    """A knowledge folder that says nothing."""
    folder = tmp_path_factory.mktemp("nothing")
    for name in ("ontology", "kb", "queries/rules"):
        (folder / name).mkdir(parents=True)
    return folder
