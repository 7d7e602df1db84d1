"""The CSV tables of a draft, read without any guessing and without a table library, and looked up by key."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from minhbach import tables_columns, wording
from minhbach.errors import DataError

Record = Mapping[str, str]
MOST_LETTERS = 10_000_000  # a cell of ours may be longer than the csv module's own limit


@dataclass(frozen=True)
class Table:
    """A table whose cells are texts; `of` finds rows by the first column."""

    file: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    _lists: dict[str, Lists] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __iter__(self) -> Iterator[Record]:
        return (self._record(row) for row in self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def of(self, key: str) -> list[Record]:
        """The rows whose first cell is `key`."""
        return self.by(self.columns[0]).get(key, [])

    def by(self, column: str) -> Lists:
        """The rows by the texts of a column."""
        if column not in self._lists:
            self._lists[column] = Lists(self, column)
        return self._lists[column]

    def at(self, place: int) -> Record:
        """The row at a place, from 0."""
        return self._record(self.cells[place])

    def one(self, key: str, **further: str) -> Record | None:
        """The row with this first cell and these further ones; None if there is none."""
        return next((row for row in self.of(key) if all(row.get(name) == text for name, text in further.items())), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The different first cells, in order."""
        return tuple(self.by(self.columns[0]))

    def _record(self, row: tuple[str, ...]) -> Record:
        return dict(zip(self.columns, row, strict=True))


class Lists(Mapping[str, list[Record]]):
    """The rows of a table by one column; records are made when they are asked for, since tables have many rows."""

    def __init__(self, table: Table, column: str) -> None:
        self.table, at = table, table.columns.index(column)
        self._places: dict[str, list[int]] = {}
        for place, row in enumerate(table.cells):
            self._places.setdefault(row[at], []).append(place)

    def __getitem__(self, key: str) -> list[Record]:
        return [self.table.at(place) for place in self._places[key]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Keyed(Mapping[str, Record]):
    """The last row of a table for each text of a column; each record is made once, when it is asked for."""

    def __init__(self, table: Table, column: str) -> None:
        self.table, at = table, table.columns.index(column)
        self._places = {row[at]: place for place, row in enumerate(table.cells)}
        self._made: dict[str, Record] = {}

    def where(self, column: str, text: str) -> list[str]:
        """The keys of the rows with this text in a column; no record is made."""
        at, cells = self.table.columns.index(column), self.table.cells
        return [key for key, place in self._places.items() if cells[place][at] == text]

    def __getitem__(self, key: str) -> Record:
        if key not in self._made:
            self._made[key] = self.table.at(self._places[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def read(path: Path, language: str) -> Table:
    """A table that a run wrote.

    Raises:
        DataError: it is not there, or not the table that a run writes.
    """
    csv.field_size_limit(MOST_LETTERS)
    name = path.as_posix()
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(map(tuple, filter(None, csv.reader(stream, strict=True))))
    except FileNotFoundError:
        said = {"file": name, "advice": tables_columns.advice(path, language)}
        raise DataError(wording.say("trace_no_table", language, **said)) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise tables_columns.damaged(path, str(error), language) from None
    if not rows or len(set(map(len, rows))) > 1:
        reason = wording.say("trace_uneven" if rows else "trace_empty", language)
        raise tables_columns.damaged(path, reason, language)
    tables_columns.check(path, rows[0], tables_columns.needed(path), language)
    return Table(name, rows[0], tuple(rows[1:]))
