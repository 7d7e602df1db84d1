"""The small CSV files that people keep beside an edition: corrections, confirmations, receipts.

All three are read alike: UTF-8, the columns by name in any order, every mistake said at once, by line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from minhbach.errors import FileError, Problem
from minhbach.shapes import suggestion
from minhbach.units import Unit, Units

MAX_BYTES = 20_000_000
SHOWN = 60


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on (from 1) and its cells by column, exactly as they stand."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """A cell without the spaces around it."""
        return self.cells[column].strip()


@dataclass
class Sheet:
    """The rows of a file, and the mistakes found in it so far."""

    name: str
    rows: tuple[Row, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def say(self, row: Row, column: str, message: str) -> None:
        """Adds a mistake."""
        self.problems.append(Problem(row.line, column, message))

    def filled(self, row: Row, columns: Iterable[str]) -> None:
        """Says which of these cells are empty."""
        for column in columns:
            if not row.text(column):
                self.say(row, column, "is empty.")

    def known(self, row: Row, column: str, among: Iterable[str], what: str) -> bool:
        """Whether the cell is one of `among`; says the nearest if not. An empty cell is said by `filled`."""
        text, names = row.text(column), list(among)
        if text and text not in names:
            hint = suggestion(text, names) or "see how it is written in the edition's files."
            self.say(row, column, f"there is no {what} {text[:SHOWN]!r}; {hint}")
        return text in names

    def unit(self, row: Row, units: Units) -> Unit | None:
        """The unit of the row; says which was meant where the cell holds a name or a misspelt id."""
        text = row.text("unit_id")
        found = units.get(text)
        if text and found is None:
            near = units.match(text) or units.nearest(text)
            ids = suggestion(text, [unit.unit_id for unit in units])
            hint = f"did you mean {near.unit_id!r} ({near.name})?" if near else ids or "see units.csv."
            self.say(row, "unit_id", f"there is no unit {text[:SHOWN]!r}; {hint}")
        return found

    def date(self, row: Row, column: str) -> date | None:
        """The day in the cell; says that it must be ISO. An empty cell is said by `filled`."""
        text = row.text(column)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if text and (day is None or day.isoformat() != text):
            self.say(row, column, f"{text[:SHOWN]!r} is not a date such as 2022-10-24 (year-month-day).")
            return None
        return day

    def once(self, row: Row, column: str, key: object, first: dict[object, int], what: str) -> None:
        """Says that a key came before; `first` remembers the line of each."""
        if key in first:
            self.say(row, column, f"{what} stands twice, first on line {first[key]}.")
        first.setdefault(key, row.line)

    def finish(self) -> None:
        """Raises FileError if there was any mistake."""
        if self.problems:
            raise FileError(self.name, self.problems)


def read(path: Path, columns: Sequence[str]) -> Sheet:
    """The rows of a file; no rows when there is no such file, because an edition need not have one.

    Raises:
        FileError: the file cannot be read, is no CSV in UTF-8, or has other columns; all of it by line.
    """
    if not path.exists():
        return Sheet(path.as_posix())
    lines = _lines(path)
    header = [text.strip() for text in lines[0][1]] if lines else []
    if problems := list(_header_problems(header, columns)):
        raise FileError(path.as_posix(), problems)
    filled = [(line, cells) for line, cells in lines[1:] if any(cell.strip() for cell in cells)]
    problems = [
        Problem(line, "", f"has {len(cells)} cells; the header has {len(header)}.")
        for line, cells in filled
        if len(cells) != len(header)
    ]
    rows = tuple(
        Row(line, dict(zip(header, cells, strict=True))) for line, cells in filled if len(cells) == len(header)
    )
    return Sheet(path.as_posix(), rows, problems)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """The rows of the CSV, each with the line it begins on."""

    def refusal(line: int, message: str) -> FileError:
        return FileError(path.as_posix(), [Problem(line, "", message)])

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refusal(1, f"cannot be read: {error.strerror}.") from None
    if len(raw) > MAX_BYTES:
        raise refusal(1, f"has {len(raw)} bytes; at most {MAX_BYTES} are read.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refusal(line, "is not UTF-8; save the file as CSV UTF-8.") from None
    return _cells(text, refusal)


def _cells(text: str, refusal: Callable[[int, str], FileError]) -> list[tuple[int, list[str]]]:
    reader, rows, line = csv.reader(io.StringIO(text, newline=""), strict=True), [], 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise refusal(reader.line_num, f"is not CSV: {error}.") from None
    return rows


def _header_problems(header: list[str], columns: Sequence[str]) -> Iterable[Problem]:
    for position, column in enumerate(header):
        if column in header[:position]:
            yield Problem(1, column, "the column stands twice in the header.")
        elif column not in columns:
            hint = suggestion(column, columns) or f"the columns are: {', '.join(columns)}."
            yield Problem(1, column or f"column {position + 1}", f"is not a column of this file; {hint}")
    for column in columns:
        if column not in header:
            yield Problem(1, column, "the column is missing; add it to the header.")
