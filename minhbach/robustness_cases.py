"""What ranks and levels a unit would have if one of its answers were another: all such cases scored together.

A case is a further row beside the units: it takes the place of its unit when ranks are counted. An answer that a
`best` or `worst` compares among units moves the others too, so such a case is scored on its own, with all units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from minhbach import decide, formula
from minhbach.answers import Answers
from minhbach.formula import Call
from minhbach.framework import Framework
from minhbach.levels import NO_LEVEL, level_places, schemes
from minhbach.model import Ranking
from minhbach.rank import keys_of
from minhbach.score import Points, score
from minhbach.vector_exact import Floats

MOST_CASES = 20_000  # scored together: what keeps the memory small


@dataclass(frozen=True)
class Case:
    """A unit, by its row, with another text as the answer to a field."""

    row: int
    field_id: str
    text: str


Outcomes = Mapping[str, str]


def outcomes(points: Points, cases: Sequence[Case]) -> list[Outcomes]:
    """For each case the unit's level in every scheme and its rank in every ranking, by their keys; "" is none."""
    apart = compared(points.framework)
    together = [place for place, case in enumerate(cases) if case.field_id not in apart]
    found: dict[int, Outcomes] = {}
    for first in range(0, len(together), MOST_CASES):
        part = together[first : first + MOST_CASES]
        world = World(score(stacked(points, [cases[place] for place in part])), len(points.answers.units))
        found |= {place: world.of(cases[place].row, world.units + row) for row, place in enumerate(part)}
    for place, case in enumerate(cases):
        if place not in found:
            world = World(_changed(points, case), len(points.answers.units))
            found[place] = world.of(case.row, case.row)
    return [found[place] for place in range(len(cases))]


def compared(framework: Framework) -> frozenset[str]:
    """The fields that a `best` or `worst` looks at, directly or through other nodes."""
    trees = (*framework.formulas.values(), *framework.conditions.values())
    calls = (part for tree in trees for part in formula.walk(tree) if isinstance(part, Call))
    start = {name for call in calls if call.function in ("best", "worst") for name in formula.names(call)}
    return frozenset(reached(framework, start))


def scored(framework: Framework) -> frozenset[str]:
    """The fields that ranks and levels rest on."""
    start = {ranking.by for ranking in framework.rankings}
    start |= {ranking.ties.removeprefix("first by ") for ranking in framework.rankings}
    rules = [each for scheme in framework.levels for _, known in schemes(scheme).values() for each in known.values()]
    start |= {node for each in rules for node in each}
    return frozenset(reached(framework, start))


def reached(framework: Framework, names: set[str]) -> Iterator[str]:
    """The fields below some fields and nodes."""
    seen: set[str] = set()
    left = sorted(names)
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in framework.fields:
            yield name
        elif name in framework.nodes:
            trees = [known[name] for known in (framework.formulas, framework.conditions) if name in known]
            left += [*framework.nodes[name].children, *(each for tree in trees for each in formula.names(tree))]


def stacked(points: Points, cases: Sequence[Case]) -> Answers:
    """The answers of all units, and of one more unit for every case."""
    answers = points.answers
    units = answers.units + tuple(answers.units[case.row] for case in cases)
    texts = {}
    for field_id, column in answers.texts.items():
        more = (case.text if case.field_id == field_id else column[case.row] for case in cases)
        texts[field_id] = (*column, *more)
    return replace(answers, units=units, texts=texts)


def _changed(points: Points, case: Case) -> Points:
    answers = points.answers
    column = list(answers.texts[case.field_id])
    column[case.row] = case.text
    return score(replace(answers, texts={**answers.texts, case.field_id: tuple(column)}))


class World:
    """Ranks and levels of rows that may stand in the place of a unit; the first `units` rows are the units."""

    def __init__(self, points: Points, units: int) -> None:
        self.points, self.units = points, units

    def of(self, unit: int, row: int) -> Outcomes:
        """The outcomes of a row in the place of a unit."""
        found = {key: str(levels[row]) for key, levels in self.levels.items()}
        return found | {ranking.id: self._rank(ranking, unit, row) for ranking in self.points.framework.rankings}

    @cached_property
    def levels(self) -> dict[str, npt.NDArray[np.object_]]:
        """The level of every row by the scheme's key."""
        return levels_of(self.points)

    def _rank(self, ranking: Ranking, unit: int, row: int) -> str:
        """One more than the number of other units that stand before the row."""
        keys, codes = self._ranked[ranking.id]
        others = np.flatnonzero(codes[: self.units] == codes[unit])
        others = others[others != unit]
        if np.isnan(keys[row, 0]) or codes[unit] < 0:
            return ""
        mine, theirs = keys[row], keys[others]
        before = theirs[:, 0] > mine[0]
        for column in range(1, keys.shape[1]):  # a blank comes last
            level = (theirs[:, :column] == mine[:column]).all(axis=1)
            before |= level & (theirs[:, column] > mine[column])
        if ranking.ties == "dense":
            return str(len(np.unique(theirs[before], axis=0)) + 1)
        return str(int(before.sum()) + 1)

    @cached_property
    def _ranked(self) -> dict[str, tuple[Floats, npt.NDArray[np.intp]]]:
        """For every ranking what is compared, and the group of every row that is ranked, -1 for the others."""
        found = {}
        for ranking in self.points.framework.rankings:
            keys = keys_of(self.points, ranking)
            out = np.array([not unit.ranked for unit in self.points.answers.units], dtype=bool)
            codes = np.where(out, -1, self.points.answers.codes(ranking.within))
            keys[:, 1:] = np.nan_to_num(keys[:, 1:], nan=-np.inf)
            found[ranking.id] = (keys, codes)
        return found


def levels_of(points: Points) -> dict[str, npt.NDArray[np.object_]]:
    """The level of every unit by the scheme's key: its id, `none`, or empty where a value it rests on is blank."""
    found = {}
    for scheme in points.framework.levels:
        for key, (on, rules) in schemes(scheme).items():
            places, blank = level_places(points, on), np.zeros(len(points.answers.units), dtype=bool)
            result = np.full(len(blank), NO_LEVEL, dtype=object)
            for level in reversed(tuple(rules)):
                met = np.ones(len(blank), dtype=bool)
                for node, least in rules[level].items():
                    met &= decide.reached(points, node, least, on, places)
                    blank |= np.isnan(points.values[node].array)
                result[met] = level
            result[blank] = ""
            found[key] = result
    return found
