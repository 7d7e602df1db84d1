"""Facts about many units: the SQL is run again, and the rows that it reads are shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import duckdb

from minhbach import tables_columns
from minhbach.errors import DataError
from minhbach.facts_query import DUCKDB, select
from minhbach.numbers import exact_text
from minhbach.trace_evidence import Evidence
from minhbach.trace_frames import TABLES, Frames
from minhbach.trace_graph import Step, checked
from minhbach.trace_plain import Plain

EVERYTHING = {
    "class": "STAR", "type": "STAR", "alias": "", "relation_name": "", "exclude_list": [], "replace_list": [],
    "columns": False, "expr": None,
}  # fmt: skip
WITHOUT: dict[str, object] = {
    "modifiers": [],
    "group_expressions": [],
    "group_sets": [],
    "having": None,
    "qualify": None,
}
NOT_PLAIN = re.compile(r"\bselect\b.*\bselect\b|\b(with|group|having|qualify|union|limit|distinct on)\b", re.I | re.S)
FROM = re.compile(r'\b(?:from|join)\s+"?([a-z_]*)')
FRAMEWORK = re.compile(r"\bframework\s*=\s*'([^']*)'")
# How a row of a table is named so that `trace` takes the name: by its unit and what the row is about.
ABOUT = {"scores": "node_id", "levels": "scheme", "ranks": "ranking", "comparisons": "comparison",
         "observations": "field_id", "evidence": "field_id", "blocking": "scheme",
         "robustness": "outcome", "causes": "ranking"}  # fmt: skip
FIRM = "robustness"
OWN = {"corrections": ("correction", "correction_id"), "findings": ("finding", "finding_id")}


class Queries:
    """The queries of facts over the tables of a build: only the tables that a query names are read, rows are shared."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.frames = Frames(evidence)
        self.plain = Plain(self.frames)
        self._connections: dict[tuple[str, ...], duckdb.DuckDBPyConnection] = {}
        self._loaded: set[tuple[tuple[str, ...], str]] = set()
        self._listed: dict[tuple[tuple[str, ...], str], list[Mapping[str, str]]] = {}
        self._made: dict[tuple[tuple[str, ...], tuple[str, ...]], Step] = {}

    def step(self, fact_id: str, sql: str, value: str) -> Step:
        """The query of a fact, its value now, and the rows it reads.

        Raises:
            DataError: the text is no query over the tables of a draft.
        """
        try:
            now, listed = exact_text(self._value(sql)), self.rows(sql)
        except (duckdb.Error, ValueError) as error:
            raise self._fails(fact_id, error) from None
        note = "" if Fraction(now) == Fraction(value) else self.evidence.say("query_differs", value=now)
        tables = self.named(sql)
        children = (*self._firm(tables, listed), *(self._row(tables, row) for row in listed))
        text = self.evidence.say("query", sql=" ".join(sql.split()), count=len(listed))
        return Step("query", fact_id, text, now, checked(not note), note, children)

    def references(self, fact_id: str, sql: str) -> list[str]:
        """The references of the rows that the query of a fact reads.

        Raises:
            DataError: the text is no query over the tables of a draft.
        """
        try:
            tables = self.named(sql)
            return [reference(tables, row) for row in self.rows(sql)]
        except duckdb.Error as error:
            raise self._fails(fact_id, error) from None

    def rows(self, sql: str) -> list[Mapping[str, str]]:
        """The rows that a query reads: its FROM and WHERE, with every column."""
        scope = self.scope(sql)
        key = (scope, sql if NOT_PLAIN.search(sql) else sql.partition(" from ")[2])
        if key not in self._listed:
            plain = self.plain.rows(sql, scope)
            self._listed[key] = self._asked(sql) if plain is None else plain
        return self._listed[key]

    def _value(self, sql: str) -> Fraction:
        cell = self.plain.cell(sql, self.scope(sql))
        return select(self._database(sql), sql) if cell is None else cell

    def _asked(self, sql: str) -> list[Mapping[str, str]]:
        """The rows that a query reads, from the database."""
        database = self._database(sql)
        tree = json.loads(database.execute("select json_serialize_sql(?)", [sql]).fetchall()[0][0])
        node: dict[str, Any] = tree["statements"][0]["node"]
        if node.get("type") != "SELECT_NODE":
            return []
        node |= {"select_list": [EVERYTHING], "aggregate_handling": "STANDARD_HANDLING", **WITHOUT}
        written = database.execute("select json_deserialize_sql(?)", [json.dumps(tree)]).fetchall()[0][0]
        found = database.execute(f"{written} order by all")
        names = [each[0] for each in found.description or ()]
        return [dict(zip(names, map(_text, row), strict=True)) for row in found.fetchall()]

    def named(self, sql: str) -> tuple[str, ...]:
        """The tables of a draft whose names stand in a query."""
        read = set(FROM.findall(sql.lower()))
        return tuple(name for name in TABLES if name in read)

    def _database(self, sql: str) -> duckdb.DuckDBPyConnection:
        """A database with the tables that a query names, of the frameworks that it asks for."""
        scope = self.scope(sql)
        if scope not in self._connections:
            # Hundreds of small queries: threads would cost more than they save.
            self._connections[scope] = duckdb.connect(config={**DUCKDB, "threads": "1"})
        database = self._connections[scope]
        for name in self.named(sql):
            if (scope, name) not in self._loaded:
                database.register("given", self.frames.frame(name, scope))
                database.execute(f"create table {name} as select * from given")
                self._loaded.add((scope, name))
        return database

    def scope(self, sql: str) -> tuple[str, ...]:
        """The one framework that every table of a query is asked for, or all of them."""
        asked = FRAMEWORK.findall(sql)
        read = [name for name in FROM.findall(sql.lower()) if name not in ("units", "")]
        one = len(set(asked)) == 1 and len(asked) >= len(read) and asked[0] in self.evidence.framework_ids
        return (asked[0],) if one else self.evidence.framework_ids

    def _fails(self, fact_id: str, error: Exception) -> DataError:
        reason = " ".join(str(error).split())
        said = {
            "fact": fact_id,
            "reason": reason,
            "advice": tables_columns.advice(self.evidence.folder, self.evidence.language),
        }
        return DataError(self.evidence.say("query_fails", **said))

    def _firm(self, tables: tuple[str, ...], listed: list[Mapping[str, str]]) -> tuple[Step, ...]:
        """That robustness.csv is read here, not computed again, and what a single row of it is about."""
        if FIRM not in tables:
            return ()
        text = self.evidence.say("firm")
        one = reference(tables, listed[0]) if len(listed) == 1 else ""
        if "/" in one:
            text += " " + self.evidence.say("firm_next", edition=self.evidence.edition.name, reference=one)
        return (Step("source", f"{FIRM}.csv", text),)

    def _row(self, tables: tuple[str, ...], row: Mapping[str, str]) -> Step:
        key = (tables, tuple(row.values()))
        if key not in self._made:
            shown = ", ".join(f"{name} {text}" for name, text in row.items() if text and name != "framework")
            self._made[key] = Step("row", reference(tables, row), shown)
        return self._made[key]


def reference(tables: tuple[str, ...], row: Mapping[str, str]) -> str:
    """The reference of a row that a query reads, as `trace` takes it; empty where it has none."""
    for name in tables:
        if name in OWN and OWN[name][1] in row:
            return f"{OWN[name][0]}/{row[OWN[name][1]]}"
        if name in ABOUT and row.get("unit_id") and row.get(ABOUT[name]):
            return f"{row['unit_id']}/{row[ABOUT[name]]}"
        if name == "changes" and "what" in row:
            return f"change/{row['unit_id']}/{row['what']}"
        if name == "confirmations" and "round" in row:
            return f"{row['unit_id']}/confirmation.{row['round']}"
        if name == "receipts" and "days_late" in row:
            return f"{row['unit_id']}/receipt"
    return f"unit/{row['unit_id']}" if "unit_id" in row else ""


def _text(value: object) -> str:
    return "" if value is None else str(value)
