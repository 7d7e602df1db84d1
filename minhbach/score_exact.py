"""The points of one node of one unit, in rationals: what every faster way must equal."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from minhbach import formula, formula_exact
from minhbach.answers import Answers
from minhbach.formula import Call
from minhbach.formula_exact import Exact, Value
from minhbach.framework import Framework
from minhbach.numbers import total
from minhbach.score_best import Column, Extremes


class ExactPoints:
    """Points, maxima and shares of single units; rows are places in `answers.units`, None is blank."""

    def __init__(
        self,
        answers: Answers,
        groups: npt.NDArray[np.intp],
        as_float: Callable[[str, int], float],
        column: Column,
    ) -> None:
        """`as_float` gives the float that stands for a node with a logarithm or root, `column` a formula's floats."""
        self.answers, self.as_float = answers, as_float
        self.framework = answers.framework
        self._always = _always(self.framework)
        self._extremes = Extremes(groups, column)
        self._below: dict[str, tuple[str, ...]] = {}
        self._points: dict[tuple[str, int], Fraction | None] = {}
        self._formulas: dict[str, Exact] = {}
        self._conditions: dict[str, Exact] = {}

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
        return total([self.maximum(child, row) or Fraction(0) for child in self._applying(node_id, row)])

    def share(self, node_id: str, row: int) -> Fraction | None:
        """points / max_points of a node."""
        points, maximum = self.points(node_id, row), self.maximum(node_id, row)
        return points / maximum if points is not None and maximum else None

    def left_out(self, node_id: str, row: int) -> bool:
        """Whether a node does not apply to the unit, or is blank and to be left out."""
        if node_id in self._always:
            return False
        if not self.applies(node_id, row) or self._empty(node_id, row):
            return True
        node = self.framework.nodes[node_id]
        return node.missing == "leave_out" and self.points(node_id, row) is None

    def blank_fields(self, node_id: str, row: int) -> tuple[str, ...]:
        """The answers that make a node of the unit blank, in the order of the form: blank ones, or 0 as a divisor."""
        found: set[str] = set()
        self._collect_blanks(node_id, row, found)
        return tuple(field for field in self.framework.fields if field in found)

    def extreme(self, node_id: str, call: Call, argument: Exact, row: int) -> Value:
        """The `best` or `worst` of a formula among all units of the unit's ranking group."""
        return self._extremes.of(node_id, call, row, lambda each: argument(Row(self, node_id, each)))

    def applies(self, node_id: str, row: int) -> bool:
        """Whether a node's condition does not exclude the unit; a blank condition excludes nobody."""
        if node_id not in self.framework.conditions:
            return True
        if node_id not in self._conditions:
            self._conditions[node_id] = formula_exact.compiled(self.framework.conditions[node_id])
        return self._conditions[node_id](Row(self, node_id, row)) != 0

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
        if node_id not in self._always and (not self.applies(node_id, row) or self._empty(node_id, row)):
            return None
        value_ = self._formula(node_id, row) if node_id in self.framework.formulas else self._sum(node_id, row)
        if value_ is None:
            return Fraction(0) if self.framework.nodes[node_id].missing == "zero" else None
        return formula_exact.number(value_)

    def _formula(self, node_id: str, row: int) -> Value:
        if node_id not in self._formulas:
            self._formulas[node_id] = formula_exact.compiled(self.framework.formulas[node_id])
        return self._formulas[node_id](Row(self, node_id, row))

    def _sum(self, node_id: str, row: int) -> Fraction | None:
        node = self.framework.nodes[node_id]
        applying = self._applying(node_id, row)
        values = [value for child in applying if (value := self.points(child, row)) is not None]
        if not applying or len(values) < len(applying):
            return None
        if not node.rescale:
            return total(values)
        top = total([self.maximum(child, row) or Fraction(0) for child in applying])
        return total(values) * Fraction(node.max_points or 0) / top if top else None

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

    def extreme(self, call: Call, argument: Exact) -> Value:
        """The best or worst of the unit's ranking group."""
        return self.points.extreme(self.node_id, call, argument, self.row)


def _always(framework: Framework) -> frozenset[str]:
    """Nodes that no unit leaves out."""
    found: set[str] = set()
    nodes = framework.nodes
    for node_id in framework.order:
        node = nodes[node_id]
        bound = node_id in framework.conditions or node.missing == "leave_out"
        if not bound and (node.formula is not None or not found.isdisjoint(node.children)):
            found.add(node_id)
    return frozenset(found)
