"""The command line: help, exit codes, what goes to which stream."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import click
import pytest
from tests.cli.conftest import ROOT

from posthma import cli
from posthma.cli import common
from posthma.errors import InvalidRecordError, LimitError, RecordError, ScopeError, UsageError


def example_lines(text):
    """Return the commands below "Example:" at the end of a help text."""
    *_, tail = re.split(r"^\s*Examples?:\s*$", text.split("\nOptions:")[0], flags=re.MULTILINE)
    return [line.strip() for line in tail.splitlines() if line.strip().startswith("posthma ")]


def test_every_verb_has_a_module_with_a_command():
    assert sorted(cli.VERBS) == cli.cli.list_commands(click.Context(cli.cli))
    for verb in cli.VERBS:
        command = cli.cli.get_command(click.Context(cli.cli), verb)
        assert command is not None
        assert command.name == verb


@pytest.mark.parametrize("verb", ["", *sorted(cli.VERBS)])
def test_the_example_of_every_help_works(verb, posthma, tmp_path):
    """In a folder of its own that looks like the project's, so that what an example writes is left nowhere."""
    for folder in ("kb", "ontology", "queries", "tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    shown = posthma(*filter(None, [verb]), "--help")
    assert shown.returncode == 0
    examples = example_lines(shown.stdout)
    assert examples, f"the help of posthma {verb} ends without an example"
    for example in examples:
        done = posthma(*shlex.split(example)[1:], cwd=tmp_path)
        assert done.returncode == 0, f"{example}\n{done.stderr}"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["recomend", "x.ttl"], "no verb 'recomend'; did you mean 'recommend'?"),
        (["zzz"], "verbs are check"),
        (["recommend"], "Missing argument 'RECORD'"),
        (["recommend", "--colour", "x.ttl"], "No such option"),
        (["recommend", "--format", "pdf", "x.ttl"], "'pdf' is not one of"),
        (["validate"], "Missing argument"),
        (["query"], "PH-100 query: no query is named; give a .rq file"),
        (["query", "CQ-9999"], "PH-100 CQ-9999: there is no query of this name"),
        (["query", "absent.rq"], "PH-100 absent.rq: it cannot be read"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(args, words, posthma):
    done = posthma(*args)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_a_date_that_is_none_is_wrong_use():
    with pytest.raises(UsageError, match="--at: '31.02.2019' is not a date; write it as YYYY-MM-DD"):
        common.date("31.02.2019", "--at")
    assert common.date("2019-02-07", "--at") == "2019-02-07"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (RecordError("r.ttl:3", "fact", "remedy"), 1, "PH-200 r.ttl:3: fact; remedy\n"),
        (ScopeError("r.ttl", "fact", "remedy"), 1, "PH-220 r.ttl: fact; remedy\n"),
        (LimitError("r.ttl", "fact", "remedy"), 1, "PH-300 r.ttl: fact; remedy\n"),
        (UsageError("--x", "fact", "remedy"), 2, "PH-100 --x: fact; remedy\n"),
        (
            InvalidRecordError("r.ttl:3", "f", "r", ["first finding", "second finding"]),
            1,
            "first finding\nsecond finding\n",
        ),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_each_error_has_its_exit_code_and_message(error, code, message, monkeypatch, capfd):
    def fail(*args, **more):
        raise error

    monkeypatch.setattr(common, "write", fail)
    assert cli.run(["query", "--list", "--format", "json"]) == code
    assert capfd.readouterr().err.strip() == message.strip()


def test_a_fault_of_ours_is_one_line_and_names_no_patient_file(monkeypatch, capfd):
    def fail(*args, **more):
        raise RuntimeError("boom")

    monkeypatch.setattr(common, "write", fail)
    monkeypatch.delenv("POSTHMA_DEBUG", raising=False)
    assert cli.run(["query", "--list", "--format", "json"]) == 70
    message = capfd.readouterr().err
    assert message.startswith("PH-999 posthma: RuntimeError: boom; this is a fault of posthma at test_cli.py:")
    assert message.count("\n") == 1
    monkeypatch.setenv("POSTHMA_DEBUG", "1")
    with pytest.raises(RuntimeError):
        cli.run(["query", "--list", "--format", "json"])


def test_version(posthma):
    from posthma import __version__

    done = posthma("--version")
    assert (done.returncode, done.stdout) == (0, f"posthma {__version__}\n")


@pytest.mark.parametrize("module", ["posthma", "posthma.cli"])
def test_import_is_quick_because_slow_libraries_wait(module):
    """Nothing slow is imported before a verb needs it (rdflib alone costs a quarter of a second)."""
    slow = "rdflib owlrl networkx pyshacl shifty rich pyoxigraph"
    code = f"import sys, {module}; print([m for m in '{slow}'.split() if m in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"


def test_validate_prints_findings_on_stdout_and_goes_on_after_an_unreadable_file(posthma, tmp_path):
    broken = tmp_path / "broken.ttl"
    broken.write_text("<http://x/a> <http://x/b>")
    strange = tmp_path / "strange.ttl"
    strange.write_text("@prefix p: <https://w3id.org/posthma/ontology/> .\n<http://x/a> p:evnt <http://x/b> .")
    done = posthma("validate", broken, strange)
    assert done.returncode == 1
    assert "PH-210" in done.stderr
    assert "broken.ttl" in done.stderr
    assert "strange.ttl:2: violation unknown-term: p:evnt is not a known term; did you mean p:event" in done.stdout


def test_validate_as_json(posthma, tmp_path):
    import json

    file = tmp_path / "empty.ttl"
    file.write_text("")
    done = posthma("validate", file, "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == [
        {
            "record": str(file),
            "severity": "violation",
            "place": str(file),
            "code": "PH-200",
            "fact": "the file is empty",
            "remedy": "state a patient, a question and events",
        }
    ]


def test_output_that_nobody_reads_is_no_fault():
    command = f"{shlex.quote(sys.executable)} -m posthma --help | head -0; exit ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
