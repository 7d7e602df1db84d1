"""Finds the form in a returned workbook: columns by their headers, rows by their codes, wherever they stand now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from minhbach.findings import cell_name
from minhbach.forms_layout import ANSWER, CODE, EVIDENCE, HEAD, HEADERS, REMARK
from minhbach.framework import Framework
from minhbach.ingest_files import RefusalError
from minhbach.ingest_values import raw_text
from minhbach.ingest_workbook import Cell
from minhbach.names import matching_key, nearest
from minhbach.responses_open import Book, Page
from minhbach.responses_scan import Place

HEADER_KEYS = {matching_key(header): header for header in HEADERS}
CODE_LIKE = re.compile(r"\S{1,64}")
FEWEST = 3  # as many headers make a row a header row that has been altered
FILLED = (ANSWER, *EVIDENCE, REMARK)
Columns = Mapping[str, int]


@dataclass(frozen=True)
class Line:
    """A row of the form, with the columns that hold there."""

    page: Page
    row: int
    columns: Columns

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


@dataclass(frozen=True)
class Layout:
    """Where everything stands: rows by code, rows whose code is unknown, answers without a code.

    `beside` are filled cells in columns that have no header; `altered` header rows that have lost a header.
    """

    pages: tuple[Page, ...]
    lines: Mapping[str, tuple[Line, ...]]
    unknown: tuple[Line, ...]
    loose: tuple[Line, ...]
    beside: tuple[tuple[Page, tuple[Place, ...]], ...]
    altered: tuple[Line, ...]

    def line(self, code: str) -> Line | None:
        """The row of a code; None if there is none, or more than one."""
        found = self.lines.get(code, ())
        return found[0] if len(found) == 1 else None


def find_layout(book: Book, framework: Framework) -> Layout:
    """The form in a workbook.

    Raises:
        RefusalError: no sheet has the header row, a column cannot be told, or two sheets hold the form.
    """
    found = {page.name: _headers(page) for page in book.pages}
    pages = tuple(page for page in book.pages if any(line.columns for line in found[page.name]))
    if not pages:
        raise _no_form(book, found)
    lines: dict[str, list[Line]] = {}
    loose: list[Line] = []
    unknown: list[Line] = []
    beside: list[tuple[Page, tuple[Place, ...]]] = []
    for page in pages:
        reader = _Rows(page, found[page.name], framework)
        for code, line in reader.coded():
            lines.setdefault(code, []).append(line)
        unknown += reader.unknown
        loose += reader.loose()
        beside += [(page, places) for places in reader.beside()]
    altered = tuple(line for page in pages for line in found[page.name] if CODE not in line.columns)
    _once(pages, lines)
    rows = {code: tuple(each) for code, each in lines.items()}
    return Layout(pages, rows, tuple(unknown), tuple(loose), tuple(beside), altered)


def _headers(page: Page) -> list[Line]:
    """The header rows of a sheet; those that have lost a header but kept their columns have no columns."""
    rows = {row: places for row, cells in enumerate(page.rows) if (places := _places(cells))}
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


def _places(cells: Sequence[Cell]) -> dict[str, list[int]]:
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


def _no_form(book: Book, found: Mapping[str, list[Line]]) -> RefusalError:
    if book.refused:
        return book.refused[0]
    return RefusalError("form_not_found", value=", ".join(found), headers=f"{CODE}, {ANSWER}")


def _once(pages: tuple[Page, ...], lines: Mapping[str, list[Line]]) -> None:
    """Refuses a workbook with the form on two sheets: nobody can tell which one is meant."""
    if len(pages) > 1:
        shared = sum(len({line.page.name for line in each}) > 1 for each in lines.values())
        if shared * 2 > len(lines):
            raise RefusalError("form_twice_in_file", value=", ".join(page.name for page in pages))


class _Rows:
    """The rows of one sheet that has a header row."""

    def __init__(self, page: Page, headers: list[Line], framework: Framework) -> None:
        self.page, self.fields = page, framework.fields
        self.headers = {line.row: line for line in headers}
        self.columns = {line.row: line.columns for line in headers if line.columns}
        self.codes = {matching_key(code): code for code in (*framework.fields, *HEAD)}
        self.unknown: list[Line] = []
        self.uncoded: list[Line] = []
        self.filled: list[Line] = []

    def coded(self) -> Iterator[tuple[str, Line]]:
        """Every row with a known code; sorts the others."""
        columns = next(iter(self.columns.values()))
        for row in range(len(self.page.rows)):
            columns = self.columns.get(row, columns)
            line = Line(self.page, row, columns)
            text = line.text(CODE)
            if row in self.headers:
                self.filled.append(line)
            elif code := self.codes.get(matching_key(text)):
                self.filled.append(line)
                yield code, line
            elif text and text[0] != "_" and (CODE_LIKE.fullmatch(text) or nearest(text, self.fields)):
                self.unknown.append(line)
            else:
                self.uncoded.append(line)

    def loose(self) -> list[Line]:
        """Rows without a code, from the first row of the form on, that hold an answer or evidence."""
        first = min((line.row for line in self.filled), default=0)
        return [line for line in self.uncoded if line.row > first and any(line.text(each) for each in FILLED)]

    def beside(self) -> list[tuple[Place, ...]]:
        """Filled cells of the form's rows in columns without a header, by column."""
        headed = {column for row in self.headers for each in _places(self.page.rows[row]).values() for column in each}
        found: dict[int, list[Place]] = {}
        for line in self.filled:
            for column, cell in enumerate(self.page.rows[line.row]):
                if column not in headed and line.row not in self.headers and raw_text(cell).strip():
                    found.setdefault(column, []).append((line.row, column))
        return [tuple(places) for _, places in sorted(found.items())]
