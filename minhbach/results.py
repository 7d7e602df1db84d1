"""The results of one framework as the report cites them: each number through a fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import pandas as pd

from minhbach import confirmations, tables, wording
from minhbach.facts import Ledger
from minhbach.framework import Framework
from minhbach.levels import NO_LEVEL
from minhbach.markdown import declared, named
from minhbach.model import Levels, Ranking
from minhbach.numbers import from_text
from minhbach.units import Unit


@dataclass(frozen=True)
class Results:
    """The tables of one framework, and the facts in them.

    `parents` are the units that others belong to, by id; `title` what the results are called, where an edition has
    several frameworks.
    """

    framework: Framework
    units: tuple[Unit, ...]
    frames: Mapping[str, pd.DataFrame]
    ledger: Ledger
    scope: str
    language: str
    parents: Mapping[str, Unit] = field(default_factory=dict)
    title: str = ""

    @cached_property
    def points_of(self) -> dict[tuple[str, str], Fraction]:
        """Points by unit and node; blanks are absent."""
        table = self.frames["scores"]
        return {
            (row.unit_id, row.node_id): from_text(row.exact or row.points) for row in tables.rows(table) if row.points
        }

    @cached_property
    def share_of(self) -> dict[tuple[str, str], Fraction]:
        """Shares by unit and node; blanks are absent."""
        table = self.frames["scores"]
        maximum = {
            (row.unit_id, row.node_id): from_text(row.max_points) for row in tables.rows(table) if row.max_points
        }
        return {key: value / maximum[key] for key, value in self.points_of.items() if maximum.get(key)}

    @cached_property
    def rank_of(self) -> dict[tuple[str, str], str]:
        """Ranks by unit and ranking; an empty text where a unit is not ranked."""
        return {(row.unit_id, row.ranking): row.rank for row in tables.rows(self.frames["ranks"])}

    @cached_property
    def level_of(self) -> dict[tuple[str, str], str]:
        """Level ids by unit and scheme."""
        return {(row.unit_id, row.scheme): row.level for row in tables.rows(self.frames["levels"])}

    @cached_property
    def unconfirmed(self) -> frozenset[str]:
        """Units whose observations are not confirmed in all required rounds."""
        return frozenset(confirmations.unconfirmed(self.frames["confirmations"]))

    def value(self, unit_id: str, ranking: Ranking) -> Fraction | None:
        """The value a ranking looks at."""
        return (self.share_of if ranking.on == "share" else self.points_of).get((unit_id, ranking.by))

    def points(self, unit_id: str, node_id: str) -> str:
        """The span of a node's points, or a dash."""
        value = self.points_of.get((unit_id, node_id))
        source = self.framework.nodes[node_id].formula or " + ".join(self.framework.nodes[node_id].children)
        places = self.framework.rounding.shown
        return "–" if value is None else self.ledger.number(f"{unit_id}/{node_id}", value, places, "points", source)

    def share(self, unit_id: str, node_id: str) -> str:
        """The span of a node's share of its maximum, or a dash."""
        value = self.share_of.get((unit_id, node_id))
        source = f"{node_id} / max_points"
        return (
            "–"
            if value is None
            else self.ledger.number(f"{unit_id}/{node_id}.share", value, self.framework.rounding.share, "share", source)
        )

    def rank(self, unit_id: str, ranking: Ranking) -> str:
        """The span of a rank, or a dash."""
        value = self.rank_of.get((unit_id, ranking.id), "")
        source = f"rank by {ranking.by} ({ranking.on}) within {ranking.within or 'all'}, ties {ranking.ties}"
        return self.ledger.number(f"{unit_id}/{ranking.id}", int(value), 0, "rank", source) if value else "–"

    def level(self, unit_id: str, scheme_id: str, scheme: Levels) -> str:
        """The span of a level, or a dash where it cannot be told."""
        value = self.level_of.get((unit_id, scheme_id), "")
        words = level_words(scheme, value, self.language)
        return (
            self.ledger.words(f"{unit_id}/{scheme_id}", value, words, "level", f"levels.{scheme.id}") if value else "–"
        )

    def level_mark(self, unit_id: str, scheme_id: str, scheme: Levels) -> str:
        """The level for long tables: a dash, as a fact of its own, below the last level; empty where unknown."""
        if not self.level_of.get((unit_id, scheme_id)):
            return ""
        if self.level_of.get((unit_id, scheme_id)) != NO_LEVEL:
            return self.level(unit_id, scheme_id, scheme)
        return self.ledger.words(f"{unit_id}/{scheme_id}.mark", NO_LEVEL, "–", "level", f"levels.{scheme.id}")

    def count(self, name: str, sql: str, places: int = 0) -> str:
        """The span of a query over all units of this framework."""
        return self.ledger.query(f"{self.scope}/{slug(name)}", sql, places)

    def rows_where(self, table: str, **conditions: str) -> str:
        """`from … where …` of the rows of this framework in which each column has the given text."""
        tests = {"framework": self.framework.id, **conditions}
        return f"from {table} where " + " and ".join(f"{column} = {quoted(text)}" for column, text in tests.items())

    def method(self, name: str, value: Fraction | int, places: int = 0) -> str:
        """The span of a number of the framework itself, such as a maximum."""
        scope = "method" if self.scope == "all" else f"method.{self.framework.id}"
        return self.ledger.number(
            f"{scope}/{slug(name)}",
            value,
            max(places, _places(Fraction(value))),
            "framework",
            f"{self.framework.file}: {name}",
        )

    @cached_property
    def by_parent(self) -> dict[str, list[Unit]]:
        """The units with results by the unit they belong to, by its id; empty when none belongs to another."""
        found: dict[str, list[Unit]] = {}
        for unit in self.ranked:
            found.setdefault(unit.parent_id if unit.parent_id in self.parents else "", []).append(unit)
        return {parent: found[parent] for parent in sorted(found)} if set(found) - {""} else {}

    @property
    def ranked(self) -> list[Unit]:
        """Units that have results, best first by the first ranking, then by id."""
        ranking = next(iter(self.framework.rankings), None)
        known = {unit_id for unit_id, _ in self.points_of}

        def place(unit: Unit) -> tuple[int, str]:
            rank = self.rank_of.get((unit.unit_id, ranking.id), "") if ranking else ""
            return (int(rank) if rank else 10**9, unit.unit_id)

        return sorted((unit for unit in self.units if unit.unit_id in known), key=place)

    def name(self, unit: Unit) -> str:
        """A unit's name, safe to print; an asterisk marks one whose data are not confirmed."""
        name = named(unit.called(self.language))
        return rf"{name} \*" if unit.unit_id in self.unconfirmed else name

    def caption(self, key: str, **details: object) -> str:
        """The caption of a table, which names the framework where the edition has several."""
        said = wording.say(key, self.language, **details)
        return f"{said} ({declared(self.title)})" if self.title else said


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def slug(name: str) -> str:
    """A name that can stand in a fact's id: level names may have spaces."""
    return "_".join(name.split())


def level_words(scheme: Levels, level: str, language: str) -> str:
    """A level's name in a language; `otherwise` below the last level."""
    if level == NO_LEVEL:
        return scheme.otherwise.say(language) if scheme.otherwise else "–"
    return scheme.labels[level].say(language) if level in scheme.labels else level


def _places(value: Fraction) -> int:
    """Decimals needed to print a framework's own number in full, at most 6."""
    return next((places for places in range(7) if (value * 10**places).denominator == 1), 6)
