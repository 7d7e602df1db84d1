"""Evaluates a formula for one unit with rationals: the meaning of the language, against which all else is checked.

A formula is turned into a function once, and the function is called for each unit. None is blank. Formulas with a
logarithm or root are not evaluated here (`formula.is_inexact`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import add, mul, sub
from typing import Any, Protocol

from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary
from minhbach.numbers import round_exact, total

Value = Fraction | str | None


class Scope(Protocol):
    """Where names get their values."""

    def value(self, name: str) -> Value:
        """The value of a field, node or max_points for the unit."""
        ...

    def extreme(self, call: Call, argument: Exact) -> Value:
        """The `best` or `worst` of its argument among all units of the unit's ranking group."""
        ...


Exact = Callable[[Scope], Value]


def evaluate(tree: Tree, scope: Scope) -> Value:
    """The exact value of a formula for one unit."""
    return compiled(tree)(scope)


def compiled(tree: Tree) -> Exact:
    """The function that gives the exact value of a formula for one unit."""
    match tree:
        case Number(constant, _) | Text(constant):
            return lambda _: constant
        case Name(name):
            return lambda scope: scope.value(name)
        case Unary(operator, operand):
            return _unary(operator, compiled(operand))
        case Binary(operator, left, right):
            return _binary(operator, compiled(left), compiled(right))
        case Choose(condition, then, otherwise):
            return _choose(compiled(condition), compiled(then), compiled(otherwise))
        case Call("best" | "worst", (argument,), _):
            of_one = compiled(argument)
            return lambda scope: scope.extreme(tree, of_one)
        case Call(_, (argument,), table) if table:
            of = compiled(argument)
            return lambda scope: table_points(of(scope), table)
        case Call(name, arguments, _):
            function, parts = FUNCTIONS[name], [compiled(argument) for argument in arguments]
            return lambda scope: function([part(scope) for part in parts])
    raise AssertionError(tree)


def _unary(operator: str, operand: Exact) -> Exact:
    def applied(scope: Scope) -> Value:
        inner = operand(scope)
        return None if inner is None else (-number(inner) if operator == "-" else Fraction(not inner))

    return applied


def _binary(operator: str, left: Exact, right: Exact) -> Exact:
    calculate = OPERATORS[operator]

    def applied(scope: Scope) -> Value:
        a, b = left(scope), right(scope)
        return None if a is None or b is None else calculate(a, b)

    return applied


def _choose(condition: Exact, then: Exact, otherwise: Exact) -> Exact:
    def applied(scope: Scope) -> Value:
        met = condition(scope)
        return None if met is None else (then if met else otherwise)(scope)

    return applied


def number(value: Value) -> Fraction:
    """A value that must be a number by the framework's checks."""
    assert isinstance(value, Fraction), value
    return value


def _divide(a: Fraction, b: Fraction) -> Value:
    return a / b if b else None


def _power(a: Fraction, b: Fraction) -> Value:
    return None if a == 0 and b < 0 else Fraction(a ** int(b))


OPERATORS: dict[str, Callable[[Any, Any], Value]] = {
    "==": lambda a, b: Fraction(a == b),
    "!=": lambda a, b: Fraction(a != b),
    "+": add,
    "-": sub,
    "*": mul,
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
    def applied(values: list[Value]) -> Value:
        for value in values:  # `None in values` would ask every rational whether it equals None, which takes long
            if value is None:
                return None
        return function(*values)

    return applied


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
    weight = total([w for _, w in pairs])
    return total([x * w for x, w in pairs]) / weight if weight else None


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "ratio": _strict(_divide),
    "capped": _strict(min),
    "yes": _strict(lambda x: x),
    "count_points": _strict(lambda n, each, top: min(n * each, top)),
    "sum": _present(total),
    "mean": _present(lambda values: total(values) / len(values)),
    "weighted_mean": _weighted_mean,
    "min": _present(min),
    "max": _present(max),
    "if_blank": lambda values: values[1] if values[0] is None else values[0],
    "blank": lambda values: Fraction(values[0] is None),
    "round_half_up": _strict(lambda x, places: round_exact(x, int(places), "half_up")),
}
