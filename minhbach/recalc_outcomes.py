"""The values that decide, rounded as the framework says, and the levels they reach, as formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from minhbach import decide, levels, tables, wording
from minhbach.formula_excel import fitting
from minhbach.model import Levels
from minhbach.parts import Share
from minhbach.recalc_certain import of_value
from minhbach.recalc_columns import LABEL, Board, Cell, Column
from minhbach.recalc_nodes import Nodes
from minhbach.results import level_words

Rules = Mapping[str, Mapping[str, Fraction]]


@dataclass
class Outcomes:
    """Fills the sheet `board` from the sheet of nodes; `level_table` has the expected levels."""

    nodes: Nodes
    board: Board
    level_table: pd.DataFrame

    def __post_init__(self) -> None:
        self.points, self.language = self.nodes.points, self.nodes.language
        self.framework = self.points.framework
        self._level_of = {(row.scheme, row.unit_id): row.level for row in tables.rows(self.level_table)}
        for scheme in self.framework.levels:
            for scheme_id, (on, rules) in levels.schemes(scheme).items():
                self._levels(scheme, scheme_id, on, rules)

    # ---- the values that decide ---------------------------------------------------------------------------

    def source(self, node_id: str, on: str) -> str:
        """The cell of a node's points or share on the sheet of nodes."""
        return self.nodes.board.cell(f"{node_id}.share" if on == "share" else node_id)

    def certain(self, node_id: str, on: str, *limits: float) -> int:
        """Decimals of the points or share that are certain, also when a limit is taken off it."""
        return of_value(decide.value_of(self.points, node_id, on), *limits)

    def decisive(self, node_id: str, on: str, places: int | None) -> str:
        """The code of the column with a value as decisions look at it: rounded, or as it is."""
        code = f"{node_id} {on} {'exact' if places is None else places}"
        if code not in self.board:
            cell, mode = self.source(node_id, on), self.framework.rounding.mode
            value = cell if places is None else rounded(cell, self.certain(node_id, on), places, mode)
            key = "recalc_exact" if places is None else "recalc_rounded"
            label = wording.say(key, self.language, node=self.label(node_id, on), places=places)
            form = "General" if places is None else "#,##0" + ("." + "0" * places if places else "")
            expected = self._expected(node_id, on, places)
            self.board.add(Column(code, label, "", expected, fitting(f'IF({cell}="","",{value})'), form))
        return code

    def label(self, node_id: str, on: str) -> str:
        """A node's words, and that it is its share where that is meant."""
        node = self.framework.nodes[node_id]
        words = " ".join(each for each in (node.number, node.label.say(self.language)) if each)
        return f"{wording.say('recalc_share', self.language)}: {words}" if on == "share" else words

    def _expected(self, node_id: str, on: str, places: int | None) -> list[Cell]:
        rows = range(len(self.points.answers.units))
        if places is None:
            exact = decide.exact_of(self.points, node_id, on)
            found = [exact(row) for row in rows]
            return ["" if each is None else float(each) for each in found]
        units = decide.rounded(self.points, node_id, on, places)
        return ["" if np.isnan(each) else float(Fraction(int(each), 10**places)) for each in units]

    # ---- levels -------------------------------------------------------------------------------------------

    def _levels(self, scheme: Levels, scheme_id: str, on: str, rules: Rules) -> None:
        """A column per level with 1 where all its conditions hold, side by side, and one with the level."""
        nodes = list(dict.fromkeys(node for by_node in rules.values() for node in by_node))
        places = levels.level_places(self.points, on)
        for node in nodes:
            self.decisive(node, on, places)
        words = words_of(scheme, self.language)
        codes = [self._met(scheme_id, level, words[level], on, by_node) for level, by_node in rules.items()]
        flags = f"{self.board.here(codes[0])}:{self.board.here(codes[-1])}"
        heads = ":".join(f"${self.board.letter(code)}${LABEL + 1}" for code in (codes[0], codes[-1]))
        present = ",".join(self.nodes.board.cell(node) for node in nodes)
        none = words[levels.NO_LEVEL].replace('"', '""')
        reached = f'IFERROR(INDEX({heads},MATCH(1,{flags},0)),"{none}")'
        formula = f'IF(COUNT({present})<{len(nodes)},"",{reached})'
        title = scheme.label.say(self.language) if scheme.label else scheme.id
        label = title if len(nodes) > 1 or scheme.conditions else f"{title}: {self.label(nodes[0], 'points')}"
        units = self.points.answers.unit_ids
        values = [words.get(self._level_of[scheme_id, unit], "") for unit in units]
        self.board.add(Column(scheme_id, label, wording.say("recalc_level", self.language), values, fitting(formula)))

    def _met(self, scheme_id: str, level: str, words: str, on: str, by_node: Mapping[str, Fraction]) -> str:
        """The code of the column that is 1 where a unit meets every condition of a level."""
        tests = [self._test(scheme_id, level, node, on, least) for node, least in by_node.items()]
        places = levels.level_places(self.points, on)
        masks = [decide.reached(self.points, node, least, on, places) for node, least in by_node.items()]
        met = [float(each) for each in np.all(masks, axis=0)] if masks else [1.0] * len(self.points.answers.units)
        code = f"{scheme_id} {level}"
        formula = f"IFERROR(IF(AND({','.join(tests) or 'TRUE'}),1,0),0)"
        self.board.add(
            Column(
                code,
                words,
                " ∧ ".join(f"{n} ≥ {self._name(scheme_id, level, n)}" for n in by_node),
                met,
                fitting(formula),
                "0",
            )
        )
        return code

    def _name(self, scheme_id: str, level: str, node_id: str) -> str:
        return self.nodes.parameters.threshold(scheme_id, level, node_id)

    def _test(self, scheme_id: str, level: str, node_id: str, on: str, least: Fraction) -> str:
        """Whether a value reaches a threshold; a part of the maximum is of the unit's own maximum."""
        limit, most = self._name(scheme_id, level, node_id), float(least)
        if on == "points" and isinstance(least, Share):
            limit = f"{limit}*{self.maximum(node_id)}"
            most *= float(self.framework.nodes[node_id].max_points or 0)
        value = self.board.here(self.decisive(node_id, on, levels.level_places(self.points, on)))
        return f"ROUND({value}-{limit},{self.certain(node_id, on, most)})>=0"

    def maximum(self, node_id: str) -> str:
        """What reads a node's maximum, seen from this sheet."""
        code = f"{node_id}.max"
        return self.nodes.board.cell(code) if code in self.nodes.board else self.nodes.parameters.maximum(node_id)


def words_of(scheme: Levels, language: str) -> dict[str, str]:
    """The words of each level of a scheme as the sheet shows them; their ids where two would read alike."""
    known = {
        level: level_words(scheme, level, language) for level in (*(scheme.order or scheme.bands), levels.NO_LEVEL)
    }
    alike = len(set(known.values())) < len(known) or "" in known.values()
    return {level: level for level in known} if alike else known


def rounded(cell: str, certain: int, places: int, mode: str) -> str:
    """A cell rounded as the framework says; what floats have added or lost is taken off first."""
    sure = f"ROUND({cell},{certain})" if certain > places else cell
    if mode == "half_up":
        return f"ROUND({sure},{places})"
    if mode == "down":
        return f"TRUNC({sure},{places})"
    whole = f"ROUND({cell}*{10**places},{max(1, certain - places)})"  # halves are exact in units of the last place
    return f"IF(MOD(ABS({whole}),1)=0.5,2*ROUND({whole}/2,0),ROUND({whole},0))/{10**places}"
