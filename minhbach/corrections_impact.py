"""What corrections would change: points, levels and ranks of the corrected units and of every other unit that moves.

A criterion that compares with the best of a group moves other units too, so everything is scored twice and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from minhbach import levels, rank, tables
from minhbach.answers import from_observations
from minhbach.framework import Framework
from minhbach.numbers import exact_text, round_exact
from minhbach.score import Points, score
from minhbach.units import Units

KINDS = ("answer", "points", "level", "rank")
PLACES = 12


@dataclass(frozen=True)
class Change:
    """One result that differs: `kind` is one of KINDS, `of` the field, node, scheme or ranking; blank is "".

    Points are decimals with at most 12 places; equal decimals mean a difference in a later place.
    """

    unit_id: str
    kind: str
    of: str
    before: str
    after: str


@dataclass(frozen=True)
class Impact:
    """Every difference, by kind, then in the order of the units and of the framework."""

    framework: Framework
    corrected: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """Units that move although none of their own answers changed, in the order of the units."""
        return tuple(dict.fromkeys(each.unit_id for each in self.changes if each.unit_id not in self.corrected))

    def of(self, unit_id: str, kind: str) -> tuple[Change, ...]:
        """The changes of one kind of one unit."""
        return tuple(each for each in self.changes if (each.unit_id, each.kind) == (unit_id, kind))


def impact(framework: Framework, units: Units, before: pd.DataFrame, after: pd.DataFrame) -> Impact:
    """The differences in results between two tables of observations of the framework's units (`units`)."""
    values = [_values(before), _values(after)]
    points = [score(from_observations(framework, tuple(units), table)) for table in (before, after)]
    fields = [field_id for field_id in framework.fields if any(key[1] == field_id for table in values for key in table)]
    ids = [unit.unit_id for unit in units]
    answers = _differences("answer", ids, fields, *values)
    corrected = {each.unit_id for each in answers}
    schemes = list(dict.fromkeys(scheme_id for scheme in framework.levels for scheme_id in levels.schemes(scheme)))
    tables_of = [
        (_column(levels.levels(each), "scheme", "level"), _column(rank.ranks(each), "ranking", "rank"))
        for each in points
    ]
    (old_levels, old_ranks), (new_levels, new_ranks) = tables_of
    changes = [
        *answers,
        *_points(ids, *points),
        *_differences("level", ids, schemes, old_levels, new_levels),
        *_differences("rank", ids, [each.id for each in framework.rankings], old_ranks, new_ranks),
    ]
    return Impact(framework, tuple(unit_id for unit_id in ids if unit_id in corrected), tuple(changes))


def _values(observations: pd.DataFrame) -> dict[tuple[str, str], str]:
    return {(row.unit_id, row.field_id): row.value for row in tables.rows(observations)}


def _column(table: pd.DataFrame, key: str, column: str) -> dict[tuple[str, str], str]:
    return dict(zip(zip(table["unit_id"], table[key], strict=True), table[column], strict=True))


def _differences(
    kind: str,
    ids: list[str],
    names: list[str],
    before: Mapping[tuple[str, str], str],
    after: Mapping[tuple[str, str], str],
) -> list[Change]:
    every = (
        Change(each, kind, name, before.get((each, name), ""), after.get((each, name), ""))
        for each in ids
        for name in names
    )
    return [change for change in every if change.before != change.after]


def _points(ids: list[str], before: Points, after: Points) -> Iterator[Change]:
    """Differences in points. The floats tell where to look, the rationals what there is."""
    rows = [{unit_id: row for row, unit_id in enumerate(each.answers.unit_ids)} for each in (before, after)]
    for unit_id in ids:
        old, new = (known.get(unit_id) for known in rows)
        for node_id in before.framework.nodes:
            if (old is None and new is None) or _same_float(before, after, node_id, old, new):
                continue
            values = (_exact(before, node_id, old), _exact(after, node_id, new))
            if values[0] != values[1]:
                yield Change(unit_id, "points", node_id, _text(values[0]), _text(values[1]))


def _same_float(before: Points, after: Points, node_id: str, old: int | None, new: int | None) -> bool:
    if old is None or new is None:
        return False
    pair = np.array([before.values[node_id].array[old], after.values[node_id].array[new]])
    return bool(pair[0] == pair[1] or np.isnan(pair).all())


def _exact(points: Points, node_id: str, row: int | None) -> Fraction | None:
    return None if row is None else points.exactly.points(node_id, row)


def _text(value: Fraction | None) -> str:
    return "" if value is None else exact_text(round_exact(value, PLACES, "half_even"))
