"""Reading a workbook of 5,000 units × 40 columns into observations, against readers that only hand over cells."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from measuring.clock import against, in_turns, show
from python_calamine import CalamineWorkbook

from minhbach import ingest
from minhbach.assessment import Table
from minhbach.model import Question
from minhbach.units import Unit, Units

UNITS, COLUMNS = 5_000, 40
ROUNDS = 3
FILE = "survey.xlsx"
TYPES = ("count", "number", "percent", "yes_no")


def write(path: Path) -> None:
    """A workbook as a survey would hand it over: whole numbers, decimals, shares, yes and no, some blanks."""
    random = np.random.default_rng(5)
    numbers = random.integers(0, 1000, (UNITS, COLUMNS))
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Data")
        sheet.write_row(0, 0, ["Unit", *(f"Column {place}" for place in range(COLUMNS))])
        for row in range(UNITS):
            sheet.write_string(row + 1, 0, f"Unit {row}")
            for place in range(COLUMNS):
                _write_cell(sheet, row + 1, place + 1, TYPES[place % len(TYPES)], int(numbers[row, place]))


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, kind: str, number: int) -> None:
    if number < 20:
        return
    match kind:
        case "count":
            sheet.write_number(row, column, number)
        case "number":
            sheet.write_number(row, column, number / 8)
        case "percent":
            sheet.write_number(row, column, number / 1000)
        case _:
            sheet.write_string(row, column, "có" if number % 2 else "không")


def main() -> None:
    """Measures and prints."""
    columns = {f"f{place}": f"Column {place}" for place in range(COLUMNS)}
    table = Table(file=FILE, sheet="Data", unit_column="Unit", columns=columns)
    fields = {f"f{place}": Question(label="x", type=TYPES[place % len(TYPES)]) for place in range(COLUMNS)}
    units = Units(tuple(Unit(str(row), f"Unit {row}", "", "x") for row in range(UNITS)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / FILE)
        size = (folder / FILE).stat().st_size / 1e6
        reading = ingest.read_table(folder, table, fields, units, "x", "en")
        if len(reading.observations) != UNITS * COLUMNS or reading.findings:
            found = f"{len(reading.observations)} observations, {len(reading.findings)} findings"
            raise SystemExit(f"{found}: not what was written")
        times = in_turns(
            {
                "calamine, cells only": lambda: (
                    CalamineWorkbook.from_path(folder / FILE).get_sheet_by_name("Data").to_python()
                ),
                "pandas with openpyxl": lambda: pd.read_excel(folder / FILE, engine="openpyxl"),
                "minhbach": lambda: ingest.read_table(folder, table, fields, units, "x", "en"),
            },
            ROUNDS,
        )
    show(
        f"Reading {UNITS:,} units × {COLUMNS} columns ({size:.1f} MB XLSX)",
        ("", "median", "× pandas"),
        against(times, "pandas with openpyxl"),
    )
    ratio = times["minhbach"] / times["pandas with openpyxl"]
    print("  minhbach also keeps text and address of every cell, and looks for errors and formulas without value.")
    print(f"RATIO  reading / pandas with openpyxl: {ratio:.2f} (no target set)")
    print(f"       reading / bare calamine: {times['minhbach'] / times['calamine, cells only']:.1f}")


if __name__ == "__main__":
    main()
