"""Findings: broken expectations, each with an address, a severity and a sentence that says what to do."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from minhbach import wording

SEVERITIES = ("error", "warning", "note")
SHOWN = 200


@dataclass(frozen=True)
class Finding:
    """One row of findings.csv (key: finding_id); `cell` is an A1 address, `answer` what the unit replied."""

    finding_id: str
    severity: str
    rule: str
    unit_id: str
    field_id: str
    file: str
    sheet: str
    cell: str
    value: str
    expected: str
    message: str
    answer: str = ""


COLUMNS = tuple(each.name for each in dataclasses.fields(Finding))


def make(
    rule: str,
    language: str,
    *,
    severity: str,
    unit_id: str = "",
    field_id: str = "",
    file: str = "",
    sheet: str = "",
    cell: str = "",
    value: str = "",
    expected: str = "",
    **details: object,
) -> Finding:
    """A finding in the words of its rule (up to a dot); its id depends on what it is about, not on its words."""
    seen = visible(value)
    parts = (rule, unit_id, field_id, file, sheet, cell, seen)
    finding_id = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8]
    said = {"unit_id": unit_id, "field_id": field_id, "file": file, "sheet": sheet, "cell": cell}
    said |= {"value": seen, "expected": expected, "where": _place(file, sheet, cell)}
    shown = {name: visible(str(detail)) for name, detail in details.items()}
    message = wording.say(rule.partition(".")[0], language, **(said | shown))
    return Finding(finding_id, severity, rule, unit_id, field_id, file, sheet, cell, seen, expected, message)


def hint(near: str, language: str) -> str:
    """A question whether `near` was meant, or, where that is empty, that nothing is like it."""
    return wording.say("hint_nearest", language, near=near) if near else wording.say("hint_none", language)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in reading order: severity, file, sheet, row, column, rule."""
    return tuple(sorted(findings, key=_order))


def frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table, in reading order."""
    rows = [dataclasses.astuple(each) for each in ordered(findings)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def address(finding: Finding) -> str:
    """`<file>#<sheet>!<A1>`, or as much of it as there is (`<file>#<A1>` in a CSV)."""
    return _place(finding.file, finding.sheet, finding.cell)


def visible(text: str) -> str:
    """A text that can be shown on one line: control characters made visible, and cut when very long."""
    cut = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return "".join(_visible(character) for character in cut)


def _visible(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    return chr(0x2400 + ord(character)) if ord(character) < 0x20 else f"<U+{ord(character):04X}>"


def _place(file: str, sheet: str, cell: str) -> str:
    inner = "!".join(part for part in (sheet, cell) if part)
    return f"{file}#{inner}" if inner else file


def _order(finding: Finding) -> tuple[object, ...]:
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", finding.cell)
    row = int(match[2]) if match else 0
    column = column_number(match[1]) if match else 0
    place = (SEVERITIES.index(finding.severity), finding.file, finding.sheet, row, column)
    return (*place, finding.rule, finding.field_id, finding.finding_id)


def column_number(letters: str) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(row: int, column: int) -> str:
    """The A1 address of a cell, both counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
