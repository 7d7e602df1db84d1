"""CSV of the open data: no text becomes a formula in a spreadsheet program, and no text is lost.

A sign that would begin a formula gets an apostrophe before it, where a cell can begin: at the start of a text and, for
programs that take `;` or a tab for the separator, after these and after new lines, spaces in between or not. Before an
apostrophe that stands there already one more is put, so that `original` gives every text back exactly.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

START = r"(?P<start>(?:^|[;\t\r\n])[ \u00a0]*)"
SIGN = r"'*[=+\-@\uff1d\uff0b\uff0d\uff20]"
RISKY = re.compile(rf"{START}(?={SIGN})")
GUARDED = re.compile(rf"{START}'(?={SIGN})")


def guarded(text: str) -> str:
    """The text with apostrophes before what would begin a formula."""
    return RISKY.sub(lambda found: found["start"] + "'", text)


def original(text: str) -> str:
    """The text that `guarded` was given."""
    return GUARDED.sub(lambda found: found["start"], text)


def content(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file: UTF-8, LF, quotes where needed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode("utf-8")
