"""Turns a table that someone else made into observations: one value per unit and field, each with its cell.

Whatever cannot be read for certain becomes a finding with an address and a blank value; nothing is guessed,
and the received files are only read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from minhbach import wording
from minhbach.assessment import Table
from minhbach.findings import Finding, cell_name, ordered
from minhbach.ingest_files import Received, RefusalError, receive
from minhbach.ingest_rows import Columns, Notes, find_columns, find_units
from minhbach.ingest_values import Answer, raw_text, read_answer
from minhbach.ingest_workbook import OPENPYXL, Grid, open_grid
from minhbach.model import Question
from minhbach.units import Units

COLUMNS = (
    "unit_id",
    "field_id",
    "value",
    "raw_text",
    "status",
    "file",
    "sha256",
    "sheet",
    "cell",
    "correction_id",
)


@dataclass(frozen=True)
class Reading:
    """What a table says: observations (key unit_id, field_id; all texts), findings, and what read it.

    `reader` is csv, python-calamine or openpyxl, and empty when the file could not be read.
    """

    observations: pd.DataFrame
    findings: tuple[Finding, ...]
    reader: str


def read_table(
    folder: Path, table: Table, fields: Mapping[str, Question], units: Units, unit_kind: str, language: str
) -> Reading:
    """Reads the table of an edition's `folder`: a row for every unit found in it and every mapped field.

    Never raises on what the file holds; findings are in `language`. Ranges and required answers are not
    judged here, nor units that do not appear.
    """
    notes = Notes(table.file.replace("\\", "/"), language)
    try:
        received = receive(folder, table.file)
        grid = open_grid(received, table)
    except RefusalError as refusal:
        details = {"sheet": refusal.sheet, "value": refusal.value, **refusal.details}
        notes.add(refusal.rule, **details)  # type: ignore[arg-type]
        return Reading(_frame([]), ordered(notes.found), "")
    notes.sheet = grid.sheet
    _say_how(grid, table, notes)
    columns = find_columns(grid, table, fields, notes)
    if columns is None:
        return Reading(_frame([]), ordered(notes.found), grid.reader)
    rows = find_units(grid, table, units, unit_kind, columns, notes)
    asked = {field_id: fields[field_id] for field_id in sorted(table.columns) if field_id in fields}
    source = _Source(received, grid, table, columns, notes)
    observations = [
        source.observation(unit_id, rows[unit_id], field_id, question)
        for unit_id in sorted(rows)
        for field_id, question in asked.items()
    ]
    return Reading(_frame(observations), ordered(notes.found), grid.reader)


def _say_how(grid: Grid, table: Table, notes: Notes) -> None:
    if grid.reader == OPENPYXL:
        notes.add("read_with_openpyxl", severity="note")
    if table.sheet is None and len(grid.sheets) > 1:
        notes.add("first_sheet", severity="note", value=grid.sheet, known=", ".join(grid.sheets))


@dataclass(frozen=True)
class _Source:
    """The opened table, from which single observations are taken."""

    received: Received
    grid: Grid
    table: Table
    columns: Columns
    notes: Notes

    def observation(self, unit_id: str, row: int, field_id: str, question: Question) -> tuple[str, ...]:
        """One row of the observations; a cell that cannot be read adds exactly one finding."""
        start = (unit_id, field_id)
        column = self.columns.fields.get(field_id)
        if column is None:  # its header was not found, which is a finding already
            text, answer, cell = "", Answer(""), ""
        else:
            cell = cell_name(row, column)
            text, answer = self._read(row, column, question)
        if answer.rule:
            said = {"unit_id": unit_id, "field_id": field_id, "cell": cell, "value": text}
            said |= {"expected": self._expected(question), **answer.details}
            self.notes.add(answer.rule, **said)
        status = "as_received" if answer.value else "blank"
        place = (self.received.file, self.received.sha256, self.grid.sheet, cell, "")
        return (*start, answer.value, text, status, *place)

    def _read(self, row: int, column: int, question: Question) -> tuple[str, Answer]:
        place = (row, column)
        if place in self.grid.scan.errors:
            return self.grid.scan.errors[place], Answer("", "error_cell")
        if place in self.grid.scan.unvalued:
            return "", Answer("", "formula_without_value")
        cell = self.grid.cell(row, column)
        return raw_text(cell), read_answer(cell, question, self.table)

    def _expected(self, question: Question) -> str:
        options = ", ".join(question.options)
        return wording.say(f"expected_{question.type}", self.notes.language, options=options)


def _frame(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
