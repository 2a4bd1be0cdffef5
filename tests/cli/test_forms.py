"""The forms of an answer and of a proof, to standard output and to a file."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest

RECORD = "kb/cases/patient-4/record.ttl"
SIGNS = {
    "text": "Options after failure of hypomethylating agents in MDS\n",
    "json": '{\n  "format": "posthma-answer/1"',
    "ttl": "@prefix dcterms:",
    "md": "# Options after failure of hypomethylating agents in MDS\n",
    "html": "<!DOCTYPE html>\n",
}


@pytest.mark.parametrize("form", SIGNS)
def test_recommend_writes_the_same_to_a_file_as_to_the_screen(form, posthma, tmp_path):
    shown = posthma("recommend", RECORD, "--format", form)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(SIGNS[form])
    file = tmp_path / "answer"
    done = posthma("recommend", RECORD, "--format", form, "-o", file)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert file.read_bytes().decode("utf-8") == shown.stdout


def test_full_shows_what_the_short_form_counts(posthma):
    short, full = (posthma("recommend", RECORD, *more).stdout for more in ([], ["--full"]))
    assert "--full shows" in short
    assert "--full shows" not in full
    assert len(short.splitlines()) < 0.6 * len(full.splitlines())
    assert "placed above" in full


def test_a_terminal_may_be_narrow_or_know_ascii_alone(posthma):
    for width in (40, 60, 100, 120):
        lines = posthma("recommend", RECORD, env={"COLUMNS": str(width)}).stdout.splitlines()
        assert max(map(len, lines)) <= width
        assert not any("\x1b" in line for line in lines)
    plain = posthma("recommend", RECORD, env={"PYTHONIOENCODING": "ascii"}).stdout
    assert plain.isascii()
    assert '"most promising' in plain


def test_a_file_that_cannot_be_written_is_wrong_use(posthma, tmp_path):
    done = posthma("recommend", RECORD, "-o", tmp_path / "no" / "such" / "folder.txt")
    assert done.returncode == 2
    assert done.stderr.startswith("PH-100 --output: ")
    assert "cannot be written (No such file or directory)" in done.stderr


@pytest.mark.parametrize("mode", ["one", "shortest", "all"])
def test_explain_names_an_option_or_class_in_any_way(mode, posthma):
    by_name = posthma(
        "explain", RECORD, "--option", "option-cpx351", "--mode", mode, "--limit", "2", "--format", "json"
    )
    by_curie = posthma(
        "explain", RECORD, "--option", "kb:option-cpx351", "--mode", mode, "--limit", "2", "--format", "json"
    )
    assert by_name.returncode == 0, by_name.stderr
    assert by_name.stdout == by_curie.stdout
    proofs = json.loads(by_name.stdout)
    assert isinstance(proofs, list) == (mode == "all")
    wrong = posthma("explain", RECORD, "--option", "option-cpx35")
    assert wrong.returncode == 2
    assert "did you mean kb:option-cpx351?" in wrong.stderr


def test_explain_draws_and_writes_prov(posthma, tmp_path):
    file = tmp_path / "proof.svg"
    done = posthma("explain", RECORD, "--class", "Idh2Mutated", "--format", "svg", "-o", file)
    assert (done.returncode, done.stdout) == (0, "")
    drawing = ET.parse(file).getroot()
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    said = " ".join(drawing.itertext())
    assert "record, record.ttl:" in said
    turtle = posthma("explain", RECORD, "--class", "p:Idh2Mutated", "--format", "ttl").stdout
    derived = [
        quad
        for quad in ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == "http://www.w3.org/ns/prov#wasDerivedFrom"
    ]
    assert len(derived) > 5


def test_every_statement_of_an_answer_in_one_proof_that_check_accepts(posthma, tmp_path):
    """The proof of a whole answer is a file that the checker takes; as text the statements stand before the steps."""
    record, file = "kb/cases/patient-2/record.ttl", tmp_path / "proofs.json"
    assert posthma("explain", record, "--every", "--format", "json", "-o", str(file)).returncode == 0
    checked = posthma("check", str(file), "--record", record)
    assert checked.returncode == 0, checked.stdout
    listed = posthma("explain", record, "--every").stdout
    assert "/failure/verdicts/0: after HMA failure [" in " ".join(listed.split())
    assert posthma("explain", record, "--every", "--class", "p:Fit").returncode == 2
