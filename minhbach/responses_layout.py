"""Finds the form in a returned workbook: columns by their headers, rows by their codes, wherever they stand now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from minhbach.forms_layout import ANSWER, CODE, EVIDENCE, HEAD, REMARK
from minhbach.framework import Framework
from minhbach.ingest_files import RefusalError
from minhbach.ingest_values import raw_text
from minhbach.names import matching_key, nearest
from minhbach.responses_headers import Line, find_headers, header_places
from minhbach.responses_open import Book, Page
from minhbach.responses_scan import Place

CODE_LIKE = re.compile(r"\S{1,64}")
MOST_HINTS = 100  # looking for the nearest code is slow
FILLED = (ANSWER, *EVIDENCE, REMARK)


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
    found = {page.name: find_headers(page) for page in book.pages}
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
                line = replace(line, code=code)
                self.filled.append(line)
                yield code, line
            elif text and text[0] != "_" and self._like_a_code(text):
                self.unknown.append(line)
            else:
                self.uncoded.append(line)

    def _like_a_code(self, text: str) -> bool:
        if CODE_LIKE.fullmatch(text):
            return True
        return len(self.uncoded) < MOST_HINTS and nearest(text, self.fields) != ""

    def loose(self) -> list[Line]:
        """Rows without a code, from the first row of the form on, that hold an answer or evidence."""
        first = min((line.row for line in self.filled), default=0)
        return [line for line in self.uncoded if line.row > first and any(line.text(each) for each in FILLED)]

    def beside(self) -> list[tuple[Place, ...]]:
        """Filled cells of the form's rows in columns without a header, by column."""
        headed = {
            column for row in self.headers for each in header_places(self.page.rows[row]).values() for column in each
        }
        found: dict[int, list[Place]] = {}
        for line in self.filled:
            for column, cell in enumerate(self.page.rows[line.row]):
                if column not in headed and line.row not in self.headers and raw_text(cell).strip():
                    found.setdefault(column, []).append((line.row, column))
        return [tuple(places) for _, places in sorted(found.items())]
