"""A form written anew with what a unit answered, where its own file cannot be edited in place (.xls, .ods, damaged)."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from minhbach import forms_book, forms_plan
from minhbach.editions import Setup
from minhbach.forms_layout import ANSWER, FIXED, HEAD, NO, YES
from minhbach.forms_plan import Form, Row, Value, filled
from minhbach.framework import Framework
from minhbach.ingest_files import RefusalError, receive
from minhbach.model import Question
from minhbach.numbers import from_text
from minhbach.responses_layout import find_layout
from minhbach.responses_open import open_book

Rows = Mapping[tuple[str, str], Any]


@dataclass(frozen=True)
class Fresh:
    """The workbook, the name of its sheet, and the cell of each field's answer."""

    content: bytes
    sheet: str
    cells: Mapping[str, str]


class Blanks:
    """The empty forms of a framework's units, planned once."""

    def __init__(self, setup: Setup, framework: Framework, language: str) -> None:
        self.setup, self.framework, self.language = setup, framework, language
        self._forms: dict[str, Form] = {}

    def of(self, unit_id: str) -> Form:
        """The empty form of a unit."""
        if not self._forms:
            forms = forms_plan.forms_of(self.setup, self.framework, self.language)
            self._forms = {form.unit.unit_id: form for form in forms}
        return self._forms[unit_id]


def write(blanks: Blanks, unit_id: str, file: str, observations: Rows, evidence: Rows) -> Fresh:
    """The form of a unit with its answers, documents and contact; empty where its file could not be read."""
    contact = _contact(blanks, file)
    empty = blanks.of(unit_id)
    rows = [_filled(row, unit_id, contact, observations, evidence) for row in empty.rows]
    with tempfile.TemporaryDirectory() as folder:
        path = forms_book.write(replace(empty, rows=tuple(rows)), Path(folder) / "form.xlsx")
        layout = find_layout(open_book(receive(Path(folder), path.name)), blanks.framework)
        cells = {field_id: lines[0].address(ANSWER) for field_id, lines in layout.lines.items()}
        return Fresh(path.read_bytes(), layout.pages[0].name, cells)


def _contact(blanks: Blanks, file: str) -> Mapping[str, str]:
    """Who filled the form in, as far as the file can be opened."""
    try:
        layout = find_layout(open_book(receive(blanks.setup.edition.raw, file)), blanks.framework)
    except RefusalError:
        return {}
    lines = {code: layout.line(code) for code in HEAD if code not in FIXED}
    return {code: line.text(ANSWER) for code, line in lines.items() if line}


def _filled(row: Row, unit_id: str, contact: Mapping[str, str], observations: Rows, evidence: Rows) -> Row:
    if row.kind == "contact":
        return filled(row, contact.get(row.code) or None)
    observed = observations.get((unit_id, row.code))
    if row.question is None or observed is None:
        return row
    given = evidence.get((unit_id, row.code))
    if given is None:
        return filled(row, _answer(observed, row.question))
    documents = (given.number or None, given.title or None, _date(given.date))
    return filled(row, _answer(observed, row.question), documents, given.remark or None)


def _answer(observed: Any, question: Question) -> Value:
    """The unit's own answer: as a value where it could be read and no correction replaced it, otherwise as text."""
    if not observed.value or observed.correction_id:
        return observed.raw_text or None
    if question.numeric:
        value = from_text(observed.value)
        return int(value) if value.denominator == 1 else float(value)
    if question.type == "yes_no":
        return YES if observed.value == "yes" else NO
    return _date(observed.value) if question.type == "date" else str(observed.value)


def _date(text: str) -> Value:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text or None
