"""The sheets around the tables: contents in front, notes after it, and at the end which fact stands in which cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from minhbach import release_cells, tables, wording
from minhbach import release_layout as layout
from minhbach.assessment_words import number, place_date
from minhbach.editions import Setup
from minhbach.findings import cell_name
from minhbach.parts import Words
from minhbach.release_cells import Cell
from minhbach.release_layout import Sheet
from minhbach.release_notes import notes


def contents(setup: Setup, others: Iterable[Sheet], marks: str, language: str) -> Sheet:
    """The first sheet: what this is, who publishes it, and a link to every other sheet."""
    settings, document = setup.assessment, setup.assessment.document
    issuers = [_say(document.issuer_parent, language), document.issuer.say(language)]
    texts = [
        settings.title.say(language),
        document.abstract.say(language),
        wording.say("release_publisher", language, publisher=" – ".join(filter(None, issuers))),
        wording.say("release_edition", language, edition=setup.edition.name, year=settings.year),
        " – ".join(filter(None, (number(document), place_date(document, language)))),
        marks,
        _say(document.notice, language),
        *_terms(setup, language),
        wording.say("release_same", language),
    ]
    header = tuple(wording.say(f"release_contents_{each}", language) for each in ("title", "sheet", "rows"))
    rows = tuple(
        (Cell(each.lines[0].text, link=each.name), Cell(each.name), release_cells.whole(len(each.rows), language))
        for each in others
    )
    lines = tuple(Cell(text) for text in texts if text)
    return Sheet(wording.say("release_contents", language), lines, header, rows, wrapped=True, widest=100)


def _terms(setup: Setup, language: str) -> list[str]:
    """Licence and contact, as far as the edition says them."""
    release = setup.assessment.release
    if release is None:
        return []
    licence, contact = release.licence, release.contact
    return [
        wording.say("release_licence", language, licence=licence.said(language)) if licence else "",
        wording.say("release_contact", language, contact=contact.say(language)) if contact else "",
    ]


def noted(setup: Setup, body: Sequence[Sheet], marks: str, language: str) -> Sheet:
    """The sheet that says what marks and columns mean."""
    headers = {name for sheet in body for name in sheet.header}
    rows = [(Cell(what), Cell(meaning)) for what, meaning in notes(setup, headers, language)]
    title = wording.say("release_notes_title", language)
    header = [wording.say(f"release_notes_{each}", language) for each in ("what", "meaning")]
    return layout.sheet(wording.say("release_notes", language), title, header, rows, marks, language, widest=90)


def cited(body: Sequence[Sheet], ledger: pd.DataFrame, marks: str, language: str) -> Sheet:
    """Which fact stands in which cell, with its exact value and where it comes from."""
    known = {row.fact_id: (row.shown, row.value, row.source) for row in tables.rows(ledger)}
    rows = [
        (Cell(sheet.name, link=sheet.name), *map(Cell, (place, fact_id, *known[fact_id])))
        for sheet in body
        for place, fact_id in _addressed(sheet)
        if fact_id in known
    ]
    header = [
        wording.say(f"release_facts_{each}", language) for each in ("sheet", "cell", "id", "shown", "value", "source")
    ]
    title = wording.say("release_facts_title", language)
    return layout.sheet(wording.say("release_facts", language), title, header, rows, marks, language)


def _addressed(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """The address of each cell of a sheet's table that prints facts, with the fact."""
    for down, row in enumerate(sheet.rows, start=sheet.head_row + 1):
        for across, cell in enumerate(row):
            yield from ((cell_name(down, across), fact_id) for fact_id in cell.fact_ids)


def _say(words: Words | None, language: str) -> str:
    return words.say(language) if words else ""
