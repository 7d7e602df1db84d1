"""A framework in the terminal: its tree with maxima, formulas and basis, and the differences between two."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from minhbach.formula_print import worked
from minhbach.framework import Framework
from minhbach.framework_extend import Difference
from minhbach.levels import schemes
from minhbach.numbers import exact_text
from minhbach.parts import Share

MARKS = {"printed": "", "inferred": " (inferred)", "sample": " (sample)", None: ""}


def tree(framework: Framework, language: str) -> Tree:
    """Nodes from the top down, each with its maximum, formula and basis; levels and rankings below."""
    spec = framework.spec
    root = Tree(Text(f"{spec.id}, revision {spec.revision}: {spec.title.say(language)}", style="bold"))
    branches: dict[str, Tree] = {}
    for node_id in _from_the_top(framework):
        above = branches.get(framework.parent.get(node_id, ""), root)
        branches[node_id] = above.add(_line(framework, node_id, language))
    for scheme in framework.levels:
        branch = root.add(Text(f"levels {scheme.id}{MARKS[scheme.basis]}"))
        for key, (on, conditions) in schemes(scheme).items():
            for level, rules in conditions.items():
                said = ", ".join(f"{node} ≥ {_least(least)}" for node, least in rules.items())
                branch.add(Text(f"{key} {level}: {said} ({on})"))
    for ranking in framework.rankings:
        within = ranking.within or "all"
        root.add(Text(f"ranking {ranking.id}: by {ranking.by} ({ranking.on}), ties {ranking.ties}, within {within}"))
    return root


def _from_the_top(framework: Framework) -> list[str]:
    """Node ids, each after its parent, siblings in the order of the file."""
    order: list[str] = []

    def visit(node_id: str) -> None:
        order.append(node_id)
        for child in framework.nodes[node_id].children:
            visit(child)

    for node_id in framework.nodes:
        if node_id not in framework.parent:
            visit(node_id)
    return order


def _line(framework: Framework, node_id: str, language: str) -> Text:
    node = framework.nodes[node_id]
    number = f"{node.number} " if node.number else ""
    line = Text(f"{node_id} ", style="cyan").append(f"{number}{node.label.say(language)}", style="default")
    if node.max_points is not None:
        line.append(f" [{exact_text(node.max_points)}]", style="green")
    line.append(MARKS[node.basis], style="yellow")
    if node_id in framework.formulas:
        line.append(f"\n= {worked(framework.formulas[node_id], language, str)}", style="dim")
    return line


def _least(value: Fraction) -> str:
    return f"{exact_text(Fraction(value) * 100)}%" if isinstance(value, Share) else exact_text(Fraction(value))


def changes(differences: Sequence[Difference], before: str, after: str) -> Table:
    """Differences as a table of four columns."""
    table = Table(title=escape(f"{before} → {after}"))
    for header in ("element", "key", before, after):
        table.add_column(escape(header), overflow="fold")
    for each in differences:
        table.add_row(*(escape(text) for text in (each.element, each.key, each.before, each.after)))
    return table
