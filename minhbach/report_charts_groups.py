"""Which nodes charts draw side by side, stack upon each other, and compare."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from minhbach import report_tree
from minhbach.model import Ranking
from minhbach.results import Results
from minhbach.units import Unit

MOST_STACKED, MOST_PANELS = 8, 3


def stacked(results: Results, node: str, units: Sequence[Unit]) -> tuple[str, ...]:
    """The children whose points add up to the node's for all these units, none negative; otherwise nothing."""
    children = results.framework.nodes[node].children
    if not 2 <= len(children) <= MOST_STACKED:
        return ()
    for unit in units:
        parts = [results.points_of.get((unit.unit_id, child), Fraction(0)) for child in children]
        if min(parts) < 0 or sum(parts) != results.points_of.get((unit.unit_id, node), Fraction(0)):
            return ()
    return children


def panels(results: Results, node: str, units: Sequence[Unit]) -> tuple[str, ...]:
    """The parts of a node that are drawn side by side, each with its groups; the node itself where there are none."""
    parts = stacked(results, node, units)
    whole = 2 <= len(parts) <= MOST_PANELS and all(stacked(results, part, units) for part in parts)
    return parts if whole else (node,)


def groups(results: Results, ranking: Ranking) -> tuple[str, ...]:
    """The groups that a ranking's chart compares; categories with rankings of their own stand with the first one."""
    framework = results.framework
    found = tuple(node for node in report_tree.groups(framework) if framework.nodes[node].max_points)
    below = tuple(node for node in found if _under(results, node, ranking.by))
    return below or (found if len(found) > 1 and ranking is framework.rankings[0] else ())


def _under(results: Results, node: str, other: str) -> bool:
    parent = results.framework.parent.get(node)
    return parent is not None and (parent == other or _under(results, parent, other))
