"""From a cell as people name it to the observation that was read from it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from minhbach import trace_lists
from minhbach.trace_answers import LEDGER, address
from minhbach.trace_evidence import Evidence
from minhbach.trace_tables import Record

MOST_NAMED = 5
OWN: Final = {LEDGER: "cell_ledger", "units.csv": "cell_units"}  # files of the edition that no unit sent


@dataclass(frozen=True)
class Cell:
    """A cell as it was named; the sheet is empty in a CSV, or where it was left out."""

    file: str
    sheet: str
    place: str

    def fits(self, row: Record) -> bool:
        """Whether a row was read from this cell."""
        return row["cell"] == self.place and self.sheet in ("", _composed(row["sheet"]))


def named(text: str, raw: str) -> Cell:
    """`FILE#SHEET!A1` in any usual spelling: `$E$33`, `e33`, a sheet in quotation marks, decomposed letters.

    The file stands below the folder of received files, `raw` such as data/raw/2019-bo, which may be named too.
    """
    file, _, inner = _composed(text).partition("#")
    file = file.strip().replace("\\", "/").removeprefix("./").rpartition(f"{raw}/")[2]
    sheet, _, place = inner.strip().rpartition("!")
    if len(sheet) > 1 and sheet[0] == sheet[-1] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    return Cell(file, sheet, place.replace("$", "").strip().upper())


def find(evidence: Evidence, text: str) -> tuple[str, Record]:
    """The framework and the observation that were read from a cell; a file may be named without its folders.

    Raises:
        UsageError: none was; the text says what was read from the file, or which files there are.
    """
    cell = named(text, f"data/raw/{evidence.edition.name}")
    if found := _exact(evidence, cell):
        return found
    files = _known(file for each in evidence.framework_ids for file in evidence.table(each, "observations").by("file"))
    meant = [cell.file] if cell.file in files else _ending(files, cell.file)
    cells: list[str] = []
    for framework_id in evidence.framework_ids if len(meant) == 1 else ():
        for row in evidence.table(framework_id, "observations").by("file").get(files[meant[0]], ()):
            if row["cell"] and " " not in row["cell"]:  # not the cells of several predecessors
                if cell.fits(row):
                    return framework_id, row
                cells.append(address(row).partition("#")[2])
    near = _proof(evidence, files[meant[0]], cell) if len(meant) == 1 else ""
    near = near or _near(evidence, cell, meant, cells, files)
    raise trace_lists.usage(evidence.say("no_cell", cell=text.strip(), near=near))


def _exact(evidence: Evidence, cell: Cell) -> tuple[str, Record] | None:
    """The observation where the file is named as it was received; observations of further frameworks are not read."""
    for framework_id in evidence.framework_ids:
        for row in evidence.table(framework_id, "observations").by("file").get(cell.file, ()):
            if row["cell"] and " " not in row["cell"] and cell.fits(row):
                return framework_id, row
    return None


def _near(evidence: Evidence, cell: Cell, meant: list[str], cells: list[str], files: Mapping[str, str]) -> str:
    """What may be named instead."""
    name = PurePosixPath(cell.file).name
    if name in OWN and not meant:
        return evidence.say(OWN[name], edition=evidence.edition.name, correction=_correction(evidence))
    if cells:
        return evidence.say("cell_of_file", cells=", ".join(sorted(cells)[:MOST_NAMED]))
    if len(meant) > 1:
        return evidence.say("cell_files", files=", ".join(sorted(meant)[:MOST_NAMED]))
    return evidence.say("files_are", files=", ".join(sorted(filter(None, files))[:MOST_NAMED]) or "–")


def _correction(evidence: Evidence) -> str:
    """A correction that was used, as an example."""
    ids = (key for each in evidence.framework_ids for key in evidence.table(each, "corrections").keys)
    return next(ids, "C001")


def _proof(evidence: Evidence, file: str, cell: Cell) -> str:
    """That a cell names a document of proof, if it does."""
    for framework_id in evidence.framework_ids:
        for row in evidence.table(framework_id, "evidence").by("file").get(file, ()):
            if row["cell"] and cell.fits(row):
                return evidence.say("cell_evidence", field=row["field_id"])
    return ""


def _known(files: Iterable[str]) -> dict[str, str]:
    """The files with answers as the tables name them, by their names in composed letters."""
    return {_composed(file): file for file in files if file}


def _ending(files: Iterable[str], name: str) -> list[str]:
    """The files of this name in any folder."""
    return [file for file in files if name and file.endswith(f"/{name}")]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
