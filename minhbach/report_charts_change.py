"""Change since the last edition: the value before and now of each unit, or the means of those that belong together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from minhbach import figures_dots
from minhbach.figures import Canvas, Fill, Number
from minhbach.figures_dots import Dot, Dots, signed
from minhbach.figures_legend import Key
from minhbach.figures_rows import Line
from minhbach.figures_scale import bounds
from minhbach.model import Ranking
from minhbach.numbers import round_exact
from minhbach.report_charts_parts import (
    Texts,
    cited,
    finished,
    gap_line,
    hidden,
    in_order,
    name,
    node_name,
    parent_name,
    places_of,
    queried,
    ranking_name,
    say,
    shown,
    shown_units,
    value,
)
from minhbach.report_previous_rows import what
from minhbach.results import Results, quoted, slug
from minhbach.units import Unit

BEFORE, NOW = Fill("#ffffff"), Fill("#1b4965")


@dataclass(frozen=True)
class Change:
    """A row: its name, the values before and now, and their difference."""

    label: str
    before: Number
    now: Number
    change: Number


def change(results: Results, ranking: Ranking, before: Mapping[str, Fraction], folder: Path) -> list[tuple[str, str]]:
    """The change of what a ranking looks at: (reference, Markdown); empty where no unit had a value before.

    `before` are the values of the last edition by unit, on the same scale.
    """
    units = [unit for unit in in_order(results, ranking) if unit.unit_id in before]
    if not units:
        return []
    first, last = shown_units(units, row=figures_dots.NARROW)
    by_parent = bool(last and results.by_parent)
    changes = (
        _of_parents(results, ranking, before, units)
        if by_parent
        else _of_units(results, ranking, before, [*first, *last])
    )
    gap = hidden(results, units, first, last) if last and not by_parent else None
    canvas = figures_dots.drawn(_chart(results, ranking, changes, gap), results.language)
    canvas.note("count", "", "hidden", [gap] if gap else [])
    for each in changes:
        canvas.note("before", each.label, ranking.id, [each.before])
        canvas.note("value", each.label, ranking.id, [each.now])
        canvas.note("change", each.label, ranking.id, [each.change])
    caption = "change_parents" if by_parent else "change_ends" if last else "change"
    texts = Texts(caption, ranking_name(results, ranking), _alternative(results, changes, canvas))
    return [finished(results, canvas, f"{results.framework.id}-{ranking.id}-change", folder, texts)]


def _of_units(
    results: Results, ranking: Ranking, before: Mapping[str, Fraction], units: Sequence[Unit]
) -> list[Change]:
    found = []
    for unit in units:
        now = value(results, unit.unit_id, ranking)
        if now:
            facts = tuple(f"{scope}/{unit.unit_id}/{what(ranking)}" for scope in ("previous", "change"))
            found.append(_change(results, ranking, facts, name(results, unit), before[unit.unit_id], now))
    return found


def _of_parents(
    results: Results, ranking: Ranking, before: Mapping[str, Fraction], units: Sequence[Unit]
) -> list[Change]:
    """Means over the units that have both values, the highest now first."""
    known, places = {unit.unit_id for unit in units}, places_of(results, ranking)
    found = []
    for parent, members in results.by_parent.items():
        both = [unit.unit_id for unit in members if unit.unit_id in known]
        if both:
            column, where = ranking.on, results.rows_where("scores", node_id=ranking.by)
            where += f" and unit_id in ({', '.join(map(quoted, both))})"
            sql = f"select sum({column}::decimal(38,12)), count(*) {where}"
            now = queried(results, f"{ranking.id}.{parent or 'none'}.now", sql, places)
            fact = f"{results.scope}/chart.{slug(ranking.id)}.{parent or 'none'}"
            earlier = sum((before[unit_id] for unit_id in both), Fraction(0)) / len(both)
            facts = (f"{fact}.before", f"{fact}.change")
            found.append(_change(results, ranking, facts, parent_name(results, parent), earlier, now))
    return sorted(found, key=lambda each: (-each.now.value, each.label))


def _change(
    results: Results, ranking: Ranking, facts: Sequence[str], label: str, before: Fraction, now: Number
) -> Change:
    """A row, whose facts are the value before and the change: the difference of the numbers as they are shown."""
    places, mode = places_of(results, ranking), results.framework.rounding.mode
    difference = round_exact(now.value, places, mode) - round_exact(before, places, mode)
    table = "changes.csv" if facts[0].startswith("previous/") else "mean of changes.csv"
    earlier = results.ledger.number(facts[0], before, places, "previous", f"{table}: before")
    gain = results.ledger.number(facts[1], difference, places, "change", f"{table}: change")
    return Change(label, cited(earlier, before), now, cited(gain, difference))


def _chart(results: Results, ranking: Ranking, changes: Sequence[Change], gap: Number | None) -> Dots:
    """The chart; where units are left out, a gap stands in the middle."""
    half = len(changes) // 2
    rows: list[Change | None] = [*changes[:half], *([None] if gap else []), *changes[half:]]
    keys = (Key(say(results, "before"), BEFORE, "o"), Key(say(results, "now"), NOW, "o"))
    low, high = bounds([number.value for each in changes for number in (each.before, each.now)], zero=False)
    between = [gap_line(results, gap)] if gap else []
    names = [Line(each.label) for each in changes]
    lines = (*names[:half], *between, *names[half:])
    texts: dict[str, Callable[[Change], str]] = {
        "before": lambda row: row.before.shown,
        "now": lambda row: row.now.shown,
        "difference": lambda row: signed(row.change),
    }
    return Dots(
        lines=lines,
        dots=tuple((Dot(row.before.value, keys[0]), Dot(row.now.value, keys[1])) if row else () for row in rows),
        marks=(None,) * len(rows),
        columns=tuple(
            (say(results, key), tuple(text(row) if row else "" for row in rows)) for key, text in texts.items()
        ),
        keys=keys,
        title=say(results, f"axis_{ranking.on}", name=node_name(results, ranking.by)),
        low=low,
        high=high,
        joined=True,
        row=figures_dots.NARROW,
    )


def _alternative(results: Results, changes: Sequence[Change], canvas: Canvas) -> str:
    """How many went up and down, and which rose and fell most."""
    up = shown(results, Fraction(sum(each.change.value > 0 for each in changes)))
    down = shown(results, Fraction(sum(each.change.value < 0 for each in changes)))
    same = shown(results, len(changes) - up.value - down.value)
    count = shown(results, Fraction(len(changes)))
    canvas.note("count", "", "", [count, up, down, same])
    most, least = max(changes, key=lambda each: each.change.value), min(changes, key=lambda each: each.change.value)
    return say(
        results,
        "change_alt",
        count=count.shown,
        up=up.shown,
        down=down.shown,
        same=same.shown,
        most=most.label,
        gain=signed(most.change),
        least=least.label,
        loss=signed(least.change),
    )
