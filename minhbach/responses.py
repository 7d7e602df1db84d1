"""Reads the forms that units return: one value per unit and field, each with its cell, and the evidence given.

Whatever cannot be read for certain becomes a finding with an address and a blank value; nothing is guessed, and
the received files are only read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from minhbach.findings import Finding, ordered
from minhbach.framework import Framework
from minhbach.ingest import COLUMNS
from minhbach.ingest_files import RefusalError, receive
from minhbach.ingest_rows import Notes
from minhbach.responses_answers import Answers
from minhbach.responses_files import Form, choose, find, identity
from minhbach.responses_forensics import check_template, look
from minhbach.responses_head import check_round, find_unit, fingerprint_holds, named_unit, read_cover
from minhbach.responses_layout import find_layout
from minhbach.responses_open import open_book
from minhbach.units import Units

EVIDENCE_COLUMNS = ("unit_id", "field_id", "number", "title", "date", "remark", "file", "sheet", "cell")
FILE_COLUMNS = ("file", "sha256", "unit_id", "reader", "fingerprint_ok", "size")


@dataclass(frozen=True)
class Responses:
    """What the returned forms say; all tables hold texts.

    `observations` (ingest.COLUMNS, key unit_id, field_id): a row for every unit whose form counts and every field.
    `evidence` (EVIDENCE_COLUMNS, the same keys): the documents named; `cell` is that of the document's number.
    `files` (FILE_COLUMNS, key file): every workbook, read or not; `fingerprint_ok` is yes, no, or empty if not read.
    """

    observations: pd.DataFrame
    evidence: pd.DataFrame
    files: pd.DataFrame
    findings: tuple[Finding, ...]


def read_all(
    folder: Path,
    responses: str,
    framework: Framework,
    units: Units,
    edition: str,
    language: str,
    counted: Mapping[str, str] | None = None,
) -> Responses:
    """Reads every workbook below `responses` in an edition's `folder`; never raises on what files hold.

    `counted` names, by unit_id, the file that counts where a unit sent several. Without it, several forms of a unit
    are an error and none of them is read as its answer. A form that could not be read gives no rows.
    """
    listing = find(folder, responses, language)
    forms = [_read(folder, file, framework, units, edition, language) for file in listing.workbooks]
    chosen = choose(forms, counted or {}, language)
    findings = [each for form in forms if form.file not in chosen.dropped for each in form.findings]
    return Responses(
        _frame([row for form in chosen.kept for row in form.observations], COLUMNS),
        _frame([row for form in chosen.kept for row in form.evidence], EVIDENCE_COLUMNS),
        _frame([_file_row(form) for form in forms], FILE_COLUMNS),
        ordered([*listing.findings, *findings, *chosen.findings]),
    )


def _read(folder: Path, file: str, framework: Framework, units: Units, edition: str, language: str) -> Form:
    notes = Notes(file, language)
    try:
        return _read_form(folder, notes, framework, units, edition)
    except RefusalError as refusal:
        named = named_unit(file, units)
        notes.unit_id = notes.unit_id or (named.unit_id if named else "")
        details = {"sheet": refusal.sheet, "value": refusal.value, **refusal.details}
        notes.add(refusal.rule, **details)  # type: ignore[arg-type]
        sha256, size = identity(folder, file)
        return Form(file, sha256, size, tuple(notes.found), notes.unit_id)


def _read_form(folder: Path, notes: Notes, framework: Framework, units: Units, edition: str) -> Form:
    """One form; RefusalError if nothing in it can be read as answers."""
    received = receive(folder, notes.file)
    book = open_book(received)
    layout = find_layout(book, framework)
    cover = read_cover(layout)
    check_round(cover, framework, edition)
    unit = find_unit(cover, units, framework.spec.unit_kind, notes)
    holds = fingerprint_holds(cover, framework, edition)
    check_template(layout, cover, framework, holds, notes)
    lost = look(book, layout, framework, notes)
    answers = Answers(received, layout, framework, notes, lost)
    observations = tuple(answers.observations(unit.unit_id))
    evidence = tuple(answers.evidence(unit.unit_id))
    size = len(received.content)
    said = (unit.unit_id, book.reader, "yes" if holds else "no", observations, evidence)
    return Form(received.file, received.sha256, size, tuple(notes.found), *said)


def _file_row(form: Form) -> tuple[str, ...]:
    return form.file, form.sha256, form.unit_id, form.reader, form.fingerprint, str(form.size)


def _frame(rows: list[tuple[str, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(sorted(rows), columns=list(columns), dtype="str")
