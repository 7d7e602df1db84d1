"""Opens a sheet of an XLSX, XLS or ODS as a grid of cells: calamine first, openpyxl where it fails."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

import openpyxl
import python_calamine

from minhbach.assessment import Table
from minhbach.findings import visible
from minhbach.ingest_csv import read_rows
from minhbach.ingest_files import Received, RefusalError
from minhbach.ingest_ods import ods_sheets, scan_ods
from minhbach.ingest_scan import Scan, scan_xlsx, xlsx_sheets
from minhbach.ingest_xls import scan_xls
from minhbach.names import matching_key, nearest

Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
CSV, CALAMINE, OPENPYXL = "csv", "python-calamine", "openpyxl"


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet from A1 on, rows of unequal length allowed; an empty cell is an empty text.

    `scan` holds what the cells do not show.  `sheets` are the names of all sheets; a CSV has none.
    """

    rows: Sequence[Sequence[Cell]]
    sheet: str
    reader: str
    sheets: tuple[str, ...] = ()
    scan: Scan = field(default_factory=Scan)

    def cell(self, row: int, column: int) -> Cell:
        """A cell, both counted from 0; an empty text beyond the edge."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""


def open_grid(received: Received, table: Table) -> Grid:
    """The sheet that the table names, or the first one.

    Raises:
        RefusalError: there is no such sheet, or neither reader can open it.
    """
    if received.kind == "CSV":
        return Grid(read_rows(received, table), "", CSV)
    if received.kind == "XLS":
        return _open_xls(received, table)
    with zipfile.ZipFile(io.BytesIO(received.content)) as archive:
        if received.kind == "XLSX":
            parts = xlsx_sheets(archive)
            sheets, sheet = tuple(parts), _choose(tuple(parts), table)
            scan = scan_xlsx(archive, parts[sheet], sheet)
        else:
            sheets = tuple(ods_sheets(archive))
            sheet = _choose(sheets, table)
            scan = scan_ods(archive, sheet)
    rows, reader = _rows(received, sheet, scan)
    for (row, column), truth in scan.truths.items():
        rows[row][column] = truth
    return Grid(rows, sheet, reader, sheets, scan)


def _choose(sheets: tuple[str, ...], table: Table) -> str:
    if not sheets:
        raise RefusalError("damaged_file", reason="0 sheets")
    if table.sheet is None:
        return sheets[0]
    for sheet in sheets:
        if matching_key(sheet) == matching_key(table.sheet):
            return sheet
    near = nearest(table.sheet, sheets)
    raise RefusalError("missing_sheet", value=table.sheet, near=near, known=", ".join(sheets))


def _open_xls(received: Received, table: Table) -> Grid:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(received.content))
        sheets = tuple(workbook.sheet_names)
    except python_calamine.PasswordError:
        raise RefusalError("password_protected") from None
    except BaseException as error:
        raise refusal_of(error) from None
    sheet = _choose(sheets, table)
    scan = scan_xls(received.content, sheets.index(sheet), sheet)
    try:
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except BaseException as error:
        raise refusal_of(error) from None
    return Grid(rows, sheet, CALAMINE, sheets, scan)


def _rows(received: Received, sheet: str, scan: Scan) -> tuple[list[list[Cell]], str]:
    """The cells of an XLSX or ODS sheet, and the reader that could give them."""
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(received.content)) as workbook:
            rows: list[list[Cell]] = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            return rows, CALAMINE
    except BaseException as error:
        refusal = refusal_of(error)
        if received.kind != "XLSX":
            raise refusal from None
    return rows_by_openpyxl(received, sheet, scan), OPENPYXL


def rows_by_openpyxl(received: Received, sheet: str, scan: Scan) -> list[list[Cell]]:
    """The cells of a sheet as openpyxl gives them."""
    # Not read-only: that mode trusts a wrong dimension and then drops rows without a word.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(received.content), data_only=True, keep_links=False)
        extent = {"max_row": max(scan.rows, 1), "max_col": max(scan.columns, 1)}
        found = workbook[sheet].iter_rows(**extent, values_only=True)
        return [[cell if isinstance(cell, Cell) else str(cell or "") for cell in row] for row in found]
    except Exception as error:
        raise refusal_of(error) from None


def refusal_of(error: BaseException) -> RefusalError:
    """A refusal for whatever a reader threw; calamine's panics are no ordinary exceptions."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
        raise error
    return RefusalError("damaged_file", reason=visible(str(error)) or type(error).__name__)
