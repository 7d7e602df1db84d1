"""The strip: a line for each unit that others belong to, a dot for each of those and their mean, the highest first."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from minhbach import figures_dots
from minhbach import report_charts_schemes as of_levels
from minhbach.figures import Canvas, Fill, Number
from minhbach.figures_dots import Dot, Dots
from minhbach.figures_fills import NO_SHAPE, SHAPES
from minhbach.figures_legend import Key
from minhbach.figures_rows import Line
from minhbach.figures_scale import bounds
from minhbach.levels import NO_LEVEL
from minhbach.model import Ranking
from minhbach.report_charts_parts import (
    Texts,
    by_mean,
    finished,
    name,
    node_name,
    of_ledger,
    parent_name,
    places_of,
    ranking_name,
    say,
    shown,
    value,
)
from minhbach.report_charts_schemes import Scheme
from minhbach.report_parents import size
from minhbach.results import Results
from minhbach.units import Unit

LEAST, UNTOLD = 2, Key("", Fill("#4f83a5"), NO_SHAPE)


def strip(results: Results, ranking: Ranking, folder: Path) -> list[tuple[str, str]]:
    """The strip of a ranking: (reference, Markdown); empty where units do not belong to others."""
    rows = by_mean(results, ranking)
    if len(rows) < LEAST:
        return []
    scheme = of_levels.of_node(results, ranking.by)
    canvas = figures_dots.drawn(_chart(results, ranking, rows, scheme), results.language)
    node = node_name(results, ranking.by)
    for parent, average in rows:
        canvas.note("mean", parent_name(results, parent), node, [average])
        canvas.note("count", parent_name(results, parent), node, [_count(results, ranking, parent)])
        for unit, number in _of(results, ranking, parent):
            canvas.note("value", name(results, unit), parent_name(results, parent), [number])
    texts = Texts("strip", ranking_name(results, ranking), _alternative(results, ranking, rows, canvas))
    return [finished(results, canvas, f"{results.framework.id}-{ranking.id}-strip", folder, texts)]


def _of(results: Results, ranking: Ranking, parent: str) -> list[tuple[Unit, Number]]:
    found = ((unit, value(results, unit.unit_id, ranking)) for unit in results.by_parent[parent])
    return [(unit, number) for unit, number in found if number]


def _count(results: Results, ranking: Ranking, parent: str) -> Number:
    return of_ledger(results, size(results, parent, ranking))


def _chart(results: Results, ranking: Ranking, rows: list[tuple[str, Number]], scheme: Scheme | None) -> Dots:
    keys = _keys(results, scheme)
    found = {parent: _of(results, ranking, parent) for parent, _ in rows}
    dots = {
        parent: tuple(Dot(number.value, _key(results, scheme, keys, unit)) for unit, number in found[parent])
        for parent in found
    }
    low, high = bounds([dot.value for each in dots.values() for dot in each], zero=False)
    limits = of_levels.thresholds(results, scheme, ranking.by, as_share=ranking.on == "share")
    present = {dot.key.name for each in dots.values() for dot in each}
    return Dots(
        lines=tuple(Line(parent_name(results, parent)) for parent, _ in rows),
        dots=tuple(dots[parent] for parent, _ in rows),
        marks=tuple(average.value for _, average in rows),
        columns=(
            (say(results, "units"), tuple(_count(results, ranking, parent).shown for parent, _ in rows)),
            (say(results, "mean"), tuple(average.shown for _, average in rows)),
        ),
        keys=(
            *(key for key in keys.values() if key.name in present),
            Key(say(results, "mean_mark"), Fill("#1a1a1a"), "|"),
        ),
        title=say(results, f"axis_{ranking.on}", name=node_name(results, ranking.by)),
        low=low,
        high=high,
        thresholds=tuple(each for each in limits if low <= each.number.value <= high),
    )


def _keys(results: Results, scheme: Scheme | None) -> Mapping[str, Key]:
    """The shape and shade of each level."""
    if scheme is None:
        return {}
    shapes = (*(SHAPES[place % len(SHAPES)] for place in range(len(scheme.rules))), NO_SHAPE)
    return {
        level: Key(scheme.words(level, results.language), fill if level != NO_LEVEL else Fill("#ffffff"), shape)
        for (level, fill), shape in zip(scheme.fills.items(), shapes, strict=True)
    }


def _key(results: Results, scheme: Scheme | None, keys: Mapping[str, Key], unit: Unit) -> Key:
    return keys.get(of_levels.level_of(results, scheme, unit), UNTOLD) if scheme else UNTOLD


def _alternative(results: Results, ranking: Ranking, rows: list[tuple[str, Number]], canvas: Canvas) -> str:
    """Which have the highest and lowest mean, and in which the units differ most."""
    spreads = []
    for parent, _ in rows:
        values = [number.value for _, number in _of(results, ranking, parent)]
        spreads.append((max(values) - min(values), parent))
    spread, widest = max(spreads, key=lambda each: each[0])
    units = sum(len(_of(results, ranking, parent)) for parent, _ in rows)
    places = places_of(results, ranking)
    count, lines, gap = (
        shown(results, Fraction(units)),
        shown(results, Fraction(len(rows))),
        shown(results, spread, places),
    )
    canvas.note("text", "", ranking.id, [count, lines, gap])
    (first, best), (last, worst) = rows[0], rows[-1]
    return say(
        results,
        "strip_alt",
        count=count.shown,
        rows=lines.shown,
        first=parent_name(results, first),
        best=best.shown,
        last=parent_name(results, last),
        worst=worst.shown,
        widest=parent_name(results, widest),
        spread=gap.shown,
    )
