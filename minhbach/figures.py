"""One look for all charts: SVG with its text kept as text, and beside it the table of every number in the picture."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from minhbach import tables
from minhbach.figures_text import FONT, plain, quiet, width_of
from minhbach.numbers import exact_text

LOOK: Any = {
    "font.family": FONT,
    "svg.fonttype": "none",
    "svg.hashsalt": "minhbach",
    "text.parse_math": False,
    "hatch.linewidth": 0.9,
}
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
COLUMNS = ["kind", "label", "series", "value", "shown", "fact_id"]
WIDTH = 467.0  # points: the 165 mm of a page's text
SIZE, SMALL = 7.5, 7.0
INK, MUTED, GRID, THRESHOLD = "#1a1a1a", "#4d4d4d", "#d4d4d4", "#8a3d12"
# Where the letter x is in the middle of a line of text, as a part of its size.
MIDDLE = 0.36
FALLBACK = f"font-family: '{FONT}', Verdana, sans-serif"
Anchor = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Number:
    """A number of a chart: exact, as it is shown, and the fact that it is, if it is one."""

    value: Fraction
    shown: str
    fact_id: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a chart's table: what is drawn or written (`kind`), for which line and series, and the number.

    A name that has a numeral in it and is written in the picture is a row without a number.
    """

    kind: str
    label: str
    series: str
    number: Number | None


@dataclass(frozen=True)
class Fill:
    """The look of a surface: colour, and strokes of `ink` over it."""

    colour: str
    hatch: str = ""
    ink: str = "#ffffff"


@dataclass
class Canvas:
    """A page of so many points, with the origin at the top left; what is drawn later lies above.

    `rows` are the numbers of its table, `texts` all that is written in it.
    """

    height: float
    width: float = WIDTH
    rows: list[Row] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _artists: list[Callable[[], Artist]] = field(default_factory=list)

    def surface(self, left: float, top: float, width: float, height: float, fill: Fill, edge: str = "#ffffff") -> None:
        """A rectangle; a negative width goes to the left."""
        look: Any = {"facecolor": fill.colour, "hatch": fill.hatch, "hatchcolor": fill.ink, "edgecolor": edge}
        self._artists.append(partial(Rectangle, (left, top), width, height, linewidth=0.5, **look))

    def line(self, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
        """A straight line."""
        style: Any = {"color": GRID, "linewidth": 0.5, "solid_capstyle": "butt"} | look
        self._artists.append(partial(Line2D, (start[0], end[0]), (start[1], end[1]), **style))

    def mark(self, x: float, y: float, shape: str, size: float, fill: str, edge: str = INK) -> None:
        """A dot of one of matplotlib's shapes, `size` points wide."""
        look: Any = {"markerfacecolor": fill, "markeredgecolor": edge, "markeredgewidth": 0.6}
        self._artists.append(partial(Line2D, (x,), (y,), linestyle="none", marker=shape, markersize=size, **look))

    def text(self, x: float, middle: float, text: str, anchor: Anchor = "left", **look: Any) -> None:
        """One line of text around the height `middle`; `back` is the colour of the ground laid under it."""
        size, bold = look.pop("size", SIZE), look.pop("weight", "normal") == "bold"
        if back := look.pop("back", ""):
            width = width_of(text, size, bold=bold)
            left = x - {"left": 0.0, "center": width / 2, "right": width}[anchor]
            self.surface(left - 0.6, middle - size * 0.52, width + 1.2, size * 1.04, Fill(back), edge=back)
        style: Any = {"size": size, "color": INK, "weight": "bold" if bold else "normal", "ha": anchor} | look
        self.texts.append(plain(text))
        self._artists.append(partial(Text, x, middle + size * MIDDLE, plain(text), va="baseline", **style))

    def note(self, kind: str, label: str, series: str, numbers: Sequence[Number]) -> None:
        """Numbers that belong into the chart's table."""
        self.rows += [Row(kind, plain(label), plain(series), number) for number in numbers]

    def name(self, label: str) -> None:
        """A name that is written in the chart and has a numeral."""
        self.rows.append(Row("name", plain(label), "", None))

    def save(self, path: Path) -> None:
        """Writes the picture, and the table of its numbers under the same name as CSV."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.svg(), encoding="utf-8", newline="\n")
        cells = [(row.kind, row.label, row.series, *_number_cells(row.number)) for row in self.rows]
        tables.write(pd.DataFrame(list(dict.fromkeys(cells)), columns=COLUMNS), path.with_suffix(".csv"))

    def svg(self) -> str:
        """The picture as SVG."""
        text = io.StringIO()
        with mpl.rc_context(), quiet():
            mpl.rcdefaults()  # a reader's own settings of matplotlib must not change our bytes
            mpl.rcParams.update(LOOK)
            figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
            FigureCanvasSVG(figure)
            place = Affine2D().scale(1, -1).translate(0, self.height)
            for order, make in enumerate(self._artists):
                artist = make()
                artist.set(zorder=order, transform=place)
                figure.add_artist(artist)
            figure.savefig(text, format="svg", metadata=NO_METADATA)
        return cleaned(text.getvalue())


def _number_cells(number: Number | None) -> tuple[str, str, str]:
    return (exact_text(number.value), number.shown, number.fact_id) if number else ("", "", "")


def cleaned(svg: str) -> str:
    """The SVG without what would meet other pictures on a web page: ids of groups, a style for everything."""
    svg = re.sub(r"<!DOCTYPE[^>]*>\n", "", svg)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r"\n *<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>", "", svg)
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)
    return re.sub(rf"font-family: '{FONT}'", FALLBACK, svg)
