"""A sheet of the spreadsheet release, the same for XLSX and ODS: title and links above, one table below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from minhbach import wording
from minhbach.editions import Setup
from minhbach.release_cells import Cell

MOST_NAME = 31
WIDE, LEAST = 60, 6
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet: `lines` from A1 down, below them one table with a header row; `wrapped`: the lines are long texts."""

    name: str
    lines: tuple[Cell, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    wrapped: bool = False
    widest: int = WIDE

    @property
    def head_row(self) -> int:
        """The row of the header, from 0."""
        return len(self.lines)

    @property
    def last_row(self) -> int:
        """The last row of the table, from 0; a table without rows keeps an empty one, as spreadsheets demand."""
        return self.head_row + max(1, len(self.rows))

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The width of each column in characters: that of its longest line, within limits."""
        columns = [[name, *(row[place].text for row in self.rows)] for place, name in enumerate(self.header)]
        longest = [max(len(line) for text in column for line in text.split("\n")) for column in columns]
        heads = [max(map(len, name.split()), default=0) + 4 for name in self.header]
        return tuple(
            min(max(length + 3, head, LEAST), self.widest) for length, head in zip(longest, heads, strict=True)
        )


def marks(setup: Setup, language: str) -> str:
    """What every sheet says about its standing: draft, numbers not checked, made-up data, the edition's own mark."""
    document = setup.assessment.document
    parts = [
        wording.say("draft_mark", language) if document.draft else "",
        wording.say("closed_mark", language) if setup.unchecked else "",
        wording.say("release_synthetic", language) if setup.assessment.synthetic else "",
        document.mark.say(language) if document.mark else "",
    ]
    return ". ".join(dict.fromkeys(filter(None, parts)))


def sheet(
    name: str, title: str, header: Sequence[str], rows: Sequence[Row], under: str, language: str, widest: int = WIDE
) -> Sheet:
    """A sheet with its title, its standing (`under`) and links to notes and contents above its table."""
    told = wording.say("release_one_table", language, rows=len(rows))
    lines = [Cell(title), Cell(f"{under}. {told}" if under else told)]
    for key, target in (("to_notes", "notes"), ("back", "contents")):
        link = wording.say(f"release_{target}", language)
        lines += [Cell(wording.say(f"release_{key}", language), link=link)] if link != name else []
    return Sheet(name, tuple(lines), tuple(header), tuple(rows), widest=widest)


def name_of(label: str) -> str:
    """A sheet's name: the printed name with plain spaces, without what names of sheets must not have."""
    return re.sub(r"[\[\]:*?/\\']", "-", label.replace("\u00a0", " "))[:MOST_NAME]
