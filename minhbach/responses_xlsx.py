"""Reads from the XML parts of an XLSX what its readers leave out; streaming, like ingest_scan."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence

from minhbach.findings import column_number
from minhbach.ingest_scan import REFERENCE, Attributes, XlsxCells, targets, walk, xlsx_workbook
from minhbach.responses_scan import Area, FormScan, Place

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 49: "@",
}  # fmt: skip
INLINE = re.compile(r'"(.*)"', re.DOTALL)
MOST_LISTED = 10_000
ON = ("1", "true")


def number_formats(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """The number format of each cell style, in the order of the styles."""
    named: dict[int, str] = dict(BUILT_IN)
    formats: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            named[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            formats.append(int(attributes.get("numFmtId", 0)))
        inside.append(name)

    def end(_: str) -> None:
        inside.pop()

    for part in _related(archive, xlsx_workbook(archive), "styles"):
        walk(archive, part, start, end, lambda _: None)
    return tuple(named.get(each, "General") for each in formats)


def sheet_states(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """visible, hidden or veryHidden, by the sheet's name."""
    states: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            states[attributes.get("name", "")] = attributes.get("state", "visible")

    walk(archive, xlsx_workbook(archive), start)
    return states


def scan_form(archive: zipfile.ZipFile, part: str, sheet: str, formats: Sequence[str]) -> FormScan:
    """One sheet of an XLSX workbook, with the comments that belong to it."""
    scan = FormScan()
    cells = _FormCells(sheet, scan, formats)
    walk(archive, part, cells.start, cells.end, cells.text)
    for comments in _related(archive, part, "comments"):
        _read_comments(archive, comments, scan)
    return scan


def _related(archive: zipfile.ZipFile, part: str, kind: str) -> list[str]:
    folder, name = posixpath.split(part)
    if posixpath.join(folder, "_rels", f"{name}.rels") not in archive.namelist():
        return []
    return [each for each in targets(archive, part, kind).values() if each in archive.namelist()]


def _read_comments(archive: zipfile.ZipFile, part: str, scan: FormScan) -> None:
    here: Place | None = None
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal here, inside
        if name == "comment":
            here = _place(attributes.get("ref", ""))
        inside = name == "t"

    def end(_: str) -> None:
        nonlocal inside
        inside = False

    def text(data: str) -> None:
        if inside and here is not None:
            scan.comments[here] = scan.comments.get(here, "") + data

    walk(archive, part, start, end, text)


class _FormCells(XlsxCells):
    """Takes the elements of a sheet; also those that do not make up its values."""

    scan: FormScan

    def __init__(self, sheet: str, scan: FormScan, formats: Sequence[str]) -> None:
        super().__init__(sheet, scan)
        self.formats, self.style, self.words = formats, 0, ""
        self.collecting = False
        self.spread: Area | None = None
        self.lists: list[Area] = []

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        match name:
            case "c":
                self.style = int(attributes.get("s") or 0)
            case "f":
                self.words, self.collecting = "", True
                self.spread = (
                    _area(attributes.get("ref", "")) if attributes.get("t") in ("array", "dataTable") else None
                )
            case "formula1":
                self.words, self.collecting = "", bool(self.lists)
            case _:
                self._other(name, attributes)

    def _other(self, name: str, attributes: Attributes) -> None:
        match name:
            case "row" if attributes.get("hidden") in ON or _flat(attributes, "ht"):
                self.scan.hidden_rows.append((self.row, self.row))
            case "col" if attributes.get("hidden") in ON or _flat(attributes, "width"):
                self.scan.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
            case "mergeCell":
                if area := _area(attributes.get("ref", "")):
                    self.scan.merge(area)
            case "sheetProtection":
                self.scan.protected = attributes.get("sheet") in ON
            case "dataValidation":
                cells = attributes.get("sqref", "").split() if attributes.get("type") == "list" else []
                self.lists = [area for each in cells if (area := _area(each))]

    def text(self, data: str) -> None:
        super().text(data)
        if self.collecting:
            self.words += data

    def end(self, name: str) -> None:
        place = (self.row, self.column)
        if name == "f":
            self.scan.formulas[place] = f"={self.words}"
            self._spread(self.words)
            self.collecting = False
        elif name == "formula1":
            self._offer()
            self.collecting = False
        elif name == "c" and self.kind == "n" and self.content and 0 < self.style < len(self.formats):
            self.scan.formats[place] = self.formats[self.style]
        super().end(name)

    def _spread(self, words: str) -> None:
        """An array formula fills cells that bear no formula of their own."""
        if self.spread and _size(self.spread) <= MOST_LISTED:
            for place in _places(self.spread):
                self.scan.formulas.setdefault(place, f"{{={words}}}")

    def _offer(self) -> None:
        inline = INLINE.fullmatch(self.words)
        if inline and sum(map(_size, self.lists)) <= MOST_LISTED:
            options = tuple(each.strip() for each in inline[1].replace('""', '"').split(","))
            for area in self.lists:
                self.scan.lists.update(dict.fromkeys(_places(area), options))


def _flat(attributes: Attributes, name: str) -> bool:
    return name in attributes and float(attributes[name]) == 0


def _place(text: str) -> Place | None:
    match = REFERENCE.fullmatch(text.replace("$", "").upper())
    return (int(match[2]) - 1, column_number(match[1]) - 1) if match else None


def _area(text: str) -> Area | None:
    first, _, last = text.partition(":")
    start, stop = _place(first), _place(last or first)
    return (*start, *stop) if start and stop else None


def _size(area: Area) -> int:
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)


def _places(area: Area) -> list[Place]:
    return [(row, column) for row in range(area[0], area[2] + 1) for column in range(area[1], area[3] + 1)]
