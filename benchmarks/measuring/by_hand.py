"""The arithmetic of the generated survey without minhbach: once in numpy, once as one Python loop per unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from measuring.survey import GROUPS, SHAPES, Generated, criteria

Floats = npt.NDArray[np.float64]
EDGES, STEP_POINTS = [1.0, 3.0, 6.0, 10.0], [0.0, 1.0, 2.0, 3.0, 4.0]
CHOICE_POINTS = [0.0, 0.5, 1.0, math.nan]  # by code; the last one, at -1, is blank
SHOWN = 100.0


def columns(given: Generated) -> tuple[dict[str, npt.NDArray[Any]], npt.NDArray[np.intp]]:
    """What both start from: floats per field (codes for choices), and the ranking group of each unit."""
    fields: dict[str, npt.NDArray[Any]] = {
        name: numbers if name[0] == "c" else given.floats[name] for name, numbers in given.numbers.items()
    }
    return fields, given.codes("tinh")


def with_numpy(fields: Mapping[str, npt.NDArray[Any]], groups: npt.NDArray[np.intp]) -> dict[str, Floats]:
    """Hundredths, rounded half up, of groups, parts and total: one numpy expression per criterion."""
    with np.errstate(all="ignore"):
        sums: list[Floats] = [np.zeros(groups.shape)] * GROUPS
        for shape, number, group in criteria():
            points = _numpy(shape, number, fields, groups)
            sums[group] = sums[group] + np.where(np.isnan(points), 0.0, points)
    half = GROUPS // 2
    parts = [np.sum(sums[at : at + half], axis=0) for at in (0, half)]
    nodes = {"total": parts[0] + parts[1], "p0": parts[0], "p1": parts[1]}
    nodes |= {f"g{group}": values for group, values in enumerate(sums)}
    return {name: np.floor(values * SHOWN + 0.5) for name, values in nodes.items()}


def _numpy(shape: str, n: int, fields: Mapping[str, npt.NDArray[Any]], groups: npt.NDArray[np.intp]) -> Floats:
    top = SHAPES[shape][1]
    match shape:
        case "ratio":
            below = fields[f"b{n}"]
            return top * np.minimum(fields[f"a{n}"] / np.where(below == 0, np.nan, below), 1.0)
        case "steps":
            return np.array(STEP_POINTS)[np.searchsorted(EDGES, fields[f"s{n}"], side="right")]
        case "choice":
            return top * np.array(CHOICE_POINTS)[fields[f"c{n}"]]
        case "yes":
            return top * fields[f"y{n}"]
        case "count":
            return np.minimum(fields[f"k{n}"] * 0.5, top)
    values = fields[f"w{n}"]
    best = np.full(groups.max() + 1, np.nan)
    np.fmax.at(best, groups, values)
    return top * (values / best[groups])


def with_a_loop(fields: Mapping[str, list[float]], groups: list[int]) -> dict[str, list[float]]:
    """The same, unit by unit, with plain floats."""
    best = {name: _best(fields[name], groups) for name in fields if name[0] == "w"}
    rows = [_one(row, groups[row], fields, best) for row in range(len(groups))]
    names = ["total", "p0", "p1", *(f"g{group}" for group in range(GROUPS))]
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _best(values: list[float], groups: list[int]) -> dict[int, float]:
    best: dict[int, float] = {}
    for value, group in zip(values, groups, strict=True):
        if value == value and value > best.get(group, -math.inf):
            best[group] = value
    return best


CRITERIA = criteria()


def _one(row: int, province: int, fields: Mapping[str, list[float]], best: dict[str, dict[int, float]]) -> list[float]:
    sums = [0.0] * GROUPS
    for shape, number, group in CRITERIA:
        points = _points(shape, number, row, province, fields, best)
        if points == points:
            sums[group] += points
    first, second = sum(sums[: GROUPS // 2]), sum(sums[GROUPS // 2 :])
    return [math.floor(value * SHOWN + 0.5) for value in (first + second, first, second, *sums)]


def _points(
    shape: str, n: int, row: int, province: int, fields: Mapping[str, list[float]], best: dict[str, dict[int, float]]
) -> float:
    top = SHAPES[shape][1]
    if shape == "ratio":
        above, below = fields[f"a{n}"][row], fields[f"b{n}"][row]
        if above != above or below != below or below == 0:
            return math.nan
        return top * min(above / below, 1.0)
    if shape == "steps":
        return STEP_POINTS[sum(fields[f"s{n}"][row] >= edge for edge in EDGES)]
    if shape == "choice":
        return top * CHOICE_POINTS[int(fields[f"c{n}"][row])]
    if shape == "yes":
        return top * fields[f"y{n}"][row]
    if shape == "count":
        return min(fields[f"k{n}"][row] * 0.5, top)
    return top * (fields[f"w{n}"][row] / best[f"w{n}"][province])
