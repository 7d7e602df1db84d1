"""The ledger of facts: a number is printed only by citing one, and every fact knows where it comes from.

A fact's id reads like a path: `664/so_may_tinh` (an answer), `664/HT1` (points), `664/total.share`, `664/muc_do`
(a level), `664/xep_hang` (a rank), `all/xep_loai.I.count` (a query), `method/HT.max_points` (the framework).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import duckdb
import pandas as pd

from minhbach.markdown import escape
from minhbach.numbers import exact_text, show

COLUMNS = ["fact_id", "value", "shown", "kind", "source", "page", "x", "y"]
EXACT = re.compile(r"-?[0-9]{1,4000}(\.[0-9]{1,4000}|/[1-9][0-9]{0,3999})?")
FACT_ID = re.compile(r"[^\s\"{}\[\]\\]+")
DUCKDB = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
}


@dataclass(frozen=True)
class Fact:
    """A value that may be printed: `value` exact, `shown` as printed, `source` a cell, a formula or an SQL query."""

    fact_id: str
    value: str
    shown: str
    kind: str
    source: str
    page: str = ""
    x: str = ""
    y: str = ""


class Ledger:
    """Declares facts and gives the spans that print them, in one language."""

    def __init__(self, language: str, mode: str, tables: Mapping[str, pd.DataFrame]) -> None:
        """`tables` are what queries may select from; `mode` is how shown numbers are rounded."""
        self.language, self.mode = language, mode
        self._facts: dict[str, Fact] = {}
        self._database = duckdb.connect(config=dict(DUCKDB))
        for name, table in tables.items():
            self._database.register(name, table)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All cited facts, by id."""
        return tuple(self._facts[key] for key in sorted(self._facts))

    def number(self, fact_id: str, value: Fraction | int, places: int, kind: str, source: str) -> str:
        """The span that prints a number, rounded to `places`."""
        if isinstance(value, float):
            raise TypeError(
                f"The fact {fact_id} has the float {value!r}; a fact is exact, a whole number or a fraction."
            )
        exact = Fraction(value)
        return self._cite(Fact(fact_id, exact_text(exact), show(exact, places, self.language, self.mode), kind, source))

    def words(self, fact_id: str, value: str, shown: str, kind: str, source: str) -> str:
        """The span that prints a value which is not a number, such as a level."""
        return self._cite(Fact(fact_id, value, shown, kind, source))

    def query(self, fact_id: str, sql: str, places: int = 0) -> str:
        """The span of a number that an SQL select gives: one value, or a numerator and a denominator."""
        return self.number(fact_id, self.select(sql), places, "query", sql)

    def select(self, sql: str) -> Fraction:
        """The value of a query, exactly (decimals and integers only, never floats)."""
        statements = self._database.extract_statements(sql)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise ValueError(f"{sql}: a query fact is one SELECT.")
        rows = self._database.execute(statements[0]).fetchmany(2)
        if len(rows) != 1:
            raise ValueError(f"{sql}: gives {'no row' if not rows else 'several rows'}; a query fact has one row.")
        parts = [_exact(part, sql) for part in rows[0]]
        if len(parts) not in (1, 2):
            raise ValueError(
                f"{sql}: gives {len(parts)} columns; a query fact has one value, or numerator and denominator."
            )
        if parts[1:] == [0]:
            raise ValueError(f"{sql}: divides by 0; a ratio of nothing is no fact.")
        return parts[0] if len(parts) == 1 else parts[0] / parts[1]

    def _cite(self, fact: Fact) -> str:
        if not FACT_ID.fullmatch(fact.fact_id):
            raise ValueError(f"{fact.fact_id!r} cannot be a fact's id: no spaces, quotes, brackets or backslashes.")
        known = self._facts.setdefault(fact.fact_id, fact)
        if known != fact:
            raise ValueError(
                f"The fact {fact.fact_id} is cited as {fact.shown!r} and as {known.shown!r}; a fact has one value."
            )
        return span(fact)


def span(fact: Fact) -> str:
    """The Markdown that prints a fact."""
    return f'[{escape(fact.shown)}]{{fact="{fact.fact_id}"}}'


def frame(facts: tuple[Fact, ...]) -> pd.DataFrame:
    """The table of facts.csv."""
    return pd.DataFrame([fact.__dict__ for fact in facts], columns=COLUMNS)


def placed(facts: tuple[Fact, ...], places: Mapping[str, tuple[int, float, float]]) -> tuple[Fact, ...]:
    """The facts with the page and position (mm from the top left) at which each is first printed."""
    return tuple(
        replace(
            fact,
            page=str(places[fact.fact_id][0]),
            x=f"{places[fact.fact_id][1]:.2f}",
            y=f"{places[fact.fact_id][2]:.2f}",
        )
        if fact.fact_id in places
        else fact
        for fact in facts
    )


def _exact(part: object, sql: str) -> Fraction:
    if isinstance(part, (int, Decimal)) and not isinstance(part, bool):
        return Fraction(part)
    if isinstance(part, str) and EXACT.fullmatch(part):
        return Fraction(part)
    raise ValueError(f"{sql}: gives {part!r}; a query fact is a whole number, a decimal or a fraction such as 2/3.")
