"""What the report cites about the firmness of a result: the rows of robustness.csv, each number a query over them.

Every query ends in a remark that says in words how its number is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from minhbach import tables, wording
from minhbach.book import Book
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import declared
from minhbach.model import Levels, Ranking
from minhbach.numbers import from_text
from minhbach.results import Results, level_words
from minhbach.units import Unit

TABLE = "robustness"
REMARKS: Mapping[str, str] = {
    "best": "best rank over all draws of weights and as printed",
    "low": "rank after leaving out the best twentieth of all draws of weights, at most the printed one",
    "high": "rank after leaving out the worst twentieth of all draws of weights, at least the printed one",
    "worst": "worst rank over all draws of weights and as printed",
    "down": "least that the unit has to spare among the conditions of its level, with the rounding of levels",
    "up": "most that the unit lacks among the conditions of the next better level, with the rounding of levels",
    "if": "rank with this answer at its lowest and all else as it is",
    "any": "answers of a unit without confirmation that alone lower its level when they are at their lowest",
    "same": "units that keep their rank in nine of ten draws of weights",
    "near": "units that move by three places at most in nine of ten draws of weights",
    "moved": "units with another rank in this reading of the same data",
    "most": "largest move in places in this reading of the same data",
    "levelled": "units with another level in this reading of the same data",
    "tight": "units that meet a condition of their level exactly",
    "singles": "units with a level that a single answer at its lowest takes away",
    "open": "open warnings about answers that count",
    "warned": "open warnings whose answer at its lowest makes the outcome worse",
    "fall": "places lost at most when the answer of an open warning is at its lowest",
}  # fmt: skip


@dataclass(frozen=True)
class Firmness:
    """The rows of one framework, and the facts in them."""

    book: Book
    results: Results

    @cached_property
    def rows(self) -> dict[tuple[str, str, str, str], Any]:
        """Rows by kind, outcome, reading and unit."""
        return {(row.kind, row.outcome, row.reading, row.unit_id): row for row in tables.rows(self.frame)}

    @cached_property
    def kinds(self) -> dict[str, list[Any]]:
        """Rows by kind."""
        found: dict[str, list[Any]] = {}
        for row in tables.rows(self.frame):
            found.setdefault(row.kind, []).append(row)
        return found

    @cached_property
    def owned(self) -> dict[tuple[str, str], list[Any]]:
        """Rows by kind and unit."""
        found: dict[tuple[str, str], list[Any]] = {}
        for row in tables.rows(self.frame):
            found.setdefault((row.kind, row.unit_id), []).append(row)
        return found

    @property
    def frame(self) -> pd.DataFrame:
        """robustness.csv."""
        return self.results.frames[TABLE]

    def of(self, kind: str, outcome: str = "") -> list[Any]:
        """The rows of a kind, of one outcome if it is named."""
        return [row for row in self.kinds.get(kind, ()) if outcome in ("", row.outcome)]

    def by_unit(self, kind: str, unit_id: str) -> list[Any]:
        """The rows of a kind about a unit."""
        return self.owned.get((kind, unit_id), [])

    def say(self, key: str, **details: object) -> str:
        """A sentence."""
        return wording.say(f"robust_{key}", self.results.language, **details)

    def number(
        self, fact: str, select: str, remark: str, where: Mapping[str, str], end: str = "", places: int = 0
    ) -> str:
        """The span of a query over the table; `end` are further conditions in SQL."""
        sql = f"select {select} {self.results.rows_where(TABLE, **where)}{end} /* {REMARKS[remark]} */"
        return self.results.ledger.query(fact, sql, places)

    def count(self, name: str, remark: str, select: str = "count(*)", *, end: str = "", **where: str) -> str:
        """The span of a number about many units."""
        return self.number(f"{self.results.scope}/robust.{name}", select, remark, where, end)

    def rank(self, unit_id: str, ranking: Ranking, which: str) -> str:
        """The span of an end of a unit's interval: best, low, high or worst."""
        where = {"kind": "weights", "outcome": ranking.id, "unit_id": unit_id}
        return self.number(f"{unit_id}/{ranking.id}.{which}", f"{which}::integer", which, where)

    def interval(self, unit_id: str, ranking: Ranking, first: str, last: str) -> str:
        """Two ends as `3–7`; one number where they are equal; a dash where there are none."""
        row = self.rows.get(("weights", ranking.id, "", unit_id))
        if row is None:
            return "–"
        ends = [self.rank(unit_id, ranking, which) for which in (first, last)]
        return ends[0] if getattr(row, first) == getattr(row, last) else "–".join(ends)

    def distance(self, unit_id: str, key: str, way: str) -> str:
        """How much a unit has to spare (down) or lacks (up)."""
        where = {"kind": "threshold", "outcome": key, "reading": way, "unit_id": unit_id}
        name = {"down": "spare", "up": "lack"}[way]
        return self.number(f"{unit_id}/{key}.{name}", "distance", way, where, places=self.places(key))

    def places(self, key: str) -> int:
        """The decimals with which a scheme's values are shown."""
        rounding = self.results.framework.rounding
        return rounding.share if self.keys[key][1] == "share" else rounding.shown

    @cached_property
    def keys(self) -> dict[str, tuple[Levels, str]]:
        """Every scheme by its key in levels.csv, with what it looks at."""
        return {
            key: (scheme, on) for scheme in self.results.framework.levels for key, (on, _) in schemes(scheme).items()
        }

    def nodes(self, key: str) -> tuple[str, ...]:
        """The nodes that a scheme's conditions look at."""
        rules = schemes(self.keys[key][0])[key][1]
        return tuple(dict.fromkeys(node for conditions in rules.values() for node in conditions))

    def order(self, key: str) -> list[str]:
        """The levels of a scheme, best first."""
        return [*schemes(self.keys[key][0])[key][1], NO_LEVEL]

    def level(self, key: str, level: str) -> str:
        """A level that a unit does not have, in words."""
        return declared(level_words(self.keys[key][0], level, self.results.language))

    def node(self, node_id: str) -> str:
        """A node's name, safe to print."""
        return declared(self.results.framework.nodes[node_id].label.say(self.results.language))

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units by id."""
        return {unit.unit_id: unit for unit in self.results.units}

    def name(self, unit_id: str) -> str:
        """A unit's name, safe to print."""
        return self.results.name(self.units[unit_id])

    def setting(self, name: str) -> str:
        """The span of a setting of the draws."""
        settings, ledger = self.book.setup.assessment.robustness, self.results.ledger
        if name == "spread":
            source = "assessment.yaml#robustness.spread, in per cent"
            places = 0 if (settings.spread * 100).denominator == 1 else 1
            return ledger.number("robustness/spread", settings.spread * 100, places, "setting", source)
        source = f"assessment.yaml: robustness.{name}"
        return ledger.number(f"robustness/{name}", getattr(settings, name), 0, "setting", source)

    def scale(self, row: Any) -> Any:
        """The distance of a row as a number, for putting rows in order."""
        return from_text(row.distance)
