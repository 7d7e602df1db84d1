"""Opens a returned workbook: every sheet with its cells and with what the cells do not show."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from minhbach import responses_ods, responses_xls, responses_xlsx
from minhbach.ingest_files import Received, RefusalError
from minhbach.ingest_scan import xlsx_sheets
from minhbach.ingest_workbook import CALAMINE, OPENPYXL, Cell, refusal_of, rows_by_openpyxl
from minhbach.responses_scan import FormScan, Place

VISIBLE, HIDDEN = "visible", "hidden"


@dataclass(frozen=True)
class Page:
    """A sheet: its cells from A1 on, and what stands beside them; `state` is visible, hidden or veryHidden."""

    name: str
    rows: Sequence[Sequence[Cell]]
    scan: FormScan
    state: str

    def cell(self, place: Place) -> Cell:
        """A cell; an empty text beyond the edge."""
        row, column = place
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""


@dataclass(frozen=True)
class Book:
    """A workbook; `refused` says which sheets could not be taken, and why."""

    pages: tuple[Page, ...]
    reader: str
    macros: bool
    links: bool
    refused: tuple[RefusalError, ...] = ()


def open_book(received: Received) -> Book:
    """All sheets of a received XLSX, XLS or ODS.

    Raises:
        RefusalError: no reader can open it, or no sheet of it can be taken.
    """
    if received.kind == "XLS":
        return _open_xls(received)
    with zipfile.ZipFile(io.BytesIO(received.content)) as archive:
        return _open_xlsx(received, archive) if received.kind == "XLSX" else _open_ods(received, archive)


def _open_xlsx(received: Received, archive: zipfile.ZipFile) -> Book:
    names = archive.namelist()
    parts = xlsx_sheets(archive)
    formats, states = responses_xlsx.number_formats(archive), responses_xlsx.sheet_states(archive)
    scans, refused = _scans(parts, lambda name: responses_xlsx.scan_form(archive, parts[name], name, formats))
    try:
        with _calamine(received) as workbook:
            rows = {name: _rows(workbook, name) for name in scans}
        reader = CALAMINE
    except RefusalError:
        rows = {name: rows_by_openpyxl(received, name, scan) for name, scan in scans.items()}
        reader = OPENPYXL
    pages = tuple(Page(name, rows[name], scan, states.get(name, VISIBLE)) for name, scan in scans.items())
    macros = any(name.endswith("vbaProject.bin") for name in names)
    links = any(name.startswith("xl/externalLinks/") or name == "xl/connections.xml" for name in names)
    return Book(pages, reader, macros, links, refused)


def _open_ods(received: Received, archive: zipfile.ZipFile) -> Book:
    with _calamine(received) as workbook:
        states = _states(workbook)
        scans, refused = _scans(states, lambda name: responses_ods.scan_form(archive, name))
        rows = {name: _rows(workbook, name) for name in scans}
    for name, scan in scans.items():
        for (row, column), truth in scan.truths.items():
            rows[name][row][column] = truth
    pages = tuple(Page(name, rows[name], scan, states[name]) for name, scan in scans.items())
    macros = any(name.startswith("Basic/") and name.endswith(".xml") for name in archive.namelist())
    return Book(pages, CALAMINE, macros, responses_ods.has_links(archive), refused)


def _open_xls(received: Received) -> Book:
    content = received.content
    with _calamine(received) as workbook:
        states, order = _states(workbook), list(workbook.sheet_names)
        formats = responses_xls.number_formats(content)
        take = responses_xls.scan_form
        scans, refused = _scans(states, lambda name: take(content, order.index(name), name, formats))
        pages = tuple(Page(name, _rows(workbook, name), scan, states[name]) for name, scan in scans.items())
    return Book(pages, CALAMINE, responses_xls.has_macros(content), responses_xls.has_links(content), refused)


def _scans(
    names: Mapping[str, str], scan: Callable[[str], FormScan]
) -> tuple[dict[str, FormScan], tuple[RefusalError, ...]]:
    """The scan of every sheet; a sheet that is too large is left out, so that the form beside it is still read."""
    scans: dict[str, FormScan] = {}
    refused: list[RefusalError] = []
    for name in names:
        try:
            scans[name] = scan(name)
        except RefusalError as refusal:
            if refusal.rule != "table_too_large":
                raise
            refused.append(refusal)
    if not scans:
        raise refused[0] if refused else RefusalError("damaged_file", reason="0 sheets")
    return scans, tuple(refused)


def _calamine(received: Received) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(received.content))
    except PasswordError:
        raise RefusalError("password_protected") from None
    except BaseException as error:
        raise refusal_of(error) from None


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[Cell]]:
    try:
        rows: list[list[Cell]] = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except BaseException as error:
        raise refusal_of(error) from None
    return rows


def _states(workbook: CalamineWorkbook) -> dict[str, str]:
    """Visible or hidden, by the name of each sheet of cells."""
    return {
        sheet.name: VISIBLE if sheet.visible == SheetVisibleEnum.Visible else HIDDEN
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    }
