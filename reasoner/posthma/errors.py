"""Every error that posthma raises.

    PosthmaError                 root; carries code, place, fact, remedy
    ├── UsageError        PH-1xx  the call is wrong (exit 2)
    ├── RecordError       PH-2xx  the patient record is wrong (exit 1)
    │   ├── SyntaxRecordError       PH-210  it cannot be parsed
    │   ├── ScopeError              PH-220  its patient is out of scope
    │   └── InvalidRecordError      PH-230  it does not conform; carries the findings
    ├── LimitError        PH-3xx  an input passes a stated limit (exit 1)
    ├── KnowledgeError    PH-4xx  ontology or knowledge base is wrong (exit 1)
    │   └── RuleError     PH-5xx  a rule or query file is wrong
    ├── PolicyError       PH-7xx  a policy that a reader brought is wrong or refused (exit 1)
    └── ProofError        PH-6xx  a proof does not hold or cannot be made (exit 1)

A message reads ``CODE place: fact; remedy``. Codes are stable: tests and readers can rely on them.

>>> print(RecordError("record.ttl:7", "blasts of 180 %", "give a value from 0 to 100"))
PH-200 record.ttl:7: blasts of 180 %; give a value from 0 to 100
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class PosthmaError(Exception):
    """Root of all errors of posthma.

    Attributes:
        code: Stable code of the error.
        place: Where it is wrong: file and line, option of the command line, IRI.
        fact: What is wrong.
        remedy: What to do about it.
        exit_code: What the command line ends with.
    """

    code: ClassVar[str] = "PH-000"
    exit_code: ClassVar[int] = 1

    def __init__(self, place: str, fact: str, remedy: str) -> None:
        self.place, self.fact, self.remedy = place, fact, remedy
        super().__init__(place, fact, remedy)

    def __str__(self) -> str:
        return f"{self.code} {self.place}: {self.fact}; {self.remedy}"


class UsageError(PosthmaError):
    """The call is wrong: an unknown option, name or value."""

    code = "PH-100"
    exit_code = 2


class RecordError(PosthmaError):
    """The patient record is wrong or cannot be read."""

    code = "PH-200"


class SyntaxRecordError(RecordError):
    """The record cannot be parsed in its format."""

    code = "PH-210"


class ScopeError(RecordError):
    """The record is sound, but its patient is outside what the knowledge base speaks about."""

    code = "PH-220"


class InvalidRecordError(RecordError):
    """The record was parsed but does not conform; ``findings`` says where and why."""

    code = "PH-230"

    def __init__(self, place: str, fact: str, remedy: str, findings: Sequence[object] = ()) -> None:
        super().__init__(place, fact, remedy)
        self.findings = tuple(findings)


class LimitError(PosthmaError):
    """An input passes a limit; the message says which one."""

    code = "PH-300"


class KnowledgeError(PosthmaError):
    """A file of the ontology or the knowledge base is wrong."""

    code = "PH-400"


class RuleError(KnowledgeError):
    """A rule or query file is wrong or uses what the engine does not support."""

    code = "PH-500"


class ProofError(PosthmaError):
    """A proof does not hold, or no proof can be made for what was asked."""

    code = "PH-600"


class PolicyError(PosthmaError):
    """A policy of order that a reader brought is not sound, or would order options by evidence."""

    code = "PH-700"
