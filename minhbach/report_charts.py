"""Ranked bars of a ranking: the chart's caption, and what it finds in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from minhbach import report_charts_schemes as of_levels
from minhbach.figures import Canvas, Number
from minhbach.model import Ranking
from minhbach.report_charts_bars import Plan
from minhbach.report_charts_parts import (
    Texts,
    finished,
    in_order,
    name,
    places_of,
    ranking_name,
    say,
    shown,
    shown_units,
    value,
)
from minhbach.results import Results
from minhbach.units import Unit


def charts(results: Results, ranking: Ranking, folder: Path) -> list[tuple[str, str]]:
    """The ranked bars of a ranking, not more than a page: (reference, Markdown); empty when nobody has a value.

    Of more units than a page has room for, the highest and the lowest are drawn.
    """
    units = in_order(results, ranking)
    if not units:
        return []
    first, last = shown_units(units)
    plan = Plan(results, ranking, tuple(units), tuple(first), tuple(last))
    canvas = plan.canvas()
    plan.note(canvas)
    caption = ("bars_ends" if last else "bars") + ("_levels" if plan.has_thresholds else "")
    texts = Texts(caption, ranking_name(results, ranking), _alternative(results, ranking, units, canvas))
    return [finished(results, canvas, f"{results.framework.id}-{ranking.id}", folder, texts)]


def _alternative(results: Results, ranking: Ranking, units: Sequence[Unit], canvas: Canvas) -> str:
    """Who leads and who is last, the widest gap between neighbours, and how many units stand at each level."""
    found = sorted(
        ((number, name(results, unit)) for unit in units if (number := value(results, unit.unit_id, ranking))),
        key=lambda each: -each[0].value,
    )
    (best, leader), (worst, last) = found[0], found[-1]
    count = shown(results, Fraction(len(units)))
    canvas.note("count", "", ranking.id, [count])
    canvas.note("text", leader, "best", [best])
    canvas.note("text", last, "worst", [worst])
    said = say(
        results,
        "bars_alt" if len(units) > 1 else "bars_alt_one",
        count=count.shown,
        first=leader,
        best=best.shown,
        last=last,
        worst=worst.shown,
        title=ranking_name(results, ranking),
    )
    return " ".join(
        filter(None, (said, _gap(results, ranking, found, canvas), level_words(results, ranking, units, canvas)))
    )


def _gap(results: Results, ranking: Ranking, found: list[tuple[Number, str]], canvas: Canvas) -> str:
    pairs = list(pairwise(found))
    if not pairs:
        return ""
    (above, upper), (below, lower) = max(pairs, key=lambda pair: pair[0][0].value - pair[1][0].value)
    if above.value == below.value:
        return say(results, "all_equal")
    gap = shown(results, above.value - below.value, places_of(results, ranking))
    canvas.note("text", upper, lower, [gap])
    return say(results, "gap_alt", gap=gap.shown, upper=upper, lower=lower)


def level_words(results: Results, ranking: Ranking, units: Sequence[Unit], canvas: Canvas) -> str:
    """How many of the units stand at each level, in a sentence."""
    scheme = of_levels.of_node(results, ranking.by)
    found = of_levels.counts(results, scheme, units) if scheme else {}
    if not scheme or not found:
        return ""
    parts = []
    for level, count in found.items():
        words, number = scheme.words(level, results.language), shown(results, Fraction(count))
        canvas.note("count", "", words, [number])
        parts.append(say(results, "level_count", level=words, count=number.shown))
    return say(results, "levels_alt", levels="; ".join(parts))
