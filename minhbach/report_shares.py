"""What part of their maximum groups and criteria reach on average: each group, the strongest and weakest criteria."""

from __future__ import annotations

from fractions import Fraction

from minhbach import report_tree, wording
from minhbach.markdown import declared, paragraphs, table
from minhbach.results import Results

MOST_CRITERIA = 5


def groups(results: Results) -> str:
    """Each group's mean share of its maximum over all units, the lowest and the highest; nothing without groups."""
    found = [node for node in report_tree.groups(results.framework) if _mean(results, node) is not None]
    if not found:
        return ""
    language, label = results.language, f"{results.framework.id}-groups"
    header = [wording.say(f"col_{each}", language) for each in ("group", "max", "mean_share", "lowest", "highest")]
    rows = [
        [*_named(results, node), *(_share(results, node, kind) for kind in ("mean", "min", "max"))] for node in found
    ]
    best, worst = (pick(found, key=lambda node: _mean(results, node) or Fraction(0)) for pick in (max, min))
    intro = wording.say(
        "groups_intro",
        language,
        table=f"tbl-{label}",
        best=_label(results, best),
        most=_share(results, best, "mean"),
        worst=_label(results, worst),
        least=_share(results, worst, "mean"),
    )
    return paragraphs(intro, table(label, results.caption("groups_table"), header, rows, "lrrrr", (44, 14, 16, 13, 13)))


def criteria(results: Results) -> str:
    """The criteria with the highest and the lowest mean share; all of them where they are few."""
    known = [
        (value, node) for node in report_tree.criteria(results.framework) if (value := _mean(results, node)) is not None
    ]
    order = [node for _, node in sorted(known, key=lambda each: -each[0])]
    if not order:
        return ""
    language, label = results.language, f"{results.framework.id}-extremes"
    header = [
        wording.say(f"col_{each}", language) for each in ("number", "criterion", "mean_share", "lowest", "highest")
    ]
    kinds = ("mean", "min", "max")
    if len(order) <= 2 * MOST_CRITERIA:
        rows = [_row(results, node, kinds) for node in order]
    else:
        rows = [[f"[{wording.say('criteria_strong', language)}]{{.group}}", *[""] * 4]]
        rows += [_row(results, node, kinds) for node in order[:MOST_CRITERIA]]
        rows += [[f"[{wording.say('criteria_weak', language)}]{{.group}}", *[""] * 4]]
        rows += [_row(results, node, kinds) for node in reversed(order[-MOST_CRITERIA:])]
    intro = wording.say("criteria_intro", language, table=f"tbl-{label}")
    caption = results.caption("criteria_table")
    return paragraphs(intro, table(label, caption, header, rows, "llrrr", (10, 51, 15, 12, 12)))


def _row(results: Results, node: str, kinds: tuple[str, ...]) -> list[str]:
    number = results.framework.nodes[node].number
    return [declared(number) if number else "", _label(results, node), *(_share(results, node, kind) for kind in kinds)]


def _label(results: Results, node: str) -> str:
    return declared(results.framework.nodes[node].label.say(results.language))


def _named(results: Results, node: str) -> list[str]:
    top = results.framework.nodes[node].max_points
    return [_label(results, node), "" if top is None else results.method(f"{node}.max_points", top)]


def _mean(results: Results, node: str) -> Fraction | None:
    """The mean share, to order by; None where no unit has one."""
    values = [value for unit in results.ranked if (value := results.share_of.get((unit.unit_id, node))) is not None]
    return sum(values, Fraction(0)) / len(values) if values else None


def _share(results: Results, node: str, kind: str) -> str:
    """The span of the mean, lowest or highest share over all units, in percent."""
    value = "share::decimal(38,12)"
    picked = {"mean": f"sum({value}) * 100, count(*)", "min": f"min({value}) * 100", "max": f"max({value}) * 100"}[kind]
    sql = f"select {picked} {results.rows_where('scores', node_id=node)} and share <> ''"
    return f"{results.count(f'{node}.share.{kind}', sql, 1)}\u00a0%"
