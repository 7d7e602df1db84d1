"""The ledger errata.csv: which version replaces which because of corrections, and the number and date it has.

A line is written when an erratum is accepted, and belongs to what was received: from it a run knows which document
it makes, and a version can be rebuilt from its inputs alone. The lines are a chain: the document of assessment.yaml,
what replaced it, what replaced that. A document with another number or date begins anew and replaces nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from minhbach import assessment_words, corrections_csv
from minhbach.assessment_document import Number, OfficialDocument
from minhbach.corrections_csv import Row, Sheet
from minhbach.errata_line import COLUMNS as COLUMNS
from minhbach.errata_line import Erratum as Erratum
from minhbach.errata_line import key
from minhbach.errors import UsageError
from minhbach.held import HeldPath

LEDGER: Final = "corrections.csv"
NUMBERS: Final = ("replaced_number", "number", "notice_number")
BETWEEN: Final = "; "
VERSION: Final = re.compile(r"v([1-9][0-9]{0,5})")


def load(path: Path) -> tuple[Erratum, ...]:
    """The lines of an edition's errata.csv, in the order of the file; none where there is no such file.

    Raises:
        FileError: with every mistake, by line: forms, unknown entries of the ledger, a chain that forks or loops.
    """
    sheet = corrections_csv.read(path, COLUMNS)
    known, first = _entries(path) if sheet.rows else None, _First()
    found = [(row, _line(sheet, row, known, first)) for row in sheet.rows]
    _chained(sheet, [(row, line) for row, line in found if all((*line.before, *line.after))])
    sheet.finish()
    return tuple(line for _, line in found)


def chain(document: OfficialDocument, lines: Iterable[Erratum]) -> tuple[Erratum, ...]:
    """The lines that lead from a document to the one that is in force, oldest first."""
    by_key = {line.before: line for line in lines}
    at, found = key(assessment_words.number(document), document.date), list[Erratum]()
    while at in by_key:
        found.append(by_key.pop(at))
        at = found[-1].after
    return tuple(found)


def effective(document: OfficialDocument, lines: Iterable[Erratum]) -> tuple[OfficialDocument, Erratum | None]:
    """The document in force, and the line that made it so: the document itself and none where no line replaces it."""
    found = chain(document, lines)
    if not found:
        return document, None
    changed = {"number": found[-1].whole, "symbol": "", "date": found[-1].date}
    return document.model_copy(update=changed), found[-1]


def append(path: Path, line: Erratum) -> None:
    """Writes a line at the end of the file, after a header where there is none; no byte before it changes.

    Raises:
        FileError: the file that is there cannot be read.
        UsageError: it has a line for this version, or one that replaces the same document.
    """
    for row in corrections_csv.read(path, COLUMNS).rows:
        if row.text("version") == line.version or key(row.text("replaced_number"), row.text("replaced_date")) == (
            line.before
        ):
            there = f"{path.as_posix()}, line {row.line}: {row.text('version')} is there already"
            raise UsageError(f"{there}; a version is made by one line, and a document is replaced once.")
    content = path.read_bytes() if path.exists() else b""
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")), None) if content else None
    order = [name.strip() for name in header or COLUMNS]
    cells = {name: str(getattr(line, name)) for name in COLUMNS} | {"corrections": BETWEEN.join(line.corrections)}
    row_of = [cells[name] for name in order]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([row_of] if header else [order, row_of])
    with path.open("ab") as file:
        file.write((b"\n" if content and not content.endswith(b"\n") else b"") + text.getvalue().encode("utf-8"))


class _First:
    """Where what must stand only once came first."""

    def __init__(self) -> None:
        self.versions, self.documents, self.entries = (dict[object, int]() for _ in range(3))


def _line(sheet: Sheet, row: Row, known: Sequence[str] | None, first: _First) -> Erratum:
    """A line, as far as it can be read; what is wrong with it is said to the sheet."""
    sheet.filled(row, COLUMNS)
    for column in NUMBERS:
        _check_number(sheet, row, column)
    before, after = sheet.date(row, "replaced_date"), sheet.date(row, "date")
    if before and after and after < before:
        sheet.say(row, "date", f"{after} is before {before}, the date of the document that is replaced.")
    _check_versions(sheet, row, first)
    ids = tuple(filter(None, (each.strip() for each in row.text("corrections").split(";"))))
    for each in ids:
        if known is not None and each not in known:
            sheet.say(row, "corrections", f"{LEDGER} has no entry {each[:60]!r}; write its correction_id.")
        sheet.once(row, "corrections", each, first.entries, f"the entry {each[:60]!r}")
    cells = {name: row.text(name) for name in COLUMNS if name != "corrections"}
    return Erratum(corrections=ids, **cells)


def _check_number(sheet: Sheet, row: Row, column: str) -> None:
    try:
        TypeAdapter(Number).validate_python(row.text(column))
    except ValidationError as error:
        words = error.errors()[0]["msg"].removeprefix("Value error, ")
        sheet.say(row, column, f"{row.text(column)[:60]!r} {words}.")


def _check_versions(sheet: Sheet, row: Row, first: _First) -> None:
    """Two names of versions, the later one the greater, each line's own."""
    found = {name: VERSION.fullmatch(row.text(name)) for name in ("version", "replaces")}
    for column, match in found.items():
        if row.text(column) and match is None:
            sheet.say(row, column, f"{row.text(column)[:60]!r} is not a version such as v2.")
    new, old = found["version"], found["replaces"]
    if new and old and int(new[1]) <= int(old[1]):
        sheet.say(row, "version", f"{new[0]} cannot replace {old[0]}; a later version replaces an earlier one.")
    if new:
        sheet.once(row, "version", new[0], first.versions, f"the version {new[0]}")


def _chained(sheet: Sheet, found: Sequence[tuple[Row, Erratum]]) -> None:
    """Says where two lines replace one document or make one, and where a document comes back to itself."""
    replaced, made = dict[object, int](), dict[object, int]()
    for row, line in found:
        sheet.once(row, "replaced_number", line.before, replaced, f"that {line.replaced_number} is replaced")
        sheet.once(row, "number", line.after, made, f"that {line.whole} of {line.date} replaces a document")
    following = {line.before: line.after for _, line in found}
    for row, line in found:
        seen, at = {line.before}, line.after
        while at in following and at not in seen:
            seen.add(at)
            at = following[at]
        if at == line.before:
            sheet.say(
                row, "number", f"{line.whole} of {line.date} is replaced by itself in the end; give a new number."
            )


def _entries(path: Path) -> list[str] | None:
    """Ids of the ledger beside the file; None where they cannot be known, which is said of the ledger itself."""
    ledger = path.with_name(LEDGER)
    if _carried(path) and not ledger.exists():
        return None  # the report carries no files as received
    try:
        text = io.StringIO(ledger.read_text(encoding="utf-8-sig"), newline="")
        return [(row.get("correction_id") or "").strip() for row in csv.DictReader(text)]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def _carried(path: object) -> bool:
    """Whether it is a file inside a report."""
    return isinstance(path, HeldPath)
