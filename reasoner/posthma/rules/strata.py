"""Stratification: within a layer, what a rule must find absent is concluded before the rule runs.

Dependencies are taken between keys, after rules were specialised: the predicate, and for ``rdf:type`` the
class too. A stratifier that saw only predicates would find every class tied to every other. The third part of
a key tells new subjects from old ones: what a rule says of an IRI that it mints is never said of a record item,
nor of anything that the reader reaches over a link, for then the link is what the reader waits for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from posthma.errors import RuleError
from posthma.rules.form import Atom, Body, Rule, iter_bodies

ANY, MINTED, OLD = 0, 1, 2
Key = tuple[int, int, int]
"""Predicate, constant object (-1: any), and what the subject is: anything, minted by the rule, or there before."""
Keyed = tuple[tuple[Key, ...], tuple[tuple[Key, bool], ...], Rule]
"""What a rule concludes, what it reads (True: complete first), and the rule."""


def _key(atom: Atom, kind: int) -> Key:
    return (atom[1], atom[2] if atom[2] >= 0 else -1, kind)


def heads(rule: Rule) -> list[Key]:
    """Return the keys that a rule concludes."""
    minted = {v for v, _ in rule.body.binds}
    return [_key(atom, MINTED if atom[0] in minted else ANY) for atom in rule.head]


def reads(rule: Rule, type_: int, record: Set[int] = frozenset()) -> Iterator[tuple[Key, bool]]:
    """Yield the keys that a rule reads, with True when they must be complete first.

    Args:
        rule: The rule.
        type_: The integer of ``rdf:type``.
        record: Classes whose members are record items only: no rule mints any.
    """
    grouped = rule.body.aggregate is not None
    outer = _old(rule.body, type_, record)
    bound = {t for atom in rule.body.atoms for t in atom if t < 0}
    for body, strict in iter_bodies(rule.body):
        old = outer | _old(body, type_, record) | (bound if strict else set())
        for atom in body.atoms:
            yield _key(atom, OLD if atom[0] in old else ANY), strict or grouped


def _old(body: Body, type_: int, record: Set[int]) -> set[int]:
    """Return the variables of a body that stand for record items or are reached over a link."""
    found = {s for s, p, o in body.atoms if p == type_ and o in record} | {o for s, p, o in body.atoms if s != o}
    if body.aggregate is not None:
        inner = [_old(b, type_, record) for b in body.aggregate.bodies]
        found |= {v for v in body.aggregate.group if all(v in old for old in inner)}
    return found


class KeyIndex:
    """Finds the keys that can stand for the same fact: an unknown object meets every object."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.exact: dict[tuple[int, int], list[Key]] = defaultdict(list)
        self.all: dict[int, list[Key]] = defaultdict(list)
        for key in sorted(set(keys)):
            self.exact[key[:2]].append(key)
            self.all[key[0]].append(key)

    def overlapping(self, key: Key) -> list[Key]:
        """Return the indexed keys that overlap a key."""
        p, o, kind = key
        if o < 0:
            found = self.all.get(p, [])
        else:
            found = self.exact.get((p, o), []) + self.exact.get((p, -1), [])
        return [k for k in found if {k[2], kind} != {MINTED, OLD}]


def stratify(
    rules: Sequence[Rule], type_: int, show: Callable[[Key], str], record: Set[int] = frozenset()
) -> list[list[Rule]]:
    """Order a layer's rules into strata.

    Raises:
        RuleError: A fact would depend on its own absence; the message prints the circle.
    """
    produced = {key for rule in rules for key in heads(rule)}
    index = KeyIndex(produced)
    edges: dict[Key, dict[Key, tuple[bool, str]]] = defaultdict(dict)
    needs: list[list[tuple[Key, bool]]] = []
    for rule in rules:
        mine = []
        for key, strict in reads(rule, type_, record):
            mine += [(k, strict) for k in index.overlapping(key)]
        needs.append(mine)
        for head in heads(rule):
            for key, strict in mine:
                if strict or key not in edges[head]:
                    edges[head][key] = (strict or edges[head].get(key, (False, ""))[0], rule.id)
    component = _components(produced, edges)
    members: dict[int, list[Key]] = defaultdict(list)
    for key in produced:
        members[component[key]].append(key)
    level: dict[int, int] = {}

    def height(key: Key) -> int:
        mine = component[key]
        if mine in level:
            return level[mine]
        level[mine] = 0
        best = 0
        for member in members[mine]:
            for to, (strict, rule) in edges[member].items():
                if component[to] == mine:
                    if strict:
                        raise _circle(member, to, edges, component, rule, show)
                else:
                    best = max(best, height(to) + strict)
        level[mine] = best
        return best

    # Every head waits for all that its rule reads, so the lowest head's place serves them all; a higher place would
    # come too late for what reads the lowest.
    strata: dict[int, list[Rule]] = defaultdict(list)
    for rule, mine in zip(rules, needs, strict=True):
        own = min([height(k) for k in heads(rule)], default=0)
        read = max([height(k) + strict for k, strict in mine], default=0)
        strata[max(own, read)].append(rule)
    return [strata[i] for i in sorted(strata)]


def check_layers(
    order: Sequence[str], layers: dict[str, list[Rule]], type_: int, record: Set[int], show: Callable[[Key], str]
) -> None:
    """Refuse a rule whose absence or grouping reads what may still be concluded after it ran.

    What a layer's own conclusions lead to in later layers counts, and everything that a layer concludes
    whose first turn is yet to come. A layer that merely runs again concludes nothing new by itself.

    Raises:
        RuleError: Such a rule, its layer, and what comes too late.
    """
    keyed = {
        name: [(tuple(heads(rule)), tuple(dict.fromkeys(reads(rule, type_, record))), rule) for rule in layers[name]]
        for name in dict.fromkeys(order)
    }
    for i, name in enumerate(order):
        strict = [(rule, key) for _, read, rule in keyed[name] for key, must in read if must]
        if not strict:
            continue
        late = _late_keys(order, i, keyed)
        for rule, key in strict:
            if key[0] == type_ and key[1] in record:
                continue  # records are closed under the ontology before the first layer
            found = late.overlapping(key)
            if found:
                fact = f"in layer {name!r} it needs {show(key)} complete, which a later layer may still conclude"
                raise RuleError(rule.id, fact, "let it read record facts, or move it to a later layer")


def _late_keys(order: Sequence[str], i: int, layers: dict[str, list[Keyed]]) -> KeyIndex:
    """Return what may be concluded after layer number ``i`` has run."""
    source = {key for heads_, _, _ in layers[order[i]] for key in heads_}
    agenda = list(source)
    for name in order[i + 1 :]:
        if name not in order[: i + 1]:
            agenda += [key for heads_, _, _ in layers[name] for key in heads_]
    seen = set(agenda)
    found = seen - source
    readers: dict[tuple[int, int], dict[tuple[Key, ...], None]] = defaultdict(dict)
    by_predicate: dict[int, dict[tuple[Key, ...], None]] = defaultdict(dict)
    for heads_, read, _ in (keyed for name in dict.fromkeys(order[i + 1 :]) for keyed in layers[name]):
        for key, _ in read:
            readers[key[:2]][heads_] = None
            by_predicate[key[0]][heads_] = None
    while agenda:
        p, o, _ = agenda.pop()
        waking = (by_predicate.pop(p, {}),) if o < 0 else (readers.pop((p, o), {}), readers.pop((p, -1), {}))
        for heads_ in (heads_ for woken in waking for heads_ in woken):
            found.update(heads_)
            agenda += [key for key in heads_ if key not in seen]
            seen.update(heads_)
    return KeyIndex(found)


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
    return RuleError(
        "queries/rules",
        f"a circle through absence: {path} <- {show(start)}",
        "let the absence speak of record facts or of a layer before",
    )
