"""The heat map of a ranking: units by groups, or, of more units than a page has room for, the units they belong to."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from minhbach import figures_heat
from minhbach.figures import Canvas, Number
from minhbach.figures_heat import Heat
from minhbach.figures_rows import Line
from minhbach.figures_text import plain
from minhbach.model import Ranking
from minhbach.report_charts_groups import groups
from minhbach.report_charts_parts import (
    Texts,
    by_mean,
    cited_mean,
    finished,
    gap_line,
    has_value,
    hidden,
    in_order,
    name,
    node_name,
    of_parent,
    overall_mean,
    parent_name,
    ranking_name,
    say,
    share,
    shown,
    shown_units,
)
from minhbach.results import Results
from minhbach.units import Unit

Cells = list[tuple[Line, tuple[Number | None, ...]]]


def heat(results: Results, ranking: Ranking, folder: Path) -> list[tuple[str, str]]:
    """Shares of the maximum by unit and group: (reference, Markdown); empty where a ranking has no groups."""
    columns = groups(results, ranking)
    units = in_order(results, ranking)
    if len(columns) < 2 or not units:
        return []
    first, last = shown_units(units, row=figures_heat.ROW)
    by_parent = bool(last and results.by_parent)
    cells = _of_parents(results, ranking, columns) if by_parent else _of_units(results, columns, units, first, last)
    names = tuple(node_name(results, node) for node in columns)
    legend = say(results, "heat_legend_mean" if by_parent else "heat_legend")
    canvas = figures_heat.drawn(
        Heat(tuple(line for line, _ in cells), names, tuple(row for _, row in cells), legend), results.language
    )
    for line, row in cells:
        for group, cell in zip(names, row, strict=False):
            canvas.note("value", line.label, group, [cell] if cell else [])
    if last and not by_parent:
        canvas.note("count", "", "hidden", [hidden(results, units, first, last)])
    caption = "heat_parents" if by_parent else "heat_ends" if last else "heat"
    own = ranking.by not in columns
    title = ranking_name(results, ranking) if own else plain(results.framework.spec.title.say(results.language))
    texts = Texts(caption, title, _alternative(results, columns, cells, canvas))
    return [finished(results, canvas, f"{results.framework.id}-{ranking.id}-heat", folder, texts)]


def _of_units(
    results: Results, columns: tuple[str, ...], units: list[Unit], first: list[Unit], last: list[Unit]
) -> Cells:
    gap: Cells = [(gap_line(results, hidden(results, units, first, last)), ())] if last else []
    top, bottom = (
        [(Line(name(results, unit)), tuple(share(results, unit.unit_id, node) for node in columns)) for unit in some]
        for some in (first, last)
    )
    return [*top, *gap, *bottom]


def _of_parents(results: Results, ranking: Ranking, columns: tuple[str, ...]) -> Cells:
    """The mean share of the units that belong to each, the highest mean of the ranking first."""
    return [
        (Line(parent_name(results, parent)), tuple(_mean(results, parent, node) for node in columns))
        for parent, _ in by_mean(results, ranking)
    ]


def _mean(results: Results, parent: str, node: str) -> Number | None:
    return of_parent(results, parent, node, "share") if has_value(results, parent, node) else None


def _alternative(results: Results, columns: tuple[str, ...], cells: Cells, canvas: Canvas) -> str:
    """The strongest and the weakest group on average, and the lowest cell."""
    rows, across = (shown(results, Fraction(len(each))) for each in ([row for _, row in cells if row], columns))
    canvas.note("count", "", "", [rows, across])
    said = say(results, "heat_alt", rows=rows.shown, columns=across.shown)
    names = [node_name(results, node) for node in columns]
    found = [(cell, line.label, group) for line, row in cells for cell, group in zip(row, names, strict=False) if cell]
    if not found:
        return said
    means = {node: overall_mean(results, node) for node in columns if _told(results, node)}
    ends = [choose(means, key=lambda node: means[node]) for choose in (min, max)]
    (low, weak), (high, strong) = ((cited_mean(results, node), node_name(results, node)) for node in ends)
    canvas.note("mean", "", weak, [low])
    canvas.note("mean", "", strong, [high])
    least, unit, group = min(found, key=lambda each: each[0].value)
    groups_said = say(results, "heat_alt_groups", strong=strong, high=high.shown, weak=weak, low=low.shown)
    return " ".join((said, groups_said, say(results, "heat_alt_cell", unit=unit, group=group, least=least.shown)))


def _told(results: Results, node: str) -> bool:
    return any(each == node for _, each in results.points_of)
