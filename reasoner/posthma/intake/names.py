"""One record a name: what tells the samples of one patient apart, and where a patient stood before.

A patient may come with several samples; the first record has the patient's name, each further one ``patient/sample``.
The same patient and sample again, or the same patient without a sample, is one too many: it would be counted twice.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Names", "name_of"]


def name_of(patient: str, sample: str, first: Callable[[str], str]) -> tuple[str, str]:
    """Return the name of a record, and where it stood before; nowhere is ``""``.

    Args:
        patient: The patient's name.
        sample: What tells this record from another of the patient; may be empty.
        first: Says where a name stood first; notes that it stands here and returns ``""`` when it is new.
    """
    earlier = first(patient)
    if not sample or sample == patient:
        return patient, earlier
    taken = first(f"{patient}/{sample}")
    return (f"{patient}/{sample}", taken) if earlier else (patient, "")


class Names:
    """The names that the records of an input took so far, in memory."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def take(self, patient: str, sample: str, place: str) -> tuple[str, str]:
        """Return the name of the record at a place, and where it stood before; nowhere is ``""``.

        >>> names = Names()
        >>> [names.take("a", sample, f"row {n}") for n, sample in enumerate(["x", "y", "x"])]
        [('a', ''), ('a/y', ''), ('a/x', 'row 0')]
        """
        return name_of(patient, sample, lambda name: self._first(name, place))

    def _first(self, name: str, place: str) -> str:
        before = self._places.get(name, "")
        self._places.setdefault(name, place)
        return before
