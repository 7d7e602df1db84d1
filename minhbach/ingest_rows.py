"""Finds the mapped columns of a table by their headers, and the row of each unit by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from minhbach import findings
from minhbach.assessment import Table
from minhbach.findings import Finding, cell_name
from minhbach.ingest_values import is_blank, raw_text
from minhbach.ingest_workbook import Grid
from minhbach.model import Question
from minhbach.names import matching_key, nearest
from minhbach.units import Unit, Units

# Looking for the nearest name is slow: where hundreds are wrong, it is the column that is wrong.
MOST_HINTS = 100


@dataclass
class Notes:
    """Collects the findings of one file."""

    file: str
    language: str
    sheet: str = ""
    unit_id: str = ""
    found: list[Finding] = field(default_factory=list)

    def add(self, rule: str, *, severity: str = "error", near: str | None = None, **said: object) -> None:
        """Adds a finding about this file; `near` is what may have been meant, "" if nothing is near."""
        hint = "" if near is None else findings.hint(near, self.language)
        keys = {"file": self.file, "sheet": self.sheet, "unit_id": self.unit_id, "hint": hint, **said}
        self.found.append(findings.make(rule, self.language, severity=severity, **keys))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Columns:
    """Where things stand, from 0: the unit's name and the mapped fields that were found."""

    unit: int
    fields: Mapping[str, int]


def find_columns(grid: Grid, table: Table, fields: Mapping[str, Question], notes: Notes) -> Columns | None:
    """The columns of the mapped headers; None without a header row or a column of units."""
    row = table.header_row - 1
    header = [raw_text(cell) for cell in grid.rows[row]] if row < len(grid.rows) else []
    if not any(map(matching_key, header)):
        notes.add("no_header_row", cell=cell_name(row, 0), row=table.header_row)
        return None
    for field_id in sorted(set(table.columns) - set(fields)):
        notes.add("field_not_in_framework", field_id=field_id, near=nearest(field_id, fields))
    unit = _column(header, table.unit_column, "", row, notes)
    found = {
        field_id: column
        for field_id, text in sorted(table.columns.items())
        if field_id in fields and (column := _column(header, text, field_id, row, notes)) is not None
    }
    return None if unit is None else Columns(unit, found)


def _column(header: list[str], text: str, field_id: str, row: int, notes: Notes) -> int | None:
    places = [place for place, shown in enumerate(header) if matching_key(shown) == matching_key(text)]
    if len(places) == 1:
        return places[0]
    if places:
        cells = ", ".join(cell_name(row, place) for place in places)
        notes.add("header_twice", field_id=field_id, cell=cell_name(row, places[1]), value=text, cells=cells)
    else:
        near = nearest(text, [shown for shown in header if shown.strip()])
        notes.add("header_not_found", field_id=field_id, cell=cell_name(row, 0), value=text, near=near)
    return None


def find_units(
    grid: Grid, table: Table, units: Units, unit_kind: str, columns: Columns, notes: Notes
) -> dict[str, int]:
    """The row (from 0) of each unit of the kind, by unit_id."""
    reader = _UnitRows(grid, table, units, unit_kind, columns, notes)
    for row in range(table.header_row, len(grid.rows)):
        if reader.stops(row):
            break
        reader.take(row)
    reader.close()
    return reader.rows


class _UnitRows:
    def __init__(self, grid: Grid, table: Table, units: Units, unit_kind: str, columns: Columns, notes: Notes) -> None:
        self.grid, self.table, self.columns, self.notes = grid, table, columns, notes
        self.units, self.wanted, self.unit_kind = units, units.of_kind(unit_kind), unit_kind
        self.skip = {matching_key(text): text for text in table.skip_units}
        self.unmet = dict(self.skip)
        self.stop = matching_key(table.stop_at or "")
        self.stopped = not self.stop
        self.rows: dict[str, int] = {}

    def stops(self, row: int) -> bool:
        text = matching_key(raw_text(self.grid.cell(row, self.columns.unit)))
        ends = bool(self.stop) and text.startswith(self.stop)
        self.stopped = self.stopped or ends
        return ends

    def take(self, row: int) -> None:
        place, text = (row, self.columns.unit), raw_text(self.grid.cell(row, self.columns.unit))
        cell, key = cell_name(*place), matching_key(text)
        if place in self.grid.scan.errors:
            self.notes.add("error_cell", cell=cell, value=self.grid.scan.errors[place])
        elif place in self.grid.scan.unvalued:
            self.notes.add("formula_without_value", cell=cell)
        elif key in self.skip:
            self.unmet.pop(key, None)
        elif key == matching_key(self.table.unit_column):
            self.notes.add("header_repeated", severity="note", cell=cell, value=text)
        elif key:
            self._unit(row, cell, text)
        elif self._has_values(row):
            self.notes.add("unit_missing", cell=cell)

    def close(self) -> None:
        for text in self.unmet.values():
            self.notes.add("skip_never_met", severity="warning", value=text)
        if not self.stopped:
            self.notes.add("stop_never_met", severity="warning", value=self.table.stop_at or "")

    def _unit(self, row: int, cell: str, text: str) -> None:
        unit = self.wanted.match(text)
        if unit is None:
            self._not_wanted(cell, text)
        elif unit.unit_id in self.rows:
            first = cell_name(self.rows[unit.unit_id], self.columns.unit)
            said = {"unit_id": unit.unit_id, "unit": unit.name, "first": first}
            self.notes.add("unit_twice", cell=cell, value=text, **said)
        else:
            self.rows[unit.unit_id] = row

    def _not_wanted(self, cell: str, text: str) -> None:
        other = self.units.match(text)
        if other:
            said = {"kind": other.unit_kind, "unit_id": other.unit_id, "wanted": self.unit_kind}
            self.notes.add("unit_of_other_kind", cell=cell, value=text, **said)
            return
        near: Unit | None = self.wanted.nearest(text) if len(self.notes.found) < MOST_HINTS else None
        self.notes.add("unit_unknown", cell=cell, value=text, near=near.name if near else "")

    def _has_values(self, row: int) -> bool:
        flaws = self.grid.scan.errors.keys() | self.grid.scan.unvalued
        return any(
            (row, column) in flaws or not is_blank(self.grid.cell(row, column), self.table)
            for column in self.columns.fields.values()
        )
