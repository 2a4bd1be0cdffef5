"""A rule made ready to run: its plan's source with its own constants, and the grouping around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from posthma.rules.expressions import Evaluator, ExprError, compile_expr
from posthma.rules.form import Rule, expr_variables
from posthma.rules.plan import Parameters, numbered
from posthma.rules.source import Form, Runner, factory
from posthma.store import Store
from posthma.terms import Fact, token_of

Row = tuple[tuple[int, ...], tuple[Fact, ...]]
"""The terms of a match's variables and the facts it rests on."""


def build(rule: Rule, woken_by: int | None, base: Store | None = None) -> Callable[[Store, int, int], None]:
    """Return a function that applies a rule.

    Args:
        rule: The rule.
        woken_by: The body atom that a new fact matches, or None to match the whole body.
        base: The finished store below every store that the function will run on.

    Returns:
        A function of the store and the new fact's subject and object (ignored when ``woken_by`` is None).
    """
    aggregate = rule.body.aggregate
    given = (*aggregate.group, *(v for *_, v in aggregate.outputs)) if aggregate is not None else ()
    parameters = Parameters(base)
    shape = parameters.shape(rule.body, given, [t for atom in rule.head for t in atom if t < 0])
    head = tuple((parameters.term(s), parameters.term(p), parameters.term(o)) for s, p, o in rule.head)
    form = Form(shape, head, len(parameters.given), woken_by, given, not _silent(rule))
    run = factory(form)(rule, parameters.given)
    if woken_by is not None:
        return run
    if aggregate is not None:
        return _grouped(rule, run, base)
    return lambda store, s, o: run(store, ())


def _silent(rule: Rule) -> bool:
    """Rules about literals alone have no premises: what wakes them is only the literal's being there."""
    return rule.id in ("dt-type2", "dt-diff")


def _grouped(rule: Rule, run: Runner, base: Store | None) -> Callable[[Store, int, int], None]:
    """Match the inner bodies, group their rows, and run the rest of the rule once for each group."""
    aggregate = rule.body.aggregate
    assert aggregate is not None
    can_bind = {v for body in aggregate.bodies for v in body.variables()}
    wanted = [*aggregate.group, *(aggregate.distinct_rows or ())]
    columns = list(dict.fromkeys([*wanted, *(v for _, _, e, _ in aggregate.outputs for v in expr_variables(e))]))
    collectors: list[Runner] = []
    for body in aggregate.bodies:
        parameters = Parameters(base)
        shape = parameters.shape(body, (), columns)
        collectors.append(factory(Form(shape, (), len(parameters.given), row=tuple(columns)))(rule, parameters.given))
    key = [columns.index(v) for v in aggregate.group]
    keep = [columns.index(v) for v in aggregate.distinct_rows] if aggregate.distinct_rows is not None else None
    readable = [v if v in can_bind else 0 for v in columns]
    outputs = [(f, distinct, compile_expr(numbered(expr, readable))) for f, distinct, expr, _ in aggregate.outputs]

    def apply(store: Store, s: int, o: int) -> None:
        rows: list[Row] = []
        for collect in collectors:
            collect(store, rows)
        if keep is not None:
            unique: dict[tuple[int, ...], Row] = {}
            for row in rows:
                unique.setdefault(tuple([row[0][column] for column in keep]), row)
            rows = list(unique.values())
        groups: dict[tuple[int, ...], list[Row]] = {} if key else {(): []}
        for row in rows:
            groups.setdefault(tuple([row[0][column] for column in key]), []).append(row)
        for group, members in groups.items():
            telling: dict[Fact, None] = {}
            values: list[int] = []
            try:
                for function, distinct, compute in outputs:
                    value, witnesses = _aggregate(function, distinct, compute, members, store)
                    values.append(store.terms.same_value(store.terms.id(token_of(value))))
                    telling |= dict.fromkeys(fact for _, facts in witnesses for fact in facts)
            except ExprError:
                continue
            run(store, tuple(telling), *group, *values)

    return apply


def _aggregate(
    function: str, distinct: bool, compute: Evaluator, members: Sequence[Row], store: Store
) -> tuple[Any, Sequence[Row]]:
    """Return an aggregate's value and the rows it rests on: one at the extreme, or all that were counted."""
    values: list[Any] = []
    counted: list[Row] = []
    for row in members:
        try:
            value = compute(row[0], store.terms)
        except ExprError:
            if function != "count":
                raise
            continue
        if not (distinct and value in values):
            values.append(value)
            counted.append(row)
    if function == "count":
        return len(values), counted
    if function == "sum":
        return sum(values), counted
    if not values:
        raise ExprError("nothing to compare")
    best = min(values) if function == "min" else max(values)
    return best, [counted[values.index(best)]]
