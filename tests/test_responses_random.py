"""A thousand randomly altered forms: what is read is what a person sees in the cell, or there is a finding."""

import datetime
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from forms import EDITION, FOLDER, Sheet, head, matrix, resave, save, small

from minhbach.forms_layout import SHEET
from minhbach.framework import Framework
from minhbach.responses import Responses, read_all
from minhbach.units import Unit, Units

BATCHES, SIZE = 10, 100
UNITS = Units(tuple(Unit(f"{20000 + place}", f"Xã số {place}", "", "xa") for place in range(BATCHES * SIZE)))
NUMBERS = ("dan_so", "kinh_phi", "so_may", "so_hop", "ty_le")
PLACES = {"General": 15, "#,##0": 0, "0": 0, "0.0": 1, "0%": 2, "0.00%": 4}
YES, NO = {"có", "x", "yes", "đúng", "1", "true"}, {"không", "no", "sai", "0", "false"}
ANSWER = 4


@pytest.fixture(scope="module")
def framework(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    """The small framework of these tests."""
    return small(tmp_path_factory.mktemp("framework"))


# ---- alterations -----------------------------------------------------------------------------------------


class Altered:
    """A form that is altered: its rows, the formats of its cells, and what is done while it is written."""

    def __init__(self, framework: Framework, unit: Unit, chance: random.Random) -> None:
        self.framework, self.chance, self.name = framework, chance, SHEET
        self.rows = matrix(framework, head(framework, unit), self.answers())
        self.deeds: list[Callable[[Sheet], None]] = []

    def answers(self) -> dict[str, Any]:
        chance = self.chance
        return {
            "dan_so": chance.randrange(100, 20_000),
            "ngay_chot": f"{chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/2026",
            "dia_chi": chance.choice(["Thôn 2", "Tổ dân phố 5", "Số 10 đường Hùng Vương"]),
            "kinh_phi": round(chance.uniform(0, 3000), chance.randrange(4)),
            "so_may": chance.randrange(60),
            "so_hop": chance.randrange(30),
            "ty_le": round(chance.random(), 3),
            "co_mang": chance.choice(["Có", "Không"]),
            "muc_do": chance.choice(["Đầy đủ", "Một phần", "Chưa có"]),
        }

    def row(self, code: str) -> list[Any]:
        """The row of a code; an empty one if it is gone."""
        return next((row for row in self.rows if code in row), [""] * 20)

    def column(self) -> int:
        """Where the answers stand now."""
        return next((row.index("Trả lời") for row in self.rows if "Trả lời" in row), ANSWER)


def move_rows(form: Altered) -> None:
    chosen = form.chance.sample(range(3, len(form.rows)), 6)
    for one, other in zip(chosen[::2], chosen[1::2], strict=True):
        form.rows[one], form.rows[other] = form.rows[other], form.rows[one]


def sort_rows(form: Altered) -> None:
    form.rows[3:] = sorted(form.rows[3:], key=lambda row: str(row[form.chance.randrange(2)]))


def shuffle_rows(form: Altered) -> None:
    rows = form.rows[3:]
    form.chance.shuffle(rows)
    form.rows[3:] = rows


def insert_rows(form: Altered) -> None:
    for _ in range(form.chance.randrange(1, 4)):
        form.rows.insert(form.chance.randrange(len(form.rows)), [""] * len(form.rows[2]))


def delete_row(form: Altered) -> None:
    del form.rows[form.chance.randrange(len(form.rows))]


def insert_column(form: Altered) -> None:
    place, text = form.chance.randrange(len(form.rows[0]) + 1), form.chance.choice(["", "", "đã kiểm tra"])
    for row in form.rows:
        row.insert(place, text)


def move_columns(form: Altered) -> None:
    order = list(range(max(map(len, form.rows))))
    form.chance.shuffle(order)
    for row in form.rows:
        row[:] = [row[place] if place < len(row) else "" for place in order]


def rename_sheet(form: Altered) -> None:
    form.name = form.chance.choice(["Sheet1", "Bản sao", "PHIẾU (2)", "Trang tính & đáp án"])


def extra_sheet(form: Altered) -> None:
    form.deeds.append(lambda sheet: sheet.book.add_worksheet("Nháp").write_row("A1", ["TT", "Nội dung", "Ghi chú", 5]))


def retype(form: Altered) -> None:
    """A number typed as text, in one of the ways that people write it."""
    row, column = form.row(form.chance.choice(NUMBERS)), form.column()
    if not isinstance(row[column], (int, float)):
        return
    value = row[column]
    plain = f"{value:,}"
    vietnamese = plain.replace(",", "_").replace(".", ",").replace("_", ".")
    percent = f"{value * 100:.2f}%"
    written = [str(value), str(value).replace(".", ","), plain, vietnamese, f" {value} ", f"{value}\u00a0"]
    row[column] = form.chance.choice([*written, percent, percent.replace(".", ","), f"{value} %", f"khoảng {value}"])


def per_cent(form: Altered) -> None:
    row = form.row("ty_le")
    if isinstance(row[form.column()], float):
        row[form.column()] *= 100


def reformat(form: Altered) -> None:
    field, code = form.chance.choice(NUMBERS), form.chance.choice(sorted(PLACES))
    row, column = form.row(field), form.column()
    if isinstance(row[column], (int, float)):
        value = row[column]
        form.deeds.append(lambda sheet: _over(sheet, field, value, code))


def _over(sheet: Sheet, field: str, value: float, code: str) -> None:
    line = next((line for line, row in enumerate(sheet.rows) if field in row), 0)
    column = next((row.index("Trả lời") for row in sheet.rows if "Trả lời" in row), ANSWER)
    if sheet.rows[line][column] == value:
        sheet.sheet.write(line, column, value, sheet.form(code))


def other_words(form: Altered) -> None:
    ways = {
        "co_mang": ["CÓ", " có ", "x", "không", "KHÔNG", "Có.", "yes", "?"],
        "muc_do": ["đầy đủ", "MỘT PHẦN ", "Chưa  có", unicodedata.normalize("NFD", "Đầy đủ"), "Tốt"],
        "dia_chi": ["", unicodedata.normalize("NFD", "Thôn Một"), "  Thôn 3 ", "=1+1"],
        "ngay_chot": ["31/12/2026", "2026-12-31", "31-12-2026", "31/13/2026", "tháng 12"],
    }
    field = form.chance.choice(sorted(ways))
    form.row(field)[form.column()] = form.chance.choice(ways[field])


def clear(form: Altered) -> None:
    form.row(form.chance.choice(sorted(form.framework.fields)))[form.column()] = ""


def spoil_code(form: Altered) -> None:
    row = form.row(form.chance.choice(sorted(form.framework.fields)))
    place = next((place for place, cell in enumerate(row) if cell in form.framework.fields), 0)
    row[place] = form.chance.choice([f" {row[place]} ", f"{row[place]}x", "", str(row[place]).upper()])


def copy_row(form: Altered) -> None:
    form.rows.append(list(form.chance.choice(form.rows)))


def formula(form: Altered) -> None:
    cached = form.chance.choice([7, ""])

    def write(sheet: Sheet) -> None:
        for line, row in enumerate(sheet.rows):
            column = next((row.index("Trả lời") for row in sheet.rows if "Trả lời" in row), None)
            if "so_hop" in row and column is not None:
                sheet.sheet.write_formula(line, column, "=3+4", None, cached)

    form.deeds.append(write)


def hide_row(form: Altered) -> None:
    line = form.chance.randrange(3, len(form.rows))
    form.deeds.append(lambda sheet: sheet.sheet.set_row(line, None, None, {"hidden": True}))


ALTERATIONS = (
    move_rows, sort_rows, shuffle_rows, insert_rows, delete_row, insert_column, move_columns, rename_sheet, extra_sheet,
    retype, retype, retype, per_cent, reformat, reformat, other_words, other_words, clear, spoil_code, copy_row,
    formula, hide_row,
)  # fmt: skip


def altered(folder: Path, framework: Framework, batch: int, number: int) -> Path:
    """Writes one altered form: between one and five alterations, the same for the same numbers."""
    chance = random.Random(batch * SIZE + number)
    unit = UNITS.units[batch * SIZE + number]
    form = Altered(framework, unit, chance)
    for alter in chance.sample(ALTERATIONS, chance.randrange(1, 6)):
        alter(form)

    def deeds(sheet: Sheet) -> None:
        for deed in form.deeds:
            deed(sheet)

    path = folder / FOLDER / f"{unit.unit_id}.xlsx"
    return save(path, framework, form.rows, deeds, form.name)


# ---- what a person sees, by another reader ---------------------------------------------------------------


def cells_of(path: Path, framework: Framework) -> dict[str, list[Any]]:
    """The answer cells of each field as openpyxl gives them: every row that bears the field's code."""
    book = openpyxl.load_workbook(path)
    cells: dict[str, list[Any]] = {}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows())
        heads = [row for row in rows if {"Mã", "Trả lời"} <= {cell.value for cell in row}]
        if heads:
            code, answer = (next(cell.column for cell in heads[0] if cell.value == text) for text in ("Mã", "Trả lời"))
            for row in rows:
                field = str(row[code - 1].value or "").strip().lower()
                if field in framework.fields:
                    cells.setdefault(field, []).append(row[answer - 1])
    return cells


def seen(cell: Any, kind: str) -> set[str]:
    """Everything that a person may take the cell to say, as the product writes values; empty for a blank cell."""
    value = cell.value
    if cell.data_type == "f":
        return set()  # whatever the file holds as its result, the program that opens it shows another one perhaps
    if value is None or (isinstance(value, str) and not value.strip()):
        return {""}
    if isinstance(value, str):
        return set(said(unicodedata.normalize("NFC", value).strip(), kind))
    if isinstance(value, datetime.datetime):
        return {value.date().isoformat()} if kind == "date" else set()
    if "%" in cell.number_format and kind != "percent":
        return set()  # a count of 500% is no answer
    places = Decimal(1).scaleb(-PLACES[cell.number_format])
    shown = Fraction(Decimal(repr(value)).quantize(places, ROUND_HALF_UP))
    return {str(shown)} if kind in ("count", "number", "percent") else {str(value)}


def said(text: str, kind: str) -> Iterator[str]:
    """The readings of a text."""
    plain = " ".join(text.casefold().split())
    match kind:
        case "yes_no":
            yield from ["yes"] * (plain in YES) + ["no"] * (plain in NO)
        case "choice":
            yield from (each for each in ("Đầy đủ", "Một phần", "Chưa có") if each.casefold() == plain)
        case "date":
            day = text.split("/") if "/" in text else text.split("-")[:: -1 if text[2:3] != "-" else 1]
            yield f"{day[2]}-{day[1]}-{day[0]}" if len(day) == 3 else "?"
        case "text":
            yield text
        case _:
            share = 100 if plain.endswith("%") else 1
            digits = plain.rstrip("% ").replace("\u00a0", "")
            for mark, thousands in ((",", "[.]"), (".", ",")):
                whole, _, places = digits.partition(mark)
                if re.fullmatch(rf"[0-9]+|[1-9][0-9]{{0,2}}({thousands}[0-9]{{3}})+", whole) and (
                    not places or places.isdigit()
                ):
                    whole = re.sub("[.,]", "", whole)
                    yield str(Fraction(f"{whole}.{places or 0}") / share)


def unexplained(path: Path, responses: Responses, framework: Framework, unit_id: str) -> list[str]:
    """Every field whose value is not what its one cell shows, and about which nothing was found."""
    about = [each for each in responses.findings if each.unit_id == unit_id or each.file.endswith(path.name)]
    values = {row.field_id: row.value for row in responses.observations.itertuples() if row.unit_id == unit_id}
    if not values:
        return [] if any(each.severity == "error" for each in about) else [f"{unit_id}: nothing was read"]
    cells = cells_of(path, framework)
    wrong = []
    for field_id, question in framework.fields.items():
        shown = [seen(cell, question.type) for cell in cells.get(field_id, [])]
        value = values[field_id]
        exact = str(Fraction(value)) if question.numeric and value else value
        right = len(shown) == 1 and shown[0] == {exact}
        if not right and not any(each.field_id == field_id for each in about):
            wrong.append(f"{unit_id} {field_id}: read {value!r}, seen {shown}")
    return wrong


# ---- tests -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", range(BATCHES))
def test_values_are_what_a_person_sees(framework: Framework, tmp_path: Path, batch: int) -> None:
    """In a hundred altered forms every value equals what its cell shows, or there is a finding about it."""
    paths = [altered(tmp_path, framework, batch, number) for number in range(SIZE)]
    sent = {path: path.read_bytes() for path in paths}

    responses = read_all(tmp_path, FOLDER, framework, UNITS, EDITION, "vi")

    wrong = [each for path in paths for each in unexplained(path, responses, framework, path.stem)]
    assert wrong == []
    assert {path: path.read_bytes() for path in paths} == sent
    # Findings are not a way out: nearly all forms are read, and most of their cells without any word.
    quiet = SIZE * len(framework.fields) - len({(each.unit_id, each.field_id) for each in responses.findings})
    assert responses.observations["unit_id"].nunique() >= SIZE * 0.9
    assert quiet >= SIZE * len(framework.fields) * 0.8


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_saved_again_by_another_program(
    framework: Framework, tmp_path: Path, kind: str, program: Callable[[str], str]
) -> None:
    """Forms that LibreOffice saved again, in its three kinds, still say what a person saw in them before."""
    paths = [altered(tmp_path / "sent", framework, batch, 7 * batch) for batch in range(BATCHES)]
    paths += [altered(tmp_path / "sent", framework, batch, 1 + 9 * batch) for batch in range(BATCHES)]
    resave(program("libreoffice"), paths, kind, tmp_path / FOLDER)

    responses = read_all(tmp_path, FOLDER, framework, UNITS, EDITION, "vi")

    wrong = [each for path in paths for each in unexplained(path, responses, framework, path.stem)]
    assert len(responses.files) == 2 * BATCHES
    assert wrong == []
    assert responses.observations["unit_id"].nunique() >= BATCHES * 1.7
