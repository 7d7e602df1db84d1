"""Sheets of the recalculation workbook as columns over the same units, row for row; nothing is written yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from minhbach.errors import MinhbachError
from minhbach.findings import cell_name

ROW = "\x00"  # stands for the row in a formula; no text of a framework can contain it
TITLE, KEY, EXPLANATION, LABEL, RULE, CODE, FIRST = range(7)  # rows counted from 0; units begin at FIRST
MOST_COLUMNS, MOST_ROWS = 16384, 1048576
Cell = float | str


@dataclass(frozen=True)
class Column:
    """One column: written values, or a formula for each row with the values it is expected to give.

    `formula` has no equals sign, and ROW where the row's number belongs. `form` is a number format of Excel. `notes`
    are the cells' notes, one per row.
    """

    code: str
    label: str
    rule: str
    values: Sequence[Cell]
    formula: str = ""
    form: str = ""
    notes: Sequence[str] = ()


@dataclass
class Board:
    """One sheet with a row per unit (or group): name, key, title, and columns from A on."""

    name: str
    key: str
    title: str
    explanation: str
    columns: list[Column] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def add(self, column: Column) -> None:
        """Puts a column at the right; its code must be new."""
        assert column.code not in self._places, column.code
        self._places[column.code] = len(self.columns)
        self.columns.append(column)
        if len(self.columns) > MOST_COLUMNS or len(column.values) + FIRST > MOST_ROWS:
            raise MinhbachError(
                f"{self.name}: a sheet holds {MOST_COLUMNS} columns and {MOST_ROWS} rows; this edition needs more."
            )

    def __contains__(self, code: str) -> bool:
        return code in self._places

    def letter(self, code: str) -> str:
        """The letters of a column."""
        return cell_name(0, self._places[code])[:-1]

    def here(self, code: str) -> str:
        """A column's cell in the row of the formula, seen from this sheet."""
        return self.letter(code) + ROW

    def cell(self, code: str) -> str:
        """A column's cell in the row of the formula, seen from any sheet."""
        return f"{quoted_sheet(self.name)}!{self.here(code)}"

    def span(self, code: str) -> str:
        """All cells of a column, seen from any sheet."""
        letter, last = self.letter(code), FIRST + max(1, len(self.columns[self._places[code]].values))
        return f"{quoted_sheet(self.name)}!${letter}${FIRST + 1}:${letter}${last}"


def quoted_sheet(name: str) -> str:
    """A sheet's name inside a formula."""
    return "'" + name.replace("'", "''") + "'"
