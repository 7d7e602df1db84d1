"""Which conditions keep units from the next better level: how many units each, and how many by it alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from minhbach import figures_bars
from minhbach.figures import Canvas, Number
from minhbach.figures_bars import Bar, Bars, Panel
from minhbach.figures_fills import STACK
from minhbach.figures_legend import Key
from minhbach.figures_rows import Line
from minhbach.report_charts_parts import Texts, finished, node_name, of_ledger, say
from minhbach.report_charts_schemes import Scheme
from minhbach.results import Results, quoted

Condition = tuple[str, Number, Number]


def by_condition(results: Results, family: list[Scheme], folder: Path) -> tuple[str, str]:
    """A bar per condition: the units it keeps from the next level, darker those that lack nothing else."""
    found = _conditions(results, family)
    several = len(family[0].nodes) > 1
    canvas = _bars(results, found, alone=several)
    for node, every, alone in found:
        canvas.note("value", node, "all", [every])
        canvas.note("value", node, "alone", [alone])
    keys = ", ".join(quoted(scheme.key) for scheme in family)
    sql = f"select count(distinct unit_id) {results.rows_where('blocking')} and scheme in ({keys})"
    units = of_ledger(results, results.count(f"{family[0].levels.id}.blocked", sql))
    canvas.note("count", "", family[0].levels.id, [units])
    most = max(found, key=lambda each: each[2].value)
    said = say(
        results,
        "conditions_alt" if several else "nodes_alt",
        count=units.shown,
        first=found[0][0],
        most=found[0][1].shown,
        last=found[-1][0],
        least=found[-1][1].shown,
        alone=most[0],
        by_itself=most[2].shown,
    )
    title = family[0].levels.label
    texts = Texts("conditions", title.say(results.language) if title else family[0].levels.id, said)
    return finished(results, canvas, label(results, family[0]), folder, texts)


def label(results: Results, scheme: Scheme) -> str:
    """The label of the chart of a scheme's distances."""
    return f"{results.framework.id}-{scheme.levels.id}-distances"


def _conditions(results: Results, family: list[Scheme]) -> list[Condition]:
    """The conditions that keep a unit away, with the counts that the report's text cites too; the most first."""
    found = []
    for scheme in family:
        for node in scheme.nodes:
            sql = f"select count(*) {results.rows_where('blocking', scheme=scheme.key, node_id=node)}"
            every = of_ledger(results, results.count(f"{scheme.key}.{node}.blocks", sql))
            alone = of_ledger(results, results.count(f"{scheme.key}.{node}.alone", f"{sql} and alone = 'yes'"))
            found.append((node_name(results, node), every, alone))
    return sorted((each for each in found if each[1].value), key=lambda each: (-each[1].value, -each[2].value))


def _bars(results: Results, found: Sequence[Condition], *, alone: bool) -> Canvas:
    keys = (Key(say(results, "blocks_alone"), STACK[0]), Key(say(results, "blocks_others"), STACK[1])) if alone else ()
    bars = tuple(_bar(each, alone=alone) for each in found)
    high = max(every.value for _, every, _ in found)
    panel = Panel(say(results, "units"), Fraction(0), high, bars, keys=keys, whole=True)
    return figures_bars.drawn(Bars(tuple(Line(node) for node, _, _ in found), (panel,)), results.language)


def _bar(condition: Condition, *, alone: bool) -> Bar:
    _, every, only = condition
    if not alone:
        return Bar(((every.value, STACK[0]),), every.shown)
    parts = ((only.value, STACK[0]), (every.value - only.value, STACK[1]))
    return Bar(parts, every.shown, (only.shown if only.value else "", ""))
