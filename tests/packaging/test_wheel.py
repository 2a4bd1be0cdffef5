"""What is handed out: the wheel answers far from the source tree, the source archive is whole, both hold nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def call(*command, cwd):
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=environment, timeout=600
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel with the builder of the test environment: no network."""
    pytest.importorskip("hatchling", reason="the builder is part of requirements.lock; make test installs it")
    folder = tmp_path_factory.mktemp("wheel")
    call(
        sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder
    )
    return next(folder.glob("posthma-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel and its pinned dependencies, and the folder to work in; no source in sight."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    call(python, "-m", "pip", "install", "-q", "-c", ROOT / "requirements.lock", wheel, cwd=folder)
    return python, folder


def test_the_wheel_carries_package_and_knowledge(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("ontology", "kb", "queries"):
        wanted = {f"posthma/data/{p.relative_to(ROOT).as_posix()}" for p in tracked(folder)}
        assert wanted
        assert wanted <= set(names)
    assert "posthma/py.typed" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"posthma"}
    assert [name for name in names if strange(name) or "/tests/" in name] == []


def test_the_source_archive_carries_what_a_checkout_has(tmp_path):
    """All that `make demo` and `make test` need, and nothing that a build or a run left behind."""
    pytest.importorskip("hatchling", reason="the builder is part of requirements.lock; make test installs it")
    call(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    with tarfile.open(next(tmp_path.glob("posthma-*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {name.partition("/")[0] for name in names} == {
        "reasoner", "ontology", "kb", "queries", "tests", "docs", "README.md", "CITATION.cff", "LICENSE",
        "LICENSE-KNOWLEDGE", "Makefile", "requirements.lock", "pyproject.toml", "PKG-INFO", ".gitignore",
    }  # fmt: skip
    assert [name for name in names if strange(name)] == []
    for folder in ("reasoner", "tests", "docs", "kb"):
        wanted = [p for p in (ROOT / folder).rglob("*") if p.suffix in {".py", ".md", ".ttl", ".css", ".toml", ".csv"}]
        assert {p.relative_to(ROOT).as_posix() for p in wanted if not strange(p.as_posix())} <= names


def strange(name):
    """Say whether a path is of something that a run, a build or an editor leaves behind."""
    kinds = r"(^|/)(__pycache__|\.[a-z_]+_cache|\.hypothesis|\.benchmarks|\.venv|build|dist)/|\.(pyc|orig|rej|log|tmp)$"
    return bool(re.search(kinds, name))


def test_versions_agree():
    """Package, ontology and citation speak of one version."""
    from posthma import __version__

    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'owl:versionInfo "{__version__}"' in (ROOT / "ontology/posthma.ttl").read_text(encoding="utf-8")


def tracked(folder):
    return [
        path
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".ttl", ".rq", ".toml", ".tsv"} and path.is_file()
    ]


def test_recommend_far_from_the_source(installed):
    python, folder = installed
    record = folder / "record.ttl"
    record.write_bytes((ROOT / "kb/cases/patient-4/record.ttl").read_bytes())
    where = call(python, "-c", "import posthma.resources as r; print(r.root())", cwd=folder)
    assert str(folder) in where
    assert str(ROOT) not in where
    answer = call(python.with_name("posthma"), "recommend", record.name, cwd=folder)
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'reasoner')!r}); from posthma.cli import main; main()"
    here = call(sys.executable, "-c", code, "recommend", record.name, cwd=folder)
    assert answer == here
    assert "Decision support" in answer


def test_dependencies_are_the_declared_ones(installed):
    """Nothing is imported that the wheel does not declare: the environment holds only what it asked for."""
    python, folder = installed
    code = (
        "import importlib, pkgutil, posthma\n"
        "for m in pkgutil.walk_packages(posthma.__path__, 'posthma.'):\n"
        "    if m.name not in ('posthma.__main__',) and not m.name.startswith('posthma.data'): importlib.import_module(m.name)\n"
    )
    call(python, "-c", code, cwd=folder)
