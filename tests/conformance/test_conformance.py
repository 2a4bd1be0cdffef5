"""The conformance runners: on samples of our own always, on the published suites where a folder holds them.

``POSTHMA_CONFORMANCE`` names a folder with any of: the W3C's export of the OWL 2 test cases (``all.rdf``,
``profile-RL.rdf``), the test collection for the RDF-Based Semantics, LUBM (``univ-bench.owl`` and ``University*.owl``).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.conformance import lubm, runner
from tests.conformance.cases import KINDS, Folder
from tests.conformance.graphs import maps_into
from tests.owl.graphs import triples

import posthma

SAMPLE = Path(__file__).parent / "sample"
PUBLISHED = os.environ.get("POSTHMA_CONFORMANCE", "")
needs_folder = pytest.mark.skipif(
    not PUBLISHED, reason="POSTHMA_CONFORMANCE is not set: the W3C's OWL 2 test cases and LUBM were not run"
)
POSITIVE, NEGATIVE, CONSISTENT, INCONSISTENT = KINDS

EXPECTED = {
    ("own-chain", POSITIVE): "pass",
    ("own-chain", CONSISTENT): "pass",
    ("own-blank", POSITIVE): "pass",
    ("own-blank-apart", NEGATIVE): "pass",
    ("own-no-uncle", NEGATIVE): "pass",
    ("own-no-uncle", CONSISTENT): "pass",
    ("own-disjoint", INCONSISTENT): "pass",
    ("own-open", POSITIVE): "not derivable",
    ("own-functional-syntax", INCONSISTENT): "unsupported",
    ("own-import", POSITIVE): "pass",
    ("own-import-file", POSITIVE): "pass",
    ("own-import-missing", POSITIVE): "unsupported",
    ("own-inverse", POSITIVE): "pass",
    ("own-clash", INCONSISTENT): "pass",
}


def outcomes(results):
    return {(r.case.name, r.case.kind): r.outcome for r in results}


def test_every_case_of_the_sample_comes_out_as_it_should():
    pytest.importorskip("clingo", reason="clingo is not installed: nothing can be told apart from a failure")
    assert outcomes(runner.run(case) for case in Folder(SAMPLE).cases()) == EXPECTED


def test_an_engine_that_concludes_nothing_fails_what_the_rules_give(monkeypatch):
    pytest.importorskip("clingo", reason="clingo is not installed")
    empty = posthma.close([])
    monkeypatch.setattr(runner.posthma, "close", lambda source: empty)
    found = outcomes(runner.run(case) for case in Folder(SAMPLE).cases())
    assert {name for name, outcome in found.items() if outcome == "fail"} == {
        ("own-chain", POSITIVE),
        ("own-blank", POSITIVE),
        ("own-disjoint", INCONSISTENT),
        ("own-import", POSITIVE),
        ("own-import-file", POSITIVE),
        ("own-inverse", POSITIVE),
        ("own-clash", INCONSISTENT),
    }


def test_an_engine_that_contradicts_itself_fails_consistency_and_negatives(monkeypatch):
    clash = posthma.close(sorted(triples(":x a owl:Nothing .")))
    monkeypatch.setattr(runner.posthma, "close", lambda source: clash)
    found = outcomes(runner.run(case) for case in Folder(SAMPLE).cases())
    assert {kind for (_, kind), outcome in found.items() if outcome == "fail"} == {CONSISTENT, NEGATIVE}


def test_the_report_names_what_did_not_pass(capsys):
    assert runner.main([str(SAMPLE)]) == 0
    printed = capsys.readouterr().out
    assert "not derivable  own-open" in printed
    assert "imports <http://example.org/nowhere>, which is not in the folder" in printed
    assert "own-functional-syntax (InconsistencyTest): carries no RDF/XML" in printed
    assert runner.main([]) == 2


def test_a_folder_without_cases_is_no_success(tmp_path, capsys):
    assert runner.main([str(tmp_path)]) == 1


@pytest.mark.parametrize(
    ("conclusion", "holds"),
    [
        (":a :p _:x . _:x :q :c .", True),
        (":a :p _:x . _:x :q :d .", False),
        ("_:x :p _:y . _:y :q _:z .", True),
        ("_:x :p _:x .", False),
        (":a :p :b , _:x .", True),
        ("", True),
    ],
)
def test_blank_nodes_map_to_anything_that_fits(conclusion, holds):
    facts = triples(":a :p :b , :e . :b :q :c . :e :q :f .")

    def match(s, p, o):
        return [t for t in facts if all(w in (None, x) for w, x in zip((s, p, o), t, strict=True))]

    assert maps_into(triples(conclusion), match) is holds


def test_lubm_sample_is_closed_and_asked():
    result = lubm.run(SAMPLE / "lubm")
    rows = {a.query: a.rows for a in result.answers}
    assert {q: n for q, n in rows.items() if n} == {6: 2, 12: 1, 13: 1, 14: 2}
    assert result.contradictions == 0
    assert "12        1         -" in lubm.report(result)
    assert lubm.main([str(SAMPLE)]) == 2


@needs_folder
def test_published_cases(capsys):
    """Nothing fails that the rules of the tables would give; what they do not give is printed by name."""
    results = [runner.run(case) for case in Folder(Path(PUBLISHED)).cases()]
    if not results:
        pytest.skip(f"no OWL 2 test cases below {PUBLISHED}")
    with capsys.disabled():
        print(f"\n{runner.report(results)}")
    assert [str(r) for r in results if r.outcome == "fail"] == []


@needs_folder
def test_lubm(capsys):
    folders = [f.parent for f in Path(PUBLISHED).rglob("univ-bench.owl")]
    if not folders:
        pytest.skip(f"no univ-bench.owl below {PUBLISHED}")
    for folder in folders:
        result = lubm.run(folder)
        with capsys.disabled():
            print(f"\n{folder.name}: {lubm.report(result)}")
        assert [a for a in result.answers if not a.is_right] == []
