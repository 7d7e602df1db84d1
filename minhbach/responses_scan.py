"""What a sheet of a returned form holds beside its values: formulas, formats, hidden and merged cells, comments."""

from __future__ import annotations

from dataclasses import dataclass, field

from minhbach.ingest_files import RefusalError
from minhbach.ingest_scan import Scan

Place = tuple[int, int]
Area = tuple[int, int, int, int]
MOST_CELLS = 200_000
MOST_AREAS = 2_000


@dataclass
class FormScan(Scan):
    """A scan of a form's sheet; places are (row, column) from 0, areas (row, column, last row, last column).

    `formats` are the number formats of number cells (XLSX, XLS), `texts` what a number cell shows (ODS).
    `lists` are the options that a cell offers.
    """

    formulas: dict[Place, str] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    lists: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    protected: bool = False

    def reach(self, sheet: str, row: int, column: int) -> None:
        """Notes that the sheet has something in this cell; a form is far smaller than other tables."""
        super().reach(sheet, row, column)
        if self.rows * self.columns > MOST_CELLS:
            raise RefusalError(
                "table_too_large", sheet=sheet, rows=self.rows, columns=self.columns, limit=f"{MOST_CELLS}"
            )

    def merge(self, area: Area) -> None:
        """Notes merged cells; one cell alone is not merged."""
        if area[:2] != area[2:]:
            if len(self.merged) >= MOST_AREAS:
                raise RefusalError("damaged_file", reason=f"> {MOST_AREAS} merged areas")
            self.merged.append(area)

    def area(self, place: Place) -> Area | None:
        """The merged cells that this cell belongs to."""
        row, column = place
        return next((each for each in self.merged if _within(row, each[::2]) and _within(column, each[1::2])), None)

    def row_hidden(self, row: int) -> bool:
        """Whether nobody sees this row."""
        return any(_within(row, each) for each in self.hidden_rows)

    def column_hidden(self, column: int) -> bool:
        """Whether nobody sees this column."""
        return any(_within(column, each) for each in self.hidden_columns)


def _within(number: int, edges: tuple[int, ...]) -> bool:
    return edges[0] <= number <= edges[1]
