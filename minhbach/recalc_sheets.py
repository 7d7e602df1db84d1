"""The recalculation workbook: answers, every node, levels and ranks as live formulas, parameters in named cells.

Numbers that stand in a formula's cell are our own results, for programs that only show; `recalc` removes them before
LibreOffice computes everything again. Text of the data is always written as text.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xlsxwriter

from minhbach import levels, rank, wording
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.recalc_answers import answers, identify
from minhbach.recalc_columns import Board, Column
from minhbach.recalc_nodes import Nodes
from minhbach.recalc_outcomes import Outcomes
from minhbach.recalc_paper import Paper
from minhbach.recalc_parameters import Parameters, settings
from minhbach.recalc_ranks import ranks
from minhbach.score import Points

PARTS = ("answers", "nodes", "groups", "outcomes", "parameters")
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
COLOURS = ("#1F4E79", "#7F6000", "#375623", "#833C0B", "#5B2C6F", "#3B3838")


@dataclass(frozen=True)
class Scored:
    """What a framework's sheets are written from: validated observations and the points made of them."""

    observations: pd.DataFrame
    points: Points


@dataclass(frozen=True)
class Group:
    """The sheets of one framework; `groups` has columns only where units are compared with the best."""

    answers: Board
    nodes: Board
    groups: Board
    outcomes: Board
    parameters: Parameters
    title: str

    @property
    def boards(self) -> tuple[Board, ...]:
        """The sheets with columns, in their order."""
        every = (self.answers, self.nodes, self.groups, self.outcomes)
        return tuple(board for board in every if len(board.columns) > 2 or board is self.answers)


def write(path: Path, setup: Setup, language: str, scored: Mapping[str, Scored]) -> None:
    """Writes scores.xlsx: a group of sheets per framework of the edition, in their order; the same bytes every time.

    Raises:
        MinhbachError: a sheet or a formula does not fit into a workbook.
    """
    made = [group(scored[framework.id], language, number) for number, framework in enumerate(setup.frameworks, start=1)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path.as_posix(), OPTIONS) as book:
        date = datetime.datetime.fromisoformat(setup.assessment.document.date)
        book.set_properties({"title": setup.assessment.title.say(language), "created": date, "author": "minhbach"})
        paper = Paper(book, language)
        paper.contents(setup.assessment.title.say(language), [(each.title, each.boards) for each in made])
        for number, each in enumerate(made):
            colour = COLOURS[number % len(COLOURS)]
            for board in each.boards:
                paper.board(board, colour)
            name, key, title = sheet("parameters", each.parameters.framework, language, number + 1)
            paper.parameters(name, key, title, each.parameters, settings(each.parameters.framework, language), colour)


def group(scored: Scored, language: str, number: int) -> Group:
    """The sheets of one framework, `number` among those of the workbook."""
    points = scored.points
    framework, units = points.framework, points.answers.units
    boards = {
        part: Board(*sheet(part, framework, language, number), wording.say(f"recalc_about_{part}", language))
        for part in PARTS[:-1]
    }
    parameters = Parameters(framework, language, f"k{number}")
    answers(boards["answers"], points, scored.observations, language)
    for part in ("nodes", "outcomes"):
        identify(boards[part], units, language)
    _groups(boards["groups"], points, language)
    nodes = Nodes(points, language, boards["nodes"], boards["answers"], boards["groups"], parameters)
    outcomes = Outcomes(nodes, boards["outcomes"], levels.levels(points))
    ranks(outcomes, rank.ranks(points))
    return Group(**boards, parameters=parameters, title=framework.spec.title.say(language))


def sheet(part: str, framework: Framework, language: str, number: int) -> tuple[str, str, str]:
    """The name, key and title of a sheet; the key says framework, part and language to whoever reads the workbook."""
    name = f"{number} {wording.say(f'recalc_sheet_{part}', language)}"
    return name[:31], f"{framework.id}/{part}/{language}", framework.spec.title.say(language)


def _groups(board: Board, points: Points, language: str) -> None:
    """The two columns the sheet of groups begins with: number and members."""
    codes = points.groups.tolist()
    numbers = sorted(set(codes))
    board.add(
        Column("group.best", wording.say("recalc_group_best", language), "", [float(code + 1) for code in numbers])
    )
    counts = [float(codes.count(code)) for code in numbers]
    board.add(Column("group.units", wording.say("recalc_group_units", language), "", counts))
