"""How the recalculation workbook looks: headers, widths, colours, number formats, notes, named cells, print set-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
import xlsxwriter.worksheet

from minhbach import wording
from minhbach.recalc_columns import CODE, EXPLANATION, FIRST, KEY, LABEL, ROW, RULE, TITLE, Board, Column
from minhbach.recalc_parameters import Parameters

A4 = 9
HEAD = "#D9E2F3"
PLAIN, WIDE, NAME = 13, 16, 34
MOST_CELL = 32_000
LONG = 24
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# LibreOffice reads `_xa_` in a text as an escaped character, as in the id diem_xa_hoi_so; Excel only `_x000a_`.
ESCAPE_LIKE = re.compile(r"(?<=_x)(?=[0-9A-Fa-f]+_)")


class Sheet(xlsxwriter.worksheet.Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are written as they are: none of ours is a newer function, and looking takes long."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


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

    def text(self, page: Any, row: int, column: int, text: str, form: Any = None) -> None:
        """A text as it is, whatever it looks like; in two runs where a program would read an escape into it."""
        runs = ESCAPE_LIKE.split(text)
        if len(runs) == 1:
            page.write_string(row, column, text, form)
        else:
            look = form or self.format()
            parts = [part for run in runs for part in (look, CONTROL.sub("�", run))]
            page.write_rich_string(row, column, *parts, look)

    def sheet(self, name: str, key: str, title: str, explanation: str, colour: str) -> Any:
        """A new sheet with its first rows and its print set-up."""
        page = self.book.add_worksheet(name, Sheet)
        page.set_tab_color(colour)
        self.text(page, TITLE, 0, title, self.format(bold=True, font_size=14))
        self.text(page, KEY, 0, key, self.format(font_color="#7F7F7F"))
        self.text(page, EXPLANATION, 0, explanation, self.format(italic=True))
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
        self.text(page, LABEL, place, column.label, self.format(bold=True, **look))
        self.text(page, RULE, place, column.rule, self.format(font_size=8, **look))
        self.text(page, CODE, place, column.code, self.format(font_color="#7F7F7F", **look))

    def _cells(self, page: Any, place: int, column: Column) -> None:
        form = self.format(num_format=column.form) if column.form else self.format()
        for row, value in enumerate(column.values, start=FIRST):
            if column.formula:
                page.write_formula(row, place, "=" + column.formula.replace(ROW, str(row + 1)), form, value)
            elif isinstance(value, str):
                self.text(page, row, place, value, form)
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
            self.text(page, CODE, place, wording.say(f"recalc_{part}", self.language), head)
        sheet = "'" + name.replace("'", "''") + "'"
        for row, each in enumerate(parameters.rows, start=FIRST):
            self.text(page, row, 0, each.label, self.format(text_wrap=True))
            self.text(page, row, 1, each.name, self.format(font_color="#7F7F7F"))
            page.write_number(row, 2, each.value, self.format(num_format=each.form, bold=True))
            self.text(page, row, 3, each.basis)
            self.book.define_name(each.name, f"={sheet}!$C${row + 1}")
        below = FIRST + len(parameters.rows) + 1
        self.text(page, below, 0, wording.say("settings", self.language), self.format(bold=True))
        for row, sentence in enumerate(settings, start=below + 1):
            self.text(page, row, 0, sentence[:MOST_CELL], self.format(text_wrap=True, valign="top"))

    def contents(self, title: str, groups: Sequence[tuple[str, Sequence[Board]]]) -> None:
        """The first sheet: what the workbook is, and what stands where."""
        name = wording.say("recalc_sheet_contents", self.language)
        page = self.sheet(name, "", title, wording.say("recalc_about_contents", self.language), "#7F7F7F")
        page.set_column(0, 0, NAME)
        page.set_column(1, 1, 110)
        row = LABEL + 1
        for framework, boards in groups:
            self.text(page, row, 0, framework, self.format(bold=True))
            for row_, board in enumerate(boards, start=row + 1):
                self.text(page, row_, 0, board.name)
                self.text(page, row_, 1, board.explanation, self.format(text_wrap=True))
            row += len(boards) + 2
