"""Closing patients: compiled against reference, with and without proofs, one by one and as a batch.

    python -m tests.benchmarks.closure [--repeat 50] [--batch 200] [--reference]

Both engines get the same records in the same run. The reference takes tens of seconds a pass, so it is asked only
with ``--reference``: the case nearest to 180 triples alone, then all cases in one graph and one patient's share of it.
"""

from __future__ import annotations

import argparse
import time

from tests.benchmarks.inputs import case_records, grown_record
from tests.benchmarks.measure import fresh_process, interleaved, table
from tests.owl.graphs import TYPE, Triple

import posthma


def prove_types(closure: posthma.Closure) -> int:
    """Prove every class that follows of anything; return the number of steps."""
    wanted = sorted(t for t in closure.inferred if t[1] == TYPE)
    return sum(len(closure.proof(t)) for t in wanted)  # type: ignore[arg-type]


def closing(kb: posthma.KnowledgeBase, records: dict[str, tuple[Triple, ...]], repeat: int) -> str:
    """Close each record, alone and with the proofs of all its classes."""
    rows = []
    for name, record in records.items():
        closure = kb.close(record)
        taken = interleaved(
            {
                "close": lambda record=record: kb.close(record),
                "prove": lambda record=record: prove_types(kb.close(record)),
            },
            repeat,
        )
        proofs = sum(t[1] == TYPE for t in closure.inferred)
        rows.append(
            (name, len(record), len(closure.inferred), taken["close"], taken["prove"], proofs, prove_types(closure))
        )
    head = ("record", "triples", "inferred", "close ms", "close + proofs ms", "proofs", "steps")
    return table("Closing one patient on a warm knowledge base (medians)", head, rows)


def batch(kb: posthma.KnowledgeBase, records: dict[str, tuple[Triple, ...]], size: int) -> str:
    """Close many patients one after the other: the share of one."""
    names = list(records)
    patients = [grown_record(records[names[i % len(names)]], 180, seed=i) for i in range(size)]
    start = time.perf_counter()
    inferred = sum(len(kb.close(p)) for p in patients)
    share = (time.perf_counter() - start) * 1000 / size
    return table("A batch", ("patients", "facts", "ms a patient"), [(size, inferred, share)])


def memory() -> str:
    """Peak memory of a fresh process: Python alone, the knowledge loaded, a thousand patients closed."""
    prepare = "from tests.benchmarks.inputs import case_records\nimport posthma\nkb = posthma.load()\nkb.program\n"
    many = "records = list(case_records().values())\nfor i in range({n}):\n    kb.close(records[i % len(records)])\n"
    rows = [
        ("Python", fresh_process("pass")["peak_mb"]),
        ("knowledge loaded", fresh_process(prepare)["peak_mb"]),
        ("10 patients closed", fresh_process(prepare + many.format(n=10))["peak_mb"]),
        ("1000 patients closed", fresh_process(prepare + many.format(n=1000))["peak_mb"]),
    ]
    return table("Peak memory", ("process", "MB"), rows)


def against_reference(kb: posthma.KnowledgeBase, records: dict[str, tuple[Triple, ...]], repeat: int) -> str:
    """Close one patient, then all cases in one graph, by both engines; say whether they agree."""
    name = min(records, key=lambda name: abs(len(records[name]) - 180))
    one, many = {name: records[name]}, len(records)
    return f"{_beside(kb, one, repeat, name)}\n{_beside(kb, records, repeat, f'{many} patients')}"


def _beside(kb: posthma.KnowledgeBase, records: dict[str, tuple[Triple, ...]], repeat: int, title: str) -> str:
    from tests.differential import compare

    from posthma import reference

    together = tuple(dict.fromkeys(t for record in records.values() for t in record))
    start = time.perf_counter()
    graph = reference.close(together, kb.knowledge)
    reference_ms = (time.perf_counter() - start) * 1000
    theirs = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph}
    ours = kb.close(together)
    both = interleaved(
        {
            "batch": lambda: kb.close(together),
            "alone": lambda: [kb.close(record) for record in records.values()],
        },
        repeat,
    )
    n = len(records)
    alone = both["alone"] / n
    mine = compare.about(together, ours.asserted | ours.inferred)
    other = len(compare.difference(mine, compare.about(together, theirs)).splitlines())
    rows = [("reference, in one graph", reference_ms, reference_ms / n, 1.0)]
    if n > 1:
        rows.append(("compiled, in one graph", both["batch"], both["batch"] / n, reference_ms / both["batch"]))
    rows.append(("compiled, one by one", both["alone"], alone, reference_ms / n / alone))
    head = ("engine", "ms", "ms a patient", "times faster")
    return table(f"{title}, {other} facts told otherwise", head, rows)


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=50)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--no-memory", action="store_true")
    options = parser.parse_args(arguments)
    kb = posthma.load()
    records = case_records()
    print(closing(kb, records, options.repeat))
    print(batch(kb, records, options.batch))
    if options.reference:
        print(against_reference(kb, records, options.repeat))
    if not options.no_memory:
        print(memory())


if __name__ == "__main__":
    main()
