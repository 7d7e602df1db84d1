"""Ranks within each ranking group: 1 is best, equal values share, blanks and units out of the ranking have none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from minhbach import decide
from minhbach.model import Ranking
from minhbach.score import Points

COLUMNS = ["unit_id", "ranking", "rank", "tied_with", "group"]
MOST_NAMED = 100


def ranks(points: Points) -> pd.DataFrame:
    """The table of ranks.csv; `rank` is empty for a unit that is scored but not ranked, or has no value.

    `tied_with` names the other units of the rank; of more than MOST_NAMED the first, and `+N` for the N others.
    """
    tables = [_ranking(points, ranking) for ranking in points.framework.rankings]
    whole = pd.concat(tables) if tables else pd.DataFrame(columns=COLUMNS)
    return whole.sort_values(["unit_id", "ranking"], ignore_index=True)


def _ranking(points: Points, ranking: Ranking) -> pd.DataFrame:
    answers = points.answers
    keys = keys_of(points, ranking)
    ranked = np.array([unit.ranked for unit in answers.units], dtype=bool) & ~np.isnan(keys[:, 0])
    rows, places, firsts = places_of(keys, answers.codes(ranking.within), np.flatnonzero(ranked), ranking.ties)
    rank, tied = np.full(len(keys), "", dtype=object), np.full(len(keys), "", dtype=object)
    rank[rows] = [str(place) for place in places.tolist()]
    ids = np.array(answers.unit_ids, dtype=object)
    for start, end in pairwise((*firsts.tolist(), len(rows))):
        if end - start > 1:
            alike = rows[start:end]
            tied[alike] = _others(ids[alike].tolist())
    columns = (ids, ranking.id, rank, tied, answers.groups(ranking.within))
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _others(names: list[str]) -> list[str]:
    """For each of the units that share a rank, the names of the others, sorted."""
    first = sorted(names)[: MOST_NAMED + 1]
    result = []
    for name in names:
        others = [each for each in first if each != name][:MOST_NAMED]
        left = len(names) - 1 - len(others)
        result.append(";".join([*others, *([f"+{left}"] if left else [])]))
    return result


def keys_of(points: Points, ranking: Ranking) -> npt.NDArray[np.float64]:
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


def places_of(
    keys: npt.NDArray[np.float64], groups: npt.NDArray[np.intp], rows: npt.NDArray[np.intp], ties: str
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The rows from the best of the first group to the last of the last, their ranks, and where each rank begins."""
    falling = np.column_stack([groups, -np.nan_to_num(keys, nan=-np.inf)])[rows]
    order = np.lexsort(falling.T[::-1])
    new = np.ones(falling.shape, dtype=bool)
    new[1:] = falling[order][1:] != falling[order][:-1]
    new_group, new_rank = new[:, 0], new.any(axis=1)
    places = np.arange(1, len(order) + 1, dtype=np.intp)
    counted = np.cumsum(new_rank) if ties == "dense" else np.maximum.accumulate(np.where(new_rank, places, 0))
    before = np.maximum.accumulate(np.where(new_group, counted, 0))
    from_one = (counted - before + 1).astype(np.intp)
    return rows[order], from_one, np.flatnonzero(new_rank)
