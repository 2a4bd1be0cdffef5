"""Turtle skeletons for authors: templates of the package, filled in as far as a name and a label go."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from posthma.errors import UsageError
from posthma.knowledge import Knowledge
from posthma.spelling import nearest
from posthma.vocab import KB, P, curie

FOLDER = Path(__file__).parent / "templates"
KINDS = ("finding", "criterion", "option")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_ ][A-Za-z0-9]+)*")


def skeleton(kind: str, name: str, knowledge: Knowledge, label: str = "", source: str = "santini-2019") -> str:
    """Return a skeleton in Turtle, with TODO where an author must fill in.

    Args:
        kind: ``finding``, ``criterion`` or ``option``.
        name: Words joined by hyphens, or camel case: ``low-platelets``, ``LowPlatelets``.
        knowledge: What the new thing must not collide with.
        label: The label; made of the name when empty.
        source: The document, by the name of its folder below kb/sources/.

    Raises:
        UsageError: The name is no name, is taken, or the document is not known.
    """
    if not _NAME.fullmatch(name):
        remedy = "write letters and digits, words joined by hyphens, such as low-platelets"
        raise UsageError("NAME", f"{name!r} cannot be part of an IRI", remedy)
    documents = [document.folder for document in knowledge.documents.values()]
    if source not in documents:
        raise UsageError("--source", f"there is no document {source!r}", f"name one of {', '.join(documents)}")
    words = _words(name)
    camel = "".join(word[:1].upper() + word[1:] for word in words)
    values = {
        "name": "-".join(word.lower() for word in words),
        "camel": camel,
        "target": camel[:1].lower() + camel[1:],
        "label": _escaped(label or " ".join(word if word.isupper() else word.lower() for word in words)),
        "source": source,
    }
    _refuse_taken(kind, values, knowledge)
    return Template((FOLDER / f"{kind}.ttl").read_text(encoding="utf-8")).substitute(values)


def _words(name: str) -> list[str]:
    """Split a name at hyphens and capitals.

    >>> _words("IDH2Mutated"), _words("low-platelets")
    (['IDH2', 'Mutated'], ['low', 'platelets'])
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", " ", name)
    return re.split(r"[-_ ]+", spaced)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _refuse_taken(kind: str, values: dict[str, str], knowledge: Knowledge) -> None:
    new = {
        "finding": [f"<{P.BASE}{values['camel']}>", f"<{KB.BASE}{values['target']}>"],
        "criterion": [f"<{KB.BASE}crit-{values['name']}>"],
        "option": [f"<{KB.BASE}option-{values['name']}>"],
    }[kind]
    known = {s for s, _, _ in knowledge.triples}
    for term in new:
        if term in known:
            near = nearest(term, known - {term})
            hint = f"choose another name; near it is {near}" if near else "choose another name"
            raise UsageError("NAME", f"{curie(term)} is there already", hint)
