"""Plans as Python source: nested loops over the store's indexes, written once for all rules of one shape.

The text holds numbered names alone, never a term or a string of a rule: constants, expressions and indexes are
parameters of the function around it. So the thousands of rules of an ontology run a few dozen functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from posthma.rules.expressions import UNBOUND
from posthma.rules.plan import Pattern, Shape, Step, steps

DEEPEST = 12
"""So many loops stand inside one another; the rest gets a function of its own (Python allows 20)."""
OPENINGS = {
    "known": "known = store.derivations",
    "out": "out = store.out",
    "inn": "inn = store.inn",
    "terms": "terms = store.terms",
    "again": "again = store.alternatives is not None",
}
"""What a function takes from the store before it begins, if it uses it."""
Runner = Callable[..., None]


class Form(NamedTuple):
    """All that decides a rule's source.

    Attributes:
        shape: The body.
        head: What to conclude, constants as parameters; empty for a contradiction.
        size: The number of parameters.
        woken_by: The atom that a new fact matches; None to match the body as a whole.
        given: Variables that are handed in, in this order.
        shows: Whether the matched facts are premises.
        row: Variables of a row to collect, instead of concluding.
    """

    shape: Shape
    head: tuple[tuple[int, int, int], ...]
    size: int
    woken_by: int | None = None
    given: tuple[int, ...] = ()
    shows: bool = True
    row: tuple[int, ...] | None = None


@lru_cache(maxsize=8192)
def factory(form: Form) -> Callable[[Any, Sequence[Any]], Runner]:
    """Return a function that makes, of a rule and its parameters, the function which runs it.

    That one takes the store, then subject and object of the fact that woke it; or the list of rows to extend; or the
    facts of a group and `Form.given`.
    """
    space: dict[str, Any] = {"EMPTY": {}, "both": _both}
    exec(compile(_Writer(form).text(), "<plan>", "exec"), space)  # numbered names alone, see above
    made: Callable[[Any, Sequence[Any]], Runner] = space["make"]
    return made


def _both(here: list[int] | None, below: list[int] | None) -> Sequence[int]:
    return (here + below if below else here) if here else below or ()


class _Writer:
    """Writes the source of one form."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.done: list[str] = []
        self.lines: list[str] = []
        self.uses: dict[str, None] = {}
        self.loops = self.functions = 0
        self.exit = "return"

    def text(self) -> str:
        """Return the source of ``make``."""
        form = self.form
        first = form.shape.atoms[form.woken_by] if form.woken_by is not None else None
        if first is not None:
            subject = _name(first.s) if first.s < 0 else "s"
            arguments = [subject, "o" if first.o >= 0 or first.o == first.s else _name(first.o)]
        else:
            arguments = ["rows"] if form.row is not None else ["group", *map(_name, form.given)]
        bound = {t for t in (first.s, first.o) if t < 0} if first else form.given
        with self.function("run", arguments, "return"):
            if first is not None:
                for argument, term in zip(arguments, (first.s, first.o), strict=True):
                    if argument in ("s", "o"):
                        self.line(f"if {argument} != {_name(term)}: return")
            self.follow(steps(form.shape, bound, form.woken_by), self.conclude if form.row is None else self.collect)
        taken = "".join(f"c{n}, " for n in range(form.size))
        opening = ["def make(rule, given):", *([f"    {taken}= given"] if taken else [])]
        return "\n".join([*opening, *self.done, "    return run", ""])

    def line(self, text: str) -> None:
        """Write a line at the depth of the innermost loop."""
        self.lines.append("    " * (2 + self.loops) + text)

    def use(self, name: str) -> str:
        """Return a name that must be taken from the store first."""
        self.uses[name] = None
        return name

    @contextmanager
    def function(self, name: str, arguments: Iterable[str], exit_: str) -> Iterator[None]:
        """Write a function of ``make``; ``exit_`` leaves it without a match."""
        before = (self.lines, self.uses, self.loops, self.exit)
        self.lines, self.uses, self.loops, self.exit = [], {}, 0, exit_
        yield
        openings = [f"        {OPENINGS[used]}" for used in self.uses]
        self.done += [f"    def {name}({', '.join(['store', *arguments])}):", *openings, *self.lines]
        self.lines, self.uses, self.loops, self.exit = before

    def follow(self, chain: Sequence[Step], end: Callable[[], None]) -> None:
        """Write the steps of a chain, then its end."""
        for number, step in enumerate(chain):
            if self.loops >= DEEPEST and step.kind in ("bind", "pairs"):
                name, arguments = self.fresh(), [_name(v) for v in sorted(step.known)]
                handed = self.handed()
                with self.function(name, [*handed, *arguments], self.exit):
                    self.follow(chain[number:], end)
                call = f"{name}({', '.join(['store', *handed, *arguments])})"
                self.line(f"if {call}: return True" if self.exit == "return False" else call)
                return
            getattr(self, f"write_{step.kind}")(step)
        end()

    def handed(self) -> list[str]:
        """Return what the end of a chain reads besides variables."""
        if self.exit == "return False":
            return []
        return ["rows"] if self.form.row is not None else ["group"] if self.form.woken_by is None else []

    def fresh(self) -> str:
        self.functions += 1
        return f"f{self.functions}"

    @property
    def give_up(self) -> str:
        """What leaves the match at hand."""
        return "continue" if self.loops else self.exit

    def write_member(self, step: Step) -> None:
        """An atom known as a whole: is it there?"""
        for atom in step.atoms:
            self.require(atom)

    def require(self, atom: Pattern) -> None:
        fact = _fact(atom)
        below = f" and {fact} not in c{atom.below[2]}" if atom.below else ""
        self.line(f"if {fact} not in {self.use('known')}{below}: {self.give_up}")

    def write_bind(self, step: Step) -> None:
        """Atoms that decide on one variable: walk the shortest of their lists, look the others up."""
        variable = step.variable
        choice, *others = [self.matches(atom, variable) for atom in step.atoms]
        if others:
            choice = self.shortest(choice, others)
        self.line(f"for {_name(variable)} in {choice}:")
        self.loops += 1
        if others:
            for atom in step.atoms:
                self.require(atom)

    def shortest(self, first: str, others: Sequence[str]) -> str:
        """Write the choice of a list; return its name."""
        self.line(f"few = {first}")
        for other in others:
            self.line(f"more = {other}")
            self.line("if len(more) < len(few): few = more")
        return "few"

    def matches(self, atom: Pattern, variable: int) -> str:
        """Return the expression for the terms that a variable may be."""
        forward = atom.o == variable
        index, key = ("out", _name(atom.s)) if forward else ("inn", _name(atom.o))
        here = f"{self.use(index)}.get(c{atom.p}, EMPTY).get({key}"
        if atom.below is None:
            return f"{here}, ())"
        return f"both({here}), c{atom.below[0 if forward else 1]}.get({key}))"

    def write_pairs(self, step: Step) -> None:
        """An atom of which nothing is known: all facts of its predicate."""
        (atom,) = step.atoms
        same = atom.s == atom.o
        self.line(f"for {_name(atom.s)}, {'o' if same else _name(atom.o)} in list(store.pairs(c{atom.p})):")
        self.loops += 1
        if same:
            self.line(f"if {_name(atom.s)} != o: continue")

    def write_value(self, step: Step) -> None:
        """A value computed from variables."""
        assert step.value is not None
        assert step.value.variable is not None
        self.line(f"{_name(step.value.variable)} = {self.computed(step)}")

    def write_test(self, step: Step) -> None:
        """A condition on variables."""
        self.line(f"if not {self.computed(step)}: {self.give_up}")

    def computed(self, step: Step) -> str:
        assert step.value is not None
        inputs = [_name(v) if v in step.known else str(UNBOUND) for v in step.value.inputs]
        return f"c{step.value.function}({_tuple(inputs)}, {self.use('terms')})"

    def write_absent(self, step: Step) -> None:
        """A body that must have no match."""
        assert step.inner is not None
        name = self.fresh()
        arguments = [_name(v) for v in sorted(step.known)]
        with self.function(name, arguments, "return False"):
            self.follow(steps(step.inner, step.known), lambda: self.line("return True"))
        self.line(f"if {name}({', '.join(['store', *arguments])}): {self.give_up}")

    def premises(self) -> str:
        """Return the facts that a match rests on."""
        facts = [_fact(atom) for atom in self.form.shape.atoms] if self.form.shows else []
        group = ["*group"] if self.form.woken_by is None and self.form.row is None else []
        return _tuple([*group, *facts])

    def conclude(self) -> None:
        """Enter what follows from a match."""
        if not self.form.head:
            self.line(f"store.contradict((rule, {self.premises()}))")
        matched = {t for atom in self.form.shape.atoms for t in (atom.s, atom.o)}
        bound = matched.union(self.form.given, (v.variable for v in self.form.shape.values))
        heads = [fact for fact in self.form.head if bound.issuperset(t for t in fact if t < 0)]
        why = f"(rule, {self.premises()})"
        if len(heads) > 1:
            self.line(f"why = {why}")
            why = "why"
        for fact in heads:  # one with a variable that nothing binds concludes nothing
            unsure = [f"{_name(v)} != {UNBOUND} and " for v in dict.fromkeys(fact) if v < 0 and v not in matched]
            new = _tuple([_name(t) for t in fact])
            self.line(f"if {''.join(unsure)}({new} not in {self.use('known')} or {self.use('again')}):")
            self.line(f"    store.add({new}, {why})")

    def collect(self) -> None:
        """Note a row and the facts it rests on."""
        bound = {t for atom in self.form.shape.atoms for t in (atom.s, atom.o)}
        bound.update(v.variable for v in self.form.shape.values if v.variable is not None)
        assert self.form.row is not None
        row = [_name(v) if v in bound else str(UNBOUND) for v in self.form.row]
        self.line(f"rows.append(({_tuple(row)}, {self.premises()}))")


def _name(term: int) -> str:
    return f"v{-term}" if term < 0 else f"c{term}"


def _fact(atom: Pattern) -> str:
    return f"({_name(atom.s)}, c{atom.p}, {_name(atom.o)})"


def _tuple(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
