"""posthma: cited, proven answers on therapy of myelodysplastic syndromes after hypomethylating agents have failed.

The public names are loaded when they are first used, so that ``import posthma`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posthma.closed import Closure as Closure
    from posthma.closed import close as close
    from posthma.decide.answer import Answer as Answer
    from posthma.engine import KnowledgeBase as KnowledgeBase
    from posthma.engine import load as load
    from posthma.errors import PosthmaError as PosthmaError

__version__ = "0.1.0"

_HOME = {
    "Answer": "posthma.decide.answer",
    "Closure": "posthma.closed",
    "KnowledgeBase": "posthma.engine",
    "PosthmaError": "posthma.errors",
    "close": "posthma.closed",
    "load": "posthma.engine",
}

__all__ = ["Answer", "Closure", "KnowledgeBase", "PosthmaError", "__version__", "close", "load"]


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
