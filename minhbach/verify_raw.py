"""Files as received, where the report carries them: their hashes, and every cell that an answer was read from."""

from __future__ import annotations

import hashlib

from minhbach import wording
from minhbach.evidence_files import RAW
from minhbach.findings import visible
from minhbach.ingest_files import RefusalError
from minhbach.trace_raw import RawFile
from minhbach.trace_tables import Record
from minhbach.verify_file import Opened
from minhbach.verify_project import UNREADABLE, Carried
from minhbach.verify_result import Check, Findings


def check(found: Opened, carried: Carried, language: str) -> Check:
    """Every received file by the hash in observations.csv, and every cell by its text."""
    told = Findings("raw", language)
    if not any(name.startswith(f"{RAW}/") for name in found.files):
        return told.check(wording.say("verify_raw_none", language), done=False)
    for framework in carried.setup.frameworks:
        books: dict[str, RawFile] = {}
        hashed: dict[str, str] = {}
        for row in carried.evidence.table(framework.id, "observations"):
            file = row["file"]
            if file and file not in books:
                books[file] = RawFile(carried.evidence, framework.id, file)
                hashed[file] = _hash(found, told, row)
            if file and hashed[file] and row["cell"]:
                told.total += 1
                _cell(told, books[file], framework.id, carried, row)
    return told.check()


def _hash(found: Opened, told: Findings, row: Record) -> str:
    """The hash of a received file; empty, and told, where it is not the one that was read."""
    content = found.files.get(f"{RAW}/{row['file']}")
    told.total += 1
    if content is None:
        told.differs("raw_missing", row["file"])
        return ""
    now = hashlib.sha256(content).hexdigest()
    if now != row["sha256"]:
        told.differs("raw_changed", row["file"], now=now[:16], before=row["sha256"][:16])
        return ""
    return now


def _cell(told: Findings, book: RawFile, framework_id: str, carried: Carried, row: Record) -> None:
    """One cell as it stands in the file, beside what observations.csv says of it."""
    at = f"{row['unit_id']}/{row['field_id']}"
    where = f"{row['file']}#{row['sheet']}!{row['cell']}"
    try:
        seen = book.seen(row, carried.setup.framework(framework_id).fields[row["field_id"]])
    except (RefusalError, *UNREADABLE) as error:
        told.differs("raw_unread", at, cell=where, reason=getattr(error, "rule", error))
        return
    if seen.text != row["raw_text"]:
        told.differs("raw_cell", at, cell=where, now=visible(seen.text), kept=visible(row["raw_text"]))
    elif row["status"] == "as_received" and seen.value != row["value"]:
        told.differs("raw_value", at, cell=where, now=seen.value or "–", kept=row["value"] or "–")
