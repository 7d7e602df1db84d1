"""Other sensible readings of the same answers: without a part, with the other rounding, by totals alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from minhbach import levels, tables
from minhbach.framework import Framework
from minhbach.model import Ranking
from minhbach.robustness_cases import levels_of
from minhbach.robustness_drawn import Drawn
from minhbach.robustness_parts import MOST_NODES, weighted
from minhbach.robustness_rows import Row
from minhbach.robustness_weights import Places, printed_ranks, ranks_of
from minhbach.score import Points, score

WITHOUT, RANK_ON, LEVEL_ON, BY_TOTALS = "without", "rank_on", "level_on", "by_totals"
OTHER = {"rounded": "exact", "exact": "rounded"}


def rows(points: Points) -> Iterator[Row]:
    """Every outcome that differs in a reading; what is not listed stays as it is."""
    for ranking in points.framework.rankings:
        printed = printed_ranks(points, ranking)
        for node_id in parts(points.framework, ranking):
            yield from _moved(points, ranking, f"{WITHOUT}.{node_id}", printed, _without(points, ranking, node_id))
        yield from _moved(points, ranking, rank_reading(points.framework), printed, _otherwise_ranked(points, ranking))
    yield from _levels(points)
    yield from _by_totals(points)


def parts(framework: Framework, ranking: Ranking) -> tuple[str, ...]:
    """The parts that a ranking may leave out: those of a sum of two to twelve."""
    node = framework.nodes[ranking.by]
    counted = tuple(child for child in node.children if framework.nodes[child].max_points != 0)
    return counted if node.formula is None and 2 <= len(counted) <= MOST_NODES else ()


def rank_reading(framework: Framework) -> str:
    """The reading in which ranks look at exact values where they look at rounded ones, or the other way round."""
    return f"{RANK_ON}.{OTHER[framework.rounding.rank_on]}"


def level_reading(framework: Framework) -> str:
    """The same for levels."""
    return f"{LEVEL_ON}.{OTHER[framework.rounding.level_on]}"


def _without(points: Points, ranking: Ranking, node_id: str) -> Places:
    """The ranks by what is left of a sum without one of its parts."""
    nodes = weighted(points.framework, ranking.by)
    ones = np.ones((1, len(nodes)), dtype=np.int64)
    return np.asarray(ranks_of(points, ranking, Drawn(points, ranking, nodes, ones, node_id))[0])


def _otherwise_ranked(points: Points, ranking: Ranking) -> Places:
    return printed_ranks(rounded_as(points, rank_on=OTHER[points.framework.rounding.rank_on]), ranking)


def rounded_as(points: Points, **changed: str) -> Points:
    """The same answers under other settings of rounding."""
    framework = points.framework
    rounding = framework.rounding.model_copy(update=changed)
    spec = framework.spec.model_copy(update={"rounding": rounding})
    return score(replace(points.answers, framework=replace(framework, spec=spec)))


def _moved(points: Points, ranking: Ranking, reading: str, printed: Places, found: Places) -> Iterator[Row]:
    for place in np.flatnonzero(printed != found):
        now, result = (str(int(each[place]) or "") for each in (printed, found))
        yield Row(points.answers.unit_ids[place], "reading", ranking.id, reading, now=now, result=result)


def _levels(points: Points) -> Iterator[Row]:
    reading, now = level_reading(points.framework), levels_of(points)
    found = levels_of(rounded_as(points, level_on=OTHER[points.framework.rounding.level_on]))
    for key, known in now.items():
        for place in np.flatnonzero(known != found[key]):
            unit_id = points.answers.unit_ids[place]
            yield Row(unit_id, "reading", key, reading, now=known[place], result=found[key][place])


def _by_totals(points: Points) -> Iterator[Row]:
    for row in tables.rows(levels.levels(points)):
        if row.by_totals not in ("", row.level):
            yield Row(row.unit_id, "reading", row.scheme, BY_TOTALS, now=row.level, result=row.by_totals)
