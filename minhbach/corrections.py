"""The ledger corrections.csv: who changed which observation, when, why, and what stood there before.

It is read here, with every mistake said at once; `corrections_apply` applies it. Raw files are never touched.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from minhbach import corrections_csv, wording
from minhbach.corrections_csv import Row, Sheet
from minhbach.corrections_entry import (
    COLUMNS,
    FREE,
    ROUNDS,
    WHICH_FILE,
    Correction,
    next_id,
    read_value,
    standing,
)
from minhbach.framework import Framework
from minhbach.model import Question
from minhbach.units import Units

CORRECTION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
FINDING_ID = re.compile(r"[0-9a-f]{8}")


def load(path: Path, frameworks: Sequence[Framework], units: Units) -> tuple[Correction, ...]:
    """The entries of an edition's corrections.csv in the order of the file; none when there is no such file.

    Raises:
        FileError: with every mistake of the file, by line.
    """
    sheet = corrections_csv.read(path, COLUMNS)
    ids: dict[object, int] = {}
    cells: dict[object, int] = {}
    entries = []
    for row in sheet.rows:
        entries.append(_entry(sheet, row, frameworks, units))
        if row.text("correction_id"):
            sheet.once(row, "correction_id", row.text("correction_id"), ids, f"{row.text('correction_id')!r}")
        key = (row.text("unit_id"), row.text("field_id"), row.text("round"))
        sheet.once(row, "field_id", key, cells, f"{key[0]}/{key[1]} in round {key[2]}")
    sheet.finish()
    return tuple(entries)


def propose(
    texts: Mapping[str, str],
    entries: Sequence[Correction],
    observations: pd.DataFrame,
    frameworks: Sequence[Framework],
    units: Units,
) -> Correction:
    """A new entry from what a person gave, by column of the ledger, checked by the rules of the ledger.

    What is left out is filled in: the next id, as `expected` what stands in `observations` (those with `entries`
    applied), and as round 1, or 2 where round 1 has an entry for the observation already.

    Raises:
        FileError: with every mistake of the entry.
        UsageError: there is no such observation.
    """
    given = dict.fromkeys(COLUMNS, "") | dict(texts)
    key = (given["unit_id"].strip(), given["field_id"].strip())
    given["correction_id"] = given["correction_id"] or next_id(entries)
    given["round"] = given["round"] or str(ROUNDS[1] if any(each.key == key for each in entries) else ROUNDS[0])
    sheet = Sheet("the new entry", (Row(1, given),))
    made = _entry(sheet, sheet.rows[0], frameworks, units)
    sheet.finish()
    if "expected" not in texts:
        made = dataclasses.replace(made, expected=standing(observations, *key))
    return dataclasses.replace(made, line=0)


def of_framework(entries: Iterable[Correction], framework: Framework, units: Units) -> tuple[Correction, ...]:
    """The entries that concern a framework: units of its kind, and its fields (or which file counts)."""
    ids = {unit.unit_id for unit in units.of_kind(framework.spec.unit_kind)}
    fields = {*framework.fields, WHICH_FILE}
    return tuple(each for each in entries if each.unit_id in ids and each.field_id in fields)


def counted(entries: Iterable[Correction]) -> dict[str, str]:
    """By unit, the file that counts where it sent several; what a later round decides holds."""
    chosen = sorted((each for each in entries if each.field_id == WHICH_FILE), key=lambda each: each.round)
    return {each.unit_id: each.value for each in chosen}


def _entry(sheet: Sheet, row: Row, frameworks: Sequence[Framework], units: Units) -> Correction:
    """An entry, as far as it can be read; what is wrong with it is said to the sheet."""
    _check_texts(sheet, row)
    fields = _fields(sheet, row, frameworks, units)
    value = row.text("value")
    if sheet.known(row, "field_id", [*fields, WHICH_FILE], "field of this unit"):
        if row.text("field_id") == WHICH_FILE:
            sheet.filled(row, ("expected", "value"))
        else:
            value = _value(sheet, row, fields[row.text("field_id")])
    return Correction(
        correction_id=row.text("correction_id"),
        unit_id=row.text("unit_id"),
        field_id=row.text("field_id"),
        expected=row.cells["expected"],
        value=value,
        reason=row.text("reason"),
        authority=row.text("authority"),
        by=row.text("by"),
        date=row.text("date"),
        round=ROUNDS[-1] if row.text("round") == str(ROUNDS[-1]) else ROUNDS[0],
        evidence=row.text("evidence"),
        finding_id=row.text("finding_id"),
        written=row.cells["value"],
        line=row.line,
    )


def _check_texts(sheet: Sheet, row: Row) -> None:
    """What must be filled in, and in which form."""
    sheet.filled(row, (column for column in COLUMNS if column not in FREE))
    for column, pattern, example in (("correction_id", CORRECTION_ID, "C001"), ("finding_id", FINDING_ID, "3fa2c01d")):
        text = row.text(column)
        if text and not pattern.fullmatch(text):
            sheet.say(row, column, f"{text[:60]!r} is not an id such as {example}.")
    sheet.date(row, "date")
    if row.text("round") and row.text("round") not in map(str, ROUNDS):
        sheet.say(row, "round", f"{row.text('round')[:60]!r} must be 1 or 2.")


def _fields(sheet: Sheet, row: Row, frameworks: Sequence[Framework], units: Units) -> Mapping[str, Question]:
    """The fields of the row's unit, or of all frameworks where the unit is not known."""
    unit = sheet.unit(row, units)
    kinds = {unit.unit_kind} if unit else {each.spec.unit_kind for each in frameworks}
    of_kind = [each for each in frameworks if each.spec.unit_kind in kinds]
    return {field_id: question for framework in of_kind for field_id, question in framework.fields.items()}


def _value(sheet: Sheet, row: Row, question: Question) -> str:
    """The new value as observations hold it; says why a text is not of the field's type."""
    answer = read_value(row.cells["value"], question)
    if answer.rule:
        expected = wording.say(f"expected_{question.type}", "en", options=", ".join(question.options))
        hints = {"readings": "it can be read as", "near": "did you mean", "share": "for the share of that number write"}
        told = "".join(f"; {words} {answer.details[name]}" for name, words in hints.items() if answer.details.get(name))
        sheet.say(row, "value", f"{row.text('value')[:60]!r} cannot be taken; the field wants {expected}{told}.")
    return answer.value
