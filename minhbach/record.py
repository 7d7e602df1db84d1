"""What the scoring stage hands over: exact points as text, and one unit worked by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import pandas as pd

from minhbach import compare, levels, rank
from minhbach.errors import MinhbachError
from minhbach.formula import Call, Name, Tree, rewritten
from minhbach.formula_exact import compiled
from minhbach.formula_print import shown_exact, worked
from minhbach.numbers import exact_text, round_exact, show
from minhbach.score import Points

COLUMNS = ["unit_id", "node_id", "points", "max_points", "share", "exact"]
PLACES = 12
MAX_BITS = 13_000


def tables(points: Points) -> dict[str, pd.DataFrame]:
    """All tables of the scoring stage by name: scores, levels, ranks and comparisons, from the answers alone."""
    ranked = rank.ranks(points)
    compared = compare.comparisons(points, ranked)
    return {"scores": scores(points), "levels": levels.levels(points), "ranks": ranked, "comparisons": compared}


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
    exact = "" if node_id in points.framework.inexact else _ratio_text(value, node_id)
    return decimal(value), maximum, share, exact


def _ratio_text(value: Fraction, node_id: str) -> str:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        message = f"{node_id}: its exact value has more than 4000 digits; round its parts with round_half_up."
        raise MinhbachError(message)
    return f"{value.numerator}/{value.denominator}"


def decimal(value: Fraction) -> str:
    """A rational as a decimal text with at most 12 places."""
    return exact_text(round_exact(value, PLACES, "half_even"))


def by_hand(points: Points, row: int, language: str) -> Iterator[tuple[str, str, Fraction | None]]:
    """Each node of one unit in the order of computation: id, the worked line, and the value the line has."""
    exactly = points.exactly
    for node_id in points.framework.order:
        value = exactly.points(node_id, row)
        line = "" if exactly.left_out(node_id, row) else _line(points, node_id, row, language)
        yield node_id, " = ".join(filter(None, (node_id, line, _short(value, language)))), value


def _line(points: Points, node_id: str, row: int, language: str) -> str:
    """The formula of a node with the unit's numbers put in; of `best` and `worst` the group's number."""
    framework, exactly = points.framework, points.exactly
    extremes: dict[str, Fraction | str | None] = {}

    def extreme(part: Tree) -> Tree | None:
        if not isinstance(part, Call) or part.function not in ("best", "worst"):
            return None
        name = f"{part.function} {len(extremes)}"
        extremes[name] = exactly.extreme(node_id, part, compiled(part.arguments[0]), row)
        return Name(name)

    def shown(name: str) -> str:
        if name == "max_points":
            return shown_exact(framework.nodes[node_id].max_points, language)
        if name in extremes:
            return _short(extremes[name], language)
        known = exactly.points(name, row) if name in framework.nodes else points.answers.exact(name, row)
        return _short(known, language)

    tree = framework.formulas.get(node_id)
    if tree is None:
        return _added(points, node_id, row, shown, language)
    return worked(rewritten(tree, extreme), language, shown)


def _added(points: Points, node_id: str, row: int, shown: Callable[[str], str], language: str) -> str:
    """The sum of the children that count, and how it is scaled up where the framework says so."""
    node, exactly = points.framework.nodes[node_id], points.exactly
    parts = [child for child in node.children if not exactly.left_out(child, row)]
    line = " + ".join(shown(child) for child in parts)
    top = sum((exactly.maximum(child, row) or Fraction(0) for child in parts), Fraction(0))
    if not node.rescale or top == node.max_points:
        return line
    return f"({line}) × {shown('max_points')} / {shown_exact(top, language)}"


def _short(value: object, language: str) -> str:
    """A rational in full when it is short, otherwise with 6 decimals."""
    if not isinstance(value, Fraction) or len(exact_text(value)) <= 8:
        return shown_exact(value, language)
    return "≈ " + show(value, 6, language)
