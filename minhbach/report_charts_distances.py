"""Distance to the next better level: what each unit lacks, or, for many units, which condition keeps how many away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from minhbach import figures_bars, tables
from minhbach import report_charts_schemes as of_levels
from minhbach.figures import Canvas, Number
from minhbach.figures_bars import Bar, Bars, Panel
from minhbach.figures_fills import STACK
from minhbach.figures_legend import Key
from minhbach.figures_rows import Line
from minhbach.figures_scale import bounds
from minhbach.levels import NO_LEVEL
from minhbach.numbers import from_text
from minhbach.report_charts_conditions import by_condition, label
from minhbach.report_charts_parts import Texts, cited, finished, name, node_name, say, shown, shown_units
from minhbach.report_charts_schemes import Scheme
from minhbach.results import Results, quoted
from minhbach.units import Unit


@dataclass(frozen=True)
class Gap:
    """What a unit lacks: the next level, and the distance in each condition that is not met, totals left out."""

    unit: Unit
    better: str
    missing: dict[str, Fraction]
    total: Number


def charts(results: Results, folder: Path) -> list[tuple[str, str]]:
    """The distances of each level scheme; of schemes on several nodes in one chart, by node."""
    families: dict[str, list[Scheme]] = {}
    for scheme in of_levels.every(results):
        families.setdefault(scheme.levels.id, []).append(scheme)
    drawn = []
    for family in families.values():
        rows = {scheme.key: _rows(results, scheme) for scheme in family}
        if not any(rows.values()):
            continue
        few = len(family) == 1 and not shown_units([unit for unit, _, _ in rows[family[0].key]])[1]
        drawn.append(
            _by_unit(results, family[0], rows[family[0].key], folder) if few else by_condition(results, family, folder)
        )
    return drawn


def _rows(results: Results, scheme: Scheme) -> list[tuple[Unit, str, dict[str, Fraction]]]:
    """Each unit below the best level: the next one, and the conditions not met with their distances."""
    units, order = {unit.unit_id: unit for unit in results.units}, [*scheme.rules, NO_LEVEL]
    found = []
    for row in tables.rows(results.frames["levels"]):
        if row.scheme == scheme.key and row.level and row.blocking:
            parts = (each.partition(":") for each in row.blocking.split("; "))
            missing = {node: from_text(distance) for node, _, distance in parts}
            found.append((units[row.unit_id], order[order.index(row.level) - 1], missing))
    return found


def _gap(results: Results, scheme: Scheme, unit: Unit, better: str, missing: dict[str, Fraction]) -> Gap:
    """Only the lowest nodes count: what a part lacks is what its groups lack."""
    lowest = {
        node: value for node, value in missing.items() if not any(_above(results, node, each) for each in missing)
    }
    where = results.rows_where("blocking", scheme=scheme.key, unit_id=unit.unit_id)
    nodes = ", ".join(quoted(node) for node in lowest)
    sql = f"select sum(distance::decimal(38,12)) {where} and node_id in ({nodes})"
    value, rounding = results.ledger.select(sql), results.framework.rounding
    places = rounding.share if scheme.on == "share" else rounding.shown
    fact = f"{unit.unit_id}/chart.{scheme.key}.missing"
    return Gap(unit, better, lowest, cited(results.ledger.number(fact, value, places, "query", sql), value))


def _above(results: Results, node: str, other: str) -> bool:
    parent = results.framework.parent.get(other)
    return parent is not None and (parent == node or _above(results, node, parent))


def _by_unit(
    results: Results, scheme: Scheme, rows: list[tuple[Unit, str, dict[str, Fraction]]], folder: Path
) -> tuple[str, str]:
    """A bar per unit, below the level it is on the way to, the nearest first."""
    gaps = [_gap(results, scheme, *row) for row in rows]
    order = list(scheme.rules)
    gaps.sort(key=lambda gap: (order.index(gap.better), gap.total.value, gap.unit.unit_id))
    canvas = _unit_bars(results, scheme, gaps)
    for gap in gaps:
        canvas.note("total", name(results, gap.unit), scheme.words(gap.better, results.language), [gap.total])
        for node, value in gap.missing.items():
            canvas.note("value", name(results, gap.unit), node_name(results, node), [Number(value, "")])
    near, far = min(gaps, key=lambda gap: gap.total.value), max(gaps, key=lambda gap: gap.total.value)
    words = {key: scheme.words(gap.better, results.language) for key, gap in (("near", near), ("far", far))}
    count = shown(results, Fraction(len(gaps)))
    canvas.note("count", "", scheme.key, [count])
    said = say(
        results,
        "distances_alt",
        count=count.shown,
        near=name(results, near.unit),
        least=near.total.shown,
        near_level=words["near"],
        far=name(results, far.unit),
        most=far.total.shown,
        far_level=words["far"],
    )
    return finished(results, canvas, label(results, scheme), folder, Texts("distances", scheme.name(results), said))


def _unit_bars(results: Results, scheme: Scheme, gaps: Sequence[Gap]) -> Canvas:
    nodes = [node for node in results.framework.nodes if any(node in gap.missing for gap in gaps)]
    fills = dict(zip(nodes, STACK, strict=False)) if len(nodes) <= len(STACK) else dict.fromkeys(nodes, STACK[2])
    lines: list[Line] = []
    bars: list[Bar | None] = []
    for place, gap in enumerate(gaps):
        if place == 0 or gap.better != gaps[place - 1].better:
            heading = say(results, "towards", level=scheme.words(gap.better, results.language))
            lines.append(Line(heading, kind="heading"))
            bars.append(None)
        lines.append(Line(name(results, gap.unit)))
        parts = tuple((gap.missing[node], fills[node]) for node in nodes if node in gap.missing)
        bars.append(Bar(parts, gap.total.shown))
    keys = (
        tuple(Key(node_name(results, node), fill) for node, fill in fills.items())
        if 1 < len(nodes) <= len(STACK)
        else ()
    )
    title = say(results, f"missing_{'share' if scheme.on == 'share' else 'points'}")
    panel = Panel(title, *bounds([gap.total.value for gap in gaps], zero=True), tuple(bars), keys=keys)
    return figures_bars.drawn(Bars(tuple(lines), (panel,)), results.language)
