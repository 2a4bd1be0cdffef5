"""``posthma close``: the closure of any RDF graph under OWL 2 RL."""

from __future__ import annotations

from pathlib import Path

import click

from posthma.cli import common
from posthma.cli.help import CODES

CONTRADICTED = 3


@common.verb("close", CODES.replace("2 wrong use", "2 wrong use, 3 a contradiction"))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=common.File())
@click.option("--proofs", is_flag=True, help="Write each inferred triple's rule and premises as comments above it.")
@click.option("--all", "everything", is_flag=True, help="Write the asserted triples too.")
@common.form("nt", "ttl")
def command(files: tuple[str, ...], proofs: bool, everything: bool, form: str) -> int:
    """Close RDF files together under OWL 2 RL and write what follows.

    FILES may be Turtle, N-Triples, RDF/XML, JSON-LD, TriG or N-Quads; named graphs are merged. Ends with 3 when the
    graph contradicts itself; the contradictions go to standard error.

    \b
    Example:
      posthma close ontology/clinical.ttl kb/clinical.ttl --format nt
    """
    from posthma.closed import close
    from posthma.proof import short

    closure = close([Path(file) for file in files])
    lines = sorted(closure.asserted) if everything else []
    if form == "ttl":
        from posthma.turtle import write_turtle

        common.write(write_turtle([*lines, *sorted(closure.inferred)]))
    else:
        for triple in lines:
            common.write(" ".join(triple) + " .\n")
        for triple in sorted(closure.inferred):
            if proofs:
                proof = closure.proof(triple)
                step = proof.steps[proof.goal - 1]  # type: ignore[union-attr]
                premises = "; ".join(" ".join(short(t) for t in proof.steps[p - 1].triple) for p in step.premises)  # type: ignore[union-attr]
                common.write(f"# {step.rule}: {premises}\n")
            common.write(" ".join(triple) + " .\n")
    for contradiction in closure.contradictions:
        common.warn(f"contradiction ({contradiction.rule}): {contradiction.says}")
    return CONTRADICTED if closure.contradictions else 0
