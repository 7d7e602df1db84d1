"""The cards of an edition in one language, ready to be set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from minhbach import book, publication
from minhbach.book import Book
from minhbach.editions import Setup
from minhbach.paths import Edition
from minhbach.scorecards_bound import Entry
from minhbach.scorecards_card import Cards
from minhbach.scorecards_job import Job
from minhbach.scorecards_paper import Paper, said
from minhbach.scorecards_text import Line, data, say
from minhbach.units import Unit


@dataclass(frozen=True)
class Side:
    """An edition's cards in a language; `families` are the fonts to set them in."""

    setup: Setup
    output: Edition
    language: str
    families: tuple[str, ...]

    @cached_property
    def report(self) -> Book:
        """The tables and the ledger."""
        return book.load(self.setup.edition, self.language, self.output)

    @cached_property
    def decks(self) -> Mapping[str, Cards]:
        """The cards of each framework, by its id."""
        return {results.framework.id: Cards(self.report, results) for results in self.report}

    @cached_property
    def paper(self) -> Paper:
        """What stands around the cards."""
        return Paper(publication.metadata(self.setup, self.language), self.language, self.families)

    def jobs(self, first: int) -> list[Job]:
        """All cards in the order of the bound file, of which they are the pages from `first` on."""
        units = [(framework_id, unit) for framework_id, deck in self.decks.items() for unit in deck.units]
        return self._jobs([(*each, number) for number, each in enumerate(units, start=first)])

    def twins(self, jobs: list[Job]) -> list[Job]:
        """The same cards in this language."""
        return self._jobs([(job.framework_id, job.unit, job.number) for job in jobs])

    def outline(self, jobs: list[Job]) -> list[Entry]:
        """The units in the bound file by framework, then by the unit they belong to."""
        found: list[Entry] = []
        before = ("", "")
        for job in jobs:
            framework, parent = said(job.content["framework"]), said(job.content["parent"])
            if framework != before[0]:
                found.append(Entry(0, framework, job.number))
            if parent and (framework, parent) != before:
                found.append(Entry(1, parent, job.number))
            found.append(Entry(2 if parent else 1, said(job.content["unit"]), job.number))
            before = (framework, parent)
        return found

    def cover(self) -> dict[str, Any]:
        """The first pages of the bound file: what the cards are, how many, and which units have none."""
        intro = say("card_bound_intro", self.language)
        lines: list[Line] = [self.paper.notice(), intro, *(deck.count() for deck in self.decks.values())]
        absent = [list(row) for deck in self.decks.values() for row in deck.absent()]
        filled: dict[str, Any] = self._data({"lines": [line for line in lines if line], "absent": absent})
        return filled

    def _jobs(self, units: list[tuple[str, Unit, int]]) -> list[Job]:
        contents = [self.decks[framework_id].content(unit) for framework_id, unit, _ in units]
        often = Counter(unit.unit_id for deck in self.decks.values() for unit in deck.units)
        filled = self._data(contents)
        return [
            Job(
                unit.unit_id if often[unit.unit_id] == 1 else f"{unit.unit_id}.{framework_id}",
                self.decks[framework_id],
                unit,
                number,
                content,
                self.paper,
            )
            for (framework_id, unit, number), content in zip(units, filled, strict=True)
        ]

    def _data(self, value: object) -> Any:
        return data(value, {fact.fact_id: fact for fact in self.report.ledger.facts})
