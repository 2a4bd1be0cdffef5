"""Rows of CSV, TSV and the like, line by line: any line ending, UTF-8, UTF-16 or Windows-1252, quotation marks.

A line that is too long, holds NUL characters or opens a quotation mark that is never closed is named and left out;
the lines after it are read all the same.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from posthma.errors import SyntaxRecordError
from posthma.intake.cells import MAX_CELL, MAX_LINE, Row, header_of, refuse_pointer, row_under

__all__ = ["numbered_lines", "read_delimited", "read_text_rows"]

MAX_REMARKS = 1_000
"""The most lines with ``#`` before the header."""

Line = tuple[int, str, bool]
"""Number and text of a line, and whether it was cut at the limit."""


def read_delimited(file: Path) -> Iterator[Row]:
    """Yield the rows of a file; tab, semicolon or comma, as the header shows."""
    lines = numbered_lines(file)
    first = next(lines, None)
    if first is None:
        raise SyntaxRecordError(file.name, "the file is empty", "give a header line and rows")
    refuse_pointer(file.name, first[1])
    top = [first]
    while top[-1][1].lstrip('"').startswith("#") and len(top) < MAX_REMARKS and (line := next(lines, None)):
        top.append(line)
    yield from read_text_rows(file.name, chain(top, lines), _delimiter(file, top[-1][1]))


def numbered_lines(file: Path) -> Iterator[Line]:
    """Yield numbered lines and whether a line was cut at the limit; CR, LF and CRLF end a line."""
    with file.open("rb") as raw:
        head = raw.read(4)
    encoding, errors = "utf-8-sig", "surrogateescape"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding, errors = "utf-16", "replace"
    elif len(head) == 4 and (head[::2] == b"\0\0") != (head[1::2] == b"\0\0"):  # UTF-16 without its mark
        encoding, errors = "utf-16-be" if head[0] == 0 else "utf-16-le", "replace"
    with file.open(encoding=encoding, errors=errors, newline=None) as stream:
        number = 0
        while line := stream.readline(MAX_LINE + 1):
            number += 1
            cut = len(line) > MAX_LINE
            if cut:
                while (rest := stream.readline(MAX_LINE)) and not rest.endswith("\n"):
                    pass
            yield number, _decoded(line), cut


def _decoded(line: str) -> str:
    """Return a line with bytes that are not UTF-8 read as Windows-1252, as spreadsheets write them."""
    if line.isascii() or not any("\udc80" <= char <= "\udcff" for char in line):
        return line
    return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _delimiter(file: Path, header: str) -> str:
    counts = {mark: header.count(mark) for mark in "\t;,"}
    best = max(counts, key=lambda mark: counts[mark])
    if file.suffix.lower() in (".tsv", ".tab", ".maf") or not counts[best]:
        return "\t" if file.suffix.lower() != ".csv" else ","
    return best


class _Source:
    """Lines for the CSV reader; those of the current record can be given back."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = iter(lines)
        self.again: deque[Line] = deque()
        self.taken: list[Line] = []
        self.problems: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            line = self.again.popleft() if self.again else next(self.lines)
            number, text, cut = line
            if cut:
                self.problems.append((number, f"longer than {MAX_LINE} characters"))
            elif "\x00" in text:
                self.problems.append((number, "holds NUL characters"))
            else:
                self.taken.append(line)
                return text

    def give_back(self) -> int:
        """Give back all lines of the record but its first, and return the number of that one."""
        self.again.extendleft(reversed(self.taken[1:]))
        return self.taken[0][0]

    def text(self) -> str:
        """Return the record as it stands."""
        return "".join(text for _, text, _ in self.taken)


def read_text_rows(name: str, lines: Iterable[Line], delimiter: str) -> Iterator[Row]:
    """Yield the rows of delimited text; lines that begin with ``#`` before the header are left out.

    Args:
        name: For places.
        lines: Number, text and whether the line was cut, for each line.
        delimiter: Between cells.

    Raises:
        SyntaxRecordError: There is no header, or it cannot be read.
    """
    csv.field_size_limit(MAX_CELL)
    source = _Source(lines)
    reader = csv.reader(source, delimiter=delimiter)
    header: list[str] | None = None
    number = 0
    while True:
        source.taken.clear()
        fact, fields = "", None
        try:
            fields = next(reader, None)
        except csv.Error as error:
            fact = f"cannot be read as a row ({error}); check its quotation marks"
        for line, problem in source.problems:
            number += 1
            yield Row(number, f"{name}:{line}", {}, problem)
        source.problems.clear()
        if fields is None and not fact:
            break
        if _is_open(source, fields, header, delimiter):
            fact = "opens a quotation mark that is not closed; close it or take it out"
        if fact:
            if header is None:
                raise SyntaxRecordError(f"{name}:{source.taken[0][0]}", fact, "mend the line with the names of columns")
            number += 1
            yield Row(number, f"{name}:{source.give_back()}", {}, fact)
            reader = csv.reader(source, delimiter=delimiter)
        elif header is None:
            if fields and not fields[0].startswith("#"):
                header = header_of(f"{name}:{source.taken[0][0]}", fields)
        elif fields and any(field.strip() for field in fields):
            number += 1
            place = f"{name}:{source.taken[0][0]}"
            if len(fields) == 1 < len(header):
                fact = f"has one cell, the header has {len(header)}; check the mark between the cells"
                yield Row(number, place, {}, fact)
            else:
                yield row_under(number, place, header, fields)
    if header is None:
        raise SyntaxRecordError(name, "has no header line", "give the names of the columns in the first line")


def _is_open(source: _Source, fields: list[str] | None, header: list[str] | None, delimiter: str) -> bool:
    """Say whether a record swallowed lines of others because of a quotation mark that is never closed."""
    if '"' not in source.text():
        return False
    if len(source.taken) > 1 and fields is not None and header is not None and len(fields) != len(header):
        return True
    if source.again:
        return False
    try:
        list(csv.reader([source.text()], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False
