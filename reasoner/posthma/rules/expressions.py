"""SPARQL expressions, compiled to Python functions once per rule.

A compiled expression takes the list of a match's terms and returns a value; a SPARQL error is `ExprError`.
Source: SPARQL 1.1 Query Language, section 17 (operator mapping, effective boolean value).
"""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from posthma.rules.form import Expr
from posthma.terms import XSD, Iri, Terms, in_datatype, literal_parts, literal_value, token_of

Env = Sequence[int]
Evaluator = Callable[[Env, Terms], Any]
UNBOUND = -1


class ExprError(Exception):
    """A SPARQL type error: the filter is not met, the variable stays unbound."""


_NUMBER = (int, Decimal, float)


def truth(value: Any) -> bool:
    """Return the effective boolean value."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Iri) or not isinstance(value, (str, *_NUMBER)):
        raise ExprError("no boolean value")
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def _numbers(a: Any, b: Any) -> tuple[Any, Any]:
    for value in (a, b):
        if isinstance(value, bool) or not isinstance(value, _NUMBER):
            raise ExprError("not a number")
    if isinstance(a, float) or isinstance(b, float):
        return float(a), float(b)
    return a, b


def _comparable(a: Any, b: Any) -> tuple[Any, Any]:
    if isinstance(a, _NUMBER) and not isinstance(a, bool):
        return _numbers(a, b)
    if isinstance(a, Iri) or isinstance(b, Iri) or type(a) is not type(b):
        raise ExprError("not comparable")
    if isinstance(a, dt.datetime) and (a.tzinfo is None) != (b.tzinfo is None):
        raise ExprError("one time has a zone, the other none")
    return a, b


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, Iri) or isinstance(b, Iri):
        return isinstance(a, Iri) and isinstance(b, Iri) and str(a) == str(b)
    a, b = _comparable(a, b)
    return bool(a == b)


def _divide(a: Any, b: Any) -> Any:
    a, b = _numbers(a, b)
    if b == 0 and not isinstance(b, float):
        raise ExprError("division by zero")
    return a / b if isinstance(a, float) else Decimal(a) / Decimal(b)


def _rounding(mode: str) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, _NUMBER):
            raise ExprError("not a number")
        if isinstance(value, int):
            return value
        if isinstance(value, float):
            return (
                {"floor": math.floor, "ceil": math.ceil}[mode](value) * 1.0
                if mode != "round"
                else math.floor(value + 0.5)
            )
        return value.to_integral_value({"floor": ROUND_FLOOR, "ceil": ROUND_CEILING, "round": ROUND_HALF_UP}[mode])

    return apply


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    return literal_parts(token_of(value))[0]


def _string(value: Any) -> str:
    if isinstance(value, Iri) or not isinstance(value, str):
        raise ExprError("not a string")
    return value


def _cast_integer(value: Any) -> int:
    try:
        return int(value) if not isinstance(value, Iri) else 1 // 0
    except (ValueError, TypeError, ZeroDivisionError, OverflowError) as error:
        raise ExprError("no integer") from error


def _cast_decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value)) if not isinstance(value, (Iri, bool)) else Decimal(int(value))
    except (ValueError, TypeError, InvalidOperation) as error:
        raise ExprError("no decimal") from error


def _date_part(name: str) -> Callable[[Any], int]:
    def apply(value: Any) -> int:
        if not isinstance(value, dt.date):
            raise ExprError("not a date")
        return int(getattr(value, name))

    return apply


def _arith(op: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: op(*_numbers(a, b))


def _compare(op: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda a, b: op(*_comparable(a, b))


def _replace(text: Any, pattern: Any, by: Any, flags: Any = "") -> str:
    mode = sum(getattr(re, f.upper()) for f in flags if f in "ims")
    return re.sub(_string(pattern), re.sub(r"\$(\d)", r"\\\1", _string(by)), _string(text), flags=mode)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "=": _equal, "!=": lambda a, b: not _equal(a, b),
    "<": _compare(operator.lt), ">": _compare(operator.gt), "<=": _compare(operator.le), ">=": _compare(operator.ge),
    "+": _arith(operator.add), "-": _arith(operator.sub), "*": _arith(operator.mul), "/": _divide,
    "neg": lambda a: -_numbers(a, 0)[0], "not": lambda a: not truth(a),
    "floor": _rounding("floor"), "ceil": _rounding("ceil"), "round": _rounding("round"),
    "abs": lambda a: abs(_numbers(a, 0)[0]),
    "str": _text, "iri": lambda a: Iri(a) if isinstance(a, str) else _string(a),
    "concat": lambda *parts: "".join(_string(p) for p in parts), "replace": _replace,
    "strafter": lambda a, b: _string(a).partition(_string(b))[2], "strlen": lambda a: len(_string(a)),
    "strbefore": lambda a, b: _string(a).partition(_string(b))[0] if _string(b) in a else "",
    "contains": lambda a, b: _string(b) in _string(a), "strstarts": lambda a, b: _string(a).startswith(_string(b)),
    "strends": lambda a, b: _string(a).endswith(_string(b)),
    "lcase": lambda a: _string(a).lower(), "ucase": lambda a: _string(a).upper(),
    "year": _date_part("year"), "month": _date_part("month"), "day": _date_part("day"),
    "isiri": lambda a: isinstance(a, Iri) and not a.startswith("_:"),
    "isliteral": lambda a: not isinstance(a, Iri),
    "isnumeric": lambda a: isinstance(a, _NUMBER) and not isinstance(a, bool),
    "in": lambda a, *others: any(_equal_or_false(a, b) for b in others),
    XSD + "integer": _cast_integer, XSD + "decimal": _cast_decimal, XSD + "string": _text,
}  # fmt: skip
"""Operators and functions by their name in the rule form; what is missing here is refused when a rule is loaded."""


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge
}  # fmt: skip


def _equal_or_false(a: Any, b: Any) -> bool:
    try:
        return _equal(a, b)
    except ExprError:
        return False


def compile_expr(expr: Expr) -> Evaluator:
    """Return a function that computes an expression for one match.

    ``("var", n)`` must already be numbered by slot (0 and above) of the match.
    """
    op = expr[0]
    if op == "value":
        constant = expr[1]
        return lambda env, terms: constant
    if op == "const":
        number = expr[1]
        return lambda env, terms: _value(terms, number)
    if op == "var":
        slot = expr[1]
        return lambda env, terms: _value(terms, env[slot])
    if op == "unbound":
        return _raise_unbound
    if op in _SPECIAL:
        return _SPECIAL[op](expr)
    if op in _COMPARISONS and expr[1][0] == expr[2][0] == "var":
        return _comparison(op, expr[1][1], expr[2][1])
    parts = [compile_expr(part) for part in expr[1:]]
    function = FUNCTIONS[op]
    if len(parts) == 2:
        first, second = parts
        return lambda env, terms: function(first(env, terms), second(env, terms))
    if len(parts) == 1:
        only = parts[0]
        return lambda env, terms: function(only(env, terms))
    return lambda env, terms: function(*[part(env, terms) for part in parts])


def _comparison(op: str, first: int, second: int) -> Evaluator:
    """Compare two terms of a match: the commonest test, and most often of two dates or two whole numbers."""
    plain, general = _COMPARISONS[op], FUNCTIONS[op]

    def compare(env: Env, terms: Terms) -> Any:
        a, b = _value(terms, env[first]), _value(terms, env[second])
        kind = a.__class__
        if kind is b.__class__ and (kind is int or kind is dt.date):
            return plain(a, b)
        return general(a, b)

    return compare


def _value(terms: Terms, number: int) -> Any:
    if number == UNBOUND:
        raise ExprError("unbound")
    try:
        return terms.value(number)
    except ValueError as error:
        raise ExprError(str(error)) from error


def _raise_unbound(env: Env, terms: Terms) -> Any:
    raise ExprError("unbound")


def _and(expr: Expr) -> Evaluator:
    parts = [compile_expr(part) for part in expr[1:]]

    def evaluate(env: Env, terms: Terms) -> bool:
        failed: ExprError | None = None
        for part in parts:
            try:
                if not truth(part(env, terms)):
                    return False
            except ExprError as error:
                failed = error
        if failed:
            raise failed
        return True

    return evaluate


def _or(expr: Expr) -> Evaluator:
    parts = [compile_expr(part) for part in expr[1:]]

    def evaluate(env: Env, terms: Terms) -> bool:
        failed: ExprError | None = None
        for part in parts:
            try:
                if truth(part(env, terms)):
                    return True
            except ExprError as error:
                failed = error
        if failed:
            raise failed
        return False

    return evaluate


def _if(expr: Expr) -> Evaluator:
    test, yes, no = (compile_expr(part) for part in expr[1:])
    return lambda env, terms: yes(env, terms) if truth(test(env, terms)) else no(env, terms)


def _coalesce(expr: Expr) -> Evaluator:
    parts = [compile_expr(part) for part in expr[1:]]

    def evaluate(env: Env, terms: Terms) -> Any:
        for part in parts:
            try:
                return part(env, terms)
            except ExprError:
                continue
        raise ExprError("nothing bound")

    return evaluate


def _bound(expr: Expr) -> Evaluator:
    inner = expr[1]
    if inner[0] == "var":
        slot = inner[1]
        return lambda env, terms: env[slot] != UNBOUND
    known = inner[0] != "unbound"
    return lambda env, terms: known


def _in_datatype(expr: Expr) -> Evaluator:
    slot, wanted, negative = expr[1][1], expr[2], expr[0] == "not-in-datatype"

    def evaluate(env: Env, terms: Terms) -> bool:
        token = terms.name(env[slot])
        return token[0] == '"' and in_datatype(token, wanted) is (not negative)

    return evaluate


def _different_values(expr: Expr) -> Evaluator:
    first, second = expr[1][1], expr[2][1]

    def evaluate(env: Env, terms: Terms) -> bool:
        a, b = terms.name(env[first]), terms.name(env[second])
        if a[0] != '"' or b[0] != '"' or a == b:
            return False
        x, y = literal_value(a), literal_value(b)
        return x is not None and y is not None and "?" not in (x[0], y[0]) and x != y

    return evaluate


def _same_term(expr: Expr) -> Evaluator:
    def at(part: Expr) -> Callable[[Env], int]:
        number = part[1]
        return (lambda env: number) if part[0] == "const" else (lambda env: env[number])

    first, second, same = at(expr[1]), at(expr[2]), expr[0] == "same-term"
    return lambda env, terms: (first(env) == second(env)) is same


_SPECIAL: dict[str, Callable[[Expr], Evaluator]] = {
    "and": _and, "or": _or, "if": _if, "coalesce": _coalesce, "bound": _bound, "in-datatype": _in_datatype,
    "not-in-datatype": _in_datatype, "different-values": _different_values,
    "same-term": _same_term, "other-term": _same_term,
}  # fmt: skip


def is_known(op: str) -> bool:
    """Say whether an operator of the rule form can be computed."""
    return op in FUNCTIONS or op in _SPECIAL or op in ("var", "const", "value", "unbound")
