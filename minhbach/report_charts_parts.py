"""What charts are drawn from: units in order, their numbers with facts, the groups of a ranking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from minhbach import tables, wording
from minhbach.figures import Canvas, Number
from minhbach.figures_rows import Line, height_of, kept
from minhbach.figures_text import plain
from minhbach.markdown import declared, figure
from minhbach.model import Ranking
from minhbach.numbers import from_text, show
from minhbach.report_charts_names import note_names
from minhbach.report_parents import mean
from minhbach.results import Results, slug
from minhbach.units import Unit

SPAN = re.compile(r'\[(?P<shown>.*)\]\{fact="(?P<fact>[^"]+)"\}', re.DOTALL)
ESCAPED = re.compile(r"\\(.)")
UNRANKED = 10**9


@dataclass(frozen=True)
class Texts:
    """What is said about a chart: the caption's key and its title, and the alternative text."""

    caption: str
    title: str
    alternative: str


def in_order(results: Results, ranking: Ranking) -> list[Unit]:
    """The units that have a value, group by group, the best first."""
    ranks = {row.unit_id: row for row in tables.rows(results.frames["ranks"]) if row.ranking == ranking.id}

    def place(unit: Unit) -> tuple[str, int, Fraction, str]:
        row, value = ranks.get(unit.unit_id), results.value(unit.unit_id, ranking) or Fraction(0)
        return (row.group if row else "", int(row.rank) if row and row.rank else UNRANKED, -value, unit.unit_id)

    return sorted((unit for unit in results.units if results.value(unit.unit_id, ranking) is not None), key=place)


def shown_units(units: Sequence[Unit], each_end: int = 20, row: float = 0.0) -> tuple[list[Unit], list[Unit]]:
    """The units that a page has room for: all, or the first and the last; the same in both languages."""
    heights = [max(height_of(Line(text or unit.name), row) for text in (unit.name, unit.name_en)) for unit in units]
    first, last = kept(heights, each_end)
    return [units[place] for place in first], [units[place] for place in last]


def hidden(results: Results, units: Sequence[Unit], first: Sequence[Unit], last: Sequence[Unit]) -> Number:
    """How many units a page has no room for."""
    return shown(results, Fraction(len(units) - len(first) - len(last)))


def gap_line(results: Results, count: Number) -> Line:
    """The row between the first and the last units, which says how many are left out."""
    return Line(say(results, "between", count=count.shown), kind="gap")


def groups_of(results: Results, ranking: Ranking) -> dict[str, str]:
    """The group within which each unit is ranked."""
    return {row.unit_id: row.group for row in tables.rows(results.frames["ranks"]) if row.ranking == ranking.id}


def name(results: Results, unit: Unit) -> str:
    """A unit's name; an asterisk marks one whose data are not confirmed."""
    said = plain(unit.called(results.language))
    return f"{said} *" if unit.unit_id in results.unconfirmed else said


def parent_name(results: Results, unit_id: str) -> str:
    """The name of a unit that others belong to; of none, that there is none."""
    unit = results.parents.get(unit_id)
    return name(results, unit) if unit else plain(wording.say("parent_none", results.language))


def node_name(results: Results, node: str) -> str:
    """A node's name."""
    return plain(results.framework.nodes[node].label.say(results.language))


def ranking_name(results: Results, ranking: Ranking) -> str:
    """A ranking's name."""
    return plain(ranking.label.say(results.language)) if ranking.label else node_name(results, ranking.by)


def cited(span: str, value: Fraction) -> Number:
    """The number of a fact, as its span prints it; a dash is no fact."""
    match = SPAN.fullmatch(span)
    return Number(value, ESCAPED.sub(r"\1", match["shown"]), match["fact"]) if match else Number(value, span)


def points(results: Results, unit_id: str, node: str) -> Number | None:
    """The points of a node, or nothing where they are blank."""
    value = results.points_of.get((unit_id, node))
    return None if value is None else cited(results.points(unit_id, node), value)


def share(results: Results, unit_id: str, node: str) -> Number | None:
    """The share of a node, or nothing where it is blank."""
    value = results.share_of.get((unit_id, node))
    return None if value is None else cited(results.share(unit_id, node), value)


def value(results: Results, unit_id: str, ranking: Ranking) -> Number | None:
    """What a ranking looks at."""
    return (share if ranking.on == "share" else points)(results, unit_id, ranking.by)


def queried(results: Results, fact: str, sql: str, places: int = 0) -> Number:
    """A number that a query gives; its fact is named `chart.…`, apart from those of the text."""
    value = results.ledger.select(sql)
    return cited(results.ledger.number(f"{results.scope}/chart.{slug(fact)}", value, places, "query", sql), value)


def of_ledger(results: Results, span: str) -> Number:
    """The number of a fact that a function of the text cites, with the exact value that the ledger has for it."""
    number = cited(span, Fraction(0))
    known = {fact.fact_id: fact.value for fact in results.ledger.facts}
    return Number(from_text(known[number.fact_id]), number.shown, number.fact_id)


def overall_mean(results: Results, node: str) -> Fraction:
    """The mean share of a node over all units."""
    return results.ledger.select(_mean_query(results, node))


def cited_mean(results: Results, node: str) -> Number:
    """The mean share of a node over all units as a fact."""
    return queried(results, f"{node}.share.mean", _mean_query(results, node), results.framework.rounding.share)


def _mean_query(results: Results, node: str) -> str:
    where = results.rows_where("scores", node_id=node) + " and points <> ''"
    return f"select sum(share::decimal(38,12)), count(*) {where}"


def by_mean(results: Results, ranking: Ranking) -> list[tuple[str, Number]]:
    """The units that others belong to, with the mean of what the ranking looks at, the highest first."""
    known = {parent for parent in results.by_parent if has_value(results, parent, ranking.by)}
    found = {parent: of_parent(results, parent, ranking.by, ranking.on) for parent in known}
    return sorted(found.items(), key=lambda each: (-each[1].value, each[0]))


def of_parent(results: Results, parent: str, node: str, on: str) -> Number:
    """The mean of a node over the units that belong to one, as the report's tables have it."""
    return of_ledger(results, mean(results, parent, node, share=on == "share"))


def has_value(results: Results, parent: str, node: str) -> bool:
    """Whether a unit that belongs to this one has a value."""
    return any((unit.unit_id, node) in results.points_of for unit in results.by_parent[parent])


def _shown(results: Results) -> int:
    return results.framework.rounding.shown


def places_of(results: Results, ranking: Ranking) -> int:
    """The decimals that the values of a ranking are shown with."""
    return results.framework.rounding.share if ranking.on == "share" else _shown(results)


def shown(results: Results, value: Fraction, places: int = 0) -> Number:
    """A number that is no fact of its own, as it is shown."""
    return Number(value, show(value, places, results.language, results.framework.rounding.mode))


def say(results: Results, key: str, **details: object) -> str:
    """A sentence of the charts."""
    return wording.say(f"chart_{key}", results.language, **details)


def finished(results: Results, canvas: Canvas, label: str, folder: Path, texts: Texts) -> tuple[str, str]:
    """Saves a chart; gives its reference and the Markdown of the figure."""
    note_names(results, canvas)
    canvas.save(folder / "figures" / f"{label}.svg")
    caption = say(results, texts.caption, title=declared(texts.title))
    if any(text.endswith(" *") for text in canvas.texts):
        caption += say(results, "unconfirmed")
    return f"fig-{label}", figure(label, caption, f"figures/{label}.svg", plain(texts.alternative))
