"""Rank intervals: the ranks of every unit when the weights of the parts are drawn around the printed ones.

The rule: the maximum of each part is multiplied by a factor of its own, a whole number of thousandths between 1 − s
and 1 + s, each as likely as any other; then all are scaled so that the total stays as printed. The numbers come from
the 64 bits of the generator PCG64, whose stream is fixed for all computers and versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from minhbach.model import Ranking
from minhbach.rank import keys_of, places_of
from minhbach.robustness_drawn import Drawn, Factors
from minhbach.robustness_parts import weighted
from minhbach.robustness_rows import Row
from minhbach.score import Points
from minhbach.vector_exact import Floats

THOUSAND = 1000
LOW, HIGH = 5, 95  # per cent of the draws
MOST_ROWS = 500_000  # of draws × units at once: what keeps the memory small
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Draws:
    """How many draws, from which seed, and how far a weight may move (0.2: up to 20 per cent up or down)."""

    draws: int = 1000
    seed: int = 1
    spread: Fraction = Fraction(1, 5)


def factors(settings: Draws, nodes: int) -> Factors:
    """The factors in thousandths, draws × nodes."""
    reach = int(settings.spread * THOUSAND)
    bits = np.random.PCG64(settings.seed).random_raw((settings.draws, nodes))
    return (bits % np.uint64(2 * reach + 1)).astype(np.int64) + (THOUSAND - reach)


def drawn_ranks(points: Points, ranking: Ranking, settings: Draws) -> Places:
    """The rank of every unit in every draw, draws × units; 0 where a unit is not ranked."""
    nodes = weighted(points.framework, ranking.by)
    made = factors(settings, len(nodes))
    step = max(1, MOST_ROWS // max(1, len(points.answers.units)))
    parts = [
        ranks_of(points, ranking, Drawn(points, ranking, nodes, made[first : first + step]))
        for first in range(0, len(made), step)
    ]
    return np.concatenate(parts)


def ranks_of(points: Points, ranking: Ranking, drawn: Drawn) -> Places:
    """The ranks of every draw. Where a node breaks ties, it does so by its printed points."""
    draws, units = len(drawn.factors), drawn.units
    keys: list[Floats] = [drawn.keys()]
    keys += [np.tile(each, draws) for each in keys_of(points, ranking).T[1:]]
    codes = points.answers.codes(ranking.within)
    worlds = int(codes.max(initial=0)) + 1
    groups = (np.arange(draws)[:, None] * worlds + codes[None, :]).ravel()
    ranked = np.tile([unit.ranked for unit in points.answers.units], draws) & ~np.isnan(keys[0])
    rows, places, _ = places_of(np.column_stack(keys), groups, np.flatnonzero(ranked), ranking.ties)
    found = np.zeros(draws * units, dtype=np.int64)
    found[rows] = places
    return found.reshape(draws, units)


def intervals(points: Points, ranking: Ranking, printed: Places, settings: Draws) -> dict[str, Places]:
    """best, low, high and worst rank of every unit over the draws; each interval includes the printed rank.

    low and high leave out the best and the worst 5 per cent of the draws.
    """
    found = np.sort(drawn_ranks(points, ranking, settings), axis=0)
    draws = len(found)
    first, last = (-(-percent * draws // 100) - 1 for percent in (LOW, HIGH))
    return {
        "best": np.minimum(found[0], printed),
        "low": np.minimum(found[max(first, 0)], printed),
        "high": np.maximum(found[last], printed),
        "worst": np.maximum(found[-1], printed),
    }


def printed_ranks(points: Points, ranking: Ranking) -> Places:
    """The rank of every unit as printed; 0 where a unit is not ranked."""
    keys, answers = keys_of(points, ranking), points.answers
    ranked = np.array([unit.ranked for unit in answers.units], dtype=bool) & ~np.isnan(keys[:, 0])
    rows, places, _ = places_of(keys, answers.codes(ranking.within), np.flatnonzero(ranked), ranking.ties)
    found = np.zeros(len(keys), dtype=np.int64)
    found[rows] = places
    return found


def rows(points: Points, settings: Draws) -> Iterator[Row]:
    """The intervals of every ranking that rests on a sum of at least two parts."""
    for ranking in points.framework.rankings:
        if len(weighted(points.framework, ranking.by)) < 2:
            continue
        printed = printed_ranks(points, ranking)
        found = intervals(points, ranking, printed, settings)
        for place in np.flatnonzero(printed):
            ends = {name: str(int(each[place])) for name, each in found.items()}
            yield Row(points.answers.unit_ids[place], "weights", ranking.id, now=str(int(printed[place])), **ends)
