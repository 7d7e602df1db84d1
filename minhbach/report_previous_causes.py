"""Why results differ from the edition before: units formed since, and the change of each unit split by cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from minhbach import previous, previous_units, tables, units, wording
from minhbach.book import Book
from minhbach.causes import CAUSES, INTERACTION
from minhbach.markdown import declared, named, paragraphs, table
from minhbach.model import Ranking
from minhbach.numbers import from_text
from minhbach.paths import Edition
from minhbach.report_layout import see
from minhbach.report_previous_rows import CAUSES_TABLE, DASH, Changes
from minhbach.results import Results
from minhbach.units import Unit

SHOWN: Final = "shown"
COLUMNS: Final = ("change", *CAUSES, INTERACTION)
REMARKS: Final = {
    "change": "difference of the shown values",
    "new_data": "effect of the data received this time alone, all units computed again",
    "corrected": "effect of the corrections alone, all units computed again",
    "framework": "effect of the framework alone, all units computed again",
    "settings": "effect of rounding and settings alone, all units computed again",
    INTERACTION: "the rest of the change, which no cause has alone",
}
Rows = dict[tuple[str, str], Any]


def formed(changes: Changes) -> str:
    """Which units were renamed, merged or split since, and what stands for their result before."""
    book, results, language = changes.book, changes.results, changes.results.language
    before = units.load(
        previous.source(Edition(book.setup.assessment.previous or "", book.setup.edition.root)).units_file
    )
    members = book.setup.units_of(results.framework.id)
    said = []
    for each in previous_units.formed(members, (unit.unit_id for unit in before)):
        parts = [_name(results, unit) for part in each.parts if (unit := before.get(part))]
        details = {"unit": results.name(each.unit), "parts": ", ".join(parts)}
        said.append(wording.say(f"previous_formed_{each.kind}", language, **details))
    return " ".join(said)


def _name(results: Results, unit: Unit) -> str:
    return named(unit.called(results.language))


def said(changes: Changes) -> str:
    """Where the split by cause stands, or that there is none."""
    if len(changes.causes):
        return wording.say("previous_causes", changes.results.language, annex=see("changes"))
    return wording.say("previous_causes_none", changes.results.language)


def annex(book: Book) -> str:
    """The change of every unit by cause, a table per ranking; empty where nothing can be split."""
    several = [Changes(book, results) for results in book]
    made = [(changes, rows) for changes in several if (rows := _rows(changes))]
    if not made:
        return ""
    language = book.language
    texts = [_table(changes, ranking, rows) for changes, rows in made for ranking in changes.results.framework.rankings]
    return paragraphs(wording.say("previous_causes_rule", language), *texts)


def _rows(changes: Changes) -> Rows:
    """The rows of causes.csv about shown values, by unit and ranking."""
    return {(row.unit_id, row.ranking): row for row in tables.rows(changes.causes) if row.part == SHOWN}


def _table(changes: Changes, ranking: Ranking, rows: Rows) -> str:
    results, language = changes.results, changes.results.language
    here = [unit for unit in results.ranked if (unit.unit_id, ranking.id) in rows]
    if not here:
        return ""
    header = [wording.say(f"col_previous_{each}", language) for each in ("unit", *COLUMNS)]
    cells = [[results.name(unit), *_cells(changes, ranking, rows[unit.unit_id, ranking.id])] for unit in here]
    node = declared(results.framework.nodes[ranking.by].label.say(language))
    caption = results.caption("previous_causes_caption", node=node)
    label = f"{results.framework.id}-{ranking.id}-causes"
    return table(label, caption, header, cells, "l" + "r" * len(COLUMNS), (30, *[13] * len(COLUMNS)))


def _cells(changes: Changes, ranking: Ranking, row: Any) -> Sequence[str]:
    return [_cell(changes, ranking, row, each) for each in COLUMNS]


def _cell(changes: Changes, ranking: Ranking, row: Any, column: str) -> str:
    """A part of a change as a fact, with a plus where it is one; a dash where a change alone leaves no value."""
    name = f"by_{column}" if column in CAUSES else column  # every table has a column called framework already
    text = getattr(row, name)
    if not text:
        return DASH
    results = changes.results
    where = {"unit_id": row.unit_id, "ranking": row.ranking, "part": SHOWN}
    sql = f"select {name}::decimal(38,12) {results.rows_where(CAUSES_TABLE, **where)} /* {REMARKS[column]} */"
    places = changes.places("share" if ranking.on == "share" else "points")
    span = results.ledger.query(f"{row.unit_id}/{ranking.id}.cause.{column}", sql, places)
    return ("+" if from_text(text) > 0 else "") + span
