"""Each benchmark runs on tiny sizes and prints its table; nothing is timed here."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.benchmarks import closure, growth, inputs, loading, measure, ontologies, proofs


def test_closure(capsys):
    closure.main(["--repeat", "1", "--batch", "2", "--no-memory"])
    printed = capsys.readouterr().out
    assert "patient-4" in printed
    assert "ms a patient" in printed


def test_proofs(capsys):
    proofs.main(["--repeat", "1", "--conclusions", "2"])
    assert "one + JSON ms" in capsys.readouterr().out


@pytest.mark.slow
def test_loading(capsys):
    loading.main(["--repeat", "1"])
    assert "from the cache" in capsys.readouterr().out


@pytest.mark.slow
def test_growth(capsys):
    growth.main(["--repeat", "1", "--sizes", "50", "100", "--factors", "1", "2"])
    printed = capsys.readouterr().out
    assert "slope" in printed
    assert "2x" in printed


def test_ontologies(capsys):
    pytest.importorskip("owlrl")
    ontologies.main(["--repeat", "1", "--sizes", "1"])
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].split()[:2] == ["worlds", "triples"]
    assert printed[3].split()[3] == "0", "the engines must agree on what they are timed on"


@pytest.mark.parametrize("size", [50, 180, 1000])
def test_grown_records_have_the_size_asked_for(size):
    record = max(inputs.case_records().values(), key=len)
    grown = inputs.grown_record(record, size)
    assert len(grown) == len(set(grown))
    assert abs(len(grown) - size) <= 30
    assert grown == inputs.grown_record(record, size)


@pytest.mark.slow
def test_grown_knowledge_speaks_of_other_things(tmp_path):
    """Of the worked cases nothing more follows, blank nodes aside, which a copy labels anew."""
    import posthma

    def named(closure):
        return {t for t in closure.inferred if not any(x.startswith("_:") for x in t)}

    one = posthma.load(cache=False)
    two = posthma.load(root=inputs.grown_knowledge(tmp_path, 2), cache=False)
    assert len(two.knowledge.triples) > 1.8 * len(one.knowledge.triples)
    for name, record in inputs.case_records().items():
        assert (name, named(two.close(record))) == (name, named(one.close(record)))


def test_tables_and_slopes():
    assert measure.table("t", ("a", "b"), [("x", 1.5), ("yy", 1234.6)]).splitlines() == [
        "t",
        "a       b",
        "--  -----",
        "x     1.5",
        "yy  1,235",
    ]
    assert measure.slope([(1, 2), (10, 20)]) == pytest.approx(1)
    assert measure.slope([(1, 2), (10, 200)]) == pytest.approx(2)
    assert measure.fresh_process("print('answer', 42)")["answer"] == 42
    assert Path(measure.ROOT, "tests").is_dir()
