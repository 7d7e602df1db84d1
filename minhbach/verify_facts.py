"""Every fact computed again: queries over the tables, points, levels, ranks and answers from the attached data."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from fractions import Fraction
from time import monotonic
from typing import Final

import duckdb

from minhbach import closed_facts, trace_expected, wording
from minhbach.evidence_files import FACTS, HASHED, hashed
from minhbach.facts import Fact, Ledger
from minhbach.numbers import exact_text, from_text
from minhbach.trace_chain import SELECT, Chain
from minhbach.trace_places import same
from minhbach.trace_tables import Record
from minhbach.verify_project import KEYS, UNREADABLE, Carried
from minhbach.verify_result import Check, Findings

SECONDS: Final = 10.0  # for one query
SECONDS_TOGETHER: Final = 300.0
TABLES: Final = {"points": "scores", "share": "scores", "rank": "ranks", "level": "levels", "comparison": "comparisons",
                 "answer": "observations"}  # fmt: skip
NOTHING: Final = "…"  # there is no value to compare with


def ledger(carried: Carried) -> dict[str, Fact]:
    """The attached facts, by id."""
    return {fact_id: Fact(**{**row}) for fact_id, row in carried.evidence.facts.items()}


def checks(carried: Carried, facts: Iterable[Fact], language: str) -> Iterator[Check]:
    """Queries, and then all other facts with how each is shown."""
    known = list(facts)
    queries = [fact for fact in known if SELECT.match(fact.source)]
    yield _queries(carried, queries, language)
    yield _others(carried, [fact for fact in known if not SELECT.match(fact.source)], known, language)


# Queries ----------------------------------------------------------------------------------------------------


def _queries(carried: Carried, facts: list[Fact], language: str) -> Check:
    found = Findings("query", language)
    found.total = len(facts)
    try:
        database = Ledger(language, "half_up", dict(carried.tables()))
    except (*UNREADABLE, duckdb.Error) as error:
        found.differs("not_computed", FACTS, reason=error)
        return found.check()
    until = monotonic() + SECONDS_TOGETHER
    for fact in facts:
        try:
            now = exact_text(_selected(database, fact.source, until - monotonic()))
        except (duckdb.Error, ValueError, ArithmeticError) as error:
            found.differs("query_fails", fact.fact_id, reason=str(error).splitlines()[0] if str(error) else "?")
            continue
        if not same(now, fact.value):
            found.differs("fact_value", fact.fact_id, kept=fact.value, now=now)
    return found.check()


def _selected(database: Ledger, sql: str, left: float) -> Fraction:
    """The value of a query that may take only so long."""
    if left <= 0:
        raise ValueError(f"> {SECONDS_TOGETHER:.0f} s")
    timer = threading.Timer(min(SECONDS, left), database.interrupt)
    timer.start()
    try:
        return database.select(sql)
    finally:
        timer.cancel()


# Everything else --------------------------------------------------------------------------------------------


def _others(carried: Carried, facts: list[Fact], every: list[Fact], language: str) -> Check:
    """Every other fact beside what the attached data give for it, and how all of them are shown."""
    found, chain = Findings("fact", language), Chain(carried.evidence)
    found.total = len(facts)
    for fault in closed_facts.faults(every, FACTS, carried.evidence.printed):
        kept, now = str(fault.details["shown"]), str(fault.details["expected"])
        found.differs("fact_shown", str(fault.details["fact"]), value=fault.details["value"], kept=kept, now=now)
    taken = 0
    for fact in facts:
        try:
            now = _value(carried, chain, fact)
        except UNREADABLE as error:
            found.differs("fact_unknown", fact.fact_id, reason=error)
            continue
        taken += now == NOTHING
        if now != NOTHING and not (same(now, fact.value) or (now.startswith(HASHED) and now == hashed(fact.value))):
            found.differs("fact_value", fact.fact_id, kept=fact.value, now=now or "–")
    return found.check(wording.say("verify_taken", language, count=taken) if taken else "")


def _value(carried: Carried, chain: Chain, fact: Fact) -> str:
    """What the attached data give for a fact: by its kind and id, or else by its whole chain."""
    if fact.kind in TABLES:
        found = _direct(carried, fact)
        if found is not None:
            return found
    found = chain.value(fact.__dict__)
    return NOTHING if found is None else found


def _direct(carried: Carried, fact: Fact) -> str | None:
    """A number that stands in a row about a unit; None where its id says something else."""
    unit_id, _, name = fact.fact_id.partition("/")
    table = TABLES[fact.kind]
    words = [name.rsplit(".", drop)[0] for drop in range(name.count(".") + 1)]
    rows = (carried.row(each, table, unit_id, word) for word in words for each in carried.evidence.framework_ids)
    row = next(filter(None, rows), None)
    if row is None:
        return None
    whole, ending = row[KEYS[table]] == name, name.rpartition(".")[2]
    if table == "scores":
        return _of_score(row, "" if whole else ending)
    if not whole:
        return None if fact.kind == "answer" else trace_expected.part(row, name, ending)
    return row.get("value" if fact.kind == "answer" else fact.kind)


def _of_score(row: Record, ending: str) -> str | None:
    points = row["exact"] or row["points"]
    if not ending:
        return points
    if ending == "max_points":
        return row["max_points"]
    if ending == "share" and row["max_points"] and points:
        return exact_text(from_text(points) / from_text(row["max_points"]))
    return None
