"""Does a graph map into a closure? Blank nodes of the conclusion stand for anything that fits them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Triple = tuple[str, str, str]
Match = Callable[[str | None, str | None, str | None], Iterable[Triple]]


def maps_into(conclusion: Iterable[Triple], match: Match, limit: int = 200_000) -> bool:
    """Say whether some choice of terms for the blank nodes puts every triple of a graph into another.

    Triples are taken in the order that leaves least to choose: those without open blank nodes first.

    Args:
        conclusion: The graph that should be there.
        match: Gives the triples of the other graph that fit a pattern, None standing for any term.
        limit: The most triples to try.

    Raises:
        RuntimeError: More tries than the limit.
    """
    budget = [limit]
    return _search(list(dict.fromkeys(conclusion)), {}, match, budget)


def _search(open_: list[Triple], chosen: dict[str, str], match: Match, budget: list[int]) -> bool:
    if not open_:
        return True
    triple = min(open_, key=lambda t: sum(x.startswith("_:") and x not in chosen for x in t))
    rest = [t for t in open_ if t is not triple]
    return any(_search(rest, chosen | new, match, budget) for new in _choices(triple, chosen, match, budget))


def _choices(triple: Triple, chosen: dict[str, str], match: Match, budget: list[int]) -> Iterator[dict[str, str]]:
    pattern = [chosen.get(t, None if t.startswith("_:") else t) for t in triple]
    for found in match(*pattern):
        budget[0] -= 1
        if budget[0] < 0:
            raise RuntimeError("too many ways to place the blank nodes of the conclusion")
        new: dict[str, str] = {}
        if all(new.setdefault(t, f) == f for t, f in zip(triple, found, strict=True) if t.startswith("_:")):
            yield new
