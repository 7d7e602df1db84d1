"""Looks into content.xml of an ODS workbook for errors, truths, formulas without a value, and the extent.

ODS writes equal cells and rows once with a count, so that a few bytes may stand for millions of cells.
"""

from __future__ import annotations

import zipfile

from minhbach.ingest_files import RefusalError
from minhbach.ingest_scan import Attributes, Scan, walk

PART = "content.xml"
MOST_REPEATS = 1_048_576


def ods_sheets(archive: zipfile.ZipFile) -> list[str]:
    """The names of the sheets, in the workbook's order."""
    names: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "table":
            names.append(attribute(attributes, "name"))

    walk(archive, PART, start)
    return names


def scan_ods(archive: zipfile.ZipFile, sheet: str) -> Scan:
    """Errors, truths, formulas without value and the extent of one sheet of an ODS workbook."""
    cells = OdsCells(sheet, Scan())
    walk(archive, PART, cells.start, cells.end, cells.text)
    return cells.scan


def attribute(attributes: Attributes, name: str) -> str:
    """An attribute by its name without prefix; that of OpenDocument before that of an extension."""
    found = {key.partition(":")[0]: value for key, value in attributes.items() if key.endswith(f":{name}")}
    return found.get("office", next(iter(found.values()), ""))


class OdsCells:
    """Takes the elements of content.xml as they come and fills the scan of one sheet."""

    def __init__(self, sheet: str, scan: Scan) -> None:
        self.sheet, self.scan = sheet, scan
        self.here = self.open = False
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.attributes: Attributes = {}
        self.content = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name == "table":
            self.here = attribute(attributes, "name") == self.sheet
        elif not self.here:
            return
        elif name == "table-row":
            self.column, self.rows = 0, self.repeats(attributes, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self.columns = self.repeats(attributes, "number-columns-repeated")
            self.attributes, self.content, self.open = attributes, "", True

    def text(self, data: str) -> None:
        """Text inside an element."""
        if self.open:
            self.content += data

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "table":
            self.here = False
        elif self.here and name == "table-row":
            self.row += self.rows
        elif self.here and name in ("table-cell", "covered-table-cell"):
            self.close()
            self.column, self.open = self.column + self.columns, False

    def close(self) -> None:
        """Notes the cell that ends here."""
        kind = attribute(self.attributes, "value-type")
        error = self.attributes.get("calcext:value-type") == "error"
        formula = bool(attribute(self.attributes, "formula"))
        if not (kind or formula or error):
            return
        self.scan.reach(self.sheet, self.row + self.rows - 1, self.column + self.columns - 1)
        if not (error or kind == "boolean" or not kind):
            return
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + self.columns):
                self._flaw((row, column), error, kind)

    def _flaw(self, place: tuple[int, int], error: bool, kind: str) -> None:
        if error:
            self.scan.errors[place] = self.content.strip() or "#?"
        elif kind == "boolean":
            self.scan.truths[place] = attribute(self.attributes, "boolean-value") == "true"
        else:
            self.scan.unvalued.add(place)

    def repeats(self, attributes: Attributes, name: str) -> int:
        """How often an element counts; refused beyond the rows of any spreadsheet."""
        count = int(attribute(attributes, name) or 1)
        if not 1 <= count <= MOST_REPEATS:
            raise RefusalError("damaged_file", sheet=self.sheet, reason=f"{name}={count}")
        return count
