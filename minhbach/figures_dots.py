"""Dots on lines: several to a row (a strip), or two that belong together (before and now)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from minhbach.figures import INK, MUTED, SMALL, WIDTH, Canvas, Number
from minhbach.figures_legend import (
    Key,
    Threshold,
    draw_heading,
    draw_legend,
    draw_thresholds,
    heading_height,
    legend_height,
    stair,
)
from minhbach.figures_rows import Layout, Line, draw_ground, draw_names, laid_out
from minhbach.figures_scale import Scale, draw_axis
from minhbach.figures_text import width_of

NARROW = 11.0
DOT, AXIS, MARGIN, COLUMN_GAP, LEAST_COLUMN = 5.0, 14.0, 2.0, 8.0, 32.0


@dataclass(frozen=True)
class Dot:
    """A value on a line, with its shape and colour."""

    value: Fraction
    key: Key


@dataclass(frozen=True)
class Dots:
    """A chart of dots: the dots of each row, a tick mark (the mean) or none, a bar from dot to dot or not.

    `columns` stand at the right: a heading, and a text for each row.
    """

    lines: tuple[Line, ...]
    dots: tuple[tuple[Dot, ...], ...]
    marks: tuple[Fraction | None, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    keys: tuple[Key, ...]
    title: str
    low: Fraction
    high: Fraction
    thresholds: tuple[Threshold, ...] = ()
    joined: bool = False
    row: float = 15.0


def drawn(chart: Dots, language: str) -> Canvas:
    """The chart, as high as it needs to be; thresholds and ticks are noted in its table."""
    widths = [_column_width(*column) for column in chart.columns]
    right = WIDTH - sum(widths) - COLUMN_GAP * (len(widths) + 1)
    left = laid_out(chart.lines, 0, chart.row).width + 6
    scale = Scale(chart.low, chart.high, left, right - left)
    steps = stair(scale, chart.thresholds)
    stairs = steps.height
    head = max([heading_height(chart.title, scale.width) + stairs, *map(_column_height, chart.columns, widths)])
    layout = laid_out(chart.lines, head + 2 * MARGIN, chart.row)
    canvas = Canvas(layout.bottom + AXIS + legend_height("", chart.keys) + 1)
    draw_ground(canvas, layout)
    draw_heading(canvas, (left, scale.width), layout.top - stairs - MARGIN, chart.title)
    draw_axis(canvas, scale, (layout.top, layout.bottom), language, chart.title)
    draw_thresholds(canvas, scale, (layout.top, layout.bottom), chart.thresholds, steps, chart.title)
    for place in range(len(chart.lines)):
        _row(canvas, chart, place, scale, layout)
    for number, column in enumerate(chart.columns):
        _column(canvas, column, right + COLUMN_GAP * (number + 1) + sum(widths[: number + 1]), widths[number], layout)
    draw_names(canvas, layout)
    draw_legend(canvas, layout.bottom + AXIS, "", chart.keys)
    return canvas


def swarm(places: Sequence[float], room: float) -> list[float]:
    """For dots at these places along a line, how far each moves up or down so that dots lie beside each other.

    Where there are too many for `room`, they overlap.
    """
    steps = [0.0, *(part * room for part in (-0.5, 0.5, -1.0, 1.0))]
    moved: list[tuple[float, float]] = []
    for place in sorted(places):
        near = [each for each in moved if place - each[0] < DOT * 1.1]
        free = (each for each in steps if all((place - x) ** 2 + (each - y) ** 2 >= (0.98 * DOT) ** 2 for x, y in near))
        moved.append((place, next(free, steps[len(moved) % len(steps)])))
    known: dict[float, list[float]] = {}
    for place, offset in moved:
        known.setdefault(place, []).append(offset)
    return [known[place].pop(0) for place in places]


def _row(canvas: Canvas, chart: Dots, place: int, scale: Scale, layout: Layout) -> None:
    dots, middle = chart.dots[place], layout.middle(place)
    places = [scale.at(dot.value) for dot in dots]
    if chart.joined and places:
        canvas.line((min(places), middle), (max(places), middle), color=MUTED, linewidth=1.6)
    mark = chart.marks[place]
    if mark is not None:
        x, half = scale.at(mark), layout.heights[place] / 2 - 1
        canvas.line((x, middle - half), (x, middle + half), color=INK, linewidth=1.8)
    moves = [0.0] * len(dots) if chart.joined else swarm(places, layout.heights[place] / 2 - DOT / 2)
    for dot, x, move in zip(dots, places, moves, strict=True):
        canvas.mark(x, middle + move, dot.key.shape, DOT, dot.key.fill.colour)


def _column_width(title: str, texts: Sequence[str]) -> float:
    words = [(text, False) for text in texts] + [(word, True) for word in title.split(" ")]
    return max(LEAST_COLUMN, *(width_of(text, SMALL, bold=bold) + 1 for text, bold in words))


def _column_height(column: tuple[str, Sequence[str]], width: float) -> float:
    return heading_height(column[0], width)


def _column(canvas: Canvas, column: tuple[str, Sequence[str]], right: float, width: float, layout: Layout) -> None:
    draw_heading(canvas, (right - width, width), layout.top - MARGIN, column[0], "right")
    for place, text in enumerate(column[1]):
        canvas.text(right, layout.middle(place), text, "right", size=SMALL)


def signed(number: Number) -> str:
    """A change as it is shown, with its sign."""
    return ("+" if number.value > 0 else "−" if number.value < 0 else "") + number.shown.lstrip("-")
