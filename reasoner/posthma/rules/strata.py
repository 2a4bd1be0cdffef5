"""Stratification: within a layer, what a rule must find absent is concluded before the rule runs.

Dependencies are taken between keys, after rules were specialised: the predicate, and for ``rdf:type`` the
class too. A stratifier that saw only predicates would find every class tied to every other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from posthma.errors import RuleError
from posthma.rules.form import Rule, iter_bodies
from posthma.rules.specialise import key_of

Key = tuple[int, int]


def heads(rule: Rule, type_: int) -> list[Key]:
    """Return the keys that a rule concludes."""
    return [key_of(atom, type_) for atom in rule.head]


def reads(rule: Rule, type_: int) -> Iterable[tuple[Key, bool]]:
    """Yield the keys that a rule reads, with True when they must be complete first."""
    grouped = rule.body.aggregate is not None
    for body, strict in iter_bodies(rule.body):
        for atom in body.atoms:
            yield key_of(atom, type_), strict or grouped


def overlapping(key: Key, others: Iterable[Key], type_: int) -> list[Key]:
    """Return the keys that can stand for the same fact: an unknown class meets every class."""
    if key[0] != type_:
        return [key] if key in set(others) else []
    return [k for k in others if k[0] == type_ and (k[1] == key[1] or -1 in (k[1], key[1]))]


def stratify(rules: Sequence[Rule], type_: int, show: Callable[[Key], str]) -> list[list[Rule]]:
    """Order a layer's rules into strata.

    Raises:
        RuleError: A fact would depend on its own absence; the message prints the circle.
    """
    produced = {key for rule in rules for key in heads(rule, type_)}
    types = [k for k in produced if k[0] == type_]
    edges: dict[Key, dict[Key, tuple[bool, str]]] = defaultdict(dict)
    needs: list[list[tuple[Key, bool]]] = []
    for rule in rules:
        mine = []
        for key, strict in reads(rule, type_):
            pool = overlapping(key, types, type_) if key[0] == type_ else ([key] if key in produced else [])
            mine += [(k, strict) for k in pool]
        needs.append(mine)
        for head in heads(rule, type_):
            for key, strict in mine:
                if strict or key not in edges[head]:
                    edges[head][key] = (strict or edges[head].get(key, (False, ""))[0], rule.id)
    component = _components(produced, edges)
    level: dict[int, int] = {}

    def height(key: Key) -> int:
        mine = component[key]
        if mine in level:
            return level[mine]
        level[mine] = 0
        best = 0
        for member in [k for k in produced if component[k] == mine]:
            for to, (strict, rule) in edges[member].items():
                if component[to] == mine:
                    if strict:
                        raise _circle(member, to, edges, component, rule, show)
                else:
                    best = max(best, height(to) + strict)
        level[mine] = best
        return best

    strata: dict[int, list[Rule]] = defaultdict(list)
    for rule, mine in zip(rules, needs, strict=True):
        own = max([height(k) for k in heads(rule, type_)], default=0)
        read = max([height(k) + strict for k, strict in mine], default=0)
        strata[max(own, read)].append(rule)
    return [strata[i] for i in sorted(strata)]


def _components(nodes: Iterable[Key], edges: dict[Key, dict[Key, tuple[bool, str]]]) -> dict[Key, int]:
    """Tarjan's strongly connected components, without recursion."""
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    found: dict[Key, int] = {}
    stack: list[Key] = []
    for root in sorted(nodes):
        if root in index:
            continue
        work = [(root, iter(sorted(edges[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            node, targets = work[-1]
            for to in targets:
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    work.append((to, iter(sorted(edges[to]))))
                    break
                if to not in found:
                    low[node] = min(low[node], index[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    while True:
                        member = stack.pop()
                        found[member] = index[node]
                        if member == node:
                            break
    return found


def _circle(
    start: Key, to: Key, edges: dict[Key, dict[Key, tuple[bool, str]]], component: dict[Key, int], rule: str,
    show: Callable[[Key], str],
) -> RuleError:  # fmt: skip
    """Find a walk back from ``to`` to ``start`` and say the whole circle."""
    before: dict[Key, tuple[Key, str]] = {}
    agenda = [to]
    while agenda and start not in before:
        node = agenda.pop(0)
        for following, (_, name) in edges[node].items():
            if component.get(following) == component[start] and following not in before:
                before[following] = (node, name)
                agenda.append(following)
    walk, node = [], start
    while node != to and node in before:
        node, name = before[node]
        walk.append(f"{show(node)} [{name}]")
    path = " <- ".join([f"{show(start)} [{rule}] needs the absence of {show(to)}", *reversed(walk)])
    return RuleError("queries/rules", f"a circle through absence: {path} <- {show(start)}", "let the absence speak of record facts or of a layer before")
