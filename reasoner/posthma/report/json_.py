"""The answer as JSON: the same structure as `posthma.decide.answer`, with a format name and the notice."""

from __future__ import annotations

import dataclasses
import json
from importlib import resources
from typing import Any

from posthma.decide.answer import Answer
from posthma.report import NOTICE

SCHEMA = "answer.schema.json"  # published beside this module
FORMAT = "posthma-answer/1"


def to_dict(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain dictionaries, lists, strings, numbers and None."""
    return {"format": FORMAT, "notice": NOTICE, **dataclasses.asdict(answer)}


def render(answer: Answer) -> str:
    """Return the answer as JSON text; the same answer gives the same bytes."""
    return json.dumps(to_dict(answer), ensure_ascii=False, indent=2) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every answer's JSON conforms to.

    >>> schema()["properties"]["format"]
    {'const': 'posthma-answer/1'}
    """
    found: dict[str, Any] = json.loads(resources.files("posthma.report").joinpath(SCHEMA).read_text(encoding="utf-8"))
    return found
