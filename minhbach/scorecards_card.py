"""One scorecard as data: what it says, line by line, and where it stands in the bound file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from minhbach.book import Book
from minhbach.results import Results
from minhbach.scorecards_answers import Answers, address
from minhbach.scorecards_group import Groups
from minhbach.scorecards_head import Head
from minhbach.scorecards_scores import Scores
from minhbach.scorecards_text import Line, cited, declared, say
from minhbach.units import Unit

COLUMNS = ("node", "points", "max", "share", "bar", "median", "best")


@dataclass(frozen=True)
class Cards:
    """The cards of the units that one framework assesses."""

    book: Book
    results: Results

    @cached_property
    def scores(self) -> Scores:
        """Points, maxima and comparisons."""
        return Scores(self.results, Groups(self.results))

    @cached_property
    def head(self) -> Head:
        """Headline figures and blocking conditions."""
        return Head(self.scores)

    @cached_property
    def answers(self) -> Answers:
        """Values, findings and corrections."""
        return Answers(self.results)

    @cached_property
    def units(self) -> list[Unit]:
        """Units with data, by the unit they belong to, then by id."""
        present = [unit for unit in self.results.units if self.answers.present(unit.unit_id)]
        return sorted(present, key=lambda unit: (self._parent_id(unit), unit.unit_id))

    def absent(self) -> list[tuple[Line, Line]]:
        """Units without data, and the reason where one is recorded."""
        language = self.results.language
        reasons = self.book.setup.assessed(self.results.framework.id).absent
        unknown = say("card_absent_undeclared", language)
        return [
            (self._name(unit), declared(reasons[unit.unit_id].say(language)) if unit.unit_id in reasons else unknown)
            for unit in self.results.units
            if not self.answers.present(unit.unit_id)
        ]

    def count(self) -> Line:
        """How many units have a card."""
        sql = f"select count(distinct unit_id) {self.results.rows_where('observations')}"
        count = cited(self.results.count("card.count", sql))
        return say("card_bound_count", self.results.language, framework=self._framework, count=count)

    def content(self, unit: Unit) -> dict[str, object]:
        """All that a unit's card says; lines are still to be filled in from the ledger."""
        unit_id, parent = unit.unit_id, self.results.parents.get(unit.parent_id)
        file, sheet = self.answers.place(unit_id)
        return {
            "unit": self._name(unit),
            "framework": self._framework,
            "parent": self._name(parent) if parent else (),
            "code": self._code(unit),
            "warnings": self._warnings(unit),
            "boxes": self.head.boxes(unit_id),
            "columns_of_scores": self._columns(),
            "rows": [self.scores.row(unit_id, node) for node in self.scores.nodes],
            "blocking": self.head.blocking(unit_id),
            "findings": [*self.answers.corrections(unit_id), *self.answers.findings(unit_id)],
            "place": say("card_place", self.results.language, place=declared(address(file, sheet))),
            "answers": self.answers.items(unit_id),
            "more": (),
        }

    @property
    def _framework(self) -> Line:
        return declared(self.results.framework.spec.title.say(self.results.language))

    def _parent_id(self, unit: Unit) -> str:
        return unit.parent_id if unit.parent_id in self.results.parents else ""

    def _name(self, unit: Unit) -> Line:
        return declared(unit.called(self.results.language))

    def _code(self, unit: Unit) -> Line:
        edition = declared(self.book.setup.edition.name)
        return say("card_code", self.results.language, code=declared(unit.unit_id), edition=edition)

    def _columns(self) -> list[str]:
        return [*COLUMNS, *["rank"] * self.scores.ranked_by_node, *["level"] * self.scores.levels_by_node]

    def _warnings(self, unit: Unit) -> list[Line]:
        language = self.results.language
        found = [say("card_unconfirmed", language)] if unit.unit_id in self.results.unconfirmed else []
        return found if unit.ranked else [*found, say("card_not_ranked", language)]
