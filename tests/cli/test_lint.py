"""posthma lint: exit codes, forms, drafts."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.slow

DRAFT = """\
@prefix kb: <https://w3id.org/posthma/kb/> .
@prefix p: <https://w3id.org/posthma/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

kb:study-new
    a p:Study ;
    rdfs:label "a study that is new"@en ;
    p:publication kb:ref-001{more} ;
.
"""


@pytest.fixture
def draft(tmp_path):
    def write(more=""):
        file = tmp_path / "draft.ttl"
        file.write_text(DRAFT.replace("{more}", more), encoding="utf-8")
        return file

    return write


def test_a_sound_draft_is_clean(posthma, draft):
    file = draft()
    done = posthma("lint", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{file}: clean\n"


def test_a_finding_is_one_line_with_place_severity_code_fact_and_remedy(posthma, draft):
    file = draft(", kb:ref-0001")
    done = posthma("lint", file)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{file}:8: violation shape:KnownName: A name of p: or kb: leads to a thing that is described nowhere "
        "(kb:study-new p:publication kb:ref-0001); did you mean kb:ref-001 or kb:ref-081? Else mend its spelling, "
        "or describe the thing in the file of its subject"
    ]


def test_json_has_the_same_findings(posthma, draft):
    file = draft(", kb:ref-0001")
    (row,) = json.loads(posthma("lint", "--format", "json", file).stdout)
    assert sorted(row) == ["code", "fact", "place", "remedy", "severity"]
    assert (row["place"], row["severity"], row["code"]) == (f"{file}:8", "violation", "shape:KnownName")


def test_fail_on_says_what_is_grave_enough(posthma):
    """The trials without a registry number are told as info, whatever fails."""
    for fail_on, code in (("violation", 0), ("warning", 0), ("info", 1)):
        done = posthma("lint", "--fail-on", fail_on, "kb/trials.ttl")
        assert done.returncode == code, (fail_on, done.stdout)
        assert done.stdout.count(": info shape:Trial-knownNumber: ") == 7
        assert "violation" not in done.stdout


def test_a_path_narrows_the_findings_to_a_folder(posthma):
    done = posthma("lint", "kb/policies/order-values.ttl")
    assert done.returncode == 0
    assert done.stdout == "kb/policies/order-values.ttl: clean\n"
    assert "kb/trials.ttl" not in done.stdout


def test_a_rule_elsewhere_is_read_as_a_draft(posthma, tmp_path):
    file = tmp_path / "R-FIND-999.rq"
    file.write_text(
        "# id: R-FIND-999\n# title: t\n# layer: findings\n# says: {s} is so\n# source: project policy\n# absence: none\n"
        "PREFIX p: <https://w3id.org/posthma/ontology/>\nCONSTRUCT { ?s a p:Fit } WHERE { ?s a p:Situatoin }\n"
    )
    done = posthma("lint", file)
    assert done.returncode == 1
    told = f"{file}:8: violation unknown-name: p:Situatoin is described nowhere; did you mean p:Situation"
    assert done.stdout.startswith(told)
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["absent.ttl"], "absent.ttl: there is no such file or folder"),
        (["README.md"], "README.md: it is no part of the knowledge"),
        (["--fail-on", "nothing"], "'nothing' is not one of"),
    ],
)
def test_wrong_use_ends_with_2(args, words, posthma):
    done = posthma("lint", *args)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_turtle_that_cannot_be_parsed_is_told_with_its_line(posthma, tmp_path):
    file = tmp_path / "broken.ttl"
    file.write_text("@prefix kb: <https://w3id.org/posthma/kb/> .\nkb:a kb:b\n")
    done = posthma("lint", file)
    assert done.returncode == 1
    assert done.stderr.startswith(f"PH-400 {file}:")
