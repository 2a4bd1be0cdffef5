"""Where a triple stands in the file that it was read from, worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from posthma.blank import contents, has_blank
from posthma.terms import Triple


class Places:
    """The places of one file's triples: ``file:line`` for Turtle and N-Triples, ``file:$.path`` for JSON-LD.

    Args:
        text: The file's text, already accepted by the parser.
        form: ``turtle``, ``n-triples`` or ``json-ld``.
        name: How the file is called in a place.
        triples: The triples as the parser gave them, with the blank node labels that callers use.
        base: IRI against which relative IRIs were resolved.
    """

    def __init__(self, text: str, form: str, name: str, triples: Iterable[Triple], base: str = "") -> None:
        self._text, self._form, self._name, self._base = text, form, name, base
        self._triples = triples

    @cached_property
    def _found(self) -> dict[Triple, str]:
        if self._form == "json-ld":
            from posthma.intake.json_places import JsonPlaces

            return JsonPlaces(self._text, self._base).places
        from posthma.intake.turtle_places import turtle_places

        lines = turtle_places(self._text, self._base)
        found = {triple: str(line) for triple, line in lines.items() if not has_blank(triple)}
        walked = [triple for triple in lines if has_blank(triple)]
        if walked:
            by_content = dict(zip(contents(walked), (str(lines[triple]) for triple in walked), strict=True))
            given = [triple for triple in self._triples if has_blank(triple)]
            for triple, content in zip(given, contents(given), strict=True):
                if content in by_content:
                    found[triple] = by_content[content]
        return found

    def of(self, triple: Triple) -> str:
        """Return the place of a triple; the file's name alone when the place is not found."""
        found = self._found.get(triple)
        return f"{self._name}:{found}" if found else self._name
