"""What the scoring stage hands over: exact points as text, and one unit worked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from minhbach.formula_print import shown_exact, worked
from minhbach.numbers import exact_text, round_exact, show
from minhbach.score import Points

COLUMNS = ["unit_id", "node_id", "points", "max_points", "share", "exact"]
PLACES = 12


def scores(points: Points) -> pd.DataFrame:
    """The table of scores.csv, from rationals.

    `points` and `share` are decimals with at most 12 places; `exact` is the rational itself, empty for a node with
    a logarithm or root. A node that does not apply, or is blank, has empty texts.
    """
    framework = points.framework
    rows = [
        (unit_id, node_id, *_row(points, node_id, row))
        for row, unit_id in enumerate(points.answers.unit_ids)
        for node_id in framework.nodes
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str").sort_values(["unit_id", "node_id"], ignore_index=True)


def _row(points: Points, node_id: str, row: int) -> tuple[str, str, str, str]:
    value, top = points.exactly.points(node_id, row), points.exactly.maximum(node_id, row)
    left_out = points.exactly.left_out(node_id, row)
    maximum = "" if top is None or left_out else decimal(top)
    if value is None:
        return "", maximum, "", ""
    share = decimal(value / top) if top else ""
    exact = "" if node_id in points.framework.inexact else f"{value.numerator}/{value.denominator}"
    return decimal(value), maximum, share, exact


def decimal(value: Fraction) -> str:
    """A rational as a decimal text with at most 12 places."""
    return exact_text(round_exact(value, PLACES, "half_even"))


def by_hand(points: Points, row: int, language: str) -> Iterator[tuple[str, str, Fraction | None]]:
    """Each node of one unit in the order of computation: id, the worked line, and the value the line has."""
    framework, exactly = points.framework, points.exactly
    for node_id in framework.order:
        value = exactly.points(node_id, row)
        tree = framework.formulas.get(node_id)

        def shown(name: str, node_id: str = node_id) -> str:
            if name == "max_points":
                return shown_exact(framework.nodes[node_id].max_points, language)
            known = exactly.points(name, row) if name in framework.nodes else points.answers.exact(name, row)
            return _short(known, language)

        parts = [child for child in framework.nodes[node_id].children if not exactly.left_out(child, row)]
        line = worked(tree, language, shown) if tree else " + ".join(shown(child) for child in parts)
        yield node_id, f"{node_id} = {line} = {_short(value, language)}", value


def _short(value: object, language: str) -> str:
    """A rational in full when it is short, otherwise with 6 decimals."""
    if not isinstance(value, Fraction) or len(exact_text(value)) <= 8:
        return shown_exact(value, language)
    return "≈ " + show(value, 6, language)
