"""The sheet that lists all findings of a returned workbook; every cell is text, none is a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minhbach.findings import cell_name
from minhbach.forms_page import LINE_HEIGHT, lines_of
from minhbach.returned_parts import MAIN, cell_text, escaped

WIDTHS = (5, 10, 15, 8, 32, 18, 50, 42, 12)
ADDRESS = 3
MOST_TEXT = 32_000
MOST_LINKS = 60_000
MOST_HEIGHT = 409.0  # no row of a workbook is higher


@dataclass(frozen=True)
class Looks:
    """The numbers of the cell styles of the list."""

    text: int
    header: int
    title: int


@dataclass(frozen=True)
class Line:
    """A row of the list; `sheet` and `cell` lead to the cell, if there is one."""

    texts: Sequence[str]
    sheet: str = ""
    cell: str = ""


def sheet_of(heading: Sequence[str], lines: Sequence[Line], looks: Looks) -> bytes:
    """The sheet: lines of heading, then the table, whose first line is its header row; prints on A4 across."""
    rows = [_row(number, [text], looks.title) for number, text in enumerate(heading, start=1)]
    first = len(heading) + 1
    for number, line in enumerate(lines, start=first):
        rows.append(_row(number, line.texts, looks.header if number == first else looks.text))
    columns = "".join(
        f'<col min="{index}" max="{index}" width="{width}" customWidth="1"/>'
        for index, width in enumerate(WIDTHS, start=1)
    )
    pane = f'<pane ySplit="{first}" topLeftCell="A{first + 1}" activePane="bottomLeft" state="frozen"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0" workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>{_links(lines, first)}"
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _row(number: int, texts: Sequence[str], look: int) -> str:
    cells = "".join(
        f'<c r="{cell_name(number - 1, column)}" s="{look}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{cell_text(text[:MOST_TEXT])}</t></is></c>'
        for column, text in enumerate(texts)
    )
    return f'<row r="{number}" ht="{_height(texts)}" customHeight="1">{cells}</row>'


def _height(texts: Sequence[str]) -> float:
    """The height of a row in points, with room for its longest wrapped text; a single text runs on over the row."""
    widths = WIDTHS if len(texts) > 1 else (sum(WIDTHS),)
    return min(
        MOST_HEIGHT, LINE_HEIGHT * max(lines_of(text, width) for text, width in zip(texts, widths, strict=False))
    )


def _links(lines: Sequence[Line], first: int) -> str:
    """Links from the address of a finding to its cell, inside the workbook only."""
    found = list(_link_of(lines, first))[:MOST_LINKS]
    return f"<hyperlinks>{''.join(found)}</hyperlinks>" if found else ""


def _link_of(lines: Sequence[Line], first: int) -> Iterator[str]:
    for number, line in enumerate(lines, start=first):
        if line.sheet and line.cell:
            name = line.sheet.replace("'", "''")
            place = escaped(f"'{name}'!{line.cell.split()[0]}")
            yield f'<hyperlink ref="{cell_name(number - 1, ADDRESS)}" location="{place}"/>'
