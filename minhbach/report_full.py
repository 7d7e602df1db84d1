"""The annex of full results: every unit with groups, total, rank and level, grouped by the unit it belongs to."""

from __future__ import annotations

from minhbach import report_tree, wording
from minhbach.levels import NO_LEVEL
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Ranking
from minhbach.report_columns import class_heading, classes, in_order
from minhbach.report_layout import compact, legend
from minhbach.report_parents import mean, parent_name, size
from minhbach.report_ranks import note, ranking_label, whole_in_body
from minhbach.results import Results
from minhbach.units import Unit

NAME, NUMBER, CLASS = 26, 9, 14


def full(results: Results) -> str:
    """The full table of each ranking that the body does not print whole; nothing where it prints them all."""
    listed = [each for each in results.framework.rankings if not whole_in_body(results, each)]
    return paragraphs(*(_ranking(results, ranking) for ranking in listed)).strip()


def _ranking(results: Results, ranking: Ranking) -> str:
    language, framework = results.language, results.framework
    nodes = report_tree.columns(framework, ranking)
    codes = {node: report_tree.code(framework, node, language) for node in nodes}
    share, listed = ranking.on == "share", classes(results, ranking)
    heads = [wording.say("col_unit", language), wording.say("col_rank", language)]
    heads += [declared(code) for code in codes.values()]
    heads += [wording.say("col_total" if nodes else "col_value", language)]
    heads += [wording.say("col_total_share", language)] * share + [
        class_heading(scheme, language) for _, scheme in listed
    ]
    numbers = len(nodes) + 1 + share
    rows = _grouped(results, ranking, nodes) if results.by_parent else _rows(results, ranking, nodes, results.ranked)
    label = f"{framework.id}-{ranking.id}-full"
    caption = wording.say("full_table", language, ranking=ranking_label(results, ranking))
    widths = (NAME, 6, *[NUMBER] * numbers, *[CLASS] * len(listed))
    body = table(label, caption, heads, rows, "lr" + "r" * numbers + "l" * len(listed), widths)
    intro = wording.say("full_intro", language, table=f"tbl-{label}", ranking=ranking_label(results, ranking))
    intro = " ".join(filter(None, (intro, note(ranking, language))))
    return paragraphs(intro, legend(results, codes), _below(results, ranking), compact(body))


def _below(results: Results, ranking: Ranking) -> str:
    """What the dash in a column of levels means, where there is one."""
    below = {key for (_, key), level in results.level_of.items() if level == NO_LEVEL}
    words = [
        scheme.otherwise.say(results.language)
        for key, scheme in classes(results, ranking)
        if scheme.otherwise and key in below
    ]
    return wording.say("full_dash", results.language, words=declared(words[0])) if words else ""


def _rows(results: Results, ranking: Ranking, nodes: tuple[str, ...], units: list[Unit]) -> list[list[str]]:
    """One row per unit."""
    rows = []
    for unit in in_order(results, ranking, units):
        row = [results.name(unit), results.rank(unit.unit_id, ranking)]
        row += [results.points(unit.unit_id, node) for node in (*nodes, ranking.by)]
        row += [results.share(unit.unit_id, ranking.by)] * (ranking.on == "share")
        rows.append(row + [results.level_mark(unit.unit_id, key, scheme) for key, scheme in classes(results, ranking)])
    return rows


def _grouped(results: Results, ranking: Ranking, nodes: tuple[str, ...]) -> list[list[str]]:
    """For each unit that others belong to: its heading, its units by rank, and their means."""
    rows, share, after = [], ranking.on == "share", [""] * len(classes(results, ranking))
    for parent_id, units in results.by_parent.items():
        blank = [""] * (len(nodes) + 2 + share)
        rows.append([f"[{parent_name(results, parent_id)}]{{.group}}", *blank, *after])
        rows += _rows(results, ranking, nodes, units)
        label = wording.say("subtotal", results.language, count=size(results, parent_id, ranking))
        means = [mean(results, parent_id, node) for node in (*nodes, ranking.by)]
        means += [mean(results, parent_id, ranking.by, share=True)] * share
        rows.append([f"[{label}]{{.subtotal}}", "", *means, *after])
    return rows
