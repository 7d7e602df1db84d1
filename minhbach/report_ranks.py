"""The section about ranks: a sentence, the table of all units (or of the units they belong to), and the charts."""

from __future__ import annotations

from pathlib import Path

from minhbach import report_charts, report_charts_heat, report_charts_strip, report_tree, wording
from minhbach.markdown import bullets, declared, paragraphs, table
from minhbach.model import Ranking
from minhbach.report_columns import body_columns, class_heading, classes, in_order
from minhbach.report_layout import drawn, legend, see
from minhbach.report_parents import by_parent
from minhbach.results import Results

MOST_IN_BODY = 40
MOST_WITHOUT_PARENTS = 70
MOST_RANKINGS = 2


def ranking_label(results: Results, ranking: Ranking) -> str:
    """A ranking's name."""
    return declared(ranking.label.say(results.language) if ranking.label else ranking.id)


def rankings(results: Results, folder: Path) -> str:
    """Each ranking: a sentence with best, worst and mean, the table of units, and the charts."""
    found = results.framework.rankings
    if len(found) > MOST_RANKINGS:
        parts = [bullets([_intro(results, ranking) for ranking in found]), overview(results)]
    else:
        parts = [_ranking(results, ranking, folder) for ranking in found]
    return paragraphs(*parts, _heat(results, folder), information(results))


def basis(ranking: Ranking, language: str) -> str:
    """That no decision prints the order of a ranking, where that is so."""
    key = {"sample": "ranking_sample", "inferred": "ranking_inferred"}.get(ranking.basis or "")
    return wording.say(key, language) if key else ""


def note(ranking: Ranking, language: str) -> str:
    """What must be known of a ranking: where its order comes from if no decision prints it, and its own note."""
    own = declared(ranking.note.say(language)) if ranking.note else ""
    return " ".join(filter(None, (basis(ranking, language), own)))


def whole_in_body(results: Results, ranking: Ranking) -> bool:
    """Whether the body's table of a ranking has every unit and every column, so that no annex needs to."""
    if len(results.framework.rankings) > MOST_RANKINGS or not is_short(results):
        return False
    return body_columns(results, ranking) == report_tree.columns(results.framework, ranking)


def is_short(results: Results) -> bool:
    """Whether the table of all units stands in the body."""
    return len(results.ranked) <= (MOST_IN_BODY if results.by_parent else MOST_WITHOUT_PARENTS)


def _ranking(results: Results, ranking: Ranking, folder: Path) -> str:
    said = _intro(results, ranking)
    listed = _table(results, ranking) if is_short(results) else by_parent(results, ranking)
    figures = report_charts.charts(results, ranking, folder) if is_short(results) else []
    figures += report_charts_strip.strip(results, ranking, folder)
    said = " ".join(filter(None, (said, basis(ranking, results.language)))) + _pointers(results, ranking)
    return paragraphs(said, listed, drawn(results, "results_figure_ref", figures))


def _intro(results: Results, ranking: Ranking) -> str:
    value = "share::decimal(38,12)" if ranking.on == "share" else "points::decimal(38,12)"
    places = results.framework.rounding.share if ranking.on == "share" else results.framework.rounding.shown
    frame = results.rows_where("scores", node_id=ranking.by) + " and points <> ''"
    ranked = "select count(*) " + results.rows_where("ranks", ranking=ranking.id) + " and rank <> ''"
    return wording.say(
        "results_intro",
        results.language,
        ranking=ranking_label(results, ranking),
        ranked=results.count(f"{ranking.id}.count", ranked),
        best=results.count(f"{ranking.id}.best", f"select max({value}) {frame}", places),
        first=_first(results, ranking),
        worst=results.count(f"{ranking.id}.worst", f"select min({value}) {frame}", places),
        mean=results.count(f"{ranking.id}.mean", f"select sum({value}), count(*) {frame}", places),
    )


def _first(results: Results, ranking: Ranking) -> str:
    """The names of the units with the first rank."""
    first = [unit for unit in results.ranked if results.rank_of.get((unit.unit_id, ranking.id)) == "1"]
    return ", ".join(results.name(unit) for unit in first) or "–"


def _pointers(results: Results, ranking: Ranking) -> str:
    language, suffix = results.language, f"{results.framework.id}-{ranking.id}"
    said = ""
    if is_short(results):
        said += " " + wording.say("results_table_ref", language, table=f"tbl-{suffix}")
    elif results.by_parent:
        said += " " + wording.say("parents_ref", language, table=f"tbl-{suffix}-parents")
    if not whole_in_body(results, ranking):
        said += " " + wording.say("results_annex_ref", language, annex=see("full"))
    return said


def _heat(results: Results, folder: Path) -> str:
    """The heat map of the first ranking."""
    first = results.framework.rankings[:1]
    found = [figure for ranking in first for figure in report_charts_heat.heat(results, ranking, folder)]
    return drawn(results, "heat_ref", found)


def _table(results: Results, ranking: Ranking) -> str:
    language, framework, suffix = results.language, results.framework, f"{results.framework.id}-{ranking.id}"
    nodes, listed = body_columns(results, ranking), classes(results, ranking)
    short = nodes != report_tree.parts(framework, ranking)
    names = {node: report_tree.code(framework, node, language) for node in nodes} if short else {}
    header = [wording.say("col_rank", language), wording.say("col_unit", language)]
    header += [declared(names.get(node, framework.nodes[node].label.say(language))) for node in nodes]
    header += [
        wording.say("col_total", language) if nodes else declared(framework.nodes[ranking.by].label.say(language))
    ]
    header += [wording.say("col_total_share", language)] * (ranking.on == "share")
    header += [class_heading(scheme, language) for _, scheme in listed]
    rows = []
    for unit in in_order(results, ranking, results.ranked):
        row = [results.rank(unit.unit_id, ranking), results.name(unit)]
        row += [results.points(unit.unit_id, node) for node in (*nodes, ranking.by)]
        row += [results.share(unit.unit_id, ranking.by)] * (ranking.on == "share")
        rows.append(row + [results.level(unit.unit_id, key, scheme) for key, scheme in listed])
    numbers = len(nodes) + 1 + (ranking.on == "share")
    widths = (7, 36 if numbers < 4 else 26, *[13] * numbers, *[22] * len(listed))
    caption = wording.say("results_table", language, ranking=ranking_label(results, ranking))
    align = "rl" + "r" * numbers + "l" * len(listed)
    return paragraphs(table(suffix, caption, header, rows, align, widths), legend(results, names))


def overview(results: Results) -> str:
    """The rank of every unit in each of several rankings; nothing where the units are too many for the body."""
    if not is_short(results):
        return ""
    language, found = results.language, results.framework.rankings
    codes = {each.by: report_tree.code(results.framework, each.by, language) for each in found}
    header = [wording.say("col_unit", language), *(declared(codes[each.by]) for each in found)]
    rows = [[results.name(unit), *(results.rank(unit.unit_id, each) for each in found)] for unit in results.ranked]
    label = f"{results.framework.id}-rankings"
    intro = wording.say("overview_intro", language, table=f"tbl-{label}", annex=see("full"))
    caption = results.caption("overview_table")
    body = table(label, caption, header, rows, "l" + "r" * len(found), (40, *[10] * len(found)))
    return paragraphs(intro, body, legend(results, codes))


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
    caption = results.caption("information_table")
    return paragraphs(intro, table(label, caption, header, rows, "l" + "r" * len(nodes), (34, *[22] * len(nodes))))
