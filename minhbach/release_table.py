"""One table of the report as it is published: its groups as a column, its subtotals apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from minhbach import release_cells, wording
from minhbach.release_cells import Cell, Names


@dataclass(frozen=True)
class Published:
    """A numbered table of the report: `rows` are observations, `subtotals` the rows that add some of them up.

    Where the page has group headings, the first column names the group of each row instead.
    """

    label: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    subtotals: tuple[tuple[Cell, ...], ...] = ()


def published(label: str, block: Any, caption: list[Any], names: Names) -> Published:
    """A table with its groups as a column and its subtotals apart."""
    _, _, _, head, bodies, foot = block["c"]
    lines = [row for body in bodies for part in body[2:] for row in part] + foot[1]
    header = [each.text.replace("\n", " ") for row in head[1][:1] for each in _cells(row, names)]
    rows, subtotals, groups = _sorted(lines, names)
    if groups:
        header.insert(0, wording.say("release_group", names.language))
    return Published(
        names.shown[label], release_cells.text(caption, names), unique(header, names.language), rows, subtotals
    )


def _sorted(lines: Sequence[Any], names: Names) -> tuple[tuple[Any, ...], tuple[Any, ...], bool]:
    """The rows of units and those of subtotals, each behind its group, and whether there are groups at all."""
    rows: list[tuple[Cell, ...]] = []
    subtotals: list[tuple[Cell, ...]] = []
    groups, now = False, Cell("")
    for line in lines:
        cells = _cells(line, names)
        if _marked(line, "group"):
            groups, now = True, Cell(_group(line, names))
            if any(each.text for each in cells[1:]) or cells[0].fact_ids:
                subtotals.append((now, *cells))
        else:
            (subtotals if _marked(line, "subtotal") else rows).append((now, *cells))
    if not groups:
        rows, subtotals = [each[1:] for each in rows], [each[1:] for each in subtotals]
    return tuple(rows), tuple(subtotals), groups


def _cells(row: Any, names: Names) -> list[Cell]:
    return [release_cells.cell(each[4], names) for each in row[1]]


def _marked(row: Any, name: str) -> bool:
    first = row[1][0][4] if row[1] else []
    return release_cells.has_class(plain(first), name)


def _group(row: Any, names: Names) -> str:
    """The name of a group, without what else its heading says."""
    every = release_cells.spans(plain(row[1][0][4]))
    found = next(each for each in every if "group" in each["c"][0][1])
    return release_cells.text(found["c"][1], names)


def unique(header: Sequence[str], language: str) -> tuple[str, ...]:
    """Headers that are not empty and differ without regard to case, as a table of a spreadsheet needs them."""
    known: set[str] = set()
    names: list[str] = []
    for place, text in enumerate(header, start=1):
        wanted = text.strip() or wording.say("release_column", language, number=place)
        name, number = wanted, 1
        while name.casefold() in known:
            number += 1
            name = f"{wanted} ({number})"
        known.add(name.casefold())
        names.append(name)
    return tuple(names)


def plain(blocks: Sequence[Any]) -> list[Any]:
    """The inlines of paragraphs."""
    return [inline for block in blocks if block["t"] in ("Plain", "Para") for inline in block["c"]]
