"""Rule files: what the header of a CONSTRUCT file says, its text, and the rules that it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from posthma.errors import RuleError
from posthma.rules.form import Rule

Walk = tuple[Any, ...]
"""A property path: ``("iri", token)``, ``("inverse", walk)``, ``("either", walk...)``, ``("sequence", walk...)``,
``("maybe", walk)`` for ``?`` and ``("repeat", walk)`` for ``*`` and ``+``; walking no step is a case of its own."""

_HEADER = re.compile(r"#\s*([a-z]+):\s*(.*)")


@dataclass(frozen=True)
class RuleText:
    """A rule file: what its header says, and its query.

    Attributes:
        id: Permanent name, never reused.
        title: One line.
        layer: The declared layer it runs in.
        says: Sentence template; ``{name}`` stands for a variable.
        source: Where the rule comes from.
        absence: What it finds absent, and what licenses that.
    """

    id: str
    title: str
    layer: str
    says: str
    source: str
    absence: str
    auxiliary: str
    text: str
    path: str


def read_rule(path: Path, name: str | None = None) -> RuleText:
    """Read a rule file and its header.

    Raises:
        RuleError: A header line is missing.
    """
    text = path.read_text(encoding="utf-8")
    head: dict[str, str] = {}
    for line in text.splitlines():
        found = _HEADER.match(line)
        if not line.startswith("#"):
            break
        if found:
            head[found[1]] = found[2].strip()
    shown = name or path.name
    for key in ("id", "title", "layer", "says", "source", "absence"):
        if not head.get(key):
            raise RuleError(shown, f"the header has no '# {key}:' line", f"add '# {key}: ...' above the query")
    return RuleText(**{k: head[k] for k in ("id", "title", "layer", "says", "source", "absence")},
                    auxiliary=head.get("auxiliary", ""), text=text, path=shown)  # fmt: skip


class Parsed(NamedTuple):
    """The rules of one file, whatever the knowledge: constants are places in ``tokens``.

    Attributes:
        tokens: The constants.
        rules: One rule for each case of the query.
        paths: The token of a predicate that stands for a walk, and the walk; see `Walk`.
    """

    tokens: tuple[str, ...]
    rules: tuple[Rule, ...]
    paths: tuple[tuple[str, Walk], ...]
