"""Results by the units that others belong to: communes by district, grouped with a heading and a mean."""

from __future__ import annotations

from minhbach import wording
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import declared, named, paragraphs, table
from minhbach.model import Ranking
from minhbach.results import Results, level_words
from minhbach.units import Unit

MOST_BEST = 3


def parent_name(results: Results, parent_id: str) -> str:
    """The name of a unit that others belong to, safe to print; of none, that there is none."""
    parent = results.parents.get(parent_id)
    if parent is None:
        return wording.say("parent_none", results.language)
    return named(parent.called(results.language))


def mean(results: Results, parent_id: str, node_id: str, *, share: bool = False) -> str:
    """The span of the mean of a node over the units with results that belong to a unit; a dash where none has any."""
    known = results.share_of if share else results.points_of
    if not any((unit.unit_id, node_id) in known for unit in results.units if unit.parent_id == parent_id):
        return "–"
    value = "share" if share else "points"
    rounding = results.framework.rounding
    rows = results.rows_where("scores join units using (unit_id)", node_id=node_id, parent_id=parent_id)
    sql = f"select sum({value}::decimal(38,12)), count(*) {rows} and {value} <> ''"
    name = f"{parent_id or 'none'}.{node_id}{'.share' * share}.mean"
    return results.count(name, sql, rounding.share if share else rounding.shown)


def size(results: Results, parent_id: str, ranking: Ranking) -> str:
    """The span of the number of units with results that belong to a unit."""
    rows = results.rows_where("scores join units using (unit_id)", node_id=ranking.by, parent_id=parent_id)
    return results.count(f"{parent_id or 'none'}.{ranking.by}.count", f"select count(*) {rows} and points <> ''")


def by_parent(results: Results, ranking: Ranking) -> str:
    """One row per unit that others belong to: how many, their mean, the best of them, and how many at each level."""
    if not results.by_parent:
        return ""
    language, label = results.language, f"{results.framework.id}-{ranking.id}-parents"
    counted = _levels(results)
    header = [wording.say(f"col_{each}", language) for each in ("parent", "count", "mean", "best_unit")]
    header += [declared(words) for _, words in counted]
    rows = []
    for parent_id, units in results.by_parent.items():
        row = [parent_name(results, parent_id), size(results, parent_id, ranking)]
        row += [mean(results, parent_id, ranking.by, share=ranking.on == "share"), _best(results, units, ranking)]
        rows.append(row + [_at_level(results, parent_id, level) for level, _ in counted])
    caption = results.caption("parents_table")
    widths = (30, 12, 15, 34, *[11] * len(counted))
    note = wording.say("parents_note", language)
    return paragraphs(table(label, caption, header, rows, "lrrl" + "r" * len(counted), widths), note)


def _best(results: Results, units: list[Unit], ranking: Ranking) -> str:
    """The unit (or units) with the best rank among some, and its value."""
    ranks = {unit.unit_id: results.rank_of.get((unit.unit_id, ranking.id), "") for unit in units}
    known = [int(rank) for rank in ranks.values() if rank]
    best = [unit for unit in units if ranks[unit.unit_id] and int(ranks[unit.unit_id]) == min(known)]
    if not best:
        return "–"
    names = ", ".join(results.name(unit) for unit in best[:MOST_BEST]) + ("…" if len(best) > MOST_BEST else "")
    value = results.share if ranking.on == "share" else results.points
    return f"{names} ({value(best[0].unit_id, ranking.by)})"


def _levels(results: Results) -> list[tuple[str, str]]:
    """The levels of the only scheme, from the best, with their names; nothing where there are several schemes."""
    keys = [(key, scheme, rules) for scheme in results.framework.levels for key, (_, rules) in schemes(scheme).items()]
    if len(keys) != 1:
        return []
    _, scheme, rules = keys[0]
    return [(level, level_words(scheme, level, results.language)) for level in (*rules, NO_LEVEL)]


def _at_level(results: Results, parent_id: str, level: str) -> str:
    key = next(iter(schemes(results.framework.levels[0])))
    joined = "levels join units using (unit_id)"
    rows = results.rows_where(joined, scheme=key, level=level, parent_id=parent_id)
    return results.count(f"{parent_id or 'none'}.{key}.{level}.count", f"select count(*) {rows}")
