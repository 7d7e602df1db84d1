"""Which bars a ranking's chart has: groups stacked part by part, ranks before the names, totals and levels behind."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from minhbach import figures_bars
from minhbach import report_charts_schemes as of_levels
from minhbach.figures import Canvas, Fill, Number
from minhbach.figures_bars import Bar, Bars, Column, Panel
from minhbach.figures_fills import STACK
from minhbach.figures_legend import Key, Threshold
from minhbach.figures_rows import Line
from minhbach.figures_scale import bounds
from minhbach.levels import NO_LEVEL
from minhbach.model import Ranking
from minhbach.report_charts_groups import panels, stacked
from minhbach.report_charts_parts import (
    cited,
    gap_line,
    groups_of,
    hidden,
    name,
    node_name,
    points,
    say,
    share,
    value,
)
from minhbach.report_charts_schemes import Scheme
from minhbach.results import Results
from minhbach.units import Unit

ONE = Fill("#4f83a5")
GAP = ""


@dataclass(frozen=True)
class Plan:
    """A chart of ranked bars: all units with a value in order, those drawn first and, after a gap, those drawn last."""

    results: Results
    ranking: Ranking
    units: tuple[Unit, ...]
    first: tuple[Unit, ...]
    last: tuple[Unit, ...]

    @cached_property
    def scheme(self) -> Scheme | None:
        """The level scheme that belongs to the ranking."""
        return of_levels.of_node(self.results, self.ranking.by)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that have a panel."""
        return panels(self.results, self.ranking.by, self.units)

    @cached_property
    def stacks(self) -> dict[str, tuple[str, ...]]:
        """The parts that are stacked in each panel; none where its bars are in one piece."""
        return {node: stacked(self.results, node, self.units) for node in self.nodes}

    @property
    def plain(self) -> bool:
        """Whether there is a single panel of bars in one piece, shaded by level."""
        return self.nodes == (self.ranking.by,) and not self.stacks[self.ranking.by]

    @property
    def as_share(self) -> bool:
        """Whether bars are as long as shares; stacks are of points."""
        return self.plain and self.ranking.on == "share"

    @property
    def has_thresholds(self) -> bool:
        """Whether a level begins on one of the panels."""
        return any(self._thresholds(node) for node in self.nodes)

    @cached_property
    def rows(self) -> tuple[Unit | str, ...]:
        """What stands in each row: a unit, the heading of a group, or the gap between the first and the last."""
        group_of = groups_of(self.results, self.ranking)
        headed = len({group_of.get(unit.unit_id, "") for unit in self.units}) > 1
        rows: list[Unit | str] = []
        for units in (self.first, self.last):
            group = None
            rows += [GAP] if rows and units else []
            for unit in units:
                if headed and group != group_of.get(unit.unit_id, ""):
                    group = group_of.get(unit.unit_id, "")
                    rows.append(group or say(self.results, "no_group"))
                rows.append(unit)
        return tuple(rows)

    def canvas(self) -> Canvas:
        """The chart as it is drawn."""
        lines = tuple(self._line(row) for row in self.rows)
        columns = () if self.plain else self._columns()
        return figures_bars.drawn(Bars(lines, tuple(map(self._panel, self.nodes)), columns), self.results.language)

    def note(self, canvas: Canvas) -> None:
        """Puts the numbers of all rows into the chart's table."""
        for unit in (*self.first, *self.last):
            label, node = name(self.results, unit), node_name(self.results, self.ranking.by)
            total, rank = value(self.results, unit.unit_id, self.ranking), self._rank(unit)
            canvas.note("rank", label, self.ranking.id, [rank] if rank.fact_id else [])
            canvas.note("total", label, node, [total] if total else [])
            for drawn in (each for node in self.nodes for each in (*self.stacks[node], node)):
                number = self._number(unit, drawn)
                canvas.note("value", label, node_name(self.results, drawn), [number] if number else [])
        canvas.note("count", "", "hidden", [self._hidden()] if self.last else [])

    def _line(self, row: Unit | str) -> Line:
        if isinstance(row, Unit):
            return Line(name(self.results, row), self._rank(row).shown)
        return Line(row, kind="heading") if row else gap_line(self.results, self._hidden())

    def _hidden(self) -> Number:
        return hidden(self.results, self.units, self.first, self.last)

    def _rank(self, unit: Unit) -> Number:
        place = self.results.rank_of.get((unit.unit_id, self.ranking.id), "")
        return cited(self.results.rank(unit.unit_id, self.ranking), Fraction(place or 0))

    def _number(self, unit: Unit, node: str) -> Number | None:
        return (share if self.as_share else points)(self.results, unit.unit_id, node)

    def _thresholds(self, node: str) -> list[Threshold]:
        return of_levels.thresholds(self.results, self.scheme, node, as_share=self.as_share)

    def _panel(self, node: str) -> Panel:
        top = Fraction(1) if self.as_share else self.results.framework.nodes[node].max_points
        values = [each.value for unit in self.units if (each := self._number(unit, node))]
        low, high = bounds(values or [Fraction(0)], zero=True, top=top)
        bars = tuple(self._bar(row, node) if isinstance(row, Unit) else None for row in self.rows)
        title = say(self.results, "axis_share" if self.as_share else "axis_points", name=node_name(self.results, node))
        return Panel(
            title, low, high, bars, tuple(self._thresholds(node)), self._keys(node), node_name(self.results, node)
        )

    def _bar(self, unit: Unit, node: str) -> Bar | None:
        number = self._number(unit, node)
        if number is None:
            return None
        if not self.stacks[node]:
            return Bar(((number.value, self._fill(unit)),), number.shown)
        found = zip((points(self.results, unit.unit_id, child) for child in self.stacks[node]), STACK, strict=False)
        end = number.shown if len(self.nodes) > 1 else ""
        return Bar(tuple((each.value, fill) for each, fill in found if each), end)

    def _fill(self, unit: Unit) -> Fill:
        if self.scheme is None:
            return ONE
        return self.scheme.fills.get(of_levels.level_of(self.results, self.scheme, unit), ONE)

    def _keys(self, node: str) -> tuple[Key, ...]:
        if self.stacks[node]:
            names = (node_name(self.results, child) for child in self.stacks[node])
            return tuple(Key(each, fill) for each, fill in zip(names, STACK, strict=False))
        if self.scheme is None:
            return ()
        found = of_levels.counts(self.results, self.scheme, self.units)
        return tuple(Key(self.scheme.words(each, self.results.language), self.scheme.fills[each]) for each in found)

    def _columns(self) -> tuple[Column, ...]:
        heading = say(self.results, "share" if self.ranking.on == "share" else "total")
        totals = Column(heading, tuple(self._total(row) for row in self.rows), bold=True)
        if self.scheme is None:
            return (totals,)
        return totals, Column(say(self.results, "level"), tuple(self._level(row) for row in self.rows), right=False)

    def _total(self, row: Unit | str) -> str:
        found = value(self.results, row.unit_id, self.ranking) if isinstance(row, Unit) else None
        return found.shown if found else ""

    def _level(self, row: Unit | str) -> str:
        if self.scheme is None or not isinstance(row, Unit):
            return ""
        level = of_levels.level_of(self.results, self.scheme, row)
        return "–" if level == NO_LEVEL else self.scheme.words(level, self.results.language) if level else ""
