"""The command line as a person calls it: another process, answers and messages apart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def posthma():
    """Run ``posthma`` with arguments, in the project's folder, and return the finished process."""

    def run(*args, **more):
        folder = more.pop("cwd", ROOT)
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "reasoner"), **more.pop("env", {})}
        command = [sys.executable, "-m", "posthma", *map(str, args)]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", cwd=folder, env=environment, timeout=120, **more
        )

    return run
