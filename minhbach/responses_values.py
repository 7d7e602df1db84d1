"""Reads one answer cell of a form: its value, or the one rule that it breaks, and what is odd about it."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from minhbach.assessment import Table
from minhbach.forms_layout import ANSWER, CODE
from minhbach.ingest_values import Answer, before_excel, is_share, raw_text, read_answer
from minhbach.ingest_workbook import Cell
from minhbach.model import Question
from minhbach.numbers import exact_text, from_float, from_text, read_number
from minhbach.responses_open import Page
from minhbach.responses_scan import Place
from minhbach.responses_shown import Seen, by_format, by_text

# A form declares no decimal mark and no text that means "nothing".
CONVENTIONS = Table(file="form", unit_column=CODE, columns={"answer": ANSWER})
WORDS = ("choice", "yes_no", "text")
OWN_WORDING = {"not_a_number": "form_not_a_number", "ambiguous_number": "form_ambiguous_number"}
# Letters of other scripts that look like Latin ones, and what they are taken for.
LOOKALIKES = dict(
    zip(
        "АВЕКМНОРСТУХІЅЈаеорсухіѕјԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧονÐðƉ",
        "ABEKMHOPCTYXISJaeopcyxisjdhABEZHIKMNOPTYXovĐđĐ",
        strict=True,
    )
)
FOLD = str.maketrans(LOOKALIKES)


@dataclass(frozen=True)
class Value:
    """`text` as it stands, `value` ("" when blank), the `rule` it breaks, and `remarks`: rule, severity, details."""

    text: str
    answer: Answer
    remarks: tuple[tuple[str, str, Mapping[str, str]], ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    def with_remark(self, rule: str, severity: str, **details: str) -> Value:
        """The same value with one more remark."""
        return replace(self, remarks=(*self.remarks, (rule, severity, details)))


def read_value(page: Page, place: Place, question: Question) -> Value:
    """What a cell answers to a question, looking at the cell as a person sees it."""
    scan = page.scan
    if place in scan.errors:
        return Value(scan.errors[place], Answer("", "error_cell"))
    if place in scan.unvalued:
        return Value(scan.formulas.get(place, ""), Answer("", "formula_without_value"))
    cell = page.cell(place)
    text = raw_text(cell)
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    seen = _seen(page, place) if number and question.numeric else None
    if seen and seen.percent and not is_share(question) and seen.value is not None:
        share = exact_text(_exact(cell))
        return Value(text, Answer("", "percent_in_number", {"share": share}), said={"value": seen.text})
    read = Value(text, read_answer(cell, question, CONVENTIONS))
    if read.answer.rule:
        return _second_look(read, cell, question)
    if seen and read.answer.value and seen.value != from_text(read.answer.value):
        return read.with_remark("shown_otherwise", "warning", seen=seen.text)
    if question.type == "text" and isinstance(cell, (datetime.date, datetime.time)):
        return read.with_remark("date_in_text", "warning", maybe=before_excel(cell))
    if question.type == "text" and text.translate(FOLD) != text and _mixed(text):
        return read.with_remark("lookalike_letters", "warning", plain=text.translate(FOLD))
    return read


def decomposed(page: Page, place: Place, question: Question) -> bool:
    """Whether an answer in words is written with letters and tone marks apart."""
    cell = page.cell(place)
    return question.type in WORDS and isinstance(cell, str) and not unicodedata.is_normalized("NFC", cell)


def _second_look(read: Value, cell: Cell, question: Question) -> Value:
    """What a person would see at once: look-alike letters in words, and the only whole reading of a count."""
    rule = read.answer.rule
    if isinstance(cell, str) and question.type in ("choice", "yes_no") and (plain := cell.translate(FOLD)) != cell:
        answer = read_answer(plain, question, CONVENTIONS)
        if not answer.rule:
            return replace(read, answer=answer).with_remark("lookalike_letters", "warning", plain=plain)
    if isinstance(cell, str) and rule == "ambiguous_number" and question.type == "count" and "/" not in cell:
        whole = [each for each in read_number(cell, None).readings if each.denominator == 1 and each >= 0]
        if len(whole) == 1 and "%" not in cell:
            value = exact_text(whole[0])
            return replace(read, answer=Answer(value)).with_remark("read_as_whole", "note", read=value)
    return replace(read, answer=replace(read.answer, rule=OWN_WORDING.get(rule, rule)))


def _seen(page: Page, place: Place) -> Seen | None:
    value = _exact(page.cell(place))
    if place in page.scan.texts:
        return by_text(value, page.scan.texts[place])
    code = page.scan.formats.get(place)
    return by_format(value, code) if code is not None else None


def _exact(cell: Cell) -> Fraction:
    """The number of a number cell; zero for the few that are not finite, which are refused elsewhere."""
    try:
        return from_float(float(cell))  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return Fraction(0)


def _mixed(text: str) -> bool:
    """Whether Latin letters stand beside those that only look like them."""
    return any(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter not in LOOKALIKES)
