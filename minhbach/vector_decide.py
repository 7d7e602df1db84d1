"""Decisions on columns of floats: order and rounding, and the rows in which floats cannot tell.

A row lies *on the edge* where a decision is within the error of the floats, or within 1e-9 of it relatively. It is
decided with whole numbers if denominators of the values are known (`vector_exact`). Where they are unknown or too
large, the row stays *in doubt*, and whoever asks decides it with rationals.
"""

from __future__ import annotations

import numpy as np

from minhbach import vector_exact
from minhbach.vector import LARGEST_WHOLE, UNIT, Mask, Value, fraction
from minhbach.vector_exact import Floats, picked

NEAR = 1e-9


def level(a: Value, b: Value) -> tuple[Floats, Mask | None]:
    """The floats of a, equal to those of b where the exact values are equal; and rows whose order cannot be told."""
    error = a.error + b.error
    if error == 0:
        return a.array, None
    tolerance = max(2 * error, NEAR * min(a.size, b.size))
    apart = a.array - b.array
    doubt = np.asarray(np.abs(apart) <= tolerance if np.isfinite(tolerance) else ~np.isnan(apart))
    if not doubt.ndim or not doubt.any():
        return a.array, doubt
    rows = np.flatnonzero(doubt)
    order, known = vector_exact.order(fraction(a, rows), fraction(b, rows))
    equal = rows[known & (order == 0)]
    array = np.array(np.broadcast_to(a.array, doubt.shape))
    array[equal] = picked(b.array, equal)
    doubt[rows[known & ((order == 0) | (order == np.sign(apart[rows])))]] = False
    return array, doubt


def rounded(a: Value, places: int, mode: str) -> tuple[Floats, Mask | None]:
    """The column in units of 10**-places, rounded to integers; and the rows in doubt.

    half_up rounds halves away from zero, half_even to the even neighbour, down cuts off.
    """
    scale = 10.0**places
    scaled = a.array * scale
    size = np.abs(scaled)
    if mode == "half_even":
        units = np.rint(scaled)
    else:
        units = np.copysign(np.floor(size + 0.5) if mode == "half_up" else np.floor(size), scaled)
    if a.whole and places == 0:
        return units, None
    tolerance = max(2 * (a.error * scale + UNIT * a.size * scale), NEAR * a.size * scale)
    if not np.isfinite(tolerance) or a.size * scale > LARGEST_WHOLE / 4:
        doubt = ~np.isnan(scaled)
    elif a.whole:
        return units, None
    else:
        edge = size - np.floor(size)
        doubt = (np.minimum(edge, 1 - edge) if mode == "down" else np.abs(edge - 0.5)) <= tolerance
    return _settled(a, units, doubt, places, mode)


def _settled(a: Value, units: Floats, doubt: Mask, places: int, mode: str) -> tuple[Floats, Mask]:
    """The rows in doubt rounded by their exact fractions, where those are known."""
    rows = np.flatnonzero(doubt)
    if doubt.ndim and rows.size:
        exact = vector_exact.rounded(*fraction(a, rows), places, mode)
        known = ~np.isnan(exact)
        units[rows[known]] = exact[known]
        doubt[rows[known]] = False
    return units, doubt
