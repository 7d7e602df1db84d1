"""The sheets of the spreadsheet release in their order, from the tables and figures of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from minhbach import release_cells, release_front, tables, wording
from minhbach import release_layout as layout
from minhbach.editions import Setup
from minhbach.errors import MinhbachError
from minhbach.release_cells import Cell
from minhbach.release_layout import Sheet
from minhbach.release_table import Published, unique
from minhbach.release_tables import Drawn, Found

MOST_TEXT = 32_767
BESIDE = ("tick", "text")  # numbers of scales and words, which say nothing about units


def sheets(setup: Setup, language: str, found: Found, folder: Path) -> tuple[Sheet, ...]:
    """Every sheet: contents, notes, tables and figures in the order of the page, the facts.

    Raises:
        MinhbachError: a text is longer than a cell can be.
    """
    marks = layout.marks(setup, language)
    published = [sheet for table in found.tables for sheet in _published(table, marks, language)]
    drawn = [_drawn(figure, folder, marks, language) for figure in found.figures]
    body = [*published, *(each for each in drawn if each is not None)]
    noted = release_front.noted(setup, body, marks, language)
    cited = release_front.cited(body, tables.read(folder / "facts.csv"), marks, language)
    made = [release_front.contents(setup, [noted, *body, cited], marks, language), noted, *body, cited]
    _check(made)
    return tuple(made)


def _published(table: Published, marks: str, language: str) -> list[Sheet]:
    """A table's sheet, and where it has subtotals a second one with these."""
    title, name = f"{table.label}. {table.caption}", layout.name_of(table.label)
    made = [layout.sheet(name, title, table.header, table.rows, marks, language)]
    if table.subtotals:
        title = wording.say("release_subtotals_title", language, title=title)
        name = wording.say("release_subtotals", language, table=name)
        made.append(layout.sheet(name, title, table.header, table.subtotals, marks, language))
    return made


def _drawn(figure: Drawn, folder: Path, marks: str, language: str) -> Sheet | None:
    """The sheet with the numbers that a figure draws; None where no table lies beside its image."""
    path = (folder / figure.image).with_suffix(".csv")
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return None
    table = tables.read(path)
    records = [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]
    rows = [_drawn_row(row, language) for row in records if row.get("kind") not in BESIDE]
    header = [wording.sentences(language).get(f"release_figure_{name}", str(name)) for name in _columns(table)]
    title, name = f"{figure.label}. {figure.caption}", layout.name_of(figure.label)
    return layout.sheet(name, title, unique(header, language), rows, marks, language)


def _columns(table: pd.DataFrame) -> list[str]:
    """The columns of a figure's table without the plotted floats where these are also given as printed."""
    return [str(name) for name in table.columns if name != "value" or "shown" not in table.columns]


def _drawn_row(row: Mapping[str, str], language: str) -> tuple[Cell, ...]:
    """A row of a figure's table; the number as printed carries the fact it is."""
    ids = (row["fact_id"],) if row.get("fact_id") else ()
    kept = {name: text for name, text in row.items() if name != "value" or "shown" not in row}
    if "kind" in kept:
        kept["kind"] = wording.sentences(language).get(f"release_kind_{kept['kind']}", kept["kind"])
    return tuple(
        (release_cells.number(text, language, ids) or Cell(text, fact_ids=ids)) if name == "shown" else Cell(text)
        for name, text in kept.items()
    )


def _check(made: Sequence[Sheet]) -> None:
    """No text that would be cut without a word."""
    long = [
        f"{sheet.name}: a cell of the column {name!r} has {len(row[place].text)} characters"
        for sheet in made
        for row in sheet.rows
        for place, name in enumerate(sheet.header)
        if len(row[place].text) > MOST_TEXT
    ]
    if long:
        raise MinhbachError("\n".join([f"tables.xlsx: a cell holds at most {MOST_TEXT} characters.", *long]))
