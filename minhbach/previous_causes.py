"""The changes since the edition before by cause, where its inputs are at hand and criteria are the same or declared."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import pandas as pd

from minhbach import bridges, causes, causes_read, framework, previous_units, tables
from minhbach.causes import CAUSES, INTERACTION, Split, Sum
from minhbach.editions import Setup
from minhbach.errors import MinhbachError
from minhbach.framework import Framework
from minhbach.numbers import exact_text, from_text, round_exact
from minhbach.paths import Edition
from minhbach.previous import Previous

TABLE: Final = "causes"
EFFECTS: Final = tuple(f"by_{each}" for each in CAUSES)
COLUMNS: Final = ["unit_id", "ranking", "part", "before", "after", "change", *EFFECTS, INTERACTION]
PARTS: Final = ("exact", "shown")
DECIMALS: Final = 12  # of points in scores.csv that are not exact
Frames = Mapping[str, pd.DataFrame]


def table(
    setup: Setup, output: Edition, before: Previous, own: Framework, frames: tuple[Frames, Frames]
) -> pd.DataFrame | None:
    """The table of causes.csv: a row per unit, ranking and part (exact, shown); None where nothing can be split.

    `frames` are scores, levels and ranks before and now. A split is only given when the framework before is the one
    that was recorded, and both sides, computed again from their inputs, have these scores. The effects and the
    interaction of a row add up exactly to its change; an effect is empty where its change alone leaves no value.
    """
    origin = before.origins[own.id]
    try:
        earlier = framework.find(origin.framework_id, before.edition.root)
        bridge = bridges.between(setup.edition.root, earlier, own)
        if bridge is None:
            return None
        sides = (
            causes_read.inputs(before.edition, before.validated, origin.framework_id).over(bridge),
            causes_read.inputs(setup.edition, output.validated, own.id),
        )
        if not causes_read.as_recorded(sides[0], before.hashes[own.id]):
            return None
        formed = previous_units.formed(setup.units_of(own.id), (each.unit_id for each in before.units))
        found = causes.causes(causes.pairs(*sides, previous_units.parts_of(formed)))
    except (MinhbachError, OSError):
        return None
    if not all(same(each, own, frames) for each in found.splits):
        return None
    rows = [row for each in found.splits for row in _rows(each)]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str").sort_values(COLUMNS[:3], ignore_index=True)


def same(split: Split, own: Framework, frames: tuple[Frames, Frames]) -> bool:
    """Whether both ends of a split are what the scores say."""
    ranking = next(each for each in own.rankings if each.id == split.ranking)
    ends = zip((split.exact.before, split.exact.after), frames, strict=True)
    return all(agrees(value, recorded(frame, split.unit_id, ranking.by, ranking.on)) for value, frame in ends)


def recorded(frames: Frames, unit_id: str, node_id: str, on: str) -> str:
    """The points or share of a unit's node in scores.csv, as exactly as it says them; empty where it has none."""
    scores = frames["scores"]
    found = scores[(scores["unit_id"] == unit_id) & (scores["node_id"] == node_id)]
    for row in tables.rows(found):
        points = str(row.exact or row.points)
        if on == "points" or not points:
            return points
        return exact_text(from_text(points) / from_text(row.max_points)) if row.max_points else ""
    return ""


def agrees(value: Fraction, text: str) -> bool:
    """Whether a value is what a table says, which has 12 decimals where it is not exact."""
    known = from_text(text) if text else None
    return known in (value, round_exact(value, DECIMALS, "half_even"))


def _rows(split: Split) -> list[tuple[str, ...]]:
    return [(split.unit_id, split.ranking, part, *_cells(getattr(split, part))) for part in PARTS]


def _cells(parts: Sum) -> list[str]:
    values = [parts.before, parts.after, parts.change, *(parts.effects[name] for name in CAUSES), parts.interaction]
    return ["" if each is None else exact_text(each) for each in values]
