"""What changed since the edition before, unit by unit: points, shares, ranks and levels that mean the same in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from minhbach import previous_causes, tables
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.levels import NO_LEVEL, schemes
from minhbach.numbers import exact_text, from_text, round_exact
from minhbach.paths import Edition
from minhbach.previous import Previous

COLUMNS = ["unit_id", "what", "kind", "before", "now", "change"]
Frames = Mapping[str, pd.DataFrame]
Values = dict[tuple[str, str], str]


def write(setup: Setup, output: Edition, before: Previous) -> None:
    """Writes changes.csv, comparable.csv and causes.csv (where changes can be split by cause) of every framework
    that both editions have, beside its scores.
    """
    for framework in setup.frameworks:
        if framework.id in before.hashes:
            folder = output.draft / framework.id
            now = {name: tables.read(folder / f"{name}.csv") for name in ("scores", "levels", "ranks")}
            comparable = before.comparable(framework)
            tables.write(comparable, folder / "comparable.csv")
            then = before.frames(framework, setup.units_of(framework.id))
            tables.write(changes(framework, comparable, then, now), folder / "changes.csv")
            split = previous_causes.table(setup, output, before, framework, (then, now))
            if split is not None:
                tables.write(split, folder / f"{previous_causes.TABLE}.csv")


def changes(framework: Framework, comparable: pd.DataFrame, before: Frames, now: Frames) -> pd.DataFrame:
    """The table of changes.csv: one row per unit of either edition and comparable number.

    `before` and `now` are exact, empty where the edition has none. `change` is what a reader gets who subtracts the
    published numbers: points and shares as they are rounded, places gained in a ranking, levels gained.
    """
    same = comparable[comparable["comparable"] == "yes"]
    known = {kind: set(same[same["kind"] == kind]["id"]) for kind in ("node", "levels", "ranking")}
    rows = [
        (unit_id, what, kind, old, new, _change(framework, what, kind, old, new))
        for kind, read in (("points", _points), ("share", _shares), ("rank", _ranks), ("level", _levels))
        for unit_id, what, old, new in _paired(read(before, known), read(now, known))
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str").sort_values(["unit_id", "kind", "what"], ignore_index=True)


def _paired(before: Values, now: Values) -> Iterator[tuple[str, str, str, str]]:
    for unit_id, what in sorted(before.keys() | now.keys()):
        yield unit_id, what, before.get((unit_id, what), ""), now.get((unit_id, what), "")


def _points(frames: Frames, known: Mapping[str, set[str]]) -> Values:
    rows = tables.rows(frames["scores"])
    return {(row.unit_id, row.node_id): _exact(row) for row in rows if row.node_id in known["node"]}


def _exact(row: Any) -> str:
    text = row.exact or row.points
    return exact_text(from_text(text)) if text else ""


def _shares(frames: Frames, known: Mapping[str, set[str]]) -> Values:
    rows = [row for row in tables.rows(frames["scores"]) if row.node_id in known["node"] and row.max_points]
    return {(row.unit_id, f"{row.node_id}.share"): _share(row.exact or row.points, row.max_points) for row in rows}


def _share(points: str, most: str) -> str:
    top = from_text(most)
    return exact_text(from_text(points) / top) if points and top else ""


def _ranks(frames: Frames, known: Mapping[str, set[str]]) -> Values:
    rows = tables.rows(frames["ranks"])
    return {(row.unit_id, row.ranking): row.rank for row in rows if row.ranking in known["ranking"]}


def _levels(frames: Frames, known: Mapping[str, set[str]]) -> Values:
    rows = tables.rows(frames["levels"])
    return {(row.unit_id, row.scheme): row.level for row in rows if row.scheme.partition(".")[0] in known["levels"]}


def _change(framework: Framework, what: str, kind: str, before: str, now: str) -> str:
    if not before or not now:
        return ""
    if kind == "level":
        order = levels_in_order(framework)[what]
        return str(order.index(before) - order.index(now))
    old, new = from_text(before), from_text(now)
    if kind == "rank":
        return exact_text(old - new)
    rounding = framework.rounding
    places = rounding.share if kind == "share" else rounding.shown
    return exact_text(round_exact(new, places, rounding.mode) - round_exact(old, places, rounding.mode))


def levels_in_order(framework: Framework) -> dict[str, list[str]]:
    """The levels of every scheme, best first, with none at the end."""
    return {key: [*rules, NO_LEVEL] for scheme in framework.levels for key, (_, rules) in schemes(scheme).items()}
