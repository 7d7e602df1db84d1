"""The top of a scorecard: total, rank and levels in large type, and what keeps the next level away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from minhbach import tables, wording
from minhbach.levels import NO_LEVEL, schemes
from minhbach.model import Ranking
from minhbach.numbers import from_text
from minhbach.results import Results, level_words
from minhbach.scorecards_scores import Scores
from minhbach.scorecards_text import NOTHING, Line, cited, declared, joined, say

MOST_NAMES = 3


@dataclass(frozen=True)
class Head:
    """Headline figures and blocking conditions of the units of a framework."""

    scores: Scores

    @property
    def results(self) -> Results:
        """The framework's results."""
        return self.scores.results

    @cached_property
    def _ties(self) -> Mapping[tuple[str, str], str]:
        return {(row.unit_id, row.ranking): row.tied_with for row in tables.rows(self.results.frames["ranks"])}

    @cached_property
    def _levels(self) -> Mapping[tuple[str, str], Any]:
        return {(row.unit_id, row.scheme): row for row in tables.rows(self.results.frames["levels"])}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {each.unit_id: each.called(self.results.language) for each in self.results.units}

    def boxes(self, unit_id: str) -> list[dict[str, Line]]:
        """The total and rank of an only ranking, and the unit's levels as a whole."""
        rankings = () if self.scores.ranked_by_node else self.results.framework.rankings
        found = [box for each in rankings for box in (self._total(unit_id, each), self._rank(unit_id, each))]
        return found + [self._level(unit_id, key) for key in self.scores.level_keys()]

    def _total(self, unit_id: str, ranking: Ranking) -> dict[str, Line]:
        language, node = self.results.language, ranking.by
        top = self.scores.maximum(unit_id, node)
        share = say("card_total_share", language, share=cited(self.results.share(unit_id, node)))
        value = joined([cited(self.results.points(unit_id, node)), top], " / ")
        label = declared(self.results.framework.nodes[node].label.say(language))
        return {"label": label, "value": value, "note": share if top else ()}

    def _rank(self, unit_id: str, ranking: Ranking) -> dict[str, Line]:
        language = self.results.language
        label = declared(ranking.label.say(language) if ranking.label else wording.say("card_rank", language))
        rank = self.results.rank(unit_id, ranking)
        if rank == NOTHING:
            return {"label": label, "value": cited(rank), "note": say("card_unranked", language)}
        size = self.scores.groups.size(ranking, self.scores.groups.group_of[unit_id, ranking.id])
        value = joined([cited(rank), cited(size)], " / ")
        return {"label": label, "value": value, "note": self._tied(unit_id, ranking)}

    def _tied(self, unit_id: str, ranking: Ranking) -> Line:
        """Who shares the rank, by name where they are few."""
        others = [each for each in self._ties[unit_id, ranking.id].split(";") if each]
        if not others:
            return ()
        if len(others) <= MOST_NAMES and not others[-1].startswith("+"):
            names = declared(", ".join(self._names[each] for each in others))
            return say("card_tied", self.results.language, names=names)
        count = len(others) + (int(others[-1]) - 1 if others[-1].startswith("+") else 0)
        at, source = f"{unit_id}/{ranking.id}.tied", "ranks.csv: tied_with"
        span = self.results.ledger.number(at, count, 0, "rank", source)
        return say("card_tied_count", self.results.language, count=cited(span))

    def _level(self, unit_id: str, key: str) -> dict[str, Line]:
        scheme, language = self.scores.schemes[key], self.results.language
        label = scheme.label.say(language) if scheme.label else wording.say("card_level", language)
        level = self.results.level(unit_id, key, scheme)
        unknown = say("card_level_unknown", language) if level == NOTHING else ()
        return {"label": declared(label), "value": cited(level), "note": unknown}

    def blocking(self, unit_id: str) -> list[Line]:
        """For each level scheme the next better level, and what is missing; one line where nothing is."""
        known = [(key, self._levels.get((unit_id, key))) for key in self.scores.schemes]
        told = [(key, row) for key, row in known if row is not None and row.level]
        lines = [self._blocked(unit_id, key, row) for key, row in told if row.blocking]
        return lines or [say("card_blocking_none", self.results.language)] * bool(told)

    def _blocked(self, unit_id: str, key: str, row: Any) -> Line:
        scheme, language = self.scores.schemes[key], self.results.language
        on, conditions = schemes(scheme)[key]
        order = [*conditions, NO_LEVEL]
        better = order[order.index(row.level) - 1]
        level = declared(level_words(scheme, better, language))
        missing = joined([self._missing(unit_id, key, on, each) for each in row.blocking.split("; ")], "; ")
        if len(conditions[better]) == 1:
            return say("card_blocking_one", language, level=level, missing=missing)
        source = f"levels.csv: met of {key}"
        met = self.results.ledger.number(f"{unit_id}/{key}.met", len(row.met.split()), 0, "level", source)
        return say("card_blocking", language, level=level, met=cited(met), missing=missing)

    def _missing(self, unit_id: str, key: str, on: str, blocking: str) -> Line:
        """One condition that is not met, and how far away it is."""
        node_id, _, distance = blocking.partition(":")
        rounding, node = self.results.framework.rounding, self.results.framework.nodes[node_id]
        places = rounding.share if on == "share" else rounding.shown
        span = self.results.ledger.number(
            f"{unit_id}/{key}.{node_id}.missing",
            from_text(distance),
            places,
            "level",
            f"levels.csv: blocking, {node_id}",
        )
        label = declared(node.label.say(self.results.language))
        return say(f"card_missing_{on}", self.results.language, node=label, missing=cited(span))
