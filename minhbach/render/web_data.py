"""The numbers behind a chart as a table of a web page: the CSV beside it, arranged for readers."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from minhbach.wording import say, sentences

# Rows that say how a chart is drawn, or what its alternative text says.
HIDDEN: Final = frozenset({"tick", "text"})
LONG, NAME = 20, 24
NUMBER: Final = re.compile(r"^[-−+]?[\d.,\u00a0\u202f]+ ?%?$")
Row = Mapping[str, str]
Cell = tuple[str, str]  # what is shown, the fact that it is


@dataclass
class Line:
    """What one line of the table shows, by the heads of its columns."""

    label: str
    cells: dict[str, Cell] = field(default_factory=dict)


def table(file: Path, name: str, language: str) -> str:
    """The table in a frame that scrolls and is called `name`; empty where the file holds nothing for readers.

    Thresholds stand below it in a sentence of their own. Numbers that the chart draws without printing them are
    left out, because they are no facts.
    """
    with file.open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row.get("label") and row.get("shown")]
    lines = _lines([row for row in rows if row.get("kind") not in HIDDEN | {"threshold"}], language)
    if not lines:
        return ""
    heads = list(dict.fromkeys(head for line in lines for head in line.cells))
    frame = "scroll long" if len(lines) > LONG else "scroll"
    label, title = (html.escape(text) for text in (name, say("web_line", language)))
    cells = "".join(_head(lines, head) for head in heads)
    body = "\n".join(f"<tr>{_name(line)}{''.join(_cell(line, head) for head in heads)}</tr>" for line in lines)
    notes = "\n".join(_thresholds([row for row in rows if row.get("kind") == "threshold"]))
    return (
        f'<div class="{frame}" role="group" tabindex="0" aria-label="{label}">\n<table class="sortable">\n'
        f'<thead>\n<tr><th scope="col">{title}</th>{cells}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>\n'
        f"</div>\n{notes}"
    ).rstrip("\n")


def _lines(rows: Sequence[Row], language: str) -> list[Line]:
    """A line for each thing that the chart shows, with a column for each series; where few series cross, a list.

    Two units of one name stay two lines: a number whose place is taken begins another.
    """
    known: dict[str, list[Line]] = {}
    for row in rows:
        head, cell = _series(row, language), (row["shown"], row.get("fact_id", ""))
        same = known.setdefault(row["label"], [])
        if any(line.cells.get(head) == cell for line in same):
            continue
        line = next((line for line in same if head not in line.cells), None)
        if line is None:
            same.append(line := Line(row["label"]))
        line.cells[head] = cell
    lines = [line for same in known.values() for line in same]
    heads = {head for line in lines for head in line.cells}
    filled = sum(len(line.cells) for line in lines)
    return lines if 2 * filled >= len(heads) * len(lines) else list(_listed(lines, language))


def _listed(lines: Sequence[Line], language: str) -> Iterator[Line]:
    """One line for each number, which says its series."""
    series, value = say("web_series", language), say("web_value", language)
    for line in lines:
        for head, cell in line.cells.items():
            yield Line(line.label, {series: (head, ""), value: cell})


def _series(row: Row, language: str) -> str:
    """The column of a row's number: what its kind or its series is called."""
    words, series = sentences(language), row.get("series", "")
    named = words.get(f"web_kind_{row.get('kind')}") or words.get(f"web_series_{series}")
    return named or series or words["web_value"]


def _thresholds(rows: Sequence[Row]) -> Iterator[str]:
    """For each axis, the levels that begin on it, with their numbers as facts."""
    for axis in dict.fromkeys(row["series"] for row in rows):
        levels = [row for row in rows if row["series"] == axis]
        yield f"<p>{html.escape(axis)}{': ' * bool(axis)}{'; '.join(map(_level, levels))}.</p>"


def _level(row: Row) -> str:
    """The name of a threshold, in which its number bears its fact."""
    before, number, after = row["label"].rpartition(row["shown"])
    return html.escape(before) + (_marked(number, row.get("fact_id", "")) if number else "") + html.escape(after)


def _marked(shown: str, fact_id: str) -> str:
    """What is shown, with the fact that it is."""
    text = html.escape(shown)
    return f'<span class="fact" data-fact="{html.escape(fact_id)}">{text}</span>' if fact_id else text


def _head(lines: Sequence[Line], head: str) -> str:
    """The head of a column, on the right above numbers."""
    shown = [line.cells[head][0] for line in lines if head in line.cells]
    side = ' class="right"' if all(map(NUMBER.match, shown)) else ""
    return f'<th{side} scope="col">{html.escape(head)}</th>'


def _name(line: Line) -> str:
    """The header cell of a line."""
    size = "text" if len(line.label) > NAME else "name"
    return f'<th class="{size}" scope="row">{html.escape(line.label)}</th>'


def _cell(line: Line, head: str) -> str:
    """One cell, which bears its fact; blank where the line has no such number."""
    shown, fact_id = line.cells.get(head, ("", ""))
    side = ' class="right"' if NUMBER.match(shown) else ""
    return f"<td{side}>{_marked(shown, fact_id)}</td>"
