"""The columns of tables of results: which nodes and levels they show, in what order the units stand."""

from __future__ import annotations

from fractions import Fraction

from minhbach import report_tree, wording
from minhbach.levels import schemes
from minhbach.markdown import declared
from minhbach.model import Levels, Ranking
from minhbach.numbers import show
from minhbach.results import Results
from minhbach.units import Unit

PAGE = 468  # points of text width on a portrait page
DIGIT, GAP, RANK, UNIT, LEVEL = 5.3, 9, 30, 95, 70  # points: a figure, space in a cell, and whole columns


def body_columns(results: Results, ranking: Ranking) -> tuple[str, ...]:
    """Groups and parts where they are groups of criteria and fit the width of a page, otherwise the parts."""
    wide = report_tree.columns(results.framework, ranking)
    if not all(results.framework.nodes[node].children for node in wide):
        return report_tree.parts(results.framework, ranking)
    rounding, nodes = results.framework.rounding, results.framework.nodes
    need = RANK + UNIT + LEVEL * len(classes(results, ranking)) + GAP + DIGIT * 7 * (ranking.on == "share")
    for node in (*wide, ranking.by):
        need += GAP + DIGIT * len(show(nodes[node].max_points or Fraction(100), rounding.shown, results.language))
    return wide if need <= PAGE else report_tree.parts(results.framework, ranking)


def classes(results: Results, ranking: Ranking) -> list[tuple[str, Levels]]:
    """The level schemes that a ranking's table shows: that of the ranked node where nodes have their own, or two."""
    every = [(key, scheme) for scheme in results.framework.levels for key in schemes(scheme)]
    own = [(key, scheme) for key, scheme in every if key == f"{scheme.id}.{ranking.by}"]
    return own or every[:2]


def in_order(results: Results, ranking: Ranking, units: list[Unit]) -> list[Unit]:
    """Units by their rank, then by id; those without a rank last."""
    ranks = {unit.unit_id: results.rank_of.get((unit.unit_id, ranking.id), "") for unit in units}
    return sorted(units, key=lambda unit: (int(ranks[unit.unit_id] or 10**9), unit.unit_id))


def class_heading(scheme: Levels, language: str) -> str:
    """The head of a column of levels; it says where the thresholds are samples or inferred."""
    short = {"sample": "sample_short", "inferred": "inferred_short"}.get(scheme.basis or "")
    name = scheme.label.say(language) if scheme.label else wording.say("col_level", language)
    return (
        declared(name)
        if not short or "minh họa" in name or "llustrat" in name
        else declared(name) + wording.say(short, language)
    )
