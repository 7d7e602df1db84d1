"""What a unit is compared with on its card: median and best of its ranking group, each one exact query."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from minhbach import tables
from minhbach.facts import FACT_ID
from minhbach.model import Ranking
from minhbach.results import Results, quoted, slug

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Compared:
    """Median and best of a node in a ranking group, exactly and as spans; `on` says of what, points or share."""

    on: str
    median: str = "–"
    best: str = "–"
    median_value: Fraction | None = None
    best_value: Fraction | None = None


@dataclass(frozen=True)
class Groups:
    """The ranking groups of a framework, and the facts about them."""

    results: Results
    _known: dict[Key, Compared] = field(default_factory=dict)
    _sizes: dict[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def group_of(self) -> dict[tuple[str, str], str]:
        """The group of each unit, by unit and ranking, whether it is ranked there or not."""
        return {(row.unit_id, row.ranking): row.group for row in tables.rows(self.results.frames["ranks"])}

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """The groups of each ranking, sorted."""
        found: dict[str, set[str]] = {}
        for (_, ranking_id), group in self.group_of.items():
            found.setdefault(ranking_id, set()).add(group)
        return {ranking_id: tuple(sorted(groups)) for ranking_id, groups in found.items()}

    def ranking(self, node_id: str) -> Ranking | None:
        """The ranking a node counts in: by itself, by the nearest node above it, or else the first one."""
        rankings, above = self.results.framework.rankings, node_id
        while above:
            if found := next((ranking for ranking in rankings if ranking.by == above), None):
                return found
            above = self.results.framework.parent.get(above, "")
        return rankings[0] if rankings else None

    def compared(self, unit_id: str, node_id: str) -> Compared:
        """Median (the middle value, or the mean of the two) and best of a node in the unit's group."""
        ranking = self.ranking(node_id)
        group = self.group_of.get((unit_id, ranking.id), "") if ranking else ""
        key = (node_id, ranking.id if ranking else "", group)
        if key not in self._known:
            self._known[key] = self._compare(node_id, ranking, group)
        return self._known[key]

    def size(self, ranking: Ranking, group: str) -> str:
        """The span of how many units are ranked in a group."""
        key = (ranking.id, group)
        if key not in self._sizes:
            sql = f"select count(*) {self._ranked(ranking, group)}"
            self._sizes[key] = self.results.count(f"{ranking.id}.count{self._suffix(ranking, group)}", sql)
        return self._sizes[key]

    def _compare(self, node_id: str, ranking: Ranking | None, group: str) -> Compared:
        rounding = self.results.framework.rounding
        on = ranking.on if ranking else "points"
        places = rounding.share if on == "share" else rounding.shown
        values = f"{self.results.rows_where('scores', node_id=node_id)} and {on} <> ''"
        if ranking:
            values += f" and unit_id in (select unit_id {self._ranked(ranking, group)})"
        name = f"{node_id}.share" if on == "share" else node_id
        suffix = self._suffix(ranking, group) if ranking else ""
        if not self.results.ledger.select(f"select count(*) {values}"):
            return Compared(on)
        median, best = _median(on, values), f"select max({on}::decimal(38,12)) {values}"
        return Compared(
            on,
            self.results.count(f"{name}.median{suffix}", median, places),
            self.results.count(f"{name}.best{suffix}", best, places),
            self.results.ledger.select(median),
            self.results.ledger.select(best),
        )

    def _ranked(self, ranking: Ranking, group: str) -> str:
        """`from ranks where …` of the units that are ranked in a group."""
        where = self.results.rows_where("ranks", ranking=ranking.id) + " and rank <> ''"
        single = len(self.names.get(ranking.id, ())) < 2
        return where if single else f'{where} and "group" = {quoted(group)}'

    def _suffix(self, ranking: Ranking, group: str) -> str:
        """What distinguishes a group's facts where a ranking has several: its name, or its number among them."""
        names = self.names.get(ranking.id, ())
        if len(names) < 2:
            return ""
        plain = [slug(name) for name in names]
        usable = len(set(plain)) == len(plain) and all(FACT_ID.fullmatch(name) for name in plain)
        return f".{slug(group)}" if usable else f".{names.index(group) + 1}"


def _median(on: str, values: str) -> str:
    """The SQL of a median: the sum of the one or two middle values, and their number; its rows name their units."""
    value = f"{on}::decimal(38,12)"
    place = f"row_number() over (order by {value}, unit_id) as place"
    placed = f"select unit_id, node_id, {value} as v, {place}, count(*) over () as units {values}"
    return f"select sum(v), count(*) from ({placed}) where place in ((units + 1) // 2, units // 2 + 1)"
