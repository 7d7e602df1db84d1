"""The CSV tables of a draft, read without any guessing and without a table library, and looked up by key."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from minhbach import trace_words
from minhbach.errors import DataError

Record = Mapping[str, str]
MOST_LETTERS = 10_000_000  # a cell of ours may be longer than the csv module's own limit


@dataclass(frozen=True)
class Table:
    """A table whose cells are texts; `of` finds rows by the first column."""

    file: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    def __iter__(self) -> Iterator[Record]:
        return (self._record(row) for row in self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def of(self, key: str) -> list[Record]:
        """The rows whose first cell is `key`."""
        return [self._record(self.cells[place]) for place in self._places.get(key, ())]

    def one(self, key: str, **further: str) -> Record | None:
        """The row with this first cell and these further ones; None if there is none."""
        return next((row for row in self.of(key) if all(row.get(name) == text for name, text in further.items())), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The different first cells, in order."""
        return tuple(self._places)

    def _record(self, row: tuple[str, ...]) -> Record:
        return dict(zip(self.columns, row, strict=True))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, row in enumerate(self.cells):
            places.setdefault(row[0], []).append(place)
        return places


def read(path: Path, language: str) -> Table:
    """A table that a run wrote.

    Raises:
        DataError: it is not there, or not the table that a run writes.
    """
    csv.field_size_limit(MOST_LETTERS)
    name = path.as_posix()
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [tuple(row) for row in csv.reader(stream, strict=True) if row]
    except FileNotFoundError:
        raise DataError(trace_words.say("no_table", language, file=name)) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(trace_words.say("bad_table", language, file=name, reason=error)) from None
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        reason = trace_words.say("uneven", language)
        raise DataError(trace_words.say("bad_table", language, file=name, reason=reason))
    return Table(name, rows[0], tuple(rows[1:]))
