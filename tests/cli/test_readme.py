"""The README shows real output: each console block is run again and compared."""

from __future__ import annotations

import re
import shlex

import pytest

from posthma.resources import root

ROOT = root()
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ (posthma .*)\n((?:.*\n)*?)```", TEXT)


def test_there_are_blocks():
    assert BLOCKS


@pytest.mark.parametrize(("command", "output"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_a_block_shows_real_output(command, output, posthma):
    """A line ``[...]`` at the end of a block stands for the rest of the output."""
    done = posthma(*shlex.split(command)[1:])
    shown, cut, _ = output.partition("[...]\n")
    assert done.stdout.startswith(shown) if cut else done.stdout == shown


def test_every_verb_is_told():
    from posthma.cli import VERBS

    assert [verb for verb in VERBS if not re.search(rf"^\| `{verb}\b", TEXT, re.MULTILINE)] == []
