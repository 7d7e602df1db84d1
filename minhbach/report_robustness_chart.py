"""Intervals of ranks: a dot for the published rank on the range of the draws; of many units the widest ranges."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from minhbach.figures import GRID, MUTED, SMALL, Canvas, Fill, Number
from minhbach.figures_legend import Key, draw_heading, draw_legend, heading_height, legend_height
from minhbach.figures_rows import Layout, Line, draw_ground, draw_names, laid_out
from minhbach.figures_scale import STEPS, Scale
from minhbach.model import Ranking
from minhbach.report_charts_parts import Texts, cited, finished, name, ranking_name, say, shown
from minhbach.report_robustness_facts import Firmness

MOST_ROWS, WIDEST = 40, 15
ROW, AXIS, MARGIN, COLUMN, GAP = 11.0, 14.0, 2.0, 62.0, 8.0
NOW, INNER, OUTER = Fill("#1b4965"), Fill("#5488ab"), Fill("#cfdfe9")


def intervals(firmness: Firmness, ranking: Ranking, folder: Path) -> list[tuple[str, str]]:
    """The chart: (reference, Markdown); all units by rank, of more than a page holds the widest intervals."""
    rows = sorted(firmness.of("weights", ranking.id), key=lambda row: (int(row.now), row.unit_id))
    if len(rows) < 2 or all(row.best == row.worst for row in rows):
        return []
    wide = sorted(rows, key=_width)
    listed = rows if len(rows) <= MOST_ROWS else sorted(wide[:WIDEST], key=rows.index)
    canvas = _drawn(firmness, ranking, listed)
    alternative = _alternative(firmness, ranking, rows, canvas)
    caption = "robust" if listed is rows else "robust_wide"
    label = f"{firmness.results.framework.id}-{ranking.id}-intervals"
    texts = Texts(caption, ranking_name(firmness.results, ranking), alternative)
    return [finished(firmness.results, canvas, label, folder, texts)]


def _width(row: Any) -> tuple[int, int, int, str]:
    """The widest first."""
    return int(row.low) - int(row.high), int(row.best) - int(row.worst), int(row.now), row.unit_id


def _drawn(firmness: Firmness, ranking: Ranking, rows: list[Any]) -> Canvas:
    results = firmness.results
    keys = [Key(say(results, f"robust_{key}"), fill, shape) for key, fill, shape in
            (("now", NOW, "o"), ("interval", INNER, ""), ("ends", OUTER, ""))]  # fmt: skip
    lines = [Line(name(results, firmness.units[row.unit_id])) for row in rows]
    title, column = say(results, "robust_axis"), say(results, "robust_column")
    head = max(heading_height(title, 200), heading_height(column, COLUMN)) + 2 * MARGIN
    layout = laid_out(lines, head, ROW)
    canvas = Canvas(layout.bottom + AXIS + legend_height("", keys) + 1)
    left, right = layout.width + 6, canvas.width - COLUMN - GAP
    best, worst = min(int(row.best) for row in rows), max(int(row.worst) for row in rows)
    scale = Scale(Fraction(best) - Fraction(1, 2), Fraction(worst) + Fraction(1, 2), left, right - left)
    draw_ground(canvas, layout)
    draw_heading(canvas, (left, scale.width), layout.top - MARGIN, title)
    draw_heading(canvas, (right + GAP, COLUMN), layout.top - MARGIN, column, "center")
    _axis(firmness, canvas, scale, layout)
    for place, row in enumerate(rows):
        _row(firmness, ranking, canvas, scale, layout.middle(place), row)
    draw_names(canvas, layout)
    draw_legend(canvas, layout.bottom + AXIS, "", keys)
    return canvas


def _axis(firmness: Firmness, canvas: Canvas, scale: Scale, layout: Layout) -> None:
    """A line at round ranks: there is no rank between two whole numbers."""
    least = (scale.high - scale.low) / 12
    powers = [Fraction(10) ** power for power in range(7)]
    steps = [step * power for power in powers for step in STEPS if (step * power).denominator == 1]
    step = next(each for each in steps if each >= least)
    first = -(-scale.low // step)
    for number in range(int(first), int(scale.high // step) + 1):
        tick = shown(firmness.results, step * number)
        x = scale.at(tick.value)
        canvas.line((x, layout.top), (x, layout.bottom), color=GRID)
        canvas.text(x, layout.bottom + 7, tick.shown, "center", size=SMALL, color=MUTED)
        canvas.note("tick", "", "", [tick])


def _row(firmness: Firmness, ranking: Ranking, canvas: Canvas, scale: Scale, middle: float, row: Any) -> None:
    """The range of all draws, within it that of nine in ten, and the published rank; the range in figures."""
    numbers = {which: _rank(firmness, ranking, row, which) for which in ("best", "low", "high", "worst")}
    for first, last, height, fill in (("best", "worst", 7.0, OUTER), ("low", "high", 5.0, INNER)):
        start = scale.at(numbers[first].value - Fraction(2, 5))
        width = scale.at(numbers[last].value + Fraction(2, 5)) - start
        canvas.surface(start, middle - height / 2, width, height, fill, edge=fill.colour)
    now = Fraction(int(row.now))
    canvas.mark(scale.at(now), middle, "o", 5.0, NOW.colour)
    label, low, high = name(firmness.results, firmness.units[row.unit_id]), numbers["low"], numbers["high"]
    _column(canvas, middle, low, high)
    canvas.note("value", label, ranking.id, [cited(firmness.results.rank(row.unit_id, ranking), now)])
    for which, number in numbers.items():
        canvas.note("interval", label, which, [number])


def _column(canvas: Canvas, middle: float, low: Number, high: Number) -> None:
    """The range in figures; each number is a text of its own, as the chart's table has it."""
    centre = canvas.width - COLUMN / 2
    if low.value == high.value:
        canvas.text(centre, middle, low.shown, "center", size=SMALL)
        return
    canvas.text(centre - 4, middle, low.shown, "right", size=SMALL)
    canvas.text(centre, middle, "–", "center", size=SMALL)
    canvas.text(centre + 4, middle, high.shown, "left", size=SMALL)


def _rank(firmness: Firmness, ranking: Ranking, row: Any, which: str) -> Number:
    return cited(firmness.rank(row.unit_id, ranking, which), Fraction(int(getattr(row, which))))


def _alternative(firmness: Firmness, ranking: Ranking, rows: list[Any], canvas: Canvas) -> str:
    results, wide, firm = firmness.results, min(rows, key=_width), max(rows, key=_width)
    count = shown(results, Fraction(len(rows)))
    canvas.note("count", "", ranking.id, [count])
    ends = {which: _rank(firmness, ranking, wide, which).shown for which in ("low", "high")}
    ends |= {f"firm_{which}": _rank(firmness, ranking, firm, which).shown for which in ("low", "high")}
    names = {"unit": wide, "firm": firm}
    said = {key: name(results, firmness.units[row.unit_id]) for key, row in names.items()}
    for row, key in ((wide, "unit"), (firm, "firm")):
        canvas.note("text", said[key], "interval", [_rank(firmness, ranking, row, which) for which in ("low", "high")])
    return say(results, "robust_alt", count=count.shown, **said, **ends)
