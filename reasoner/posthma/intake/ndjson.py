"""Lines of NDJSON with their offsets, from a file that is never held as a whole.

LF, CRLF and a lone CR end a line; empty lines are passed over. A line that is too long is named, not held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from posthma.errors import SyntaxRecordError, UsageError

__all__ = ["ENDINGS", "MAX_LINE", "Line", "scan"]

ENDINGS = (".ndjson", ".jsonl")
MAX_LINE = 20_000_000
"""The longest line, in bytes: a bundle with attachments stands in it."""
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number from 1, where it begins, its bytes, and why it cannot be read."""

    number: int
    offset: int
    data: bytes = b""
    complaint: str = ""


def scan(path: str | Path, name: str = "") -> Iterator[Line]:
    """Yield the filled lines of a file.

    Args:
        path: The file.
        name: Its name in messages.

    Raises:
        UsageError: It cannot be opened.
        SyntaxRecordError: It is UTF-16, or a pointer of Git LFS.
    """
    file = Path(path)
    name = name or file.name
    try:
        with file.open("rb") as stream:
            head = stream.read(64)
            if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise SyntaxRecordError(name, "it is UTF-16 text", "save it as UTF-8")
            if head.startswith(b"version https://git-lfs"):
                fact, remedy = "is a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull"
                raise SyntaxRecordError(name, fact, remedy)
            at = 3 if head[:3] == b"\xef\xbb\xbf" else 0
            stream.seek(at)
            number = 0
            while data := stream.readline(MAX_LINE + 1):
                number += 1
                begun, at = at, at + len(data)
                if len(data) > MAX_LINE:
                    while not data.endswith(b"\n") and (data := stream.readline(_READ)):
                        at += len(data)
                    limit = f"longer than the limit of {MAX_LINE // 1_000_000} MB for a record"
                    yield Line(number, begun, complaint=limit)
                elif data.strip():
                    yield from _parts(number, begun, data)
    except OSError as error:
        raise UsageError(str(path), f"cannot be opened: {error.strerror}", "name a file that can be read") from error


def _parts(number: int, offset: int, data: bytes) -> Iterator[Line]:
    """Yield what lone CRs part; most lines have none."""
    if b"\r" not in data[:-2]:
        yield Line(number, offset, data.rstrip(b"\r\n"))
        return
    for part in data.split(b"\r"):
        if part.strip():
            yield Line(number, offset, part.rstrip(b"\n"))
        offset += len(part) + 1
