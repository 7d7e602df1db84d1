"""What differs between two sides, heaviest first: levels, ranks, ranked values, then every other printed fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from minhbach import bridges, previous_units, tables
from minhbach.bridges import Bridge
from minhbach.diff_side import Side
from minhbach.framework import Framework
from minhbach.numbers import from_text, round_exact, show
from minhbach.previous_units import Formed

KINDS: Final = ("level", "rank", "total", "fact")
MOST_PLACES: Final = 6
DASH: Final = "–"
Key = tuple[str, str]
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Item:
    """One difference: `of` is a scheme, ranking or node of a unit, or the id of a fact; a blank is empty.

    `size` orders items of a kind, the largest first.
    """

    kind: str
    framework_id: str
    unit_id: str
    of: str
    before: str
    after: str
    size: Fraction = Fraction(0)


@dataclass(frozen=True)
class Matched:
    """A framework of the later side and what it is compared with: the earlier side's, the bridge, the units formed."""

    framework_id: str
    earlier_id: str
    bridge: Bridge
    formed: tuple[Formed, ...]


def items(earlier: Side, later: Side, matched: tuple[Matched, ...]) -> tuple[Item, ...]:
    """Every difference, by weight and then by size."""
    found: list[Item] = []
    told: set[str] = set()
    for each in matched:
        before, after = frames(earlier, later, each)
        for kind, pairs in _outcomes(later, each, before, after).items():
            told |= {f"{unit_id}/{of}" for unit_id, of in pairs}
            found += _differences(kind, each.framework_id, pairs)
    found += _facts(earlier, later, told)
    places = {unit_id: place for place, unit_id in enumerate(each.unit_id for each in later.evidence.units)}
    return tuple(
        sorted(found, key=lambda each: (KINDS.index(each.kind), -each.size, places.get(each.unit_id, -1), each.of))
    )


def frames(earlier: Side, later: Side, matched: Matched) -> tuple[Frames, Frames]:
    """The results of both sides, under the later side's names and units."""
    then = bridges.renamed(matched.bridge, earlier.frames(matched.earlier_id))
    return previous_units.carried(then, matched.formed), later.frames(matched.framework_id)


def units_once(earlier: Side, later: Side, matched: Matched) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units with results on the later side only, and on the earlier only (not those from which others were formed)."""
    before, after = (set(each["scores"]["unit_id"]) for each in frames(earlier, later, matched))
    return tuple(sorted(after - before)), tuple(sorted(before - after))


def _outcomes(side: Side, matched: Matched, before: Frames, after: Frames) -> dict[str, dict[Key, tuple[str, str]]]:
    """Levels, ranks and ranked values of units that both sides have, before and after."""
    rankings = side.framework(matched.framework_id).rankings
    both = set(before["scores"]["unit_id"]) & set(after["scores"]["unit_id"])
    read = {
        "level": [_column(each["levels"], "scheme", "level") for each in (before, after)],
        "rank": [_column(each["ranks"], "ranking", "rank") for each in (before, after)],
    }
    values = [_values(each["scores"], {(ranking.by, ranking.on) for ranking in rankings}) for each in (before, after)]
    return {
        kind: {key: (old.get(key, ""), new.get(key, "")) for key in old.keys() | new.keys() if key[0] in both}
        for kind, (old, new) in {**read, "total": values}.items()
    }


def _column(frame: pd.DataFrame, key: str, column: str) -> dict[Key, str]:
    return dict(zip(zip(frame["unit_id"], frame[key], strict=True), frame[column], strict=True))


def _values(frame: pd.DataFrame, wanted: set[tuple[str, str]]) -> dict[Key, str]:
    """Exact points, or shares (`node.share`), of the nodes that rankings look at."""
    found: dict[Key, str] = {}
    for row in tables.rows(frame):
        for node_id, on in wanted:
            if row.node_id == node_id:
                found[row.unit_id, f"{node_id}.share" if on == "share" else node_id] = _exact(row, on)
    return found


def recorded(framework: Framework, of: Frames) -> dict[Key, str]:
    """The exact value of each unit by ranking, as scores.csv has it."""
    rankings = framework.rankings
    values = _values(of["scores"], {(each.by, each.on) for each in rankings})
    names = {each.id: f"{each.by}.share" if each.on == "share" else each.by for each in rankings}
    return {
        (unit_id, ranking): text
        for (unit_id, node), text in values.items()
        for ranking, name in names.items()
        if name == node
    }


def _exact(row: Any, on: str) -> str:
    points = row.exact or row.points
    if on == "points" or not points:
        return str(points)
    top = from_text(row.max_points) if row.max_points else Fraction(0)
    return str(from_text(points) / top) if top else ""


def _differences(kind: str, framework_id: str, pairs: Mapping[Key, tuple[str, str]]) -> Iterator[Item]:
    for (unit_id, of), (before, after) in pairs.items():
        if kind != "total":
            if before != after:
                ranks = kind == "rank" and before and after
                size = abs(Fraction(before) - Fraction(after)) if ranks else Fraction(0)
                yield Item(kind, framework_id, unit_id, of, before, after, size)
        elif (Fraction(before) if before else None) != (Fraction(after) if after else None):
            size = abs(Fraction(before) - Fraction(after)) if before and after else Fraction(0)
            yield Item(kind, framework_id, unit_id, of, before, after, size)


def _facts(earlier: Side, later: Side, told: set[str]) -> Iterator[Item]:
    """Printed facts that differ and are not told already: answers, criteria, others of units, the rest."""
    column = "shown" if earlier.evidence.printed == later.evidence.printed else "value"
    known = [later.framework(each) for each in later.framework_ids]
    asked, nodes = ({name for each in known for name in getattr(each, part)} for part in ("fields", "nodes"))
    for fact_id in sorted(earlier.facts.keys() | later.facts.keys()):
        before, after = (side.facts.get(fact_id, {}).get(column, "") for side in (earlier, later))
        if (before or DASH) != (after or DASH) and fact_id not in told:
            unit_id, _, name = fact_id.partition("/")
            weight = Fraction(
                0 if later.evidence.units.get(unit_id) is None else 1 + (name in asked) + (name in asked | nodes)
            )
            yield Item("fact", "", unit_id, fact_id, before, after, weight)


def shown(framework: Framework, of: str, exact: str, language: str) -> str:
    """A ranked value as the report rounds it."""
    rounding = framework.rounding
    places = rounding.share if of.endswith(".share") else rounding.shown
    return show(round_exact(Fraction(exact), places, rounding.mode), places, language) if exact else ""
