"""Level schemes as charts look at them: levels from the best down, where they begin on a node, how each looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from minhbach.figures import Fill
from minhbach.figures_fills import level_fills
from minhbach.figures_legend import Threshold
from minhbach.figures_text import plain
from minhbach.levels import NO_LEVEL, schemes
from minhbach.model import Levels
from minhbach.parts import Share
from minhbach.report_charts_parts import cited, node_name
from minhbach.results import Results, level_words
from minhbach.units import Unit


@dataclass(frozen=True)
class Scheme:
    """A level scheme by the key it has in levels.csv: its levels from the best down, with their conditions."""

    key: str
    levels: Levels
    on: str
    rules: Mapping[str, Mapping[str, Fraction]]

    @property
    def fills(self) -> dict[str, Fill]:
        """The fill of each level, that of no level last."""
        return dict(zip((*self.rules, NO_LEVEL), level_fills(len(self.rules)), strict=True))

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that its conditions look at."""
        return tuple(dict.fromkeys(node for rules in self.rules.values() for node in rules))

    def words(self, level: str, language: str) -> str:
        """A level's name."""
        return plain(level_words(self.levels, level, language))

    def name(self, results: Results) -> str:
        """The scheme's name; the node's where it is one of several that are classified the same way."""
        if len(self.levels.of) > 1:
            return node_name(results, self.nodes[0])
        return plain(self.levels.label.say(results.language)) if self.levels.label else self.key


def every(results: Results) -> list[Scheme]:
    """The level schemes of a framework; bands on several nodes are one scheme per node."""
    return [
        Scheme(key, levels, on, rules)
        for levels in results.framework.levels
        for key, (on, rules) in schemes(levels).items()
    ]


def of_node(results: Results, node: str) -> Scheme | None:
    """The scheme on this node alone, otherwise the framework's only one with conditions on several nodes."""
    found = every(results)
    alone = [scheme for scheme in found if scheme.nodes == (node,)]
    return alone[0] if alone else (found[0] if len(found) == 1 and len(found[0].nodes) > 1 else None)


def thresholds(results: Results, scheme: Scheme | None, node: str, *, as_share: bool = False) -> list[Threshold]:
    """Where levels begin on a node, from low to high, in points or as a share; levels that share a place share a line.

    Places at or below zero, which every unit reaches, are left out.
    """
    if scheme is None:
        return []
    top = results.framework.nodes[node].max_points or Fraction(1)
    places: dict[Fraction, list[str]] = {}
    for level, rules in scheme.rules.items():
        if node in rules and rules[node] > 0:
            least, of_top = Fraction(rules[node]), scheme.on == "share" or isinstance(rules[node], Share)
            place = (least if of_top else least / top) if as_share else (least * top if of_top else least)
            places.setdefault(place, []).append(level)
    return [_threshold(results, scheme, node, place, places[place], as_share) for place in sorted(places)]


def _threshold(
    results: Results, scheme: Scheme, node: str, place: Fraction, levels: list[str], as_share: bool
) -> Threshold:
    ending = ".share" if as_share else ""
    number = cited(results.method(f"chart.{scheme.key}.{levels[0]}.{node}{ending}", place), place)
    words = ", ".join(scheme.words(level, results.language) for level in levels)
    return Threshold(f"{words} ≥ {number.shown}", number)


def level_of(results: Results, scheme: Scheme, unit: Unit) -> str:
    """A unit's level; empty where it cannot be told."""
    return results.level_of.get((unit.unit_id, scheme.key), "")


def counts(results: Results, scheme: Scheme, units: Iterable[Unit]) -> dict[str, int]:
    """How many of the units stand at each level, the best first; levels that nobody has are left out."""
    found = Counter(level_of(results, scheme, unit) for unit in units)
    return {level: found[level] for level in (*scheme.rules, NO_LEVEL) if found[level]}
