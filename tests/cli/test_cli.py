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

RECORD = "kb/cases/patient-4/record.ttl"


def example_lines(text):
    """Return the commands below "Example:" of a help text, each on one line as the shell reads it."""
    *_, tail = re.split(r"^\s*Examples?:\s*$", text.split("\nOptions:")[0], flags=re.MULTILINE)
    tail = re.sub(r" \\\n\s*", " ", tail)
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
        (["recommend"], "PH-100 posthma recommend: missing argument 'RECORD'; see posthma recommend --help"),
        (["recommend", "--colour", "README.md"], "PH-100 posthma recommend: no such option '--colour'"),
        (["recommend", "--format", "pdf", "README.md"], "PH-100 --format: 'pdf' is not one of 'text', 'json'"),
        (["recommend", "--jurisdiction", "JP", "README.md"], "PH-100 --jurisdiction: 'JP' is not one of"),
        (["explain", "--limit", "0", "README.md"], "PH-100 --limit: 0 is not in the range"),
        (["explain", RECORD, "--class", "Idh2Mutate"], "there is no p:Idh2Mutate; did you mean p:Idh2Mutated"),
        (["explain", RECORD, "--class", "p:X", "--option", "y"], "PH-100 --class: --option asks for another proof"),
        (["validate"], "PH-100 posthma validate: missing argument"),
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


VERBS_THAT_READ = {
    "check": [], "close": [], "cohort": ["-o", "x"], "explain": [], "fragile": [], "import": [], "next-test": [],
    "recommend": [], "score": [], "validate": [], "what-if": ["--set", "kb:idh2=absent"], "why": ["option-cpx351"],
    "why-not": ["option-cpx351"],
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS_THAT_READ)
def test_a_file_that_is_not_there_is_wrong_use_of_every_verb(verb, posthma, tmp_path):
    """One wording and one code, so that a script can tell a mistyped path from a bad record."""
    done = posthma(verb, "absent.ttl", *VERBS_THAT_READ[verb], cwd=tmp_path)
    what = "file or folder" if verb in ("cohort", "import") else "file"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"PH-100 absent.ttl: there is no such {what}; check the path\n"
    if what == "file":
        done = posthma(verb, tmp_path, *VERBS_THAT_READ[verb], cwd=tmp_path)
        assert (done.returncode, done.stderr) == (2, f"PH-100 {tmp_path}: it is a folder; name one file\n")


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("verb", ["", *sorted(cli.VERBS)])
def test_help_fits_the_terminal_and_tells_the_exit_codes(verb, width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    assert cli.run([*filter(None, [verb]), "--help"]) == 0
    shown = capsys.readouterr().out
    assert [line for line in shown.splitlines() if len(line) > width] == []
    assert "..." not in shown.partition("Verbs:")[2]  # no sentence is cut off
    codes = " ".join(shown[shown.index("Exit codes:") :].split())
    assert codes.startswith("Exit codes: 0 done, 1 the input is at fault, 2 wrong use")
    assert ("3 a contradiction" in codes) == (verb == "close")


@pytest.mark.parametrize(
    "args",
    [
        ("recommend", RECORD, "-o"), ("recommend", RECORD, "--receipt"), ("explain", RECORD, "-o"),
        ("why", RECORD, "option-cpx351", "-o"), ("next-test", RECORD, "-o"), ("replay", "--record", RECORD, "--write"),
    ],
)  # fmt: skip
def test_a_folder_is_no_file_to_write_to(args, posthma, tmp_path):
    done = posthma(*args, tmp_path)
    place = {"-o": "--output", "--write": "RECEIPT"}.get(args[-1], args[-1])
    assert done.returncode == 2
    assert done.stderr == f"PH-100 {place}: {tmp_path} cannot be written (Is a directory); name a file elsewhere\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("args", [["--help"], ["query", "--list"], ["template"]])
def test_a_full_disk_is_told_as_what_it_is(args):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "reasoner")}
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "posthma", *args]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("PH-100 standard output: it cannot be read or written (No space left on device)")
    assert done.stderr.count("\n") == 1


def test_a_closed_standard_output_does_not_keep_an_answer_from_its_file(tmp_path):
    answer = tmp_path / "answer.json"
    command = f"{shlex.quote(sys.executable)} -m posthma next-test {RECORD} --format json -o {answer} >&-"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "reasoner")}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert answer.read_text().startswith('{\n  "format": "posthma-next-test/1"')


def test_a_date_that_is_none_is_wrong_use():
    with pytest.raises(UsageError, match="--at: '31.02.2019' is not a date; write it as YYYY-MM-DD"):
        common.date("31.02.2019", "--at")
    assert common.date("2019-02-07", "--at") == "2019-02-07"


def test_a_day_before_all_documents_is_told(posthma):
    """The article is in force from the day it was published; before that nothing is said of any option."""
    done = posthma("next-test", RECORD, "--as-of", "2019-02-06")
    assert done.returncode == 0
    assert done.stderr == (
        "--as-of: no source document is in force on 2019-02-06, so there are no options; the first is from 2019-02-07\n"
    )
    assert posthma("next-test", RECORD, "--as-of", "2019-02-07").stderr == ""


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
    slow = "rdflib owlrl networkx pyshacl shifty pyoxigraph"
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
