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

COLUMNS = ["unit_id", "scheme", "level", "blocking"]
NO_LEVEL = "none"


def levels(points: Points) -> pd.DataFrame:
    """The table of levels.csv.

    `level` is a level's id, `none` below the last one, and empty where a value it rests on is blank. `blocking`
    lists `node:distance` in points (or share) for each condition the next better level lacks.
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


def _scheme(points: Points, scheme: Levels) -> Iterator[tuple[str, str, str, str]]:
    for scheme_id, (on, conditions) in schemes(scheme).items():
        met = {level: _met(points, rules, on) for level, rules in conditions.items()}
        nodes = sorted({node for rules in conditions.values() for node in rules})
        blank = np.any([np.isnan(points.values[node].array) for node in nodes], axis=0)
        order = list(conditions)
        for row, unit_id in enumerate(points.answers.unit_ids):
            if blank[row]:
                yield unit_id, scheme_id, "", ""
                continue
            place = next(
                (at for at, level in enumerate(order) if all(mask[row] for mask in met[level].values())),
                len(order),
            )
            blocking = _blocking(points, conditions[order[place - 1]], met[order[place - 1]], on, row) if place else ""
            yield unit_id, scheme_id, order[place] if place < len(order) else NO_LEVEL, blocking


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
