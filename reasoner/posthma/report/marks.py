"""Citations of an answer: a short mark beside each claim, the list at the end."""

from __future__ import annotations

from collections.abc import Iterable

from posthma.decide.answer import Citation

LINES = "lines "


class Marks:
    """Gives each publication one mark: its number in the source document, or S1, S2 ... where it has none."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}
        self._cited: dict[str, Citation] = {}
        self._unnumbered = 0

    def of(self, citation: Citation) -> str:
        """Return the mark of a citation, a new one when its publication was not cited before."""
        found = self._marks.get(citation.iri)
        if found is None:
            found = str(citation.number) if citation.number else ""
            if not found or found in self._marks.values():
                self._unnumbered += 1
                found = f"S{self._unnumbered}"
            self._marks[citation.iri] = found
            self._cited[citation.iri] = citation
        return found

    def parts(self, citations: Iterable[Citation]) -> list[tuple[str, str]]:
        """Return marks with their places, each mark once; lines are given without the word, ``10-12, 20``."""
        places: dict[str, dict[str, None]] = {}
        for citation in citations:
            found = places.setdefault(self.of(citation), {})
            *_, lines = citation.locator.rpartition(LINES)
            if LINES in citation.locator:
                found |= dict.fromkeys(_short(line) for line in lines.split(", "))
            elif citation.locator:
                found[citation.locator] = None
        return [(mark, ", ".join(sorted(found, key=_first_line))) for mark, found in places.items()]

    def text(self, citations: Iterable[Citation]) -> str:
        """Return ``[64; S1:10-12, 20]`` after a space, or nothing.

        >>> Marks().text([Citation("http://example.org/a", "A 2001", "Results, lines 10-12", 7)])
        ' [7:10-12]'
        """
        parts = [f"{mark}:{place}" if place else mark for mark, place in self.parts(citations)]
        return f" [{'; '.join(parts)}]" if parts else ""

    def listed(self) -> list[tuple[str, Citation]]:
        """Return the citations with their marks: numbers first, in order."""

        def order(item: tuple[str, Citation]) -> tuple[bool, int]:
            return (not item[0].isdigit(), int(item[0].lstrip("S")))

        return sorted(((self._marks[iri], citation) for iri, citation in self._cited.items()), key=order)


def described(citation: Citation) -> str:
    """Return a publication as the list at the end shows it: short name, identifiers, how far it was verified."""
    ids = [f"doi:{citation.doi}" if citation.doi else "", f"PMID {citation.pmid}" if citation.pmid else ""]
    known = f" ({citation.verification})" if citation.verification else ""
    return f"{', '.join(filter(None, [citation.label, *ids]))}{known}"


def _short(lines: str) -> str:
    first, _, last = lines.partition("-")
    return first if first == last else lines


def _first_line(place: str) -> tuple[bool, int, str]:
    first = place.partition("-")[0]
    return (not first.isdigit(), int(first) if first.isdigit() else 0, place)
