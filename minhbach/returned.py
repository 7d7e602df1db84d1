"""Checks an edition before anything is scored: a marked copy of its own workbook for every unit with findings.

All is written to `reports/<edition>/check/`, built beside it and moved into place whole; raw files are only read.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from minhbach import forms, intake, returned_fresh, returned_words, tables
from minhbach.editions import Setup
from minhbach.errors import Gathered
from minhbach.findings import Finding
from minhbach.framework import Framework
from minhbach.ingest_files import RefusalError, receive
from minhbach.intake import Intake
from minhbach.paths import Edition
from minhbach.responses_head import named_unit
from minhbach.returned_book import Mark, marked
from minhbach.returned_fresh import Blanks, Fresh
from minhbach.returned_parts import UneditableError
from minhbach.returned_words import heading, lines_of
from minhbach.units import Unit

# Said to the department alone: about files that do not count, and about entries of the ledger.
NOT_FOR_UNITS = ("form_not_counted", "decision_unmet", "correction_answers_nothing")
# Another round's form is answered with the right one.
OTHER_FORM = ("form_of_other_edition", "form_of_other_framework")


@dataclass(frozen=True)
class Workbook:
    """A workbook to send back: whose, what came in, where it is now (from the check's folder on), its findings."""

    unit: Unit
    file: str
    path: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Checked:
    """What the check of one framework found; `receipts` is empty where the edition has no survey.

    `files` are the names of the returned forms, read or not; none where the data come from a table. `senders` are
    the ids of the units that sent any.
    """

    framework: Framework
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    senders: frozenset[str]
    receipts: pd.DataFrame
    workbooks: tuple[Workbook, ...]


def folder_of(edition: Edition) -> Path:
    """Where the last check of an edition lies."""
    return edition.reports / "check"


def check(setup: Setup, language: str, folder: Path) -> tuple[Checked, ...]:
    """Judges the answers of every framework and writes the workbooks to send back into an empty `folder`.

    Raises:
        DataError: corrections.csv has entries that no longer hold.
        FileError: corrections.csv, received.csv or confirmations.csv has mistakes.
    """
    made, gathered = [], Gathered()
    for framework in setup.frameworks:
        with gathered.attempt():
            made.append(_checked(setup, framework, language, folder))
    gathered.stop()
    return tuple(made)


def _checked(setup: Setup, framework: Framework, language: str, folder: Path) -> Checked:
    taken, findings = intake.judged(setup, framework.id, language)
    receipts = intake.survey_tables(setup, framework.id, taken.observations)["receipts"]
    writer = _Writer(setup, framework, taken, language, folder)
    senders = frozenset(unit.unit_id for unit in writer.owners.values())
    workbooks = tuple(writer.all(findings))
    return Checked(framework, findings, tuple(taken.files["file"]), senders, receipts, workbooks)


@contextmanager
def building(edition: Edition) -> Iterator[Path]:
    """An empty folder that takes the place of the last check whole when all went well, and is gone otherwise."""
    place = folder_of(edition)
    new, old = place.with_name(".check"), place.with_name(".check.old")
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        if place.exists():
            place.rename(old)
        new.rename(place)
    finally:
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)


class _Writer:
    """Writes the workbooks of one framework."""

    def __init__(self, setup: Setup, framework: Framework, taken: Intake, language: str, folder: Path) -> None:
        self.setup, self.framework, self.language, self.folder = setup, framework, language, folder
        self.observations = {(row.unit_id, row.field_id): row for row in tables.rows(taken.observations)}
        self.evidence = {(row.unit_id, row.field_id): row for row in tables.rows(taken.evidence)}
        self.owners = self._owners(taken.files)
        self.blanks = Blanks(setup, framework, language)
        self.names: set[str] = set()

    def all(self, findings: Sequence[Finding]) -> Iterator[Workbook]:
        """One workbook per returned file that has open findings, in the order of the units and the files."""
        by_file: dict[str, list[Finding]] = {}
        for finding in findings:
            if not finding.answer and finding.rule not in NOT_FOR_UNITS and (file := self._file(finding)):
                by_file.setdefault(file, []).append(finding)
        for file in sorted(by_file, key=lambda each: (self.owners[each].unit_id, each)):
            yield self._write(self.owners[file], file, by_file[file])

    def _owners(self, files: pd.DataFrame) -> Mapping[str, Unit]:
        """The unit of each file, as far as it is known; a file that could not be read is known by its name."""
        units = self.setup.units_of(self.framework.id)
        known = {row.file: units.get(row.unit_id) or named_unit(row.file, units) for row in tables.rows(files)}
        return {file: unit for file, unit in known.items() if unit}

    def _file(self, finding: Finding) -> str:
        """The returned file that a finding is about; empty if there is none, or if nobody knows whose it is."""
        if finding.file:
            return finding.file if finding.file in self.owners else ""
        return next((file for file, unit in self.owners.items() if unit.unit_id == finding.unit_id), "")

    def _write(self, unit: Unit, file: str, findings: Sequence[Finding]) -> Workbook:
        content = self._marked_copy(unit, file, findings) or self._marked_form(unit, file, findings)
        name = f"{self.framework.id}/{forms.file_name(unit)}"
        while name in self.names:  # a unit that sent several forms
            name = f"{name.removesuffix('.xlsx')}-2.xlsx"
        self.names.add(name)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return Workbook(unit, file, name, tuple(findings))

    def _marked_copy(self, unit: Unit, file: str, findings: Sequence[Finding]) -> bytes:
        """The unit's own workbook with marks; nothing if it cannot be edited, or is the form of another round."""
        if any(finding.rule in OTHER_FORM for finding in findings):
            return b""
        places = {finding.finding_id: self._places(finding, file) for finding in findings}
        try:
            received = receive(self.setup.edition.raw, file)
            if received.kind != "XLSX":
                return b""
            top = heading(self.setup, unit, "return_marked", self.language)
            lines = lines_of(findings, places, self.framework, self.language)
            return marked(received.content, tuple(self._marks(findings, places)), top, lines)
        except (RefusalError, UneditableError, ValueError, KeyError):  # the latter: spoilt numbers and names in parts
            return b""

    def _marked_form(self, unit: Unit, file: str, findings: Sequence[Finding]) -> bytes:
        """A form written anew, with the unit's answers where its file could be read."""
        fresh = returned_fresh.write(self.blanks, unit.unit_id, file, self.observations, self.evidence)
        places = {finding.finding_id: _fresh_places(finding, fresh) for finding in findings}
        read = any(row.file == file for row in self.observations.values())
        top = heading(self.setup, unit, "return_rewritten" if read else "return_empty", self.language)
        lines = lines_of(findings, places, self.framework, self.language)
        return marked(fresh.content, tuple(self._marks(findings, places)), top, lines)

    def _places(self, finding: Finding, file: str) -> tuple[tuple[str, str], ...]:
        """Sheet and cell of everything a finding is about: of its answers where there are several."""
        fields = finding.field_id.split()
        if len(fields) > 1:
            rows = [self.observations.get((finding.unit_id, field_id)) for field_id in fields]
            return tuple((row.sheet, row.cell) for row in rows if row is not None and row.cell and row.file == file)
        return tuple((finding.sheet, cell) for cell in finding.cell.split() if finding.sheet)

    def _marks(self, findings: Sequence[Finding], places: Mapping[str, tuple[tuple[str, str], ...]]) -> Iterator[Mark]:
        by_cell: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            for place in places[finding.finding_id]:
                by_cell.setdefault(place, []).append(finding)
        for (sheet, cell), told in sorted(by_cell.items()):
            yield Mark(sheet, cell, returned_words.worst(told), returned_words.comment(told, self.language))


def _fresh_places(finding: Finding, fresh: Fresh) -> tuple[tuple[str, str], ...]:
    cells = [fresh.cells[field_id] for field_id in finding.field_id.split() if field_id in fresh.cells]
    return tuple((fresh.sheet, cell) for cell in cells)
