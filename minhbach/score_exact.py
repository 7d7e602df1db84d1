"""The points of one node of one unit, in rationals: what every faster way must equal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from minhbach import formula, formula_exact
from minhbach.answers import Answers
from minhbach.formula import Tree
from minhbach.formula_exact import Value


class ExactPoints:
    """Points, maxima and shares of single units; rows are places in `answers.units`, None is blank."""

    def __init__(self, answers: Answers, groups: npt.NDArray[np.intp], as_float: Callable[[str, int], float]) -> None:
        """`as_float` gives the float that stands for a node with a logarithm or root."""
        self.answers, self.groups, self.as_float = answers, groups, as_float
        self.framework = answers.framework
        self._below: dict[str, tuple[str, ...]] = {}
        self._points: dict[tuple[str, int], Fraction | None] = {}
        self._groups: dict[tuple[str, Tree, int], tuple[Value, ...]] = {}

    def points(self, node_id: str, row: int) -> Fraction | None:
        """The points of a node."""
        key = (node_id, row)
        if key not in self._points:
            for below in self._rests_on(node_id):  # from the leaves up, so that no chain of nodes runs deep
                if (below, row) not in self._points:
                    self._points[below, row] = self._compute(below, row)
        return self._points[key]

    def maximum(self, node_id: str, row: int) -> Fraction | None:
        """The most the unit can have at a node: its maximum without the parts that are left out."""
        node = self.framework.nodes[node_id]
        if node.max_points is None or node.rescale or node.formula is not None:
            return node.max_points
        return sum((self.maximum(child, row) or Fraction(0) for child in self._applying(node_id, row)), Fraction(0))

    def share(self, node_id: str, row: int) -> Fraction | None:
        """points / max_points of a node."""
        points, maximum = self.points(node_id, row), self.maximum(node_id, row)
        return points / maximum if points is not None and maximum else None

    def left_out(self, node_id: str, row: int) -> bool:
        """Whether a node does not apply to the unit, or is blank and to be left out."""
        node = self.framework.nodes[node_id]
        if not self.applies(node_id, row) or self._empty(node_id, row):
            return True
        return node.missing == "leave_out" and self.points(node_id, row) is None

    def blank_fields(self, node_id: str, row: int) -> tuple[str, ...]:
        """The answers that make a node of the unit blank, in the order of the form: blank ones, or 0 as a divisor."""
        found: set[str] = set()
        self._collect_blanks(node_id, row, found)
        return tuple(field for field in self.framework.fields if field in found)

    def group(self, node_id: str, tree: Tree, row: int) -> tuple[Value, ...]:
        """The values of a formula for all units of the unit's ranking group."""
        key = (node_id, tree, int(self.groups[row]))
        if key not in self._groups:
            rows = np.flatnonzero(self.groups == self.groups[row])
            self._groups[key] = tuple(formula_exact.evaluate(tree, Row(self, node_id, int(each))) for each in rows)
        return self._groups[key]

    def applies(self, node_id: str, row: int) -> bool:
        """Whether a node's condition does not exclude the unit; a blank condition excludes nobody."""
        tree = self.framework.conditions.get(node_id)
        return tree is None or formula_exact.evaluate(tree, Row(self, node_id, row)) != 0

    def _rests_on(self, node_id: str) -> tuple[str, ...]:
        """The node and all nodes below it, in the order of computation."""
        if node_id not in self._below:
            framework, found = self.framework, {node_id}
            for name in reversed(framework.order[: framework.order.index(node_id) + 1]):
                if name in found:
                    trees = [known[name] for known in (framework.formulas, framework.conditions) if name in known]
                    found.update(framework.nodes[name].children, *(formula.names(tree) for tree in trees))
            self._below[node_id] = tuple(name for name in framework.order if name in found)
        return self._below[node_id]

    def _empty(self, node_id: str, row: int) -> bool:
        """Whether a node is a sum of which no part is left for the unit."""
        node = self.framework.nodes[node_id]
        return node.formula is None and all(self.left_out(child, row) for child in node.children)

    def _applying(self, node_id: str, row: int) -> list[str]:
        return [child for child in self.framework.nodes[node_id].children if not self.left_out(child, row)]

    def _compute(self, node_id: str, row: int) -> Fraction | None:
        if node_id in self.framework.inexact:
            value = self.as_float(node_id, row)
            return Fraction(value) if np.isfinite(value) else None
        if not self.applies(node_id, row) or self._empty(node_id, row):
            return None
        tree = self.framework.formulas.get(node_id)
        value_ = self._sum(node_id, row) if tree is None else formula_exact.evaluate(tree, Row(self, node_id, row))
        if value_ is None:
            return Fraction(0) if self.framework.nodes[node_id].missing == "zero" else None
        return formula_exact.number(value_)

    def _sum(self, node_id: str, row: int) -> Fraction | None:
        node = self.framework.nodes[node_id]
        applying = self._applying(node_id, row)
        values = [self.points(child, row) for child in applying]
        if not applying or None in values:
            return None
        total = sum((value for value in values if value is not None), Fraction(0))
        if not node.rescale:
            return total
        top = sum((self.maximum(child, row) or Fraction(0) for child in applying), Fraction(0))
        return total * Fraction(node.max_points or 0) / top if top else None

    def _collect_blanks(self, node_id: str, row: int, found: set[str]) -> None:
        tree = self.framework.formulas.get(node_id)
        below = formula.names(tree) if tree else frozenset(self.framework.nodes[node_id].children)
        before = len(found)
        for name in below - {"max_points"}:
            if name in self.framework.nodes:
                if self.points(name, row) is None and not self.left_out(name, row):
                    self._collect_blanks(name, row, found)
            elif self.answers.exact(name, row) is None:
                found.add(name)
        if len(found) == before:  # nothing is missing: the formula has no value for these answers, as 0 / 0
            found |= below & set(self.framework.fields)


class Row:
    """The names of one unit, as a formula of `node_id` sees them."""

    def __init__(self, points: ExactPoints, node_id: str, row: int) -> None:
        self.points, self.node_id, self.row = points, node_id, row

    def value(self, name: str) -> Value:
        """The value of a field, a node or max_points."""
        nodes = self.points.framework.nodes
        if name == "max_points":
            return nodes[self.node_id].max_points
        return self.points.points(name, self.row) if name in nodes else self.points.answers.exact(name, self.row)

    def group(self, tree: Tree) -> Iterable[Value]:
        """The values of a formula for all units of the ranking group."""
        return self.points.group(self.node_id, tree, self.row)
