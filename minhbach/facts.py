"""The ledger of facts: a number is printed only by citing one, and every fact knows where it comes from.

A fact's id reads like a path: `664/so_may_tinh` (an answer), `664/HT1` (points), `664/total.share`, `664/muc_do`
(a level), `664/xep_hang` (a rank), `all/xep_loai.I.count` (a query), `method/HT.max_points` (the framework).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import duckdb
import pandas as pd

from minhbach.errors import RenderError
from minhbach.facts_query import DUCKDB, select
from minhbach.markdown import escape
from minhbach.numbers import exact_text, show

COLUMNS = ["fact_id", "value", "shown", "kind", "source", "page", "x", "y", "decimals", "rounding", "language"]
FACT_ID = re.compile(r"[^\s\"{}\[\]\\]+")


class UnknownFactError(Exception):
    """A fact that cannot be cited; the text says what is near it."""


@dataclass(frozen=True)
class Fact:
    """A value that may be printed: `value` exact, `shown` as printed, `source` a cell, a formula or an SQL query.

    A number is shown with so many `decimals`, rounded as `rounding` says and with the marks of `language`; words, and
    answers with all their digits, have neither.
    """

    fact_id: str
    value: str
    shown: str
    kind: str
    source: str
    page: str = ""
    x: str = ""
    y: str = ""
    decimals: str = ""
    rounding: str = ""
    language: str = ""


class Ledger:
    """Declares facts and gives the spans that print them, in one language."""

    def __init__(self, language: str, mode: str, tables: Mapping[str, pd.DataFrame]) -> None:
        """`tables` are what queries may select from; `mode` is how shown numbers are rounded."""
        self.language, self.mode = language, mode
        self._facts: dict[str, Fact] = {}
        self._database = duckdb.connect(config=dict(DUCKDB))
        for name, table in tables.items():
            self.add(name, table)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All cited facts, by id."""
        return tuple(self._facts[key] for key in sorted(self._facts))

    def add(self, name: str, table: pd.DataFrame) -> None:
        """One more table that queries may select from; a table of its own is read faster than a frame."""
        self._database.register("incoming", table)
        self._database.execute(f'create table "{name}" as select * from incoming')
        self._database.unregister("incoming")

    def cited(self, fact_id: str) -> str | None:
        """The span of a fact that has been cited before; None when it has not."""
        return span(self._facts[fact_id]) if fact_id in self._facts else None

    def number(self, fact_id: str, value: Fraction | int, places: int, kind: str, source: str) -> str:
        """The span that prints a number, rounded to `places`."""
        if isinstance(value, float):
            raise TypeError(
                f"The fact {fact_id} has the float {value!r}; a fact is exact, a whole number or a fraction."
            )
        exact = Fraction(value)
        shown = show(exact, places, self.language, self.mode)
        declared = {"decimals": str(places), "rounding": self.mode, "language": self.language}
        return self._cite(Fact(fact_id, exact_text(exact), shown, kind, source, **declared))

    def words(self, fact_id: str, value: str, shown: str, kind: str, source: str) -> str:
        """The span that prints a value which is not a number, such as a level."""
        return self._cite(Fact(fact_id, value, shown, kind, source, language=self.language))

    def query(self, fact_id: str, sql: str, places: int = 0) -> str:
        """The span of a number that an SQL select gives: one value, or a numerator and a denominator."""
        return self.number(fact_id, self.select(sql), places, "query", sql)

    def select(self, sql: str) -> Fraction:
        """The value of a query, exactly (decimals and integers only, never floats)."""
        return select(self._database, sql)

    def interrupt(self) -> None:
        """Ends a query that runs; it raises duckdb.Error."""
        self._database.interrupt()

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


def read(table: pd.DataFrame) -> tuple[Fact, ...]:
    """The facts of a facts.csv."""
    return tuple(Fact(**{name: row[name] for name in COLUMNS}) for row in table.to_dict("records"))


def merge(first: Iterable[Fact], *others: Iterable[Fact]) -> tuple[Fact, ...]:
    """All facts of several documents as one ledger, by id; source and place are those of the first that has it.

    Raises:
        RenderError: with every fact that two of them print differently.
    """
    known: dict[str, Fact] = {}
    problems = []
    for fact in (each for facts in (first, *others) for each in facts):
        before = known.setdefault(fact.fact_id, fact)
        if (before.value, before.shown) != (fact.value, fact.shown):
            told = f"{before.shown!r} ({before.value}) and {fact.shown!r} ({fact.value})"
            problems.append(f"  {fact.fact_id}: {told}")
    if problems:
        said = sorted(set(problems))
        raise RenderError("\n".join([f"{len(said)} fact(s) have two values; a fact has one:", *said]))
    return tuple(known[key] for key in sorted(known))


def disagreements(first: Iterable[Fact], second: Iterable[Fact]) -> list[str]:
    """Facts that two languages do not share: missing in one, or with another exact value; shown texts may differ.

    A finding is the same by its id: its value is its sentence.
    """
    one, other = (
        {fact.fact_id: "" if fact.kind == "finding" else fact.value for fact in facts} for facts in (first, second)
    )
    return sorted(fact_id for fact_id in one.keys() | other.keys() if one.get(fact_id) != other.get(fact_id))


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
