"""One look for all charts: SVG with its text kept as text, drawn from a table that is saved beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from minhbach import tables

LOOK: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "minhbach",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#444444",
    "figure.constrained_layout.use": True,
}
# Dark to light, so that grey print and colour-blind readers see the same order as the levels.
SHADES = ("#1b4965", "#4f83a5", "#95b8d1", "#c9d6df", "#e4e4e4")
HATCHES = ("", "", "", "//", "..")
VALUE: dict[str, Any] = {
    "textcoords": "offset points",
    "va": "center",
    "ha": "left",
    "fontsize": 7.5,
    "zorder": 4,
    "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8},
}
LINE: dict[str, Any] = {
    "textcoords": "offset points",
    "va": "bottom",
    "ha": "right",
    "fontsize": 7.5,
    "color": "#8a3d12",
}
WIDTH = 6.4
ROW = 0.165
CHROME = 0.75
MOST_ROWS = 56


@dataclass(frozen=True)
class Threshold:
    """A line across the chart where a level begins."""

    value: float
    label: str


@dataclass(frozen=True)
class Bars:
    """The rows of a ranked bar chart: label, value, the value as printed, the shade (0 = best level), its fact."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    shown: tuple[str, ...]
    shades: tuple[int, ...]
    fact_ids: tuple[str, ...]


def ranked_bars(path: Path, bars: Bars, axis: str, limit: float, thresholds: Sequence[Threshold], decimal: str) -> None:
    """Draws units from the best down, with thresholds of levels; saves the table it is drawn from as CSV."""
    count = len(bars.labels)
    with mpl.rc_context(LOOK):
        figure = Figure(figsize=(WIDTH, CHROME + ROW * count))
        axes = FigureCanvasSVG(figure).figure.subplots()
        _draw_bars(axes, bars)
        for index, threshold in enumerate(thresholds):
            axes.axvline(threshold.value, color="#b3541e", linewidth=0.9, linestyle=(0, (4, 2)), zorder=3)
            axes.annotate(threshold.label, (threshold.value, -0.7), (-2, 2 + 9 * (index % 2)), **LINE)
        axes.set_yticks(range(count), bars.labels)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(count - 0.4, -0.7)
        axes.set_xlim(0, limit * 1.1)
        axes.set_xlabel(axis)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", decimal))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
    values = [repr(value) for value in bars.values]
    table = pd.DataFrame({"label": bars.labels, "value": values, "shown": bars.shown, "fact_id": bars.fact_ids})
    tables.write(table, path.with_suffix(".csv"))


def _draw_bars(axes: Axes, bars: Bars) -> None:
    for place, (value, shown) in enumerate(zip(bars.values, bars.shown, strict=True)):
        shade = min(bars.shades[place], len(SHADES) - 1)
        look: Any = {"color": SHADES[shade], "hatch": HATCHES[shade], "edgecolor": "white", "linewidth": 0.4}
        axes.barh(place, value, height=0.72, **look)
        axes.annotate(shown, (value, place), (3, 0), **VALUE)
