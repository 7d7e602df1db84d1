"""How many decimals of a number are certain when it is computed with floats, by the proven bounds of `vector`.

A spreadsheet computes with the same floats. Rounding to a decimal that is far coarser than the error and far finer than
anything that decides makes equal values equal again; a decision can then only differ from the exact one where the
exact values differ by less than that decimal, and the comparison of results would name it.
"""

from __future__ import annotations

from math import floor, isfinite, log10

import numpy as np

from minhbach import formula_exact
from minhbach.formula import Call, Tree, is_inexact
from minhbach.formula_eval import Evaluator
from minhbach.score import Points
from minhbach.score_exact import Row
from minhbach.vector import UNIT, Texts, Value, constant

SLACK = 64.0
MOST, FALLBACK = 14, 9


def places(error: float) -> int:
    """Decimals that are certain when a number is wrong by at most `error`, with slack."""
    if not isfinite(error):
        return FALLBACK
    return MOST if error == 0 else max(0, min(MOST, floor(-log10(SLACK * error))))


def of_value(value: Value, *limits: float) -> int:
    """Decimals that are certain of a column, also when one of the limits is taken off it."""
    return places(value.error + 4 * UNIT * max([value.size, *limits]))


class Certain:
    """Columns of parts of formulas, as the formulas of a node see them."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._columns: dict[str, Value | Texts] = {}
        self._known: dict[tuple[str, Tree], int | None] = {}

    def column(self, node_id: str, tree: Tree) -> Value:
        """The floats of a formula over all units."""

        def lookup(name: str) -> Value | Texts:
            if name == "max_points":
                return constant(self.points.framework.nodes[node_id].max_points)
            if name in self.points.values:
                return self.points.values[name]
            if name not in self._columns:
                self._columns[name] = self.points.answers.column(name)
            return self._columns[name]

        with np.errstate(all="ignore"):
            return Evaluator(lookup, self.points.groups).evaluate(tree)

    def places(self, node_id: str, tree: Tree) -> int | None:
        """Decimals of a formula that are certain; None where it is a whole number without any error."""
        key = (node_id, tree)
        if key not in self._known:
            value = self.column(node_id, tree)
            self._known[key] = None if value.whole else of_value(value)
        return self._known[key]

    def values(self, node_id: str, tree: Tree) -> list[float | str]:
        """What a part of a formula gives for each unit, exact where it can be; an empty text is blank."""
        rows = range(len(self.points.answers.units))
        if is_inexact(tree):
            array = np.broadcast_to(self.column(node_id, tree).array, self.points.groups.shape)
            return ["" if np.isnan(each) else float(each) for each in array]
        found = [formula_exact.evaluate(tree, Row(self.points.exactly, node_id, row)) for row in rows]
        return ["" if each is None else each if isinstance(each, str) else float(each) for each in found]

    def of_groups(self, node_id: str, call: Call) -> list[float | str]:
        """What a `best` or `worst` gives for each ranking group, in the order of their numbers."""
        by_unit = self.values(node_id, call)
        found = dict(zip(self.points.groups.tolist(), by_unit, strict=True))
        return [found[number] for number in sorted(found)]
