"""Looks into the records of an XLS workbook for errors, which the reader would give as empty cells.

A .xls is a small file system (compound file) with one stream of records (BIFF): [MS-CFB], [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from minhbach.ingest_files import RefusalError
from minhbach.ingest_scan import Scan

END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
NAMES = ("Workbook", "Book")
BOF, EOF, SHEET, LOCKED, TRUTH_OR_ERROR = 0x0809, 0x000A, 0x0085, 0x002F, 0x0205
FORMULAS = (0x0006, 0x0206, 0x0406)
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def scan_xls(content: bytes, position: int, sheet: str) -> Scan:
    """Errors and the extent of the sheet at this position (from 0) of an XLS workbook.

    Raises:
        RefusalError: the compound file or its records are broken, or locked with a password.
    """
    try:
        stream = workbook_stream(content)
        scan = Scan()
        for kind, body in records(stream, sheet_places(stream)[position]):
            note(scan, sheet, kind, body)
    except (struct.error, LookupError, ValueError) as error:
        raise RefusalError("damaged_file", sheet=sheet, reason=str(error)) from None
    return scan


def sheet_places(stream: bytes) -> list[int]:
    """Where the records of each sheet begin, in the workbook's order."""
    sheets = [body for kind, body in records(stream, 0) if _unlocked(kind) == SHEET]
    return [struct.unpack_from("<I", body)[0] for body in sheets]


def _unlocked(kind: int) -> int:
    if kind == LOCKED:
        raise RefusalError("password_protected")
    return kind


def records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records from `place` to the end of the part that begins there; parts may hold parts."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, place)
        depth += (kind == BOF) - (kind == EOF)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length
        if depth <= 0:
            return


def note(scan: Scan, sheet: str, kind: int, body: bytes) -> None:
    """Notes what a record of a sheet says about errors and the extent."""
    if kind == TRUTH_OR_ERROR:
        row, column, _, value, error = struct.unpack_from("<HHHBB", body)
    elif kind in FORMULAS:
        row, column, _, result, _, value, _, _, mark = struct.unpack_from("<HHHBBBBHH", body)
        error = mark == 0xFFFF and result == 2
    else:
        return
    scan.reach(sheet, row, column)
    if error:
        scan.errors[row, column] = ERRORS.get(value, "#?")


def workbook_stream(content: bytes) -> bytes:
    """The stream of records inside the compound file."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    mini_size = 1 << struct.unpack_from("<H", content, 32)[0]
    directory_start, _, cutoff, mini_start = struct.unpack_from("<IIII", content, 48)
    table = _numbers(b"".join(_sector(content, each, size) for each in _table_sectors(content, size)))
    directory = _chain(content, table, directory_start, size)
    entries = {}
    for place in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        entries[name] = struct.unpack_from("<II", directory, place + 116)
    start, length = entries[NAMES[0] if NAMES[0] in entries else NAMES[1]]
    if length >= cutoff:
        return _chain(content, table, start, size)[:length]
    mini_table = _numbers(_chain(content, table, mini_start, size))
    mini_stream = _chain(content, table, entries["Root Entry"][0], size)
    return _chain(bytes(mini_size) + mini_stream, mini_table, start, mini_size)[:length]


def _table_sectors(content: bytes, size: int) -> list[int]:
    """The sectors of the allocation table: 109 named in the header, the others in a chain of lists."""
    sectors = list(struct.unpack_from("<109I", content, 76))
    following, seen = struct.unpack_from("<I", content, 68)[0], 0
    while following < END and seen * size < len(content):
        *more, following = _numbers(_sector(content, following, size))
        sectors, seen = sectors + more, seen + 1
    return [sector for sector in sectors if sector < END]


def _chain(content: bytes, table: tuple[int, ...], start: int, size: int) -> bytes:
    parts: list[bytes] = []
    while start < END:
        parts.append(_sector(content, start, size))
        start = table[start]
        if len(parts) * size > len(content):
            raise ValueError("a chain of sectors has no end")
    return b"".join(parts)


def _sector(content: bytes, number: int, size: int) -> bytes:
    """Sector 0 follows the header, which takes one sector's room."""
    return content[(number + 1) * size : (number + 2) * size]


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])
