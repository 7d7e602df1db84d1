"""Plain queries answered from the tables themselves: a trace asks hundreds, and a database takes time for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from minhbach.facts_query import exact
from minhbach.trace_frames import UNITS, Frames

Row = tuple[str, ...]
Scope = tuple[str, ...]
Wide = tuple[Row, list[Row]]
# select … from a table, alone or joined with units, where column = 'text' and column in ('text', 'text') … /* remark */
TEXT = "'[^']*'"
COMPARED: Final = re.compile(rf"([a-z_]+) (?:(=|<>) ({TEXT})|in \(({TEXT}(?:, {TEXT})*)\))")
PLAIN: Final = re.compile(
    r"select (?!.*\bselect\b)[^']*? from "
    r"(?P<table>scores|levels|ranks|robustness|blocking|findings|observations|corrections|confirmations|receipts)"
    r"(?P<join> join units using \(unit_id\))? where "
    rf"(?P<where>{COMPARED.pattern}(?: and {COMPARED.pattern})*)(?: /\*[^'/]*\*/)?"
)
CELL: Final = re.compile(r"select (?P<column>[a-z_]+)(?P<whole>::integer)? from ")
MADE: Final = ("blocking",)  # not a file
PARTED: Final = ("node_id", "scheme", "ranking", "unit_id")  # of which many queries ask for one


class Plain:
    """Rows and cells that plain queries over the tables of a build read, as the database gives them."""

    def __init__(self, frames: Frames) -> None:
        self.frames, self.evidence = frames, frames.evidence
        self._wides: dict[tuple[Scope, str, bool], Wide] = {}
        self._parts: dict[tuple[Scope, str, bool, int], dict[str, list[Row]]] = {}

    def rows(self, sql: str, scope: Scope) -> list[Mapping[str, str]] | None:
        """The rows with all columns, in the order of all columns; None where the query is not plain."""
        found = PLAIN.fullmatch(sql)
        if found is None:
            return None
        table, joined = found["table"], bool(found["join"])
        columns, rows = self._wide(scope, table, joined)
        asked = [
            (name, sign != "<>", re.findall(TEXT, one or several))
            for name, sign, one, several in COMPARED.findall(found["where"])
        ]
        if any(name not in columns for name, _, _ in asked):
            return None
        checks = [(columns.index(name), same, {text[1:-1] for text in texts}) for name, same, texts in asked]
        wanted = next(
            ((at, *texts) for at, same, texts in checks if same and columns[at] in PARTED and len(texts) == 1), ()
        )
        kept = self._part(scope, table, joined, wanted[0]).get(wanted[1], []) if wanted else rows
        listed = [row for row in kept if all((row[at] in texts) == same for at, same, texts in checks)]
        return [dict(zip(columns, row, strict=True)) for row in sorted(listed)]

    def cell(self, sql: str, scope: Scope) -> Fraction | None:
        """The value of a plain query for one cell; None where it is not plain, or asks for something else.

        Raises:
            ValueError: the cell has no number.
        """
        one = CELL.match(sql)
        rows = self.rows(sql, scope) if one else None
        if one is None or not rows or len(rows) > 1 or one["column"] not in rows[0]:
            return None
        text = rows[0][one["column"]]
        return Fraction(int(text)) if one["whole"] else exact(text, sql)

    def _wide(self, scope: Scope, name: str, joined: bool) -> Wide:
        """The columns and rows of a table of some frameworks, with those of each row's unit where they are asked."""
        key = (scope, name, joined)
        if key not in self._wides:
            wide = self._made(scope, name) if name in MADE else self._read(scope, name)
            self._wides[key] = self._with_units(*wide) if joined else wide
        return self._wides[key]

    def _made(self, scope: Scope, name: str) -> Wide:
        frame = self.frames.frame(name, scope)
        return tuple(frame.columns), list(frame.itertuples(index=False, name=None))

    def _read(self, scope: Scope, name: str) -> Wide:
        known = [each for each in scope if self.evidence.path(each, name).is_file()] or list(scope)
        tables = [(each, self.evidence.table(each, name)) for each in known]
        columns = (*tables[0][1].columns, "framework")
        if any((*table.columns, "framework") != columns for _, table in tables):
            return self._made(scope, name)
        return columns, [(*row, each) for each, table in tables for row in table.cells]

    def _with_units(self, columns: Row, rows: list[Row]) -> Wide:
        more, at = UNITS[1:], columns.index(UNITS[0])
        units = {each.unit_id: tuple(str(getattr(each, name)) for name in more) for each in self.evidence.units}
        return (*columns, *more), [(*row, *units[row[at]]) for row in rows if row[at] in units]

    def _part(self, scope: Scope, name: str, joined: bool, at: int) -> Mapping[str, list[Row]]:
        """The rows of a table by one of its columns."""
        key = (scope, name, joined, at)
        if key not in self._parts:
            parts: dict[str, list[Row]] = {}
            for row in self._wide(scope, name, joined)[1]:
                parts.setdefault(row[at], []).append(row)
            self._parts[key] = parts
        return self._parts[key]
