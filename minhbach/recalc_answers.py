"""The sheet of validated answers: a row per unit, a column per field, and a note on each cell that says its source."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from minhbach import tables, wording
from minhbach.answers import YES_NO, Answers
from minhbach.findings import visible
from minhbach.model import Question
from minhbach.numbers import from_text
from minhbach.recalc_columns import Board, Cell, Column
from minhbach.score import Points
from minhbach.units import Unit

MOST_NOTES = 50_000  # a note takes a drawing of its own; above this only corrected answers have one
MOST_TEXT = 32_000
PLAIN = ("", "as_received")


def answers(board: Board, points: Points, observations: pd.DataFrame, language: str) -> None:
    """Fills the sheet: units, their ranking groups as numbers, and all fields."""
    given = points.answers
    identify(board, given.units, language)
    _groups(board, points, language)
    ranked = [1.0 if unit.ranked else 0.0 for unit in given.units]
    yes_no = wording.say("recalc_yes_no", language)
    board.add(Column("unit.ranked", wording.say("recalc_ranked", language), "units.csv", ranked, form=yes_no))
    notes = _notes(observations, language)
    for field_id, field in given.framework.fields.items():
        said = wording.say(f"type_{field.type}", language)
        blank = "; " + wording.say("recalc_blank_zero", language) if field.missing == "zero" else ""
        of_units = [notes.get((unit_id, field_id), "") for unit_id in given.unit_ids]
        form = yes_no if field.type == "yes_no" else ""
        values = _values(given, field_id, field)
        board.add(Column(field_id, field.label.say(language), said + blank, values, form=form, notes=of_units))


def identify(board: Board, units: Sequence[Unit], language: str) -> None:
    """The two columns every sheet of units begins with: id and name."""
    names = [unit.called(language) for unit in units]
    board.add(Column("unit.id", wording.say("recalc_unit_id", language), "units.csv", [unit.unit_id for unit in units]))
    board.add(Column("unit.name", wording.say("col_unit", language), "units.csv", names))


def _groups(board: Board, points: Points, language: str) -> None:
    """Each ranking group as a number: names that differ only in capitals are equal to a spreadsheet."""
    given = points.answers
    for within in dict.fromkeys(ranking.within for ranking in points.framework.rankings):
        names = list(given.groups(within)) if within else [wording.say("set_all_units", language)] * len(given.units)
        label = wording.say("recalc_group", language)
        rule = f"units.csv: {within}" if within else ""
        board.add(Column(group_code(within) + ".name", label, rule, names))
        numbers = [float(code + 1) for code in given.codes(within)]
        board.add(Column(group_code(within), wording.say("recalc_group_number", language), rule, numbers))
    best = [float(code + 1) for code in points.groups]
    board.add(Column("group.best", wording.say("recalc_group_best", language), "best, worst", best))


def group_code(within: str | None) -> str:
    """The code of the column with the number of a unit's ranking group."""
    return f"group.by.{within or ''}"


def _values(given: Answers, field_id: str, field: Question) -> list[Cell]:
    texts = given.texts.get(field_id) or ("",) * len(given.units)
    if field.type == "yes_no":
        return [float(YES_NO[text]) if text else "" for text in texts]
    return [float(from_text(text)) if text and field.numeric else text[:MOST_TEXT] for text in texts]


def _notes(observations: pd.DataFrame, language: str) -> dict[tuple[str, str], str]:
    """The note of each answer that has a source, by unit and field."""
    every = len(observations) <= MOST_NOTES
    return {
        (row.unit_id, row.field_id): _note(row, language)
        for row in tables.rows(observations)
        if row.file and (every or row.correction_id or row.status not in PLAIN)
    }


def _note(row: object, language: str) -> str:
    """`file#sheet!cell`, the text as received, and what happened to it."""
    told = {name: visible(str(getattr(row, name, ""))) for name in ("file", "sheet", "cell", "raw_text", "value")}
    place = "!".join(part for part in (told["sheet"], told["cell"]) if part)
    lines = [f"{told['file']}#{place}", wording.say("recalc_note_raw", language, raw=told["raw_text"])]
    status, correction = str(getattr(row, "status", "")), str(getattr(row, "correction_id", ""))
    if correction:
        lines.append(wording.say("recalc_note_corrected", language, id=visible(correction), value=told["value"]))
    elif status not in PLAIN:
        lines.append(wording.say("recalc_note_status", language, status=status))
    return "\n".join(lines)
