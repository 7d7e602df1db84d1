"""What keeps units from the next better level, as a table: one row per unit, scheme and condition that is not met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from minhbach import tables
from minhbach.framework import Framework
from minhbach.levels import NO_LEVEL, schemes
from minhbach.numbers import from_text
from minhbach.record import decimal

COLUMNS = ["framework", "unit_id", "scheme", "next", "node_id", "distance", "alone"]


def table(levels: Iterable[tuple[Framework, pd.DataFrame]]) -> pd.DataFrame:
    """Every condition of the next better level that a unit does not meet, of each framework with its levels.csv.

    `distance` is a decimal with at most 12 places, in points or share; `alone` is yes where nothing else is missing.
    """
    rows = [row for framework, frame in levels for row in _rows(framework, frame)]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _rows(framework: Framework, frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    orders = {key: [*rules, NO_LEVEL] for scheme in framework.levels for key, (_, rules) in schemes(scheme).items()}
    for row in tables.rows(frame[(frame["blocking"] != "") & (frame["level"] != "")]):
        order = orders[row.scheme]
        better, parts = order[order.index(row.level) - 1], row.blocking.split("; ")
        alone = "yes" if len(parts) == 1 else "no"
        for part in parts:
            node_id, _, missing = part.partition(":")
            yield framework.id, row.unit_id, row.scheme, better, node_id, decimal(from_text(missing)), alone
