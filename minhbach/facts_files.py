"""facts.csv and places.csv of a draft: every document adds what it prints, and all languages must say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pandas as pd

from minhbach import facts, tables
from minhbach.errors import RenderError
from minhbach.facts import Fact

FACTS, PLACES = "facts.csv", "places.csv"
REPORT = "report.pdf"
PLACE_COLUMNS = ["document", "fact_id", "page", "x", "y"]


class Place(Protocol):
    """Where a document prints a fact: page from 1, mm from the left and the top edge."""

    @property
    def fact_id(self) -> str: ...
    @property
    def page(self) -> int: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...


def add(folder: Path, places: Mapping[str, Sequence[Place]], more: Iterable[Fact] = ()) -> None:
    """Adds the places of documents (by file name), and facts that only they print, to the tables of a folder.

    A fact's own page, x and y are those of its first printing in the report.

    Raises:
        RenderError: a document prints a fact otherwise than the report does, or one that no ledger has.
    """
    ledger = facts.merge(facts.read(tables.read(folder / FACTS)), more)
    known_ids = {fact.fact_id for fact in ledger}
    for document, printed in places.items():
        if lost := sorted({place.fact_id for place in printed} - known_ids):
            raise RenderError(f"{document} prints {len(lost)} fact(s) that are in no ledger: {', '.join(lost)}")
    first = {place.fact_id: (place.page, place.x, place.y) for place in reversed(places.get(REPORT, ()))}
    tables.write(facts.frame(facts.placed(ledger, first)), folder / FACTS)
    known = tables.read(folder / PLACES) if (folder / PLACES).is_file() else pd.DataFrame(columns=PLACE_COLUMNS)
    rows = [
        (document, place.fact_id, str(place.page), f"{place.x:.2f}", f"{place.y:.2f}")
        for document, printed in places.items()
        for place in printed
    ]
    tables.write(pd.concat([known, pd.DataFrame(rows, columns=PLACE_COLUMNS)]), folder / PLACES)


def disagreements(main: Path, other: Path) -> list[str]:
    """Facts that two folders of one draft do not share: another value, or printed in one document and not its twin."""
    ledgers = [facts.read(tables.read(folder / FACTS)) for folder in (main, other)]
    found = [f"{fact_id}: {_values(fact_id, *ledgers)}" for fact_id in facts.disagreements(*ledgers)]
    one, twin = (_printed(folder) for folder in (main, other))
    return found + [f"{fact_id}: {document}" for document, fact_id in sorted(one ^ twin)]


def _values(fact_id: str, *ledgers: Iterable[Fact]) -> str:
    known = [next((fact.value for fact in ledger if fact.fact_id == fact_id), "–") for ledger in ledgers]
    return " ≠ ".join(known)


def _printed(folder: Path) -> set[tuple[str, str]]:
    """Which document prints which fact, as far as documents are made."""
    if not (folder / PLACES).is_file():
        return set()
    return {(row.document, row.fact_id) for row in tables.rows(tables.read(folder / PLACES))}
