"""Finds the header rows of a returned form, and with them its columns, wherever they stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minhbach.findings import cell_name
from minhbach.forms_layout import ANSWER, CODE, HEADERS
from minhbach.ingest_files import RefusalError
from minhbach.ingest_values import raw_text
from minhbach.ingest_workbook import Cell
from minhbach.names import matching_key, nearest
from minhbach.responses_open import Page
from minhbach.responses_scan import Place

HEADER_KEYS = {matching_key(header): header for header in HEADERS}
FEWEST = 3  # as many headers make a row a header row that has been altered
Columns = Mapping[str, int]


@dataclass(frozen=True)
class Line:
    """A row of the form, with the columns that hold there and the known code that it bears."""

    page: Page
    row: int
    columns: Columns
    code: str = ""

    def place(self, header: str) -> Place | None:
        """Where the cell under a header is; None if the column is gone."""
        column = self.columns.get(header)
        return None if column is None else (self.row, column)

    def cell(self, header: str) -> Cell:
        """The cell under a header; an empty text if the column is gone."""
        place = self.place(header)
        return "" if place is None else self.page.cell(place)

    def text(self, header: str) -> str:
        """The cell under a header as text."""
        return raw_text(self.cell(header)).strip()

    def address(self, header: str) -> str:
        """The A1 address of the cell under a header."""
        place = self.place(header)
        return "" if place is None else cell_name(*place)


def find_headers(page: Page) -> list[Line]:
    """The header rows of a sheet; those that have lost a header but kept their columns have no columns."""
    rows = {row: places for row, cells in enumerate(page.rows) if (places := header_places(cells))}
    needed = (CODE, ANSWER)
    whole = {row: places for row, places in rows.items() if all(len(places.get(each, ())) == 1 for each in needed)}
    lines = []
    for row, places in rows.items():
        if row in whole:
            lines.append(Line(page, row, {header: each[0] for header, each in places.items() if len(each) == 1}))
        elif len(places) >= FEWEST and places.keys() & set(needed):
            if not any(_same(places, other) for other in whole.values()):
                raise _lost(page, row, places)
            lines.append(Line(page, row, {}))
    return lines


def header_places(cells: Sequence[Cell]) -> dict[str, list[int]]:
    """The columns in which a row has each of the form's headers."""
    places: dict[str, list[int]] = {}
    for column, cell in enumerate(cells):
        if isinstance(cell, str) and (header := HEADER_KEYS.get(matching_key(cell))):
            places.setdefault(header, []).append(column)
    return places


def _same(places: Mapping[str, list[int]], other: Mapping[str, list[int]]) -> bool:
    return all(columns == other.get(header) for header, columns in places.items())


def _lost(page: Page, row: int, places: Mapping[str, list[int]]) -> RefusalError:
    for header in (CODE, ANSWER):
        columns = places.get(header, [])
        if len(columns) > 1:
            cells = ", ".join(cell_name(row, column) for column in columns)
            said = {"cell": cell_name(row, columns[1]), "cells": cells}
            return RefusalError("form_header_twice", sheet=page.name, value=header, **said)
    lost = CODE if CODE not in places else ANSWER
    shown = [raw_text(cell) for cell in page.rows[row] if matching_key(raw_text(cell)) not in HEADER_KEYS]
    near = nearest(lost, [text for text in shown if text.strip()])
    return RefusalError("form_header_lost", sheet=page.name, value=lost, cell=cell_name(row, 0), near=near)
