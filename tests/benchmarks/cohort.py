"""A cohort of generated patients: import, validation, closure with proofs, row; beside rdflib + pyshacl + owlrl.

    python -m tests.benchmarks.cohort --patients 10000

The rows are those of the project's own template, with one or two lines of therapy. The other stack imports, validates and
closes the same records and draws no row; it is measured on a few patients and extrapolated.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import ROOT, table

KARYOTYPES = [
    "46,XX[20]", "46,XY[20]", "46,XX,del(5)(q13q33)[12]/46,XX[8]", "47,XY,+8[10]/46,XY[10]", "45,XY,-7[18]/46,XY[2]",
    "45,XX,del(5)(q15q33),-7,del(12)(p12)[17]/46,XX[3]", "46,XY,del(20)(q11q13)[9]/46,XY[11]",
    "44,XY,-5,-7,-17,+mar[15]/46,XY[5]", "",
]  # fmt: skip
VARIANTS = {
    "ASXL1": ["0", "0", "p.G646fs", ""], "IDH1": ["0", "0", "0", "p.R132H", ""], "IDH2": ["0", "0", "p.R140Q", "p.R172K", ""],
    "SF3B1": ["0", "0", "p.K700E", ""], "SRSF2": ["0", "p.P95H", ""], "TP53": ["0", "0", "p.R175H", ""],
}  # fmt: skip


def rows(count: int, seed: int = 7) -> list[dict[str, str]]:
    """Return generated patients as rows of the template; the same for the same seed."""
    draw = random.Random(seed)
    return [_row(draw, number) for number in range(count)]


def _row(draw: random.Random, number: int) -> dict[str, str]:
    year = draw.randrange(2012, 2019)
    response = draw.choice(["completeRemission", "stableDisease", "progressiveDisease", "partialRemission", ""])
    ends = draw.random() < 0.8
    row = {
        "PATIENT_ID": f"G-{number:06}", "DATE": f"{year}-11-02", "DECISION_DATE": f"{year}-11-20", "JURISDICTION": draw.choice(["EU", "US"]),
        "SEX": draw.choice(["female", "male"]), "AGE": str(draw.randrange(45, 88)), "DIAGNOSIS": "mds",
        "HB": f"{draw.uniform(6.5, 13):.1f}", "PLT": str(draw.randrange(8, 260)), "ANC": f"{draw.uniform(0.1, 5):.1f}",
        "WBC": f"{draw.uniform(0.9, 14):.1f}", "BM_BLAST": draw.choice(["< 5", "4", "8", "12", "16", "19", "24", "35"]),
        "PB_BLAST": str(draw.randrange(0, 5)), "ECOG": str(draw.randrange(0, 4)), "KARYOTYPE": draw.choice(KARYOTYPES),
        "IPSSR": draw.choice(["low", "intermediate", "high", "very high", ""]),
        "HMA_LINES_COMPLETE": draw.choice(["yes", "yes", ""]),
        "LINE1_AGENT": draw.choice(["azacitidine", "decitabine"]), "LINE1_START": f"{year}-01-{draw.randrange(5, 28):02}",
        "LINE1_END": f"{year}-10-{draw.randrange(1, 29):02}" if ends else "", "LINE1_CYCLES": str(draw.randrange(2, 10)) if ends else "",
        "LINE1_RESPONSE": response, "LINE1_RESPONSE_DATE": f"{year}-08-{draw.randrange(1, 29):02}" if response else "",
        "LINE1_STOP": draw.choice(["stopProgression", "stopIntolerance", "stopNoResponse", ""]) if ends else "",
        "LINE1_RESPONSES_COMPLETE": draw.choice(["yes", ""]) if ends else "",
    }  # fmt: skip
    row.update({gene: draw.choice(seen) for gene, seen in VARIANTS.items()})
    if draw.random() < 0.2:
        row.update({"LINE2_AGENT": "lenalidomide", "LINE2_START": f"{year}-10-30"})
    return row


def write(path: Path, patients: list[dict[str, str]]) -> None:
    """Write rows as CSV."""
    names = list(dict.fromkeys(name for row in patients for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(patients)


def ours(folder: Path, patients: list[dict[str, str]], workers: int) -> dict[str, float]:
    """Run the cohort in processes of its own; seconds, patients a second, memory of the parent and of its workers."""
    write(folder / "patients.csv", patients)
    path = os.pathsep.join([str(ROOT / "reasoner"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "posthma", "cohort", folder / "patients.csv", "-o", folder / "out", "--workers", workers]
    begun, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        list(map(str, command)), env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    peaks: dict[int, float] = {}
    while process.poll() is None:
        for pid in _family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0.0), _memory(pid))
        time.sleep(0.1)
    seconds, after = time.perf_counter() - begun, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    if process.returncode not in (0, 1):
        raise RuntimeError((process.stderr.read() if process.stderr else b"").decode())
    with (folder / "out/quarantine.csv").open(encoding="utf-8") as file:
        quarantined = sum(1 for _ in file) - 1
    return {
        "seconds": seconds, "cpu": cpu, "rate": len(patients) / seconds, "parent_mb": peaks.pop(process.pid, 0.0),
        "worker_mb": max(peaks.values(), default=0.0), "quarantined": float(quarantined),
    }  # fmt: skip


def _family(pid: int) -> list[int]:
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        below = []
    return [pid, *map(int, below)]


def _memory(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0


def theirs(patients: list[dict[str, str]]) -> float:
    """Return the seconds a patient through rdflib, pyshacl and owlrl: parse, validate, close with the knowledge."""
    import owlrl
    import pyshacl
    import rdflib

    from posthma.intake.columns import Columns
    from posthma.intake.table import Refused, import_table
    from posthma.knowledge import read_knowledge
    from posthma.turtle import write_turtle
    from posthma.validation import shape_files

    knowledge = read_knowledge()
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in knowledge.triples)
    shapes = rdflib.Graph()
    for file in shape_files(knowledge.root):
        shapes.parse(file)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "few.csv", patients)
        found = [p for p in import_table(Path(folder) / "few.csv", Columns()) if not isinstance(p, Refused)]
    records = [write_turtle(patient.triples) for patient in found]
    base = rdflib.Graph().parse(data=text, format="nt")
    taken = 0.0
    for record in records:
        both = rdflib.Graph()
        for triple in base:  # a fresh copy, which is not timed
            both.add(triple)
        begun = time.perf_counter()
        graph = rdflib.Graph().parse(data=record, format="turtle")
        pyshacl.validate(graph, shacl_graph=shapes, inference="none")
        for triple in graph:
            both.add(triple)
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(both)
        taken += time.perf_counter() - begun
    return taken / len(records)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--few", type=int, default=1, help="patients through rdflib + pyshacl + owlrl; 0 leaves it out")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        patients = rows(given.patients)
        load = os.getloadavg()[0]
        mine = ours(Path(folder), patients, given.workers)
    head = ("", "patients", "seconds", "CPU s", "patients/s", "parent MB", "worker MB", "quarantined")
    lines: list[tuple[object, ...]] = [
        (f"posthma cohort, {given.workers} workers", given.patients, mine["seconds"], mine["cpu"], mine["rate"],
         mine["parent_mb"], mine["worker_mb"], int(mine["quarantined"]))
    ]  # fmt: skip
    if given.few:
        each = theirs(patients[: given.few])
        name = f"rdflib + pyshacl + owlrl, {given.few} measured, on {given.workers} cores"
        whole = each * given.patients / max(1, given.workers)
        lines.append((name, given.patients, whole, each * given.patients, given.patients / whole, "", "", ""))
        print(f"The other stack: {each:.1f} s a patient, {whole / mine['seconds']:,.0f} times as long.")
    print(table(f"Cohort (load of the machine before: {load:.1f}; loading included)", head, lines))


if __name__ == "__main__":
    main()
