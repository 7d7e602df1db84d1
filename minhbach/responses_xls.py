"""Reads from the records of an XLS what its reader leaves out ([MS-XLS]); see ingest_xls for the compound file."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from minhbach.ingest_files import RefusalError
from minhbach.ingest_xls import FORMULAS, note, records, sheet_places, workbook_stream
from minhbach.responses_scan import FormScan
from minhbach.responses_xlsx import BUILT_IN

NUMBER, RK, RKS = 0x0203, 0x027E, 0x00BD
STYLE, FORMAT, LINK = 0x00E0, 0x041E, 0x01AE
ROW, COLUMNS, MERGED, PROTECTED = 0x0208, 0x007D, 0x00E5, 0x0012
NOTE, OBJECT, TEXT, MORE = 0x001C, 0x005D, 0x01B6, 0x003C
OWN_SHEETS = (b"\x01\x04", b"\x01\x3a")


def scan_form(content: bytes, position: int, sheet: str, formats: Sequence[str]) -> FormScan:
    """The sheet at this position (from 0) of an XLS workbook; RefusalError if its records are broken."""
    cells = _FormRecords(sheet, formats)
    try:
        stream = workbook_stream(content)
        for kind, body in records(stream, sheet_places(stream)[position]):
            note(cells.scan, sheet, kind, body)
            cells.take(kind, body)
    except (struct.error, LookupError, ValueError) as error:
        raise RefusalError("damaged_file", sheet=sheet, reason=str(error)) from None
    return cells.close()


def number_formats(content: bytes) -> tuple[str, ...]:
    """The number format of each cell style, in the order of the styles."""
    named: dict[int, str] = dict(BUILT_IN)
    styles = []
    for kind, body in _globals(content):
        if kind == STYLE and len(body) >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == FORMAT and len(body) >= 5:
            number, length, wide = struct.unpack_from("<HHB", body)
            named[number] = _string(body[5:], length, wide)
    return tuple(named.get(each, "General") for each in styles)


def has_links(content: bytes) -> bool:
    """Whether the workbook refers to other files."""
    return any(kind == LINK and body[2:4] not in OWN_SHEETS for kind, body in _globals(content))


def has_macros(content: bytes) -> bool:
    """Whether the compound file has a folder of macros."""
    return "_VBA_PROJECT_CUR".encode("utf-16-le") in content


def _globals(content: bytes) -> list[tuple[int, bytes]]:
    try:
        return list(records(workbook_stream(content), 0))
    except (struct.error, LookupError, ValueError) as error:
        raise RefusalError("damaged_file", reason=str(error)) from None


def _string(body: bytes, length: int, wide: int) -> str:
    return body[: length * 2].decode("utf-16-le", "replace") if wide & 1 else body[:length].decode("latin-1")


class _FormRecords:
    """Takes the records of one sheet."""

    def __init__(self, sheet: str, formats: Sequence[str]) -> None:
        self.scan, self.sheet, self.formats = FormScan(), sheet, formats
        self.object = self.awaited = -1
        self.texts: dict[int, str] = {}
        self.notes: dict[tuple[int, int], int] = {}

    def take(self, kind: int, body: bytes) -> None:
        if kind in (NUMBER, RK, *FORMULAS):
            row, column, style = struct.unpack_from("<HHH", body)
            self._format(row, column, style)
            if kind in FORMULAS:
                self.scan.formulas[row, column] = "="
        elif kind == RKS:
            row, first = struct.unpack_from("<HH", body)
            for place in range((len(body) - 6) // 6):
                self._format(row, first + place, struct.unpack_from("<H", body, 4 + 6 * place)[0])
        elif kind in (OBJECT, TEXT, MORE, NOTE):
            self._comment(kind, body)
        else:
            self._sheet(kind, body)

    def _format(self, row: int, column: int, style: int) -> None:
        self.scan.reach(self.sheet, row, column)
        if style < len(self.formats):
            self.scan.formats[row, column] = self.formats[style]

    def _sheet(self, kind: int, body: bytes) -> None:
        if kind == ROW:
            row, hidden = struct.unpack_from("<H10xH", body)
            if hidden & 0x20:
                self.scan.hidden_rows.append((row, row))
        elif kind == COLUMNS:
            first, last, _, _, options = struct.unpack_from("<5H", body)
            if options & 1:
                self.scan.hidden_columns.append((first, last))
        elif kind == MERGED:
            for place in range(struct.unpack_from("<H", body)[0]):
                top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * place)
                self.scan.merge((top, left, bottom, right))
        elif kind == PROTECTED:
            self.scan.protected = struct.unpack_from("<H", body)[0] == 1

    def _comment(self, kind: int, body: bytes) -> None:
        """A note names an object; the object's text follows it in a record of its own, cut into pieces."""
        if kind == OBJECT:
            self.object = struct.unpack_from("<6xH", body)[0]
        elif kind == TEXT:
            self.awaited = self.object
        elif kind == MORE and self.awaited >= 0:
            self.texts[self.awaited] = _string(body[1:], len(body) - 1, body[0]) if body else ""
            self.awaited = -1
        elif kind == NOTE:
            row, column, _, number = struct.unpack_from("<4H", body)
            self.notes[row, column] = number

    def close(self) -> FormScan:
        """The scan, with each note's text."""
        self.scan.comments.update({place: self.texts.get(number, "") for place, number in self.notes.items()})
        return self.scan
