"""Ranks within each ranking group: 1 is best, equal values share, blanks and units out of the ranking have none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from minhbach import decide
from minhbach.model import Ranking
from minhbach.score import Points

COLUMNS = ["unit_id", "ranking", "rank", "tied_with", "group"]


def ranks(points: Points) -> pd.DataFrame:
    """The table of ranks.csv; `rank` is empty for a unit that is scored but not ranked, or has no value."""
    tables = [_ranking(points, ranking) for ranking in points.framework.rankings]
    whole = pd.concat(tables) if tables else pd.DataFrame(columns=COLUMNS)
    return whole.sort_values(["unit_id", "ranking"], ignore_index=True)


def _ranking(points: Points, ranking: Ranking) -> pd.DataFrame:
    units = points.answers.units
    keys = _keys(points, ranking)
    out = np.isnan(keys[:, 0]) | np.array([not unit.ranked for unit in units], dtype=bool)
    groups = np.array(points.answers.groups(ranking.within), dtype=object)
    table = pd.DataFrame(
        {
            "unit_id": points.answers.unit_ids,
            "ranking": ranking.id,
            "rank": "",
            "tied_with": "",
            "group": groups,
        }
    )
    for group in sorted(set(groups)):
        rows = np.flatnonzero((groups == group) & ~out)
        for row, (rank, tied) in zip(rows, _places(keys[rows], ranking.ties), strict=True):
            others = sorted(units[rows[other]].unit_id for other in tied)
            table.loc[row, ["rank", "tied_with"]] = [str(rank), ";".join(others)]
    return table


def _keys(points: Points, ranking: Ranking) -> npt.NDArray[np.float64]:
    """What is compared, most important first: the value, then the tie-breaking node where the framework names one."""
    rounding = points.framework.rounding
    nodes = [ranking.by]
    if ranking.ties.startswith("first by "):
        nodes.append(ranking.ties.removeprefix("first by "))
    places = rank_places(ranking, rounding.rank_on, rounding.shown, rounding.share)
    return np.column_stack([decide.order(points, node, ranking.on, places) for node in nodes])


def rank_places(ranking: Ranking, rank_on: str, shown: int, share: int) -> int | None:
    """To how many decimals values are rounded before they are ranked; None when exact values are."""
    if rank_on == "exact":
        return None
    if ranking.decimals is not None:
        return ranking.decimals
    return share if ranking.on == "share" else shown


def _places(keys: npt.NDArray[np.float64], ties: str) -> list[tuple[int, list[int]]]:
    """Rank of each row, and the other rows that share it."""
    alike: dict[tuple[float, ...], list[int]] = {}
    for row, key in enumerate(keys):
        alike.setdefault(tuple(-np.nan_to_num(key, nan=-np.inf)), []).append(row)
    result: list[tuple[int, list[int]]] = [(0, [])] * len(keys)
    before = 0
    for place, key in enumerate(sorted(alike), start=1):
        rank = place if ties == "dense" else before + 1
        for row in alike[key]:
            result[row] = (rank, [other for other in alike[key] if other != row])
        before += len(alike[key])
    return result
