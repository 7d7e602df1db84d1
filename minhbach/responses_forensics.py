"""What is odd about a returned form as a whole: an altered template, hidden parts, answers outside the table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from minhbach.findings import cell_name
from minhbach.forms_layout import ANSWER, CODE, GUIDE_SHEET, HEAD, HEADERS, NO, QUESTION, UNIT, YES
from minhbach.framework import Framework
from minhbach.ingest_rows import Notes
from minhbach.ingest_values import raw_text
from minhbach.ingest_workbook import OPENPYXL
from minhbach.model import Question
from minhbach.names import matching_key, nearest
from minhbach.responses_head import Cover
from minhbach.responses_headers import Line
from minhbach.responses_layout import FILLED, MOST_HINTS, Layout
from minhbach.responses_open import VISIBLE, Book, Page
from minhbach.responses_values import decomposed
from minhbach.returned_marks import FINDINGS_SHEET

MOST_CELLS_NAMED = 12


OUR_SHEETS = {matching_key(GUIDE_SHEET), matching_key(FINDINGS_SHEET)}


@dataclass(frozen=True)
class Difference:
    """A place where the form no longer says what the template said."""

    sheet: str
    cell: str
    value: str
    expected: str


def look(book: Book, layout: Layout, framework: Framework, notes: Notes) -> frozenset[str]:
    """Adds what is found about the form as a whole; gives the fields whose code was mistyped."""
    _workbook(book, layout, framework, notes)
    for page in layout.pages:
        _page(page, layout, notes)
    _outside(layout, notes)
    _decomposed(layout, framework, notes)
    return frozenset(_unknown_codes(layout, framework, notes))


def _workbook(book: Book, layout: Layout, framework: Framework, notes: Notes) -> None:
    if book.reader == OPENPYXL:
        notes.add("read_with_openpyxl", severity="note")
    if book.macros:
        notes.add("macros_present", severity="note")
    if book.links:
        notes.add("links_present", severity="note")
    offered = {option for question in framework.fields.values() for option in question.options}
    for page in book.pages:
        ours = page in layout.pages or matching_key(page.name) in OUR_SHEETS
        if not ours and {raw_text(cell).strip() for row in page.rows for cell in row} - offered - {""}:
            notes.add("sheet_not_read", severity="note", sheet=page.name, value=page.name)
    for refusal in book.refused:
        notes.add(refusal.rule, severity="warning", sheet=refusal.sheet, **refusal.details)  # type: ignore[arg-type]


def _page(page: Page, layout: Layout, notes: Notes) -> None:
    lines = _lines(page, layout)
    answered = [line for line in lines if line.text(ANSWER)]
    if page.state != VISIBLE and answered:
        notes.add("sheet_hidden", severity="warning", sheet=page.name, value=page.name)
    hidden = [line for line in answered if page.scan.column_hidden(line.columns[ANSWER])]
    if hidden:
        cells = _cells([line.address(ANSWER) for line in hidden])
        notes.add("column_hidden", severity="warning", sheet=page.name, cell=hidden[0].address(ANSWER), cells=cells)
    if not page.scan.protected:
        notes.add("protection_removed", severity="note", sheet=page.name)
    for header in HEADERS:
        if lines and not any(header in line.columns for line in lines):
            notes.add("column_missing", severity="warning", sheet=page.name, value=header)


def _lines(page: Page, layout: Layout) -> list[Line]:
    """The question rows of a sheet, from the top."""
    lines = [line for code, each in layout.lines.items() if code not in HEAD for line in each if line.page is page]
    return sorted(lines, key=lambda line: line.row)


def _outside(layout: Layout, notes: Notes) -> None:
    for line in layout.loose:
        header = next(header for header in FILLED if line.text(header))
        said = {"value": line.text(header), "cells": line.address(header)}
        notes.add("answer_outside", severity="warning", sheet=line.page.name, cell=line.address(header), **said)
    for page, places in layout.beside:
        cells = [cell_name(*place) for place in places]
        said = {"value": raw_text(page.cell(places[0])), "cells": _cells(cells)}
        notes.add("answer_outside", severity="warning", sheet=page.name, cell=cells[0], **said)


def _decomposed(layout: Layout, framework: Framework, notes: Notes) -> None:
    """One finding for the whole form: it is one program that writes so."""
    found = [
        line
        for page in layout.pages
        for line in _lines(page, layout)
        if (place := line.place(ANSWER)) and decomposed(page, place, framework.fields[line.code])
    ]
    if found:
        said = {"value": unicodedata.normalize("NFC", found[0].text(ANSWER))}
        said |= {"cells": _cells([line.address(ANSWER) for line in found])}
        where = {"sheet": found[0].page.name, "cell": found[0].address(ANSWER)}
        notes.add("decomposed_letters", severity="note", **where, **said)


def _unknown_codes(layout: Layout, framework: Framework, notes: Notes) -> Iterator[str]:
    """A row whose code is not known stands for the missing field that it is most like."""
    missing = [field_id for field_id in framework.fields if field_id not in layout.lines]
    for place, line in enumerate(layout.unknown):
        text = line.text(CODE) if place < MOST_HINTS else ""
        near = nearest(text, missing)
        shown = near or nearest(text, framework.fields)
        severity = "error" if near or any(line.text(header) for header in FILLED) else "warning"
        where = {"sheet": line.page.name, "cell": line.address(CODE)}
        said = {"value": line.text(CODE), "field_id": near, "answer": line.text(ANSWER)}
        notes.add("code_unknown", severity=severity, near=shown, **where, **said)
        if near:
            missing.remove(near)
            yield near


def check_template(layout: Layout, cover: Cover, framework: Framework, holds: bool, notes: Notes) -> None:
    """One warning if the form differs from the template, with the first place and the cells of the others."""
    found = list(_differences(layout, framework))
    lost = [code for code in HEAD if code.startswith("_") and not layout.lines.get(code)]
    if holds and not found and not lost:
        return
    cells = _cells([each.cell for each in found]) or ", ".join(lost[:MOST_CELLS_NAMED])
    if found:
        first = found[0]
        where = {"sheet": first.sheet, "cell": first.cell, "value": first.value, "expected": first.expected}
        notes.add("template_altered", severity="warning", cells=cells, **where)
    elif lost:
        notes.add("head_rows_lost", severity="warning", sheet=layout.pages[0].name, value=cells)
    else:
        value = cover.text("_fingerprint")
        notes.add("fingerprint_differs", severity="warning", value=value, **cover.where("_fingerprint"))


def _differences(layout: Layout, framework: Framework) -> Iterator[Difference]:
    for line in layout.altered:
        texts = [raw_text(cell).strip() for cell in line.page.rows[line.row]]
        keys = {matching_key(text) for text in texts}
        missing = ", ".join(header for header in HEADERS if matching_key(header) not in keys)
        yield Difference(line.page.name, cell_name(line.row, 0), " | ".join(filter(None, texts)), missing)
    for page in layout.pages:
        for line in _lines(page, layout):
            yield from _of_line(line, framework.fields[line.code])


def _of_line(line: Line, question: Question) -> Iterator[Difference]:
    for header, label in ((QUESTION, question.label), (UNIT, question.unit)):
        text = line.text(header)
        known = [label.vi, label.en] if label else [""]
        if header in line.columns and matching_key(text) not in map(matching_key, known):
            yield Difference(line.page.name, line.address(header), text, known[0])
    place = line.place(ANSWER)
    offered = line.page.scan.lists.get(place) if place else None
    options = (YES, NO) if question.type == "yes_no" else question.options
    if offered and options and sorted(offered) != sorted(options):
        yield Difference(line.page.name, line.address(ANSWER), ", ".join(offered), ", ".join(options))


def _cells(cells: list[str]) -> str:
    more = f" … ({len(cells)})" if len(cells) > MOST_CELLS_NAMED else ""
    return ", ".join(cells[:MOST_CELLS_NAMED]) + more
