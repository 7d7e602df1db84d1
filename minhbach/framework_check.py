"""What a framework must satisfy beyond its shape: names, tree, points, formulas, levels, rankings.

Nothing raises before everything has been looked at; the problems come back together, each with its line.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from minhbach import formula, formula_bounds
from minhbach.errors import Problem
from minhbach.formula import Tree
from minhbach.framework_outcomes import Outcomes
from minhbach.model import FrameworkFile
from minhbach.shapes import Place

MAX_CHAIN = 100


@dataclass(frozen=True)
class Checked:
    """The parsed formulas, the order of computation, and all problems."""

    formulas: Mapping[str, Tree]
    conditions: Mapping[str, Tree]
    checks: Mapping[str, Tree]
    order: tuple[str, ...]
    problems: tuple[Problem, ...]


def check(spec: FrameworkFile, line: Callable[[Place], int]) -> Checked:
    """Checks a framework; `line` gives the line of a place in the file."""
    return _Checker(spec, line).run()


class _Checker(Outcomes):
    def __init__(self, spec: FrameworkFile, line: Callable[[Place], int]) -> None:
        super().__init__(spec, line)
        self.order: tuple[str, ...] = ()

    def run(self) -> Checked:
        for check_part in (
            self.ids,
            self.fields,
            self.tree,
            self.computable,
            self.points,
            self.levels,
            self.rankings,
        ):
            check_part()
        self.comparisons()
        trees = self.formulas
        return Checked(trees.nodes, trees.applies, trees.checks, self.order, tuple(self.problems))

    def ids(self) -> None:
        spec = self.spec
        for name in spec.nodes:
            if name in spec.fields:
                self.say(("nodes", name), f"{name!r} is also a field; a name stands for one thing.")
        for kind, names in (("fields", spec.fields), ("nodes", spec.nodes)):
            for name in names:
                if name.lower() in formula.RESERVED or keyword.iskeyword(name):
                    self.say((kind, name), f"{name!r} is a word of the formula language; choose another id.")
        taken: dict[str, str] = {}
        for kind in ("checks", "levels", "rankings", "comparisons"):
            for index, part in enumerate(getattr(spec, kind)):
                if part.id in taken or part.id in spec.nodes or part.id in spec.fields:
                    self.say((kind, index, "id"), f"the id {part.id!r} is already taken{taken.get(part.id, '')}.")
                taken[part.id] = f" in {kind}"

    def fields(self) -> None:
        for name, question in self.spec.fields.items():
            place = ("fields", name)
            if question.type == "choice" and not question.options:
                self.say(place, "a choice needs its options.")
            if len(set(question.options)) != len(question.options):
                self.say((*place, "options"), "names an option twice.")
            if question.type != "choice" and question.options:
                self.say((*place, "options"), f"only a choice has options, not a {question.type}.")
            if question.min is not None and question.max is not None and question.min > question.max:
                self.say((*place, "min"), "min is above max.")
            if not question.numeric and (question.min is not None or question.max is not None):
                self.say(place, f"a {question.type} has no min or max.")
            if question.section is not None:
                self.known(
                    question.section,
                    {*self.spec.sections, *self.spec.nodes},
                    (*place, "section"),
                    "section or node",
                )

    def merged(self) -> None:
        for index, name in enumerate(self.spec.merged.mean_of if self.spec.merged else ()):
            place = ("merged", "mean_of", index)
            if self.known(name, self.spec.fields, place, "field") and not self.spec.fields[name].numeric:
                self.say(place, f"{name!r} is not a number; only numbers have a mean.")

    def tree(self) -> None:
        parents: dict[str, str] = {}
        for name, node in self.spec.nodes.items():
            for index, child in enumerate(node.children):
                place = ("nodes", name, "children", index)
                if self.known(child, self.spec.nodes, place, "node") and child in parents:
                    self.say(place, f"{child!r} already is a child of {parents[child]!r}; a node has one parent.")
                parents.setdefault(child, name)
            if not node.children and node.formula is None:
                self.say(("nodes", name), "has neither a formula nor children.")
        used = set(parents) | self.formulas.referred()
        for name, node in self.spec.nodes.items():
            if parents and name not in used and not node.children and not node.information:
                self.say(("nodes", name), "belongs to no parent, and no formula, ranking or level uses it.")

    def computable(self) -> None:
        graph = {name: sorted(self.formulas.below(name)) for name in self.spec.nodes}
        try:
            self.order = tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            chain = list(reversed(error.args[1]))
            self.say(("nodes", chain[0]), f"the nodes go round in a circle: {' → '.join(chain)}.")
            return
        degrees: dict[str, int] = {}
        chain_of: dict[str, int] = {}
        for name in self.order:
            chain_of[name] = 1 + max((chain_of[each] for each in graph[name]), default=0)
            tree = self.formulas.nodes.get(name)
            below = [degrees[each] for each in graph[name]]
            degrees[name] = formula_bounds.degree(tree, degrees) if tree else max(1, sum(below))
            if degrees[name] > formula_bounds.MAX_DEGREE:
                most = formula_bounds.MAX_DEGREE
                what = f"multiplies more than {most} values into one exact number; use smaller powers."
                self.say(("nodes", name), what)
                degrees[name] = 1
            if chain_of[name] == MAX_CHAIN + 1:
                what = f"rests on {MAX_CHAIN} nodes one above the other; build it from fewer."
                self.say(("nodes", name), what)

    def points(self) -> None:
        for name, node in self.spec.nodes.items():
            known = [self.spec.nodes[child] for child in node.children if child in self.spec.nodes]
            if node.max_points is not None and node.max_points < 0:
                self.say(("nodes", name, "max_points"), "is below 0.")
            if node.rescale and (node.formula is not None or not node.max_points):
                self.say(("nodes", name, "rescale"), "is for a sum of children, and needs max_points above 0.")
            if node.formula is not None or not known or node.max_points is None:
                continue
            missing = [
                child
                for child in node.children
                if child in self.spec.nodes and self.spec.nodes[child].max_points is None
            ]
            if missing:
                self.say(
                    ("nodes", name, "max_points"),
                    f"cannot be checked: {', '.join(missing)} without max_points.",
                )
                continue
            total = sum((each.max_points or Fraction(0) for each in known), Fraction(0))
            if total != node.max_points:
                terms = " + ".join(shown(each.max_points or Fraction(0)) for each in known)
                self.say(
                    ("nodes", name, "max_points"),
                    f"is {shown(node.max_points)}, its children add up to {terms} = {shown(total)}.",
                )


def shown(value: Fraction) -> str:
    """A rational as an author would write it."""
    return str(value.numerator) if value.denominator == 1 else str(float(value))
