"""Numerals in a text: where they stand, and the words around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

# Numerals, and signs of private use, which a font may draw as anything.
COUNTED: Final = frozenset({"Nd", "No", "Nl", "Co"})
UNREADABLE: Final = "\ufffd"  # where a glyph of a PDF stands for no sign
AROUND: Final = 40  # signs on each side of a numeral that is told to people
BREAKS: Final = "\x02\u00ad\ufffe"  # how readers of PDFs show a hyphen at the end of a line


class _Known(dict[str, bool]):
    """Whether a sign is a numeral, asked once for each sign."""

    def __missing__(self, sign: str) -> bool:
        self[sign] = sign == UNREADABLE or unicodedata.category(sign) in COUNTED
        return self[sign]


_known: Final = _Known()
# What may be a numeral: a figure, or any sign that is neither ASCII nor a letter of Latin script with its marks.
_suspect: Final = re.compile("[0-9]|[^\x00-\x7f\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")


def is_numeral(sign: str) -> bool:
    """Whether a sign is a numeral of any script: digits, superscripts, fractions, circled and Roman numerals.

    A sign that nobody can read counts as one, because it may be shown as one.
    """
    return _known[sign]


def places(text: str) -> list[int]:
    """Where the signs that are numerals stand."""
    return [found.start() for found in _suspect.finditer(text) if _known[found[0]]]


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each numeral as people read it: `84,25` and `1.234` are one, `5–7` are two."""
    begin = end = -1
    for place in places(text):
        if begin >= 0 and (place == end or (place == end + 1 and text[end] in ",.")):
            end = place + 1
            continue
        if begin >= 0:
            yield begin, end
        begin, end = place, place + 1
    if begin >= 0:
        yield begin, end


def numerals(text: str) -> list[str]:
    """The numerals of a text, in its order."""
    return [text[begin:end] for begin, end in runs(text)]


def around(text: str, begin: int, end: int) -> str:
    """A numeral with the words before and after it, on one line."""
    first, last = max(0, begin - AROUND), min(len(text), end + AROUND)
    if first and " " in text[first:begin]:
        first = text.index(" ", first) + 1
    if last < len(text) and " " in text[end:last]:
        last = text.rindex(" ", end, last)
    cut = ("… " if first else "", " …" if last < len(text) else "")
    return cut[0] + re.sub(r"\s+", " ", visible(text[first:last])).strip() + cut[1]


def visible(text: str) -> str:
    """A text without signs that control, and with hyphens where a line ends in one."""
    marked = (("-" if sign in BREAKS else sign) for sign in text)
    return "".join(
        sign if not unicodedata.category(sign).startswith("C") else " " if sign in "\r\n\t" else "" for sign in marked
    )


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Only letters and numerals, small: what stays of a text however it is set."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text).casefold() if sign.isalnum() or _known[sign])
