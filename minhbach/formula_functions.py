"""The functions of the formula language over columns of all units."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np
import numpy.typing as npt

from minhbach import vector, vector_decide
from minhbach.formula import Call, Name, Text, Tree
from minhbach.vector import Mask, Texts, Value
from minhbach.vector_exact import UNKNOWN, Denominator, Floats, Varying, common

Lookup = Callable[[str], "Value | Texts"]


class Functions:
    """What `f_<name>` gives for a call of a function; `doubt` gathers the rows that rationals must decide."""

    def __init__(self, lookup: Lookup, groups: npt.NDArray[np.intp]) -> None:
        """`groups`: the ranking group of each unit, as codes from 0."""
        self.lookup = lookup
        self.groups = groups
        self.doubt: Mask | None = None

    def evaluate(self, tree: Tree) -> Value:
        """The value of a numeric formula for all units."""
        raise NotImplementedError

    def in_doubt(self, mask: Mask | None) -> None:
        """Adds rows in doubt."""
        if mask is not None and np.any(mask):
            mask = np.broadcast_to(mask, self.groups.shape)
            self.doubt = mask if self.doubt is None else self.doubt | mask

    def zero(self, value: Value) -> Mask:
        return np.equal(self.level(value, vector.constant(0)), 0)

    def level(self, a: Value, b: Value) -> Floats:
        """The floats of a, to be compared with those of b."""
        array, doubt = vector_decide.level(a, b)
        self.in_doubt(doubt)
        return array

    def divided(self, a: Value, b: Value) -> Value:
        quotient, doubt = vector.divide(a, b)
        self.in_doubt(doubt)
        return quotient

    def texts(self, tree: Tree) -> Texts:
        if isinstance(tree, Text):
            return Texts(np.zeros(self.groups.shape, dtype=np.intp), (tree.value,))
        assert isinstance(tree, Name)
        value = self.lookup(tree.id)
        assert isinstance(value, Texts), tree.id
        return value

    def smaller(self, a: Value, b: Value) -> Value:
        """The smaller of two, blank when either is."""
        low, high, error = min(a.low, b.low), min(a.high, b.high), max(a.error, b.error)
        whole, denominator = a.whole and b.whole, common(a.denominator, b.denominator)
        return Value(np.minimum(a.array, b.array), low, high, error, whole, a.blanks or b.blanks, denominator)

    def f_ratio(self, _: Call, a: Tree, b: Tree) -> Value:
        return self.divided(self.evaluate(a), self.evaluate(b))

    def f_capped(self, _: Call, x: Tree, top: Tree) -> Value:
        return self.smaller(self.evaluate(x), self.evaluate(top))

    def f_yes(self, _: Call, x: Tree) -> Value:
        return self.evaluate(x)

    def f_count_points(self, _: Call, n: Tree, each: Tree, top: Tree) -> Value:
        return self.smaller(vector.multiply(self.evaluate(n), self.evaluate(each)), self.evaluate(top))

    def f_steps(self, call: Call, x: Tree) -> Value:
        value = self.evaluate(x)
        reached = np.zeros(value.array.shape, dtype=np.int16)
        for key, _ in call.table:
            edge = vector.constant(key.value)
            reached += self.level(value, edge) >= edge.low
        points = [vector.constant(0), *(vector.constant(number.value) for _, number in call.table)]
        array = np.array([point.low for point in points]).take(reached)
        array = vector.blank_where(np.isnan(value.array), array) if value.blanks else array
        return self.one_of(points, array, value.blanks)

    def one_of(self, points: list[Value], array: Floats, blanks: bool) -> Value:
        """A column in which every row has one of a few constants."""
        low, high = min(point.low for point in points), max(point.high for point in points)
        error, whole = max(point.error for point in points), all(point.whole for point in points)
        denominator = reduce(common, (point.denominator for point in points))
        return Value(array, low, high, error, whole, blanks, denominator)

    def f_choice(self, call: Call, x: Tree) -> Value:
        texts = self.texts(x)
        table = {key.value: number.value for key, number in call.table}
        points = [table.get(option) for option in texts.options]
        array = np.array([*(np.nan if each is None else float(each) for each in points), np.nan]).take(texts.codes)
        offered = [vector.constant(each) for each in points if each is not None]
        return self.one_of(offered or [vector.constant(0)], array, None in points or bool((texts.codes < 0).any()))

    def f_sum(self, _: Call, *arguments: Tree) -> Value:
        return self.total([self.evaluate(argument) for argument in arguments])[0]

    def total(self, values: list[Value]) -> tuple[Value, Value]:
        """The sum of what is not blank, and how many that are; blank when all are."""
        zeros = [self.if_blank(value, vector.constant(0)) for value in values]
        count = reduce(vector.add, (vector.truth(~np.isnan(value.array)) for value in values))
        added = reduce(vector.add, zeros)
        if all(value.blanks for value in values):
            added = vector.blanked(added, count.array == 0)
        return added, count

    def f_mean(self, _: Call, *arguments: Tree) -> Value:
        return self.divided(*self.total([self.evaluate(argument) for argument in arguments]))

    def f_weighted_mean(self, _: Call, *arguments: Tree) -> Value:
        values = [self.evaluate(argument) for argument in arguments]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        weights = [vector.blanked(w, np.isnan(x.array)) if x.blanks else w for x, w in pairs]
        return self.divided(self.total([vector.multiply(x, w) for x, w in pairs])[0], self.total(weights)[0])

    def f_geometric_mean(self, _: Call, *arguments: Tree) -> Value:
        values = [self.evaluate(argument).array for argument in arguments]
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = [np.where(np.isnan(value), 0.0, np.log(np.where(value < 0, np.nan, value))) for value in values]
        wrong = reduce(np.logical_or, (value < 0 for value in values))
        count = reduce(np.add, (~np.isnan(value) * 1.0 for value in values))
        result = np.exp(reduce(np.add, logs) / np.where(count == 0, np.nan, count))
        return vector.column(np.broadcast_to(np.where(wrong, np.nan, result), self.groups.shape), UNKNOWN)

    def f_min(self, _: Call, *arguments: Tree) -> Value:
        return self.extreme(np.fmin, min, arguments)

    def f_max(self, _: Call, *arguments: Tree) -> Value:
        return self.extreme(np.fmax, max, arguments)

    def extreme(self, choose: np.ufunc, edge: Callable[..., float], arguments: tuple[Tree, ...]) -> Value:
        values = [self.evaluate(argument) for argument in arguments]
        lows, highs = [value.low for value in values], [value.high for value in values]
        blanks = any(value.blanks for value in values)
        low, high = (min(lows), max(highs)) if blanks else (edge(lows), edge(highs))
        error = max(value.error for value in values)
        array = reduce(choose, (value.array for value in values))
        denominator = reduce(common, (value.denominator for value in values))
        return Value(array, low, high, error, all(value.whole for value in values), blanks, denominator)

    def f_best(self, _: Call, x: Tree) -> Value:
        return self.of_group(x, np.fmax)

    def f_worst(self, _: Call, x: Tree) -> Value:
        return self.of_group(x, np.fmin)

    def of_group(self, x: Tree, choose: np.ufunc) -> Value:
        """The largest or smallest in each ranking group; a doubtful row makes its whole group doubtful."""
        before, self.doubt = self.doubt, None
        value = self.evaluate(x)
        self._spread(before)
        found = np.full(int(self.groups.max(initial=-1)) + 1, np.nan)
        choose.at(found, self.groups, np.broadcast_to(value.array, self.groups.shape))
        known = found[~np.isnan(found)]
        low, high = (float(known.min()) - value.error, float(known.max()) + value.error) if known.size else (0.0, 0.0)
        denominator: Denominator = UNKNOWN if isinstance(value.denominator, Varying) else value.denominator
        return Value(found.take(self.groups), low, high, value.error, value.whole, value.blanks, denominator)

    def _spread(self, before: Mask | None) -> None:
        """Doubt about any row of a group becomes doubt about the whole group."""
        inner, self.doubt = self.doubt, before
        if inner is not None:
            self.in_doubt(np.isin(self.groups, self.groups[inner]))

    def f_if_blank(self, _: Call, x: Tree, y: Tree) -> Value:
        return self.if_blank(self.evaluate(x), self.evaluate(y))

    def if_blank(self, a: Value, b: Value) -> Value:
        if not a.blanks:
            return a
        array = np.where(np.isnan(a.array), b.array, a.array)
        low, high, error = min(a.low, b.low), max(a.high, b.high), max(a.error, b.error)
        denominator = common(a.denominator, b.denominator)
        return Value(array, low, high, error, a.whole and b.whole, b.blanks, denominator)

    def f_blank(self, _: Call, x: Tree) -> Value:
        if isinstance(x, Name) and isinstance(texts := self.lookup(x.id), Texts):
            return vector.truth(texts.codes < 0)
        return vector.truth(np.isnan(self.evaluate(x).array))

    def f_round_half_up(self, _: Call, x: Tree, places: Tree) -> Value:
        value, shift = self.evaluate(x), int(self.evaluate(places).low)
        units, doubt = vector_decide.rounded(value, shift, "half_up")
        self.in_doubt(doubt)
        low, high, whole = value.low - 10.0**-shift, value.high + 10.0**-shift, shift == 0
        return vector.made(units / 10.0**shift, low, high, 0.0, whole, value.blanks, 10**shift)

    def f_log(self, _: Call, x: Tree) -> Value:
        array = self.evaluate(x).array
        return vector.column(np.log(np.where(array > 0, array, np.nan)), UNKNOWN)
