"""How near every unit is to the neighbouring levels: what it has to spare, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from minhbach.levels import NO_LEVEL, distance, schemes
from minhbach.record import decimal
from minhbach.robustness_cases import levels_of
from minhbach.robustness_rows import Row
from minhbach.score import Points


def rows(points: Points) -> Iterator[Row]:
    """down: the condition of the unit's level with the least to spare. up: that of the next one with the most missing.

    A level is lost as soon as one condition fails and gained only when all hold, so these two decide. Conditions at or
    below zero, which everybody meets, are left out.
    """
    found = levels_of(points)
    for scheme in points.framework.levels:
        for key, (on, rules) in schemes(scheme).items():
            order = [*rules, NO_LEVEL]
            for row, unit_id in enumerate(points.answers.unit_ids):
                level = str(found[key][row])
                if not level:
                    continue
                place = order.index(level)
                if level != NO_LEVEL and (spare := _distances(points, rules[level], on, row)):
                    node, value = max(spare.items(), key=lambda each: each[1])
                    ends = {"now": level, "result": order[place + 1], "distance": decimal(-value)}
                    yield Row(unit_id, "threshold", key, "down", node_id=node, **ends)
                if place:
                    missing = _distances(points, rules[order[place - 1]], on, row)
                    node, value = max(missing.items(), key=lambda each: each[1])
                    ends = {"now": level, "result": order[place - 1], "distance": decimal(value)}
                    yield Row(unit_id, "threshold", key, "up", node_id=node, **ends)


def _distances(points: Points, rules: Mapping[str, Fraction], on: str, row: int) -> dict[str, Fraction]:
    """How far a unit is below each threshold; negative where it is above."""
    return {node: distance(points, node, least, on, row) for node, least in rules.items() if least > 0}
