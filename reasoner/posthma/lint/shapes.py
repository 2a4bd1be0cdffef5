"""Shapes for authors of knowledge, run over ontology and knowledge base together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from posthma.lint.matter import Matter, described
from posthma.spelling import nearest
from posthma.terms import Triple, literal_parts
from posthma.validation import Finding, Result, Severity, run_shapes
from posthma.vocab import RDF, curie

FOLDER = "ontology/shapes/knowledge"
_SPELLING = {"shape:KnownName", "shape:KnownProperty"}
_SHOWN = 60


def knowledge_shapes(root: Path) -> list[Path]:
    """Return the files with shapes for authors; those for patient records lie one folder above."""
    return sorted((root / FOLDER).glob("*.ttl"))


def check_shapes(matter: Matter) -> Iterator[Finding]:
    """Yield what the shapes find."""
    known = described(matter)
    for result in run_shapes(knowledge_shapes(matter.root), matter.knowledge.triples):
        if "TODO" in result.value:
            continue  # what is not filled in is told once, as such
        triple = _triple(result, matter)
        fact, _, remedy = result.message.partition("; ")
        code = curie(result.shape) if result.shape else "shape"
        if code in _SPELLING:
            hint = nearest(result.value if code == "shape:KnownName" else result.path, known)
            remedy = f"did you mean {hint}? Else {remedy}" if hint else remedy
        severity: Severity = "violation"
        if result.severity in ("warning", "info"):
            severity = "warning" if result.severity == "warning" else "info"
        place = matter.place(triple) if triple else FOLDER
        yield Finding(place, severity, code, f"{fact.rstrip('.')} ({_said(result)})", remedy.rstrip("."))


def _triple(result: Result, matter: Matter) -> Triple | None:
    """Return the fact that a result is about: path and value, path alone, what the thing is, or its first fact."""
    about = matter.said.get(result.focus, [])
    exact = [t for t in about if t[1] == result.path and t[2] == result.value]
    on_path = [t for t in about if t[1] == result.path]
    typed = [t for t in about if t[1] == RDF.type]
    naming = [t for t in matter.knowledge.triples if t[2] == result.focus] if not about else []
    return next(iter([*exact, *on_path, *typed, *about, *naming]), None)


def _said(result: Result) -> str:
    """Return focus, path and value as CURIEs; a text is cut short."""
    parts: list[str] = []
    for term in (result.focus, result.path, result.value):
        if not term or (term == result.value == result.focus and parts):
            continue
        text = f'"{literal_parts(term)[0]}"' if term.startswith('"') else curie(term)
        parts.append(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
    return " ".join(parts)
