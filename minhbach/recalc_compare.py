"""Compares a workbook's points, levels and ranks with the draft's tables, and names every cell that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from python_calamine import CalamineWorkbook

from minhbach import tables
from minhbach.findings import cell_name
from minhbach.framework import Framework
from minhbach.numbers import exact_text, from_text, round_exact
from minhbach.recalc_columns import CODE, FIRST, KEY
from minhbach.recalc_outcomes import words_of

RELATIVE, ABSOLUTE = Fraction(1, 10**9), Fraction(1, 10**12)
DIGITS = 13  # of a float that are certain after a few hundred operations


@dataclass(frozen=True)
class Page:
    """One sheet as read: its name, the framework, part and language its key says, and its cells."""

    name: str
    framework: str
    part: str
    language: str
    rows: list[list[object]]
    file: str  # the sheet's file inside the workbook


@dataclass(frozen=True)
class Expected:
    """What a cell must hold: `kind` is nodes, others, levels or ranks; `value` a number, a text, or None for blank."""

    kind: str
    table: str
    value: Fraction | str | None
    places: int


@dataclass(frozen=True)
class Difference:
    """A cell that does not hold what it must; `said` is the wording's key, `found` and `wanted` as shown."""

    said: str
    sheet: str
    cell: str
    unit: str
    code: str
    table: str = ""
    found: str = ""
    wanted: str = ""


def pages(workbook: Path) -> list[Page]:
    """The sheets of a workbook that are about a framework, in their order."""
    book = CalamineWorkbook.from_path(workbook)
    found = []
    for number, name in enumerate(book.sheet_names, start=1):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        key = str(rows[KEY][0]).split("/") if len(rows) > CODE and rows[KEY] else []
        if len(key) == 3:
            cells: list[list[object]] = [list(row) for row in rows]
            found.append(Page(name, key[0], key[1], key[2], cells, f"xl/worksheets/sheet{number}.xml"))
    return found


def expected(framework: Framework, draft: Path, language: str) -> dict[str, dict[tuple[str, str], Expected]]:
    """What must stand in the sheets of nodes and outcomes, by unit and column."""
    folder, rounding = draft / framework.id, framework.rounding
    nodes: dict[tuple[str, str], Expected] = {}
    for row in tables.rows(tables.read(folder / "scores.csv")):
        points, most, share = _number(row.exact or row.points), _number(row.max_points), _number(row.share)
        if points is not None and most:
            share = points / most
        nodes[row.unit_id, row.node_id] = Expected("nodes", "scores.csv", points, rounding.shown)
        nodes[row.unit_id, f"{row.node_id}.max"] = Expected("others", "scores.csv", most, rounding.shown)
        nodes[row.unit_id, f"{row.node_id}.share"] = Expected("others", "scores.csv", share, rounding.share)
    outcomes: dict[tuple[str, str], Expected] = {}
    for row in tables.rows(tables.read(folder / "levels.csv")):
        scheme = next(
            each for each in framework.levels if row.scheme == each.id or row.scheme.startswith(f"{each.id}.")
        )
        words = words_of(scheme, language).get(row.level) if row.level else None
        outcomes[row.unit_id, row.scheme] = Expected("levels", "levels.csv", words, 0)
    for row in tables.rows(tables.read(folder / "ranks.csv")):
        outcomes[row.unit_id, row.ranking] = Expected("ranks", "ranks.csv", _number(row.rank), 0)
    return {"nodes": nodes, "outcomes": outcomes}


def differences(
    page: Page, wanted: Mapping[tuple[str, str], Expected], mode: str, said: str, formulas: frozenset[str] | None
) -> Iterator[Difference]:
    """Every cell of a sheet that does not hold what it must; also units, columns and formulas that are not there."""
    codes = {str(code): column for column, code in enumerate(page.rows[CODE])}
    row_of = {str(row[codes["unit.id"]]): at for at, row in enumerate(page.rows[FIRST:], start=FIRST) if row}
    for unit in dict.fromkeys(unit for unit, _ in wanted if unit not in row_of):
        yield Difference("recalc_missing_unit", page.name, "", unit, "")
    for code in dict.fromkeys(
        code for (_, code), each in wanted.items() if each.kind != "others" and code not in codes
    ):
        yield Difference("recalc_missing_column", page.name, "", "", code)
    for (unit, code), each in wanted.items():
        if unit not in row_of or code not in codes:
            continue
        row, column = row_of[unit], codes[code]
        cell, found = cell_name(row, column), page.rows[row][column]
        if formulas is not None and cell not in formulas:
            yield Difference("recalc_no_formula", page.name, cell, unit, code)
        if not agrees(found, each, mode):
            yield Difference(said, page.name, cell, unit, code, each.table, _shown(found), _shown(each.value))


def agrees(found: object, wanted: Expected, mode: str) -> bool:
    """Whether a cell holds a value: a text as it is, a number to the last shown digit and within 1e-9 of itself.

    Of a float only its certain digits are rounded to the shown ones.
    """
    if wanted.value is None or isinstance(wanted.value, str):
        return found == (wanted.value or "") and isinstance(found, str)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return False
    near = abs(Fraction(found) - wanted.value) <= RELATIVE * abs(wanted.value) + ABSOLUTE
    shown = round_exact(_certain(found), wanted.places, mode)
    return near and shown in {
        round_exact(each, wanted.places, mode) for each in (wanted.value, _certain(float(wanted.value)))
    }


def _certain(number: float) -> Fraction:
    return Fraction(Decimal(f"{number:.{DIGITS}g}"))


def _number(text: str) -> Fraction | None:
    return from_text(text) if text else None


def _shown(value: object) -> str:
    if isinstance(value, Fraction):
        text = exact_text(value)
        return text if "/" not in text else f"{float(value):.15g}"
    return f"{value:.15g}" if isinstance(value, float) else str(value if value is not None else "")
