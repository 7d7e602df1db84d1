"""The level of every unit in every scheme, and what keeps the next better level away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
import pandas as pd

from minhbach import decide
from minhbach.model import Levels
from minhbach.numbers import exact_text, round_exact
from minhbach.parts import Share
from minhbach.score import Points

COLUMNS = ["unit_id", "scheme", "level", "met", "blocking", "by_totals"]
NO_LEVEL = "none"
Rules = Mapping[str, Mapping[str, Fraction]]
Masks = dict[str, dict[str, np.ndarray]]


def levels(points: Points) -> pd.DataFrame:
    """The table of levels.csv.

    `level` is a level's id, `none` below the last one, and empty where a value it rests on is blank. For the next
    better level (for the best one itself where a unit has it), `met` lists the nodes whose condition holds and
    `blocking` lists `node:distance` in points (or share) for each that does not. `by_totals` is the level if only
    the conditions on totals counted, empty in a scheme without any.
    """
    rows = [row for scheme in points.framework.levels for row in _scheme(points, scheme)]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["unit_id", "scheme"], ignore_index=True)


def schemes(scheme: Levels) -> dict[str, tuple[str, Mapping[str, Mapping[str, Fraction]]]]:
    """The scheme as (on, level → conditions) by id; bands on several nodes are one scheme per node."""
    if scheme.conditions:
        return {scheme.id: ("points", {level: scheme.conditions[level] for level in scheme.order})}
    single = len(scheme.of) == 1
    return {
        (scheme.id if single else f"{scheme.id}.{node}"): (
            scheme.on,
            {level: {node: least} for level, least in scheme.bands.items()},
        )
        for node in scheme.of
    }


def totals(points: Points, rules: Rules) -> frozenset[str]:
    """Nodes in a scheme's conditions that stand above other nodes in its conditions."""
    nodes = {node for level in rules.values() for node in level}
    return frozenset(node for node in nodes if any(_above(points, other, node) for other in nodes))


def _above(points: Points, node: str, ancestor: str) -> bool:
    parent = points.framework.parent.get(node)
    return parent is not None and (parent == ancestor or _above(points, parent, ancestor))


def _scheme(points: Points, scheme: Levels) -> Iterator[tuple[str, ...]]:
    for scheme_id, (on, rules) in schemes(scheme).items():
        masks = {level: _met(points, nodes, on) for level, nodes in rules.items()}
        blank = np.any([np.isnan(points.values[node].array) for nodes in rules.values() for node in nodes], axis=0)
        tops = totals(points, rules)
        order = [*rules, NO_LEVEL]
        for row, unit_id in enumerate(points.answers.unit_ids):
            if blank[row]:
                yield unit_id, scheme_id, "", "", "", ""
                continue
            place = _place(masks, row)
            better = order[max(place - 1, 0)]
            met = " ".join(node for node, mask in masks[better].items() if mask[row])
            blocking = _blocking(points, rules[better], masks[better], on, row)
            only = order[_place(masks, row, tops)] if tops else ""
            yield unit_id, scheme_id, order[place], met, blocking, only


def _place(masks: Masks, row: int, only: frozenset[str] = frozenset()) -> int:
    """The place of the best level whose conditions all hold (those on the nodes `only`, if given)."""
    for place, nodes in enumerate(masks.values()):
        if all(mask[row] for node, mask in nodes.items() if not only or node in only):
            return place
    return len(masks)


def _met(points: Points, rules: Mapping[str, Fraction], on: str) -> dict[str, np.ndarray]:
    places = level_places(points, on)
    return {node: decide.reached(points, node, least, on, places) for node, least in rules.items()}


def level_places(points: Points, on: str) -> int | None:
    """To how many decimals values are rounded before they meet a threshold; None when exact values meet it."""
    rounding = points.framework.rounding
    if rounding.level_on == "exact":
        return None
    return rounding.share if on == "share" else rounding.shown


def _blocking(points: Points, rules: Mapping[str, Fraction], met: Mapping[str, np.ndarray], on: str, row: int) -> str:
    missing = [node for node in rules if not met[node][row]]
    return "; ".join(f"{node}:{exact_text(distance(points, node, rules[node], on, row))}" for node in missing)


def distance(points: Points, node_id: str, threshold: Fraction, on: str, row: int) -> Fraction:
    """How far a unit is below a threshold, in points or share, with the rounding that levels look at."""
    value = decide.exact_of(points, node_id, on)(row) or Fraction(0)
    places = level_places(points, on)
    if places is not None:
        value = round_exact(value, places, points.framework.rounding.mode)
    if on == "points" and isinstance(threshold, Share):
        return Fraction(threshold) * (points.exactly.maximum(node_id, row) or 0) - value
    return Fraction(threshold) - value
