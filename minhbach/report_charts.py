"""Ranked bar charts of a ranking, with the thresholds of levels, in pieces that fit a page."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

from minhbach import figures, wording
from minhbach.figures import Bars, Threshold
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import declared, figure
from minhbach.model import Levels, Ranking
from minhbach.numbers import show
from minhbach.results import Results, level_words
from minhbach.units import Unit


def charts(results: Results, ranking: Ranking, folder: Path) -> list[tuple[str, str]]:
    """The ranked bars of a ranking, in pieces that fit a page: (reference, Markdown) of each."""
    units = [unit for unit in results.ranked if results.value(unit.unit_id, ranking) is not None]
    count = -(-len(units) // figures.MOST_ROWS)
    size = -(-len(units) // count) if count else 0
    return [
        _chart(results, ranking, folder, units[part * size : (part + 1) * size], part + 1 if count > 1 else 0)
        for part in range(count)
    ]


def _chart(results: Results, ranking: Ranking, folder: Path, units: list[Unit], part: int) -> tuple[str, str]:
    language, framework = results.language, results.framework
    label = f"{framework.id}-{ranking.id}" + (f"-{part}" if part else "")
    bars = _bars(results, ranking, units)
    lines = _thresholds(results, ranking)
    largest = framework.nodes[ranking.by].max_points if ranking.on == "points" else Fraction(1)
    limit = float(largest) if largest else max(bars.values, default=1.0)
    axis = framework.nodes[ranking.by].label.say(language)
    figures.ranked_bars(folder / "figures" / f"{label}.svg", bars, axis, limit, lines, "," if language == "vi" else ".")
    caption = wording.say("results_figure_levels" if lines else "results_figure", language, title=declared(axis))
    caption += (
        wording.say("figure_part", language, part=results.method(f"figure.{label}.part", Fraction(part)))
        if part
        else ""
    )
    alternative = wording.say(
        "figure_alt",
        language,
        count=len(units),
        first=bars.labels[0],
        best=bars.shown[0],
        last=bars.labels[-1],
        worst=bars.shown[-1],
    )
    if lines:
        alternative += " " + wording.say("figure_alt_levels", language, levels=_level_counts(results, units))
    return f"fig-{label}", figure(label, caption, f"figures/{label}.svg", alternative)


def _bars(results: Results, ranking: Ranking, units: list[Unit]) -> Bars:
    rounding, language = results.framework.rounding, results.language
    places = rounding.share if ranking.on == "share" else rounding.shown
    values = [results.value(unit.unit_id, ranking) or Fraction(0) for unit in units]
    scheme = _scheme(results, ranking)
    order = [*list(schemes(scheme)[scheme.id][1]), NO_LEVEL] if scheme else []
    shades = (
        [order.index(level) if (level := results.level_of.get((unit.unit_id, scheme.id), "")) else 0 for unit in units]
        if scheme
        else [1] * len(units)
    )
    ending = ".share" if ranking.on == "share" else ""
    return Bars(
        labels=tuple(unit.name_en if language == "en" and unit.name_en else unit.name for unit in units),
        values=tuple(float(value) for value in values),
        shown=tuple(show(value, places, language, rounding.mode) for value in values),
        shades=tuple(shades),
        fact_ids=tuple(f"{unit.unit_id}/{ranking.by}{ending}" for unit in units),
    )


def _scheme(results: Results, ranking: Ranking) -> Levels | None:
    """The band scheme that classifies the ranked node alone, if there is one: its thresholds can be drawn."""
    return next((scheme for scheme in results.framework.levels if scheme.bands and scheme.of == (ranking.by,)), None)


def _thresholds(results: Results, ranking: Ranking) -> list[Threshold]:
    scheme = _scheme(results, ranking)
    if scheme is None:
        return []
    language, top = results.language, results.framework.nodes[ranking.by].max_points or Fraction(1)
    lines = []
    for level, least in scheme.bands.items():
        on_points = least * top if scheme.on == "share" and ranking.on == "points" else least
        text = f"{level_words(scheme, level, language)} ≥ {show(on_points, 2, language)}"
        if on_points > 0:
            lines.append(Threshold(float(on_points), text))
    return lines


def _level_counts(results: Results, units: list[Unit]) -> str:
    parts = []
    for scheme in results.framework.levels:
        counts = Counter(results.level_of.get((unit.unit_id, scheme.id), "") for unit in units)
        parts += [
            f"{level_words(scheme, level, results.language)} {counts[level]}"
            for level in (*scheme.bands, *scheme.order)
            if counts[level]
        ]
    return ", ".join(parts)
