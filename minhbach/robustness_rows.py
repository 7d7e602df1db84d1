"""The rows of robustness.csv: one statement about how firmly a rank or a level of a unit stands."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

import pandas as pd


@dataclass(frozen=True)
class Row:
    """One row; texts, blank where a column says nothing about its `kind`.

    kind weights: `outcome` is a ranking, `now` the rank; best, low, high and worst are ranks under changed weights.
    kind reading: `outcome` is a ranking or level scheme, `reading` the other way of reading it, `result` what is then.
    kind threshold: `reading` is up or down, `node_id` the condition, `distance` how far away, `result` the level there.
    kind warning: `reading` is a finding, `field_id` its answer; best and worst are the outcomes for other answers.
    kind single: `reading` is warned or unconfirmed; with the lowest answer to `field_id` alone the level is `result`.
    """

    unit_id: str
    kind: str
    outcome: str
    reading: str = ""
    field_id: str = ""
    node_id: str = ""
    now: str = ""
    result: str = ""
    best: str = ""
    low: str = ""
    high: str = ""
    worst: str = ""
    distance: str = ""


COLUMNS = [each.name for each in fields(Row)]
KEY = ["unit_id", "kind", "outcome", "reading", "field_id"]


def frame(rows: list[Row]) -> pd.DataFrame:
    """The table of robustness.csv, sorted by its key."""
    table = pd.DataFrame([astuple(row) for row in rows], columns=COLUMNS, dtype="str")
    return table.sort_values(KEY, ignore_index=True)
