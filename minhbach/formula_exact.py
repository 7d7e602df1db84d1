"""Evaluates a formula for one unit with rationals: the meaning of the language, against which all else is checked.

None is blank. Formulas with a logarithm or root are not evaluated here (`formula.is_inexact`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Protocol

from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary
from minhbach.numbers import round_exact

Value = Fraction | str | None


class Scope(Protocol):
    """Where names get their values."""

    def value(self, name: str) -> Value:
        """The value of a field, node or max_points for the unit."""
        ...

    def group(self, tree: Tree) -> Iterable[Value]:
        """The values of a formula for all units of the unit's ranking group."""
        ...


def evaluate(tree: Tree, scope: Scope) -> Value:
    """The exact value of a formula for one unit."""
    match tree:
        case Number(value, _):
            return value
        case Text(text):
            return text
        case Name(name):
            return scope.value(name)
        case Unary(operator, operand):
            inner = evaluate(operand, scope)
            return None if inner is None else (-number(inner) if operator == "-" else Fraction(not inner))
        case Binary(operator, left, right):
            return binary(operator, evaluate(left, scope), evaluate(right, scope))
        case Choose(condition, then, otherwise):
            met = evaluate(condition, scope)
            return None if met is None else evaluate(then if met else otherwise, scope)
        case Call("best" | "worst", (argument,), _):
            values = [number(value) for value in scope.group(argument) if value is not None]
            return (max if tree.function == "best" else min)(values, default=None)
        case Call(function, arguments, table):
            values_ = [evaluate(argument, scope) for argument in arguments]
            return table_points(values_[0], table) if table else FUNCTIONS[function](values_)
    raise AssertionError(tree)


def number(value: Value) -> Fraction:
    """A value that must be a number by the framework's checks."""
    assert isinstance(value, Fraction), value
    return value


def binary(operator: str, a: Value, b: Value) -> Value:
    """An operator on two values; blank when either is."""
    if a is None or b is None:
        return None
    if operator in ("==", "!="):
        return Fraction((a == b) == (operator == "=="))
    return OPERATORS[operator](number(a), number(b))


def _divide(a: Fraction, b: Fraction) -> Value:
    return a / b if b else None


def _power(a: Fraction, b: Fraction) -> Value:
    return None if a == 0 and b < 0 else Fraction(a ** int(b))


OPERATORS: dict[str, Callable[[Fraction, Fraction], Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "**": _power,
    "<": lambda a, b: Fraction(a < b),
    "<=": lambda a, b: Fraction(a <= b),
    ">": lambda a, b: Fraction(a > b),
    ">=": lambda a, b: Fraction(a >= b),
    "and": lambda a, b: Fraction(bool(a) and bool(b)),
    "or": lambda a, b: Fraction(bool(a) or bool(b)),
}


def table_points(value: Value, table: Sequence[tuple[Number | Text, Number]]) -> Value:
    """The points of `choice` (the option's) or `steps` (the highest step reached, 0 below the lowest)."""
    if value is None:
        return None
    if isinstance(table[0][0], Text):
        return next((points.value for key, points in table if key.value == value), None)
    reached = [points.value for key, points in table if number(value) >= number(key.value)]
    return reached[-1] if reached else Fraction(0)


def _strict(function: Callable[..., Value]) -> Callable[[list[Value]], Value]:
    return lambda values: None if None in values else function(*values)


def _present(function: Callable[[list[Fraction]], Value]) -> Callable[[list[Value]], Value]:
    def applied(values: list[Value]) -> Value:
        present = [number(value) for value in values if value is not None]
        return function(present) if present else None

    return applied


def _weighted_mean(values: list[Value]) -> Value:
    pairs = [
        (number(x), number(w))
        for x, w in zip(values[::2], values[1::2], strict=True)
        if x is not None and w is not None
    ]
    weight = sum((w for _, w in pairs), Fraction(0))
    return sum((x * w for x, w in pairs), Fraction(0)) / weight if weight else None


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "ratio": _strict(_divide),
    "capped": _strict(min),
    "yes": _strict(lambda x: x),
    "count_points": _strict(lambda n, each, top: min(n * each, top)),
    "sum": _present(lambda values: sum(values, Fraction(0))),
    "mean": _present(lambda values: sum(values, Fraction(0)) / len(values)),
    "weighted_mean": _weighted_mean,
    "min": _present(min),
    "max": _present(max),
    "if_blank": lambda values: values[1] if values[0] is None else values[0],
    "blank": lambda values: Fraction(values[0] is None),
    "round_half_up": _strict(lambda x, places: round_exact(x, int(places), "half_up")),
}
