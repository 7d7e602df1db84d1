"""Units that were renamed, merged or split since an earlier edition: its results under the units of the later one.

units.csv names in `previous` the earlier units that a unit was formed from. The value of a merged unit is the
unweighted mean of its predecessors' values, as in DTI 2024; it has no rank or level unless it was one unit. Each part
of a split unit has the results of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from minhbach import tables
from minhbach.merge import predecessors
from minhbach.numbers import exact_text, from_text
from minhbach.units import Unit

Frames = dict[str, pd.DataFrame]
RENAMED, MERGED, SPLIT = "renamed", "merged", "split"


@dataclass(frozen=True)
class Formed:
    """How a unit of the later edition came about: `parts` are earlier units, `kind` is renamed, merged or split."""

    unit: Unit
    parts: tuple[str, ...]
    kind: str


def formed(units: Iterable[Unit], earlier: Iterable[str]) -> tuple[Formed, ...]:
    """The units of the later edition that were not the same unit in the earlier one, in order.

    A predecessor that the earlier edition (`earlier`: its ids) does not have makes no difference unless it has none.
    """
    before = set(earlier)
    named = [(unit, predecessors(unit)) for unit in units]
    named = [(unit, parts) for unit, parts in named if parts and parts != (unit.unit_id,) and before & set(parts)]
    counts: dict[str, int] = {}
    for _, parts in named:
        for part in parts:
            counts[part] = counts.get(part, 0) + 1
    return tuple(Formed(unit, parts, _kind(unit, parts, counts, before)) for unit, parts in named)


def _kind(unit: Unit, parts: tuple[str, ...], counts: Mapping[str, int], before: set[str]) -> str:
    if len(parts) > 1:
        return MERGED
    return SPLIT if counts[parts[0]] > 1 or unit.unit_id in before else RENAMED


def carried(frames: Mapping[str, pd.DataFrame], known: Iterable[Formed]) -> Frames:
    """Scores, levels and ranks of the earlier edition, with those of the units formed since in place of their parts."""
    listed = tuple(known)
    if not listed:
        return dict(frames)
    gone = {part for each in listed for part in each.parts} | {each.unit.unit_id for each in listed}
    return {
        "scores": _joined(frames["scores"], gone, _scores(frames["scores"], listed), "node_id"),
        "levels": _joined(frames["levels"], gone, _same(frames["levels"], listed), "scheme"),
        "ranks": _joined(frames["ranks"], gone, _same(frames["ranks"], listed), "ranking"),
    }


def _joined(frame: pd.DataFrame, gone: set[str], rows: list[dict[str, str]], key: str) -> pd.DataFrame:
    kept = frame[~frame["unit_id"].isin(gone)]
    whole = pd.concat([kept, pd.DataFrame(rows, columns=list(frame.columns), dtype="str")], ignore_index=True)
    return whole.sort_values(["unit_id", key], ignore_index=True)


def _of_units(frame: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(str(row["unit_id"]), []).append({str(name): str(text) for name, text in row.items()})
    return found


def _same(frame: pd.DataFrame, listed: Iterable[Formed]) -> list[dict[str, str]]:
    """Levels or ranks of units that were one unit."""
    known = _of_units(frame)
    single = (each for each in listed if len(each.parts) == 1)
    return [{**row, "unit_id": each.unit.unit_id} for each in single for row in known.get(each.parts[0], [])]


def _scores(frame: pd.DataFrame, listed: Iterable[Formed]) -> list[dict[str, str]]:
    """The means of the predecessors' points and maxima; blank where one of them is."""
    known = {(row["unit_id"], row["node_id"]): row for rows in _of_units(frame).values() for row in rows}
    nodes = list(dict.fromkeys(frame["node_id"]))
    return [
        _mean(each, node, [known.get((part, node), {}) for part in each.parts]) for each in listed for node in nodes
    ]


def _mean(each: Formed, node: str, rows: list[dict[str, str]]) -> dict[str, str]:
    texts = {"points": [row.get("exact") or row.get("points", "") for row in rows]}
    texts["max_points"] = [row.get("max_points", "") for row in rows]
    means = {name: mean_text(values) for name, values in texts.items()}
    return {"unit_id": each.unit.unit_id, "node_id": node, **means, "share": "", "exact": means["points"]}


def mean_text(texts: Iterable[str]) -> str:
    """The exact mean of exact numbers; empty where one is."""
    values = list(texts)
    if not values or not all(values):
        return ""
    return exact_text(sum(map(from_text, values), Fraction(0)) / len(values))


def parts_of(known: Iterable[Formed]) -> dict[str, tuple[str, ...]]:
    """The earlier units by later unit."""
    return {each.unit.unit_id: each.parts for each in known}


def used(units: Iterable[Unit], frame: pd.DataFrame) -> tuple[Formed, ...]:
    """The units formed since, as far as the earlier edition has results of their parts."""
    return formed(units, (row.unit_id for row in tables.rows(frame)))
