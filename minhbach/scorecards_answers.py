"""A unit's own values on its scorecard, each with its cell, and what was found and corrected in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from minhbach import formula, report_verified, tables, wording
from minhbach.corrections_words import value_words
from minhbach.findings import visible
from minhbach.results import Results
from minhbach.scorecards_text import Line, cited, declared, joined, numbering, plain, say

MOST_FINDINGS = 3
MOST_CORRECTIONS = 3
Place = tuple[str, str]


def address(file: str, sheet: str, cell: str = "") -> str:
    """`<file>#<sheet>!<A1>`; without a cell, all that stands before it."""
    inner = f"{sheet}!" if sheet else ""
    return f"{file}#{inner}{cell}"


@dataclass(frozen=True)
class Answers:
    """The values, findings and corrections of the units of a framework."""

    results: Results

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each field: those that scores rest on first, then the others, as the framework lists them."""
        framework = self.results.framework
        trees = (*framework.formulas.values(), *framework.conditions.values())
        used = {name for tree in trees for name in formula.names(tree)}
        fields = sorted(framework.fields, key=lambda field_id: field_id not in used)
        return {field_id: place for place, field_id in enumerate(fields)}

    @cached_property
    def _observations(self) -> Mapping[str, list[Any]]:
        found = _by_unit(self.results, "observations")
        return {unit_id: sorted(rows, key=lambda row: self.order[row.field_id]) for unit_id, rows in found.items()}

    @cached_property
    def _findings(self) -> Mapping[str, list[Any]]:
        return _by_unit(self.results, "findings")

    @cached_property
    def _corrections(self) -> Mapping[str, list[Any]]:
        return _by_unit(self.results, "corrections")

    def present(self, unit_id: str) -> bool:
        """Whether there are any data of a unit."""
        return unit_id in self._observations

    def place(self, unit_id: str) -> Place:
        """The file and sheet that most values of a unit come from."""
        counted = Counter((row.file, row.sheet) for row in self._observations[unit_id])
        return max(sorted(counted), key=lambda place: counted[place])

    def items(self, unit_id: str) -> list[Line]:
        """Each value: label, cell (the whole address where it is not in the main place), and the value."""
        main = self.place(unit_id)
        return [self._item(row, main) for row in self._observations[unit_id]]

    def _item(self, row: Any, main: Place) -> Line:
        language, question = self.results.language, self.results.framework.fields[row.field_id]
        elsewhere = (row.file, row.sheet) != main
        cell = declared(address(row.file, row.sheet, row.cell) if elsewhere else row.cell)
        label, key = declared(question.label.say(language)), "card_value" if cell else "card_value_alone"
        words = say(key, language, label=label, cell=cell, value=self._value(row))
        if not row.correction_id:
            return words
        return joined([words, say("card_corrected", language, correction=declared(row.correction_id))], " ")

    def _value(self, row: Any) -> Line:
        """An answer as people read it."""
        question, source = self.results.framework.fields[row.field_id], address(row.file, row.sheet, row.cell)
        shown = visible(value_words(row.value, question, self.results.language))
        return cited(self.results.ledger.words(f"{row.unit_id}/{row.field_id}", row.value, shown, "answer", source))

    def findings(self, unit_id: str) -> list[Line]:
        """The first findings in full, and how many more there are."""
        rows, language = self._findings.get(unit_id, []), self.results.language
        lines = [self._finding(row) for row in rows[:MOST_FINDINGS]]
        if len(rows) > MOST_FINDINGS:
            lines.append(self._more("findings", unit_id, len(rows) - MOST_FINDINGS))
        return lines or [say("card_findings_none", language)]

    def _finding(self, row: Any) -> Line:
        severity = plain(wording.say(f"severity_{row.severity}", self.results.language))
        source = f"findings.csv: {row.finding_id}"
        span = self.results.ledger.words(f"finding/{row.finding_id}", row.message, row.message, "finding", source)
        return say("card_finding", self.results.language, severity=severity, message=cited(span))

    def corrections(self, unit_id: str) -> list[Line]:
        """The first corrections in full, and how many more there are."""
        rows = self._corrections.get(unit_id, [])
        lines = [self._correction(row) for row in rows[:MOST_CORRECTIONS]]
        if len(rows) > MOST_CORRECTIONS:
            lines.append(self._more("corrections", unit_id, len(rows) - MOST_CORRECTIONS))
        return lines

    def _correction(self, row: Any) -> Line:
        """What stood, what stands now, why, and on whose authority."""
        language, field = self.results.language, self.results.framework.fields.get(row.field_id)
        return say(
            "card_correction",
            language,
            correction=declared(row.correction_id),
            field=declared(field.label.say(language) if field else wording.say("which_file", language)),
            change=cited(report_verified.corrected(self.results, row)),
            reason=declared(visible(f"{row.reason}; {row.authority}, {wording.say_date(row.date, language)}")),
        )

    def weight(self, unit_id: str) -> tuple[int, int]:
        """How much a unit's card has to say, by a measure that is the same in every language."""
        found = len(self._findings.get(unit_id, [])) + len(self._corrections.get(unit_id, []))
        return min(found, MOST_FINDINGS + MOST_CORRECTIONS), sum(len(row.value) for row in self._observations[unit_id])

    def left_out(self, count: int) -> Line:
        """How many values the page has no room for, and where they stand."""
        return say("card_more_answers", self.results.language, count=numbering(count))

    def _more(self, what: str, unit_id: str, count: int) -> Line:
        """How many of a kind are not on the card."""
        at, source = f"{unit_id}/card.{what}.more", f"{what}.csv: rows that are not printed"
        span = self.results.ledger.number(at, count, 0, "count", source)
        return say(f"card_more_{what}", self.results.language, count=cited(span))


def _by_unit(results: Results, table: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    rows: Iterable[Any] = tables.rows(results.frames[table])
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found
