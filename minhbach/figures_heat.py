"""Heat maps: a cell per row and column, darker where the value is higher, in so few shades that each can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from minhbach.figures import MIDDLE, MUTED, SMALL, WIDTH, Canvas, Fill, Number
from minhbach.figures_fills import ink_on, ramp
from minhbach.figures_legend import LABEL, LEADING, SWATCH
from minhbach.figures_rows import Line, draw_names, laid_out
from minhbach.figures_scale import nice_step
from minhbach.figures_text import width_of, wrapped
from minhbach.numbers import show

MOST_SHADES, MOST_LINES, MOST_CELL, UPRIGHT = 7, 7, 64.0, 90.0
ROW, MARGIN = 11.0, 2.0


@dataclass(frozen=True)
class Heat:
    """A heat map: rows, columns and a number, or nothing, in each cell; `legend` says what the shades are."""

    lines: tuple[Line, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Number | None, ...], ...]
    legend: str


@dataclass(frozen=True)
class Shades:
    """Equal steps from `low`, each with a shade, the highest the darkest."""

    low: Fraction
    step: Fraction
    count: int

    def fill(self, value: Fraction) -> Fill:
        """The shade of a value."""
        return ramp(self.count)[::-1][min(int((value - self.low) / self.step), self.count - 1)]

    @property
    def edges(self) -> tuple[Fraction, ...]:
        """Where the steps begin and the last one ends."""
        return tuple(self.low + self.step * place for place in range(self.count + 1))


def shades(values: Sequence[Fraction]) -> Shades:
    """At most seven steps with round edges around all values."""
    step = nice_step((max(values) - min(values)) / MOST_SHADES or Fraction(1, 100))
    while (max(values) // step - min(values) // step + 1 - (max(values) % step == 0)) > MOST_SHADES:
        step = nice_step(step * Fraction(11, 10))
    low = min(values) // step * step
    return Shades(low, step, max(1, int(-((low - max(values)) // step))))


@dataclass(frozen=True)
class Heads:
    """The names of columns in lines; upright where a word is wider than its column."""

    lines: tuple[tuple[str, ...], ...]
    upright: bool

    @property
    def height(self) -> float:
        """The height they need."""
        if self.upright:
            return max(width_of(line, SMALL) for head in self.lines for line in head) + 2
        return LABEL * max(map(len, self.lines))

    def draw(self, canvas: Canvas, place: int, middle: float, bottom: float) -> None:
        """Draws the name of a column around `middle`, its end just above `bottom`."""
        head = self.lines[place]
        for number, text in enumerate(head):
            if self.upright:
                x = middle + LABEL * (number - (len(head) - 1) / 2) + SMALL * MIDDLE
                canvas.text(x, bottom - 1 - SMALL * MIDDLE, text, size=SMALL, rotation=90)
            else:
                canvas.text(middle, bottom - LABEL * (len(head) - number - 0.4), text, "center", size=SMALL)


def _heads(names: Sequence[str], width: float) -> Heads:
    if all(width_of(word, SMALL) <= width - 3 for name in names for word in name.split(" ")):
        return Heads(tuple(wrapped(name, width - 3, SMALL, MOST_LINES) for name in names), upright=False)
    most = max(1, int(width // LABEL))
    return Heads(tuple(wrapped(name, UPRIGHT, SMALL, most) for name in names), upright=True)


def drawn(chart: Heat, language: str) -> Canvas:
    """The chart, as high as it needs to be; the edges of the shades are noted in its table."""
    start = laid_out(chart.lines, 0, ROW).width + 4
    width = min((WIDTH - start) / len(chart.columns), MOST_CELL)
    heads = _heads(chart.columns, width)
    layout = laid_out(chart.lines, heads.height + 2 * MARGIN, ROW)
    canvas = Canvas(layout.bottom + LEADING + 7)
    for place in range(len(chart.columns)):
        heads.draw(canvas, place, start + width * (place + 0.5), layout.top - MARGIN)
    scale = shades([cell.value for row in chart.cells for cell in row if cell] or [Fraction(0)])
    for place, row in enumerate(chart.cells):
        box = (layout.tops[place], layout.heights[place])
        for column, cell in enumerate(row):
            _cell(canvas, (start + width * column, width), box, cell, scale)
    draw_names(canvas, layout)
    _legend(canvas, layout.bottom + 7 + LEADING / 2, scale, (chart.legend, language))
    return canvas


def _cell(
    canvas: Canvas, across: tuple[float, float], down: tuple[float, float], cell: Number | None, scale: Shades
) -> None:
    fill = scale.fill(cell.value) if cell else Fill("#ffffff")
    canvas.surface(across[0], down[0], across[1], down[1], fill)
    middle = (across[0] + across[1] / 2, down[0] + down[1] / 2)
    canvas.text(*middle, cell.shown if cell else "–", "center", size=SMALL, color=ink_on(fill.colour))


def _legend(canvas: Canvas, middle: float, scale: Shades, words: tuple[str, str]) -> None:
    """The shades from low to high with the numbers at their edges."""
    places = next(places for places in range(13) if (scale.step * 10**places).denominator == 1)
    edges = [Number(edge, show(edge, places, words[1])) for edge in scale.edges]
    canvas.text(0, middle, words[0], size=SMALL, color=MUTED)
    x = width_of(words[0], SMALL) + 10
    for place, edge in enumerate(edges):
        canvas.text(x, middle, edge.shown, size=SMALL, color=MUTED)
        x += width_of(edge.shown, SMALL) + 3
        if place < scale.count:
            canvas.surface(x, middle - 3.6, 2 * SWATCH, 7.2, scale.fill(edge.value), edge="#808080")
            x += 2 * SWATCH + 3
    canvas.note("tick", "", "legend", edges)
