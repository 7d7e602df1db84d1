"""Reads a CSV into rows of texts: UTF-8 or marked UTF-16, never a guessed encoding."""

from __future__ import annotations

import codecs
import csv
import io

from minhbach.assessment import Table
from minhbach.ingest_files import Received, RefusalError, check_extent
from minhbach.names import matching_key

DELIMITERS = (",", ";", "\t", "|")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_rows(received: Received, table: Table) -> list[list[str]]:
    """All records, blank lines as empty ones, so that a record's place is its row in a spreadsheet.

    Raises:
        RefusalError: another encoding, a quotation that never ends, or too large.
    """
    text = _text(received.content)
    delimiter = table.delimiter or _delimiter(text, table)
    rows: list[list[str]] = []
    widest = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            rows.append(record)
            widest = max(widest, len(record))
            check_extent(len(rows), widest)
    except csv.Error as error:
        raise RefusalError("broken_csv", line=reader.line_num, reason=str(error)) from None
    return rows


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusalError("not_utf8", line=content[: error.start].count(b"\n") + 1) from None
    if text.count("\0") * 10 > len(text):
        raise RefusalError("not_utf8", line=1)
    return text


def _delimiter(text: str, table: Table) -> str:
    """The delimiter under which the header row shows most of the declared headers, then most columns."""
    wanted = {matching_key(header) for header in (table.unit_column, *table.columns.values())}
    best, best_score = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        header = _record(text, delimiter, table.header_row)
        score = (len(wanted & {matching_key(cell) for cell in header}), len(header))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _record(text: str, delimiter: str, number: int) -> list[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for position, record in enumerate(reader, start=1):
            if position == number:
                return record
    except csv.Error:
        pass
    return []
