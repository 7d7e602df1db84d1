"""Columns of floats that know how wrong they can be.

Every value carries bounds of its numbers and a proven bound of its rounding error (forward error analysis with the
unit roundoff 2**-53, as in Higham, Accuracy and Stability of Numerical Algorithms, chapter 3). Where a decision (a
comparison, a step, a rounding) lies within that bound, or within 1e-9 of it relatively, the row is *in doubt* and is
decided again with rationals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

UNIT = 2.0**-53
NEAR = 1e-9
LARGEST_WHOLE = 2.0**53
TINY = 2.0**-1074  # the smallest float: what a result loses that is too small for a float

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Value:
    """A column (or one number for all units): NaN is blank; `whole` means integers without any error."""

    array: Floats
    low: float
    high: float
    error: float
    whole: bool
    blanks: bool

    @property
    def size(self) -> float:
        """The largest absolute value there can be."""
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of texts as codes into `options`; -1 is blank."""

    codes: npt.NDArray[np.intp]
    options: tuple[str, ...]


def column(array: Floats, whole: bool) -> Value:
    """A column of answers; decimals carry the error of being rounded to a float once."""
    present = array[~np.isnan(array)]
    low, high = (float(present.min()), float(present.max())) if present.size else (0.0, 0.0)
    size = max(abs(low), abs(high))
    whole = whole and size < LARGEST_WHOLE
    return Value(array, low, high, 0.0 if whole else UNIT * size, whole, present.size < array.size)


def constant(number: Any) -> Value:
    """One exact number (a rational) for all units."""
    value = float(number)
    whole = number.denominator == 1 and abs(value) < LARGEST_WHOLE
    return Value(np.float64(value), value, value, 0.0 if whole else UNIT * abs(value), whole, False)  # type: ignore[arg-type]


def made(array: Floats, low: float, high: float, error: float, whole: bool, blanks: bool) -> Value:
    """A computed column; its own rounding is added to the error unless it is whole.

    Where the bounds are beyond floats the error is infinite, and so every row is in doubt.
    """
    size = max(abs(low), abs(high)) + error
    if not np.isfinite(size):
        return Value(array, -np.inf, np.inf, np.inf, False, True)
    whole = whole and size < LARGEST_WHOLE
    return Value(array, low, high, 0.0 if whole else _above(error + UNIT * _above(size) + TINY), whole, blanks)


def _above(error: float) -> float:
    """A bound that stays above the exact one although it is itself computed with floats."""
    return error * (1 + 64 * UNIT)


def add(a: Value, b: Value) -> Value:
    """a + b."""
    return made(
        a.array + b.array,
        a.low + b.low,
        a.high + b.high,
        a.error + b.error,
        a.whole and b.whole,
        a.blanks or b.blanks,
    )


def negative(a: Value) -> Value:
    """-a."""
    return Value(-a.array, -a.high, -a.low, a.error, a.whole, a.blanks)


def multiply(a: Value, b: Value) -> Value:
    """a * b."""
    corners = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    error = a.size * b.error + b.size * a.error + a.error * b.error
    return made(a.array * b.array, min(corners), max(corners), error, a.whole and b.whole, a.blanks or b.blanks)


def divide(a: Value, b: Value) -> tuple[Value, Mask | None]:
    """a / b, blank where b is 0; and where it cannot be told whether b is 0."""
    crosses = b.low <= 0 <= b.high
    below = np.where(b.array == 0, np.nan, b.array) if crosses else b.array
    doubt = np.abs(b.array) <= 2 * b.error if crosses and b.error else None
    certain = below if doubt is None else np.where(doubt, np.nan, below)
    smallest = (1.0 if b.whole else _smallest(certain)) if crosses else min(abs(b.low), abs(b.high))
    smallest = max(smallest - b.error, 0.0)
    if not smallest:
        return made(a.array / below, -np.inf, np.inf, np.inf, False, True), doubt
    size = (a.size + a.error) / smallest
    low = 0.0 if a.low >= 0 and b.low >= 0 else -size
    high = 0.0 if a.high <= 0 and b.low >= 0 else size
    error = (a.error + size * b.error) / smallest
    return made(a.array / below, low, high, error, False, a.blanks or b.blanks or crosses), doubt


def _smallest(array: Floats) -> float:
    sizes = np.abs(array)
    return float(np.nanmin(sizes)) if np.any(~np.isnan(sizes)) else 1.0


def near(a: Value, b: Value) -> Mask | None:
    """Rows in which the order of a and b cannot be told from floats."""
    error = a.error + b.error
    if error == 0:
        return None
    tolerance = max(2 * error, NEAR * min(a.size, b.size))
    return np.abs(a.array - b.array) <= tolerance if np.isfinite(tolerance) else ~np.isnan(a.array - b.array)


def blank_where(mask: Mask | Any, array: Floats) -> Floats:
    """The column with blanks where the mask holds."""
    return np.where(mask, np.nan, array)


def truth(result: Mask | Any, *operands: Value) -> Value:
    """1 and 0 from a condition, blank where an operand is blank."""
    array = np.asarray(result, dtype=np.float64)
    blanks = [operand for operand in operands if operand.blanks]
    for operand in blanks:
        array = blank_where(np.isnan(operand.array), array)
    return Value(array, 0.0, 1.0, 0.0, True, bool(blanks))


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
        units = np.sign(scaled) * np.floor(size + (0.5 if mode == "half_up" else 0.0))
    if a.whole and places == 0:
        return units, None
    tolerance = max(2 * (a.error * scale + UNIT * a.size * scale), NEAR * a.size * scale)
    if not np.isfinite(tolerance) or a.size * scale > LARGEST_WHOLE / 4:
        return units, ~np.isnan(scaled)
    edge = size - np.floor(size)
    distance = np.minimum(edge, 1 - edge) if mode == "down" else np.abs(edge - 0.5)
    return units, (distance <= tolerance) & ~(np.bool_(a.whole))
