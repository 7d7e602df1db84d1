"""Legends, headings and threshold lines of charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minhbach.figures import SMALL, THRESHOLD, WIDTH, Anchor, Canvas, Fill, Number
from minhbach.figures_scale import Scale
from minhbach.figures_text import width_of, wrapped

SWATCH, BETWEEN, LEADING = 11.0, 14.0, 10.5
LABEL = 8.6


@dataclass(frozen=True)
class Key:
    """An entry of a legend: a surface, or a dot of some shape."""

    name: str
    fill: Fill
    shape: str = ""


@dataclass(frozen=True)
class Threshold:
    """A line across the rows where a level begins; `label` has the number in it as it is shown."""

    label: str
    number: Number


def legend_lines(title: str, keys: Sequence[Key], width: float) -> list[list[tuple[float, Key]]]:
    """The entries by line, each with its place from the left."""
    x = width_of(title, SMALL, bold=True) + BETWEEN / 2 if title else 0.0
    lines: list[list[tuple[float, Key]]] = [[]]
    for key in keys:
        needed = SWATCH + 3 + width_of(key.name, SMALL) + BETWEEN
        if x + needed - BETWEEN > width and (lines[-1] or x > 0):
            lines.append([])
            x = 0.0
        lines[-1].append((x, key))
        x += needed
    return lines


def legend_height(title: str, keys: Sequence[Key]) -> float:
    """The height that a legend needs."""
    return LEADING * len(legend_lines(title, keys, WIDTH)) if keys else 0.0


def draw_legend(canvas: Canvas, top: float, title: str, keys: Sequence[Key]) -> float:
    """Draws a legend below `top`; gives where it ends."""
    lines = legend_lines(title, keys, canvas.width)
    if title:
        canvas.text(0, top + LEADING / 2, title, size=SMALL, weight="bold")
    for number, line in enumerate(lines):
        middle = top + LEADING * (number + 0.5)
        for x, key in line:
            _draw_key(canvas, x, middle, key)
    return top + LEADING * len(lines)


def _draw_key(canvas: Canvas, x: float, middle: float, key: Key) -> None:
    if key.shape == "|":
        canvas.line((x + SWATCH / 2, middle - 4), (x + SWATCH / 2, middle + 4), color=key.fill.colour, linewidth=1.8)
    elif key.shape:
        canvas.mark(x + SWATCH / 2, middle, key.shape, 5.5, key.fill.colour)
    else:
        canvas.surface(x, middle - 3.6, SWATCH, 7.2, key.fill, edge="#808080")
    text = wrapped(key.name, canvas.width - x - SWATCH - 3, SMALL, most=1)[0]
    canvas.text(x + SWATCH + 3, middle, text, size=SMALL)


@dataclass(frozen=True)
class Stair:
    """Where the labels of thresholds stand: `steps` above the rows, at the left of their line where there is room."""

    steps: tuple[int, ...]
    anchors: tuple[Anchor, ...]

    @property
    def height(self) -> float:
        """The height that the labels need above the rows."""
        return LABEL * (max(self.steps, default=-1) + 1)


def stair(scale: Scale, thresholds: Sequence[Threshold], limit: float = 0.0) -> Stair:
    """The places of labels of thresholds, from low to high, such that no two meet and none begins before `limit`."""
    places = [scale.at(threshold.number.value) for threshold in thresholds]
    starts = [x - width_of(each.label, SMALL) - 7 for x, each in zip(places, thresholds, strict=True)]
    anchors: tuple[Anchor, ...] = tuple("right" if start > limit else "left" for start in starts)
    steps: list[int] = []
    for place, start in enumerate(starts):
        free = place == 0 or (start > places[place - 1] and "left" not in anchors)
        steps.append(0 if free else steps[-1] + 1)
    return Stair(tuple(steps), anchors)


def draw_thresholds(
    canvas: Canvas,
    scale: Scale,
    rows: tuple[float, float],
    thresholds: Sequence[Threshold],
    found: Stair,
    axis: str,
) -> None:
    """Dashed lines across the rows of an axis, each with its label beside its upper end."""
    places = [scale.at(threshold.number.value) for threshold in thresholds]
    middles = [rows[0] - LABEL * (step + 0.6) for step in found.steps]
    for x, middle in zip(places, middles, strict=True):
        canvas.line((x, middle - LABEL / 2), (x, rows[1]), color=THRESHOLD, linewidth=0.8, linestyle=(0, (3, 1.6)))
    for x, middle, anchor, threshold in zip(places, middles, found.anchors, thresholds, strict=True):
        beside, back = (x - 2.5, "") if anchor == "right" else (x + 2.5, "#ffffff")
        canvas.text(beside, middle, threshold.label, anchor, size=SMALL, color=THRESHOLD, back=back)
        canvas.note("threshold", threshold.label, axis, [threshold.number])


def draw_heading(canvas: Canvas, place: tuple[float, float], bottom: float, text: str, anchor: Anchor = "left") -> None:
    """A heading over a panel or column at `place` (left end and width), its last line just above `bottom`."""
    x = place[0] + {"left": 0.0, "center": place[1] / 2, "right": place[1]}[anchor]
    for number, line in enumerate(reversed(wrapped(text, place[1], SMALL, bold=True))):
        canvas.text(x, bottom - LABEL * (number + 0.6), line, anchor, size=SMALL, weight="bold")


def heading_height(text: str, width: float) -> float:
    """The height that a heading needs."""
    return LABEL * len(wrapped(text, width, SMALL, bold=True)) if text else 0.0
