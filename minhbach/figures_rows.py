"""The rows of a chart: names at the left, in as many lines as they need, and where each row stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from minhbach.figures import GRID, INK, MUTED, SIZE, Canvas, Fill
from minhbach.figures_text import width_of, wrapped

ROW, LEADING, GAP = 10.2, 8.6, 4.0
MOST_HEIGHT = 600.0  # points: with caption and heading still one page
MOST_NAME = 150.0


@dataclass(frozen=True)
class Line:
    """A row of a chart: its name, its rank if it has one; a heading or a gap has nothing drawn in it."""

    label: str
    rank: str = ""
    kind: str = "unit"


@dataclass(frozen=True)
class Layout:
    """Lines with their place: the top and height of each, from the top of the picture."""

    lines: tuple[Line, ...]
    names: tuple[tuple[str, ...], ...]
    tops: tuple[float, ...]
    heights: tuple[float, ...]
    rank_width: float
    width: float

    @property
    def top(self) -> float:
        """Where the first row begins."""
        return self.tops[0]

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.tops[-1] + self.heights[-1]

    def middle(self, place: int) -> float:
        """The middle of a row."""
        return self.tops[place] + self.heights[place] / 2


def height_of(line: Line, row: float = ROW, most_name: float = MOST_NAME) -> float:
    """The height that a line needs."""
    return max(row, ROW + LEADING * (len(wrapped(line.label, most_name, SIZE)) - 1))


def laid_out(lines: Sequence[Line], top: float, row: float = ROW, most_name: float = MOST_NAME) -> Layout:
    """The lines one below the other, from `top`."""
    names = tuple(wrapped(line.label, most_name, SIZE) for line in lines)
    heights = tuple(height_of(line, row, most_name) for line in lines)
    tops = tuple(top + sum(heights[:place]) for place in range(len(lines)))
    rank_width = max((width_of(line.rank, SIZE) + GAP for line in lines if line.rank), default=0.0)
    widest = max((width_of(each, SIZE) for name in names for each in name), default=0.0)
    return Layout(tuple(lines), names, tops, heights, rank_width, rank_width + widest + GAP)


def kept(heights: Sequence[float], each_end: int = 20) -> tuple[list[int], list[int]]:
    """Which lines a page shows: all of them first if they fit, otherwise as many first as last, and none between."""
    every, half = list(range(len(heights))), min(each_end, len(heights) // 2)
    if sum(heights) <= MOST_HEIGHT:
        return every, []
    first, last = every[:half], every[len(every) - half :]
    while sum(heights[place] for place in (*first, *last)) > MOST_HEIGHT and len(first) > 1:
        first, last = first[:-1], last[1:]
    return first, last


def draw_names(canvas: Canvas, layout: Layout) -> None:
    """Ranks and names, right beside where the rows begin."""
    for place, (line, name) in enumerate(zip(layout.lines, layout.names, strict=True)):
        start = layout.middle(place) - LEADING * (len(name) - 1) / 2
        look: Any = {"weight": "bold"} if line.kind == "heading" else {"color": MUTED if line.kind == "gap" else INK}
        if line.rank:
            canvas.text(layout.rank_width - GAP, layout.middle(place), line.rank, "right", color=MUTED)
        for number, text in enumerate(name):
            canvas.text(layout.rank_width, start + LEADING * number, text, **look)


def ground(place: int) -> str:
    """The colour behind a row: every other row is light grey, which leads the eye from the name to the number."""
    return "#ffffff" if place % 2 else "#f6f6f6"


def draw_ground(canvas: Canvas, layout: Layout) -> None:
    """The ground of the rows that are units, and a rule in the gaps between them."""
    for place, line in enumerate(layout.lines):
        if line.kind == "unit" and place % 2 == 0:
            fill = Fill(ground(place))
            canvas.surface(0, layout.tops[place], canvas.width, layout.heights[place], fill, edge=fill.colour)
        elif line.kind == "gap":
            middle = layout.middle(place)
            canvas.line((layout.width, middle), (canvas.width, middle), color=GRID, linestyle=(0, (1, 2)))
