"""``posthma karyotype``: what a karyotype says."""

from __future__ import annotations

import json
from typing import Any

import click

from posthma.cli import common


@common.verb("karyotype")
@click.argument("text", metavar="STRING")
@common.form("text", "json")
def command(text: str, form: str) -> int:
    """Read one karyotype (ISCN): clones, abnormalities, complexity, lesions, cytogenetic groups.

    What is uncertain or not understood leaves a conclusion open and is listed. Ends with 1 when part of the string
    was not understood.

    \b
    Example:
      posthma karyotype "46,XX,del(5)(q13q33)[12]/47,idem,+8[4]/46,XX[4]"
    """
    from posthma.intake.karyotype import read_karyotype

    result = read_karyotype(text)
    shown = _dict(result)
    common.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n" if form == "json" else _text(shown))
    return int(result.kind in ("text", "partly"))


def _dict(result: Any) -> dict[str, Any]:
    return {
        "text": result.text,
        "kind": result.kind,
        "statements": list(result.statements),
        "normal": result.normal,
        "abnormalities": [a.text for a in result.abnormalities],
        "count": _span(result.count),
        "largest_clone": _span(result.largest),
        "complex": result.complex,
        "monosomal": result.monosomal,
        "del5q": result.del5q,
        "del7_7q": result.del7_7q,
        "del17_17p": result.del17_17p,
        "ipss_r_group": {"group": result.ipss_r.name, "possible": list(result.ipss_r.possible)},
        "ipss_group": {"group": result.ipss.name, "possible": list(result.ipss.possible)},
        "clones": [
            {
                "text": clone.text,
                "chromosomes": [clone.low, clone.high],
                "sex": clone.sex,
                "builds_on": clone.stem or None,
                "abnormalities": {a.text: copies for a, copies in clone.abnormalities},
                "cells": clone.cells,
                "composite": clone.composite,
                "not_understood": list(clone.unread),
            }
            for clone in result.clones
        ],
        "constitutional": list(result.constitutional),
        "donor": result.donor or None,
        "context": result.context or None,
        "findings": [{"code": f.code, "text": f.text, "start": f.start, "end": f.end} for f in result.findings],
    }


def _span(number: Any) -> dict[str, int | None] | None:
    return None if number is None else {"least": number.least, "most": number.most}


_WORDS = {True: "yes", False: "no", None: "open"}


def _text(shown: dict[str, Any]) -> str:
    lines = [f"kind: {shown['kind']}"]
    if shown["statements"]:
        lines.append(f"statements: {', '.join(shown['statements'])}")
    if shown["count"]:
        lines.append(f"abnormalities: {', '.join(shown['abnormalities']) or 'none'}")
        least, most = shown["count"]["least"], shown["count"]["most"]
        upper = "" if least == most else " or more" if most is None else f" to {most}"
        lines.append(f"count: {least}{upper}")
        for name in ("normal", "complex", "monosomal", "del5q", "del7_7q", "del17_17p"):
            lines.append(f"{name}: {_WORDS[shown[name]]}")
        for name, label in (("ipss_r_group", "IPSS-R group"), ("ipss_group", "IPSS group")):
            group = shown[name]
            lines.append(f"{label}: {group['group'] or 'open (' + ', '.join(group['possible']) + ')'}")
        for number, clone in enumerate(shown["clones"], 1):
            cells = "" if clone["cells"] is None else f", {clone['cells']} {'cell' if clone['cells'] == 1 else 'cells'}"
            lines.append(f"clone {number}: {', '.join(clone['abnormalities']) or 'no acquired abnormality'}{cells}")
    for key in ("constitutional", "donor", "context"):
        if shown[key]:
            value = shown[key] if isinstance(shown[key], str) else ", ".join(shown[key])
            lines.append(f"{key}: {value}")
    lines += [f"finding: {finding['text']}" for finding in shown["findings"]]
    return "\n".join(lines) + "\n"
