"""Columns of floats that know how wrong they can be.

Every value carries bounds of its numbers and a proven bound of its rounding error (forward error analysis with the
unit roundoff 2**-53, as in Higham, Accuracy and Stability of Numerical Algorithms, chapter 3). Where a decision (a
comparison, a step, a rounding) lies within that bound, the row is *in doubt* (`vector_decide`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from minhbach import vector_exact
from minhbach.vector_exact import UNKNOWN, Denominator, Floats, Rows, Wholes

UNIT = 2.0**-53
LARGEST_WHOLE = 2.0**53
TINY = 2.0**-1074  # the smallest float: what a result loses that is too small for a float

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Value:
    """A column (or one number for all units): NaN is blank; `whole` means integers without any error.

    In rows that are not in doubt the exact value lies between `low` and `high`, the float is wrong by at most `error`,
    and value × `denominator` is whole.
    """

    array: Floats
    low: float
    high: float
    error: float
    whole: bool
    blanks: bool
    denominator: Denominator

    @property
    def size(self) -> float:
        """The largest absolute value there can be."""
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of texts as codes into `options`; -1 is blank."""

    codes: npt.NDArray[np.intp]
    options: tuple[str, ...]


def column(array: Floats, denominator: Denominator) -> Value:
    """A column of answers, whole if their denominator is 1; decimals carry the error of being rounded once."""
    low, high = float(array.min(initial=np.inf)), float(array.max(initial=-np.inf))
    blanks = low != low
    if blanks:
        low, high = float(np.fmin.reduce(array)), float(np.fmax.reduce(array))
    if not low <= high:  # there is no value at all
        low = high = 0.0
    size = max(abs(low), abs(high))
    whole = denominator == 1 and size < LARGEST_WHOLE
    return Value(array, low, high, 0.0 if whole else UNIT * size, whole, blanks, denominator)


def constant(number: Any) -> Value:
    """One exact number (a rational) for all units."""
    value = float(number)
    whole = number.denominator == 1 and abs(value) < LARGEST_WHOLE
    error = 0.0 if whole else UNIT * abs(value)
    return Value(np.float64(value), value, value, error, whole, False, number.denominator)  # type: ignore[arg-type]


def made(
    array: Floats, low: float, high: float, error: float, whole: bool, blanks: bool, denominator: Denominator
) -> Value:
    """A computed column; its own rounding is added to the error unless it is whole.

    Where the bounds are beyond floats the error is infinite, and so every row is in doubt.
    """
    size = max(abs(low), abs(high)) + error
    if not np.isfinite(size):
        return Value(array, -np.inf, np.inf, np.inf, False, True, UNKNOWN)
    whole = whole and size < LARGEST_WHOLE
    error = 0.0 if whole else _above(error + UNIT * _above(size) + TINY)
    return Value(array, low, high, error, whole, blanks, denominator)


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
        vector_exact.common(a.denominator, b.denominator),
    )


def negative(a: Value) -> Value:
    """-a."""
    return Value(-a.array, -a.high, -a.low, a.error, a.whole, a.blanks, a.denominator)


def multiply(a: Value, b: Value) -> Value:
    """a * b."""
    corners = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    error = a.size * b.error + b.size * a.error + a.error * b.error
    whole, denominator = a.whole and b.whole, vector_exact.product(a.denominator, b.denominator)
    return made(a.array * b.array, min(corners), max(corners), error, whole, a.blanks or b.blanks, denominator)


def divide(a: Value, b: Value) -> tuple[Value, Mask | None]:
    """a / b, blank where b is 0; and where it cannot be told whether b is 0.

    The error, elsewhere: with A for the float of a and B for that of b, A/B - a/b = (A-a)/b + A/B · (b-B)/b. The
    largest A/B is read off the column itself, since the bounds of a and b alone would allow quotients that no row has.
    """
    crosses = b.low <= 0 <= b.high
    below = np.where(b.array == 0, np.nan, b.array) if crosses else b.array
    doubt = np.abs(b.array) <= 2 * b.error if crosses and b.error else None
    certain = below if doubt is None else np.where(doubt, np.nan, below)
    array, blanks = a.array / below, a.blanks or b.blanks or crosses
    smallest = max((1.0 if b.whole else _edges(np.abs(certain))[0]) - b.error, 0.0)
    if not smallest:
        return made(array, -np.inf, np.inf, np.inf, False, True, UNKNOWN), doubt
    low, high = _edges(array if doubt is None else a.array / certain)
    size = _above(max(abs(low), abs(high)) + TINY)
    error = _above((a.error + _above(size) * b.error) / smallest)
    slack = _above(error + UNIT * size + TINY)
    low = 0.0 if a.low >= 0 and b.low >= 0 else low - slack
    high = 0.0 if a.high <= 0 and b.low >= 0 else high + slack
    denominator = vector_exact.quotient(a.denominator, b.denominator, b.array, b.error)
    return made(array, low, high, error, False, blanks, denominator), doubt


def _edges(array: Floats) -> tuple[float, float]:
    """The smallest and largest of a column that are not blank; 1 if all are."""
    low, high = (choose.reduce(array, axis=None, initial=np.nan) for choose in (np.fmin, np.fmax))
    return (float(low), float(high)) if low == low else (1.0, 1.0)


def blank_where(mask: Mask | Any, array: Floats) -> Floats:
    """The floats with blanks where the mask holds."""
    return np.where(mask, np.nan, array)


def blanked(a: Value, mask: Mask) -> Value:
    """The column with blanks where the mask holds."""
    return Value(blank_where(mask, a.array), a.low, a.high, a.error, a.whole, True, a.denominator)


def truth(result: Mask | Any, *operands: Value) -> Value:
    """1 and 0 from a condition, blank where an operand is blank."""
    array = np.asarray(result, dtype=np.float64)
    blanks = [operand for operand in operands if operand.blanks]
    for operand in blanks:
        array = blank_where(np.isnan(operand.array), array)
    return Value(array, 0.0, 1.0, 0.0, True, bool(blanks), 1)


def fraction(a: Value, rows: Rows) -> tuple[Wholes, Wholes]:
    """Exact numerators and denominators of some rows; both 0 where they are not certain."""
    return vector_exact.fractions(a.array, a.error, a.denominator, rows)
