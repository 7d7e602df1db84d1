"""The facts of a notice: each number of either version under that version's name, such as `v1:664/xep_hang`."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from minhbach import diff_shown, diff_words, facts
from minhbach.corrections_words import value_words
from minhbach.diff import Difference
from minhbach.diff_changes import Item
from minhbach.diff_side import Side
from minhbach.facts import Fact
from minhbach.findings import visible
from minhbach.markdown import escape
from minhbach.numbers import exact_text, from_text, show

DASH: Final = "–"
KIND: Final = "erratum"
TABLES: Final = {"level": "levels.csv", "rank": "ranks.csv", "total": "scores.csv"}


class Cited:
    """Makes the spans of a notice in one language, and keeps the facts that they cite."""

    def __init__(self, difference: Difference, language: str) -> None:
        self.difference, self.language = difference, language
        self._facts: dict[str, Fact] = {}

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All cited facts, by id."""
        return tuple(self._facts[key] for key in sorted(self._facts))

    def count(self, name: str, number: int) -> str:
        """How many changes of a kind there are."""
        fact = Fact(f"erratum/{name}.count", str(number), "", KIND, f"difference.json: {name}")
        return self._number(fact, Fraction(number), 0, "half_up")

    def pair(self, item: Item) -> tuple[str, str]:
        """The spans of a change as the two versions show it; a dash for what a version does not have."""
        sides = (self.difference.earlier, item.before), (self.difference.later, item.after)
        one, other = (self._of(side, item, value) for side, value in sides)
        return one, other

    def change(self, item: Item) -> str:
        """By how much a ranked value moved, as shown; blank where one version has none."""
        split = diff_words.split(self.difference, item)
        if split is None:
            return DASH
        framework, value = self.difference.later.framework(item.framework_id), split.shown.change
        places = framework.rounding.share if item.of.endswith(".share") else framework.rounding.shown
        names = f"{_name(self.difference.later)}-{_name(self.difference.earlier)}"
        source = "difference.json: splits, shown, change"
        fact = Fact(f"{names}:{item.unit_id}/{item.of}", "", "", KIND, source)
        return "\\+" * (value > 0) + self._number(fact, value, places, framework.rounding.mode)

    def answer(self, side: Side, framework_id: str, unit_id: str, field_id: str) -> str:
        """An answer as a version has it; a dash where it has none."""
        rows = side.evidence.table(framework_id, "observations")
        row = rows.one(unit_id, field_id=field_id)
        if row is None:
            return DASH
        question = side.framework(framework_id).fields[field_id]
        shown = visible(value_words(row["value"], question, self.language))
        return self._words(side, f"{unit_id}/{field_id}", row["value"], shown, "answer", "observations.csv")

    def _of(self, side: Side, item: Item, value: str) -> str:
        if item.kind == "fact":
            return self._printed(side, item.of)
        if not value:
            return DASH
        framework = side.framework(item.framework_id)
        fact_id, source = f"{_name(side)}:{item.unit_id}/{item.of}", f"{_name(side)}/{TABLES[item.kind]}"
        if item.kind == "rank":
            return self._number(Fact(fact_id, "", "", "rank", source), Fraction(value), 0, framework.rounding.mode)
        if item.kind == "total":
            share = item.of.endswith(".share")
            places = framework.rounding.share if share else framework.rounding.shown
            fact = Fact(fact_id, "", "", "share" if share else "points", source)
            return self._number(fact, Fraction(value), places, framework.rounding.mode)
        shown = diff_shown.level(framework, item.of, value, self.language)
        return self._words(side, f"{item.unit_id}/{item.of}", value, shown, "level")

    def _printed(self, side: Side, fact_id: str) -> str:
        """A fact that a version prints, in the language of the notice; a dash where it prints none."""
        row = side.facts.get(fact_id)
        if row is None:
            return DASH
        value, source = row["value"], f"{_name(side)}/facts.csv"
        if row["decimals"]:
            fact = Fact(f"{_name(side)}:{fact_id}", value, "", row["kind"], source)
            return self._number(fact, from_text(value), int(row["decimals"]), row["rounding"])
        return self._words(side, fact_id, value, diff_shown.words(side, row, self.language), row["kind"], "facts.csv")

    def _number(self, fact: Fact, value: Fraction, places: int, mode: str) -> str:
        declared = {"decimals": str(places), "rounding": mode, "language": self.language}
        shown = show(value, places, self.language, mode)
        return self._cite(Fact(fact.fact_id, exact_text(value), shown, fact.kind, fact.source, **declared))

    def _words(self, side: Side, name: str, value: str, shown: str, kind: str, table: str = "levels.csv") -> str:
        if not shown.strip() or shown == DASH:
            return escape(shown.strip() or DASH)
        fact_id, source = f"{_name(side)}:{name}", f"{_name(side)}/{table}"
        return self._cite(Fact(fact_id, value, shown, kind, source, language=self.language))

    def _cite(self, fact: Fact) -> str:
        known = self._facts.setdefault(fact.fact_id, fact)
        if (known.value, known.shown) != (fact.value, fact.shown):
            raise ValueError(f"The fact {fact.fact_id} is {known.shown!r} and {fact.shown!r}; a fact has one value.")
        return facts.span(fact)


def _name(side: Side) -> str:
    """The version's name: v1."""
    return side.evidence.folder.name
