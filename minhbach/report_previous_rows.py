"""The rows of changes.csv as the report cites them: each number of the edition before, and each change, as a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from minhbach import tables
from minhbach.book import Book, output
from minhbach.levels import schemes
from minhbach.model import Levels, Ranking
from minhbach.numbers import from_text
from minhbach.previous import COMPARABLE
from minhbach.previous_causes import COLUMNS as CAUSE_COLUMNS
from minhbach.previous_changes import COLUMNS
from minhbach.results import Results, level_words
from minhbach.units import Unit

TABLE: Final = "changes"
CAUSES_TABLE: Final = "causes"
DASH: Final = "–"


@dataclass(frozen=True)
class Changes:
    """What changed in the results of one framework."""

    book: Book
    results: Results

    @cached_property
    def frame(self) -> pd.DataFrame:
        """changes.csv; empty where the edition before did not have this framework."""
        return self._read("changes", COLUMNS)

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """comparable.csv."""
        return self._read("comparable", COMPARABLE)

    @cached_property
    def causes(self) -> pd.DataFrame:
        """causes.csv; empty where changes could not be split by cause."""
        return self._read(CAUSES_TABLE, CAUSE_COLUMNS)

    def _read(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        file: Path = output(self.book.setup.edition).draft / self.results.framework.id / f"{name}.csv"
        return tables.read(file) if file.is_file() else pd.DataFrame(columns=list(columns), dtype="str")

    @cached_property
    def rows(self) -> dict[tuple[str, str], Any]:
        """Rows by unit and what they are about."""
        return {(row.unit_id, row.what): row for row in tables.rows(self.frame)}

    @cached_property
    def schemes(self) -> dict[str, Levels]:
        """Level schemes by the id that levels.csv has."""
        return {key: scheme for scheme in self.results.framework.levels for key in schemes(scheme)}

    @property
    def rankings(self) -> list[Ranking]:
        """Rankings by something that means the same in both editions."""
        known = {what for _, what in self.rows}
        return [each for each in self.results.framework.rankings if what(each) in known]

    def both(self, ranking: Ranking) -> list[Unit]:
        """The units that have the ranking's value in both editions, in the order of this edition's ranks."""
        return [unit for unit in self.results.ranked if self._has_change(unit.unit_id, what(ranking))]

    def _has_change(self, unit_id: str, about: str) -> bool:
        row = self.rows.get((unit_id, about))
        return row is not None and row.change != ""

    def span(self, scope: str, unit_id: str, about: str) -> str:
        """The span of a number of the edition before (`previous`) or of its change; a dash where there is none."""
        row = self.rows.get((unit_id, about))
        text = "" if row is None else row.before if scope == "previous" else row.change
        if row is None or not text:
            return DASH
        fact_id, source = f"{scope}/{unit_id}/{about}", f"changes.csv: {'before' if scope == 'previous' else 'change'}"
        if row.kind == "level" and scope == "previous":
            words = level_words(self.schemes[about], text, self.results.language)
            return self.results.ledger.words(fact_id, text, words, "previous", source)
        return self.results.ledger.number(fact_id, from_text(text), self.places(row.kind), scope, source)

    def signed(self, unit_id: str, about: str) -> str:
        """The span of a change, with a plus where it is one."""
        row = self.rows.get((unit_id, about))
        up = row is not None and bool(row.change) and from_text(row.change) > 0
        return ("+" if up else "") + self.span("change", unit_id, about)

    def places(self, kind: str) -> int:
        """Decimals of a kind of number."""
        rounding = self.results.framework.rounding
        return {"points": rounding.shown, "share": rounding.share}.get(kind, 0)


def what(ranking: Ranking) -> str:
    """What a ranking looks at, as changes.csv names it."""
    return f"{ranking.by}.share" if ranking.on == "share" else ranking.by


def register(book: Book) -> None:
    """Makes changes.csv of all frameworks a table that queries may select from."""
    frames = [Changes(book, each).frame.assign(framework=each.framework.id) for each in book]
    book.ledger.add(TABLE, pd.concat(frames, ignore_index=True))
    split = [Changes(book, each).causes.assign(framework=each.framework.id) for each in book]
    book.ledger.add(CAUSES_TABLE, pd.concat(split, ignore_index=True))
