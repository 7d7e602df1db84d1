"""Reads one cell as an answer: the value as text, or the rule it breaks; nothing is ever guessed."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from minhbach.assessment import Table
from minhbach.ingest_workbook import Cell
from minhbach.model import Question
from minhbach.names import matching_key, nearest
from minhbach.numbers import exact_text, float_text, from_float, read_number

YES = frozenset({"có", "yes", "x", "true", "đúng", "1"})
NO = frozenset({"không", "no", "false", "sai", "0"})
ERROR = re.compile(r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|#+)|Err:[0-9]{3}")
ISO_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})")
# Marks that turn the writing direction can make a number look like another one.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
EPOCH = datetime.date(1899, 12, 30).toordinal()


@dataclass(frozen=True)
class Answer:
    """The value of a cell ("" when blank), or the `rule` it breaks with the details of the finding."""

    value: str
    rule: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def raw_text(cell: Cell) -> str:
    """A cell as text: texts as they stand, numbers in their shortest form, dates as ISO."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return float_text(cell)
        case datetime.datetime():
            return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
        case datetime.date() | datetime.time():
            return cell.isoformat()
    return str(cell)


def is_blank(cell: Cell, table: Table) -> bool:
    """Whether a cell is empty, or holds a text that the table declares to mean nothing."""
    if isinstance(cell, (int, float)) and not table.blanks:
        return False
    key = matching_key(raw_text(cell))
    return not key or key in {matching_key(text) for text in table.blanks}


def read_answer(cell: Cell, question: Question, table: Table) -> Answer:
    """What the cell answers to the question."""
    if isinstance(cell, str):
        if any(character in TURNING or _is_control(character) for character in cell):
            return Answer("", "control_characters")
        if ERROR.fullmatch(cell.strip()):
            return Answer("", "error_cell")
    if is_blank(cell, table):
        return Answer("")
    match question.type:
        case "yes_no":
            return _yes_no(cell)
        case "choice":
            return _choice(cell, question)
        case "date":
            return _date(cell)
        case "text":
            return Answer(unicodedata.normalize("NFC", raw_text(cell).strip()))
    return _number(cell, question, table.decimal)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in "\t\n\r"


def _number(cell: Cell, question: Question, decimal: str | None) -> Answer:
    if isinstance(cell, bool):
        return Answer("", "truth_in_number")
    if isinstance(cell, (int, float)):
        if not math.isfinite(cell):
            return Answer("", "not_finite")
        return _judged(from_float(cell) if isinstance(cell, float) else Fraction(cell), question)
    if not isinstance(cell, str):
        return Answer("", "date_in_number", {"maybe": before_excel(cell)})
    reading = read_number(cell, decimal)
    if reading.value is None:
        shown = " / ".join(exact_text(each) for each in reading.readings)
        return Answer("", reading.problem, {"readings": shown})
    if reading.parts:
        return _parts(*reading.parts, question)
    if reading.percent:
        return _share(reading.value, question)
    return _judged(reading.value, question)


def _judged(value: Fraction, question: Question) -> Answer:
    """A bare number: counts are whole, and a share above 1 may have meant per cent."""
    if value < 0 and question.type in ("count", "percent"):
        return Answer("", "negative_number")
    if question.type == "count" and value.denominator != 1:
        return Answer("", "not_whole")
    if question.type == "percent" and value > 1:
        share = exact_text(value / 100)
        return Answer("", "percent_or_fraction", {"share": share})
    return Answer(exact_text(value))


def _share(value: Fraction, question: Question) -> Answer:
    """A number that bore a percent sign."""
    if not is_share(question):
        return Answer("", "percent_in_number", {"share": exact_text(value)})
    return Answer("", "negative_number") if value < 0 else Answer(exact_text(value))


def _parts(upper: Fraction, lower: Fraction, question: Question) -> Answer:
    """n/m: n where the question is out of m, n/m where it asks for a share; otherwise no one can tell."""
    if is_share(question) and upper >= 0 and lower > 0:
        return Answer(exact_text(upper / lower))
    if question.out_of is not None and lower == question.out_of:
        return _judged(upper, question)
    return Answer("", "ambiguous_fraction", {"upper": exact_text(upper), "share": exact_text(upper / lower)})


def is_share(question: Question) -> bool:
    """Whether the question asks for a part of a whole, from 0 to 1."""
    if question.type == "percent":
        return True
    return question.type == "number" and question.max is not None and question.max <= 1 and question.out_of is None


def before_excel(cell: Cell) -> str:
    """The number that a spreadsheet may have turned into this date or time."""
    match cell:
        case datetime.date() if cell.year < 1930:
            return str(cell.toordinal() - EPOCH)
        case datetime.date():
            return f"{cell.day}.{cell.month}"
        case datetime.time():
            return f"{cell.hour}.{cell.minute}"
    return raw_text(cell)


def _yes_no(cell: Cell) -> Answer:
    key = matching_key(raw_text(cell))
    if key in {matching_key(word) for word in YES}:
        return Answer("yes")
    return Answer("no") if key in {matching_key(word) for word in NO} else Answer("", "not_yes_no")


def _choice(cell: Cell, question: Question) -> Answer:
    text = raw_text(cell)
    for option in question.options:
        if matching_key(option) == matching_key(text):
            return Answer(option)
    return Answer("", "not_an_option", {"near": nearest(text, question.options)})


def _date(cell: Cell) -> Answer:
    if isinstance(cell, datetime.date):
        return Answer(cell.isoformat()[:10])
    text = raw_text(cell).strip()
    found = ISO_DATE.fullmatch(text) or DAY_FIRST.fullmatch(text)
    if found and isinstance(cell, str):
        try:
            year, month, day = (int(found[part]) for part in ("year", "month", "day"))
            return Answer(datetime.date(year, month, day).isoformat())
        except ValueError:
            pass
    return Answer("", "not_a_date")
