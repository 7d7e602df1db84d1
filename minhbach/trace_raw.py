"""Reads single cells of received files again, with the readers of the run, and what they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from minhbach.findings import column_number
from minhbach.ingest_files import Received, RefusalError, receive
from minhbach.ingest_values import raw_text, read_answer
from minhbach.ingest_workbook import Grid, open_grid
from minhbach.model import Question
from minhbach.responses_open import Book, open_book
from minhbach.responses_values import read_value
from minhbach.trace_evidence import Evidence
from minhbach.trace_tables import Record

ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Seen:
    """A cell as typed, and the value that it answers to its question (empty when it answers nothing)."""

    text: str
    value: str


class RawFile:
    """One received file; it is opened once, when the first cell is asked for."""

    def __init__(self, evidence: Evidence, framework_id: str, file: str) -> None:
        self.evidence, self.framework_id, self.file = evidence, framework_id, file

    def seen(self, row: Record, question: Question) -> Seen:
        """What stands in the cell of an observation.

        Raises:
            RefusalError: the file, the sheet or the cell cannot be read (any more).
        """
        match = ADDRESS.fullmatch(row["cell"])
        if match is None:
            raise RefusalError("missing_cell", value=row["cell"])
        place = (int(match[2]) - 1, column_number(match[1]) - 1)
        table = self.evidence.assessed(self.framework_id).table
        if table is None:
            return self._answer(row["sheet"], place, question)
        if place in self._grid.scan.errors or place in self._grid.scan.unvalued:
            return Seen(self._grid.scan.errors.get(place, ""), "")
        cell = self._grid.cell(*place)
        return Seen(raw_text(cell), read_answer(cell, question, table).value)

    def _answer(self, sheet: str, place: tuple[int, int], question: Question) -> Seen:
        page = next((page for page in self._book.pages if page.name == sheet), None)
        if page is None:
            raise RefusalError("missing_sheet", value=sheet)
        read = read_value(page, place, question)
        return Seen(read.text, read.answer.value)

    @cached_property
    def _received(self) -> Received:
        return receive(self.evidence.edition.raw, self.file)

    @cached_property
    def _grid(self) -> Grid:
        table = self.evidence.assessed(self.framework_id).table
        assert table is not None
        return open_grid(self._received, table)

    @cached_property
    def _book(self) -> Book:
        return open_book(self._received)
