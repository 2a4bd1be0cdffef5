"""Where ontology/, kb/ and queries/ lie: beside the source in a checkout, inside the package in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from posthma.errors import KnowledgeError

FOLDERS = ("ontology", "kb", "queries")


@cache
def root() -> Path:
    """Return the folder that holds ontology/, kb/ and queries/.

    Raises:
        KnowledgeError: Neither the checkout nor the installed package has them.
    """
    package = Path(__file__).resolve().parent
    for folder in (package.parent.parent, package / "data"):
        if all((folder / name).is_dir() for name in FOLDERS):
            return folder
    raise KnowledgeError(str(package), "no ontology/, kb/ and queries/ beside the package", "install posthma again")


def path(relative: str) -> Path:
    """Return the path of a file or folder below `root`, such as ``"ontology/shapes"``."""
    return root() / relative


def relative(file: Path) -> str:
    """Return ``file`` as a place in the project, with forward slashes; the name alone when it lies elsewhere."""
    try:
        return file.resolve().relative_to(root()).as_posix()
    except ValueError:
        return file.name
