"""The cache folder: files of numbers and strings (MessagePack), named by what they were made from.

A stale file is simply not found. Nothing in a file is ever executed; one that is truncated, foreign or broken counts
as missing, and a folder that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

MAGIC = b"posthma-program/2\n"
KEPT = 8
"""So many files of one kind are kept; the one written longest ago goes first."""
ENVIRONMENT = "POSTHMA_CACHE"
"""Names the folder to use instead of the user's own; ``off`` uses none."""


def cache_folder() -> Path | None:
    """Return the folder for compiled programs, or None when the environment says to use none."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return None if named == "off" else Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "posthma" / "cache"
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # no home is known
        return None
    return home / "posthma"


@cache
def engine_hash() -> str:
    """Return a hash over the modules that decide what is in the files."""
    package = Path(__file__).resolve().parent.parent
    rules = [f"rules/{path.stem}" for path in sorted((package / "rules").glob("*.py"))]
    digest = hashlib.sha256(MAGIC)
    for name in ("terms", "store", "closure", "equality", "saturation", *rules):
        digest.update((package / f"{name}.py").read_bytes())
    return digest.hexdigest()


def name_of(*made_from: str) -> str:
    """Return a file name (without ending) for what something was made from and this engine."""
    return hashlib.sha256(" ".join([*made_from, engine_hash()]).encode()).hexdigest()[:32]


def sealed(body: bytes) -> bytes:
    """Return a body with the head by which `opened` knows it again."""
    return MAGIC + hashlib.sha256(body).digest() + body


def opened(data: bytes) -> memoryview:
    """Return the body of a file's bytes.

    Raises:
        ValueError: They are not of this format, or damaged.
    """
    start = len(MAGIC) + 32
    body = memoryview(data)[start:]
    if data[: len(MAGIC)] != MAGIC or hashlib.sha256(body).digest() != data[len(MAGIC) : start]:
        raise ValueError("not a file of this cache, or damaged")
    return body


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; another start may be doing the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".made-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)
        same_kind = sorted(path.parent.glob(f"*{path.suffix}"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in same_kind[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # a read-only home: it is made again next time
