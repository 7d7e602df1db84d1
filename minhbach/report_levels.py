"""Levels: how many units stand at each, and the thresholds that a unit must reach."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from minhbach import report_charts_levels, wording
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Levels
from minhbach.parts import Share
from minhbach.report_layout import drawn, see
from minhbach.results import Results, level_words

Rules = Mapping[str, Mapping[str, Fraction]]


def levels(results: Results, folder: Path) -> str:
    """How many units stand at each level of each scheme, in a table and a chart."""
    parts = [_distribution(results, scheme) for scheme in results.framework.levels]
    figures = report_charts_levels.distribution(results, folder) if parts else []
    return paragraphs(*parts, drawn(results, "distribution_ref", figures))


def thresholds(results: Results) -> str:
    """The conditions of every level of every scheme, where they come from, and the scheme's note."""
    return paragraphs(*(_thresholds(results, scheme) for scheme in results.framework.levels))


def scheme_name(results: Results, scheme: Levels) -> str:
    """A scheme's name, safe to print."""
    return declared(scheme.label.say(results.language) if scheme.label else scheme.id)


def _warning(results: Results, scheme: Levels) -> str:
    key = {"sample": "levels_sample", "inferred": "levels_inferred"}.get(scheme.basis or "")
    return wording.say(key, results.language) if key else ""


def _distribution(results: Results, scheme: Levels) -> str:
    language, label = results.language, f"{results.framework.id}-{scheme.id}"
    known = schemes(scheme)
    name = scheme_name(results, scheme)
    intro = wording.say("levels_intro", language, scheme=name, table=f"tbl-{label}", annex=see("method"))
    caption = results.caption("levels_table", scheme=name)
    body = _by_level if len(known) == 1 else _by_node
    said = " ".join(filter(None, (intro, _warning(results, scheme))))
    return paragraphs(said, body(results, scheme, label, caption), *(_totals(results, key) for key in known))


def _by_level(results: Results, scheme: Levels, label: str, caption: str) -> str:
    """A row per level: how many units, and what part of those whose level can be told."""
    (key,), language = schemes(scheme), results.language
    told = f"select count(*) {results.rows_where('levels', scheme=key)} and level <> ''"
    rows = []
    for level in _order(scheme, key):
        part = results.rows_where("levels", scheme=key) + " and level <> ''"
        share = f"select 100 * count(*) filter (level = '{_literal(level)}'), count(*) {part}"
        percent = f"{results.count(f'{key}.{level}.share', share, 1)}\u00a0%" if results.ledger.select(told) else "–"
        rows.append([declared(_words(results, scheme, level)), _count(results, key, level), percent])
    header = [wording.say(f"col_{each}", language) for each in ("level", "count", "part")]
    return table(label, caption, header, rows, "lrr", (40, 30, 30))


def _by_node(results: Results, scheme: Levels, label: str, caption: str) -> str:
    """A row per node that the scheme classifies, a column per level."""
    language, known = results.language, schemes(scheme)
    order = _order(scheme, next(iter(known)))
    header = [wording.say("col_of", language), *(declared(_words(results, scheme, level)) for level in order)]
    rows = []
    for key, (_, rules) in known.items():
        (node,) = next(iter(rules.values()))
        name = declared(results.framework.nodes[node].label.say(language))
        rows.append([name, *(_count(results, key, level) for level in order)])
    return table(label, caption, header, rows, "l" + "r" * len(order), (44, *[14] * len(order)))


def _order(scheme: Levels, key: str) -> list[str]:
    return [*schemes(scheme)[key][1], NO_LEVEL]


def _words(results: Results, scheme: Levels, level: str) -> str:
    if level == NO_LEVEL and not scheme.otherwise:
        return wording.say("levels_below", results.language)
    return level_words(scheme, level, results.language)


def _literal(text: str) -> str:
    return text.replace("'", "''")


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


def _thresholds(results: Results, scheme: Levels) -> str:
    """A row per condition, a column per level."""
    language, label = results.language, f"{results.framework.id}-{scheme.id}-thresholds"
    rows = [row for key, (on, rules) in schemes(scheme).items() for row in _conditions(results, key, on, rules)]
    order = list(next(iter(schemes(scheme).values()))[1])
    name = scheme_name(results, scheme)
    header = [wording.say("col_condition", language)]
    header += [declared(level_words(scheme, level, language)) for level in order]
    caption = results.caption("thresholds_table", scheme=name)
    intro = wording.say("thresholds_intro", language, scheme=name, table=f"tbl-{label}")
    below = declared(scheme.otherwise.say(language)) if scheme.otherwise else wording.say("levels_below", language)
    widths = (44, *[14] * len(order))
    return paragraphs(
        intro + " " + wording.say("thresholds_below", language, words=below),
        _warning(results, scheme),
        declared(scheme.note.say(language)) if scheme.note else "",
        table(label, caption, header, rows, "l" + "r" * len(order), widths),
    )


def _conditions(results: Results, key: str, on: str, rules: Rules) -> list[list[str]]:
    nodes = dict.fromkeys(node for conditions in rules.values() for node in conditions)
    return [
        [
            declared(results.framework.nodes[node].label.say(results.language)),
            *(_least(results, f"{key}.{level}", node, rules[level].get(node), on) for level in rules),
        ]
        for node in nodes
    ]


def _least(results: Results, level: str, node: str, least: Fraction | None, on: str) -> str:
    if least is None:
        return "–"
    if isinstance(least, Share):
        return f"≥ {results.method(f'{level}.{node}.least', Fraction(least) * 100)}\u00a0%"
    value = results.method(f"{level}.{node}.least", Fraction(least))
    return f"≥ {value}" + (f" {wording.say('points_word', results.language)}" if on == "points" else "")


def _count(results: Results, key: str, level: str) -> str:
    sql = "select count(*) " + results.rows_where("levels", scheme=key, level=level)
    return results.count(f"{key}.{level}.count", sql)
