"""The section about levels: thresholds, where they come from, and how many units stand at each level."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from minhbach import tables, wording
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Levels
from minhbach.numbers import from_text
from minhbach.parts import Share
from minhbach.results import Results, level_words


def levels(results: Results) -> str:
    """Each level scheme: its thresholds, where they come from, and how many units stand at each level."""
    parts = []
    for scheme in results.framework.levels:
        for key, (_, conditions) in schemes(scheme).items():
            parts.append(_levels(results, scheme, key, conditions))
    return paragraphs(*parts)


def _levels(results: Results, scheme: Levels, key: str, conditions: object) -> str:
    language = results.language
    assert isinstance(conditions, dict)
    name = declared(scheme.label.say(language) if scheme.label else key)
    warning = {"sample": "levels_sample", "inferred": "levels_inferred"}.get(scheme.basis or "")
    rows = []
    for level, rules in conditions.items():
        shown = [_least(results, f"{key}.{level}", node, least) for node, least in rules.items()]
        rows.append(
            [
                declared(level_words(scheme, level, language)),
                "; ".join(shown),
                _level_count(results, key, level),
            ]
        )
    below = scheme.otherwise.say(language) if scheme.otherwise else wording.say("levels_below", language)
    rows.append([declared(below), "", _level_count(results, key, NO_LEVEL)])
    header = [wording.say(f"col_{each}", language) for each in ("level", "threshold", "count")]
    label = f"{results.framework.id}-{key.replace('.', '-')}"
    parts = (
        wording.say("levels_intro", language, scheme=name, table=f"tbl-{label}"),
        wording.say(warning, language) if warning else "",
        declared(scheme.note.say(language)) if scheme.note else "",
        table(label, wording.say("levels_table", language, scheme=name), header, rows, "llr", (22, 58, 20)),
    )
    return paragraphs(*parts, _totals(results, key), _blocking(results, scheme, key, conditions, name))


def _totals(results: Results, key: str) -> str:
    """How many units would stand elsewhere if only totals counted: the groups' own minima bind."""
    frame = results.frames["levels"]
    if not (frame[frame["scheme"] == key]["by_totals"] != "").any():
        return ""
    where = results.rows_where("levels", scheme=key)
    changed = f"select count(*) {where} and by_totals <> '' and by_totals <> level"
    said = results.count(f"{key}.by_totals.differ", changed)
    every = results.count(f"{key}.told", f"select count(*) {where} and level <> ''")
    return wording.say("levels_totals", results.language, count=said, all=every)


def _blocking(results: Results, scheme: Levels, key: str, conditions: Mapping[str, object], name: str) -> str:
    """For each unit, the level, how many conditions of the next better one it meets, and what blocks the rest."""
    language = results.language
    known = {row.unit_id: row for row in tables.rows(results.frames["levels"]) if row.scheme == key and row.level}
    listed = [unit for unit in results.ranked if unit.unit_id in known and known[unit.unit_id].blocking]
    if not listed:
        return ""
    order = [*conditions, NO_LEVEL]
    rounding = results.framework.rounding
    places = rounding.share if schemes(scheme)[key][0] == "share" else rounding.shown
    rows = []
    for unit in listed:
        row = known[unit.unit_id]
        better = order[order.index(row.level) - 1]
        at = f"{unit.unit_id}/{key}"
        met = results.ledger.number(f"{at}.met", len(row.met.split()), 0, "level", f"levels.csv: met of {key}")
        blocks = "; ".join(_distance(results, at, each, places) for each in row.blocking.split("; "))
        words = declared(level_words(scheme, better, language))
        only = declared(level_words(scheme, row.by_totals, language)) if row.by_totals not in ("", row.level) else ""
        cells = [results.name(unit), results.level(unit.unit_id, key, scheme), words, met, blocks]
        rows.append([*cells, only] if _has_totals(known) else cells)
    columns = ["unit", "level", "next", "met", "blocks"] + ["by_totals"] * _has_totals(known)
    header = [wording.say(f"col_{each}", language) for each in columns]
    label = f"{results.framework.id}-{key.replace('.', '-')}-next"
    caption = wording.say("blocking_table", language, scheme=name)
    widths = (22, 14, 10, 9, 45, 12)[: len(columns)]
    intro = wording.say("blocking_intro", language, table=f"tbl-{label}")
    return paragraphs(intro, table(label, caption, header, rows, "lllrll"[: len(columns)], widths))


def _has_totals(known: Mapping[str, Any]) -> bool:
    return any(row.by_totals for row in known.values())


def _distance(results: Results, at: str, blocking: str, places: int) -> str:
    """One condition that is not met, and how many points (or how much share) are missing."""
    node, _, missing = blocking.partition(":")
    value = from_text(missing)
    number = results.ledger.number(f"{at}.{node}.missing", value, places, "level", f"levels.csv: blocking, {node}")
    return f"{declared(results.framework.nodes[node].label.say(results.language))} (−{number})"


def _least(results: Results, level: str, node: str, least: Fraction) -> str:
    name = declared(results.framework.nodes[node].label.say(results.language))
    if isinstance(least, Share):
        return f"{name} ≥ {results.method(f'{level}.{node}.least', Fraction(least) * 100)} %"
    return f"{name} ≥ {results.method(f'{level}.{node}.least', Fraction(least))}"


def _level_count(results: Results, key: str, level: str) -> str:
    sql = "select count(*) " + results.rows_where("levels", scheme=key, level=level)
    return results.count(f"{key}.{level}.count", sql)
