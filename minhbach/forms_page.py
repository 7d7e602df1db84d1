"""The page of a survey form: single cells, paper, header and footer, and the sheet that explains how to fill it in."""

from __future__ import annotations

import datetime
import re
import textwrap
from functools import cache
from typing import Any

from minhbach import wording
from minhbach.forms_plan import Form, Value
from minhbach.forms_style import Style

A4 = 9
LINE_HEIGHT, GAP = 15.0, 4.0
LETTERS = 1.1  # of this font to a unit of column width, Vietnamese letters included
GUIDE_WIDTH = 90
# LibreOffice takes `_xa_` in a code such as so_xa_tslcd for an escaped line end, unless it stands in two pieces.
ESCAPE_LIKE = re.compile(r"(?<=_x)(?=[0-9A-Fa-f]{1,4}_)")
OPEN_TO_ALL = {"format_columns": True, "format_rows": True}


def put(sheet: Any, line: int, column: int, value: Value, look: Any) -> None:
    """One cell; text is always text."""
    match value:
        case None | "":
            sheet.write_blank(line, column, None, look)
        case str() if ESCAPE_LIKE.search(value):
            pieces = [part for piece in ESCAPE_LIKE.split(value) for part in (look, piece)]
            sheet.write_rich_string(line, column, *pieces, look)
        case str():
            sheet.write_string(line, column, value, look)
        case datetime.date():
            sheet.write_datetime(line, column, value, look)
        case _:
            sheet.write_number(line, column, value, look)


@cache
def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a cell of a column so wide."""
    return len(textwrap.wrap(text, int(width * LETTERS))) or 1


def set_page(sheet: Any, form: Form) -> None:
    """A4, one page wide, with the title (and the mark of a synthetic edition) on every page."""
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.6)
    title = _plain(form.title)[:120]
    sheet.set_header(f"&L&9 {title}" + (f"&R&9&B {_plain(form.mark)[:60]}" if form.mark else ""))
    sheet.hide_gridlines(2)


def set_footer(sheet: Any, form: Form) -> None:
    """Unit and page on every page; the space keeps the unit's id from joining the font size."""
    page = wording.say("form_page", form.language, page="&P", pages="&N")
    sheet.set_footer(f"&L&9 {_plain(form.unit.unit_id)} {_plain(form.unit.name)[:120]}&R&9 {page}")


def _plain(text: str) -> str:
    """Text in a page header, where an ampersand starts a command."""
    return text.replace("&", "&&")


def write_guide(form: Form, sheet: Any, style: Style) -> None:
    """The sheet of instructions."""
    heading = wording.say("form_guide", form.language)
    lines = [(heading, "title left"), *([(form.mark, "mark left")] if form.mark else [])]
    lines += [(f"{place}. {text}", "guide") for place, text in enumerate(form.guide, start=1)]
    for line, (text, look) in enumerate(lines):
        put(sheet, line, 0, text, style[look])
        sheet.set_row(line, LINE_HEIGHT * lines_of(text, GUIDE_WIDTH) + GAP)
    sheet.set_column(0, 0, GUIDE_WIDTH)
    set_page(sheet, form)
    sheet.protect("", OPEN_TO_ALL)
