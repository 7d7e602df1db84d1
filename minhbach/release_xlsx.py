"""tables.xlsx: every sheet with one Excel table; texts are texts, numbers numbers, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from minhbach import release_files
from minhbach.recalc_paper import CONTROL, ESCAPE_LIKE
from minhbach.release_cells import Cell
from minhbach.release_layout import Sheet

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
CORE = "docProps/core.xml"
LOOK = {"font_name": "Arial", "font_size": 12, "valign": "top"}
STYLE = "Table Style Light 1"
A4 = 9
LINK = "#0B3D91"
LINE, TALL = 16, 20  # points that a line of text takes, and one of a title
MOST_HEIGHT = 400


@dataclass(frozen=True)
class About:
    """The document's properties."""

    title: str
    subject: str
    publisher: str
    language: str
    when: date


@dataclass
class _Book:
    """A workbook and the formats made for it so far."""

    book: Any
    formats: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def look(self, **properties: object) -> Any:
        """A cell format, made once."""
        key = tuple(sorted({**LOOK, **properties}.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(key))
        return self.formats[key]


def write(path: Path, sheets: Sequence[Sheet], about: About) -> None:
    """Writes the workbook."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        created = datetime.combine(about.when, datetime.min.time())
        properties = {"title": about.title, "subject": about.subject, "author": about.publisher, "created": created}
        book.set_properties(
            {name: CONTROL.sub("�", text) if isinstance(text, str) else text for name, text in properties.items()}
        )
        made = _Book(book)
        for number, sheet in enumerate(sheets):
            _sheet(made, sheet, number)
    with zipfile.ZipFile(content) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[CORE] = _with_language(parts[CORE], about.language)
    release_files.write(path, parts, about.when)


def _with_language(core: bytes, language: str) -> bytes:
    """The properties with the document's language, which XlsxWriter does not write."""
    end = b"</cp:coreProperties>"
    return core.replace(end, f"<dc:language>{escape(language)}</dc:language>".encode() + end)


def _sheet(made: _Book, sheet: Sheet, number: int) -> None:
    page = made.book.add_worksheet(sheet.name)
    for row, line in enumerate(sheet.lines):
        look: dict[str, object] = {"bold": row == 0, "text_wrap": sheet.wrapped} | (
            {"font_size": 15} if row == 0 else {}
        )
        _write(made, page, row, 0, line, look)
        page.set_row(row, _height([line], sheet.widths[:1] if sheet.wrapped else [], TALL if row == 0 else LINE))
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, made.look())
    last = len(sheet.header) - 1
    page.set_row(sheet.head_row, _height([Cell(name) for name in sheet.header], [n - 3 for n in sheet.widths], LINE))
    page.add_table(sheet.head_row, 0, sheet.last_row, last, _table(made, sheet, number))
    for down, cells in enumerate(sheet.rows, start=sheet.head_row + 1):
        for across, cell in enumerate(cells):
            _write(made, page, down, across, cell, {"text_wrap": True})
        page.set_row(down, _height(cells, sheet.widths, LINE))
    page.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{sheet.last_row + 1}"})
    _print(page, sheet)


def _height(cells: Sequence[Cell], widths: Sequence[int], line: int) -> int:
    """The height of a row whose texts are wrapped at these widths; of those without a width only new lines count."""
    known = [*widths, *[0] * (len(cells) - len(widths))]
    lines = [
        sum(max(1, ceil(len(part) / (width * 1.1))) if width else 1 for part in cell.text.split("\n"))
        for cell, width in zip(cells, known, strict=True)
    ]
    return min(max(lines, default=1) * line, MOST_HEIGHT)


def _table(made: _Book, sheet: Sheet, number: int) -> dict[str, object]:
    """The Excel table: its name, headers, and the words that a screen reader says."""
    head = made.look(bold=True, text_wrap=True, bottom=2)
    return {
        "name": f"Bang_{number + 1}",
        "columns": [{"header": CONTROL.sub("�", name), "header_format": head} for name in sheet.header],
        "style": STYLE,
        "title": CONTROL.sub("�", sheet.lines[0].text)[:255],
    }


def _write(made: _Book, page: Any, row: int, column: int, cell: Cell, look: dict[str, object]) -> None:
    if cell.link:
        link = f"internal:'{cell.link}'!A1"
        page.write_url(row, column, link, made.look(font_color=LINK, underline=1, **look), CONTROL.sub("�", cell.text))
    elif cell.number is not None:
        page.write_number(row, column, cell.number, made.look(num_format=cell.format, align="right", indent=1))
    elif cell.text:
        _text(made, page, row, column, cell.text, made.look(num_format="@", **look))


def _text(made: _Book, page: Any, row: int, column: int, text: str, look: Any) -> None:
    """A text as it is; in two runs where LibreOffice would read an escape such as `_xa_` into it."""
    runs = [CONTROL.sub("�", run) for run in ESCAPE_LIKE.split(text)]
    if len(runs) == 1:
        page.write_string(row, column, runs[0], look)
        return
    parts = [part for run in runs for part in (made.look(), run)]
    page.write_rich_string(row, column, *parts, look)


def _print(page: Any, sheet: Sheet) -> None:
    """What stays in view and how the sheet is printed."""
    page.freeze_panes(sheet.head_row + 1, 0)
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(sheet.head_row)
    page.set_footer("&C&A – &P/&N")
    if sum(sheet.widths) > 90:
        page.set_landscape()


def _letters(column: int) -> str:
    return re.sub("[0-9]", "", xlsxwriter.utility.xl_rowcol_to_cell(0, column))
