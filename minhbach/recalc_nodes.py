"""The sheet of nodes: every node of every unit as a live formula, in the order of computation.

The same rules as `score_exact`, in a spreadsheet's words: a node that does not apply is blank and counts in no
maximum; a sum with a blank child is blank; `missing` and `rescale` as the framework says.
"""

from __future__ import annotations

from minhbach import levels, wording
from minhbach.errors import FormulaError, MinhbachError
from minhbach.formula import Choose
from minhbach.formula_excel import ONE, ZERO, fitting
from minhbach.framework import Framework
from minhbach.numbers import exact_text
from minhbach.recalc_columns import Cell, Column
from minhbach.recalc_formulas import Formulas

MOST_SPREAD = 200


class Nodes(Formulas):
    """Fills the sheet of nodes and, where units are compared, that of groups."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shares, self.leaving = shares_used(self.framework), leaving(self.framework)
        self.varying = varying(self.framework, self.leaving)
        for node_id in self.framework.order:
            try:
                self._node(node_id)
            except FormulaError as error:
                raise MinhbachError(f"{self.framework.id}: {node_id}: {error}") from None

    def maximum(self, node_id: str) -> str:
        """What reads a node's maximum for the unit of the row."""
        code = f"{node_id}.max"
        return self.board.here(code) if code in self.board else self.parameters.maximum(node_id)

    def _node(self, node_id: str) -> None:
        node = self.framework.nodes[node_id]
        gates, value = self._gates(node_id), self._value(node_id)
        if gates and node.missing == "leave_out":
            value = f'IF(AND({",".join(gates)}),{value},"")'
        elif gates:
            self._add(node_id, "counts", f"IF(AND({','.join(gates)}),1,0)", "recalc_counts")
            value = f'IF({self.board.here(f"{node_id}.counts")}=0,"",{value})'
        self._add(node_id, "", value, "")
        if node.missing == "leave_out":
            self._add(node_id, "counts", f'IF({self.board.here(node_id)}="",0,1)', "recalc_counts")
        if node_id in self.varying:
            terms = "+".join(self._terms(node_id))
            gate = f'IF({self.board.here(f"{node_id}.counts")}=0,"",{terms})' if node_id in self.leaving else terms
            self._add(node_id, "max", gate, "recalc_max")
        if node_id in self.shares:
            here = self.board.here(node_id)
            self._add(node_id, "share", f'IFERROR(IF({here}="","",{here}/{self.maximum(node_id)}),"")', "recalc_share")

    def _add(self, node_id: str, part: str, formula: str, words: str) -> None:
        node, places = self.framework.nodes[node_id], self.framework.rounding
        label = " ".join(each for each in (node.number, node.label.say(self.language)) if each)
        said = f"{wording.say(words, self.language)}: {label}" if words else label
        rule = "" if part else node.formula or wording.say("sum_of_children", self.language)
        decimals = {"counts": 0, "share": places.share}.get(part, places.shown)
        form = "#,##0" + ("." + "0" * decimals if decimals else "")
        code = f"{node_id}.{part}" if part else node_id
        self.board.add(Column(code, said, rule, self._expected(node_id, part), fitting(formula), form))

    def _expected(self, node_id: str, part: str) -> list[Cell]:
        """What the formulas must give, from the rationals."""
        exactly, rows = self.points.exactly, range(len(self.points.answers.units))
        out = [exactly.left_out(node_id, row) for row in rows]
        if part == "counts":
            return [0.0 if each else 1.0 for each in out]
        if part == "max":
            return ["" if out[row] else float(exactly.maximum(node_id, row) or 0) for row in rows]
        found = [(exactly.share if part else exactly.points)(node_id, row) for row in rows]
        return ["" if each is None else float(each) for each in found]

    # ---- what a node is worth -----------------------------------------------------------------------------

    def _gates(self, node_id: str) -> list[str]:
        """What must hold for a node to count for a unit, beside having a value; a blank condition excludes nobody."""
        gates = []
        if node_id in self.framework.conditions:
            applies = self.formula(node_id, Choose(self.framework.conditions[node_id], ONE, ZERO))
            gates.append(f"IFERROR({applies},1)=1")
        children = self.framework.nodes[node_id].children
        if node_id not in self.framework.formulas and self.leaving.issuperset(children):
            gates.append(f"{spread('SUM', [self.board.here(f'{child}.counts') for child in children])}>0")
        return gates

    def _value(self, node_id: str) -> str:
        node = self.framework.nodes[node_id]
        blank = "0" if node.missing == "zero" else '""'
        if node_id in self.framework.formulas:
            return f"IFERROR({self.formula(node_id, self.framework.formulas[node_id])},{blank})"
        points = [self.board.here(child) for child in node.children]
        total, present = spread("SUM", points), spread("COUNT", points)
        counts = [self.board.here(f"{child}.counts") for child in node.children if child in self.leaving]
        wanted = str(len(points) - len(counts)) + (f"+{spread('SUM', counts)}" if counts else "")
        if node.rescale:
            top = "+".join(self._terms(node_id))
            total = f"IFERROR(({total})*{self.parameters.maximum(node_id)}/({top}),{blank})"
        return f"IF({present}<{wanted},{blank},{total})"

    def _terms(self, node_id: str) -> list[str]:
        """The maxima of the children that count."""
        terms = []
        for child in self.framework.nodes[node_id].children:
            if self.framework.nodes[child].max_points is None:
                continue
            top, counts = self.maximum(child), f"{child}.counts"
            terms.append(f"IF({self.board.here(counts)}=0,0,{top})" if child in self.leaving else top)
        return terms or [exact_text(ZERO.value)]


def leaving(framework: Framework) -> frozenset[str]:
    """Nodes that some unit could do without: conditions, `leave_out`, and sums of nothing but such nodes."""
    found: set[str] = set()
    for node_id in framework.order:
        node = framework.nodes[node_id]
        own = node.applies is not None or node.missing == "leave_out"
        if own or (node.formula is None and found.issuperset(node.children)):
            found.add(node_id)
    return frozenset(found)


def varying(framework: Framework, leaving: frozenset[str]) -> frozenset[str]:
    """Nodes whose maximum depends on what a unit can do without."""
    found: set[str] = set()
    for node_id in framework.order:
        node = framework.nodes[node_id]
        fixed = node.max_points is None or node.rescale or node.formula is not None
        if not fixed and (found | leaving) & set(node.children):
            found.add(node_id)
    return frozenset(found)


def shares_used(framework: Framework) -> frozenset[str]:
    """Nodes whose share of the maximum decides a level or a rank."""
    rules = [each for scheme in framework.levels for each in levels.schemes(scheme).values()]
    used = {node for on, by_level in rules if on == "share" for nodes in by_level.values() for node in nodes}
    for ranking in framework.rankings:
        if ranking.on == "share":
            used |= {ranking.by, *([ranking.ties.removeprefix("first by ")] if " by " in ranking.ties else [])}
    return frozenset(used)


def spread(function: str, cells: list[str]) -> str:
    """A sum or count of many cells, within the number of arguments that Excel takes."""
    parts = [cells[start : start + MOST_SPREAD] for start in range(0, len(cells), MOST_SPREAD)]
    return "+".join(f"{function}({','.join(part)})" for part in parts)
