"""Writes one survey form as a workbook: the sheet of answers, the guide, and hidden lists of long options.

The same form gives the same bytes. Everything is written as text or number, never as a formula; no cell is merged,
so that rows can be sorted and cells copied.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter

from minhbach import forms_layout as layout
from minhbach import wording
from minhbach.forms_page import GAP, LINE_HEIGHT, OPEN_TO_ALL, lines_of, put, set_footer, set_page, write_guide
from minhbach.forms_plan import Form, Row, Value
from minhbach.forms_rules import date_rule, evidence_rule
from minhbach.forms_style import Style, formats

LIST_SHEET = "Danh mục lựa chọn"
WIDTHS = {
    layout.CODE: 18,
    layout.NUMBER: 8,
    layout.QUESTION: 46,
    layout.UNIT: 12,
    layout.ANSWER: 25,
    layout.EVIDENCE_NUMBER: 17,
    layout.EVIDENCE_TITLE: 30,
    layout.EVIDENCE_DATE: 12,
    layout.REMARK: 22,
}
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
FONT = MappingProxyType({"font_name": "Times New Roman", "font_size": 11})


def write(form: Form, path: Path) -> Path:
    """Write the workbook of a form; its folder is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A copy: XlsxWriter notes things in these settings, and the next form would come out with other bytes.
    book = xlsxwriter.Workbook(str(path), {**OPTIONS, "default_format_properties": dict(FONT)})
    made = datetime.datetime.combine(form.made, datetime.time())
    book.set_properties({"title": f"{form.unit.unit_id} {form.unit.name}", "subject": form.title, "created": made})
    style = formats(book)
    sheet = book.add_worksheet(form.sheet)
    guide = book.add_worksheet(layout.GUIDE_SHEET)
    lists = _lists(book, form)
    _Writer(form, sheet, style, lists).all()
    write_guide(form, guide, style)
    book.close()
    return path


def _lists(book: Any, form: Form) -> dict[tuple[str, ...], str]:
    """The references of option lists that do not fit into a validation, on a sheet that nobody sees."""
    rules = (row.rule for row in form.rows if row.rule)
    long = list(dict.fromkeys(rule.options for rule in rules if rule.options and not rule.inline))
    if not long:
        return {}
    sheet = book.add_worksheet(LIST_SHEET)
    sheet.very_hidden()
    sheet.protect()
    for column, options in enumerate(long):
        for line, option in enumerate(options):
            sheet.write_string(line, column, option)
    last = [xlsxwriter.utility.xl_col_to_name(column, True) for column in range(len(long))]
    return {
        options: f"='{LIST_SHEET}'!{name}$1:{name}${len(options)}" for name, options in zip(last, long, strict=True)
    }


def height(row: Row) -> float:
    """The height of a row in points, with room for its longest wrapped text: programs do not all find it themselves."""
    written = {layout.QUESTION: row.text, layout.ANSWER: row.answer, layout.REMARK: row.remark}
    written |= dict(zip(layout.EVIDENCE, row.evidence, strict=True)) if row.question else {}
    offered = max(row.rule.options, key=len, default="") if row.rule else ""
    texts = [(WIDTHS[header], value) for header, value in written.items() if isinstance(value, str)]
    needed = [lines_of(text, width) for width, text in [*texts, (WIDTHS[layout.ANSWER], offered)]]
    return LINE_HEIGHT * (max(needed) if row.question else 1) + GAP


class _Writer:
    """Writes the sheet of answers, one row after the other."""

    def __init__(self, form: Form, sheet: Any, style: Style, lists: dict[tuple[str, ...], str]) -> None:
        self.form, self.sheet, self.style, self.lists = form, sheet, style, lists
        self.place = {header: column for column, header in enumerate(form.columns)}
        self.line = 0
        self.dates = date_rule(form.language)
        self.proof = evidence_rule(form.language)

    def all(self) -> None:
        for text, look in self._titles():
            self._across(text, look)
        self._header()
        for row in self.form.rows:
            self._row(row)
            self.line += 1
        self._page()

    def _titles(self) -> Iterator[tuple[str, str]]:
        say = wording.say
        yield say("form_title", self.form.language), "title"
        yield self.form.title, "subtitle"
        if self.form.mark:
            yield self.form.mark, "mark"
        yield say("form_legend", self.form.language), "legend"

    def _across(self, text: str, look: str) -> None:
        """A line centred over the table; never in the first column, which holds codes and nothing else."""
        for column in range(1, len(self.form.columns)):
            self._put(column, text if column == 1 else None, look)
        self.line += 1

    def _header(self) -> None:
        for column, header in enumerate(self.form.columns):
            self._put(column, header, "header")
            self.sheet.set_column(column, column, WIDTHS[header])
        self.sheet.set_row(self.line, 2 * LINE_HEIGHT + GAP)
        self.sheet.repeat_rows(self.line)
        self.line += 1
        self.sheet.freeze_panes(self.line, 0)

    def _row(self, row: Row) -> None:
        for header, value, look in self._cells(row):
            self._put(self.place[header], value, look)
        self.sheet.set_row(self.line, height(row))
        if row.question and row.rule:
            self._rules(row)

    def _cells(self, row: Row) -> Iterator[tuple[str, Value, str]]:
        if row.kind == "band":
            yield from ((header, row.text if header == layout.NUMBER else None, "band") for header in layout.HEADERS)
            return
        yield layout.CODE, row.code, "code"
        if row.question is None or row.rule is None:
            yield layout.QUESTION, row.text, "head"
            yield layout.ANSWER, row.answer, row.kind
            return
        yield layout.NUMBER, row.number, "number"
        yield layout.QUESTION, row.text, "text"
        yield layout.UNIT, row.unit, "unit"
        yield layout.ANSWER, row.answer, f"answer {row.rule.number_format}"
        wanted = row.question.evidence
        for header, value in zip(layout.EVIDENCE, row.evidence, strict=True):
            date = header == layout.EVIDENCE_DATE
            yield header, value, f"evidence {wanted}" + (" date" if date and wanted != "none" else "")
        yield layout.REMARK, row.remark, "remark"

    def _rules(self, row: Row) -> None:
        assert row.question
        assert row.rule
        rule = dict(row.rule.validation)
        if row.rule.options:
            rule["source"] = list(row.rule.options) if row.rule.inline else self.lists[row.rule.options]
        self._validate(layout.ANSWER, rule)
        if row.question.evidence != "none":
            self._validate(layout.EVIDENCE_DATE, self.dates)
        if row.question.evidence == "required":
            self._validate(layout.EVIDENCE_NUMBER, self.proof)

    def _validate(self, header: str, rule: dict[str, Any]) -> None:
        column = self.place[header]
        self.sheet.data_validation(self.line, column, self.line, column, rule)

    def _put(self, column: int, value: Value, look: str) -> None:
        put(self.sheet, self.line, column, value, self.style[look])

    def _page(self) -> None:
        set_page(self.sheet, self.form)
        set_footer(self.sheet, self.form)
        self.sheet.set_landscape()
        self.sheet.protect("", OPEN_TO_ALL)
