"""Points, shares, levels and ranks as steps that all chains of a draft share."""

from __future__ import annotations

from fractions import Fraction

from minhbach.audit_evidence import Build
from minhbach.model import Ranking
from minhbach.trace_answers import Answers
from minhbach.trace_files import Files
from minhbach.trace_graph import Step
from minhbach.trace_nodes import Nodes
from minhbach.trace_outcomes import Outcomes
from minhbach.trace_ranks import Ranks
from minhbach.trace_tables import Record

Key = tuple[str, ...]
Group = dict[str, tuple[Fraction, ...]]


class SharedNodes(Nodes):
    """Nodes that are unfolded once and shared."""

    def __init__(self, build: Build, files: Files, answers: Answers) -> None:
        super().__init__(build, files, answers)
        self._points: dict[Key, Step] = {}
        self._shares: dict[Key, Step] = {}
        self._rows: dict[tuple[str, int, str], Step] = {}

    def shown(self, unit_id: str, node_id: str) -> bool:  # noqa: ARG002
        """Never: what a chain has shown above is for the page to see."""
        return False

    def points(self, framework_id: str, unit_id: str, node_id: str) -> Step:
        """The points of a node, its worked line, and below it the values put in."""
        key = (framework_id, unit_id, node_id)
        if key not in self._points:
            self._points[key] = super().points(*key)
        return self._points[key]

    def share(self, framework_id: str, unit_id: str, node_id: str) -> Step:
        """The share of a node's maximum that a unit has."""
        key = (framework_id, unit_id, node_id)
        if key not in self._shares:
            self._shares[key] = super().share(*key)
        return self._shares[key]

    def _row(self, framework_id: str, place: int, name: str) -> Step:
        key = (framework_id, place, name)
        if key not in self._rows:
            self._rows[key] = super()._row(*key)
        return self._rows[key]


class SharedOutcomes(Outcomes):
    """Levels that are decided once."""

    def __init__(self, build: Build, files: Files, answers: Answers, nodes: Nodes) -> None:
        super().__init__(build, files, answers, nodes)
        self.ranks = SharedRanks(build, nodes)
        self._levels: dict[Key, Step] = {}

    def level(self, framework_id: str, unit_id: str, key: str) -> Step:
        """A unit's level, with its conditions."""
        at = (framework_id, unit_id, key)
        if at not in self._levels:
            self._levels[at] = super().level(*at)
        return self._levels[at]


class SharedRanks(Ranks):
    """Ranks whose group is put in order once."""

    def __init__(self, build: Build, nodes: Nodes) -> None:
        super().__init__(build, nodes)
        self._groups: dict[Key, Group] = {}
        self._others: dict[Key, Step] = {}
        self._ranks: dict[Key, Step] = {}

    def rank(self, framework_id: str, unit_id: str, ranking_id: str) -> Step:
        """A unit's rank, from the exact points of every unit of its group."""
        key = (framework_id, unit_id, ranking_id)
        if key not in self._ranks:
            self._ranks[key] = super().rank(*key)
        return self._ranks[key]

    def _group(self, framework_id: str, ranking: Ranking, own: Record | None) -> Group:
        key = (framework_id, ranking.id, own["group"] if own else "")
        if key not in self._groups:
            self._groups[key] = super()._group(framework_id, ranking, own)
        return self._groups[key]

    def _other(self, framework_id: str, ranking: Ranking, unit_id: str, key: tuple[Fraction, ...]) -> Step:
        at = (framework_id, ranking.id, unit_id)
        if at not in self._others:
            self._others[at] = super()._other(framework_id, ranking, unit_id, key)
        return self._others[at]
