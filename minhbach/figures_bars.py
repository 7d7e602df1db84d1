"""Bars in rows: one or more panels beside the names, each a stack of parts, with thresholds and columns of text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from minhbach.figures import MUTED, SIZE, SMALL, WIDTH, Anchor, Canvas, Fill
from minhbach.figures_fills import ink_on
from minhbach.figures_legend import (
    Key,
    Stair,
    Threshold,
    draw_heading,
    draw_legend,
    draw_thresholds,
    heading_height,
    legend_height,
    stair,
)
from minhbach.figures_rows import Layout, Line, draw_ground, draw_names, ground, laid_out
from minhbach.figures_scale import Scale, draw_axis
from minhbach.figures_text import width_of

BETWEEN, BAR, LEAST_PANEL = 10.0, 7.4, 0.28
AXIS, MARGIN = 14.0, 2.0
WIDE_NAME = 190.0


@dataclass(frozen=True)
class Bar:
    """A stack of parts in a panel, each with its fill, the text at its end, and the texts inside of the parts."""

    parts: tuple[tuple[Fraction, Fill], ...]
    end: str = ""
    inside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """A scale for bars: its heading, range and bars, the thresholds across it, the legend of its parts and its name.

    `whole` numbers have no ticks between them.
    """

    title: str
    low: Fraction
    high: Fraction
    bars: tuple[Bar | None, ...]
    thresholds: tuple[Threshold, ...] = ()
    keys: tuple[Key, ...] = ()
    name: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Column:
    """A column of texts at the right of the bars."""

    title: str
    texts: tuple[str, ...]
    bold: bool = False
    right: bool = True


@dataclass(frozen=True)
class Bars:
    """A chart of bars: its rows, its panels and its columns."""

    lines: tuple[Line, ...]
    panels: tuple[Panel, ...]
    columns: tuple[Column, ...] = ()

    @property
    def legends(self) -> list[tuple[str, tuple[Key, ...]]]:
        """The legends of the panels that have one, by the panel's name where there are several."""
        found = [panel for panel in self.panels if panel.keys]
        return [(panel.name if len(found) > 1 else "", panel.keys) for panel in found]


@dataclass(frozen=True)
class Placed:
    """A panel with its scale and the places of its thresholds' labels."""

    panel: Panel
    scale: Scale
    stair: Stair


def drawn(chart: Bars, language: str) -> Canvas:
    """The chart, as high as it needs to be; thresholds and ticks are noted in its table."""
    columns, placed = _columns(chart), _placed(chart)
    stairs = max(each.stair.height for each in placed)
    heads = [(each.panel.title, each.scale.width) for each in placed]
    heads += [(column.title, width) for column, (_, width) in zip(chart.columns, columns, strict=True)]
    layout = laid_out(chart.lines, max(heading_height(*head) for head in heads) + stairs + 2 * MARGIN, **_names(chart))
    canvas = Canvas(layout.bottom + AXIS + sum(legend_height(*legend) for legend in chart.legends) + 1)
    draw_ground(canvas, layout)
    for each in placed:
        draw_heading(canvas, (each.scale.left, each.scale.width), layout.top - stairs - MARGIN, each.panel.title)
        _panel(canvas, each, layout, language)
    for column, place in zip(chart.columns, columns, strict=True):
        _column(canvas, column, place, layout)
    draw_names(canvas, layout)
    bottom = layout.bottom + AXIS
    for legend in chart.legends:
        bottom = draw_legend(canvas, bottom, *legend)
    return canvas


def _placed(chart: Bars) -> list[Placed]:
    right = min((x for x, _ in _columns(chart)), default=WIDTH)
    scales = _scales(chart, laid_out(chart.lines, 0, **_names(chart)).width, right)
    limits = (0.0, *(scale.left - BETWEEN for scale in scales[1:]))
    return [
        Placed(panel, scale, stair(scale, panel.thresholds, limit))
        for panel, scale, limit in zip(chart.panels, scales, limits, strict=True)
    ]


def _names(chart: Bars) -> dict[str, float]:
    """How wide names may be: a single panel leaves more room for them."""
    return {"most_name": WIDE_NAME} if len(chart.panels) == 1 else {}


def _columns(chart: Bars) -> list[tuple[float, float]]:
    """The left end and width of each column, at the right of the page."""
    widths = []
    for column in chart.columns:
        words = [*((text, SIZE) for text in column.texts), *((word, SMALL) for word in column.title.split(" "))]
        widths.append(max(width_of(text, size, bold=True) for text, size in words) + 2)
    ends = [WIDTH - sum(widths[place:]) - 8.0 * (len(widths) - 1 - place) for place in range(len(widths))]
    return list(zip(ends, widths, strict=True))


def _scales(chart: Bars, left: float, right: float) -> list[Scale]:
    """The scales side by side, as wide as their ranges, each with room for the text at the end of its bars."""
    tails = [
        max((width_of(bar.end, SMALL) for bar in panel.bars if bar), default=0.0) + BETWEEN for panel in chart.panels
    ]
    free = right - left - sum(tails)
    ranges = [float(panel.high - panel.low) for panel in chart.panels]
    shares = [max(each / sum(ranges), LEAST_PANEL if len(ranges) > 1 else 0.0) for each in ranges]
    widths = [free * share / sum(shares) for share in shares]
    starts = [left + sum(widths[:place]) + sum(tails[:place]) for place in range(len(widths))]
    return [
        Scale(panel.low, panel.high, start, width, Fraction(panel.whole))
        for panel, start, width in zip(chart.panels, starts, widths, strict=True)
    ]


def _panel(canvas: Canvas, placed: Placed, layout: Layout, language: str) -> None:
    panel, scale, rows = placed.panel, placed.scale, (layout.top, layout.bottom)
    draw_axis(canvas, scale, rows, language, panel.title)
    for place, bar in enumerate(panel.bars):
        if bar:
            _bar(canvas, bar, scale, layout.middle(place))
    draw_thresholds(canvas, scale, rows, panel.thresholds, placed.stair, panel.title)
    for place, bar in enumerate(panel.bars):
        if bar:
            end = sum((max(value, Fraction(0)) for value, _ in bar.parts), Fraction(0))
            canvas.text(scale.at(end) + 2.5, layout.middle(place), bar.end, size=SMALL, back=ground(place))
    canvas.line((scale.at(Fraction(0)), rows[0]), (scale.at(Fraction(0)), rows[1]), color=MUTED, linewidth=0.7)


def _bar(canvas: Canvas, bar: Bar, scale: Scale, middle: float) -> None:
    start = Fraction(0)
    for place, (value, fill) in enumerate(bar.parts):
        left, right = scale.at(start), scale.at(start + value)
        if left != right:
            edge = "#8a8a8a" if fill.colour == "#ffffff" else "#ffffff"
            canvas.surface(min(left, right), middle - BAR / 2, abs(right - left), BAR, fill, edge)
        text = bar.inside[place] if bar.inside else ""
        if text and width_of(text, SMALL) + 3 <= right - left:
            back: Any = {"back": fill.colour} if fill.hatch else {}
            canvas.text((left + right) / 2, middle, text, "center", size=SMALL, color=ink_on(fill.colour), **back)
        start += value


def _column(canvas: Canvas, column: Column, place: tuple[float, float], layout: Layout) -> None:
    x, anchor = place[0] + (place[1] if column.right else 0.0), _anchor(column)
    look: Any = {"weight": "bold"} if column.bold else {}
    draw_heading(canvas, place, layout.top - MARGIN, column.title, anchor)
    for row, text in enumerate(column.texts):
        canvas.text(x, layout.middle(row), text, anchor, **look)


def _anchor(column: Column) -> Anchor:
    return "right" if column.right else "left"
