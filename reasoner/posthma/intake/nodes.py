"""Small tables of the knowledge base as plain dictionaries: scores, cytogenetic limits, hotspots, units."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox

from posthma import resources
from posthma.errors import KnowledgeError

__all__ = ["Node", "nodes", "of_type"]

Node = dict[str, list[str]]
"""The values of one subject by the last part of the predicate; own IRIs without their namespace."""

_P = "https://w3id.org/posthma/ontology/"
_KB = "https://w3id.org/posthma/kb/"


@cache
def nodes(file: str) -> Mapping[str, Node]:
    """Return the subjects of one Turtle file of the knowledge base, by local name.

    Raises:
        KnowledgeError: The file cannot be read.
    """
    found: dict[str, Node] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(path=str(resources.path(file))):
            key = re.split("[/#]", quad.predicate.value)[-1]
            value = getattr(quad.object, "value", "")
            found[getattr(quad.subject, "value", "")][key].append(value.removeprefix(_P).removeprefix(_KB))
    except (OSError, SyntaxError, ValueError) as error:
        raise KnowledgeError(file, f"cannot be read: {error}", "restore the file") from error
    return {name.removeprefix(_KB): dict(node) for name, node in found.items()}


def of_type(file: str, name: str) -> list[Node]:
    """Return the subjects of one class in a file, in the order of the file."""
    return [node for node in nodes(file).values() if name in node.get("type", ())]
