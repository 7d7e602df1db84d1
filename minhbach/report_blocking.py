"""What keeps units from the next better level: which conditions most often, and for each unit which and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from minhbach import report_charts_levels, report_tree, tables, wording
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Levels
from minhbach.numbers import from_text
from minhbach.report_layout import compact, drawn, legend, see
from minhbach.report_levels import scheme_name
from minhbach.report_parents import parent_name
from minhbach.results import Results, level_words
from minhbach.units import Unit


def blocking(results: Results, folder: Path) -> str:
    """Which conditions block the next better level of how many units, alone or with others, and by how much."""
    parts = [_often(results, scheme) for scheme in results.framework.levels]
    figures = report_charts_levels.distances(results, folder) if any(parts) else []
    return paragraphs(*parts, drawn(results, "distances_ref", figures))


def _often(results: Results, scheme: Levels) -> str:
    found = [(key, node, on) for key, (on, rules) in schemes(scheme).items() for node in _nodes(rules)]
    counts = {each: results.ledger.select(_counted(results, *each[:2])) for each in found}
    ordered = sorted((each for each in found if counts[each]), key=lambda each: -counts[each])
    if not ordered:
        return ""
    keys = ", ".join(f"'{key}'" for key in schemes(scheme))
    blocked = f"select count(distinct unit_id) {results.rows_where('blocking')} and scheme in ({keys})"
    details = {"scheme": scheme_name(results, scheme), "blocked": results.count(f"{scheme.id}.blocked", blocked)}
    if len(found) == 1:
        return _only_one(results, found[0], details)
    language, label = results.language, f"{results.framework.id}-{scheme.id}-blocking"
    rows = [[_label(results, node), *_figures(results, key, node, on)] for key, node, on in ordered]
    intro = wording.say(
        "often_intro",
        language,
        table=f"tbl-{label}",
        first=_label(results, ordered[0][1]),
        annex=see("missing"),
        **details,
    )
    header = [
        wording.say(f"col_{each}", language) for each in ("condition", "blocks_units", "alone", "median_distance")
    ]
    caption = results.caption("often_table", scheme=scheme_name(results, scheme))
    note = wording.say("often_note", language)
    return paragraphs(intro, table(label, caption, header, rows, "lrrr", (46, 18, 18, 18)), note)


def _only_one(results: Results, condition: tuple[str, str, str], details: Mapping[str, str]) -> str:
    """A sentence where a level rests on one node alone."""
    key, node, on = condition
    said = {
        **details,
        "node": _label(results, node),
        "median": _median(results, key, node, on),
        "annex": see("missing"),
    }
    return wording.say("often_one", results.language, **said)


def _nodes(rules: Mapping[str, Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(node for conditions in rules.values() for node in conditions))


def _counted(results: Results, key: str, node: str) -> str:
    return f"select count(*) {results.rows_where('blocking', scheme=key, node_id=node)}"


def _figures(results: Results, key: str, node: str, on: str) -> list[str]:
    """How many units a condition blocks, how many by it alone, and the median of what is missing."""
    where, name = results.rows_where("blocking", scheme=key, node_id=node), f"{key}.{node}"
    return [
        results.count(f"{name}.blocks", _counted(results, key, node)),
        results.count(f"{name}.alone", f"select count(*) {where} and alone = 'yes'"),
        _median(results, key, node, on),
    ]


def _median(results: Results, key: str, node: str, on: str) -> str:
    where, rounding = results.rows_where("blocking", scheme=key, node_id=node), results.framework.rounding
    places = rounding.share if on == "share" else rounding.shown
    return results.count(f"{key}.{node}.median", f"select median(distance::decimal(38,12)) {where}", places)


def _label(results: Results, node: str) -> str:
    return declared(results.framework.nodes[node].label.say(results.language))


def missing(results: Results) -> str:
    """For each unit its level, the next better one, and every condition of that which it does not meet."""
    return paragraphs(
        *(_missing(results, scheme, key) for scheme in results.framework.levels for key in schemes(scheme))
    ).strip()


def _missing(results: Results, scheme: Levels, key: str) -> str:
    known = {row.unit_id: row for row in tables.rows(results.frames["levels"]) if row.scheme == key and row.blocking}
    if not known:
        return ""
    language, label = results.language, f"{results.framework.id}-{key.replace('.', '-')}-next"
    totals = any(row.by_totals for row in known.values())
    columns = ["unit", "level", "next", "met", "blocks"] + ["by_totals"] * totals
    header = [wording.say(f"col_{each}", language) for each in columns]
    rows = list(_rows(results, scheme, key, known, totals=totals))
    name = scheme_name(results, scheme)
    if len(schemes(scheme)) > 1:
        name += ", " + _label(results, key.removeprefix(scheme.id + "."))
    caption = results.caption("blocking_table", scheme=name)
    nodes = _nodes(schemes(scheme)[key][1])
    said = legend(results, {node: report_tree.code(results.framework, node, language) for node in nodes})
    intro = wording.say("blocking_intro", language, table=f"tbl-{label}")
    widths = (20, 8, 8, 7, 62, 9)[: len(columns)]
    return paragraphs(intro, said, compact(table(label, caption, header, rows, "lllrll"[: len(columns)], widths)))


def _rows(results: Results, scheme: Levels, key: str, known: Mapping[str, Any], *, totals: bool) -> Iterator[list[str]]:
    groups = results.by_parent or {"": results.ranked}
    for parent_id, units in groups.items():
        listed = [unit for unit in units if unit.unit_id in known]
        if listed and results.by_parent:
            yield [f"[{parent_name(results, parent_id)}]{{.group}}", *[""] * (4 + totals)]
        for unit in listed:
            yield _cells(results, scheme, key, unit, known[unit.unit_id])[: 5 + totals]


def _cells(results: Results, scheme: Levels, key: str, unit: Unit, row: Any) -> list[str]:
    on, rules = schemes(scheme)[key]
    order, language, at = [*rules, NO_LEVEL], results.language, f"{unit.unit_id}/{key}"
    rounding = results.framework.rounding
    places = rounding.share if on == "share" else rounding.shown
    met = results.ledger.number(f"{at}.met", len(row.met.split()), 0, "level", f"levels.csv: met of {key}")
    blocks = "; ".join(_distance(results, at, each, places) for each in row.blocking.split("; "))
    words = declared(level_words(scheme, order[order.index(row.level) - 1], language))
    only = declared(level_words(scheme, row.by_totals, language)) if row.by_totals not in ("", row.level) else ""
    return [results.name(unit), results.level_mark(unit.unit_id, key, scheme), words, met, blocks, only]


def _distance(results: Results, at: str, blocking: str, places: int) -> str:
    """One condition that is not met, by its short name, and how many points (or how much share) are missing."""
    node, _, distance = blocking.partition(":")
    value = from_text(distance)
    number = results.ledger.number(f"{at}.{node}.missing", value, places, "level", f"levels.csv: blocking, {node}")
    return f"{declared(report_tree.code(results.framework, node, results.language))} −{number}"
