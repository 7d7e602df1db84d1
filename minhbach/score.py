"""From answers to the points of every node: floats for speed, rationals wherever a decision is in doubt.

The result equals full rational evaluation: after each node the rows in doubt are computed again exactly, and every
rounding and threshold asks `Points`, which does the same.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import numpy as np

from minhbach import vector
from minhbach.answers import Answers
from minhbach.errors import MinhbachError
from minhbach.formula import Tree
from minhbach.formula_eval import Evaluator
from minhbach.score_exact import ExactPoints
from minhbach.vector import Mask, Texts, Value
from minhbach.vector_exact import UNKNOWN, except_for


class Points:
    """Points and maxima of every node for every unit.

    `values[node]` and `maxima[node]` are columns over `answers.units` in floats; `exactly` gives single units'
    rationals. A node that does not apply to a unit, or is left out, is blank and counts in no maximum.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.framework = answers.framework
        self.values: dict[str, Value] = {}
        self.maxima: dict[str, Value | None] = {}
        self.left_out: dict[str, Mask | None] = {}
        self._columns: dict[str, Value | Texts] = {}
        self.groups = answers.codes(self._best_within())
        self.exactly = ExactPoints(answers, self.groups, self._float, self._column)
        with np.errstate(all="ignore"):
            for node_id in self.framework.order:
                self._compute(node_id)

    def _best_within(self) -> str | None:
        spec = self.framework.spec
        return spec.best_within or next((ranking.within for ranking in spec.rankings), None)

    def _float(self, node_id: str, row: int) -> float:
        return float(self.values[node_id].array[row])

    def _column(self, node_id: str, tree: Tree) -> tuple[Value, Mask | None]:
        evaluator = self._lookup(node_id)
        with np.errstate(all="ignore"):
            return evaluator.evaluate(tree), evaluator.doubt

    def _lookup(self, node_id: str) -> Evaluator:
        def lookup(name: str) -> Value | Texts:
            if name == "max_points":
                return vector.constant(self.framework.nodes[node_id].max_points)
            if name in self.values:
                return self.values[name]
            if name not in self._columns:
                self._columns[name] = self.answers.column(name)
            return self._columns[name]

        return Evaluator(lookup, self.groups)

    def _compute(self, node_id: str) -> None:
        node = self.framework.nodes[node_id]
        evaluator = self._lookup(node_id)
        out = self._not_applicable(node_id)
        if node_id in self.framework.formulas:
            value = evaluator.evaluate(self.framework.formulas[node_id])
            maximum = None if node.max_points is None else vector.constant(node.max_points)
        else:
            value, maximum, none_left = self._children(node_id)
            out = none_left if out is None else (out if none_left is None else out | none_left)
        if node.missing == "zero":
            value = evaluator.if_blank(value, vector.constant(0))
        value = self._whole_column(value)
        if out is not None:
            value = vector.blanked(value, out)
        doubt = evaluator.doubt if np.isfinite(value.error) else np.ones(self.groups.shape, dtype=bool)
        self.maxima[node_id], self.values[node_id] = maximum, value
        if node_id in self.framework.inexact:
            finite = np.where(np.isfinite(value.array), value.array, np.nan)
            self.values[node_id] = vector.column(finite, UNKNOWN)
        elif doubt is not None:
            self.values[node_id] = self._repaired(node_id, value, doubt)
        if node.missing == "leave_out":
            blank = np.isnan(self.values[node_id].array)
            out = blank if out is None else out | blank
        self.left_out[node_id] = out

    def _whole_column(self, value: Value) -> Value:
        if value.array.ndim:
            return value
        array = np.full(self.groups.shape, value.array)
        return Value(array, value.low, value.high, value.error, value.whole, value.blanks, value.denominator)

    def _not_applicable(self, node_id: str) -> Mask | None:
        tree = self.framework.conditions.get(node_id)
        if tree is None:
            return None
        evaluator = self._lookup(node_id)
        out = np.array(np.broadcast_to(evaluator.zero(evaluator.evaluate(tree)), self.groups.shape))
        for row in () if evaluator.doubt is None else np.flatnonzero(evaluator.doubt):
            out[row] = not self.exactly.applies(node_id, int(row))
        return out

    def _children(self, node_id: str) -> tuple[Value, Value | None, Mask | None]:
        """The sum of the children that apply, the sum of their maxima, and where no child is left."""
        node = self.framework.nodes[node_id]
        masks = [self.left_out[child] for child in node.children]
        masked = [mask for mask in masks if mask is not None]
        none_left = np.all(masked, axis=0) if len(masked) == len(masks) else None
        total = reduce(
            vector.add,
            (_without(self.values[child], mask) for child, mask in zip(node.children, masks, strict=True)),
        )
        if node.max_points is None:
            return total, None, none_left
        full = vector.constant(node.max_points)
        tops = [self.maxima[child] for child in node.children]
        if all(mask is None for mask in masks) and all(top is None or top.array.ndim == 0 for top in tops):
            return total, full, none_left
        top = reduce(
            vector.add,
            (_without(top, mask) for top, mask in zip(tops, masks, strict=True) if top is not None),
        )
        if not node.rescale:
            return total, top, none_left
        return vector.divide(vector.multiply(total, full), top)[0], full, none_left

    def _repaired(self, node_id: str, value: Value, doubt: Mask) -> Value:
        """The column with the exact values in the rows in doubt."""
        array = value.array.copy()
        for row in np.flatnonzero(doubt):
            exact = self.exactly.points(node_id, int(row))
            array[row] = np.nan if exact is None else self._as_float(exact, node_id, int(row))
        found = vector.column(array, 1 if value.whole else UNKNOWN)
        if doubt.all():
            return found
        low, high = min(value.low, found.low), max(value.high, found.high)
        blanks, denominator = value.blanks or found.blanks, except_for(doubt, value.denominator)
        return Value(array, low, high, max(value.error, found.error), found.whole, blanks, denominator)

    def _as_float(self, exact: Fraction, node_id: str, row: int) -> float:
        try:
            return float(exact)
        except OverflowError:
            unit_id = self.answers.unit_ids[row]
            message = (
                f"{self.framework.id}: {node_id} of {unit_id} has more than 300 digits; its formula needs a bound."
            )
            raise MinhbachError(message) from None

    def share(self, node_id: str) -> Value:
        """points / max_points of a node over all units."""
        maximum = self.maxima[node_id]
        assert maximum is not None, node_id
        return vector.divide(self.values[node_id], maximum)[0]


def _without(value: Value, out: Mask | None) -> Value:
    """The column with 0 where it is left out."""
    if out is None:
        return value
    array, low, high = np.where(out, 0.0, value.array), min(value.low, 0.0), max(value.high, 0.0)
    return Value(array, low, high, value.error, value.whole, value.blanks, value.denominator)


def score(answers: Answers) -> Points:
    """The points of every node for every unit (design section 3)."""
    return Points(answers)
