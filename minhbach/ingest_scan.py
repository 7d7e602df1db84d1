"""Looks into the XML of XLSX and ODS workbooks for what readers hide: errors, formulas without a value.

They give an empty cell for either, and build the whole rectangle up to the farthest cell in memory; so the
extent is measured here first. Expat streams, and a document type (the door to entity bombs) is refused.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from minhbach.findings import column_number
from minhbach.ingest_files import RefusalError, check_extent

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Attributes = dict[str, str]


@dataclass
class Scan:
    """What is not plain in a sheet, by (row, column) from 0: error texts, formulas without value, truths."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unvalued: set[tuple[int, int]] = field(default_factory=set)
    truths: dict[tuple[int, int], bool] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0

    def reach(self, sheet: str, row: int, column: int) -> None:
        """Notes that the sheet has something in this cell."""
        if row >= self.rows or column >= self.columns:
            self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
            check_extent(self.rows, self.columns, sheet)


def walk(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Calls back for each element of a part of the archive, names without prefix.

    Raises:
        RefusalError: the part is absent, not XML, or has a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise RefusalError("damaged_file", reason=f"{part}: DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if end and text:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = text
    try:
        with archive.open(part) as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, KeyError, ValueError) as error:
        raise RefusalError("damaged_file", reason=f"{part}: {error}") from None


def xlsx_workbook(archive: zipfile.ZipFile) -> str:
    """The part that is the workbook."""
    return next(iter(targets(archive, "", "officeDocument").values()), "xl/workbook.xml")


def xlsx_sheets(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The part of each sheet, by the sheet's name, in the workbook's order."""
    workbook = xlsx_workbook(archive)
    parts = targets(archive, workbook, "worksheet")
    sheets: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if relation in parts:
                sheets[attributes.get("name", "")] = parts[relation]

    walk(archive, workbook, start)
    return sheets


def targets(archive: zipfile.ZipFile, part: str, kind: str) -> dict[str, str]:
    """Parts that `part` relates to as `kind`, by relation id."""
    folder, name = posixpath.split(part)
    found: dict[str, str] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element == "Relationship" and attributes.get("Type", "").endswith(f"/{kind}"):
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            found[attributes.get("Id", "")] = target.lstrip("/")

    walk(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return found


def scan_xlsx(archive: zipfile.ZipFile, part: str, sheet: str) -> Scan:
    """Errors, formulas without value and the extent of one sheet of an XLSX workbook."""
    cells = XlsxCells(sheet, Scan())
    walk(archive, part, cells.start, cells.end, cells.text)
    return cells.scan


class XlsxCells:
    """Takes the elements of a sheet as they come and fills its scan."""

    def __init__(self, sheet: str, scan: Scan) -> None:
        self.sheet, self.scan = sheet, scan
        self.row = self.column = -1
        self.kind, self.formula, self.valued, self.inside = "n", False, False, False
        self.content = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name == "c":
            match = REFERENCE.fullmatch(attributes.get("r", "").upper())
            self.column = column_number(match[1]) - 1 if match else self.column + 1
            self.kind, self.formula, self.valued, self.content = attributes.get("t", "n"), False, False, ""
        elif name in ("v", "t"):
            self.inside = self.valued = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1

    def text(self, data: str) -> None:
        """Text inside an element."""
        if self.inside:
            self.content += data

    def end(self, name: str) -> None:
        """An element ends."""
        if name in ("v", "t"):
            self.inside = False
        elif name == "c":
            self._cell((self.row, self.column))

    def _cell(self, place: tuple[int, int]) -> None:
        hollow = self.formula and not self.content and not (self.kind == "str" and self.valued)
        if self.kind == "e":
            self.scan.errors[place] = self.content or "#?"
        elif hollow:
            self.scan.unvalued.add(place)
        if self.content or hollow or self.kind == "e":
            self.scan.reach(self.sheet, *place)
