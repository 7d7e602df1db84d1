"""Decisions on points: rounded values, thresholds reached, order. Each equals what rationals would say."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from minhbach import vector, vector_decide, vector_exact
from minhbach.errors import MinhbachError
from minhbach.numbers import round_exact
from minhbach.parts import Share
from minhbach.score import Points
from minhbach.vector import Mask, Value
from minhbach.vector_exact import Floats

LARGEST = 2.0**51


def value_of(points: Points, node_id: str, on: str) -> Value:
    """The column a decision looks at: points, or points as a share of the maximum."""
    return points.share(node_id) if on == "share" else points.values[node_id]


def exact_of(points: Points, node_id: str, on: str) -> Callable[[int], Fraction | None]:
    """The exact value of one unit (by row) that a decision looks at."""
    exactly = points.exactly
    return lambda row: exactly.share(node_id, row) if on == "share" else exactly.points(node_id, row)


def rounded(points: Points, node_id: str, on: str, places: int) -> Floats:
    """The values in units of 10**-places, as whole floats; NaN is blank."""
    value = value_of(points, node_id, on)
    largest = float(np.nanmax(np.abs(value.array), initial=0.0))
    if largest * 10.0**places > LARGEST:
        message = (
            f"{node_id} reaches {largest:.6g}; with {places} decimals that is more than can be rounded. Use fewer."
        )
        raise MinhbachError(message)
    mode = points.framework.rounding.mode
    with np.errstate(all="ignore"):
        units, doubt = vector_decide.rounded(value, places, mode)
    exact = exact_of(points, node_id, on)
    for row in np.flatnonzero(doubt) if doubt is not None else ():
        known = exact(int(row))
        units[row] = np.nan if known is None else float(round_exact(known, places, mode) * 10**places)
    return units + 0.0  # no negative zero


def reached(points: Points, node_id: str, threshold: Fraction, on: str, places: int | None) -> Mask:
    """Where the value, rounded to `places` or exact (None), is at least the threshold; a blank is not.

    A `Share` threshold on points is that part of the unit's own maximum.
    """
    limits = _limits(points, node_id, threshold, on)
    if places is not None:
        units = rounded(points, node_id, on, places)
        least = np.array([math.ceil(limit * 10**places) for limit in limits], dtype=np.float64)
        return units >= least
    value, limit = value_of(points, node_id, on), np.array([float(limit) for limit in limits])
    denominator = vector_exact.of_numbers(each.denominator for each in limits)
    edge = vector.column(limit, denominator) if len(limits) > 1 else vector.constant(limits[0])
    array, doubt = vector_decide.level(value, edge)
    result = np.array(array >= limit)
    exact = exact_of(points, node_id, on)
    for row in np.flatnonzero(doubt) if doubt is not None else ():
        known = exact(int(row))
        result[row] = known is not None and known >= limits[row % len(limits)]
    return result


def _limits(points: Points, node_id: str, threshold: Fraction, on: str) -> list[Fraction]:
    """The threshold in the unit of the values: one for all, or one per unit where maxima differ."""
    if on == "share" or not isinstance(threshold, Share):
        return [Fraction(threshold)]
    maximum = points.maxima[node_id]
    assert maximum is not None, node_id
    rows = range(len(points.answers.units)) if maximum.array.ndim else range(1)
    return [Fraction(threshold) * (points.exactly.maximum(node_id, row) or 0) for row in rows]


def order(points: Points, node_id: str, on: str, places: int | None) -> npt.NDArray[np.float64]:
    """Numbers that stand in the same order as the rounded or exact (None) values, equal where those are equal."""
    if places is not None:
        return rounded(points, node_id, on, places)
    value, exact = value_of(points, node_id, on), exact_of(points, node_id, on)
    present = np.flatnonzero(~np.isnan(value.array))
    rows = present[np.argsort(value.array[present], kind="stable")]
    tolerance = max(2 * value.error, vector_decide.NEAR * value.size)
    apart = np.diff(value.array[rows], prepend=-np.inf) > 2 * tolerance
    starts, fractions = np.flatnonzero(apart), vector.fraction(value, rows)
    ends = np.append(starts[1:], len(rows))
    for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
        known = zip(*(each[start:end].tolist() for each in (rows, *fractions)), strict=True)
        values = {row: Fraction(above, below) if below else exact(row) or Fraction(0) for row, above, below in known}
        alike = sorted(values, key=values.__getitem__)
        rows[start:end] = alike
        apart[start + 1 : end] = [values[row] > values[before] for before, row in pairwise(alike)]
    result = np.full(value.array.shape, np.nan)
    result[rows] = np.cumsum(apart) - 1.0
    return result
