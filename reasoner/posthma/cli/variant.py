"""``posthma variant``: what a variant description says."""

from __future__ import annotations

import json

import click

from posthma.cli import common


@common.verb("variant")
@click.argument("text", metavar="STRING")
@click.option("--gene", help="Symbol of the gene, when the string does not name it.")
@common.form("text", "json")
def command(text: str, gene: str | None, form: str) -> int:
    """Read one variant: gene, change, consequence, hotspot.

    HGVS protein or coding forms with one or three letters, and the spellings of public tables: FLT3_ITD, KMT2A-PTD,
    X126_splice. Ends with 1 when the string was not understood.

    \b
    Example:
      posthma variant "IDH2 p.(Arg172Lys)"
    """
    from posthma.intake.variants import read_variant

    result = read_variant(text, gene)
    shown = {
        "text": result.text,
        "kind": result.kind,
        "gene": result.gene,
        "transcript": result.transcript or None,
        "protein": result.protein,
        "coding": result.coding,
        "consequence": result.consequence or None,
        "position": result.position,
        "end": result.end,
        "hotspot": result.hotspot,
        "mutated": result.mutated,
        "findings": [{"code": finding.code, "text": finding.text} for finding in result.findings],
    }
    if form == "json":
        common.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    else:
        words = {True: "yes", False: "no", None: "open"}
        plain = {key: value for key, value in shown.items() if key not in ("text", "findings", "mutated")}
        lines = [f"{key}: {value}" for key, value in plain.items() if value is not None]
        lines.append(f"mutated: {words[result.mutated]}")
        lines += [f"finding: {finding.text}" for finding in result.findings]
        common.write("\n".join(lines) + "\n")
    return int(result.kind == "text")
