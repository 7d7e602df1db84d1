"""The table of a scorecard: points of parts and groups against median and best of the ranking group."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from minhbach import tables
from minhbach.framework import Framework
from minhbach.levels import schemes
from minhbach.model import Levels
from minhbach.numbers import from_text
from minhbach.results import Results
from minhbach.scorecards_group import Compared, Groups
from minhbach.scorecards_text import Line, cited, declared, joined, say

MOST_ROWS = 16


def listed(framework: Framework) -> tuple[str, ...]:
    """The nodes of the table from the top down: the deepest whole levels of the tree that fit."""
    order = [node for top in framework.nodes if top not in framework.parent for node in _below(framework, top)]
    depths = {node: framework.depth(node) for node in order}
    fitting = [depth for depth in set(depths.values()) if sum(each <= depth for each in depths.values()) <= MOST_ROWS]
    deepest = max(fitting, default=0)
    return tuple(node for node in order if depths[node] <= deepest)


@dataclass(frozen=True)
class Scores:
    """The scores of a framework as its cards print them."""

    results: Results
    groups: Groups

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The nodes of the table."""
        return listed(self.results.framework)

    @cached_property
    def schemes(self) -> dict[str, Levels]:
        """Level schemes by the id that levels.csv has."""
        return {key: scheme for scheme in self.results.framework.levels for key in schemes(scheme)}

    @cached_property
    def _maxima(self) -> dict[tuple[str, str], Fraction]:
        table = tables.rows(self.results.frames["scores"])
        return {(row.unit_id, row.node_id): from_text(row.max_points) for row in table if row.max_points}

    @property
    def ranked_by_node(self) -> bool:
        """Whether ranks stand in the table because there are several rankings."""
        return len(self.results.framework.rankings) > 1

    def level_keys(self, node_id: str = "") -> list[str]:
        """The level schemes of one node of several, or (without a node) those of the unit as a whole."""
        return [
            key
            for key, scheme in self.schemes.items()
            if (key.removeprefix(f"{scheme.id}.") if key != scheme.id else "") == node_id
        ]

    @property
    def levels_by_node(self) -> bool:
        """Whether levels stand in the table because a scheme gives one to each of several nodes."""
        return any(key != scheme.id for key, scheme in self.schemes.items())

    def maximum(self, unit_id: str, node_id: str) -> Line:
        """The most the unit can have: the framework's number, or the unit's own where parts do not apply to it."""
        node, own = self.results.framework.nodes[node_id], self._maxima.get((unit_id, node_id))
        if own is None:
            return ()
        if own == node.max_points:
            return cited(self.results.method(f"{node_id}.max_points", own))
        places, source = self.results.framework.rounding.shown, "scores.csv: max_points"
        return cited(self.results.ledger.number(f"{unit_id}/{node_id}.max_points", own, places, "points", source))

    def row(self, unit_id: str, node_id: str) -> dict[str, object]:
        """One line of the table: texts by column, and places from 0 to 1 on the bar."""
        language, node = self.results.language, self.results.framework.nodes[node_id]
        compared = self.groups.compared(unit_id, node_id)
        cells: dict[str, Line] = {
            "node": declared(f"{node.number}. {node.label.say(language)}" if node.number else node.label.say(language)),
            "points": cited(self.results.points(unit_id, node_id)),
            "max": self.maximum(unit_id, node_id),
            "share": cited(self.results.share(unit_id, node_id)),
            "median": cited(compared.median),
            "best": cited(compared.best),
        }
        if self.ranked_by_node:
            by = [ranking for ranking in self.results.framework.rankings if ranking.by == node_id]
            cells["rank"] = joined([cited(self.results.rank(unit_id, ranking)) for ranking in by], "; ")
        if self.levels_by_node:
            keys = self.level_keys(node_id)
            cells["level"] = joined([cited(self.results.level(unit_id, key, self.schemes[key])) for key in keys], "; ")
        depth = str(self.results.framework.depth(node_id))
        own = cells["share" if compared.on == "share" else "points"]
        words = say("card_bar", language, own=own, median=cells["median"], best=cells["best"])
        return {"cells": cells, "depth": depth, "bar": self._bar(unit_id, node_id, compared), "words": words}

    def _bar(self, unit_id: str, node_id: str, compared: Compared) -> dict[str, object]:
        """From 0 to 1 of the maximum, or of the group's best where a node has no maximum; empty where unknown."""
        node, key = self.results.framework.nodes[node_id], (unit_id, node_id)
        whole = Fraction(1) if compared.on == "share" else node.max_points or compared.best_value
        own = (self.results.share_of if node.max_points else self.results.points_of).get(key)
        scale = Fraction(1) if node.max_points else whole
        places = ("own", own, scale), ("median", compared.median_value, whole), ("best", compared.best_value, whole)
        return {name: _place(value, top) for name, value, top in places}


def _below(framework: Framework, node_id: str) -> list[str]:
    children = [each for child in framework.nodes[node_id].children for each in _below(framework, child)]
    return [node_id, *children]


def _place(value: Fraction | None, whole: Fraction | None) -> str:
    if value is None or not whole or whole < 0:
        return ""
    return f"{float(min(max(value / whole, Fraction(0)), Fraction(1))):.4f}"
