"""Confirmations: in a round, a unit signs the SHA-256 of its own observations; a later change makes that void."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from minhbach import corrections_csv, tables
from minhbach.corrections_csv import Row, Sheet
from minhbach.units import Units

COLUMNS = ("unit_id", "round", "sha256", "by", "post", "date", "document")
STATUS = ("unit_id", "round", "state", "sha256", "now", "by", "date", "document")
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Confirmation:
    """A unit's sign-off: `sha256` is what it signed, `document` the number of the sheet or letter (may be empty)."""

    unit_id: str
    round: int
    sha256: str
    by: str
    post: str
    date: str
    document: str = ""


def canonical(observations: pd.DataFrame) -> str:
    """The text that a unit signs, from its observations.

    One line per observation: unit_id, a tab, field_id, a tab, value, a line feed. Lines are sorted by their code
    points. In a value a backslash is written `\\\\`, a tab `\\t`, a line feed `\\n`, a carriage return `\\r`; a blank
    value is nothing. Encoded as UTF-8 without a byte order mark, this is the file that `sha256sum` is given.
    """
    lines = {f"{row.unit_id}\t{row.field_id}\t{_on_one_line(row.value)}\n" for row in tables.rows(observations)}
    return "".join(sorted(lines))


def digest(observations: pd.DataFrame) -> str:
    """The SHA-256, in hex, of the `canonical` text of one unit's observations.

    Anyone can compute it again: `sha256sum 664.txt` on the file that comes with a sheet, or for a unit with a single
    answer `printf '664\\tso_may_tinh\\t18\\n' | sha256sum`.
    """
    return hashlib.sha256(canonical(observations).encode("utf-8")).hexdigest()


def load(path: Path, units: Units, rounds: Collection[int]) -> tuple[Confirmation, ...]:
    """The rows of confirmations.csv in the order of the file; none when there is no such file.

    A unit whose confirmation became void signs again: a further row for the same round with another hash.

    Raises:
        FileError: with every mistake of the file, by line.
    """
    sheet = corrections_csv.read(path, COLUMNS)
    first: dict[object, int] = {}
    for row in sheet.rows:
        _check(sheet, row, units, rounds)
        key = tuple(row.text(column) for column in ("unit_id", "round", "sha256"))
        sheet.once(row, "unit_id", key, first, f"the confirmation of {key[0]} for round {key[1]} with this sha256")
    sheet.finish()
    return tuple(_confirmation(row) for row in sheet.rows)


def status(
    units: Units, observations: pd.DataFrame, confirmations: Iterable[Confirmation], rounds: Collection[int]
) -> pd.DataFrame:
    """One row per unit with observations and round required: state, `sha256` signed, `now`, by, date, document.

    The state is confirmed when one of the unit's signatures for the round is for the observations as they are now,
    void when all are for others, and missing when there is none. Where several are there, the one that fits counts,
    otherwise the latest by date. A unit that signed and has no observations (any more) is void, with `now` empty.
    """
    by_unit = {str(unit_id): table for unit_id, table in observations.groupby("unit_id", sort=True)}
    given: dict[tuple[str, int], list[Confirmation]] = {}
    for each in confirmations:
        given.setdefault((each.unit_id, each.round), []).append(each)
    rows = []
    for unit_id in sorted(unit.unit_id for unit in units):
        now = digest(by_unit[unit_id]) if unit_id in by_unit else ""
        for number in sorted(rounds):
            signed = given.get((unit_id, number), [])
            if signed or now:
                rows.append((unit_id, str(number), *_state(signed, now)))
    return pd.DataFrame(rows, columns=list(STATUS), dtype="str")


def unconfirmed(table: pd.DataFrame) -> tuple[str, ...]:
    """Units, sorted, that the report lists and marks, from the table of `status`.

    A unit counts as confirmed when it signed in every required round and its signature of the last one still holds:
    corrections of round 2 make that of round 1 void, and the one of round 2 stands for both.
    """
    last: dict[str, str] = {}
    missing = set()
    for row in tables.rows(table.sort_values(["unit_id", "round"])):
        last[row.unit_id] = row.state
        missing |= {row.unit_id} if row.state == "missing" else set()
    return tuple(sorted(missing | {unit_id for unit_id, state in last.items() if state != "confirmed"}))


def _state(signed: Sequence[Confirmation], now: str) -> tuple[str, ...]:
    """State, signed, now, by, date, document."""
    if not signed:
        return "missing", "", now, "", "", ""
    fits = [each for each in signed if each.sha256 == now]
    shown = max(fits or signed, key=lambda each: (each.date, each.sha256, each.by))
    return "confirmed" if fits else "void", shown.sha256, now, shown.by, shown.date, shown.document


def _check(sheet: Sheet, row: Row, units: Units, rounds: Collection[int]) -> None:
    """Says every mistake of a row."""
    sheet.filled(row, (column for column in COLUMNS if column != "document"))
    sheet.unit(row, units)
    sheet.date(row, "date")
    required = ", ".join(map(str, sorted(rounds))) or "none"
    if row.text("round") and row.text("round") not in map(str, rounds):
        message = (
            f"{row.text('round')[:60]!r} is not a round that assessment.yaml requires (survey: rounds): {required}."
        )
        sheet.say(row, "round", message)
    if row.text("sha256") and not SHA256.fullmatch(row.text("sha256")):
        message = (
            f"{row.text('sha256')[:70]!r} is not a SHA-256: 64 digits 0-9 and a-f, as printed on the unit's sheet."
        )
        sheet.say(row, "sha256", message)


def _confirmation(row: Row) -> Confirmation:
    texts = {column: row.text(column) for column in COLUMNS}
    return Confirmation(
        unit_id=texts["unit_id"],
        round=int(texts["round"]),
        sha256=texts["sha256"],
        by=texts["by"],
        post=texts["post"],
        date=texts["date"],
        document=texts["document"],
    )


def _on_one_line(value: str) -> str:
    pairs = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
    for sign, written in pairs:
        value = value.replace(sign, written)
    return value
