"""The functions of the formula language over columns of all units."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np
import numpy.typing as npt

from minhbach import vector
from minhbach.formula import Call, Name, Text, Tree
from minhbach.vector import Mask, Texts, Value

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
        self.in_doubt(vector.near(value, vector.constant(0)))
        return np.equal(value.array, 0)

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
        low, high = min(a.low, b.low), min(a.high, b.high)
        return Value(
            np.minimum(a.array, b.array),
            low,
            high,
            max(a.error, b.error),
            a.whole and b.whole,
            a.blanks or b.blanks,
        )

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
        edges = [vector.constant(key.value) for key, _ in call.table]
        for edge in edges:
            self.in_doubt(vector.near(value, edge))
        return self.taken(np.searchsorted([edge.low for edge in edges], value.array, side="right"), call, value)

    def taken(self, index: npt.NDArray[np.intp], call: Call, value: Value) -> Value:
        points = [vector.constant(0), *(vector.constant(number.value) for _, number in call.table)]
        array = np.array([point.low for point in points])[index]
        array = vector.blank_where(np.isnan(value.array), array) if value.blanks else array
        low, high = min(point.low for point in points), max(point.high for point in points)
        error = max(point.error for point in points)
        return Value(array, low, high, error, all(point.whole for point in points), value.blanks)

    def f_choice(self, call: Call, x: Tree) -> Value:
        texts = self.texts(x)
        table = {key.value: number.value for key, number in call.table}
        points = [table.get(option) for option in texts.options]
        array = np.array([*(np.nan if each is None else float(each) for each in points), np.nan])[texts.codes]
        return vector.column(array, all(each is None or each.denominator == 1 for each in points))

    def f_sum(self, _: Call, *arguments: Tree) -> Value:
        return self.total([self.evaluate(argument) for argument in arguments])[0]

    def total(self, values: list[Value]) -> tuple[Value, Value]:
        """The sum of what is not blank, and how many that are; blank when all are."""
        zeros = [self.if_blank(value, vector.constant(0)) for value in values]
        count = reduce(vector.add, (vector.truth(~np.isnan(value.array)) for value in values))
        added = reduce(vector.add, zeros)
        if all(value.blanks for value in values):
            empty = count.array == 0
            added = Value(vector.blank_where(empty, added.array), added.low, added.high, added.error, added.whole, True)
        return added, count

    def f_mean(self, _: Call, *arguments: Tree) -> Value:
        return self.divided(*self.total([self.evaluate(argument) for argument in arguments]))

    def f_weighted_mean(self, _: Call, *arguments: Tree) -> Value:
        values = [self.evaluate(argument) for argument in arguments]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        weights = [self.where_present(x, w) for x, w in pairs]
        return self.divided(self.total([vector.multiply(x, w) for x, w in pairs])[0], self.total(weights)[0])

    def where_present(self, x: Value, w: Value) -> Value:
        array = vector.blank_where(np.isnan(x.array), w.array) if x.blanks else w.array
        return Value(array, w.low, w.high, w.error, w.whole, w.blanks or x.blanks)

    def f_geometric_mean(self, _: Call, *arguments: Tree) -> Value:
        values = [self.evaluate(argument).array for argument in arguments]
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = [np.where(np.isnan(value), 0.0, np.log(np.where(value < 0, np.nan, value))) for value in values]
        wrong = reduce(np.logical_or, (value < 0 for value in values))
        count = reduce(np.add, (~np.isnan(value) * 1.0 for value in values))
        result = np.exp(reduce(np.add, logs) / np.where(count == 0, np.nan, count))
        return vector.column(np.broadcast_to(np.where(wrong, np.nan, result), self.groups.shape), False)

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
        return Value(array, low, high, error, all(value.whole for value in values), blanks)

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
        return Value(found[self.groups], value.low, value.high, value.error, value.whole, value.blanks)

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
        return Value(array, low, high, error, a.whole and b.whole, b.blanks)

    def f_blank(self, _: Call, x: Tree) -> Value:
        if isinstance(x, Name) and isinstance(texts := self.lookup(x.id), Texts):
            return vector.truth(texts.codes < 0)
        return vector.truth(np.isnan(self.evaluate(x).array))

    def f_round_half_up(self, _: Call, x: Tree, places: Tree) -> Value:
        value, shift = self.evaluate(x), int(self.evaluate(places).low)
        units, doubt = vector.rounded(value, shift, "half_up")
        self.in_doubt(doubt)
        slack = 10.0**-shift
        return vector.made(units / 10.0**shift, value.low - slack, value.high + slack, 0.0, shift == 0, value.blanks)

    def f_log(self, _: Call, x: Tree) -> Value:
        array = self.evaluate(x).array
        return vector.column(np.log(np.where(array > 0, array, np.nan)), False)
