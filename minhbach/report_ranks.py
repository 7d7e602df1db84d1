"""The section about ranks: a sentence, the table of all units, and the chart with the thresholds of levels."""

from __future__ import annotations

from pathlib import Path

from minhbach import report_charts, wording
from minhbach.levels import schemes
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Levels, Ranking
from minhbach.results import Results

MOST_COLUMNS = 8


def ranking_label(results: Results, ranking: Ranking) -> str:
    """A ranking's name."""
    return declared(ranking.label.say(results.language) if ranking.label else ranking.id)


def rankings(results: Results, folder: Path) -> str:
    """Each ranking: a sentence with best, worst and mean, the table of all units, and the chart."""
    parts = [_ranking(results, ranking, folder, index) for index, ranking in enumerate(results.framework.rankings)]
    return paragraphs(*parts, information(results))


def _ranking(results: Results, ranking: Ranking, folder: Path, index: int) -> str:
    language, suffix = results.language, f"{results.framework.id}-{ranking.id}"
    value = "share::decimal(38,12)" if ranking.on == "share" else "points::decimal(38,12)"
    places = results.framework.rounding.share if ranking.on == "share" else results.framework.rounding.shown
    frame = results.rows_where("scores", node_id=ranking.by) + " and points <> ''"
    ranked = "select count(*) " + results.rows_where("ranks", ranking=ranking.id) + " and rank <> ''"
    intro = wording.say(
        "results_intro",
        language,
        ranked=results.count(f"{ranking.id}.count", ranked),
        table=f"tbl-{suffix}",
        best=results.count(f"{ranking.id}.best", f"select max({value}) {frame}", places),
        worst=results.count(f"{ranking.id}.worst", f"select min({value}) {frame}", places),
        mean=results.count(f"{ranking.id}.mean", f"select sum({value}), count(*) {frame}", places),
    )
    drawn = report_charts.charts(results, ranking, folder) if index == 0 else []
    first = wording.say("results_figure_ref", language, figure=drawn[0][0]) if drawn else ""
    return paragraphs(intro + " " + first, _table(results, ranking, suffix), *(text for _, text in drawn))


def _table(results: Results, ranking: Ranking, suffix: str) -> str:
    language, framework = results.language, results.framework
    parts = [
        child
        for child in framework.nodes[ranking.by].children
        if framework.depth(child) <= framework.depth(ranking.by) + 1
    ][:MOST_COLUMNS]
    classes = [(key, scheme) for scheme in framework.levels for key in schemes(scheme)][:2]
    header = [wording.say("col_rank", language), wording.say("col_unit", language)]
    header += [declared(framework.nodes[node].label.say(language)) for node in (*parts, ranking.by)]
    header += [wording.say("col_total_share", language)] * (ranking.on == "share")
    header += [_class_heading(scheme, language) for _, scheme in classes]
    rows = []
    for unit in results.ranked:
        row = [results.rank(unit.unit_id, ranking), results.name(unit)]
        row += [results.points(unit.unit_id, node) for node in (*parts, ranking.by)]
        row += [results.share(unit.unit_id, ranking.by)] if ranking.on == "share" else []
        rows.append(row + [results.level(unit.unit_id, key, scheme) for key, scheme in classes])
    numbers = len(parts) + 1 + (ranking.on == "share")
    widths = (7, 36 if numbers < 4 else 26, *[12] * numbers, *[22] * len(classes))
    return table(
        suffix,
        wording.say("results_table", language, ranking=ranking_label(results, ranking)),
        header,
        rows,
        "rl" + "r" * numbers + "l" * len(classes),
        widths,
    )


def information(results: Results) -> str:
    """Values that are computed and shown, and count in no total and no ranking."""
    framework, language = results.framework, results.language
    nodes = [node_id for node_id, node in framework.nodes.items() if node.information]
    if not nodes:
        return ""
    label = f"information-{framework.id}"
    header = [
        wording.say("col_unit", language),
        *(declared(framework.nodes[node].label.say(language)) for node in nodes),
    ]
    shares = [framework.nodes[node].max_points is not None for node in nodes]
    rows = [
        [results.name(unit)]
        + [
            (results.share if share else results.points)(unit.unit_id, node)
            for node, share in zip(nodes, shares, strict=True)
        ]
        for unit in results.ranked
    ]
    intro = wording.say("information_intro", language, table=f"tbl-{label}")
    caption = wording.say("information_table", language)
    return paragraphs(intro, table(label, caption, header, rows, "l" + "r" * len(nodes), (34, *[22] * len(nodes))))


def _class_heading(scheme: Levels, language: str) -> str:
    short = {"sample": "sample_short", "inferred": "inferred_short"}.get(scheme.basis or "")
    name = scheme.label.say(language) if scheme.label else wording.say("col_level", language)
    return (
        declared(name)
        if not short or "minh họa" in name or "llustrat" in name
        else declared(name) + wording.say(short, language)
    )
