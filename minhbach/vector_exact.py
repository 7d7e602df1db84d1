"""What is known exactly of columns of floats: a number by which every value becomes whole.

A *denominator* of a column is a number L such that value × L is whole in every row; it need not be the least one, and
where a value is blank it may be anything. Where a float is within 1/8 of 1/L of its value, rounding float × L gives
the numerator without any error, and decisions are made with whole numbers instead of a formula's full rationals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LARGEST = 2**53  # of a denominator
CERTAIN = 2.0**50  # float × L is itself rounded, by at most 2**-53 of it: 1/8 below this
WIDEST = 2.0**62  # of a product of whole numbers; the sum or difference of two is a whole number of 64 bits
DEEPEST = 100  # how many columns a denominator may rest on, one above the other
UNKNOWN = 0

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Wholes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Varying:
    """A denominator that is found for some rows at a time; `depth` is how many others it rests on."""

    of_rows: Callable[[Rows], Wholes]
    depth: int


Denominator = int | Varying


def at(denominator: Denominator, rows: Rows) -> Wholes:
    """The denominators of some rows; UNKNOWN where there is none of at most LARGEST."""
    if isinstance(denominator, Varying):
        return denominator.of_rows(rows)
    return np.full(rows.shape, denominator if denominator <= LARGEST else UNKNOWN, dtype=np.int64)


def picked(array: npt.NDArray[Any], rows: Rows) -> npt.NDArray[Any]:
    """Some rows of a column, or of one value for all rows."""
    return array[rows] if array.ndim else np.broadcast_to(array, rows.shape)


def varying(of_rows: Callable[[Rows], Wholes], *below: Denominator) -> Denominator:
    """A denominator that rests on others; unknown if the pile becomes too high to climb."""
    depth = 1 + max((each.depth for each in below if isinstance(each, Varying)), default=0)
    return Varying(of_rows, depth) if depth <= DEEPEST and UNKNOWN not in below else UNKNOWN


def common(a: Denominator, b: Denominator) -> Denominator:
    """A denominator of a sum, a choice, a minimum …: the least common multiple."""
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    if isinstance(a, int) and isinstance(b, int):
        return _known(math.lcm(a, b))

    def of_rows(rows: Rows) -> Wholes:
        x, y = at(a, rows), at(b, rows)
        return _product(x // np.maximum(np.gcd(x, y), 1), y)

    return varying(of_rows, a, b)


def of_numbers(denominators: Iterable[int]) -> int:
    """A denominator of numbers with these denominators."""
    found = 1
    for each in set(denominators):
        found = _known(math.lcm(found, each))
    return found


def product(a: Denominator, b: Denominator) -> Denominator:
    """A denominator of a product."""
    if isinstance(a, int) and isinstance(b, int):
        return _known(a * b)
    if 1 in (a, b):
        return b if a == 1 else a
    return varying(lambda rows: _product(at(a, rows), at(b, rows)), a, b)


def quotient(a: Denominator, b: Denominator, below: Floats, error: float) -> Denominator:
    """A denominator of a / b: with a = A / L and b = B / M, the quotient is A·M / (L·B).

    `below`: the floats of b, each wrong by at most `error`.
    """

    def of_rows(rows: Rows) -> Wholes:
        x, (numerators, y) = at(a, rows), fractions(below, error, b, rows)
        result = _product(x // np.maximum(np.gcd(x, y), 1), np.abs(numerators))
        floats = picked(below, rows)
        return np.where((floats == 0) | np.isnan(floats), 1, result)  # the quotient is blank

    return varying(of_rows, a, b)


def except_for(rows_out: npt.NDArray[np.bool_], denominator: Denominator) -> Denominator:
    """A denominator that is unknown in the rows where the mask holds."""
    return varying(lambda rows: np.where(rows_out[rows], UNKNOWN, at(denominator, rows)), denominator)


def fractions(array: Floats, error: float, denominator: Denominator, rows: Rows) -> tuple[Wholes, Wholes]:
    """Numerators and denominators of some rows; both 0 where they are not certain.

    Proof: |float·L − value·L| <= error·L < 1/8, the product float·L is rounded by at most 2**-53 · 2**50 = 1/8, and
    value·L is whole; the nearest whole number therefore is value·L.
    """
    denominators = at(denominator, rows)
    with np.errstate(all="ignore"):
        scaled = picked(array, rows) * denominators
        certain = (denominators > 0) & (np.abs(scaled) < CERTAIN) & (error * denominators < 0.125)
    return np.where(certain, np.rint(scaled), 0).astype(np.int64), np.where(certain, denominators, UNKNOWN)


def order(a: tuple[Wholes, Wholes], b: tuple[Wholes, Wholes]) -> tuple[Wholes, npt.NDArray[np.bool_]]:
    """-1, 0 or 1 as a is below, equal to or above b; and where that is known."""
    (above, below), (other_above, other_below) = a, b
    known = (below > 0) & (other_below > 0)
    known &= (np.abs(above) * 1.0 * other_below < WIDEST) & (np.abs(other_above) * 1.0 * below < WIDEST)
    return np.sign(above * other_below - other_above * below), known


def rounded(numerators: Wholes, denominators: Wholes, places: int, mode: str) -> Floats:
    """Fractions in units of 10**-places, rounded to integers; NaN where that is not certain."""
    known = denominators > 0
    if not 0 <= places <= 18:
        return np.full(known.shape, np.nan)
    known &= np.abs(numerators) * (2.0 * 10.0**places) + denominators < WIDEST
    below = np.where(known, denominators, 1)
    units, rest = np.divmod(np.where(known, np.abs(numerators), 0) * 10**places, below)
    match mode:
        case "half_up":
            units += 2 * rest >= below
        case "half_even":
            units += 2 * rest + units % 2 > below
        case _:
            assert mode == "down", mode
    return np.where(known, np.sign(numerators) * units.astype(np.float64), np.nan)


def _known(denominator: int) -> int:
    return denominator if denominator <= LARGEST else UNKNOWN


def _product(a: Wholes, b: Wholes) -> Wholes:
    """a · b, unknown where that is too large."""
    return np.where(a * 1.0 * b <= LARGEST, a * b, UNKNOWN)
