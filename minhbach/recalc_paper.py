"""How the recalculation workbook looks: headers, widths, colours, number formats, notes, named cells, print set-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from minhbach import wording
from minhbach.recalc_columns import CODE, EXPLANATION, FIRST, KEY, LABEL, ROW, RULE, TITLE, Board, Column
from minhbach.recalc_parameters import Parameters

A4 = 9
HEAD = "#D9E2F3"
PLAIN, WIDE, NAME = 13, 16, 34
MOST_CELL = 32_000
LONG = 24


class Paper:
    """Writes boards and parameters onto the sheets of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook, language: str) -> None:
        self.book, self.language = book, language
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def format(self, **properties: object) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(properties))
        return self._formats[key]

    def sheet(self, name: str, key: str, title: str, explanation: str, colour: str) -> Any:
        """A new sheet with its first rows and its print set-up."""
        page = self.book.add_worksheet(name)
        page.set_tab_color(colour)
        page.write_string(TITLE, 0, title, self.format(bold=True, font_size=14))
        page.write_string(KEY, 0, key, self.format(font_color="#7F7F7F"))
        page.write_string(EXPLANATION, 0, explanation, self.format(italic=True))
        page.set_landscape()
        page.set_paper(A4)
        page.set_print_scale(70)
        page.set_footer("&L&A&C&P / &N")
        return page

    # ---- units --------------------------------------------------------------------------------------------

    def board(self, board: Board, colour: str) -> None:
        """Writes a sheet of columns."""
        page = self.sheet(board.name, board.key, board.title, board.explanation, colour)
        page.set_row(LABEL, 75)
        page.set_row(RULE, 60)
        page.freeze_panes(FIRST, 2)
        page.repeat_rows(LABEL, CODE)
        page.repeat_columns(0, 1)
        for place, column in enumerate(board.columns):
            page.set_column(place, place, NAME if place == 1 else WIDE if len(column.label) > LONG else PLAIN)
            self._head(page, place, column)
            self._cells(page, place, column)

    def _head(self, page: Any, place: int, column: Column) -> None:
        look = {"text_wrap": True, "valign": "top", "border": 1, "bg_color": HEAD}
        page.write_string(LABEL, place, column.label, self.format(bold=True, **look))
        page.write_string(RULE, place, column.rule, self.format(font_size=8, **look))
        page.write_string(CODE, place, column.code, self.format(font_color="#7F7F7F", **look))

    def _cells(self, page: Any, place: int, column: Column) -> None:
        form = self.format(num_format=column.form) if column.form else self.format()
        for row, value in enumerate(column.values, start=FIRST):
            if column.formula:
                page.write_formula(row, place, "=" + column.formula.replace(ROW, str(row + 1)), form, value)
            elif isinstance(value, str):
                page.write_string(row, place, value, form)
            else:
                page.write_number(row, place, value, form)
        for row, note in enumerate(column.notes, start=FIRST):
            if note:
                page.write_comment(row, place, note[:MOST_CELL], {"author": "minhbach", "x_scale": 2, "font_size": 9})

    # ---- parameters ---------------------------------------------------------------------------------------

    def parameters(
        self, name: str, key: str, title: str, parameters: Parameters, settings: Iterable[str], colour: str
    ) -> None:
        """Writes the named cells, and the settings in words below them."""
        page = self.sheet(name, key, title, wording.say("recalc_about_parameters", self.language), colour)
        page.freeze_panes(FIRST, 0)
        page.repeat_rows(CODE)
        page.set_column(0, 0, 90)
        page.set_column(1, 1, NAME)
        page.set_column(2, 3, WIDE)
        head = self.format(bold=True, border=1, bg_color=HEAD)
        for place, part in enumerate(("parameter", "name", "value", "basis")):
            page.write_string(CODE, place, wording.say(f"recalc_{part}", self.language), head)
        sheet = "'" + name.replace("'", "''") + "'"
        for row, each in enumerate(parameters.rows, start=FIRST):
            page.write_string(row, 0, each.label, self.format(text_wrap=True))
            page.write_string(row, 1, each.name, self.format(font_color="#7F7F7F"))
            page.write_number(row, 2, each.value, self.format(num_format=each.form, bold=True))
            page.write_string(row, 3, each.basis)
            self.book.define_name(each.name, f"={sheet}!$C${row + 1}")
        below = FIRST + len(parameters.rows) + 1
        page.write_string(below, 0, wording.say("settings", self.language), self.format(bold=True))
        for row, sentence in enumerate(settings, start=below + 1):
            page.write_string(row, 0, sentence[:MOST_CELL], self.format(text_wrap=True, valign="top"))

    def contents(self, title: str, groups: Sequence[tuple[str, Sequence[Board]]]) -> None:
        """The first sheet: what the workbook is, and what stands where."""
        name = wording.say("recalc_sheet_contents", self.language)
        page = self.sheet(name, "", title, wording.say("recalc_about_contents", self.language), "#7F7F7F")
        page.set_column(0, 0, NAME)
        page.set_column(1, 1, 110)
        row = LABEL + 1
        for framework, boards in groups:
            page.write_string(row, 0, framework, self.format(bold=True))
            for row_, board in enumerate(boards, start=row + 1):
                page.write_string(row_, 0, board.name)
                page.write_string(row_, 1, board.explanation, self.format(text_wrap=True))
            row += len(boards) + 2
