"""Facts about many units as steps: each query is run once, and rows are shared by the queries that read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

import duckdb

from minhbach.audit_evidence import Build
from minhbach.corrections_impact import Impact
from minhbach.facts import DUCKDB
from minhbach.numbers import exact_text
from minhbach.trace_answers import Answers
from minhbach.trace_graph import Step, checked
from minhbach.trace_query import Queries
from minhbach.trace_received import Received

Key = tuple[str, ...]
Wide = tuple[Key, list[Key]]
# select … from a table, alone or joined with units, where column = 'text' and column <> 'text' … /* a remark */
COMPARED = re.compile(r"([a-z_]+) (=|<>) '([^']*)'")
PLAIN = re.compile(
    r"select (?!.*\bselect\b)[^']*? from (?P<table>scores|levels|ranks|robustness)"
    r"(?P<join> join units using \(unit_id\))? where "
    r"(?P<where>[a-z_]+ (?:=|<>) '[^']*'(?: and [a-z_]+ (?:=|<>) '[^']*')*)(?: /\*[^'/]*\*/)?"
)
CELL = re.compile(r"select (?P<column>[a-z_]+)(?:::integer)? from ")
PARTED = ("node_id", "scheme", "ranking", "unit_id")  # of which many queries ask for one
NOT_PLAIN = re.compile(r"\bselect\b.*\bselect\b|\b(with|group|having|qualify|union|limit|distinct on)\b", re.I | re.S)


class SharedReceived(Received):
    """What would stand without the corrections, scored once."""

    def __init__(self, build: Build, answers: Answers) -> None:
        super().__init__(build, answers)
        self._impacts: dict[str, Impact] = {}

    def _impact(self, framework_id: str) -> Impact:
        if framework_id not in self._impacts:
            self._impacts[framework_id] = super()._impact(framework_id)
        return self._impacts[framework_id]


class SharedQueries(Queries):
    """Queries over tables that are handed to the database once, and rows that several queries read."""

    def __init__(self, build: Build) -> None:
        super().__init__(build)
        self._made: dict[tuple[Key, Key], Step] = {}
        self._wides: dict[tuple[Key, str, bool], Wide] = {}
        self._parts: dict[tuple[Key, str, bool, int], dict[str, list[Key]]] = {}
        self._listed: dict[tuple[Key, str], list[Mapping[str, str]]] = {}

    def step(self, fact_id: str, sql: str, value: str) -> Step:
        """The query of a fact, its value now, and the rows it reads."""
        now, listed = exact_text(self._value(sql)), self.rows(sql)
        note = "" if Fraction(now) == Fraction(value) else self.evidence.say("query_differs", value=now)
        children = tuple(self._row(self.named(sql), row) for row in listed)
        text = self.evidence.say("query", sql=" ".join(sql.split()), count=len(listed))
        return Step("query", fact_id, text, now, checked(not note), note, children)

    def rows(self, sql: str) -> list[Mapping[str, str]]:
        """The rows that a query reads; those of plain queries with the same FROM and WHERE are read once."""
        key = (self._scope(sql), sql if NOT_PLAIN.search(sql) else sql.partition(" from ")[2])
        if key not in self._listed:
            found = PLAIN.fullmatch(sql)
            self._listed[key] = self._plain(key[0], found) if found else super().rows(sql)
        return self._listed[key]

    def _plain(self, scope: Key, found: re.Match[str]) -> list[Mapping[str, str]]:
        """The rows of a table, or of a table joined with units, for which all of some comparisons with texts hold.

        As the database gives them: with all columns, in the order of all columns. It would scan the table each time.
        """
        asked = [(name, sign == "=", text) for name, sign, text in COMPARED.findall(found["where"])]
        columns, rows = self._wide(scope, found["table"], bool(found["join"]))
        checks = [(columns.index(name), same, text) for name, same, text in asked]
        wanted = next(((at, text) for at, same, text in checks if same and columns[at] in PARTED), None)
        kept = self._part(scope, found["table"], bool(found["join"]), wanted[0]).get(wanted[1], []) if wanted else rows
        listed = [row for row in kept if all((row[at] == text) == same for at, same, text in checks)]
        return [dict(zip(columns, row, strict=True)) for row in sorted(listed)]

    def _wide(self, scope: Key, table: str, joined: bool) -> Wide:
        """The columns and rows of a table, with those of the unit of each row where they are asked for."""
        key = (scope, table, joined)
        if key not in self._wides:
            frame = self.frames.frame(table, scope)
            frame = frame.merge(self.frames.frame("units", scope), on="unit_id") if joined else frame
            self._wides[key] = tuple(frame.columns), list(frame.itertuples(index=False, name=None))
        return self._wides[key]

    def _part(self, scope: Key, table: str, joined: bool, at: int) -> Mapping[str, list[Key]]:
        """The rows of a table by one of its columns."""
        key = (scope, table, joined, at)
        if key not in self._parts:
            parts: dict[str, list[Key]] = {}
            for row in self._wide(scope, table, joined)[1]:
                parts.setdefault(row[at], []).append(row)
            self._parts[key] = parts
        return self._parts[key]

    def _value(self, sql: str) -> Fraction:
        """What a query gives: one value, or a numerator and a denominator; a cell of a table without the database."""
        one = CELL.match(sql) if PLAIN.fullmatch(sql) else None
        listed = self.rows(sql) if one else []
        if one and len(listed) == 1:
            return Fraction(listed[0][one["column"]])
        rows = self._database(sql).execute(sql).fetchall()
        over, under = (*rows[0], 1)[:2]
        return Fraction(over) / Fraction(under)

    def _database(self, sql: str) -> duckdb.DuckDBPyConnection:
        scope = self._scope(sql)
        if scope not in self._connections:  # hundreds of small queries: threads would cost more than they save
            self._connections[scope] = duckdb.connect(config={**DUCKDB, "threads": "1"})
        return super()._database(sql)

    def _row(self, tables: tuple[str, ...], row: Mapping[str, str]) -> Step:
        key = (tables, tuple(row.values()))
        if key not in self._made:
            self._made[key] = super()._row(tables, row)
        return self._made[key]
