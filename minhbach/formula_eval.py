"""Evaluates a formula over all units at once, with floats, and tells which rows are in doubt."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np

from minhbach import vector
from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary
from minhbach.formula_functions import Functions
from minhbach.vector import Mask, Texts, Value
from minhbach.vector_exact import UNKNOWN, Floats, common


class Evaluator(Functions):
    """Evaluates formulas over columns; `doubt` gathers the rows that rationals must decide."""

    def evaluate(self, tree: Tree) -> Value:
        """The value of a numeric formula for all units."""
        value = self.value(tree)
        if not np.isfinite(value.error):  # beyond floats: what looks blank or equal may be neither
            self.in_doubt(np.ones(self.groups.shape, dtype=bool))
        return value

    def value(self, tree: Tree) -> Value:
        match tree:
            case Number(value, _):
                return vector.constant(value)
            case Name(name):
                value_ = self.lookup(name)
                assert isinstance(value_, Value), name
                return value_
            case Unary("-", operand):
                return vector.negative(self.evaluate(operand))
            case Unary(_, operand):
                value_ = self.evaluate(operand)
                return vector.truth(self.zero(value_), value_)
            case Binary(operator, left, right):
                return self.binary(operator, left, right)
            case Choose(condition, then, otherwise):
                return self.choose(self.evaluate(condition), self.evaluate(then), self.evaluate(otherwise))
            case Call(function, arguments, _):
                result: Value = getattr(self, f"f_{function}")(tree, *arguments)
                return result
        raise AssertionError(tree)

    def binary(self, operator: str, left: Tree, right: Tree) -> Value:
        if operator in ("==", "!=") and (texts := self.same_text(left, right)) is not None:
            same, blank = texts
            array = np.where(blank, np.nan, (same if operator == "==" else ~same).astype(np.float64))
            return Value(array, 0.0, 1.0, 0.0, True, bool(blank.any()), 1)
        a, b = self.evaluate(left), self.evaluate(right)
        match operator:
            case "+":
                return vector.add(a, b)
            case "-":
                return vector.add(a, vector.negative(b))
            case "*":
                return vector.multiply(a, b)
            case "/":
                return self.divided(a, b)
            case "**":
                return self.power(a, b)
            case "and":
                return vector.truth(~self.zero(a) & ~self.zero(b), a, b)
            case "or":
                return vector.truth(~self.zero(a) | ~self.zero(b), a, b)
        return vector.truth(COMPARE[operator](self.level(a, b), b.array), a, b)

    def power(self, a: Value, b: Value) -> Value:
        exponent = float(b.array)
        if exponent == int(exponent) and exponent >= 0:
            return reduce(vector.multiply, [a] * int(exponent)) if exponent else vector.truth(np.ones_like(a.array), a)
        if exponent == int(exponent):
            return self.divided(vector.constant(1), self.power(a, vector.negative(b)))
        base = np.where(a.array < 0, np.nan, a.array)
        result = np.power(base, exponent)
        return vector.column(np.where(np.isfinite(result), result, np.nan), UNKNOWN)

    def same_text(self, left: Tree, right: Tree) -> tuple[Mask, Mask] | None:
        """Where two texts are equal and where either is blank; None when they are numbers."""
        if not any(
            isinstance(side, Text) or (isinstance(side, Name) and isinstance(self.lookup(side.id), Texts))
            for side in (left, right)
        ):
            return None
        a, b = self.texts(left), self.texts(right)
        known = {option: code for code, option in enumerate(a.options)}
        translate = np.array([*(known.get(option, -2) for option in b.options), -1], dtype=np.intp)
        return a.codes == translate[b.codes], (a.codes < 0) | (b.codes < 0)

    def choose(self, condition: Value, then: Value, otherwise: Value) -> Value:
        array = np.where(self.zero(condition), otherwise.array, then.array)
        if condition.blanks:
            array = vector.blank_where(np.isnan(condition.array), array)
        low, high = min(then.low, otherwise.low), max(then.high, otherwise.high)
        blanks = condition.blanks or then.blanks or otherwise.blanks
        error, whole = max(then.error, otherwise.error), then.whole and otherwise.whole
        return Value(array, low, high, error, whole, blanks, common(then.denominator, otherwise.denominator))


COMPARE: dict[str, Callable[[Floats, Floats], Mask]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
