"""How many units stand at each level, and how far units are from the next better one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from minhbach import figures_bars, report_charts_distances
from minhbach import report_charts_schemes as of_levels
from minhbach.figures import Canvas, Number
from minhbach.figures_bars import Bar, Bars, Panel
from minhbach.figures_legend import Key
from minhbach.figures_rows import Line
from minhbach.levels import NO_LEVEL
from minhbach.report_charts_parts import Texts, cited, finished, say, shown
from minhbach.report_charts_schemes import Scheme
from minhbach.results import Results

Counts = dict[str, Number]


def distribution(results: Results, folder: Path) -> list[tuple[str, str]]:
    """How many units stand at each level: (reference, Markdown); a bar per level, or per node that is classified."""
    counts = {scheme.key: _counts(results, scheme) for scheme in of_levels.every(results)}
    schemes = [scheme for scheme in of_levels.every(results) if any(each.value for each in counts[scheme.key].values())]
    families: dict[str, list[Scheme]] = {}
    for scheme in schemes:
        families.setdefault(scheme.levels.id, []).append(scheme)
    return [_chart(results, family, counts, folder) for family in families.values()]


def distances(results: Results, folder: Path) -> list[tuple[str, str]]:
    """What units lack for the next better level: (reference, Markdown); by unit, or by condition for many units."""
    return report_charts_distances.charts(results, folder)


def _counts(results: Results, scheme: Scheme) -> Counts:
    return {level: _count(results, scheme, level) for level in (*scheme.rules, NO_LEVEL)}


def _count(results: Results, scheme: Scheme, level: str) -> Number:
    """The count that the report's text cites too."""
    sql = "select count(*) " + results.rows_where("levels", scheme=scheme.key, level=level)
    value = Fraction(sum(each == level for (_, key), each in results.level_of.items() if key == scheme.key))
    return cited(results.count(f"{scheme.key}.{level}.count", sql), value)


def _chart(results: Results, family: list[Scheme], counts: dict[str, Counts], folder: Path) -> tuple[str, str]:
    first = family[0]
    canvas = _by_level(results, first, counts[first.key]) if len(family) == 1 else _by_node(results, family, counts)
    for scheme in family:
        for level, number in counts[scheme.key].items():
            canvas.note("value", scheme.words(level, results.language), scheme.name(results), [number])
    label = first.levels.label
    title = label.say(results.language) if label else first.levels.id
    texts = Texts(
        "levels", title, " ".join(_sentence(results, scheme, counts[scheme.key], canvas) for scheme in family)
    )
    return finished(results, canvas, f"{results.framework.id}-{first.levels.id}-levels", folder, texts)


def _by_level(results: Results, scheme: Scheme, counts: Counts) -> Canvas:
    present = _present(counts)
    lines = tuple(Line(scheme.words(level, results.language)) for level in present)
    bars = tuple(Bar(((counts[level].value, scheme.fills[level]),), counts[level].shown) for level in present)
    high = max(number.value for number in counts.values())
    panel = Panel(say(results, "units"), Fraction(0), high, bars, whole=True)
    return figures_bars.drawn(Bars(lines, (panel,)), results.language)


def _by_node(results: Results, family: list[Scheme], counts: dict[str, Counts]) -> Canvas:
    fills = family[0].fills
    present = [level for level in fills if any(counts[scheme.key][level].value for scheme in family)]
    bars = tuple(
        Bar(
            tuple((counts[scheme.key][level].value, fills[level]) for level in present),
            inside=tuple(counts[scheme.key][level].shown for level in present),
        )
        for scheme in family
    )
    keys = tuple(Key(family[0].words(level, results.language), fills[level]) for level in present)
    high = max(sum((each.value for each in counts[scheme.key].values()), Fraction(0)) for scheme in family)
    panel = Panel(say(results, "units"), Fraction(0), high, bars, keys=keys, whole=True)
    return figures_bars.drawn(Bars(tuple(Line(scheme.name(results)) for scheme in family), (panel,)), results.language)


def _present(counts: Counts) -> list[str]:
    """All levels, also those that nobody has; no level only where a unit stands there."""
    return [level for level, number in counts.items() if level != NO_LEVEL or number.value]


def _sentence(results: Results, scheme: Scheme, counts: Counts, canvas: Canvas) -> str:
    told = shown(results, sum((number.value for number in counts.values()), Fraction(0)))
    canvas.note("count", "", scheme.name(results), [told])
    words = [
        say(results, "level_count", level=scheme.words(level, results.language), count=counts[level].shown)
        for level in _present(counts)
    ]
    return say(results, "distribution_alt", name=scheme.name(results), count=told.shown, levels="; ".join(words))
