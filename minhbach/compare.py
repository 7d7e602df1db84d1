"""Printed results beside computed ones. A printed result is a check and never an input."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pandas as pd

from minhbach import decide
from minhbach.model import Comparison
from minhbach.numbers import exact_text, round_exact
from minhbach.score import Points

COLUMNS = ["unit_id", "comparison", "computed", "printed", "difference", "agrees"]


def comparisons(points: Points, ranks: pd.DataFrame) -> pd.DataFrame:
    """The table of comparisons.csv: computed and printed value, difference, and whether it is within the tolerance.

    `agrees` is yes or no, and empty where either value is missing.
    """
    rows = [
        (unit_id, each.id, *_row(each, _computed(points, ranks, each)(row), _printed(points, each, row)))
        for each in points.framework.comparisons
        for row, unit_id in enumerate(points.answers.unit_ids)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["unit_id", "comparison"], ignore_index=True)


def _printed(points: Points, comparison: Comparison, row: int) -> Fraction | None:
    value = points.answers.exact(comparison.field, row)
    return value if isinstance(value, Fraction) else None


def _computed(points: Points, ranks: pd.DataFrame, comparison: Comparison) -> Callable[[int], Fraction | None]:
    if comparison.on == "rank":
        table = ranks[ranks["ranking"] == comparison.against]
        known = dict(zip(table["unit_id"], table["rank"], strict=True))
        return lambda row: Fraction(known[points.answers.unit_ids[row]] or 0) or None
    exact = decide.exact_of(points, comparison.against, comparison.on)
    places, mode = comparison.decimals, points.framework.rounding.mode

    def value(row: int) -> Fraction | None:
        known = exact(row)
        return known if known is None or places is None else round_exact(known, places, mode)

    return value


def _row(comparison: Comparison, computed: Fraction | None, printed: Fraction | None) -> tuple[str, str, str, str]:
    shown = ["" if value is None else exact_text(value) for value in (computed, printed)]
    if computed is None or printed is None:
        return shown[0], shown[1], "", ""
    difference = computed - printed
    return (
        shown[0],
        shown[1],
        exact_text(difference),
        "yes" if abs(difference) <= comparison.tolerance else "no",
    )
