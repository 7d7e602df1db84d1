"""Answers and files as steps that all chains of a draft share."""

from __future__ import annotations

from pathlib import Path

from minhbach.audit_evidence import Build
from minhbach.findings import visible
from minhbach.model import Question
from minhbach.trace_answers import REGISTER, Answers, address
from minhbach.trace_files import Files, lines_of
from minhbach.trace_graph import Step
from minhbach.trace_tables import Record

Key = tuple[str, ...]


class PlacedFiles(Files):
    """Files of staging are named as they will stand when the run is done."""

    def __init__(self, build: Build) -> None:
        super().__init__(build)
        self.build = build

    def inside(self, path: Path) -> str:
        """A path as it is written relative to the project."""
        return super().inside(self.build.place(path))


class SharedAnswers(Answers):
    """Answers whose corrections, confirmations and files are looked up once."""

    def __init__(self, build: Build, files: Files) -> None:
        super().__init__(build, files)
        self._corrections: dict[str, dict[Key, list[Record]]] = {}
        self._confirmations: dict[Key, tuple[Step, ...]] = {}
        self._signatures: dict[str, list[tuple[int, set[str]]]] | None = None

    def corrections(self, framework_id: str, unit_id: str, field_id: str) -> list[Record]:
        """The corrections that were used for an answer, in the order of use."""
        if framework_id not in self._corrections:
            known: dict[Key, list[Record]] = {}
            for row in self.evidence.table(framework_id, "corrections"):
                key = (row["unit_id"], row["field_id"])
                known[key] = known.get(key) or super().corrections(framework_id, *key)
            self._corrections[framework_id] = known
        return self._corrections[framework_id].get((unit_id, field_id), [])

    def confirmations(self, framework_id: str, unit_id: str) -> tuple[Step, ...]:
        """Whether the unit signed its data in each round."""
        key = (framework_id, unit_id)
        if key not in self._confirmations:
            self._confirmations[key] = super().confirmations(framework_id, unit_id)
        return self._confirmations[key]

    def _signed(self, row: Record) -> tuple[Step, ...]:
        path, wanted = self.evidence.edition.raw / REGISTER, {row["unit_id"], row["sha256"]}
        if self._signatures is None:
            self._signatures = rows_by_cell(path)
        lines = self._signatures.get(row["unit_id"], []) if row["sha256"] else []
        line = next((number for number, cells in lines if cells >= wanted), 0)
        return (self.files.step(path, line=line),) if line else ()

    def cell(self, framework_id: str, row: Record, question: Question) -> tuple[Step, ...]:
        """The conversion of a cell's text, if there was one, and the cell as this run has read it."""
        if not row["cell"]:
            return super().cell(framework_id, row, question)
        say, at = self.evidence.say, address(row)
        quoted = f"“{visible(row['raw_text'])}”"
        told = say("cell", cell=at, text=quoted)
        cell = Step("cell", at, told, row["raw_text"], children=self._below(framework_id, row))
        if row["status"] != "as_received" or row["raw_text"] == row["value"]:
            return (cell,)
        told = say("conversion", text=quoted, value=row["value"])
        return (Step("conversion", at, told, row["value"], children=(cell,)),)


def rows_by_cell(path: Path) -> dict[str, list[tuple[int, set[str]]]]:
    """The lines of a CSV with their cells, by each cell that they have (see `trace_files.line_of_row`)."""
    found: dict[str, list[tuple[int, set[str]]]] = {}
    for number, line in enumerate(lines_of(path), start=1):
        cells = {part.strip(' "') for part in line.replace(";", ",").split(",")}
        for cell in cells:
            found.setdefault(cell, []).append((number, cells))
    return found
