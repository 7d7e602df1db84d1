"""The value of a ranking when the weights of its parts are others: columns over all draws and units, and rationals.

The rows are the units of the first draw, then those of the second, and so on. Weights are whole numbers; a part that
counts twice as much has twice its points and twice its maximum.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import cast

import numpy as np
import numpy.typing as npt

from minhbach import decide, vector
from minhbach.model import Ranking
from minhbach.rank import rank_places
from minhbach.score import Points
from minhbach.vector import Mask, Value
from minhbach.vector_exact import Floats, Rows, Varying, at, varying

Factors = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """What a node has in all rows: points, what it could have, its maximum with nothing left out, where it is out."""

    points: Value
    top: Value | None
    full: Value | None
    out: Mask | None


@dataclass(frozen=True)
class ExactParts:
    """The same of one row, in rationals; `points` is None where it is blank."""

    points: Fraction | None
    top: Fraction
    full: Fraction
    out: bool


class Drawn:
    """What a ranking compares under other weights; `decide` asks it as it asks `Points`."""

    def __init__(
        self, points: Points, ranking: Ranking, nodes: tuple[str, ...], factors: Factors, without: str = ""
    ) -> None:
        """`factors` are the weights, draws × `nodes`, scaled to the printed total; with `without`, a part is gone."""
        self.base, self.ranking, self.framework = points, ranking, points.framework
        self.nodes = {node_id: place for place, node_id in enumerate(nodes)}
        self.factors, self.without = factors, without
        self.units = len(points.answers.units)
        with np.errstate(all="ignore"):
            self.values = {ranking.by: self._value()}
        self.exactly = self

    def keys(self) -> Floats:
        """Numbers in the order of the values, rounded as the ranking rounds them; exact where floats are in doubt."""
        rounding = self.framework.rounding
        places = rank_places(self.ranking, rounding.rank_on, rounding.shown, rounding.share)
        # Only `values`, `exactly` and `framework` are asked for.
        return decide.order(cast(Points, self), self.ranking.by, "points", places)

    def points(self, node_id: str, row: int) -> Fraction | None:
        """The exact value of a row."""
        parts = self._exact_parts(node_id, row)
        if parts.points is None or parts.out:
            return None
        if self.ranking.on == "share":
            return parts.points / parts.top if parts.top else None
        total, drawn = self._total(), int(self.factors[row // self.units].sum())
        scale = Fraction(1) if self.without else (total / parts.full if total else Fraction(len(self.nodes), drawn))
        return parts.points * scale

    def _value(self) -> Value:
        parts = self._parts(self.ranking.by)
        value = parts.points
        if self.ranking.on == "share" and parts.top is not None:
            value = vector.divide(value, parts.top)[0]
        elif not self.without:
            total, full = self._total(), parts.full
            if not total or full is None:
                total = Fraction(len(self.nodes))
                full = reduce(vector.add, (self._factor(each) for each in self.nodes))
            value = vector.divide(vector.multiply(value, vector.constant(total)), full)[0]
        return value if parts.out is None else vector.blanked(value, parts.out)

    def _total(self) -> Fraction:
        """The printed maximum of what is ranked, to which weights are scaled; 0 where it has none."""
        return Fraction(self.framework.nodes[self.ranking.by].max_points or 0)

    # Columns ----------------------------------------------------------------------------------------------------

    def _parts(self, node_id: str) -> Parts:
        node, mask = self.framework.nodes[node_id], self.base.left_out[node_id]
        out = None if mask is None else np.tile(mask, len(self.factors))
        if node_id in self.nodes:
            return Parts(*self._weighted(node_id), out)
        below = [self._parts(child) for child in node.children if child != self.without]
        masks = [each.out for each in below if each.out is not None]
        if len(masks) == len(below):  # nothing may be left of a sum
            out = np.logical_or(np.all(masks, axis=0), False if out is None else out)
        points = reduce(vector.add, (_without(each.points, each.out) for each in below))
        top = full = None
        if node.max_points is not None:
            top = reduce(vector.add, (_without(_some(each.top), each.out) for each in below))
            full = reduce(vector.add, (_some(each.full) for each in below))
        if node.rescale:
            points, top = vector.divide(vector.multiply(points, _some(full)), _some(top))[0], full
        if node.missing == "zero":
            points = _without(points, np.isnan(points.array))
        return Parts(points, top, full, out)

    def _weighted(self, node_id: str) -> tuple[Value, Value | None, Value | None]:
        factor, maximum = self._factor(node_id), self.base.maxima[node_id]
        points = vector.multiply(self._tiled(self.base.values[node_id]), factor)
        if maximum is None:
            return points, None, None
        full = vector.constant(Fraction(self.framework.nodes[node_id].max_points or 0))
        return points, vector.multiply(self._tiled(maximum), factor), vector.multiply(full, factor)

    def _factor(self, node_id: str) -> Value:
        column = np.repeat(self.factors[:, self.nodes[node_id]], self.units)
        return vector.column(column.astype(np.float64), 1)

    def _tiled(self, value: Value) -> Value:
        """A column over the units once for every draw."""
        if not value.array.ndim:
            return value
        known, units = value.denominator, self.units
        array = np.tile(value.array, len(self.factors))

        def of_rows(rows: Rows) -> npt.NDArray[np.int64]:
            return at(known, rows % units)

        below = varying(of_rows, known) if isinstance(known, Varying) else known
        return Value(array, value.low, value.high, value.error, value.whole, value.blanks, below)

    # Rationals --------------------------------------------------------------------------------------------------

    def _exact_parts(self, node_id: str, row: int) -> ExactParts:
        node, exactly = self.framework.nodes[node_id], self.base.exactly
        draw, unit = divmod(row, self.units)
        out = exactly.left_out(node_id, unit)
        if node_id in self.nodes:
            factor = int(self.factors[draw, self.nodes[node_id]])
            points, top = exactly.points(node_id, unit), exactly.maximum(node_id, unit) or Fraction(0)
            full = Fraction(node.max_points or 0) * factor
            return ExactParts(None if points is None else points * factor, top * factor, full, out)
        below = [self._exact_parts(child, row) for child in node.children if child != self.without]
        left = [each for each in below if not each.out]
        values = [each.points for each in left if each.points is not None]
        total = sum(values, Fraction(0)) if len(values) == len(left) else None
        top = sum((each.top for each in left), Fraction(0))
        full = sum((each.full for each in below), Fraction(0))
        if node.rescale:
            total = total * full / top if total is not None and top else None
            top = full
        if total is None and node.missing == "zero":
            total = Fraction(0)
        return ExactParts(total, top, full, out or not left)


def _some(value: Value | None) -> Value:
    assert value is not None
    return value


def _without(value: Value, out: Mask | None) -> Value:
    """The column with 0 where it is left out."""
    if out is None:
        return value
    array, low, high = np.where(out, 0.0, value.array), min(value.low, 0.0), max(value.high, 0.0)
    return Value(array, low, high, value.error, value.whole, value.blanks, value.denominator)
