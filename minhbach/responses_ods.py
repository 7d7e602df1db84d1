"""Reads from content.xml of an ODS what its readers leave out; streaming, like ingest_ods."""

from __future__ import annotations

import zipfile

from minhbach.ingest_ods import PART, OdsCells, attribute
from minhbach.ingest_scan import Attributes, walk
from minhbach.responses_scan import FormScan

NUMBERS = ("float", "percentage", "currency")


def scan_form(archive: zipfile.ZipFile, sheet: str) -> FormScan:
    """One sheet of an ODS workbook."""
    scan = FormScan()
    cells = _FormCells(sheet, scan)
    walk(archive, PART, cells.start, cells.end, cells.text)
    return scan


def has_links(archive: zipfile.ZipFile) -> bool:
    """Whether a sheet is a copy of another file's."""
    found = []

    def start(name: str, _: Attributes) -> None:
        if name == "table-source":
            found.append(name)

    walk(archive, PART, start)
    return bool(found)


class _FormCells(OdsCells):
    """Takes the elements of content.xml; also those that do not make up values."""

    scan: FormScan

    def __init__(self, sheet: str, scan: FormScan) -> None:
        super().__init__(sheet, scan)
        self.remark: str | None = None
        self.heading = 0

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        if not self.here:
            return
        unseen = attribute(attributes, "visibility") in ("collapse", "filter")
        match name:
            case "table":
                self.heading = 0
                self.scan.protected = attribute(attributes, "protected") == "true"
            case "table-row" if unseen:
                self.scan.hidden_rows.append((self.row, self.row + self.rows - 1))
            case "table-column":
                count = self.repeats(attributes, "number-columns-repeated")
                if unseen:
                    self.scan.hidden_columns.append((self.heading, self.heading + count - 1))
                self.heading += count
            case "table-cell":
                rows = int(attribute(attributes, "number-rows-spanned") or 1)
                columns = int(attribute(attributes, "number-columns-spanned") or 1)
                self.scan.merge((self.row, self.column, self.row + rows - 1, self.column + columns - 1))
            case "annotation":
                self.remark = ""

    def text(self, data: str) -> None:
        if self.remark is None:
            super().text(data)
        elif data.strip():
            self.remark += data

    def end(self, name: str) -> None:
        if name == "annotation" and self.remark is not None:
            if self.here and self.remark:
                self.scan.comments[self.row, self.column] = self.remark
            self.remark = None
        super().end(name)

    def close(self) -> None:
        super().close()
        formula = attribute(self.attributes, "formula")
        number = attribute(self.attributes, "value-type") in NUMBERS
        if not (formula or number):
            return
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + self.columns):
                if formula:
                    self.scan.formulas[row, column] = formula
                if number:
                    self.scan.texts[row, column] = self.content.strip()
