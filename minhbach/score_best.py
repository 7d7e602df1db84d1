"""The best and worst of ranking groups, exactly: only units whose floats come near the edge are looked at closely."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from minhbach import formula_exact, vector
from minhbach.formula import Call, Tree
from minhbach.vector import Mask
from minhbach.vector_exact import Rows, picked

Column = Callable[[str, Tree], tuple[vector.Value, Mask | None]]
OfRow = Callable[[int], formula_exact.Value]


class Extremes:
    """Remembers the exact extreme of every formula in every ranking group."""

    def __init__(self, groups: npt.NDArray[np.intp], column: Column) -> None:
        """`column` gives the floats of a formula of a node over all units, and the rows in doubt."""
        self.groups = groups
        self.column = column
        self._columns: dict[tuple[str, int], tuple[Call, vector.Value, Mask | None]] = {}
        self._found: dict[tuple[str, int, int], Fraction | None] = {}

    def of(self, node_id: str, call: Call, row: int, of_row: OfRow) -> Fraction | None:
        """The largest (best) or smallest (worst) value in the group of a unit; None if all are blank.

        `of_row` gives the exact value of the formula for a unit.
        """
        key = (node_id, id(call), int(self.groups[row]))  # _columns keeps the call, so its id stays its own
        if key not in self._found:
            values = self._near_the_edge(node_id, call, key[2], of_row)
            self._found[key] = (max if call.function == "best" else min)(values, default=None)
        return self._found[key]

    def _near_the_edge(self, node_id: str, call: Call, group: int, of_row: OfRow) -> set[Fraction]:
        """The different exact values among the units that may have the extreme.

        With every float wrong by at most e, the float of that unit is within 2e of the extreme of the floats.
        """
        if (node_id, id(call)) not in self._columns:
            self._columns[node_id, id(call)] = (call, *self.column(node_id, call.arguments[0]))
        _, value, doubt = self._columns[node_id, id(call)]
        rows = self._members[group]
        floats = picked(value.array, rows)
        unsure = np.zeros(rows.shape, dtype=bool) if doubt is None else doubt[rows]
        choose = np.fmax if call.function == "best" else np.fmin
        edge = choose.reduce(floats[~unsure], initial=np.nan)
        with np.errstate(invalid="ignore"):
            near = rows[~unsure & (np.abs(floats - edge) <= 3 * value.error)]
        numerators, denominators = vector.fraction(value, near)
        known = zip(numerators.tolist(), denominators.tolist(), strict=True)
        values = {Fraction(above, below) for above, below in set(known) if below}
        closely = (of_row(int(row)) for row in (*near[denominators == 0], *rows[unsure]))
        return values | {formula_exact.number(each) for each in closely if each is not None}

    @cached_property
    def _members(self) -> list[Rows]:
        """The rows of every group."""
        order = np.argsort(self.groups, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.groups[order])) + 1)
