"""Reading 1,000 returned forms into observations and findings, against readers that only hand over cells."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
from measuring.clock import against, in_turns, show
from python_calamine import CalamineWorkbook

from minhbach import editions, forms_book, forms_plan, responses
from minhbach.editions import Setup
from minhbach.forms_plan import Form, Row, Value
from minhbach.paths import Edition

EDITION, FRAMEWORK, FOLDER = "2022-gia-lai", "qd-2392-2017-xa", "responses/xa"
FORMS, ROUNDS = 1_000, 1
LEAST = 1_000  # forms per minute and core


def write(setup: Setup, folder: Path) -> dict[str, int]:
    """The forms of the sample edition's communes, again and again until there are enough, every question answered.

    Gives the number of forms in each folder: a folder has one form per unit.
    """
    written: dict[str, int] = {}
    blank = list(forms_plan.forms_of(setup, setup.framework(FRAMEWORK), "vi"))
    for place in range(FORMS):
        turn, form = divmod(place, len(blank))
        name = f"{FOLDER}/{turn}"
        forms_book.write(_answered(blank[form]), folder / name / f"{blank[form].unit.unit_id}.xlsx")
        written[name] = written.get(name, 0) + 1
    return written


def _answered(form: Form) -> Form:
    rows = tuple(forms_plan.filled(row, _answer(row), _evidence(row)) if row.question else row for row in form.rows)
    return Form(**{**vars(form), "rows": rows})


def _answer(row: Row) -> Value:
    assert row.question
    match row.question.type:
        case "count":
            return int(row.question.min or 0) + 1
        case "number" | "percent":
            return 0.5
        case "yes_no":
            return "Có"
        case "choice":
            return row.question.options[0]
        case "date":
            return "31/12/2022"
    return "Thôn 2"


def _evidence(row: Row) -> tuple[Value, Value, Value]:
    asked = row.question is not None and row.question.evidence != "none"
    return ("12/QĐ-UBND", "Quyết định", "05/01/2022") if asked else (None, None, None)


def main() -> None:
    """Measures and prints."""
    setup = editions.load(Edition(EDITION))
    framework = setup.framework(FRAMEWORK)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = write(setup, folder)
        files = sorted(folder.rglob("*.xlsx"))
        size = sum(file.stat().st_size for file in files) / 1e6

        def read() -> None:
            for inner, number in written.items():
                made = responses.read_all(folder, inner, framework, setup.units, EDITION, "vi")
                full = (made.observations["value"] != "").sum()
                if made.findings or full != number * len(framework.fields):
                    raise SystemExit(f"{inner}: {full} values, {len(made.findings)} findings: not as written")

        def calamine() -> None:
            for file in files:
                CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()

        def by_openpyxl() -> None:
            for file in files:
                list(openpyxl.load_workbook(file, data_only=True).worksheets[0].iter_rows(values_only=True))

        tasks = {"calamine, cells only": calamine, "openpyxl, cells only": by_openpyxl, "minhbach": read}
        times = in_turns(tasks, ROUNDS)
    show(
        f"Reading {FORMS:,} forms of {len(framework.fields)} questions ({size:.1f} MB XLSX), one core",
        ("", "time", "× openpyxl"),
        against(times, "openpyxl, cells only"),
    )
    rate = FORMS / times["minhbach"] * 60
    print("  minhbach also reads formulas, formats, hidden and merged cells, comments, protection and evidence.")
    print(f"TARGET forms per minute and core: {rate:,.0f}, at least {LEAST:,}: {'met' if rate >= LEAST else 'NOT MET'}")
    print(f"       reading / bare calamine: {times['minhbach'] / times['calamine, cells only']:.1f}")


if __name__ == "__main__":
    main()
