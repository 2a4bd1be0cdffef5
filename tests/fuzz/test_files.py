"""No file makes an importer crash, hang or fetch anything: what cannot be read ends in an error of the project."""

from __future__ import annotations

import importlib.util
import random
import socket
import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
ROUNDS = 60
ODD = [b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00" * 4096, b"PK\x03\x04", b"{", b"[" * 5_000, b'{"a":' * 5_000, b'"',
       b"\xd8\x00\xdc\x00", b"version https://git-lfs.github.com/spec/v1\n", b"---\n...", b"!!python/object:os.system", b"\r\r\n"]  # fmt: skip


def _load(name):
    spec = importlib.util.spec_from_file_location(f"posthma_fuzz_{name}", _HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


FILES = _load("files").FILES
bend = _load("bend").bend


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("an importer opened a connection")

    monkeypatch.setattr(socket, "socket", refuse)


@pytest.mark.parametrize("name", sorted(name for name in FILES if not name.startswith("sheet")))
def test_the_first_seed_is_read(name):
    """The seeds of spreadsheets are the template, which holds no patient."""
    target, seeds = FILES[name]
    assert target(seeds[0])


@pytest.mark.parametrize("name", sorted(FILES))
def test_odd_bytes(name):
    for data in ODD:
        FILES[name][0](data)


@pytest.mark.parametrize("name", sorted(FILES))
def test_bent_files(name):
    """A bounded run of the loop's mutations, the same each time; `loop.py` goes on for as long as you like."""
    target, seeds = FILES[name]
    rng = random.Random(name)
    for _ in range(ROUNDS):
        target(bend(rng.choice(seeds), seeds, rng))
