"""What a person sees in a number cell: its number format, applied to the value, exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from minhbach.numbers import read_number, round_exact, show

LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
CONDITION = re.compile(r"\[[<>=]")
NUMBER = re.compile(r"(?P<whole>[#0?, ]*?)(?P<scale>,*)(\.(?P<places>[#0? ]*))?(?P<scale2>,*) *(?P<percent>%*)")
PLAIN = ("general", "standard", "@")


@dataclass(frozen=True)
class Seen:
    """The text of a number cell and the number that it is; None when no number is seen."""

    text: str
    value: Fraction | None
    percent: bool = False


def by_format(value: Fraction, code: str) -> Seen | None:
    """The value under a format as XLSX and XLS write it; None where that cannot be told (dates, conditions)."""
    if CONDITION.search(code):
        return None
    literals = "".join(LITERAL.findall(re.sub(r"\[[^\]]*\]", "", code)))
    section, negative = _section(value, LITERAL.sub("", code).split(";"))
    if re.search("[0-9%]", literals):
        return Seen(code, None)
    if section.lower() in PLAIN:
        return Seen("", value)
    body = section.strip("-+() ")
    found = NUMBER.fullmatch(body)
    if not body or (found and not re.search("[0#?]", body)):
        return Seen("", None)
    if not found:
        return None
    seen = _applied(abs(value) if negative else value, found)
    if negative and seen.value is not None and ("-" in code or "(" in code):
        return Seen(f"-{seen.text}", -seen.value, seen.percent)
    return seen


def by_text(value: Fraction, text: str) -> Seen | None:
    """The value in a cell that shows this text (ODS); None where the text is not plainly a number."""
    if not text:
        return Seen("", None)
    reading = read_number(text, None)
    if reading.problem == "not_a_number":
        return None
    known = {reading.value, *reading.readings}
    return Seen(text, value if value in known else reading.value, text.endswith("%"))


def _section(value: Fraction, sections: list[str]) -> tuple[str, bool]:
    """The part of the format for this value, and whether it shows a negative value without its sign."""
    sections = [each.strip() for each in sections]
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _applied(value: Fraction, found: re.Match[str]) -> Seen:
    places = len(re.findall("[0#?]", found["places"] or ""))
    percent = len(found["percent"])
    factor = Fraction(100) ** percent / Fraction(1000) ** len(found["scale"] + found["scale2"])
    rounded = round_exact(value * factor, places)
    text = show(rounded, places, "vi") + "%" * percent
    return Seen(text, rounded / Fraction(100) ** percent, percent > 0)
