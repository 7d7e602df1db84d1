"""One entry of the corrections ledger: its columns, how its new value is read, and how it is written at the end."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from minhbach import corrections_csv, tables
from minhbach.assessment import Table
from minhbach.errors import UsageError
from minhbach.ingest_values import Answer, read_answer
from minhbach.model import Question
from minhbach.numbers import read_number

COLUMNS = (
    "correction_id", "unit_id", "field_id", "expected", "value", "reason", "authority", "evidence", "by", "date",
    "round", "finding_id",
)  # fmt: skip
FREE = ("evidence", "finding_id", "expected", "value")
WHICH_FILE = "_file"
BETWEEN_FILES = "; "
ROUNDS = (1, 2)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# Answers in the ledger are read by the rules of answers in tables that declare no decimal mark.
RULES = Table(file="corrections.csv", unit_column="unit_id", columns={"field": "value"})


@dataclass(frozen=True)
class Correction:
    """An entry: `expected` is the text that must stand, `value` the new value as observations hold it ("": blank).

    `written` is the new value as the ledger spells it, `line` the entry's line there (0: not written yet). With the
    field `_file`, `value` is the file that counts and `expected` all files the unit sent, sorted, between `; `.
    """

    correction_id: str
    unit_id: str
    field_id: str
    expected: str
    value: str
    reason: str
    authority: str
    by: str
    date: str
    round: int = 1
    evidence: str = ""
    finding_id: str = ""
    written: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """The observation that is corrected."""
        return self.unit_id, self.field_id


def read_value(text: str, question: Question) -> Answer:
    """A new value by the rules for answers in tables; 1.234 can be read in two ways and is refused, 1.2340 cannot."""
    return read_answer(text, question, RULES)


def spelt(value: str) -> str:
    """A value of an observation, spelt so that the ledger reads it back as the same value."""
    return f"{value}0" if read_number(value, None).problem == "ambiguous_number" else value


def standing(observations: pd.DataFrame, unit_id: str, field_id: str) -> str:
    """What a new entry must expect: the text as it stood, or the value that an earlier correction gave.

    Raises:
        UsageError: there is no such observation.
    """
    for row in tables.rows(observations[observations["unit_id"] == unit_id]):
        if row.field_id == field_id:
            return str(row.value if row.correction_id else row.raw_text)
    raise UsageError(f"There is no observation {unit_id}/{field_id}. See observations.csv for units and fields.")


def next_id(corrections: Iterable[Correction]) -> str:
    """The next id of the form C001, after the highest one of that form."""
    numbers = [int(found[1]) for each in corrections if (found := re.fullmatch(r"C([0-9]{1,9})", each.correction_id))]
    return f"C{max(numbers, default=0) + 1:03d}"


def formula_like(correction: Correction) -> tuple[str, ...]:
    """Columns that a spreadsheet program would take for a formula: they begin with = + - @ and are no number.

    They are written as they are all the same, because `expected` must equal what stands in the workbook; minhbach
    never evaluates them, and whoever opens the ledger in a spreadsheet program must import its columns as text.
    """
    cells = zip(COLUMNS, _cells(correction), strict=True)
    return tuple(
        name for name, text in cells if text.startswith(FORMULA_SIGNS) and read_number(text, ".").value is None
    )


def append(path: Path, correction: Correction) -> None:
    """Writes an entry at the end of the ledger, after a header where there is none; no byte before it changes.

    Raises:
        FileError: the ledger that is there cannot be read.
        UsageError: it has an entry with this id, or one for the same observation and round.
    """
    for row in corrections_csv.read(path, COLUMNS).rows:
        same = (row.text("unit_id"), row.text("field_id"), row.text("round")) == (
            *correction.key,
            str(correction.round),
        )
        if same or row.text("correction_id") == correction.correction_id:
            found = f"{path.as_posix()}, line {row.line}: {row.text('correction_id')} is there already"
            raise UsageError(f"{found}; a second entry needs an id of its own and another observation or round.")
    before = path.read_bytes() if path.exists() else b""
    header = next(csv.reader(io.StringIO(before.decode("utf-8-sig"), newline="")), None) if before else None
    order = [name.strip() for name in header or COLUMNS]
    cells = dict(zip(COLUMNS, _cells(correction), strict=True))
    rows = [[cells[name] for name in order]]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows if header else [order, *rows])
    with path.open("ab") as file:
        file.write(b"\n" if before and not before.endswith(b"\n") else b"")
        file.write(text.getvalue().encode("utf-8"))


def _cells(correction: Correction) -> tuple[str, ...]:
    shown = {name: str(getattr(correction, name)) for name in COLUMNS}
    return tuple((shown | {"value": correction.written or spelt(correction.value)}).values())
