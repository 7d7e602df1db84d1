"""Reading and showing numbers, exactly: text and float cells to fractions and back.

Vietnamese documents write 1.234,5 and English ones 1,234.5, and real tables mix both. A text is therefore
read under both conventions; only where both give a number, and not the same one, the declared mark decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

MAX_LENGTH = 40
MAX_PLACES = 30
FLOAT_DIGITS = 15
MODES = ("half_up", "half_even", "down")
_SPACES = " \u00a0\u2007\u2009\u202f"
_SIGNED = re.compile(rf"(?P<sign>[-+\u2212]?)(?P<body>[0-9][0-9.,{_SPACES}]*)")
_STORED = re.compile(r"-?[0-9]+(\.[0-9]+)?|-?[0-9]+/[1-9][0-9]*")


@dataclass(frozen=True)
class NumberReading:
    """What a text says as a number: `value`, or a `problem` and the `readings` it could have.

    `value` is None exactly when `problem` is one of not_a_number, ambiguous_number and number_too_long.
    `percent`: it bore a percent sign, and 54% is the value 27/50.  `parts`: it was written n/m, as (n, m).
    """

    value: Fraction | None
    problem: str = ""
    readings: tuple[Fraction, ...] = ()
    percent: bool = False
    parts: tuple[Fraction, Fraction] | None = None


def read_number(text: str, decimal: str | None) -> NumberReading:
    """The number that `text` is; `decimal` (`,` or `.` or None) is the mark its file is declared to use."""
    stripped = text.strip()
    if len(stripped) > MAX_LENGTH:
        return NumberReading(None, "number_too_long")
    if "/" in stripped:
        return _read_parts(stripped, decimal)
    if stripped.endswith("%"):
        reading = _read_plain(stripped[:-1].rstrip(), decimal)
        share = None if reading.value is None else reading.value / 100
        readings = tuple(each / 100 for each in reading.readings)
        return NumberReading(share, reading.problem, readings, percent=True)
    return _read_plain(stripped, decimal)


def from_float(number: float) -> Fraction:
    """The 15 significant digits a spreadsheet shows, as an exact fraction; `number` must be finite."""
    return Fraction(Decimal(f"{number:.{FLOAT_DIGITS}g}"))


def float_text(number: float) -> str:
    """The shortest text of a number cell: `0.3`, and `5` rather than `5.0`."""
    return repr(number).removesuffix(".0")


def exact_text(value: Fraction) -> str:
    """A decimal text if it ends within 30 places, otherwise `n/d`; `from_text` gives the same value back."""
    places = _places(value.denominator)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    return _fixed(value, places, ".", "")


def from_text(text: str) -> Fraction:
    """The value of a text that `exact_text` wrote; ValueError for any other text."""
    if not _STORED.fullmatch(text):
        raise ValueError(f"{text[:MAX_LENGTH]!r} is not an exact number such as 84.25 or 2/3")
    return Fraction(text)


def float_of(text: str) -> tuple[float, int]:
    """The float nearest to the value of such a text, and a denominator of the value (not always the least)."""
    if "/" in text or not _STORED.fullmatch(text):
        value = from_text(text)
        return float(value), value.denominator
    return float(text), 10 ** len(text.partition(".")[2].rstrip("0"))


def total(values: Sequence[Fraction]) -> Fraction:
    """The sum, reduced once rather than after every addition."""
    below = lcm(*(value.denominator for value in values))
    return Fraction(sum(value.numerator * (below // value.denominator) for value in values), below)


def round_exact(value: Fraction, places: int, mode: str = "half_up") -> Fraction:
    """`value` at so many decimal places; half_up takes halves away from zero, down goes toward zero."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    match mode:
        case "half_up":
            up = rest >= Fraction(1, 2)
        case "half_even":
            up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
        case "down":
            up = False
        case _:
            raise ValueError(f"{mode!r} is not a way of rounding: {', '.join(MODES)}")
    rounded = Fraction(whole + up, 10**places)
    return -rounded if value < 0 else rounded


def show(value: Fraction, places: int, language: str, mode: str = "half_up") -> str:
    """`value` rounded to fixed places as people read it: 1.234,50 in Vietnamese, 1,234.50 in English."""
    point, thousands = (".", ",") if language == "en" else (",", ".")
    return _fixed(round_exact(value, places, mode), places, point, thousands)


def _read_plain(text: str, decimal: str | None) -> NumberReading:
    match = _SIGNED.fullmatch(text)
    if not match:
        return NumberReading(None, "not_a_number")
    sign = -1 if match["sign"] in ("-", "\u2212") else 1
    found = {mark: sign * each for mark in ",." if (each := _under(match["body"], mark)) is not None}
    readings = tuple(sorted(set(found.values())))
    if len(readings) == 1:
        return NumberReading(readings[0])
    if decimal in found:
        return NumberReading(found[decimal])
    return NumberReading(None, "ambiguous_number" if readings else "not_a_number", readings)


def _under(body: str, decimal: str) -> Fraction | None:
    """The value of unsigned `body` when `decimal` is the decimal mark; None if it cannot be written so."""
    whole, mark, places = body.partition(decimal)
    if mark and not re.fullmatch("[0-9]+", places):
        return None
    other = "." if decimal == "," else ","
    groups = rf"[1-9][0-9]{{0,2}}(?P<mark>[{other}{_SPACES}])[0-9]{{3}}((?P=mark)[0-9]{{3}})*"
    grouped = re.fullmatch(groups, whole)
    if not grouped and not re.fullmatch("[0-9]+", whole):
        return None
    digits = whole.replace(grouped["mark"], "") if grouped else whole
    return Fraction(f"{digits}.{places or 0}")


def _read_parts(text: str, decimal: str | None) -> NumberReading:
    upper, _, lower = text.partition("/")
    first, second = _read_plain(upper.rstrip(), decimal), _read_plain(lower.lstrip(), decimal)
    if first.value is not None and second.value:
        return NumberReading(first.value / second.value, parts=(first.value, second.value))
    if "ambiguous_number" in (first.problem, second.problem) and second.value != 0:
        return NumberReading(None, "ambiguous_number", (first.readings or second.readings))
    return NumberReading(None, "not_a_number")


def _places(denominator: int) -> int | None:
    """How many decimal places 1/denominator needs; None if it does not end within MAX_PLACES."""
    for places in range(MAX_PLACES + 1):
        if 10**places % denominator == 0:
            return places
    return None


def _fixed(value: Fraction, places: int, point: str, thousands: str) -> str:
    scaled = value * 10**places
    digits = str(abs(scaled.numerator) // scaled.denominator).rjust(places + 1, "0")
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    grouped = f"{int(whole):,}".replace(",", thousands)
    return f"{'-' if value < 0 else ''}{grouped}{point + rest if places else ''}"
