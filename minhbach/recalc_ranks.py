"""Ranks as formulas: how many of the group are better, counted on the values that decide."""

from __future__ import annotations

import numpy as np
import pandas as pd

from minhbach import tables, wording
from minhbach.formula_excel import fitting
from minhbach.model import Ranking
from minhbach.rank import rank_places
from minhbach.recalc_answers import group_code
from minhbach.recalc_columns import FIRST, ROW, Cell, Column
from minhbach.recalc_formulas import FAR, HIDING, NEARER
from minhbach.recalc_outcomes import Outcomes


def ranks(outcomes: Outcomes, rank_table: pd.DataFrame) -> None:
    """Adds the columns of every ranking; `rank_table` has the expected ranks."""
    for ranking in outcomes.framework.rankings:
        found = {row.unit_id: row.rank for row in tables.rows(rank_table[rank_table["ranking"] == ranking.id])}
        _ranking(outcomes, ranking, found)


def _ranking(outcomes: Outcomes, ranking: Ranking, found: dict[str, str]) -> None:
    board, language = outcomes.board, outcomes.language
    key = _key(outcomes, ranking, ranking.by, "key")
    better = f"{_group(outcomes, ranking)}*({_ahead(outcomes, ranking, ranking.by, key)}>0)"
    if ranking.ties == "dense":
        first = _first(outcomes, ranking, key)
        better += f"*{board.span(first)}"
    count = f"1+SUMPRODUCT({better})"
    if ranking.ties.startswith("first by "):
        node = ranking.ties.removeprefix("first by ")
        second = _key(outcomes, ranking, node, "tie")
        even = f"{_group(outcomes, ranking)}*({_ahead(outcomes, ranking, ranking.by, key)}=0)"
        count += f"+SUMPRODUCT({even}*({_ahead(outcomes, ranking, node, second)}>0))"
    formula = f'IF({board.here(key)}<-{NEARER},"",{count})'
    label = ranking.label.say(language) if ranking.label else ranking.id
    rule = wording.say(f"set_ties_{ranking.ties.split(' ')[0]}", language, node=ranking.ties.rpartition(" ")[2])
    units = outcomes.points.answers.unit_ids
    values: list[Cell] = [float(found[unit]) if found[unit] else "" for unit in units]
    board.add(Column(ranking.id, label, rule, values, fitting(formula), "0"))


def _places(outcomes: Outcomes, ranking: Ranking) -> int | None:
    rounding = outcomes.framework.rounding
    return rank_places(ranking, rounding.rank_on, rounding.shown, rounding.share)


def _key(outcomes: Outcomes, ranking: Ranking, node_id: str, kind: str) -> str:
    """The code of the column that is sorted: the deciding value, out of reach where there is none or no rank is due."""
    board, code = outcomes.board, f"{ranking.id} {kind}"
    value = outcomes.decisive(node_id, ranking.on, _places(outcomes, ranking))
    ranked = outcomes.nodes.answers.cell("unit.ranked")
    formula = f'IF(OR({ranked}=0,{board.here(value)}=""),-{FAR},{board.here(value)})'
    known = next(column for column in board.columns if column.code == value).values
    units = outcomes.points.answers.units
    values: list[Cell] = [
        each if unit.ranked and each != "" else -float(FAR) for unit, each in zip(units, known, strict=True)
    ]
    label = wording.say(f"recalc_{kind}", outcomes.language, node=outcomes.label(node_id, ranking.on))
    board.add(Column(code, label, "", values, formula, HIDING))
    return code


def _group(outcomes: Outcomes, ranking: Ranking, until: str = "") -> str:
    """1 for each unit of the same ranking group."""
    code = group_code(ranking.within)
    answers = outcomes.nodes.answers
    return f"({_upto(answers.span(code)) if until else answers.span(code)}={answers.cell(code)})"


def _ahead(outcomes: Outcomes, ranking: Ranking, node_id: str, key: str, until: str = "") -> str:
    """How far each unit lies ahead of the unit of this row, rounded so that equal values are level."""
    board, places = outcomes.board, _places(outcomes, ranking)
    decimals = outcomes.certain(node_id, ranking.on) if places is None else places + 1
    span = _upto(board.span(key)) if until else board.span(key)
    return f"ROUND({span}-{board.here(key)},{decimals})"


def _first(outcomes: Outcomes, ranking: Ranking, key: str) -> str:
    """The code of the column that is 1 for the first unit of its group with its value."""
    board, code = outcomes.board, f"{ranking.id} first"
    same = f"{_group(outcomes, ranking, 'here')}*({_ahead(outcomes, ranking, ranking.by, key, 'here')}=0)"
    formula = f"IF({board.here(key)}<-{NEARER},0,IF(SUMPRODUCT({same})=1,1,0))"
    label = wording.say("recalc_first", outcomes.language)
    board.add(Column(code, label, "", _firsts(outcomes, ranking, key), formula, "0"))
    return code


def _firsts(outcomes: Outcomes, ranking: Ranking, key: str) -> list[Cell]:
    column = next(each for each in outcomes.board.columns if each.code == key)
    groups = outcomes.points.answers.codes(ranking.within)
    seen: set[tuple[int, float]] = set()
    values: list[Cell] = []
    for group, value in zip(groups, np.array(column.values, dtype=np.float64), strict=True):
        known = (int(group), float(value))
        values.append(1.0 if value > -float(NEARER) and known not in seen else 0.0)
        seen.add(known)
    return values


def _upto(span: str) -> str:
    """The cells of a span down to the row of the formula."""
    start, _, end = span.rpartition(":")
    return f"{start}:{end.rstrip('0123456789')}{ROW}" if start else f"{end}{FIRST}"
